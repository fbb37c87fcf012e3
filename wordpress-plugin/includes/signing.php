<?php
/**
 * The signature both ends use: lower-case hex of HMAC-SHA256( secret, timestamp . '.' . raw body ).
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds a timestamp may be away from this site's clock, either way. */
const AI_RELAY_TIME_WINDOW = 300;

/**
 * Signs the exact bytes that are sent.
 *
 * @param string $secret    The secret.
 * @param string $timestamp Unix seconds.
 * @param string $body      Raw body.
 */
function ai_relay_sign( string $secret, string $timestamp, string $body ): string {
	return hash_hmac( 'sha256', $timestamp . '.' . $body, $secret );
}

/**
 * The headers that prove who sends a body, at this moment.
 *
 * @param string   $body    Raw body.
 * @param string[] $secrets With which to sign: during a rotation both, so that it does not matter which end changes first.
 * @return array<string,string>
 */
function ai_relay_signature_headers( string $body, array $secrets ): array {
	$timestamp  = (string) time();
	$signatures = array();
	foreach ( $secrets as $secret ) {
		$signatures[] = ai_relay_sign( $secret, $timestamp, $body );
	}
	$headers = array(
		'X-WP-Timestamp' => $timestamp,
		'X-WP-Signature' => implode( ',', $signatures ),
	);
	if ( '' !== ai_relay_setting( 'key_id' ) ) {
		$headers['X-WP-Key-Id'] = ai_relay_setting( 'key_id' );
	}
	return $headers;
}

/**
 * Whether one of the given signatures was made with one of our secrets, recently.
 *
 * @param string[] $secrets    Secrets that may have signed.
 * @param string   $timestamp  Unix seconds, as the header had them.
 * @param string   $signatures One or more signatures, separated by commas or spaces.
 * @param string   $body       Raw body.
 */
function ai_relay_verify( array $secrets, string $timestamp, string $signatures, string $body ): bool {
	if ( ! preg_match( '/^[0-9]{1,12}$/D', $timestamp ) || abs( time() - (int) $timestamp ) > AI_RELAY_TIME_WINDOW ) {
		return false;
	}
	// A few are enough for a rotation; without a limit a header could make us compare for long.
	$given = array_slice( preg_split( '/[\s,]+/', $signatures, -1, PREG_SPLIT_NO_EMPTY ), 0, 5 );
	$valid = false;
	foreach ( $secrets as $secret ) {
		$expected = ai_relay_sign( $secret, $timestamp, $body );
		foreach ( $given as $signature ) {
			$valid = hash_equals( $expected, $signature ) || $valid;
		}
	}
	return $valid;
}
