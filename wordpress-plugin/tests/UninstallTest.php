<?php
/**
 * Deactivation keeps everything, deletion leaves nothing but what nobody has given up. Runs last: it takes the
 * tables away.
 *
 * @package AI_Relay
 */

final class UninstallTest extends SiteTestCase {

	use BrowserWithCookies;

	private const OURS = '%ai\_relay%';

	private function deactivate(): void {
		$this->wp( 'plugin', 'deactivate', 'ai-relay', ...( is_multisite() ? array( '--network' ) : array() ) );
	}

	private function activate(): void {
		$this->wp( 'plugin', 'activate', 'ai-relay', ...( is_multisite() ? array( '--network' ) : array() ) );
		self::assertSame( array( 'ai_relay_attempt', 'ai_relay_outbox', 'ai_relay_result' ), $this->tables() );
	}

	/** Deletes it as WordPress does, but for the files. */
	private function uninstall(): void {
		$this->deactivate();
		$this->wp( 'plugin', 'uninstall', 'ai-relay', '--skip-delete' );
	}

	private function tables(): array {
		global $wpdb;
		$tables = array_map(
			static function ( $name ) use ( $wpdb ) {
				return substr( $name, strlen( $wpdb->prefix ) );
			},
			$wpdb->get_col( "SHOW TABLES LIKE '$wpdb->prefix" . 'ai\_relay%' . "'" )
		);
		sort( $tables );
		return $tables;
	}

	private function options(): array {
		global $wpdb;
		return $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '" . self::OURS . "' OR option_value LIKE '" . self::OURS . "' ORDER BY option_name" );
	}

	public function test_deactivation_stops_the_schedule_and_keeps_the_events(): void {
		$this->add_event( 'kept' );
		$this->deactivate();
		self::assertFalse( wp_next_scheduled( 'ai_relay_deliver' ) );
		self::assertSame( array(), preg_grep( '/ai_relay/', array_keys( array_merge( ...array_values( array_filter( _get_cron_array(), 'is_array' ) ) ) ) ) );
		self::assertSame( 'kept', $this->outbox()[0]->idempotency_key );
		$this->activate();
		self::assertNotFalse( wp_next_scheduled( 'ai_relay_deliver' ) );
	}

	/** @depends test_deactivation_stops_the_schedule_and_keeps_the_events */
	public function test_deletion_keeps_what_was_not_sent_and_what_it_takes_to_send_it(): void {
		$this->add_event( 'first' );
		$this->add_event( 'unsent' );
		$this->add_event( 'was sent' );
		$this->add_event( 'was given up' );
		$this->change_rows( "status = 'sending'", "idempotency_key = 'unsent'" );
		$this->change_rows( "status = 'sent'", "idempotency_key = 'was sent'" );
		$this->change_rows( "status = 'failed'", "idempotency_key = 'was given up'" );
		ai_relay_spool( 'spooled', ai_relay_envelope( 'post.published', 'spooled' ) );
		$spooled = AI_RELAY_SPOOL . hash( 'sha256', 'spooled' );
		$rows    = array_slice( $this->outbox(), 0, 2 );
		update_option( 'ai_relay_key_id', 'site-7' );
		$this->uninstall();

		self::assertSame( array( 'ai_relay_outbox' ), $this->tables() );
		self::assertSame( array( 'ai_relay_endpoint', 'ai_relay_installation', 'ai_relay_key_id', 'ai_relay_secret', 'ai_relay_secret_next', 'ai_relay_sequence', $spooled ), $this->options() );
		self::assertEquals( $rows, $this->outbox(), 'what was sent or given up is nothing that anybody needs' );
		self::assertArrayNotHasKey( AI_RELAY_ROLE, get_option( $GLOBALS['wpdb']->prefix . 'user_roles' ) );

		$this->activate();
		self::assertEquals( $rows, $this->outbox() );
		self::assertSame( self::SECRET, ai_relay_setting( 'secret' ) );
		self::assertSame( 3, ai_relay_unsent() );
		ai_relay_unspool();
		$this->wp( 'ai-relay', 'deliver' );
		self::assertSame( array( 'sent', 'sent', 'sent' ), array_column( $this->outbox(), 'status' ) );
		$this->add_event( 'next' );
		self::assertSame( array( '1', '2', '5', '6' ), array_column( $this->outbox(), 'sequence' ), 'and the numbers go on' );
	}

	/** @depends test_deletion_keeps_what_was_not_sent_and_what_it_takes_to_send_it */
	public function test_the_plugins_screen_asks_what_is_to_become_of_unsent_events_and_takes_the_answer(): void {
		$this->log_in();
		$screen = is_multisite() ? '/wp-admin/network/plugins.php' : '/wp-admin/plugins.php';
		if ( ! is_multisite() ) {
			self::assertStringNotContainsString( 'ai-relay-unsent', $this->browse( $screen ), 'nothing waits, nothing is asked' );
		}
		$this->add_event( 'one' );
		$page = $this->browse( $screen );
		self::assertStringContainsString( is_multisite() ? 'events that have not been sent yet stay' : '1 event has not been sent yet.', $page );
		self::assertSame( 1, preg_match( '/id="ai-relay-unsent".*?href="([^"]+)"/s', $page, $link ) );
		$link = html_entity_decode( $link[1] );
		$this->browse( preg_replace( '/_wpnonce=\w+/', '_wpnonce=0000000000', $link ) );
		self::assertFalse( get_site_option( AI_RELAY_DELETE_UNSENT ), 'not without a nonce' );
		self::assertStringContainsString( 'are deleted with it', $this->browse( $link ) );
		self::assertSame( '1', get_site_option( AI_RELAY_DELETE_UNSENT ) );
		self::assertSame( 1, preg_match( '/id="ai-relay-unsent".*?href="([^"]+)"/s', $this->browse( $screen ), $link ) );
		$this->browse( html_entity_decode( $link[1] ) );
		self::assertFalse( get_site_option( AI_RELAY_DELETE_UNSENT ), 'and can be taken back' );
	}

	public function test_only_those_who_may_delete_plugins_decide(): void {
		$user = wp_insert_user( array( 'user_login' => 'editor_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => 'editor' ) );
		wp_set_current_user( $user );
		$this->add_event( 'one' );
		ob_start();
		ai_relay_unsent_row();
		self::assertSame( '', ob_get_clean() );
		self::assertFalse( ai_relay_may_decide_on_unsent() );
		wp_delete_user( $user );
	}

	/** @depends test_the_plugins_screen_asks_what_is_to_become_of_unsent_events_and_takes_the_answer */
	public function test_deletion_leaves_nothing_behind_where_the_owner_lets_unsent_events_go(): void {
		global $wpdb;
		$post_id = $this->make_post();
		update_post_meta( $post_id, 'ai_relay_summary', 'A summary.' );
		update_post_meta( $post_id, '_ai_relay_anything', 1 );
		$comment_id = $this->make_comment( $post_id );
		update_comment_meta( $comment_id, 'ai_relay_verdict', 'spam' );
		update_comment_meta( $comment_id, AI_RELAY_MODERATED, '1' );
		$relay = wp_insert_user( array( 'user_login' => 'relay_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => AI_RELAY_ROLE ) );
		update_user_meta( $relay, 'ai_relay_notice_seen', '1' );
		set_transient( 'ai_relay_something', 1, 60 );
		update_site_option( AI_RELAY_DELETE_UNSENT, '1' );
		self::assertGreaterThan( 0, ai_relay_unsent() );
		$this->uninstall();

		$ours = self::OURS;
		self::assertSame( array(), $this->tables() );
		self::assertSame( array(), $this->options() );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE '$ours'" ) );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->commentmeta WHERE meta_key LIKE '$ours'" ) );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->usermeta WHERE meta_key LIKE '$ours' OR meta_value LIKE '$ours'" ) );
		self::assertFalse( get_site_option( AI_RELAY_DELETE_UNSENT ) );
		self::assertNotFalse( get_user_by( 'id', $relay ), 'the user stays, without the role' );
		$this->activate();
		self::assertSame( array(), $this->outbox(), 'and a new installation begins afresh' );
		wp_delete_user( $relay );
	}
}
