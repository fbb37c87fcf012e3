<?php
/**
 * How events reach the relay, or wait for it.
 *
 * @package AI_Relay
 */

final class DeliveryTest extends SiteTestCase {

	public function test_a_published_post_reaches_the_relay_without_anybody_asking(): void {
		$this->rest_post( array( 'title' => 'By itself', 'content' => 'Text.', 'status' => 'publish' ) );
		self::wait_until(
			function () {
				return 'sent' === $this->outbox()[0]->status;
			},
			'the event is sent'
		);
		self::assertSame( array( $this->outbox()[0]->idempotency_key ), self::$relay->keys() );
	}

	public function test_an_event_is_sent_with_the_headers_of_the_contract(): void {
		update_option( 'ai_relay_key_id', 'site-7' );
		$this->make_post( array( 'post_title' => 'Ünïcode "quoted" 🐫' ) );
		$row = $this->outbox()[0];
		self::assertSame( array( 'sent' => 1, 'retry' => 0, 'refused' => 0 ), ai_relay_deliver() );
		$request = self::$relay->requests()[0];
		self::assertSame( 'POST', $request['method'] );
		self::assertSame( $row->payload, $request['body'], 'the bytes are those in the table' );
		self::assertSame( 'application/json', $request['headers']['content-type'] );
		self::assertSame( $row->idempotency_key, $request['headers']['idempotency-key'] );
		self::assertSame( 'site-7', $request['headers']['x-wp-key-id'] );
		$timestamp = $request['headers']['x-wp-timestamp'];
		self::assertEqualsWithDelta( time(), (int) $timestamp, 5 );
		self::assertSame( hash_hmac( 'sha256', $timestamp . '.' . $request['body'], self::SECRET ), $request['headers']['x-wp-signature'] );
		self::assertSame( array( 'sent', '202' ), array( $this->outbox()[0]->status, $this->outbox()[0]->last_code ) );
	}

	public function test_the_attempts_of_an_event_are_of_one_trace_and_those_of_another_are_not(): void {
		self::$relay->answers( array( array( 503 ), array( 202 ), array( 202 ) ) );
		$this->add_event( 'again' );
		ai_relay_deliver();
		$this->make_due();
		ai_relay_deliver();
		$this->add_event( 'another' );
		ai_relay_deliver();
		$traces = array();
		foreach ( self::$relay->requests() as $request ) {
			self::assertMatchesRegularExpression( '/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/D', $request['headers']['traceparent'] );
			$traces[] = explode( '-', $request['headers']['traceparent'] );
		}
		list( $first, $second, $other ) = $traces;
		self::assertSame( $first[1], $second[1] );
		self::assertNotSame( $first[2], $second[2], 'each attempt is a span of its own' );
		self::assertNotSame( $first[1], $other[1] );
		self::assertSame( $first[1], ai_relay_log_entry( 'again' )['trace_id'] );
		$installation = get_option( 'ai_relay_installation' );
		update_option( 'ai_relay_installation', 'of another site' );
		$elsewhere = ai_relay_trace_id( 'again' );
		update_option( 'ai_relay_installation', $installation );
		self::assertNotSame( $first[1], $elsewhere, 'another site may have the same keys' );
	}

	public function test_during_a_rotation_both_secrets_sign(): void {
		update_option( 'ai_relay_secret_next', 'the next one' );
		$this->add_event( 'rotation' );
		ai_relay_deliver();
		$request = self::$relay->requests()[0];
		$signed  = $request['headers']['x-wp-timestamp'] . '.' . $request['body'];
		self::assertSame(
			array( hash_hmac( 'sha256', $signed, self::SECRET ), hash_hmac( 'sha256', $signed, 'the next one' ) ),
			explode( ',', $request['headers']['x-wp-signature'] )
		);
	}

	public function test_a_retry_has_the_same_key_and_bytes_and_a_fresh_signature(): void {
		self::$relay->answers( array( array( 503 ), array( 202 ) ) );
		$this->add_event( 'again' );
		ai_relay_deliver();
		$first = (int) self::$relay->requests()[0]['headers']['x-wp-timestamp'];
		$this->make_due();
		self::wait_until(
			static function () use ( $first ) {
				return time() > $first;
			},
			'the clock moves on'
		);
		ai_relay_deliver();
		list( $one, $two ) = self::$relay->requests();
		self::assertSame( array( 'again', 'again' ), self::$relay->keys() );
		self::assertSame( $one['body'], $two['body'] );
		self::assertNotSame( $one['headers']['x-wp-signature'], $two['headers']['x-wp-signature'] );
		self::assertSame( array( 'sent', '2' ), array( $this->outbox()[0]->status, $this->outbox()[0]->attempts ) );
	}

	public static function temporary_answers(): array {
		return array( 'rate limit' => array( 429 ), 'error' => array( 500 ), 'gateway' => array( 502 ), 'unavailable' => array( 503 ), 'wrong page' => array( 200 ), 'moved' => array( 302 ), 'not found' => array( 404 ) );
	}

	/** @dataProvider temporary_answers */
	public function test_an_answer_that_may_change_is_tried_again_after_a_minute( int $code ): void {
		self::$relay->answer( $code, '{"error":"busy"}', 302 === $code ? array( 'Location' => self::$relay->url ) : array() );
		$this->add_event( 'later' );
		ai_relay_deliver();
		$row = $this->outbox()[0];
		self::assertSame( array( 'waiting', '1', (string) $code, 'busy' ), array( $row->status, $row->attempts, $row->last_code, $row->last_error ) );
		self::assertEqualsWithDelta( time() + 60, (int) $row->next_attempt_at, 3 );
		ai_relay_deliver();
		self::assertCount( 1, self::$relay->requests(), 'not before its time, and no redirect is followed' );
	}

	public function test_no_answer_is_tried_again(): void {
		update_option( 'ai_relay_endpoint', 'http://127.0.0.1:' . FakeRelay::free_port() . '/' );
		$this->add_event( 'nobody' );
		self::assertSame( 1, ai_relay_deliver()['retry'] );
		$row = $this->outbox()[0];
		self::assertSame( array( 'waiting', '0' ), array( $row->status, $row->last_code ) );
		self::assertNotSame( '', $row->last_error );
	}

	public static function final_answers(): array {
		return array( array( 400 ), array( 409 ), array( 413 ), array( 415 ), array( 422 ) );
	}

	/** @dataProvider final_answers */
	public function test_a_refused_event_is_kept_with_the_reason_and_not_tried_again( int $code ): void {
		self::$relay->answers( array( array( $code, '{"error":"invalid event","details":[{"field":"title","problem":"is <b>missing</b>"}]}' ), array( 202 ) ) );
		$this->add_event( 'bad' );
		$this->add_event( 'good' );
		self::assertSame( array( 'sent' => 1, 'retry' => 0, 'refused' => 1 ), ai_relay_deliver() );
		$this->make_due();
		ai_relay_deliver();
		self::assertSame( array( 'bad', 'good' ), self::$relay->keys() );
		list( $bad, $good ) = $this->outbox();
		self::assertSame( array( 'failed', (string) $code, 'invalid event; title: is missing' ), array( $bad->status, $bad->last_code, $bad->last_error ) );
		self::assertSame( 'sent', $good->status );
	}

	public static function locked_out_answers(): array {
		return array( array( 401 ), array( 403 ) );
	}

	/** @dataProvider locked_out_answers */
	public function test_a_relay_that_does_not_know_us_pauses_everything_until_the_settings_are_saved( int $code ): void {
		self::$relay->answers( array( array( $code, '{"error":"bad signature"}' ), array( 202 ) ) );
		$this->add_event( 'one' );
		$this->add_event( 'two' );
		ai_relay_deliver();
		$this->make_due();
		ai_relay_deliver();
		self::assertSame( array( 'one' ), self::$relay->keys() );
		self::assertSame( array( 'waiting', 'waiting' ), array_column( $this->outbox(), 'status' ) );

		ob_start();
		do_action( 'admin_notices' );
		self::assertStringContainsString( "the relay answered $code (bad signature)", ob_get_clean() );

		ai_relay_resume();
		ai_relay_deliver();
		self::assertSame( array( 'one', 'one', 'two' ), self::$relay->keys() );
	}

	public function test_another_secret_ends_a_pause(): void {
		ai_relay_pause( 401, 'bad signature' );
		self::assertNotNull( ai_relay_paused() );
		update_option( 'ai_relay_secret', 'the right one' );
		self::assertNull( ai_relay_paused() );
	}

	public function test_the_waits_grow_to_six_hours_and_end_after_seven_days(): void {
		$now   = 1700000000;
		$waits = array();
		for ( $attempts = 1; $attempts <= 6; $attempts++ ) {
			$waits[] = ai_relay_next_attempt( $attempts, $now, null, $now ) - $now;
		}
		self::assertSame( array( 60, 300, 1800, 7200, 21600, 21600 ), $waits );
		self::assertSame( $now + 21600, ai_relay_next_attempt( 30, $now - 7 * DAY_IN_SECONDS + 1, null, $now ) );
		self::assertNull( ai_relay_next_attempt( 30, $now - 7 * DAY_IN_SECONDS, null, $now ) );
	}

	public function test_an_event_is_given_up_after_seven_days_of_trying_and_kept(): void {
		global $wpdb;
		self::$relay->answer( 500 );
		$this->add_event( 'old' );
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . ' SET created_at = created_at - 700000' );
		ai_relay_deliver();
		self::assertSame( 'waiting', $this->outbox()[0]->status, 'it was old, and not tried: sending was paused, say' );
		$wpdb->query( 'UPDATE ' . ai_relay_attempt_table() . ' SET started_at = started_at - 700000' );
		self::$relay->answer( 429, '{}', array( 'Retry-After' => '1' ) );
		$this->make_due();
		ai_relay_deliver( 0 );
		self::assertSame( 'waiting', $this->outbox()[0]->status, 'a relay that asks for time gets it' );
		self::$relay->answer( 500 );
		ai_relay_mark( 'ai_relay_hold_off', 0, PHP_INT_MAX );
		$this->make_due();
		ai_relay_deliver();
		self::assertSame( 'failed', $this->outbox()[0]->status );
		self::assertNotSame( '', $this->outbox()[0]->payload );
	}

	public function test_what_kills_its_runner_each_time_lets_the_others_pass(): void {
		$this->add_event( 'deadly' );
		$this->add_event( 'harmless' );
		$this->change_rows( 'attempts = 3, status = \'sending\', locked_by = \'gone\', locked_until = ' . ( time() - 1 ), "idempotency_key = 'deadly'" );
		ai_relay_deliver();
		self::assertSame( array( 'waiting', 'sent' ), array_column( $this->outbox(), 'status' ) );
		self::assertGreaterThan( time() + 60, (int) $this->outbox()[0]->next_attempt_at );
	}

	public function test_a_hook_that_throws_keeps_its_event_back_and_no_other(): void {
		$this->add_event( 'bad' );
		$this->add_event( 'good' );
		$filter = static function ( $arguments ) {
			if ( 'bad' === ( $arguments['headers']['Idempotency-Key'] ?? '' ) ) {
				throw new RuntimeException( 'a hook of another plugin' );
			}
			return $arguments;
		};
		add_filter( 'http_request_args', $filter );
		ai_relay_deliver();
		remove_filter( 'http_request_args', $filter );
		self::assertSame( array( 'waiting', 'sent' ), array_column( $this->outbox(), 'status' ) );
		self::assertSame( 'a hook of another plugin', $this->outbox()[0]->last_error );
	}

	public function test_retry_after_in_seconds_or_as_a_date_wins_over_the_schedule(): void {
		self::$relay->answer( 503, '{}', array( 'Retry-After' => '1234' ) );
		$this->add_event( 'seconds' );
		ai_relay_deliver();
		self::assertEqualsWithDelta( time() + 1234, (int) $this->outbox()[0]->next_attempt_at, 3 );
		self::assertEqualsWithDelta( 500, ai_relay_retry_after( gmdate( 'D, d M Y H:i:s', time() + 500 ) . ' GMT' ), 2 );
		self::assertSame( DAY_IN_SECONDS, ai_relay_retry_after( '99999999' ) );
		self::assertSame( 1, ai_relay_retry_after( gmdate( 'D, d M Y H:i:s', 0 ) . ' GMT' ) );
		self::assertNull( ai_relay_retry_after( 'soon-ish' ) );
	}

	public function test_a_relay_that_is_away_is_left_alone_after_three_failures(): void {
		self::$relay->answer( 503 );
		for ( $number = 1; $number <= 5; $number++ ) {
			$this->add_event( "away-$number" );
		}
		ai_relay_deliver();
		self::assertCount( 3, self::$relay->requests() );
		self::assertSame( array( '1', '1', '1', '0', '0' ), array_column( $this->outbox(), 'attempts' ) );
	}

	public function test_a_row_that_one_runner_has_is_not_given_to_another(): void {
		$this->add_event( 'mine' );
		$id = (int) $this->outbox()[0]->id;
		self::assertSame( 'mine', ai_relay_outbox_claim( array( $id ) )[0]->idempotency_key );
		self::assertSame( array(), ai_relay_outbox_claim( array( $id ) ) );
		self::assertSame( array(), ai_relay_outbox_due( 10 ) );
	}

	public function test_the_row_of_a_runner_that_died_comes_back_and_its_late_word_does_not_count(): void {
		global $wpdb;
		$this->add_event( 'orphan' );
		$dead = ai_relay_outbox_claim( array( (int) $this->outbox()[0]->id ) )[0];
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . ' SET locked_until = 1' );
		self::assertSame( 1, ai_relay_deliver()['sent'] );
		ai_relay_outbox_finish( $dead, 'failed', 400, 'too late' );
		self::assertSame( 'sent', $this->outbox()[0]->status );
	}

	public function test_cron_delivers_what_nothing_else_has(): void {
		$this->add_event( 'by-cron' );
		self::assertNotFalse( wp_next_scheduled( 'ai_relay_deliver' ) );
		$this->wp( 'cron', 'event', 'run', 'ai_relay_deliver' );
		self::assertSame( array( 'by-cron' ), self::$relay->keys() );
	}

	public function test_one_request_to_deliver_is_under_way_at_a_time_and_a_lost_one_is_replaced(): void {
		$now = time();
		self::assertTrue( ai_relay_mark_kick( $now, $now - AI_RELAY_KICK_LOST ) );
		self::assertFalse( ai_relay_mark_kick( $now, $now - AI_RELAY_KICK_LOST ) );
		self::assertTrue( ai_relay_mark_kick( $now + AI_RELAY_KICK_LOST, $now ) );
		$this->add_event( 'after-the-kick' );
		ai_relay_mark_kick( 0, PHP_INT_MAX );
		ai_relay_kick();
		self::wait_until(
			function () {
				return 'sent' === $this->outbox()[0]->status;
			},
			'the event is sent'
		);
		self::assertTrue( ai_relay_mark_kick( $now, $now - AI_RELAY_KICK_LOST ), 'taken' );
	}

	public function test_no_third_runner_is_started_while_two_are_at_work(): void {
		foreach ( array( 'one', 'two', 'three' ) as $key ) {
			$this->add_event( $key );
		}
		list( $one, $two ) = $this->outbox();
		ai_relay_outbox_claim( array( (int) $one->id ) );
		ai_relay_outbox_claim( array( (int) $two->id ) );
		self::assertSame( array(), $this->requests_of( 'ai_relay_deliver_at_end' ) );
		self::assertSame( 'waiting', $this->outbox()[2]->status );
		ai_relay_outbox_finish( $this->outbox()[1], 'sent', 202, '' );
		self::assertSame( array( admin_url( 'admin-ajax.php' ) ), $this->requests_of( 'ai_relay_deliver_at_end' ), 'a second one is' );
	}

	public function test_a_request_to_deliver_needs_the_proof_of_this_site(): void {
		$this->add_event( 'not-by-strangers' );
		foreach ( array( array( 'time' => (string) time(), 'proof' => 'guess' ), array(), array( 'time' => (string) ( time() - 120 ), 'proof' => wp_hash( 'ai_relay_deliver|' . ( time() - 120 ), 'nonce' ) ) ) as $fields ) {
			$answer = wp_remote_post( admin_url( 'admin-ajax.php' ), array( 'body' => array( 'action' => 'ai_relay_deliver' ) + $fields ) );
			self::assertSame( 403, wp_remote_retrieve_response_code( $answer ) );
		}
		self::assertSame( array(), self::$relay->keys() );
	}
}
