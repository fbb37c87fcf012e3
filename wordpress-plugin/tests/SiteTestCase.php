<?php
/**
 * What the tests share: a clean outbox before each, the site over HTTP, a fake relay.
 *
 * @package AI_Relay
 */

abstract class SiteTestCase extends PHPUnit\Framework\TestCase {

	protected const SECRET = "s3cret <&\"'> ü ";

	protected static ?FakeRelay $relay = null;
	private array $posts               = array();

	protected function setUp(): void {
		global $wpdb;
		self::$relay = self::$relay ?? new FakeRelay();
		self::$relay->reset();
		foreach ( array( ai_relay_outbox_table(), ai_relay_attempt_table(), ai_relay_result_table() ) as $table ) {
			$wpdb->query( "DELETE FROM $table" );
		}
		foreach ( array_merge( array( 'ai_relay_sequence' ), AI_RELAY_MARKS ) as $counter ) {
			$wpdb->update( $wpdb->options, array( 'option_value' => '0' ), array( 'option_name' => $counter ) );
		}
		unset( $GLOBALS['current_screen'] ); // Of another test: notices are shown on some screens only.
		delete_option( 'ai_relay_pause' );
		delete_option( AI_RELAY_CHECK_RESULT );
		$settings = array(
			'endpoint' => self::$relay->url,
			'secret'   => self::SECRET,
		);
		foreach ( $settings + AI_RELAY_SETTINGS as $name => $value ) {
			update_option( 'ai_relay_' . $name, $value );
		}
		wp_set_current_user( get_user_by( 'login', getenv( 'WP_ADMIN_USER' ) )->ID );
	}

	protected function tearDown(): void {
		wp_cache_flush();
		foreach ( $this->posts as $id ) {
			wp_delete_post( $id, true );
		}
	}

	/** Tries until it is so, for ten seconds. */
	public static function wait_until( callable $condition, string $what ): void {
		$end = microtime( true ) + 10;
		do {
			wp_cache_flush();
			if ( $condition() ) {
				return;
			}
			usleep( 20000 );
		} while ( microtime( true ) < $end );
		self::fail( "Waited in vain until $what" );
	}

	/**
	 * The addresses that something sends requests to, in this process; none of them goes out.
	 *
	 * @return string[]
	 */
	protected function requests_of( callable $doing ): array {
		$addresses = array();
		$filter    = static function ( $answer, $arguments, $address ) use ( &$addresses ) {
			$addresses[] = $address;
			return new WP_Error( 'test', 'not sent' );
		};
		add_filter( 'pre_http_request', $filter, 10, 3 );
		$doing();
		remove_filter( 'pre_http_request', $filter );
		return $addresses;
	}

	/** A post made in this process: its events are in the outbox and nothing has begun to send them. */
	protected function make_post( array $fields = array() ): int {
		$id = wp_insert_post(
			wp_slash(
				$fields + array(
					'post_title'   => 'A title',
					'post_content' => 'Some content.',
					'post_status'  => 'publish',
				)
			)
		);
		$this->posts[] = $id;
		return $id;
	}

	/** A post made elsewhere goes with those of this test. */
	protected function adopt( int $id ): void {
		$this->posts[] = $id;
	}

	protected function make_comment( int $post_id, array $fields = array() ): int {
		return wp_insert_comment(
			wp_slash(
				$fields + array(
					'comment_post_ID'      => $post_id,
					'comment_content'      => 'Well said.',
					'comment_author'       => 'Ann',
					'comment_author_email' => ' Ann@Example.test',
					'comment_approved'     => '0',
				)
			)
		);
	}

	/** The outbox, oldest first. */
	protected function outbox(): array {
		global $wpdb;
		return $wpdb->get_results( 'SELECT * FROM ' . ai_relay_outbox_table() . ' ORDER BY id' );
	}

	/** The bodies in the outbox. */
	protected function events(): array {
		return array_map(
			static function ( $row ) {
				return json_decode( $row->payload, true );
			},
			$this->outbox()
		);
	}

	/** Makes every waiting row due. */
	protected function make_due(): void {
		global $wpdb;
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . ' SET next_attempt_at = 0' );
	}

	/** A row of the outbox, ready to send. */
	protected function add_event( string $key ): void {
		ai_relay_outbox_add( $key, ai_relay_envelope( 'post.published', $key ) );
	}

	/**
	 * One request, or several at once, to the site over HTTP as the administrator.
	 *
	 * @return array[] Of array{code:int,body:mixed}.
	 */
	protected function http( array $requests ): array {
		$multi   = curl_multi_init();
		$handles = array();
		foreach ( $requests as $request ) {
			$handle  = curl_init( getenv( 'WP_URL' ) . '/wp-json' . $request['path'] );
			$headers = array( 'Content-Type: application/json' );
			foreach ( $request['headers'] ?? array() as $name => $value ) {
				$headers[] = "$name: $value";
			}
			curl_setopt_array(
				$handle,
				array(
					CURLOPT_RETURNTRANSFER => true,
					CURLOPT_CUSTOMREQUEST  => $request['method'] ?? 'POST',
					CURLOPT_POSTFIELDS     => is_string( $request['body'] ) ? $request['body'] : wp_json_encode( $request['body'] ),
					CURLOPT_HTTPHEADER     => $headers,
					CURLOPT_USERPWD        => $request['login'] ?? getenv( 'WP_ADMIN_USER' ) . ':' . getenv( 'WP_APP_PASSWORD' ),
				)
			);
			if ( false === ( $request['login'] ?? true ) ) {
				curl_setopt( $handle, CURLOPT_USERPWD, null );
			}
			curl_multi_add_handle( $multi, $handle );
			$handles[] = $handle;
		}
		do {
			curl_multi_exec( $multi, $running );
			curl_multi_select( $multi, 1 );
		} while ( $running );
		wp_cache_flush();
		return array_map(
			static function ( $handle ) {
				return array(
					'code' => curl_getinfo( $handle, CURLINFO_RESPONSE_CODE ),
					'body' => json_decode( curl_multi_getcontent( $handle ), true ),
				);
			},
			$handles
		);
	}

	/** What proves over `http()` that the relay sent a body, in place of a login. */
	protected function signature_of( string $body, string $secret = self::SECRET, ?int $time = null ): array {
		$time = (string) ( $time ?? time() );
		return array(
			'login'   => false,
			'headers' => array(
				'X-WP-Timestamp' => $time,
				'X-WP-Signature' => hash_hmac( 'sha256', "$time.$body", $secret ),
			),
		);
	}

	/** Changes every row of the outbox. */
	protected function change_rows( string $assignments, string $where = '1 = 1' ): void {
		global $wpdb;
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . " SET $assignments WHERE $where" );
	}

	/** The attempts, oldest first. */
	protected function attempts(): array {
		global $wpdb;
		return $wpdb->get_results( 'SELECT a.*, idempotency_key FROM ' . ai_relay_attempt_table() . ' a JOIN ' . ai_relay_outbox_table() . ' o ON o.id = outbox_id ORDER BY a.id' );
	}

	/** Publishes or changes a post over REST, as the block editor does. */
	protected function rest_post( array $fields, int $id = 0 ): int {
		$answer = $this->http(
			array(
				array(
					'path' => '/wp/v2/posts' . ( $id ? "/$id" : '' ),
					'body' => $fields,
				),
			)
		)[0];
		self::assertContains( $answer['code'], array( 200, 201 ), wp_json_encode( $answer['body'] ) );
		$this->posts[] = $answer['body']['id'];
		return $answer['body']['id'];
	}

	/** Starts WP-CLI and leaves it running. */
	protected function start_wp( array $arguments ) {
		$log = array( 'file', getenv( 'WP_STATE' ) . '/log/wp-cli.log', 'a' );
		return proc_open( array_merge( array( getenv( 'WP_CLI' ) ), $arguments ), array( array( 'file', '/dev/null', 'r' ), array( 'pipe', 'w' ), $log ), $this->pipes );
	}

	protected array $pipes = array();

	/** What WP-CLI prints. */
	protected function wp( string ...$arguments ): string {
		$process = $this->start_wp( $arguments );
		$output  = stream_get_contents( $this->pipes[1] );
		proc_close( $process );
		wp_cache_flush();
		return trim( $output );
	}
}
