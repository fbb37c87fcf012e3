<?php
/**
 * Checks what the form posts, and says what is wrong with it. What is wrong is not taken; what is only
 * unwise is, with a warning.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** A secret that is shorter is warned of. */
const AI_RELAY_SHORT_SECRET = 16;

/**
 * What is to be stored of a posted value. Nothing changes that wp-config.php fixes; a disabled field is
 * not posted, and options.php hands over null for it.
 *
 * @param string $name  One of AI_RELAY_SETTINGS.
 * @param array  $field Of ai_relay_form_fields().
 * @param mixed  $value Posted value.
 * @return string|string[]
 */
function ai_relay_clean( string $name, array $field, $value ) {
	$stored = get_option( 'ai_relay_' . $name, AI_RELAY_SETTINGS[ $name ] );
	if ( null === $value || ai_relay_is_fixed( $name ) ) {
		return $stored;
	}
	switch ( $field['type'] ) {
		case 'secret':
			return ai_relay_clean_secret( $name, $value, (string) $stored );
		case 'switch':
			return '1' === $value ? '1' : '';
		case 'list':
			$known = array_merge( array_keys( $field['choices'] ), is_array( $stored ) ? $stored : array() );
			return is_array( $value ) ? array_values( array_unique( array_intersect( array_filter( $value, 'is_string' ), array_map( 'strval', $known ) ) ) ) : $stored;
		case 'choice':
			return is_string( $value ) && isset( $field['choices'][ $value ] ) ? $value : $stored;
	}
	return 'endpoint' === $name ? ai_relay_clean_endpoint( $value, (string) $stored ) : ai_relay_clean_key_id( $value, (string) $stored );
}

/**
 * Checks the endpoint.
 *
 * @param mixed  $value  Posted value.
 * @param string $stored What stays when it is wrong.
 */
function ai_relay_clean_endpoint( $value, string $stored ): string {
	$value = is_string( $value ) ? trim( $value ) : '';
	if ( ai_relay_is_for_network( 'endpoint' ) ) {
		if ( $value !== $stored ) {
			ai_relay_say( 'endpoint', 'error', __( 'Only who manages the network of sites can change the endpoint. It was not changed.', 'ai-relay' ) );
		}
		return $stored;
	}
	$url = esc_url_raw( $value, array( 'http', 'https' ) );
	// esc_url_raw() would make http://relay.example of "relay.example".
	if ( '' !== $value && ( ! preg_match( '#^https?://#i', $value ) || '' === $url || ! wp_parse_url( $url, PHP_URL_HOST ) ) ) {
		ai_relay_say( 'endpoint', 'error', __( 'The endpoint must be an address that begins with http:// or https://. It was not changed.', 'ai-relay' ) );
		return $stored;
	}
	if ( '' !== $url && ai_relay_is_clear_text( $url ) ) {
		ai_relay_say( 'endpoint', 'warning', __( 'The endpoint was saved, but it begins with http://: on the way there, everybody can read your events. Give the relay a certificate and use https://.', 'ai-relay' ) );
	}
	if ( '' !== $url && '/webhooks/wp' !== untrailingslashit( (string) wp_parse_url( $url, PHP_URL_PATH ) ) ) {
		ai_relay_say( 'endpoint', 'info', __( 'The endpoint was saved, but a relay takes events at an address that ends with /webhooks/wp. Check the connection to see whether it answers there.', 'ai-relay' ), '_path' );
	}
	return $url;
}

/**
 * Takes a secret byte for byte. An empty field means "as it is".
 *
 * @param string $name   `secret`, `secret_next` or `pii_key`.
 * @param mixed  $value  array{value:string} from the form, a string from code.
 * @param string $stored What stays when it is wrong.
 */
function ai_relay_clean_secret( string $name, $value, string $stored ): string {
	$secret = is_array( $value ) ? ( $value['value'] ?? '' ) : $value;
	if ( ! is_string( $secret ) || ( is_array( $value ) && '' === $secret ) ) {
		return $stored;
	}
	if ( 'pii_key' === $name ) {
		return ai_relay_clean_pii_key( trim( $secret ), $stored );
	}
	if ( wp_check_invalid_utf8( $secret ) !== $secret ) {
		/* translators: %s: name of a PHP constant. */
		ai_relay_say( $name, 'error', sprintf( __( 'The secret is not text. Put it into wp-config.php as %s instead.', 'ai-relay' ), 'AI_RELAY_' . strtoupper( $name ) ) );
		return $stored;
	}
	if ( '' !== $secret && strlen( $secret ) < AI_RELAY_SHORT_SECRET ) {
		/* translators: %d: number of characters. */
		ai_relay_say( $name, 'warning', sprintf( __( 'The secret was saved, but it has fewer than %d characters and can be guessed. “bin/relay keygen” makes a good one.', 'ai-relay' ), AI_RELAY_SHORT_SECRET ) );
	}
	if ( $secret !== $stored && trim( $secret ) !== $secret ) {
		ai_relay_say( $name, 'warning', __( 'The secret was saved with a blank at its beginning or end. If the relay’s has none, enter it again without.', 'ai-relay' ), '_blank' );
	}
	return $secret;
}

/**
 * Checks the key that personal fields are encrypted with.
 *
 * @param string $key    Base64.
 * @param string $stored What stays when it is wrong.
 */
function ai_relay_clean_pii_key( string $key, string $stored ): string {
	if ( '' !== $key && '' === ai_relay_key_bytes( $key ) ) {
		ai_relay_say( 'pii_key', 'error', __( 'The key for encryption must be 32 bytes in base64: 44 characters, the last of which is =. It was not changed.', 'ai-relay' ) );
		return $stored;
	}
	return $key;
}

/**
 * Checks the key id, which becomes a header.
 *
 * @param mixed  $value  Posted value.
 * @param string $stored What stays when it is wrong.
 */
function ai_relay_clean_key_id( $value, string $stored ): string {
	$id = is_string( $value ) ? trim( $value ) : '';
	if ( preg_match( '/[^A-Za-z0-9._:-]/', $id ) ) {
		ai_relay_say( 'key_id', 'error', __( 'A key id has only letters, digits and . _ : - in it. It was not changed.', 'ai-relay' ) );
		return $stored;
	}
	return $id;
}

/**
 * Tells the owner something about a setting that was posted, once: core cleans a new option twice.
 *
 * @param string $name   Setting.
 * @param string $type   `error`, `warning` or `info`.
 * @param string $text   What.
 * @param string $suffix Tells several messages about one setting apart.
 */
function ai_relay_say( string $name, string $type, string $text, string $suffix = '' ): void {
	$code = 'ai_relay_' . $name . $suffix;
	// Code that sets an option outside of the dashboard has nobody to tell.
	if ( function_exists( 'add_settings_error' ) && ! in_array( $code, array_column( get_settings_errors( 'ai_relay_' . $name ), 'code' ), true ) ) {
		add_settings_error( 'ai_relay_' . $name, $code, $text, $type );
	}
}
