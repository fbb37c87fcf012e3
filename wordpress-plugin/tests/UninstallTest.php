<?php
/**
 * Deactivation keeps everything, deletion leaves nothing. Runs last: it takes the tables away.
 *
 * @package AI_Relay
 */

final class UninstallTest extends SiteTestCase {

	public function test_deactivation_stops_the_schedule_and_keeps_the_events(): void {
		$this->add_event( 'kept' );
		$this->wp( 'plugin', 'deactivate', 'ai-relay' );
		self::assertFalse( wp_next_scheduled( 'ai_relay_deliver' ) );
		self::assertSame( 'kept', $this->outbox()[0]->idempotency_key );
		$this->wp( 'plugin', 'activate', 'ai-relay' );
		self::assertNotFalse( wp_next_scheduled( 'ai_relay_deliver' ) );
	}

	/** @depends test_deactivation_stops_the_schedule_and_keeps_the_events */
	public function test_deletion_leaves_nothing_behind(): void {
		global $wpdb;
		$post_id = $this->make_post();
		update_post_meta( $post_id, 'ai_relay_summary', 'A summary.' );
		update_post_meta( $post_id, AI_RELAY_WITHDRAWALS, 1 );
		$comment_id = $this->make_comment( $post_id );
		update_comment_meta( $comment_id, 'ai_relay_verdict', 'spam' );
		update_comment_meta( $comment_id, AI_RELAY_MODERATED, '1' );
		$this->wp( 'plugin', 'uninstall', 'ai-relay', '--deactivate', '--skip-delete' );

		$ours = '%ai\_relay%';
		self::assertSame( array(), $wpdb->get_col( "SHOW TABLES LIKE '$ours'" ) );
		self::assertSame( array(), $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '$ours' OR option_value LIKE '$ours'" ) );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE '$ours'" ) );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->commentmeta WHERE meta_key LIKE '$ours'" ) );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->usermeta WHERE meta_key LIKE '$ours' OR meta_value LIKE '$ours'" ) );
		$this->wp( 'plugin', 'activate', 'ai-relay' );
		self::assertSame( array(), $this->outbox(), 'and a new installation begins afresh' );
	}
}
