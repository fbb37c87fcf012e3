<?php
/**
 * The signature, against vectors that both ends share.
 *
 * @package AI_Relay
 */

final class SigningTest extends PHPUnit\Framework\TestCase {

	private static function body( array $vector ): string {
		if ( isset( $vector['body_repeat'] ) ) {
			return str_repeat( ...$vector['body_repeat'] );
		}
		return $vector['body'] ?? base64_decode( $vector['body_base64'] );
	}

	public static function vectors(): array {
		$cases = array();
		foreach ( json_decode( file_get_contents( getenv( 'SIGNATURE_VECTORS' ) ), true )['vectors'] as $vector ) {
			$body                     = self::body( $vector );
			$cases[ $vector['name'] ] = array( $vector['secret'], $vector['timestamp'], $body, $vector['signature'] );
		}
		return $cases;
	}

	/** @dataProvider vectors */
	public function test_the_signature_is_that_of_the_shared_vectors( string $secret, string $timestamp, string $body, string $signature ): void {
		self::assertSame( $signature, ai_relay_sign( $secret, $timestamp, $body ) );
	}

	public function test_any_one_of_several_signatures_is_enough(): void {
		$now  = (string) time();
		$good = ai_relay_sign( 'two', $now, '{}' );
		self::assertTrue( ai_relay_verify( array( 'one', 'two' ), $now, "abc,$good def", '{}' ) );
	}

	public function test_one_changed_bit_of_body_secret_or_signature_is_refused(): void {
		$now  = (string) time();
		$good = ai_relay_sign( 'secret', $now, '{"a":1}' );
		self::assertTrue( ai_relay_verify( array( 'secret' ), $now, $good, '{"a":1}' ) );
		self::assertFalse( ai_relay_verify( array( 'secret' ), $now, $good, '{"a":0}' ) );
		self::assertFalse( ai_relay_verify( array( 'secreu' ), $now, $good, '{"a":1}' ) );
		self::assertFalse( ai_relay_verify( array( 'secret' ), $now, strrev( $good ), '{"a":1}' ) );
		self::assertFalse( ai_relay_verify( array( 'secret' ), $now, strtoupper( $good ), '{"a":1}' ) );
		self::assertFalse( ai_relay_verify( array(), $now, $good, '{"a":1}' ) );
	}

	public static function times(): array {
		return array(
			'just inside, past'    => array( -298, true ),
			'just inside, future'  => array( 298, true ),
			'just outside, past'   => array( -302, false ),
			'just outside, future' => array( 302, false ),
		);
	}

	/** @dataProvider times */
	public function test_a_timestamp_counts_for_five_minutes_either_way( int $offset, bool $accepted ): void {
		$time = (string) ( time() + $offset );
		self::assertSame( $accepted, ai_relay_verify( array( 'secret' ), $time, ai_relay_sign( 'secret', $time, '' ), '' ) );
	}

	public function test_a_timestamp_that_is_no_number_is_refused(): void {
		foreach ( array( '', 'now', time() . ' ', '-1', time() . "\n" ) as $time ) {
			self::assertFalse( ai_relay_verify( array( 'secret' ), $time, ai_relay_sign( 'secret', $time, '' ), '' ) );
		}
	}
}
