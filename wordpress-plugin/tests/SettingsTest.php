<?php
/**
 * The settings: what wins, what is kept byte for byte, what is shown.
 *
 * @package AI_Relay
 */

final class SettingsTest extends SiteTestCase {

	private string $cookies = '';

	/** One step of a browser with its cookies. */
	private function browse( string $path, ?array $fields = null ): string {
		$handle = curl_init( getenv( 'WP_URL' ) . $path );
		curl_setopt_array(
			$handle,
			array(
				CURLOPT_RETURNTRANSFER => true,
				CURLOPT_FOLLOWLOCATION => true,
				CURLOPT_COOKIEFILE     => $this->cookies,
				CURLOPT_COOKIEJAR      => $this->cookies,
			) + ( null === $fields ? array() : array( CURLOPT_POSTFIELDS => http_build_query( $fields ) ) )
		);
		$page = curl_exec( $handle );
		unset( $handle );
		wp_cache_flush();
		return $page;
	}

	private function log_in(): void {
		$this->cookies = tempnam( getenv( 'WP_STATE' ), 'cookies' );
		$this->browse( '/wp-login.php', array( 'log' => getenv( 'WP_ADMIN_USER' ), 'pwd' => getenv( 'WP_ADMIN_PASS' ) ) );
	}

	/** Opens the settings, fills the form in and saves it. */
	private function save( array $fields ): string {
		preg_match( '/name="_wpnonce" value="([^"]+)"/', $this->browse( '/wp-admin/options-general.php?page=ai-relay' ), $nonce );
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
		self::assertStringContainsString( 'A secret is set.', $page );
		self::assertStringNotContainsString( 'a&lt;b&gt;', $page );
		self::assertStringNotContainsString( 'a<b>', $page );

		$this->save( array( 'ai_relay_endpoint' => 'http://127.0.0.1:8080/', 'ai_relay_secret' => array( 'value' => '' ), 'ai_relay_key_id' => '' ) );
		self::assertSame( $secret, ai_relay_setting( 'secret' ), 'an empty field leaves it' );
	}

	public function test_the_switch_that_lets_the_ai_approve_is_off_until_somebody_sets_it(): void {
		$this->log_in();
		self::assertFalse( ai_relay_may_approve() );
		$fields = array( 'ai_relay_endpoint' => self::$relay->url, 'ai_relay_secret' => array( 'value' => '' ), 'ai_relay_key_id' => '' );
		self::assertStringContainsString( "checked='checked'", $this->save( array( 'ai_relay_approve' => '1' ) + $fields ) );
		self::assertTrue( ai_relay_may_approve() );
		$this->save( array( 'ai_relay_approve' => 'yes, please' ) + $fields );
		self::assertFalse( ai_relay_may_approve() );
		$this->save( array( 'ai_relay_approve' => '1' ) + $fields );
		$this->save( array( 'ai_relay_approve' => '0' ) + $fields );
		self::assertFalse( ai_relay_may_approve() );
	}

	public function test_an_endpoint_that_is_no_web_address_is_refused_and_the_old_one_stays(): void {
		$this->log_in();
		foreach ( array( 'javascript:alert(1)', 'ftp://x.test/', 'http://' ) as $address ) {
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
		wp_delete_user( $user );
	}

	public function test_a_constant_wins_and_its_field_says_so_and_saving_leaves_the_option(): void {
		$print = 'echo wp_json_encode( array( ai_relay_setting( "endpoint" ), ai_relay_setting( "secret" ), ai_relay_setting( "secret_next" ), ai_relay_setting( "key_id" ) ) );';
		$field = 'require_once WP_PLUGIN_DIR . "/ai-relay/includes/admin/settings-page.php"; ai_relay_field( array( "name" => "secret" ) ); echo ai_relay_clean_secret( array( "value" => "changed" ) ) === get_option( "ai_relay_secret" ) ? "left" : "changed";';
		$fixed = '--exec=define( "AI_RELAY_ENDPOINT", "http://fixed.test/" ); define( "AI_RELAY_SECRET", " fixed " ); define( "AI_RELAY_SECRET_NEXT", "next" ); define( "AI_RELAY_KEY_ID", "k" );';
		self::assertSame( array( self::$relay->url, self::SECRET, '', '' ), json_decode( $this->wp( 'eval', $print ), true ) );
		self::assertSame( array( 'http://fixed.test/', ' fixed ', 'next', 'k' ), json_decode( $this->wp( $fixed, 'eval', $print ), true ) );
		$html = $this->wp( $fixed, 'eval', $field );
		self::assertStringContainsString( 'Fixed by AI_RELAY_SECRET in wp-config.php.', $html );
		self::assertStringContainsString( "disabled='disabled'", $html );
		self::assertStringEndsWith( 'left', $html );
	}

	public function test_secrets_are_not_loaded_with_every_page(): void {
		self::assertSame( array(), array_intersect( array( 'ai_relay_secret', 'ai_relay_secret_next' ), array_keys( wp_load_alloptions( true ) ) ) );
	}
}
