<?php
/**
 * Check the connection: each fault is provoked, and the check that is for it says so, with what to do.
 * With AI_RELAY_SAY=1 in the environment it prints what each said.
 *
 * @package AI_Relay
 */

final class CheckTest extends SiteTestCase {

	private array $left_over = array();

	protected function setUp(): void {
		parent::setUp();
		delete_option( AI_RELAY_CHECK_RESULT );
		self::$relay->check( $this->sound() );
		$this->schedule( 60 );
	}

	protected function tearDown(): void {
		array_map( 'unlink', array_filter( $this->left_over, 'is_file' ) );
		parent::tearDown();
	}

	/** A relay with which nothing is wrong. */
	private function sound( array $faults = array(), array $call_back = array() ): array {
		return $faults + array(
			'secrets'   => array( 'current' => self::SECRET ),
			'call_back' => $call_back + array(
				'url'   => getenv( 'WP_URL' ) . '/wp-json/ai-relay/v1/check',
				'login' => getenv( 'WP_ADMIN_USER' ) . ':' . getenv( 'WP_APP_PASSWORD' ),
			),
		);
	}

	/** The plugin's job is due in so many seconds. */
	private function schedule( int $in ): void {
		wp_unschedule_hook( 'ai_relay_deliver' );
		wp_schedule_event( time() + $in, 'ai_relay_minute', 'ai_relay_deliver' );
	}

	/** The site has this code in it, as another plugin would, until the test ends. */
	private function other_plugin( string $code ): void {
		$this->left_over[] = getenv( 'WP_STATE' ) . '/wp/wp-content/mu-plugins/fault-' . count( $this->left_over ) . '.php';
		file_put_contents( end( $this->left_over ), "<?php\n" . $code );
	}

	/** All checks up to one, by name. */
	private function check_up_to( string $last ): array {
		$context = array( 'patience' => 1 );
		$found   = array();
		foreach ( ai_relay_check_steps() as $name ) {
			$begun          = microtime( true );
			$found[ $name ] = ai_relay_check_step( $name, $context );
			self::assertLessThan( 10, microtime( true ) - $begun, "$name takes too long" );
			self::assertStringNotContainsString( self::SECRET, wp_json_encode( $found ) );
			if ( $name === $last ) {
				break;
			}
		}
		return $found;
	}

	/** One check, made after those before it, is like this. */
	private function assert_found( string $name, string $status, string $text, string $fix = '', array $found = array() ): void {
		$check = ( $found ? $found : $this->check_up_to( $name ) )[ $name ];
		if ( getenv( 'AI_RELAY_SAY' ) ) {
			fwrite( STDERR, "\n[$name] $check[status]: $check[text]\n  " . str_replace( "\n", "\n  ", $check['fix'] ) . "\n" );
		}
		self::assertSame( $status, $check['status'], $check['text'] . ' / ' . $check['fix'] );
		self::assertStringContainsString( $text, $check['text'] );
		if ( '' === $fix ) {
			self::assertSame( '' === $check['fix'], 'good' === $status || 'skipped' === $status || 'running' === $status );
		} else {
			self::assertStringContainsString( $fix, $check['fix'] );
		}
	}

	/** A server with a certificate, at https. */
	private function tls_server( string $subject, int $days = 365 ): string {
		$pem = getenv( 'WP_STATE' ) . '/tls-' . wp_rand() . '.pem';
		file_put_contents( "$pem.cnf", "[req]\ndistinguished_name=dn\n[dn]\n[ext]\nsubjectAltName=DNS:$subject\nbasicConstraints=CA:TRUE\n" );
		$options = array( 'config' => "$pem.cnf", 'x509_extensions' => 'ext', 'digest_alg' => 'sha256', 'private_key_bits' => 2048 );
		$key     = openssl_pkey_new( $options );
		openssl_x509_export( openssl_csr_sign( openssl_csr_new( array( 'commonName' => $subject ), $key, $options ), null, $key, $days, $options, wp_rand() ), $certificate );
		openssl_pkey_export( $key, $private, null, $options );
		file_put_contents( "$pem.crt", $certificate );
		file_put_contents( $pem, $certificate . $private );
		$port    = FakeRelay::free_port();
		$process = proc_open( array( PHP_BINARY, __DIR__ . '/tls-server.php', (string) $port, $pem ), array( array( 'file', '/dev/null', 'r' ), array( 'file', '/dev/null', 'w' ), array( 'file', '/dev/null', 'w' ) ), $pipes );
		register_shutdown_function(
			static function () use ( $process ) {
				proc_terminate( $process );
			}
		);
		self::wait_until(
			static function () use ( $port ) {
				return (bool) @fsockopen( '127.0.0.1', $port );
			},
			'the server with a certificate listens'
		);
		$this->certificate = "$pem.crt";
		return "https://127.0.0.1:$port/webhooks/wp";
	}

	private string $certificate = '';

	public function test_everything_is_in_order_to_the_last_line(): void {
		$found = $this->check_up_to( 'outbox' );
		self::assertSame( array( 'good' ), array_values( array_unique( array_column( $found, 'status' ) ) ), wp_json_encode( $found ) );
		self::assertStringContainsString( '“current” of “blog”', $found['signature']['text'] );
		self::assertSame( '', implode( '', array_column( $found, 'fix' ) ) );
	}

	public function test_the_address(): void {
		$addresses = array(
			''                                                             => array( 'There is no endpoint', 'Enter the address' ),
			'relay.example.com'                                            => array( 'not a web address', 'begins with https://' ),
			'http://127.0.0.1:' . FakeRelay::free_port() . '/webhooks/wp' => array( 'Nobody listens', 'bin/relay run' ),
			'http://relay.example.com/webhooks/wp'                         => array( 'not to make requests', "define( 'WP_ACCESSIBLE_HOSTS', 'relay.example.com' );" ),
			str_replace( 'http:', 'https:', self::$relay->url )            => array( 'No TLS', 'begins with http://' ),
		);
		foreach ( $addresses as $address => $said ) {
			update_option( 'ai_relay_endpoint', $address );
			$this->assert_found( 'address', 'bad', ...$said );
		}
		$this->assert_found( 'event', 'skipped', '“Address” has to be mended first' );
	}

	public function test_an_address_whose_name_is_not_known_and_one_that_does_not_answer(): void {
		$allow = '--exec=define( "WP_HTTP_BLOCK_EXTERNAL", false );';
		update_option( 'ai_relay_endpoint', 'http://nowhere.invalid:8080/webhooks/wp' );
		$found = json_decode( $this->wp( $allow, 'ai-relay', 'doctor', '--format=json', '--seconds=0' ), true );
		$this->assert_found( 'address', 'bad', 'not known: nowhere.invalid:8080', 'typing error', array_column( $found, null, 'name' ) );
		$silent = stream_socket_server( 'tcp://127.0.0.1:0' );
		update_option( 'ai_relay_endpoint', 'http://' . stream_socket_get_name( $silent, false ) . '/webhooks/wp' );
		$this->assert_found( 'address', 'bad', 'No answer from 127.0.0.1', 'firewall' );
	}

	public function test_the_certificate(): void {
		update_option( 'ai_relay_endpoint', $this->tls_server( 'relay.example.com' ) );
		$this->assert_found( 'tls', 'bad', 'self-signed', 'Let’s Encrypt' );
		$this->assert_found( 'signature', 'skipped', '“Encryption on the way (TLS)” has to be mended first' );
		$trust = function ( $arguments ) {
			return array( 'sslcertificates' => $this->certificate ) + $arguments;
		};
		add_filter( 'http_request_args', $trust );
		$this->assert_found( 'tls', 'bad', 'is for relay.example.com, and the endpoint says 127.0.0.1', 'Use the name in the certificate' );
		update_option( 'ai_relay_endpoint', str_replace( '127.0.0.1', 'localhost', $this->tls_server( 'localhost' ) ) );
		$this->assert_found( 'tls', 'good', 'is valid.' );
		update_option( 'ai_relay_endpoint', str_replace( '127.0.0.1', 'localhost', $this->tls_server( 'localhost', 5 ) ) );
		$this->assert_found( 'tls', 'warning', 'more days.', 'Renew' );
		update_option( 'ai_relay_endpoint', str_replace( '127.0.0.1', 'localhost', $this->tls_server( 'localhost', 0 ) ) );
		sleep( 2 ); // It was valid for no time at all.
		$this->assert_found( 'tls', 'bad', 'has expired, on ' . gmdate( 'Y-m' ), 'Renew it' );
		remove_filter( 'http_request_args', $trust );
	}

	public function test_no_tls_on_a_public_host_is_a_warning(): void {
		update_option( 'ai_relay_endpoint', 'http://relay.example.com/webhooks/wp' );
		$check = ai_relay_check_tls();
		self::assertSame( array( 'warning', true ), array( $check['status'], false !== strpos( $check['fix'], 'RELAY_TLS_KEYSTORE' ) ) );
		if ( getenv( 'AI_RELAY_SAY' ) ) {
			fwrite( STDERR, "\n[tls] $check[status]: $check[text]\n  $check[fix]\n" );
		}
	}

	public function test_what_is_no_relay(): void {
		self::$relay->reset();
		$html    = array( 'Content-Type' => 'text/html' );
		$json    = array( 'Content-Type' => 'application/json' );
		$answers = array(
			array( array( 200, '<html>Welcome', $html ), 'not a relay that answers (200)', 'ends with /webhooks/wp' ),
			array( array( 404, '<html>Nothing', $html ), 'not a relay that answers (404)', 'ends with /webhooks/wp' ),
			array( array( 404, '{"error":"not found"}', $json ), 'does not know this question', 'Update the relay' ),
			array( array( 301, '', array( 'Location' => 'https://relay.example.com/webhooks/wp/check' ) ), 'leads on to https://relay.example.com', 'without “/check”' ),
			array( array( 401, '<html>Log in', $html ), 'refuses the request with 401', 'without a login' ),
			array( array( 403, '<html>WAF', $html ), 'refuses the request with 403', 'without filtering' ),
			array( array( 403, '{"error":"address not allowed"}', $json ), 'from the address of this server', 'RELAY_ALLOWED_ADDRESSES' ),
			array( array( 429, '{"error":"too many requests"}', $json ), 'asked too often', 'Wait a minute' ),
			array( array( 502, '<html>Bad gateway', $html ), 'A proxy answers with 502', 'Start the relay' ),
			array( array( 503, '{"error":"unavailable"}', $json ), 'cannot work', '/observe/health' ),
		);
		foreach ( $answers as $answer ) {
			self::$relay->answer( ...$answer[0] );
			$this->assert_found( 'relay', 'bad', $answer[1], $answer[2] );
		}
		update_option( 'ai_relay_secret', '' );
		$this->assert_found( 'relay', 'bad', 'no secret to sign with', 'WP_RELAY_SECRET' );
	}

	public function test_the_clock(): void {
		foreach ( array( 3600 => 'is 1 hour behind', -3600 => 'is 1 hour ahead of' ) as $skew => $text ) {
			self::$relay->check( $this->sound( array( 'skew' => $skew ) ) );
			$this->assert_found( 'clock', 'bad', $text, 'timedatectl set-ntp true' );
		}
		$this->assert_found( 'signature', 'skipped', '“Clock” has to be mended first' );
		self::$relay->check( $this->sound( array( 'skew' => 120 ) ) );
		$this->assert_found( 'clock', 'warning', 'is ' . human_time_diff( 0, 120 ) . ' behind', 'timedatectl' );
		$this->assert_found( 'signature', 'good', 'knows this site' );
	}

	public function test_a_body_that_is_changed_on_the_way(): void {
		foreach ( array( 'trim', 'encode' ) as $how ) {
			self::$relay->check( $this->sound( array( 'tamper' => $how ) ) );
			$this->assert_found( 'signature', 'bad', 'not what was sent', 'firewall (WAF)' );
		}
	}

	public function test_a_secret_that_is_another_one(): void {
		self::$relay->check( $this->sound( array( 'secrets' => array( 'current' => 'another' ) ) ) );
		$this->assert_found( 'signature', 'bad', 'its secret is another one', 'Enter the relay’s secret here once more' );
		$this->assert_found( 'call_back', 'skipped', '“Secret and signature” has to be mended first' );
		update_option( 'ai_relay_key_id', 'site-7' );
		$this->assert_found( 'signature', 'bad', 'its secret is another one', 'The key id “site-7”' );
	}

	public function test_during_a_rotation_it_says_whether_the_relay_knows_the_next_secret(): void {
		update_option( 'ai_relay_secret_next', 'the next one' );
		$this->assert_found( 'signature', 'good', 'It does not know the next secret yet.' );
		self::$relay->check( $this->sound( array( 'secrets' => array( 'current' => self::SECRET, 'next' => 'the next one' ) ) ) );
		$this->assert_found( 'signature', 'good', 'It accepts the next secret as well' );
		self::$relay->check( $this->sound( array( 'secrets' => array( 'new' => 'the next one' ) ) ) );
		$this->assert_found( 'signature', 'good', '“new” of “blog”' );
	}

	public function test_a_rest_api_that_is_closed(): void {
		$ours   = "0 === strpos( \$_SERVER['REQUEST_URI'], '/wp-json/ai-relay/' )";
		$faults = array(
			array( "add_filter( 'rest_pre_dispatch', function () { return new WP_Error( 'rest_disabled', 'No.', array( 'status' => 403 ) ); } );", 'closed to the relay (403)', 'with the word “rest_disabled”' ),
			array( "add_filter( 'rest_endpoints', function ( \$all ) { unset( \$all['/ai-relay/v1/check'] ); return \$all; } );", 'rest_no_route', 'allow the routes that begin with' ),
			array( "if ( $ours ) { http_response_code( 403 ); exit( '<html>Forbidden' ); }", 'closed to the relay (403)', 'A firewall, the host' ),
			array( "if ( $ours ) { exit( '<html>Back soon' ); }", 'a web page that answers', 'Except /wp-json/ai-relay/v1/' ),
			array( "if ( $ours ) { http_response_code( 404 ); exit( '<html>Not found' ); }", 'no REST API at its address (404)', 'Settings > Permalinks' ),
			array( "if ( $ours ) { header( 'Location: https://www.example.com/', true, 301 ); exit; }", 'leads on to', 'WP_SITE_URL' ),
			array( "if ( $ours ) { http_response_code( 500 ); exit; }", 'fails (500)', 'error log' ),
			array( "unset( \$_SERVER['HTTP_X_WP_SIGNATURE'], \$_SERVER['PHP_AUTH_USER'], \$_SERVER['HTTP_AUTHORIZATION'] );", 'neither its login nor its signature', 'X-WP-Signature' ),
		);
		foreach ( $faults as $number => $fault ) {
			$this->other_plugin( $fault[0] );
			$found = $this->check_up_to( 'call_back' );
			if ( 7 !== $number ) {
				$this->assert_found( 'rest', 'bad', $fault[1], $fault[2], $found );
			}
			$this->assert_found( 'call_back', 'bad', $fault[1], $fault[2], $found );
			unlink( array_pop( $this->left_over ) );
		}
	}

	public function test_a_plugin_that_closes_the_rest_api_to_strangers_does_not_matter(): void {
		$this->other_plugin( "add_filter( 'rest_authentication_errors', function ( \$r ) { return is_user_logged_in() ? \$r : new WP_Error( 'closed', 'No.', array( 'status' => 401 ) ); } );" );
		$this->assert_found( 'rest', 'good', 'open for the relay' );
		self::$relay->check( $this->sound( array(), array( 'login' => null ) ) );
		$this->assert_found( 'call_back', 'good', 'reaches this site' );
	}

	public function test_a_site_that_does_not_reach_itself(): void {
		$elsewhere = static function () {
			return 'http://127.0.0.1:' . FakeRelay::free_port() . '/wp-json/ai-relay/v1/check';
		};
		add_filter( 'rest_url', $elsewhere );
		$this->assert_found( 'rest', 'warning', 'does not reach itself', '/etc/hosts' );
		remove_filter( 'rest_url', $elsewhere );
	}

	public function test_a_relay_that_does_not_reach_the_site(): void {
		self::$relay->check( array( 'call_back' => null ) + $this->sound() );
		$this->assert_found( 'call_back', 'bad', 'has no address of this site', 'WP_SITE_URL=' . home_url() );
		self::$relay->check( $this->sound( array(), array( 'url' => 'http://127.0.0.1:' . FakeRelay::free_port() . '/wp-json/ai-relay/v1/check' ) ) );
		$this->assert_found( 'call_back', 'bad', 'does not reach this site', 'RELAY_PRIVATE_ADDRESSES' );
		$this->assert_found( 'password', 'skipped', '“Way back from the relay” has to be mended first' );
	}

	public function test_an_authorization_header_that_is_taken_away(): void {
		$this->other_plugin( "unset( \$_SERVER['HTTP_AUTHORIZATION'], \$_SERVER['REDIRECT_HTTP_AUTHORIZATION'], \$_SERVER['PHP_AUTH_USER'], \$_SERVER['PHP_AUTH_PW'] );" );
		$found = $this->check_up_to( 'password' );
		foreach ( array( 'SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1', 'CGIPassAuth On', 'fastcgi_param HTTP_AUTHORIZATION $http_authorization;' ) as $line ) {
			$this->assert_found( 'authorization', 'warning', 'takes the header Authorization away', "\n    $line", $found );
		}
		$this->assert_found( 'password', 'skipped', 'No login arrived', '', $found );
	}

	public function test_a_relay_without_an_application_password_or_with_a_wrong_one(): void {
		self::$relay->check( $this->sound( array(), array( 'login' => null ) ) );
		$this->assert_found( 'authorization', 'warning', 'came without a login', 'WP_APP_USER=relay' );
		self::$relay->check( $this->sound( array(), array( 'login' => getenv( 'WP_ADMIN_USER' ) . ':abcd efgh' ) ) );
		$this->assert_found( 'password', 'bad', 'is not valid here', 'WP_APP_PASSWORD=' );
		$user = wp_insert_user( array( 'user_login' => 'reader', 'user_pass' => 'pass-word-1', 'role' => 'subscriber' ) );
		list( $password ) = WP_Application_Passwords::create_new_application_password( $user, array( 'name' => 'relay' ) );
		self::$relay->check( $this->sound( array(), array( 'login' => "reader:$password" ) ) );
		$this->assert_found( 'password', 'bad', 'its user may not write results', 'wp user add-role <user> ai_relay_writer' );
		get_user_by( 'id', $user )->add_role( AI_RELAY_ROLE );
		$this->assert_found( 'password', 'good', 'may write results' );
		update_option( 'ai_relay_nightly', array( 'moderate_comments' ) );
		$this->assert_found( 'password', 'warning', 'not read comments on hold', 'wp user add-role <editor> ai_relay_writer' );
		get_user_by( 'id', $user )->add_role( 'editor' );
		$this->assert_found( 'password', 'good', 'may write results' );
		wp_delete_user( $user );
	}

	public function test_application_passwords_that_are_switched_off(): void {
		add_filter( 'wp_is_application_passwords_available', '__return_false' );
		$this->assert_found( 'password', 'warning', 'switched off on this site', 'needs https' );
		remove_filter( 'wp_is_application_passwords_available', '__return_false' );
	}

	public function test_a_result_that_another_process_writes_is_seen(): void {
		get_option( AI_RELAY_CHECK_RESULT );
		$this->wp( 'eval', "update_option( AI_RELAY_CHECK_RESULT, array( 'key' => 'check-1' ), false );" );
		// Not as wp() leaves it: with what this process has looked up before.
		wp_cache_set( AI_RELAY_CHECK_RESULT, 'of before', 'options' );
		self::assertSame( array( 'key' => 'check-1' ), ai_relay_test_result() );
	}

	public function test_the_route_of_the_check_wants_a_proof(): void {
		$now    = (string) time();
		$signed = array( 'X-WP-Timestamp' => $now, 'X-WP-Signature' => ai_relay_sign( self::SECRET, $now, '{}' ) );
		$path   = '/ai-relay/v1/check';
		list( $none, $wrong, $login ) = $this->http(
			array(
				array( 'path' => $path, 'body' => '{}', 'login' => false ),
				array( 'path' => $path, 'body' => '{"a":1}', 'login' => false, 'headers' => $signed ),
				array( 'path' => $path, 'body' => '{}' ),
			)
		);
		self::assertSame( array( 401, 401, 200 ), array( $none['code'], $wrong['code'], $login['code'] ) );
		// Without any header Authorization, which cURL sends also for an empty login.
		$signature = json_decode( wp_remote_retrieve_body( wp_remote_post( getenv( 'WP_URL' ) . '/wp-json' . $path, array( 'headers' => $signed, 'body' => '{}' ) ) ), true );
		self::assertSame( array( 'authorization' => false, 'login' => 'none', 'can_write' => false, 'can_moderate' => false, 'signature' => true, 'version' => AI_RELAY_VERSION ), $signature );
		self::assertSame( array( 'authorization' => true, 'login' => 'ok', 'can_write' => true, 'can_moderate' => true, 'signature' => false, 'version' => AI_RELAY_VERSION ), $login['body'] );
	}

	public function test_the_check_from_inside_is_no_login_that_failed(): void {
		$this->other_plugin( "add_action( 'application_password_failed_authentication', function () { file_put_contents( '" . getenv( 'WP_STATE' ) . "/failed-login', 'x', FILE_APPEND ); } );" );
		$this->assert_found( 'rest', 'good', 'open for the relay' );
		self::assertFileDoesNotExist( getenv( 'WP_STATE' ) . '/failed-login' );
	}

	public function test_a_cron_that_does_not_run(): void {
		global $wpdb;
		$this->schedule( -1500 );
		$this->assert_found( 'cron', 'warning', 'for ' . human_time_diff( 0, 1500 ) . ': DISABLE_WP_CRON is set', 'cron event run --due-now' );
		$this->assert_found( 'cron', 'warning', 'for ' . human_time_diff( 0, 1500 ), 'wp-cron.php?doing_wp_cron' );
		$this->add_event( 'waits' );
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . ' SET next_attempt_at = ' . ( time() - 5000 ) );
		$found = $this->check_up_to( 'event' );
		$this->assert_found( 'cron', 'bad', 'for ' . human_time_diff( 0, 1500 ), '* * * * *', $found );
		$this->assert_found( 'outbox', 'bad', 'should have been sent 1 hour ago', '* * * * *', $found );
		$this->assert_found( 'event', 'skipped', '“Events that wait” has to be mended first', '', $found );
	}

	public function test_a_pause_is_told_and_ends_when_the_relay_accepts_us_again(): void {
		ai_relay_pause( 401, 'bad signature' );
		self::$relay->check( $this->sound( array( 'secrets' => array( 'current' => 'another' ) ) ) );
		$this->assert_found( 'outbox', 'bad', 'Sending stopped', 'then save the settings' );
		self::assertNotNull( ai_relay_paused() );
		self::$relay->check( $this->sound() );
		$this->assert_found( 'outbox', 'good', 'so it goes on now' );
		self::assertNull( ai_relay_paused() );
	}

	public function test_events_that_were_given_up(): void {
		global $wpdb;
		$this->add_event( 'lost' );
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . " SET status = 'failed', last_error = 'invalid event; title: is missing'" );
		$this->assert_found( 'outbox', 'warning', '1 event of the last 30 days was given up: invalid event; title: is missing.', 'Open the log' );
	}

	public function test_a_check_whose_facts_were_lost_on_the_way_is_not_made(): void {
		$context = array();
		$this->assert_found( 'relay', 'skipped', 'Start the check again', '', array( 'relay' => ai_relay_check_step( 'relay', $context ) ) );
		$context = array( 'status' => array( 'relay' => 'bad' ) );
		$this->assert_found( 'signature', 'skipped', '“Relay” has to be mended first', '', array( 'signature' => ai_relay_check_step( 'signature', $context ) ) );
		$context = array( 'status' => array( 'signature' => 'good' ) );
		$this->assert_found( 'event', 'skipped', 'Start the check again', '', array( 'event' => ai_relay_check_step( 'event', $context ) ) );
		self::assertSame( array(), $this->outbox(), 'and no event is made for it' );
	}

	/** What the checks before the test event have found. */
	private const BEFORE = array(
		'signature' => 'good',
		'outbox'    => 'good',
	);

	/** What the test event comes to, when it has been waited for long enough. */
	private function test_event( array $status = array() ): array {
		self::$relay->check( $this->sound( array( 'status' => $status ) ) );
		$context = array( 'patience' => 0 );
		foreach ( array( 'address', 'tls', 'relay' ) as $name ) {
			ai_relay_check_step( $name, $context );
		}
		$context['status'] += self::BEFORE;
		return array( 'event' => ai_relay_check_step( 'event', $context ) );
	}

	public function test_the_test_event_goes_through_the_outbox_and_its_result_comes_back(): void {
		$context = array(
			'patience' => 60,
			'status'   => self::BEFORE,
		);
		$this->assert_found( 'event', 'running', 'its result is not here yet', '', array( 'event' => ai_relay_check_step( 'event', $context ) ) );
		$event = json_decode( self::$relay->requests()[0]['body'], true );
		self::assertSame( array( 'connection.tested', $context['key'] ), array( $event['event'], $event['idempotency_key'] ) );
		self::assertNotEmpty( $event['content'] );
		update_option( AI_RELAY_CHECK_RESULT, array( 'key' => 'of another check', 'at' => time(), 'provider' => 'x', 'model' => 'x', 'verdict' => 'hold' ) );
		self::assertSame( 'running', ai_relay_check_step( 'event', $context )['status'] );
		update_option( AI_RELAY_CHECK_RESULT, array( 'key' => $context['key'], 'at' => time() + 2, 'provider' => 'local', 'model' => 'mini <b>', 'verdict' => 'approve' ) );
		$this->assert_found( 'event', 'good', 'judged by local mini', '', array( 'event' => ai_relay_check_step( 'event', $context ) ) );
		self::assertCount( 1, self::$relay->requests(), 'one event, however often it is asked for' );
	}

	public function test_a_test_event_that_does_not_come_back(): void {
		$states = array(
			array( array( 'status' => 'queued' ), 'warning', 'has not begun with it', 'relay_queue_depth' ),
			array( array( 'status' => 'processing' ), 'warning', 'still at work', 'bin/relay show check-' ),
			array( array( 'status' => 'processing', 'error' => 'AI: 500.' ), 'bad', 'tries again: AI: 500.', 'bin/relay show check-' ),
			array( array( 'status' => 'error', 'error' => 'AI: 401 <key>' ), 'bad', 'has given the test event up: AI: 401', 'bin/relay show check-' ),
			array( array( 'status' => 'done' ), 'warning', 'its result stays there', 'the way back' ),
			array( array( 'nonsense' => 1 ), 'warning', 'does not say how it is', 'Check again' ),
		);
		foreach ( $states as $state ) {
			$this->assert_found( 'event', $state[1], $state[2], $state[3], $this->test_event( $state[0] ) );
		}
	}

	public function test_a_test_event_that_is_refused_or_not_taken(): void {
		self::$relay->answer( 422, '{"error":"invalid event","details":[{"field":"event","problem":"is unknown"}]}' );
		$this->assert_found( 'event', 'bad', 'refused the test event: 422 (invalid event; event: is unknown)', 'Update the relay', $this->test_event() );
		self::$relay->answer( 503, '{"error":"unavailable"}' );
		$this->assert_found( 'event', 'bad', 'was not taken: 503 (unavailable)', 'Check again', $this->test_event() );
	}

	public function test_a_test_event_that_nothing_sends_is_helped_along_and_that_is_said(): void {
		$context = array( 'status' => self::BEFORE );
		$this->assert_found( 'event', 'running', 'waits to be sent', '', array( 'event' => ai_relay_check_step( 'event', $context ) ) );
		$context['written'] -= AI_RELAY_TEST_HELP;
		self::assertSame( 'running', ai_relay_check_step( 'event', $context )['status'] );
		self::assertCount( 1, self::$relay->requests() );
		update_option( AI_RELAY_CHECK_RESULT, array( 'key' => $context['key'], 'at' => time(), 'provider' => 'local', 'model' => 'm', 'verdict' => 'approve' ) );
		$this->assert_found( 'event', 'warning', 'nothing sent it until this page did', '* * * * *', array( 'event' => ai_relay_check_step( 'event', $context ) ) );
	}

	public function test_the_doctor_says_all_of_it_and_ends_with_1_when_something_is_broken(): void {
		$process = $this->start_wp( array( 'ai-relay', 'doctor', '--seconds=1' ) );
		$text    = stream_get_contents( $this->pipes[1] );
		self::assertSame( 0, proc_close( $process ), $text );
		self::assertStringContainsString( 'Secret and signature: In order. Every byte arrives', $text );
		update_option( 'ai_relay_secret', 'quite another secret' );
		$process = $this->start_wp( array( 'ai-relay', 'doctor', '--format=json', '--seconds=0' ) );
		$found   = array_column( json_decode( stream_get_contents( $this->pipes[1] ), true ), 'status', 'name' );
		self::assertSame( 1, proc_close( $process ) );
		self::assertSame( array( 'good', 'bad', 'skipped' ), array( $found['clock'], $found['signature'], $found['call_back'] ) );
	}
}
