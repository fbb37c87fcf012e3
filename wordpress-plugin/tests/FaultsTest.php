<?php
/**
 * What goes wrong: a relay that is away, processes that die, a clock, a database.
 *
 * @package AI_Relay
 */

final class FaultsTest extends SiteTestCase {

	protected function tearDown(): void {
		global $wpdb;
		$wpdb->suppress_errors( false );
		parent::tearDown();
	}

	private function add_events( int $count ): void {
		for ( $number = 1; $number <= $count; $number++ ) {
			$this->add_event( "event-$number" );
		}
	}

	/** Lets time pass for everything in the outbox. */
	private function let_pass( int $seconds ): void {
		global $wpdb;
		// In an order in which no number goes below 0.
		$this->change_rows( "created_at = created_at - $seconds, next_attempt_at = next_attempt_at - LEAST(next_attempt_at, $seconds), locked_until = locked_until - LEAST(locked_until, $seconds)" );
		$wpdb->query( 'UPDATE ' . ai_relay_attempt_table() . " SET started_at = started_at - $seconds" );
		$wpdb->query( "UPDATE $wpdb->options SET option_value = CAST(option_value AS SIGNED) - $seconds WHERE option_name = 'ai_relay_hold_off' AND CAST(option_value AS SIGNED) > $seconds" );
	}

	/** Starts the command line, and its process id. */
	private function start_runner(): array {
		$process = $this->start_wp( array( 'ai-relay', 'deliver' ) );
		return array( $process, $this->pipes[1] );
	}

	public function test_a_relay_that_is_away_for_a_day_gets_every_event_once_when_it_is_back(): void {
		$this->add_events( 12 );
		update_option( 'ai_relay_endpoint', 'http://127.0.0.1:' . FakeRelay::free_port() . '/' );
		for ( $minutes = 0; $minutes < 24 * 60; $minutes += 10 ) {
			ai_relay_deliver( 20, 'cron' );
			$this->let_pass( 600 );
		}
		self::assertSame( array_fill( 0, 12, 'waiting' ), array_column( $this->outbox(), 'status' ) );
		self::assertLessThan( 12 * 9, count( $this->attempts() ), 'it was not hammered' );
		update_option( 'ai_relay_endpoint', self::$relay->url );
		for ( $hours = 0; $hours < 7; $hours++ ) {
			ai_relay_deliver( 20, 'cron' );
			$this->let_pass( 3600 );
		}
		self::assertSame( array_fill( 0, 12, 'sent' ), array_column( $this->outbox(), 'status' ) );
		$keys = self::$relay->keys();
		self::assertCount( 12, $keys );
		self::assertCount( 12, array_unique( $keys ) );
	}

	public function test_php_killed_in_the_middle_of_a_delivery_loses_nothing(): void {
		self::$relay->answers( array( array( 202, '{}', array(), 3000 ), array( 202 ) ) );
		$this->add_event( 'survivor' );
		list( $process ) = $this->start_runner();
		self::wait_until(
			static function () {
				return array( 'survivor' ) === self::$relay->keys();
			},
			'the relay has the event'
		);
		proc_terminate( $process, 9 );
		proc_close( $process );
		self::assertSame( array( 'sending', '1' ), array( $this->outbox()[0]->status, $this->outbox()[0]->attempts ) );
		self::assertSame( 0, ai_relay_deliver()['sent'], 'not before its lease is over' );
		$this->let_pass( AI_RELAY_LEASE );
		self::assertSame( 1, ai_relay_deliver()['sent'] );
		self::assertSame( array( 'survivor', 'survivor' ), self::$relay->keys() );
		self::assertSame( array( 'sent', '2' ), array( $this->outbox()[0]->status, $this->outbox()[0]->attempts ) );
		self::assertStringStartsWith( 'interrupted', $this->attempts()[0]->error );
	}

	public function test_php_killed_before_an_event_has_its_number_loses_nothing(): void {
		$code = 'add_filter( "query", function ( $query ) { if ( strpos( $query, "LAST_INSERT_ID(option_value" ) ) { posix_kill( getmypid(), 9 ); } return $query; } );'
			. 'ai_relay_outbox_add( "numberless", ai_relay_envelope( "post.published", "numberless" ) );';
		$this->wp( 'eval', $code );
		self::assertSame( array( 'waiting', null ), array( $this->outbox()[0]->status, $this->outbox()[0]->sequence ) );
		self::assertSame( 0, ai_relay_deliver()['sent'], 'its request may still be at it' );
		$this->let_pass( AI_RELAY_HOLD );
		self::assertSame( 1, ai_relay_deliver()['sent'] );
		$body = json_decode( self::$relay->requests()[0]['body'], true );
		self::assertSame( 'numberless', $body['idempotency_key'] );
		self::assertArrayNotHasKey( 'sequence', $body );
	}

	public function test_three_runners_at_once_send_each_of_200_events_once(): void {
		$this->add_events( 200 );
		$runners = array( $this->start_runner(), $this->start_runner(), $this->start_runner() );
		$texts   = array();
		foreach ( $runners as list( $process, $pipe ) ) {
			$texts[] = stream_get_contents( $pipe );
			proc_close( $process );
		}
		$keys = self::$relay->keys();
		self::assertCount( 200, $keys, implode( $texts ) );
		self::assertCount( 200, array_unique( $keys ) );
		self::assertCount( 200, $this->attempts() );
	}

	public function test_a_clock_that_is_wrong_by_an_hour_pauses_keeps_everything_and_is_named(): void {
		$this->add_events( 3 );
		$hour_ago = gmdate( 'D, d M Y H:i:s', time() - 3600 ) . ' GMT';
		self::$relay->answer( 401, '{"error":"bad signature"}', array( 'Date' => $hour_ago ) );
		ai_relay_deliver();
		self::assertSame( 'bad signature; the clock of this server is 1 hour ahead of the relay\'s', ai_relay_paused()['error'] );
		self::assertSame( array_fill( 0, 3, 'waiting' ), array_column( $this->outbox(), 'status' ) );
		self::assertCount( 1, self::$relay->keys() );
		self::assertStringContainsString( 'behind', ai_relay_clock_note( gmdate( 'D, d M Y H:i:s', time() + 3600 ) . ' GMT' ) );
		self::assertSame( '', ai_relay_clock_note( gmdate( 'D, d M Y H:i:s', time() + 200 ) . ' GMT' ) );
		self::assertSame( '', ai_relay_clock_note( '' ) . ai_relay_clock_note( 'yesterday, perhaps?' ) );
	}

	public function test_a_table_that_was_dropped_is_made_anew_and_takes_the_event(): void {
		global $wpdb;
		$table = ai_relay_outbox_table();
		$wpdb->query( "RENAME TABLE $table TO {$table}_away" );
		$post_id = $this->make_post();
		self::assertSame( 'publish', get_post_status( $post_id ) );
		self::assertCount( 1, $this->outbox() );
		ai_relay_deliver();
		self::assertCount( 1, self::$relay->keys() );
		$wpdb->query( "DROP TABLE $table" );
		$wpdb->query( "RENAME TABLE {$table}_away TO $table" );
	}

	public function test_an_event_that_a_damaged_table_does_not_take_waits_elsewhere_and_breaks_no_page(): void {
		global $wpdb;
		$table = ai_relay_outbox_table();
		$wpdb->query( "RENAME TABLE $table TO {$table}_away" );
		$wpdb->query( "CREATE TABLE $table (broken int)" );
		$wpdb->suppress_errors();
		ob_start();
		$post_id = $this->make_post();
		self::assertSame( 'publish', get_post_status( $post_id ) );
		self::assertSame( array( 'sent' => 0, 'retry' => 0, 'refused' => 0 ), ai_relay_deliver(), 'nor do runners turn in circles' );
		ai_relay_log_page();
		ai_relay_unspool();
		self::assertStringNotContainsString( 'WordPress database error', ob_get_clean() );
		$wpdb->suppress_errors( false );
		$wpdb->query( "DROP TABLE $table" );
		$wpdb->query( "RENAME TABLE {$table}_away TO $table" );
		ai_relay_on_cron();
		self::assertSame( array( 'sent', '1' ), array( $this->outbox()[0]->status, $this->outbox()[0]->sequence ) );
		self::assertSame( $post_id, json_decode( self::$relay->requests()[0]['body'], true )['post_id'] );
		self::assertSame( '0', $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->options WHERE option_name LIKE 'ai\_relay\_spool\_%'" ) );
	}

	public function test_a_database_that_fails_while_an_event_is_on_its_way_sends_it_once_more_under_its_key(): void {
		global $wpdb;
		$table = ai_relay_outbox_table();
		$this->add_event( 'unsettled' );
		$break = static function ( $answer ) use ( $wpdb, $table ) {
			$wpdb->suppress_errors();
			$wpdb->query( "RENAME TABLE $table TO {$table}_away" );
			return $answer;
		};
		add_filter( 'http_response', $break );
		ai_relay_deliver();
		remove_filter( 'http_response', $break );
		$wpdb->suppress_errors( false );
		$wpdb->query( "RENAME TABLE {$table}_away TO $table" );
		self::assertSame( 'sending', $this->outbox()[0]->status );
		$this->let_pass( AI_RELAY_LEASE );
		ai_relay_deliver();
		self::assertSame( array( 'unsettled', 'unsettled' ), self::$relay->keys() );
		self::assertSame( 'sent', $this->outbox()[0]->status );
	}

	public function test_a_relay_that_asks_for_much_time_gets_it_from_every_runner(): void {
		self::$relay->answers( array( array( 429, '{"error":"busy"}', array( 'Retry-After' => '300' ) ), array( 202 ) ) );
		$this->add_events( 5 );
		ai_relay_deliver();
		self::assertCount( 1, self::$relay->keys() );
		self::assertSame( 'Success: 0 sent, 0 refused, 0 to try again; 5 waiting.', $this->wp( 'ai-relay', 'deliver' ) );
		self::assertSame( array(), $this->requests_of( 'ai_relay_deliver_at_end' ), 'no runner is started either' );
		self::assertSame( array_fill( 0, 5, 'waiting' ), array_column( $this->outbox(), 'status' ) );
		self::assertCount( 1, self::$relay->keys() );
		$this->let_pass( 301 );
		self::assertSame( 5, ai_relay_deliver()['sent'] );
	}

	public function test_a_relay_that_asks_for_a_second_gets_it_and_then_the_rest(): void {
		self::$relay->answers( array( array( 202 ), array( 429, '{"error":"too many requests"}', array( 'Retry-After' => '1' ) ), array( 202 ) ) );
		$this->add_events( 5 );
		$begun = microtime( true );
		$done  = ai_relay_deliver();
		self::assertGreaterThan( 0.9, microtime( true ) - $begun );
		self::assertSame( array( 5, 1 ), array( $done['sent'], $done['retry'] ) );
	}

	public function test_an_event_stays_behind_an_earlier_one_about_the_same_post_but_not_for_ever(): void {
		self::$relay->answers( array( array( 503 ), array( 202 ) ) );
		foreach ( array( 'post.published' => 7, 'post.updated' => 7, 'post.other' => 8 ) as $event => $id ) {
			ai_relay_outbox_add( $event, array( 'event' => $event, 'idempotency_key' => $event, 'post_id' => $id ) );
		}
		ai_relay_deliver();
		self::assertSame( array( 'post.published', 'post.other' ), self::$relay->keys() );
		$this->make_due();
		ai_relay_deliver();
		self::assertSame( array( 'post.published', 'post.other', 'post.published', 'post.updated' ), self::$relay->keys() );
		self::$relay->reset();
		$this->change_rows( "status = 'waiting', attempts = 5, next_attempt_at = " . ( time() + 3600 ), "idempotency_key = 'post.published'" );
		$this->change_rows( "status = 'waiting'", "idempotency_key = 'post.updated'" );
		ai_relay_deliver();
		self::assertSame( array( 'post.updated' ), self::$relay->keys() );
	}

	public function test_what_others_have_in_hand_is_taken_into_account(): void {
		$this->add_events( 8 );
		self::assertSame( 4, ai_relay_room( 4 ) );
		ai_relay_outbox_take( 3 );
		self::assertSame( array( 'rows' => 3, 'runners' => 1 ), ai_relay_outbox_in_hand() );
		self::assertSame( 1, ai_relay_room( 4 ) );
		ai_relay_outbox_take( 3 );
		self::assertSame( 1, ai_relay_room( 4 ) );
	}

	public function test_events_that_go_together_meet_the_filters_of_other_plugins_like_any_request(): void {
		$this->add_events( 4 );
		$seen = array();
		$add  = static function ( $arguments ) {
			$arguments['headers']['X-Added'] = 'by a plugin';
			return $arguments;
		};
		$take = static function ( $answer, $arguments ) {
			return 'event-2' === $arguments['headers']['Idempotency-Key'] ? new WP_Error( 'blocked', 'blocked by <b>a plugin</b>' ) : $answer;
		};
		$curl = static function ( $handle ) use ( &$seen ) {
			$seen[] = 'curl';
			curl_setopt( $handle, CURLOPT_HTTPHEADER, array( 'X-Curl: 1' ) );
		};
		$note = static function ( $response, $context, $class, $arguments ) use ( &$seen ) {
			$seen[] = $arguments['headers']['Idempotency-Key'] . ' ' . wp_remote_retrieve_response_code( $response );
		};
		add_filter( 'http_request_args', $add );
		add_filter( 'pre_http_request', $take, 10, 2 );
		add_action( 'http_api_debug', $note, 10, 4 );
		$rows     = ai_relay_outbox_take( 4 );
		$attempts = ai_relay_attempt( $rows );
		remove_filter( 'http_request_args', $add );
		remove_filter( 'pre_http_request', $take, 10 );
		remove_action( 'http_api_debug', $note, 10 );
		sort( $seen );
		self::assertSame( array( 'event-1 202', 'event-3 202', 'event-4 202' ), $seen );
		self::assertSame( array( 'by a plugin' ), array_values( array_unique( array_column( array_column( self::$relay->requests(), 'headers' ), 'x-added' ) ) ) );
		self::assertSame( 'blocked by a plugin', ai_relay_read_answer( $attempts[1]['answer'] )['error'] );
		self::assertSame( array( 202, 202 ), array( ai_relay_read_answer( $attempts[0]['answer'] )['code'], ai_relay_read_answer( $attempts[3]['answer'] )['code'] ) );

		add_action( 'http_api_curl', $curl );
		$this->change_rows( "status = 'waiting', locked_until = 0" );
		ai_relay_attempt( ai_relay_outbox_take( 3 ) );
		remove_action( 'http_api_curl', $curl );
		self::assertSame( array( 'curl', 'curl', 'curl' ), array_values( array_filter( $seen, static fn( $what ) => 'curl' === $what ) ) );
	}

	public function test_events_that_go_together_do_not_wait_for_each_others_answers(): void {
		$this->add_events( 4 );
		$overlap = false;
		// PHP's web server may give a worker several of them, so not every round shows it; one after the other, none would.
		for ( $round = 0; $round < 5 && ! $overlap; $round++ ) {
			self::$relay->reset();
			self::$relay->answers( array( array( 202, '{}', array(), 300 ) ) );
			$this->change_rows( "status = 'waiting', locked_until = 0" );
			ai_relay_attempt( ai_relay_outbox_take( 4 ) );
			$arrived = array_column( self::$relay->requests(), 'at' );
			sort( $arrived );
			self::assertCount( 4, $arrived );
			$overlap = $arrived[1] < min( self::$relay->answered() );
		}
		self::assertTrue( $overlap, 'a second one arrives before the first is answered' );
	}

	public function test_of_events_that_go_together_none_is_lost_when_nobody_answers(): void {
		$this->add_events( 4 );
		$rows = ai_relay_outbox_take( 4 );
		update_option( 'ai_relay_endpoint', 'http://127.0.0.1:' . FakeRelay::free_port() . '/' );
		foreach ( ai_relay_attempt( $rows ) as $number => $attempt ) {
			self::assertSame( $rows[ $number ], $attempt['row'] );
			self::assertSame( array( 'retry', 0 ), array( ai_relay_read_answer( $attempt['answer'] )['outcome'], ai_relay_read_answer( $attempt['answer'] )['code'] ) );
			ai_relay_settle( $attempt, ai_relay_read_answer( $attempt['answer'] ), 'cli' );
		}
		self::assertSame( array_fill( 0, 4, 'waiting' ), array_column( $this->outbox(), 'status' ) );
	}

	/** Ten thousand with AI_RELAY_TEST_ROWS=10000, which takes minutes. */
	public function test_a_great_many_rows_are_delivered_in_little_memory(): void {
		global $wpdb;
		$count = (int) ( getenv( 'AI_RELAY_TEST_ROWS' ) ?: 500 );
		$table = ai_relay_outbox_table();
		for ( $number = 1; $number <= $count; ) {
			$values = array();
			for ( $end = min( $count, $number + 499 ); $number <= $end; $number++ ) {
				$payload  = wp_json_encode( ai_relay_envelope( 'post.published', "row-$number" ) + array( 'post_id' => $number, 'content' => str_repeat( 'Some text. ', 300 ) ) );
				$values[] = $wpdb->prepare( '(%s, %s, %s, %d, %s, 1, %d)', 'post.published', "row-$number", "post:$number", $number, $payload, time() );
			}
			$wpdb->query( "INSERT INTO $table (event, idempotency_key, object, sequence, payload, next_attempt_at, created_at) VALUES " . implode( ',', $values ) );
		}
		unset( $values, $payload );
		gc_collect_cycles();
		$memory = memory_get_usage();
		$begun  = microtime( true );
		$sent   = ai_relay_deliver( 3600, 'cli' )['sent'];
		$took   = microtime( true ) - $begun;
		$more   = memory_get_usage() - $memory;
		fprintf( STDERR, "\n%d rows: %.0f a second, %d KiB more memory\n", $count, $sent / $took, $more / 1024 );
		self::assertSame( $count, $sent );
		self::assertLessThan( 4 * 1024 * 1024, $more );
		$keys = self::$relay->keys();
		self::assertCount( $count, array_unique( $keys ) );
		self::assertCount( $count, $keys );
	}
}
