<?php
/**
 * A network of sites: each has its own tables, settings and events, is set up when it is first seen, and takes
 * its tables along when it is deleted.
 *
 * @group network
 * @package AI_Relay
 */

final class MultisiteTest extends SiteTestCase {

	private array $sites = array();

	protected function tearDown(): void {
		while ( ms_is_switched() ) {
			restore_current_blog();
		}
		foreach ( $this->sites as $site ) {
			if ( get_site( $site ) ) {
				wp_delete_site( $site );
			}
		}
		parent::tearDown();
	}

	private function make_site(): int {
		$name = 'site-' . wp_rand();
		$site = wp_insert_site(
			array(
				'domain'  => get_network()->domain,
				'path'    => "/$name/",
				'user_id' => get_current_user_id(),
				'title'   => $name,
			)
		);
		self::assertIsInt( $site );
		$this->sites[] = $site;
		return $site;
	}

	private function tables_of( int $site ): array {
		global $wpdb;
		return $wpdb->get_col( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $wpdb->get_blog_prefix( $site ) . 'ai_relay_' ) . '%' ) );
	}

	/** Does something on another site. */
	private function on( int $site, callable $what ) {
		switch_to_blog( $site );
		try {
			return $what();
		} finally {
			restore_current_blog();
		}
	}

	public function test_this_is_a_network_with_the_plugin_active_on_all_of_it(): void {
		self::assertTrue( is_multisite() );
		self::assertArrayHasKey( 'ai-relay/ai-relay.php', get_site_option( 'active_sitewide_plugins' ) );
	}

	public function test_a_site_that_is_added_later_is_set_up_when_it_is_first_seen(): void {
		$site = $this->make_site();
		self::assertSame( array(), $this->tables_of( $site ) );
		wp_remote_get( get_home_url( $site, '/' ) );
		wp_cache_flush();
		self::assertCount( 3, $this->tables_of( $site ) );
		$this->on(
			$site,
			function () {
				self::assertNotNull( get_role( AI_RELAY_ROLE ) );
				self::assertNotFalse( wp_next_scheduled( 'ai_relay_deliver' ) );
				self::assertSame( AI_RELAY_SETTINGS['events'], get_option( 'ai_relay_events' ) );
			}
		);
	}

	public function test_code_that_switches_to_a_site_nobody_has_seen_loses_no_event(): void {
		$site = $this->make_site();
		$here = count( $this->outbox() );
		$this->on(
			$site,
			function () {
				$id = wp_insert_post( array( 'post_title' => 'Elsewhere', 'post_content' => 'Text.', 'post_status' => 'publish' ) );
				self::assertSame( $id, $this->events()[0]['post_id'] );
				self::assertSame( home_url(), $this->events()[0]['site'] );
				self::assertSame( '1', $this->outbox()[0]->sequence );
			}
		);
		self::assertCount( $here, $this->outbox(), 'and nothing of it is here' );
	}

	public function test_sites_have_settings_keys_and_a_sequence_of_their_own(): void {
		$site = $this->make_site();
		$mine = ai_relay_key( 'post', 7 );
		$this->on(
			$site,
			function () use ( $mine ) {
				ai_relay_outbox_table();
				self::assertSame( '', ai_relay_setting( 'endpoint' ) );
				self::assertFalse( ai_relay_is_configured() );
				update_option( 'ai_relay_endpoint', 'https://other.test/' );
				self::assertNotSame( $mine, ai_relay_key( 'post', 7 ) );
			}
		);
		self::assertSame( self::$relay->url, ai_relay_setting( 'endpoint' ) );
		self::assertTrue( ai_relay_is_configured() );
	}

	public function test_a_delivery_sends_the_events_of_its_own_site_only(): void {
		$site = $this->make_site();
		$this->on(
			$site,
			function () {
				$this->add_event( 'of-the-other' );
			}
		);
		$this->add_event( 'of-this' );
		ai_relay_deliver();
		self::assertSame( 'sent', $this->outbox()[0]->status );
		$this->on(
			$site,
			function () {
				self::assertSame( array( 'of-the-other', 'waiting' ), array( $this->outbox()[0]->idempotency_key, $this->outbox()[0]->status ) );
			}
		);
	}

	public function test_a_site_that_is_deleted_takes_its_tables_along(): void {
		$site = $this->make_site();
		$this->on( $site, 'ai_relay_outbox_table' );
		self::assertCount( 3, $this->tables_of( $site ) );
		wp_delete_site( $site );
		self::assertSame( array(), $this->tables_of( $site ) );
		self::assertCount( 3, $this->tables_of( get_current_blog_id() ) );
	}

	/** Does something on a site where the plugin is not active. */
	private function on_inactive( int $site, callable $doing ): void {
		$active = get_site_option( 'active_sitewide_plugins' );
		update_site_option( 'active_sitewide_plugins', array() );
		try {
			$this->on( $site, $doing );
		} finally {
			update_site_option( 'active_sitewide_plugins', $active );
		}
	}

	public function test_where_the_plugin_is_active_on_one_site_only_the_others_raise_no_events(): void {
		$site = $this->make_site();
		$this->on_inactive(
			$site,
			function () {
				wp_insert_post( array( 'post_title' => 'Elsewhere', 'post_content' => 'Text.', 'post_status' => 'publish' ) );
				self::assertSame( array(), ai_relay_post_types() );
			}
		);
		self::assertSame( array(), $this->tables_of( $site ), 'and are not set up' );
	}

	public function test_of_a_site_where_the_plugin_is_not_active_nothing_is_noted_when_things_are_deleted_or_moderated(): void {
		$site = $this->make_site();
		$this->on_inactive(
			$site,
			function () {
				$id      = wp_insert_post( array( 'post_title' => 'Elsewhere', 'post_content' => 'Text.', 'post_status' => 'draft' ) );
				$comment = $this->make_comment( $id );
				wp_set_comment_status( $comment, 'approve' );
				self::assertSame( '', get_comment_meta( $comment, AI_RELAY_MODERATED, true ) );
				wp_delete_comment( $comment, true );
				wp_delete_post( $id, true );
			}
		);
		self::assertSame( array(), $this->tables_of( $site ) );
	}

	public function test_only_who_manages_the_network_says_where_events_go(): void {
		global $wp_settings_errors;
		ai_relay_register_settings();
		$field   = array( 'name' => 'endpoint' ) + ai_relay_connection_fields()['endpoint'];
		$printed = static function () use ( $field ) {
			ob_start();
			ai_relay_field( $field );
			return ob_get_clean();
		};
		self::assertStringNotContainsString( 'disabled', $printed() );
		$user = wp_insert_user( array( 'user_login' => 'site_admin_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => 'administrator' ) );
		wp_set_current_user( $user );
		self::assertTrue( current_user_can( 'manage_options' ) );
		$wp_settings_errors = array();
		update_option( 'ai_relay_endpoint', 'http://169.254.169.254/webhooks/wp' );
		self::assertSame( self::$relay->url, get_option( 'ai_relay_endpoint' ) );
		self::assertStringContainsString( 'who manages the network', get_settings_errors( 'ai_relay_endpoint' )[0]['message'] );
		$wp_settings_errors = array();
		update_option( 'ai_relay_endpoint', self::$relay->url );
		update_option( 'ai_relay_key_id', 'site-7' );
		self::assertSame( 'site-7', ai_relay_setting( 'key_id' ), 'the rest is the site\'s own' );
		self::assertSame( array(), get_settings_errors() );
		self::assertStringContainsString( "disabled='disabled'", $printed() );
		self::assertStringContainsString( 'who manages the network', $printed() );
		wp_set_current_user( get_user_by( 'login', getenv( 'WP_ADMIN_USER' ) )->ID );
		wpmu_delete_user( $user );
		update_option( 'ai_relay_endpoint', 'https://other.test/webhooks/wp' );
		self::assertSame( 'https://other.test/webhooks/wp', get_option( 'ai_relay_endpoint' ) );
		foreach ( array_keys( ai_relay_form_fields() ) as $name ) {
			unregister_setting( 'ai-relay', "ai_relay_$name" );
		}
	}

	public function test_deletion_leaves_nothing_on_any_site_but_what_waits_on_one(): void {
		$waits = $this->make_site();
		$done  = $this->make_site();
		$never = $this->make_site();
		$this->on(
			$waits,
			function () {
				$this->add_event( 'waits' );
			}
		);
		$this->on(
			$done,
			function () {
				ai_relay_outbox_table();
				update_option( 'ai_relay_endpoint', 'https://other.test/' );
			}
		);
		ai_relay_remove_everywhere();
		self::assertSame( array( $GLOBALS['wpdb']->get_blog_prefix( $waits ) . 'ai_relay_outbox' ), $this->tables_of( $waits ) );
		foreach ( array( $done, $never ) as $site ) {
			self::assertSame( array(), $this->tables_of( $site ) );
			$this->on(
				$site,
				static function () {
					self::assertSame( array(), ai_relay_option_names( 'ai_relay_' ) );
				}
			);
		}
		ai_relay_set_up();
		ai_relay_schedule();
		self::assertCount( 3, $this->tables_of( get_current_blog_id() ) );
	}
}
