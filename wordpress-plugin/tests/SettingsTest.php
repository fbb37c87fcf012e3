<?php
/**
 * The settings: what wins, what is kept byte for byte, what is shown.
 *
 * @package AI_Relay
 */

final class SettingsTest extends SiteTestCase {

	use BrowserWithCookies;

	/** Opens the settings, fills the form in and saves it. */
	private function save( array $fields ): string {
		preg_match( '/id="ai-relay-settings">.*?name="_wpnonce" value="([^"]+)"/s', $this->browse( '/wp-admin/options-general.php?page=ai-relay' ), $nonce );
		return $this->browse(
			'/wp-admin/options.php',
			array(
				'option_page'      => 'ai-relay',
				'action'           => 'update',
				'_wpnonce'         => $nonce[1],
				'_wp_http_referer' => '/wp-admin/options-general.php?page=ai-relay',
			) + $fields
		);
	}

	public function test_a_secret_is_saved_byte_for_byte_and_never_shown(): void {
		$this->log_in();
		$secret = " a<b>&amp;\"'c\\0 $%^=+/ é\t ";
		$page   = $this->save( array( 'ai_relay_endpoint' => 'http://127.0.0.1:8080/webhooks/wp?a=1&b=2', 'ai_relay_secret' => array( 'value' => $secret ), 'ai_relay_key_id' => 'site-7' ) );
		self::assertSame( $secret, ai_relay_setting( 'secret' ) );
		self::assertSame( 'http://127.0.0.1:8080/webhooks/wp?a=1&b=2', ai_relay_setting( 'endpoint' ) );
		self::assertSame( 'site-7', ai_relay_setting( 'key_id' ) );
		self::assertStringContainsString( 'One is set.', $page );
		self::assertStringNotContainsString( 'a&lt;b&gt;', $page );
		self::assertStringNotContainsString( 'a<b>', $page );

		$this->save( array( 'ai_relay_endpoint' => 'http://127.0.0.1:8080/', 'ai_relay_secret' => array( 'value' => '' ), 'ai_relay_key_id' => '' ) );
		self::assertSame( $secret, ai_relay_setting( 'secret' ), 'an empty field leaves it' );
	}

	public function test_the_switch_that_lets_the_ai_approve_is_off_until_somebody_sets_it(): void {
		$this->log_in();
		self::assertFalse( ai_relay_may_approve() );
		self::assertStringContainsString( "aria-describedby=\"ai_relay_approve_hint\" checked='checked'", $this->save( array( 'ai_relay_approve' => '1' ) ) );
		self::assertTrue( ai_relay_may_approve() );
		$this->save( array( 'ai_relay_approve' => 'yes, please' ) );
		self::assertFalse( ai_relay_may_approve() );
		$this->save( array( 'ai_relay_approve' => '1' ) );
		$this->save( array( 'ai_relay_approve' => '0' ) );
		self::assertFalse( ai_relay_may_approve() );
	}

	public function test_an_endpoint_that_is_no_web_address_is_refused_and_the_old_one_stays(): void {
		$this->log_in();
		foreach ( array( 'javascript:alert(1)', 'ftp://x.test/', 'http://', 'relay.example.com/webhooks/wp' ) as $address ) {
			$page = $this->save( array( 'ai_relay_endpoint' => $address, 'ai_relay_secret' => array( 'value' => '' ), 'ai_relay_key_id' => '' ) );
			self::assertStringContainsString( 'The endpoint must be an address', $page, $address );
			self::assertSame( self::$relay->url, ai_relay_setting( 'endpoint' ) );
		}
	}

	public function test_saving_the_settings_ends_a_pause_and_sends_what_waits(): void {
		$this->log_in();
		$this->add_event( 'patient' );
		ai_relay_pause( 401, 'bad <i>signature</i>' );
		self::assertStringContainsString( 'bad &lt;i&gt;signature&lt;/i&gt;', $this->browse( '/wp-admin/' ) );
		$this->save( array( 'ai_relay_endpoint' => self::$relay->url, 'ai_relay_secret' => array( 'value' => '' ), 'ai_relay_key_id' => '' ) );
		self::wait_until(
			function () {
				return 'sent' === $this->outbox()[0]->status;
			},
			'the event is sent'
		);
		self::assertStringNotContainsString( 'ai-relay-paused', $this->browse( '/wp-admin/' ) );
	}

	public function test_the_page_shows_what_became_of_the_latest_batches(): void {
		$this->log_in();
		self::assertStringNotContainsString( 'ai-relay-batches', $this->browse( '/wp-admin/options-general.php?page=ai-relay' ) );
		$body = array(
			'event'           => 'batch.requested',
			'idempotency_key' => 'key-b',
			'action'          => 'run_batch',
			'target'          => array( 'type' => 'batch', 'id' => 'key-b' ),
			'result'          => array( 'task' => 'enrich_posts', 'done' => 12, 'failed' => 7, 'total' => 19, 'failures' => array_fill( 0, 7, array( 'id' => 41, 'reason' => 'a < b & "c"' ) ) ),
		);
		self::assertSame( 200, $this->http( array( array( 'path' => '/ai-relay/v1/results', 'headers' => array( 'Idempotency-Key' => 'key-b:run_batch' ), 'body' => $body ) ) )[0]['code'] );
		$page = $this->browse( '/wp-admin/options-general.php?page=ai-relay' );
		self::assertStringContainsString( '<code>key-b</code></td><td>12</td><td>7</td><td>41: a &lt; b &amp; &quot;c&quot;', $page );
		self::assertSame( 5, substr_count( $page, '41: ' ) );
	}

	public function test_the_page_is_for_those_who_manage_options(): void {
		ai_relay_pause( 401, 'bad signature' );
		$user = wp_insert_user( array( 'user_login' => 'editor_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => 'editor' ) );
		wp_set_current_user( $user );
		ob_start();
		ai_relay_page();
		do_action( 'admin_notices' );
		self::assertSame( '', ob_get_clean() );
		self::assertSame( array( 'deactivate' => 'x' ), ai_relay_plugin_links( array( 'deactivate' => 'x' ) ) );
		wp_delete_user( $user );
	}

	public function test_a_constant_wins_and_its_field_says_so_and_saving_leaves_the_option(): void {
		$print = 'echo wp_json_encode( array_map( "ai_relay_setting", AI_RELAY_CONNECTION ) );';
		$admin = 'foreach ( glob( WP_PLUGIN_DIR . "/ai-relay/includes/admin/settings-*.php" ) as $f ) { require_once $f; } ';
		$field = $admin . '$f = ai_relay_form_fields(); foreach ( array( "secret", "events", "approve", "seo" ) as $n ) { ai_relay_field( array( "name" => $n ) + $f[ $n ] ); } echo ai_relay_clean( "secret", $f["secret"], array( "value" => "changed" ) ) === get_option( "ai_relay_secret" ) ? "left" : "changed";';
		$fixed = '--exec=define( "AI_RELAY_ENDPOINT", "http://fixed.test/" ); define( "AI_RELAY_SECRET", " fixed " ); define( "AI_RELAY_SECRET_NEXT", "next" ); define( "AI_RELAY_KEY_ID", "k" ); define( "AI_RELAY_EVENTS", array( "post.published" ) ); define( "AI_RELAY_APPROVE", "1" ); define( "AI_RELAY_SEO", "tag" );';
		self::assertSame( array( self::$relay->url, self::SECRET, '', '' ), json_decode( $this->wp( 'eval', $print ), true ) );
		self::assertSame( array( 'http://fixed.test/', ' fixed ', 'next', 'k' ), json_decode( $this->wp( $fixed, 'eval', $print ), true ) );
		$html = $this->wp( $fixed, 'eval', $field );
		foreach ( array( 'SECRET', 'EVENTS', 'APPROVE', 'SEO' ) as $name ) {
			self::assertStringContainsString( "Fixed by AI_RELAY_$name in wp-config.php.", $html );
		}
		self::assertSame( substr_count( $html, '<input' ), substr_count( $html, "disabled='disabled'" ) );
		self::assertStringNotContainsString( 'fixed ', $html );
		self::assertStringContainsString( "value=\"post.published\" checked='checked' disabled", $html );
		self::assertStringEndsWith( 'left', $html );
	}

	public function test_every_setting_can_be_saved_and_nothing_chosen_is_a_choice(): void {
		$this->log_in();
		$key = base64_encode( random_bytes( 32 ) );
		$this->save(
			array(
				'ai_relay_events'         => array( '', 'post.updated', 'nonsense' ),
				'ai_relay_post_types'     => array( '', 'page' ),
				'ai_relay_imports'        => '1',
				'ai_relay_nightly'        => array( '', 'moderate_comments' ),
				'ai_relay_personal'       => 'encrypted',
				'ai_relay_pii_key'        => array( 'value' => " $key " ),
				'ai_relay_comment_author' => '0',
				'ai_relay_seo'            => 'tag',
			)
		);
		self::assertSame( array( 'post.updated' ), ai_relay_setting_list( 'events' ) );
		self::assertSame( array( 'page' ), ai_relay_setting_list( 'post_types' ) );
		self::assertSame( array( 'moderate_comments' ), ai_relay_setting_list( 'nightly' ) );
		self::assertSame( array( '1', 'encrypted', $key, '', 'tag' ), array_map( 'ai_relay_setting', array( 'imports', 'personal', 'pii_key', 'comment_author', 'seo' ) ) );
		self::assertStringNotContainsString( $key, $this->browse( '/wp-admin/options-general.php?page=ai-relay' ) );
		$this->save( array( 'ai_relay_events' => array( '' ), 'ai_relay_personal' => 'in the clear' ) );
		self::assertSame( array(), ai_relay_setting_list( 'events' ) );
		self::assertSame( 'encrypted', ai_relay_setting( 'personal' ), 'what is no choice changes nothing' );
		self::assertSame( array( 'page' ), ai_relay_setting_list( 'post_types' ), 'what is not posted stays' );
	}

	public function test_what_is_chosen_and_unknown_is_shown_and_stays_until_it_is_taken_away(): void {
		$this->log_in();
		update_option( 'ai_relay_post_types', array( 'post', 'recipe' ) );
		update_option( 'ai_relay_seo', 'older' );
		$page = $this->browse( '/wp-admin/options-general.php?page=ai-relay' );
		self::assertStringContainsString( "value=\"recipe\" checked='checked'> recipe (not known here at the moment)", $page );
		self::assertStringContainsString( "value=\"older\" checked='checked'> older (not known here at the moment)", $page );
		$this->save( array( 'ai_relay_post_types' => array( '', 'post', 'recipe' ), 'ai_relay_seo' => 'older' ) );
		self::assertSame( array( 'post', 'recipe' ), ai_relay_setting_list( 'post_types' ) );
		self::assertSame( 'older', ai_relay_setting( 'seo' ) );
		$this->save( array( 'ai_relay_post_types' => array( '', 'post' ) ) );
		self::assertSame( array( 'post' ), ai_relay_setting_list( 'post_types' ) );
	}

	public function test_what_is_unwise_is_saved_with_a_warning_and_what_is_wrong_is_not(): void {
		$this->log_in();
		$page = $this->save( array( 'ai_relay_endpoint' => 'http://relay.example.com/', 'ai_relay_secret' => array( 'value' => 'short ' ) ) );
		self::assertSame( array( 'http://relay.example.com/', 'short ' ), array( ai_relay_setting( 'endpoint' ), ai_relay_setting( 'secret' ) ) );
		foreach ( array( 'begins with http://: on the way', 'ends with /webhooks/wp', 'fewer than 16 characters', 'a blank at its beginning or end' ) as $words ) {
			self::assertSame( 1, substr_count( $page, $words ), $words );
		}
		$page = $this->save( array( 'ai_relay_endpoint' => 'https://relay.example.com/webhooks/wp', 'ai_relay_secret' => array( 'value' => str_repeat( 'k', 32 ) ), 'ai_relay_pii_key' => array( 'value' => 'c2hvcnQ=' ), 'ai_relay_key_id' => "a\nb" ) );
		self::assertStringContainsString( 'must be 32 bytes in base64', $page );
		self::assertStringContainsString( 'A key id has only letters', $page );
		self::assertSame( array( '', '' ), array( ai_relay_setting( 'pii_key' ), ai_relay_setting( 'key_id' ) ) );
		self::assertStringNotContainsString( 'was saved, but', $page );
	}

	public function test_an_address_is_public_unless_it_can_only_be_inside(): void {
		foreach ( array( 'http://relay.example.com/', 'http://8.8.8.8/', 'http://[2606:4700::1111]/' ) as $url ) {
			self::assertTrue( ai_relay_is_clear_text( $url ), $url );
		}
		foreach ( array( 'https://relay.example.com/', 'http://localhost:8080/', 'http://relay:8080/', 'http://10.1.2.3/', 'http://127.0.0.1/', 'http://[::1]/', 'http://relay.internal/' ) as $url ) {
			self::assertFalse( ai_relay_is_clear_text( $url ), $url );
		}
	}

	public function test_the_next_secret_becomes_the_current_one_or_is_removed(): void {
		$this->log_in();
		self::assertStringNotContainsString( 'value="promote"', $this->browse( '/wp-admin/options-general.php?page=ai-relay' ) );
		$next = str_repeat( 'n', 40 );
		$page = $this->save( array( 'ai_relay_secret_next' => array( 'value' => $next ) ) );
		self::assertStringContainsString( 'value="promote"', $page );
		self::assertStringNotContainsString( $next, $page );
		preg_match( '/id="ai-relay-rotation">.*?name="_wpnonce" value="([^"]+)"/s', $page, $nonce );
		$this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_rotate', 'do' => 'promote', '_wpnonce' => 'wrong' ) );
		self::assertSame( self::SECRET, ai_relay_setting( 'secret' ) );
		$page = $this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_rotate', 'do' => 'promote', '_wpnonce' => $nonce[1] ) );
		self::assertStringContainsString( 'The next secret is the current one now.', $page );
		self::assertSame( array( $next, '' ), array( ai_relay_setting( 'secret' ), ai_relay_setting( 'secret_next' ) ) );
		update_option( 'ai_relay_secret_next', 'third' );
		self::assertStringContainsString( 'The next secret was removed.', $this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_rotate', 'do' => 'remove', '_wpnonce' => $nonce[1] ) ) );
		self::assertSame( array( $next, '' ), array( ai_relay_setting( 'secret' ), ai_relay_setting( 'secret_next' ) ) );
	}

	public function test_who_has_set_nothing_up_is_told_three_steps(): void {
		$this->log_in();
		update_option( 'ai_relay_endpoint', '' );
		$page = $this->browse( '/wp-admin/options-general.php?page=ai-relay' );
		self::assertStringContainsString( 'ai-relay-first-steps', $page );
		self::assertStringNotContainsString( 'ai-relay-check-form', $page );
		update_option( 'ai_relay_endpoint', self::$relay->url );
		$page = $this->browse( '/wp-admin/options-general.php?page=ai-relay' );
		self::assertStringNotContainsString( 'ai-relay-first-steps', $page );
		self::assertStringContainsString( 'ai-relay-check-form', $page );
		self::assertStringContainsString( 'options-general.php?page=ai-relay">Settings</a>', $this->browse( '/wp-admin/plugins.php' ) );
	}

	/** The nonce of a form that does something at once. */
	private function nonce_of( string $form ): string {
		preg_match( '/id="' . $form . '">.*?name="_wpnonce" value="([^"]+)"/s', $this->browse( '/wp-admin/options-general.php?page=ai-relay' ), $nonce );
		return $nonce[1];
	}

	public function test_a_notice_is_dismissed_by_its_link_for_one_user_and_not_without_its_nonce(): void {
		global $wpdb;
		$this->log_in();
		$this->add_event( 'lost' );
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . " SET status = 'failed', last_error = 'gone'" );
		preg_match( '~href="[^"]+(/wp-admin/admin-post.php\?action=ai_relay_dismiss[^"]+)"~', $this->browse( '/wp-admin/' ), $link );
		$link = html_entity_decode( $link[1] );
		self::assertStringContainsString( 'expired', $this->browse( str_replace( '_wpnonce=', '_wpnonce=0', $link ) ) );
		self::assertStringContainsString( 'id="ai-relay-failed"', $this->browse( '/wp-admin/' ) );
		$this->browse( $link );
		self::assertStringNotContainsString( 'id="ai-relay-failed"', $this->browse( '/wp-admin/' ) );
		$other = wp_insert_user( array( 'user_login' => 'owner_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => 'administrator' ) );
		wp_set_current_user( $other );
		self::assertArrayHasKey( 'failed', ai_relay_open_notices() );
		wp_delete_user( $other );
		delete_user_meta( get_user_by( 'login', getenv( 'WP_ADMIN_USER' ) )->ID, AI_RELAY_DISMISSED );
	}

	public function test_the_check_is_made_in_one_go_for_a_browser_without_the_script(): void {
		$this->log_in();
		self::$relay->check( array( 'secrets' => array( 'current' => 'another' ) ) );
		$page = $this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_check', '_wpnonce' => $this->nonce_of( 'ai-relay-check-form' ) ) );
		self::assertStringContainsString( '1 problem was found. What to do is below it.', $page );
		self::assertStringContainsString( 'data-check="relay" data-status="good"', $page );
		self::assertStringContainsString( 'data-check="signature" data-status="bad"', $page );
		self::assertStringContainsString( 'data-check="event" data-status="skipped"', $page );
		self::assertStringNotContainsString( 'data-check=', $this->browse( '/wp-admin/options-general.php?page=ai-relay' ), 'shown once' );
		self::assertStringContainsString( 'expired', $this->browse( '/wp-admin/admin-post.php', array( 'action' => 'ai_relay_check', '_wpnonce' => 'wrong' ) ) );
	}

	public function test_the_check_is_made_step_by_step_for_the_script_and_for_nobody_else(): void {
		$this->log_in();
		self::$relay->check( array( 'secrets' => array( 'current' => 'another' ) ) );
		$nonce = $this->nonce_of( 'ai-relay-check-form' );
		$step  = function ( string $step, string $nonce ) {
			return json_decode( $this->browse( '/wp-admin/admin-ajax.php', array( 'action' => 'ai_relay_check_step', 'nonce' => $nonce, 'step' => $step ) ), true );
		};
		$statuses = array();
		foreach ( ai_relay_check_steps() as $name ) {
			$answer = $step( $name, $nonce );
			self::assertTrue( $answer['success'], $name );
			$statuses[ $name ] = $answer['data']['status'];
		}
		self::assertSame( array( 'good', 'good', 'bad', 'skipped' ), array( $statuses['relay'], $statuses['clock'], $statuses['signature'], $statuses['event'] ) );
		self::assertStringContainsString( '1 problem was found', $answer['data']['summary'] );
		self::assertFalse( $step( 'address', 'wrong' )['success'] );
		self::assertFalse( $step( 'no-such-step', $nonce )['success'] );
		$this->log_out();
		self::assertSame( 0, $step( 'address', $nonce ), 'a stranger' );
	}

	public function test_another_tab_opens_by_its_slug(): void {
		$tab = static function ( array $tabs ) {
			$tabs['other'] = array(
				'label'  => 'Other <b>',
				'render' => static function () {
					echo 'inside the other';
				},
			);
			return $tabs;
		};
		add_filter( 'ai_relay_tabs', $tab );
		$_GET['tab'] = 'other';
		ob_start();
		ai_relay_page();
		$page = ob_get_clean();
		unset( $_GET['tab'] );
		remove_filter( 'ai_relay_tabs', $tab );
		self::assertStringContainsString( 'inside the other', $page );
		self::assertMatchesRegularExpression( '~<a class="nav-tab nav-tab-active" aria-current="page" href="[^"]+page=ai-relay&#038;tab=other">Other &lt;b&gt;</a>~', $page );
		self::assertStringNotContainsString( 'ai-relay-settings"', $page );
	}

	public function test_secrets_are_not_loaded_with_every_page(): void {
		self::assertSame( array(), array_intersect( array( 'ai_relay_secret', 'ai_relay_secret_next' ), array_keys( wp_load_alloptions( true ) ) ) );
	}
}
