<?php
/**
 * A relay over the wire, with answers of the test's choice.
 *
 * @package AI_Relay
 */

final class FakeRelay {

	public string $url;
	private string $directory;
	private $process;

	public function __construct() {
		$this->directory = getenv( 'WP_STATE' ) . '/fake-relay-' . getmypid();
		mkdir( $this->directory );
		$port      = self::free_port();
		$this->url = "http://127.0.0.1:$port/webhooks/wp";
		$this->reset();
		$this->process = proc_open(
			array( 'setsid', PHP_BINARY, '-S', "127.0.0.1:$port", __DIR__ . '/fake-relay-router.php' ),
			array( array( 'file', '/dev/null', 'r' ), array( 'file', $this->directory . '/log', 'w' ), array( 'file', $this->directory . '/log', 'a' ) ),
			$pipes,
			null,
			// Several workers: events that come at once are answered at once.
			array(
				'FAKE_RELAY'             => $this->directory,
				'PHP_CLI_SERVER_WORKERS' => '6',
			)
		);
		register_shutdown_function(
			function () {
				// With its workers: it leads a group of its own.
				exec( 'kill -TERM -' . proc_get_status( $this->process )['pid'] );
			}
		);
		SiteTestCase::wait_until(
			static function () use ( $port ) {
				return (bool) @fsockopen( '127.0.0.1', $port );
			},
			'the fake relay listens'
		);
	}

	/** A port at which nobody listens. */
	public static function free_port(): int {
		$socket = stream_socket_server( 'tcp://127.0.0.1:0' );
		return (int) explode( ':', stream_socket_get_name( $socket, false ) )[1];
	}

	/** Forgets what came and accepts everything. */
	public function reset(): void {
		file_put_contents( $this->directory . '/requests', '' );
		file_put_contents( $this->directory . '/answered', '' );
		@unlink( $this->directory . '/check' );
		$this->answer( 202, '{"status":"accepted","id":1}' );
	}

	/** From now on, answers so. */
	public function answer( int $code, string $body = '{}', array $headers = array() ): void {
		$this->answers( array( array( $code, $body, $headers ) ) );
	}

	/** Answers these one after the other, the last one for ever; each a status, a body, headers, and milliseconds until then. */
	public function answers( array $answers ): void {
		$list = array();
		foreach ( $answers as $answer ) {
			$list[] = array(
				'code'    => $answer[0],
				'body'    => $answer[1] ?? '{}',
				'headers' => (object) ( $answer[2] ?? array() ),
				'delay'   => $answer[3] ?? 0,
			);
		}
		file_put_contents( $this->directory . '/answers', wp_json_encode( $list ) );
	}

	/**
	 * From now on, really answers questions about the connection (contract, section 5), with these faults:
	 * `secrets` by key id, `skew` seconds of its clock, `tamper` (`trim`, `encode`) with the body on the way,
	 * `call_back` (null, or `url`, `login`, `body`), `status` of any event that is asked for.
	 */
	public function check( array $faults ): void {
		file_put_contents( $this->directory . '/check', wp_json_encode( $faults ) );
	}

	/** When each answer was given, in seconds. */
	public function answered(): array {
		return array_map( 'floatval', file( $this->directory . '/answered' ) );
	}

	/** What has arrived: arrays with `at` (seconds), method, headers (names in lower case), body (the raw bytes). */
	public function requests(): array {
		$requests = array();
		foreach ( file( $this->directory . '/requests' ) as $line ) {
			$request         = json_decode( $line, true );
			$request['body'] = base64_decode( $request['body'] );
			$requests[]      = $request;
		}
		return $requests;
	}

	/** The keys that have arrived. */
	public function keys(): array {
		return array_column( array_column( $this->requests(), 'headers' ), 'idempotency-key' );
	}
}
