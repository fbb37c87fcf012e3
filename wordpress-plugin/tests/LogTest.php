<?php
/**
 * The log: what is kept, what is shown, what can be tried again.
 *
 * @package AI_Relay
 */

final class LogTest extends SiteTestCase {

	use BrowserWithCookies;

	private const HOSTILE = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>&amp;';

	private function page( string $arguments = '' ): string {
		return $this->browse( '/wp-admin/options-general.php?page=ai-relay&tab=log' . $arguments );
	}

	private function click( string $page, array $fields ): string {
		preg_match( '/admin-post\.php"><input type="hidden" name="action" value="ai_relay_log"><input type="hidden" id="_wpnonce" name="_wpnonce" value="([^"]+)"/', $page, $nonce );
		return $this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_log', '_wpnonce' => $nonce[1] ?? 'none' ) + $fields );
	}

	private function keys_on( string $page ): array {
		preg_match_all( '#<a class="row-title" href="[^"]*"><code>([^<]*)</code>#', $page, $found );
		return $found[1];
	}

	private function result( string $key, array $changes = array() ): void {
		global $wpdb;
		$row = $changes + array( 'result_key' => "$key:enrich_post", 'idempotency_key' => $key, 'body_sha256' => '', 'action' => 'enrich_post', 'target_type' => 'post', 'target_id' => 1, 'status' => 'applied', 'provider' => 'local', 'model' => 'm-1', 'result' => '{"summary":"What it says"}', 'created_at' => time() );
		$wpdb->insert( ai_relay_result_table(), $row );
	}

	public function test_each_attempt_is_written_down_with_time_cause_answer_and_error(): void {
		self::$relay->answers( array( array( 503, '{"error":"unavailable"}', array(), 60 ), array( 202, '{"status":"duplicate"}' ) ) );
		$this->add_event( 'twice' );
		ai_relay_deliver();
		$this->make_due();
		ai_relay_deliver( 20, 'cron' );
		list( $one, $two ) = $this->attempts();
		self::assertSame( array( 'twice', 'request', '503', 'unavailable' ), array( $one->idempotency_key, $one->started_by, $one->code, $one->error ) );
		self::assertSame( array( 'twice', 'cron', '202', 'duplicate' ), array( $two->idempotency_key, $two->started_by, $two->code, $two->error ) );
		self::assertGreaterThanOrEqual( 60, (int) $one->milliseconds );
		self::assertLessThan( 5000, (int) $one->milliseconds );
		self::assertEqualsWithDelta( time(), (int) $two->started_at, 5 );
	}

	public function test_an_entry_has_its_event_attempts_and_results_and_no_others(): void {
		$this->add_event( 'a' );
		$this->add_event( 'ab' );
		ai_relay_deliver();
		$this->result( 'a' );
		$this->result( 'a', array( 'result_key' => 'a:enrich_post:17' ) );
		$this->result( 'a', array( 'result_key' => 'a:of-an-older-version', 'idempotency_key' => '' ) );
		$this->result( 'a:b' );
		$this->result( 'ab' );
		$entry = ai_relay_log_entry( 'a' );
		self::assertSame( array( 'a', 'sent', '1' ), array( $entry['idempotency_key'], $entry['status'], $entry['sequence'] ) );
		self::assertCount( 1, $entry['attempts_made'] );
		self::assertSame( array( 'a:enrich_post', 'a:enrich_post:17', 'a:of-an-older-version' ), array_column( $entry['results'], 'result_key' ) );
		self::assertNull( ai_relay_log_entry( 'A' ), 'another key' );
	}

	public function test_the_log_is_filtered_and_read_page_by_page(): void {
		for ( $number = 1; $number <= 7; $number++ ) {
			$this->add_event( "key_$number" );
		}
		$this->change_rows( "status = 'failed', event = 'comment.created'", 'id % 2 = 0' );
		$keys = static function ( array $filter, int $limit = 100, int $before = 0 ) {
			return array_column( ai_relay_log( $filter, $limit, $before ), 'idempotency_key' );
		};
		$first = ai_relay_log( array(), 4 );
		self::assertSame( 'key_7', $first[0]['idempotency_key'] );
		self::assertSame( array( 'key_3', 'key_2', 'key_1' ), $keys( array(), 4, (int) $first[3]['id'] ) );
		self::assertCount( 7, array_merge( $keys( array( 'status' => 'failed' ) ), $keys( array( 'event' => 'post.published' ) ) ) );
		self::assertSame( array( 'key_3' ), $keys( array( 'search' => 'key_3' ) ) );
		self::assertSame( array(), $keys( array( 'search' => 'key%' ) ), 'what is searched for is text, not a pattern' );
		self::assertSame( array(), $keys( array( 'before' => time() - 60 ) ) );
		self::assertArrayNotHasKey( 'payload', $first[0] );
	}

	public function test_what_is_tried_again_is_due_under_its_key_and_what_is_being_sent_is_left_alone(): void {
		foreach ( array( 'failed', 'waits', 'sent', 'first', 'sending' ) as $key ) {
			$this->add_event( $key );
		}
		$later = time() + 3600;
		$this->change_rows( "attempts = 3, next_attempt_at = $later", "idempotency_key <> 'first'" );
		$this->change_rows( "status = idempotency_key, locked_until = $later", "idempotency_key IN ('failed', 'sent', 'sending')" );
		$this->change_rows( "next_attempt_at = $later", "idempotency_key = 'first'" );
		self::assertSame( 3, ai_relay_retry( array_column( $this->outbox(), 'id' ) ) );
		self::assertSame( array( 'waiting', 'waiting', 'waiting', 'waiting', 'sending' ), array_column( $this->outbox(), 'status' ) );
		self::assertSame( 3, ai_relay_deliver()['sent'] );
		self::assertSame( array( 'retry', 'retry', 'retry' ), array_column( $this->attempts(), 'started_by' ) );
		self::assertSame( (string) $later, $this->outbox()[3]->next_attempt_at, 'still being saved' );
	}

	public function test_after_a_retry_the_waits_begin_anew_and_so_do_the_seven_days(): void {
		self::$relay->answer( 500 );
		$this->add_event( 'given-up' );
		ai_relay_deliver();
		$this->change_rows( "status = 'failed', attempts = 40, created_at = created_at - 700000" );
		global $wpdb;
		$wpdb->query( 'UPDATE ' . ai_relay_attempt_table() . ' SET started_at = started_at - 600000' );
		self::assertSame( 1, ai_relay_retry_all( array( 'status' => 'failed' ) ) );
		ai_relay_deliver();
		self::assertSame( 'waiting', $this->outbox()[0]->status );
		self::assertEqualsWithDelta( time() + 60, (int) $this->outbox()[0]->next_attempt_at, 3 );
	}

	public function test_what_was_erased_is_not_tried_again(): void {
		$this->add_event( 'erased' );
		$this->change_rows( "payload = '', status = 'sent'", "idempotency_key = 'erased'" );
		self::assertSame( 0, ai_relay_retry( array( (int) $this->outbox()[0]->id ) ) );
		self::assertSame( 'sent', $this->outbox()[0]->status );
	}

	public function test_purge_removes_the_events_of_a_filter_with_their_attempts(): void {
		foreach ( array( 'a', 'b', 'c' ) as $key ) {
			$this->add_event( $key );
		}
		ai_relay_deliver();
		$this->change_rows( "status = 'failed', created_at = created_at - 100", "idempotency_key = 'b'" );
		$this->change_rows( "status = 'sending'", "idempotency_key = 'c'" );
		self::assertSame( 1, ai_relay_purge( array( 'before' => time() - 50 ) ) );
		self::assertSame( 1, ai_relay_purge( array() ), 'not what is just being sent' );
		self::assertSame( array( 'c' ), array_column( $this->attempts(), 'idempotency_key' ) );
		global $wpdb;
		self::assertSame( '1', $wpdb->get_var( 'SELECT COUNT(*) FROM ' . ai_relay_attempt_table() ) );
	}

	public function test_what_has_been_kept_long_enough_is_removed_and_nothing_else(): void {
		global $wpdb;
		foreach ( array( 'old-sent', 'new-sent', 'old-failed', 'newer-failed', 'old-waiting' ) as $key ) {
			$this->add_event( $key );
		}
		ai_relay_deliver();
		$month  = time() - 31 * DAY_IN_SECONDS;
		$season = time() - 91 * DAY_IN_SECONDS;
		$this->change_rows( "created_at = $month, sent_at = $month", "idempotency_key = 'old-sent'" );
		$this->change_rows( "created_at = $season, sent_at = NULL, status = 'failed'", "idempotency_key = 'old-failed'" );
		$this->change_rows( "created_at = $month, sent_at = NULL, status = 'failed'", "idempotency_key = 'newer-failed'" );
		$this->change_rows( "created_at = $season, sent_at = NULL, status = 'waiting'", "idempotency_key = 'old-waiting'" );
		$this->result( 'verdict', array( 'created_at' => $season, 'replaced' => '{}', 'target_type' => 'comment' ) );
		$this->result( 'dismissed', array( 'created_at' => $season, 'status' => 'dismissed' ) );
		$this->result( 'waits', array( 'created_at' => $season, 'status' => 'suggested' ) );
		$this->result( 'old', array( 'created_at' => $season, 'replaced' => '{}' ) );
		$this->result( 'new', array( 'created_at' => $month ) );
		ai_relay_tidy();
		self::assertSame( array( 'new-sent', 'newer-failed', 'old-waiting' ), array_column( $this->outbox(), 'idempotency_key' ) );
		self::assertSame( '3', $wpdb->get_var( 'SELECT COUNT(*) FROM ' . ai_relay_attempt_table() ) );
		$results = $wpdb->get_results( 'SELECT result_key, result, replaced FROM ' . ai_relay_result_table() . ' ORDER BY id', ARRAY_N );
		$says    = '{"summary":"What it says"}';
		self::assertSame(
			array(
				array( 'verdict:enrich_post', null, null ),
				array( 'dismissed:enrich_post', null, null ),
				array( 'waits:enrich_post', $says, null ),
				array( 'old:enrich_post', $says, '{}' ),
				array( 'new:enrich_post', $says, null ),
			),
			$results,
			'a key is kept for ever, and what tells of a post what is a person\'s'
		);
	}

	public function test_a_batch_of_long_ago_is_not_shown_any_more(): void {
		$batch = array( 'action' => 'run_batch', 'target_type' => 'batch', 'result' => null );
		$this->result( 'long-ago', array( 'created_at' => time() - 91 * DAY_IN_SECONDS ) + $batch );
		self::assertSame( array(), ai_relay_batches() );
	}

	public function test_the_page_lists_filters_and_pages_the_events(): void {
		$this->log_in();
		self::assertStringContainsString( 'No event yet', $this->page() );
		for ( $number = 1; $number <= 52; $number++ ) {
			$this->add_event( "event-$number" );
		}
		$this->change_rows( "status = 'failed'", "idempotency_key = 'event-7'" );
		$page = $this->page();
		self::assertCount( 50, $this->keys_on( $page ) );
		self::assertStringContainsString( '<span class="count">(52)</span>', $page );
		preg_match( '/id="ai-relay-older" href="[^"]*before=(\d+)/', $page, $older );
		self::assertSame( array( 'event-2', 'event-1' ), $this->keys_on( $this->page( '&before=' . $older[1] ) ) );
		self::assertSame( array( 'event-7' ), $this->keys_on( $this->page( '&status=failed' ) ) );
		self::assertSame( array( 'event-52', 'event-51', 'event-50', 'event-5' ), $this->keys_on( $this->page( '&search=event-5' ) ) );
		self::assertStringContainsString( 'No event matches.', $this->page( '&event=comment.created' ) );
	}

	public function test_one_the_selected_or_all_that_match_are_tried_again(): void {
		$this->log_in();
		foreach ( array( 'a1', 'a2', 'b1', 'b2' ) as $key ) {
			$this->add_event( $key );
		}
		$fail = function () {
			$this->change_rows( "status = 'failed', attempts = 1, last_code = 422, retried_at = 0" );
		};
		$fail();
		update_option( 'ai_relay_endpoint', '' ); // Nothing is sent while we look.
		$ids  = array_column( $this->outbox(), 'id', 'idempotency_key' );
		$page = $this->page();
		self::assertStringContainsString( '1 event will be tried again now.', $this->click( $page, array( 'one' => $ids['a1'] ) ) );
		self::assertSame( array( 'waiting', 'failed', 'failed', 'failed' ), array_column( $this->outbox(), 'status' ) );
		$fail();
		self::assertStringContainsString( '2 events will be tried again now.', $this->click( $page, array( 'selected' => '1', 'ids' => array( $ids['a2'], $ids['b2'] ) ) ) );
		self::assertSame( array( 'failed', 'waiting', 'failed', 'waiting' ), array_column( $this->outbox(), 'status' ) );
		$fail();
		self::assertStringContainsString( '2 events will be tried again now.', $this->click( $page, array( 'all' => '1', 'status' => 'failed', 'search' => 'b' ) ) );
		self::assertSame( array( 'failed', 'failed', 'waiting', 'waiting' ), array_column( $this->outbox(), 'status' ) );
		$this->change_rows( "status = 'sent'" );
		self::assertStringContainsString( 'nothing to try again', $this->click( $page, array( 'all' => '1' ) ), 'what was sent is not sent again by the thousand' );
		self::assertStringContainsString( 'nothing to try again', $this->click( $page, array( 'selected' => '1' ) ) );
	}

	public function test_nobody_else_may_look_or_click(): void {
		$this->add_event( 'kept' );
		$this->change_rows( "status = 'failed', attempts = 1" );
		$ids    = array( 'one' => $this->outbox()[0]->id );
		$editor = wp_insert_user( array( 'user_login' => 'editor_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => 'editor' ) );
		$this->log_in( $editor );
		self::assertStringNotContainsString( 'kept', $this->page() );
		self::assertStringContainsString( 'You may not do this.', $this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_log' ) + $ids ) );
		wp_set_current_user( $editor );
		ob_start();
		ai_relay_log_page();
		self::assertSame( '', ob_get_clean() );
		$this->log_in();
		self::assertStringContainsString( 'The link you followed has expired', $this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_log', '_wpnonce' => 'guess' ) + $ids ) );
		self::assertSame( 'failed', $this->outbox()[0]->status );
		wp_delete_user( $editor );
	}

	public function test_hostile_payloads_answers_and_results_are_shown_and_do_nothing(): void {
		global $wpdb;
		$this->log_in();
		update_option( 'ai_relay_secret', 'never-to-be-shown' );
		self::$relay->answer( 422, wp_json_encode( array( 'error' => self::HOSTILE, 'details' => array( array( 'field' => self::HOSTILE, 'problem' => self::HOSTILE ) ) ) ) );
		$event = array( 'event' => 'post.published', 'title' => self::HOSTILE, 'content' => "\u{202E}gnirts</pre><script>alert(3)</script>" );
		ai_relay_outbox_add( 'hostile', $event );
		ai_relay_deliver();
		// What no relay of ours would be allowed to write here, too.
		$this->change_rows( $wpdb->prepare( 'event = %s, last_error = %s', self::HOSTILE, self::HOSTILE ) );
		$wpdb->query( $wpdb->prepare( 'UPDATE ' . ai_relay_attempt_table() . ' SET error = %s, started_by = %s', self::HOSTILE, '<b>x</b>' ) );
		$this->result( 'hostile', array( 'action' => '<i>x</i>', 'status' => '<b>s</b>', 'provider' => self::HOSTILE, 'model' => self::HOSTILE, 'result' => wp_json_encode( array( 'summary' => self::HOSTILE ) ) ) );
		foreach ( array( '', '&key=hostile', '&search=' . rawurlencode( self::HOSTILE ), '&event=' . rawurlencode( self::HOSTILE ), '&key=' . rawurlencode( self::HOSTILE ) ) as $arguments ) {
			$page = $this->page( $arguments );
			self::assertStringContainsString( '</html>', $page );
			foreach ( array( '<script>alert(', '<img src=x', '<i>x', '<b>', "\u{202E}", 'never-to-be-shown' ) as $text ) {
				self::assertStringNotContainsString( $text, $page, $arguments );
			}
		}
		self::assertStringContainsString( '<code>' . ai_relay_trace_id( 'hostile' ) . '</code>', $this->page( '&key=hostile' ) );
		$page = $this->page( '&key=hostile' );
		self::assertStringContainsString( '\u202egnirts&lt;/pre&gt;', $page );
		self::assertStringContainsString( '422 &lt;script&gt;', $page );
		self::assertStringContainsString( '&quot;summary&quot;: &quot;&lt;script&gt;', $page );
	}
}
