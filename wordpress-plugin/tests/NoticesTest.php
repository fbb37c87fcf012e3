<?php
/**
 * Notices: only when something needs the owner, and again only when it happens again.
 *
 * @package AI_Relay
 */

final class NoticesTest extends SiteTestCase {

	protected function setUp(): void {
		parent::setUp();
		delete_user_meta( get_current_user_id(), AI_RELAY_DISMISSED );
	}

	/** Something was given up. */
	private function fail_event( string $key, string $error ): void {
		global $wpdb;
		$this->add_event( $key );
		$wpdb->update( ai_relay_outbox_table(), array( 'status' => 'failed', 'last_error' => $error ), array( 'idempotency_key' => $key ) );
	}

	private static function printed(): string {
		ob_start();
		ai_relay_notices();
		return ob_get_clean();
	}

	public function test_there_is_none_when_all_is_well(): void {
		self::assertSame( '', self::printed() );
	}

	public function test_events_that_were_given_up_are_told_until_dismissed_and_again_when_more_are(): void {
		$this->fail_event( 'one', '422 <b>bad</b>' );
		self::assertStringContainsString( '1 event of the last 30 days (422 &lt;b&gt;bad&lt;/b&gt;)', self::printed() );
		update_user_meta( get_current_user_id(), AI_RELAY_DISMISSED, array( 'failed' => ai_relay_open_notices()['failed']['about'] ) );
		self::assertSame( '', self::printed() );
		$this->fail_event( 'two', 'given up' );
		self::assertStringContainsString( '2 events of the last 30 days (the latest: given up)', self::printed() );
	}

	public function test_a_dead_cron_is_told_only_while_events_wait_for_an_hour(): void {
		global $wpdb;
		$next = wp_next_scheduled( 'ai_relay_deliver' );
		wp_unschedule_hook( 'ai_relay_deliver' );
		wp_schedule_event( time() - 2 * HOUR_IN_SECONDS, 'ai_relay_minute', 'ai_relay_deliver' );
		self::assertSame( '', self::printed() );
		$this->add_event( 'late' );
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . ' SET next_attempt_at = ' . ( time() - 2 * HOUR_IN_SECONDS ) );
		self::assertStringContainsString( 'should have been sent 2 hours ago', self::printed() );
		wp_unschedule_hook( 'ai_relay_deliver' );
		wp_schedule_event( time() + 60, 'ai_relay_minute', 'ai_relay_deliver' );
		self::assertSame( '', self::printed() );
	}

	public function test_encryption_without_a_key_is_told_and_cannot_be_dismissed(): void {
		update_option( 'ai_relay_personal', 'encrypted' );
		self::assertStringContainsString( 'has no key for it', self::printed() );
		update_user_meta( get_current_user_id(), AI_RELAY_DISMISSED, array( 'pii-key' => '' ) );
		self::assertStringContainsString( 'has no key for it', self::printed() );
		update_option( 'ai_relay_pii_key', base64_encode( str_repeat( 'k', 32 ) ) );
		self::assertSame( '', self::printed() );
	}

	public function test_they_are_told_where_an_owner_looks(): void {
		ai_relay_pause( 401, 'bad signature' );
		foreach ( array( 'dashboard' => true, 'plugins' => true, 'tools' => false, 'profile' => false ) as $screen => $told ) {
			set_current_screen( $screen );
			self::assertSame( $told, '' !== self::printed(), $screen );
		}
		unset( $GLOBALS['current_screen'] );
	}
}
