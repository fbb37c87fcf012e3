<?php
/**
 * Personal fields, encrypted for the relay: JWE in compact form (RFC 7516), `dir` and `A256GCM`
 * (RFC 7518, 4.5 and 5.3).
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** The 32 bytes of the key that the owner has set, or '' if it is not one, or PHP cannot use it. */
function ai_relay_pii_key(): string {
	return function_exists( 'openssl_encrypt' ) ? ai_relay_key_bytes( ai_relay_setting( 'pii_key' ) ) : '';
}

/**
 * The 32 bytes that a text stands for, or '' if it is not base64 of so many.
 *
 * @param string $key Any text; blanks and line breaks around it do not count.
 */
function ai_relay_key_bytes( string $key ): string {
	$bytes = (string) base64_decode( trim( $key ), true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a key, not code.
	return 32 === strlen( $bytes ) ? $bytes : '';
}

/**
 * Encrypts fields.
 *
 * @param array<string,string> $fields By name.
 * @return string '' when there is no key, or it failed: then they must not be sent.
 */
function ai_relay_encrypt_fields( array $fields ): string {
	$key  = ai_relay_pii_key();
	$json = wp_json_encode( (object) $fields );
	return '' === $key || false === $json ? '' : ai_relay_jwe( $json, $key, random_bytes( 12 ) );
}

/**
 * A JWE.
 *
 * @param string $text What is encrypted.
 * @param string $key  32 bytes.
 * @param string $iv   12 bytes, never twice with one key.
 * @return string '' when it failed.
 */
function ai_relay_jwe( string $text, string $key, string $iv ): string {
	$header = ai_relay_base64url( '{"alg":"dir","enc":"A256GCM"}' );
	$tag    = '';
	$sealed = openssl_encrypt( $text, 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $iv, $tag, $header, 16 );
	if ( false === $sealed ) {
		return '';
	}
	// The part between the two dots is the encrypted key, which `dir` has none of.
	return $header . '..' . ai_relay_base64url( $iv ) . '.' . ai_relay_base64url( $sealed ) . '.' . ai_relay_base64url( $tag );
}

/**
 * Opens what ai_relay_encrypt_fields() has made, with the key that is set now.
 *
 * @param mixed $token `encrypted` of an event.
 * @return array<string,mixed> By name; empty when there is no key, it is another one, or the token is broken.
 */
function ai_relay_decrypt_fields( $token ): array {
	$key   = ai_relay_pii_key();
	$parts = is_string( $token ) ? explode( '.', $token ) : array();
	if ( '' === $key || 5 !== count( $parts ) || '' !== $parts[1] ) {
		return array();
	}
	list( $header, , $iv, $sealed, $tag ) = array_map( 'ai_relay_from_base64url', $parts );
	// The length too: PHP takes a part of a tag for all of it.
	if ( '{"alg":"dir","enc":"A256GCM"}' !== $header || 12 !== strlen( $iv ) || 16 !== strlen( $tag ) ) {
		return array();
	}
	$text = openssl_decrypt( $sealed, 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $iv, $tag, $parts[0] );
	return false === $text ? array() : (array) json_decode( $text, true );
}

/**
 * The bytes that a text stands for, or '' if it is none.
 *
 * @param string $text Base64 as JOSE has it.
 */
function ai_relay_from_base64url( string $text ): string {
	return (string) base64_decode( strtr( $text, '-_', '+/' ), true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- an encoding of bytes.
}

/**
 * Base64 as JOSE has it (RFC 7515, 2).
 *
 * @param string $bytes Any bytes.
 */
function ai_relay_base64url( string $bytes ): string {
	return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- an encoding of bytes.
}
