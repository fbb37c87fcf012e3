<?php
/**
 * Site Health: whether events get away, whether the connection works, and what its Info tells.
 *
 * @package AI_Relay
 */

final class SiteHealthTest extends SiteTestCase {

	protected function setUp(): void {
		parent::setUp();
		self::$relay->check(
			array(
				'secrets'   => array( 'current' => self::SECRET ),
				'call_back' => array(
					'url'   => getenv( 'WP_URL' ) . '/wp-json/ai-relay/v1/check',
					'login' => getenv( 'WP_ADMIN_USER' ) . ':' . getenv( 'WP_APP_PASSWORD' ),
				),
			)
		);
		wp_unschedule_hook( 'ai_relay_deliver' );
		wp_schedule_event( time() + 60, 'ai_relay_minute', 'ai_relay_deliver' );
	}

	public function test_both_tests_are_registered(): void {
		require_once ABSPATH . 'wp-admin/includes/class-wp-site-health.php';
		$tests = WP_Site_Health::get_tests();
		self::assertSame( 'ai_relay_health_of_deliveries', $tests['direct']['ai_relay_delivers']['test'] );
		self::assertTrue( $tests['async']['ai_relay_connection']['has_rest'] );
	}

	public function test_deliveries_are_judged_by_what_is_known_here(): void {
		self::assertSame( 'good', ai_relay_health_of_deliveries()['status'] );
		self::assertSame( array(), self::$relay->requests(), 'nobody is asked' );
		ai_relay_pause( 401, 'bad <b>signature</b>' );
		$paused = ai_relay_health_of_deliveries();
		self::assertSame( array( 'critical', 'AI Relay does not deliver its events' ), array( $paused['status'], $paused['label'] ) );
		self::assertStringContainsString( 'bad &lt;b&gt;signature&lt;/b&gt;', $paused['description'] );
		update_option( 'ai_relay_secret', '' );
		self::assertSame( 'recommended', ai_relay_health_of_deliveries()['status'] );
	}

	public function test_the_connection_is_asked_for_over_rest_by_those_who_may(): void {
		$path    = '/ai-relay/v1/site-health/connection';
		$user    = wp_insert_user( array( 'user_login' => 'editor_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => 'editor' ) );
		list( $password ) = WP_Application_Passwords::create_new_application_password( $user, array( 'name' => 'test' ) );
		$editor  = get_user_by( 'id', $user )->user_login . ':' . $password;
		$answers = $this->http( array( array( 'method' => 'GET', 'path' => $path, 'body' => '' ), array( 'method' => 'GET', 'path' => $path, 'body' => '', 'login' => $editor ) ) );
		self::assertSame( array( 200, 403 ), array_column( $answers, 'code' ) );
		self::assertSame( array( 'good', 'AI Relay is connected, there and back' ), array( $answers[0]['body']['status'], $answers[0]['body']['label'] ) );
		wp_delete_user( $user );
		update_option( 'ai_relay_secret', 'quite another secret' );
		$broken = ai_relay_health_of_connection();
		self::assertSame( 'critical', $broken['status'] );
		self::assertStringContainsString( '<strong>Secret and signature</strong>: Every byte arrives', $broken['description'] );
		foreach ( self::$relay->requests() as $request ) {
			self::assertFalse( 'POST' === $request['method'] && '/webhooks/wp' === $request['path'], 'no test event is sent' );
		}
	}

	public function test_the_info_says_what_there_is_and_no_secret(): void {
		update_option( 'ai_relay_endpoint', 'https://user:pass-word@relay.example.com/webhooks/wp?token=t0ken' );
		update_option( 'ai_relay_pii_key', base64_encode( str_repeat( 'k', 32 ) ) );
		$this->add_event( 'one' );
		$fields = ai_relay_debug_information( array() )['ai-relay']['fields'];
		self::assertSame( array( 'relay.example.com:443', 'set', 'not set', 'set', '1' ), array( $fields['endpoint']['value'], $fields['secret']['value'], $fields['secret_next']['value'], $fields['pii_key']['value'], $fields['outbox_waiting']['value'] ) );
		foreach ( array( self::SECRET, 'pass-word', 't0ken', ai_relay_setting( 'pii_key' ) ) as $secret ) {
			self::assertStringNotContainsString( trim( wp_json_encode( $secret ), '"' ), wp_json_encode( $fields ) );
		}
	}
}
