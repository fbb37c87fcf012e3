<?php
/**
 * What an owner does on the command line.
 *
 * @package AI_Relay
 */

final class CommandTest extends SiteTestCase {

	/** Exit code and everything that is printed. */
	private function run_wp( string $line, string $input = '' ): array {
		exec( 'printf %s ' . escapeshellarg( $input ) . ' | ' . escapeshellarg( getenv( 'WP_CLI' ) ) . " ai-relay $line 2>&1", $lines, $code );
		wp_cache_flush();
		return array( $code, implode( "\n", $lines ) );
	}

	private function three(): void {
		self::$relay->answers( array( array( 202 ), array( 422, '{"error":"invalid event"}' ), array( 500 ) ) );
		foreach ( array( 'one', 'two', 'three' ) as $key ) {
			$this->add_event( $key );
			ai_relay_deliver( 20, 'cli' );
		}
	}

	public function test_deliver_tells_what_it_did_and_what_waits(): void {
		self::$relay->answers( array( array( 202 ), array( 422 ), array( 500 ) ) );
		foreach ( array( 'a', 'b', 'c' ) as $key ) {
			$this->add_event( $key );
		}
		self::assertSame( array( 0, 'Success: 1 sent, 1 refused, 1 to try again; 1 waiting.' ), $this->run_wp( 'deliver' ) );
		$status = array_column( json_decode( $this->run_wp( 'status --format=json' )[1], true ), 'value', 'name' );
		self::assertEquals( array( 'endpoint' => self::$relay->url, 'secret' => 'set', 'paused' => 'no', 'waiting' => 1, 'sending' => 0, 'sent' => 1, 'failed' => 1 ), $status );
		self::assertSame( array( 'cli', 'cli', 'cli' ), array_column( $this->attempts(), 'started_by' ) );
	}

	public function test_deliver_fails_aloud_when_it_is_paused_or_not_set_up(): void {
		self::$relay->answer( 401, '{"error":"bad signature"}' );
		$this->add_event( 'a' );
		list( $code, $text ) = $this->run_wp( 'deliver' );
		self::assertSame( 1, $code );
		self::assertStringContainsString( 'Error: Paused: the relay answered 401 (bad signature). Check endpoint, secret and clock', $text );
		update_option( 'ai_relay_endpoint', '' );
		list( $code, $text ) = $this->run_wp( 'deliver' );
		self::assertSame( 1, $code );
		self::assertStringContainsString( 'There is no endpoint', $text );
	}

	public function test_the_log_is_filtered_and_one_event_shown_whole(): void {
		$this->three();
		self::assertSame( 'three two one', $this->run_wp( 'log --format=ids' )[1] );
		self::assertSame( 'two', $this->run_wp( 'log --status=failed --format=ids' )[1] );
		self::assertSame( 'three two', $this->run_wp( 'log --search=t --format=ids' )[1] );
		self::assertSame( 'three', $this->run_wp( 'log --event=post.published --limit=1 --format=ids' )[1] );
		self::assertSame( '', $this->run_wp( 'log --event=comment.created --format=ids' )[1] );
		self::assertStringContainsString( 'invalid event', $this->run_wp( 'log' )[1] );
		$entry = json_decode( $this->run_wp( 'log two --format=json' )[1], true );
		self::assertSame( array( 'failed', 'post.published', '422' ), array( $entry['status'], $entry['payload']['event'], $entry['attempts_made'][0]['code'] ) );
		self::assertSame( ai_relay_trace_id( 'two' ), $entry['trace_id'] );
		self::assertStringContainsString( '"idempotency_key": "two"', $this->run_wp( 'log two' )[1] );
		self::assertStringContainsString( ai_relay_trace_id( 'two' ), $this->run_wp( 'log two' )[1] );
		list( $code, $text ) = $this->run_wp( 'log nobody' );
		self::assertSame( array( 1, 'Error: There is no event with the key nobody.' ), array( $code, $text ) );
		self::assertSame( 1, $this->run_wp( 'log --status=lost' )[0] );
	}

	public function test_retry_takes_keys_or_a_status_and_a_dry_run_changes_nothing(): void {
		$this->three();
		self::$relay->reset();
		self::assertSame( array( 0, "two\nSuccess: 1 would be tried again." ), $this->run_wp( 'retry --status=failed --dry-run' ) );
		self::assertSame( 'failed', $this->outbox()[1]->status );
		self::assertSame( 0, $this->run_wp( 'retry --status=failed --event=post.published' )[0] );
		self::assertStringStartsWith( 'Success: 2 to try again.', $this->run_wp( 'retry one three' )[1] );
		// What a retry writes is sent at its end, by this site itself.
		self::wait_until(
			function () {
				return array( 'sent', 'sent', 'sent' ) === array_column( $this->outbox(), 'status' );
			},
			'all are sent'
		);
		self::assertCount( 3, array_unique( self::$relay->keys() ) );
		foreach ( array( 'retry', 'retry --status=sending', 'retry nobody', 'retry one --status=failed' ) as $line ) {
			self::assertSame( 1, $this->run_wp( $line )[0], $line );
		}
	}

	public function test_purge_asks_before_it_removes_what_was_not_sent(): void {
		$this->three();
		list( $code, $text ) = $this->run_wp( 'purge --status=all --older-than=0', "n\n" );
		self::assertStringContainsString( '2 of these events were not sent', $text );
		self::assertCount( 3, $this->outbox() );
		self::assertSame( array( 0, 'Success: 0 removed.' ), $this->run_wp( 'purge --status=sent --older-than=1' ) );
		self::assertSame( array( 0, 'Success: 1 removed.' ), $this->run_wp( 'purge --status=sent --older-than=0' ) );
		self::assertSame( array( 'two', 'three' ), array_column( $this->outbox(), 'idempotency_key' ) );
		self::assertSame( array( 0, 'Success: 2 removed.' ), $this->run_wp( 'purge --status=all --older-than=0 --yes' ) );
		self::assertSame( array(), $this->attempts() );
		foreach ( array( 'purge', 'purge --status=sent', 'purge --status=sent --older-than=x', 'purge --status=waiting --older-than=1' ) as $line ) {
			self::assertSame( 1, $this->run_wp( $line )[0], $line );
		}
	}
}
