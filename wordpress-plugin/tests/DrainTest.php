<?php
/**
 * The relay asks for what it has not seen.
 *
 * @package AI_Relay
 */

final class DrainTest extends SiteTestCase {

	private function request( string $body = '{}', array $proof = array() ): array {
		return array(
			'path' => '/ai-relay/v1/drain',
			'body' => $body,
		) + ( $proof ? $proof : $this->signature_of( $body ) );
	}

	private function drain( string $body = '{}', array $proof = array() ): array {
		return $this->http( array( $this->request( $body, $proof ) ) )[0];
	}

	public function test_a_drain_delivers_where_nothing_else_does(): void {
		$this->add_event( 'first' );
		$this->add_event( 'second' );
		self::assertSame( array(), self::$relay->keys(), 'no visitor, no cron' );
		$answer = $this->drain();
		self::assertSame( array( 200, array( 'sent' => 2, 'refused' => 0, 'retry' => 0, 'waiting' => 0, 'sequence' => 2, 'absent' => array() ) ), array( $answer['code'], $answer['body'] ) );
		self::assertSame( array( 'first', 'second' ), self::$relay->keys() );
		self::assertSame( array( 'drain', 'drain' ), array_column( $this->attempts(), 'started_by' ) );
	}

	public function test_the_application_password_is_as_good_as_the_signature_and_nothing_else_is(): void {
		self::assertSame( 200, $this->drain( '{}', array( 'headers' => array() ) )['code'] );
		self::assertSame( 401, $this->drain( '{}', array( 'login' => false ) )['code'] );
		self::assertSame( 401, $this->drain( '{}', $this->signature_of( '{}', 'wrong' ) )['code'] );
		self::assertSame( 401, $this->drain( '{}', $this->signature_of( '{}', self::SECRET, time() - 400 ) )['code'] );
		$reader = wp_insert_user( array( 'user_login' => 'reader_' . wp_rand(), 'user_pass' => 'pass-word-1', 'role' => 'subscriber' ) );
		list( $password ) = WP_Application_Passwords::create_new_application_password( $reader, array( 'name' => 'test' ) );
		$login = get_userdata( $reader )->user_login . ':' . $password;
		self::assertSame( 403, $this->drain( '{}', array( 'login' => $login ) )['code'] );
		self::assertSame( 200, $this->drain( '{}', array( 'login' => 'nobody:wrong' ) + $this->signature_of( '{}' ) )['code'], 'a login that failed does not count against it' );
		wp_delete_user( $reader );
	}

	public static function bad_bodies(): array {
		return array(
			'no JSON'     => array( '{', 'body' ),
			'nothing'     => array( '', 'body' ),
			'a list'      => array( '[]', 'body' ),
			'not a list'  => array( '{"sequences":7}', 'sequences' ),
			'an object'   => array( '{"sequences":{"1":1}}', 'sequences' ),
			'text'        => array( '{"sequences":["1) OR (1=1"]}', 'sequences' ),
			'zero'        => array( '{"sequences":[0]}', 'sequences' ),
			'a fraction'  => array( '{"sequences":[1.5]}', 'sequences' ),
			'huge'        => array( '{"sequences":[99999999999999999999]}', 'sequences' ),
			'too many'    => array( '{"sequences":[' . implode( ',', range( 1, 501 ) ) . ']}', 'sequences' ),
		);
	}

	/** @dataProvider bad_bodies */
	public function test_a_bad_body_is_refused_with_where_and_why( string $body, string $field ): void {
		$this->add_event( 'stays' );
		$answer = $this->drain( $body );
		self::assertSame( array( 422, 'invalid drain', $field ), array( $answer['code'], $answer['body']['error'], $answer['body']['details'][0]['field'] ) );
		self::assertSame( array(), self::$relay->keys() );
	}

	public function test_a_signed_drain_ends_a_pause_and_one_with_a_password_alone_does_not(): void {
		$this->add_event( 'patient' );
		ai_relay_pause( 401, 'bad signature' );
		self::assertSame( 1, $this->drain( '{}', array( 'headers' => array() ) )['body']['waiting'] );
		self::assertSame( array(), self::$relay->keys() );
		self::assertSame( 1, $this->drain()['body']['sent'] );
		self::assertNull( ai_relay_paused() );
	}

	public function test_what_waits_after_an_error_is_due_at_once_but_not_what_the_relay_pushed_back_or_is_still_being_saved(): void {
		$later = time() + 3600;
		foreach ( array( 'unanswered', 'error', 'pushed-back', 'being-saved' ) as $key ) {
			$this->add_event( $key );
		}
		$this->change_rows( "attempts = 1, next_attempt_at = $later" );
		$this->change_rows( 'last_code = 503', "idempotency_key = 'error'" );
		$this->change_rows( 'last_code = 429', "idempotency_key = 'pushed-back'" );
		$this->change_rows( 'attempts = 0', "idempotency_key = 'being-saved'" );
		$answer = $this->drain()['body'];
		self::assertSame( array( 2, 2 ), array( $answer['sent'], $answer['waiting'] ) );
		self::assertSame( array( 'error', 'unanswered' ), $this->sorted( self::$relay->keys() ) );
	}

	public function test_what_the_relay_has_lost_is_sent_again_with_its_key_and_what_will_not_come_is_said(): void {
		foreach ( array( 'lost', 'refused', 'fine', 'waits' ) as $key ) {
			$this->add_event( $key );
		}
		$long_ago = time() - 20 * DAY_IN_SECONDS;
		$this->change_rows( "status = 'sent', attempts = 1, last_code = 202, sent_at = $long_ago, created_at = $long_ago" );
		$this->change_rows( "status = 'failed', last_code = 422", "idempotency_key = 'refused'" );
		$this->change_rows( "status = 'waiting', next_attempt_at = " . ( time() + 3600 ) . ', last_code = 429', "idempotency_key = 'waits'" );
		$before = $this->outbox()[0]->payload;
		$answer = $this->drain( '{"sequences":[1,2,4,17,17]}' )['body'];
		self::assertSame( array( 'sent' => 1, 'refused' => 0, 'retry' => 0, 'waiting' => 1, 'sequence' => 4, 'absent' => array( 2, 17 ) ), $answer );
		self::assertSame( array( 'lost' ), self::$relay->keys() );
		self::assertSame( $before, self::$relay->requests()[0]['body'] );
		self::assertSame( 'failed', $this->outbox()[1]->status );
	}

	public function test_what_is_sent_again_long_after_it_was_written_is_not_given_up_at_the_first_failure(): void {
		self::$relay->answer( 503 );
		$this->add_event( 'lost' );
		$long_ago = time() - 20 * DAY_IN_SECONDS;
		$this->change_rows( "status = 'sent', attempts = 9, sent_at = $long_ago, created_at = $long_ago" );
		self::assertSame( 1, $this->drain( '{"sequences":[1]}' )['body']['retry'] );
		self::assertSame( 'waiting', $this->outbox()[0]->status );
		self::assertEqualsWithDelta( time() + 60, (int) $this->outbox()[0]->next_attempt_at, 3, 'and its waits begin anew' );
	}

	public function test_two_drains_at_once_send_nothing_twice(): void {
		for ( $number = 1; $number <= 30; $number++ ) {
			$this->add_event( "event-$number" );
		}
		$this->change_rows( "status = 'sent', sent_at = created_at - 60", 'id % 2 = 0' );
		self::$relay->answers( array( array( 202, '{}', array(), 20 ) ) );
		$body    = '{"sequences":[' . implode( ',', range( 1, 30 ) ) . ']}';
		$answers = $this->http( array( $this->request( $body ), $this->request( $body ), $this->request( $body ) ) );
		self::assertSame( array( 200, 200, 200 ), array_column( $answers, 'code' ) );
		$keys = self::$relay->keys();
		self::assertCount( 30, $keys );
		self::assertCount( 30, array_unique( $keys ) );
		self::assertSame( 30, array_sum( array_column( array_column( $answers, 'body' ), 'sent' ) ) );
	}

	public function test_a_relay_that_is_still_away_or_not_set_up_makes_no_error(): void {
		self::$relay->answer( 503 );
		$this->add_event( 'waits' );
		$answer = $this->drain();
		self::assertSame( array( 200, 1, 1 ), array( $answer['code'], $answer['body']['retry'], $answer['body']['waiting'] ) );
		update_option( 'ai_relay_endpoint', '' );
		self::assertSame( array( 200, 0 ), array( $this->drain()['code'], $this->drain()['body']['sent'] ) );
	}

	private function sorted( array $list ): array {
		sort( $list );
		return $list;
	}
}
