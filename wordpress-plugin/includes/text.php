<?php
/**
 * Texts: what came from outside as plain text, and times as people read them.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Text from outside as plain text: no markup, no control characters, no line breaks.
 *
 * Not sanitize_text_field(), which would also take "%20" and the like out of a sentence.
 *
 * @param mixed $text Any text.
 */
function ai_relay_plain_text( $text ): string {
	$text = wp_strip_all_tags( wp_check_invalid_utf8( is_scalar( $text ) ? (string) $text : '', true ) );
	return trim( (string) preg_replace( '/[\p{Cc}\s]+/u', ' ', $text ) );
}

/**
 * A list of keywords as plain, different, non-empty texts.
 *
 * @param mixed $keywords Any list.
 * @return string[]
 */
function ai_relay_plain_list( $keywords ): array {
	$texts = array_map( 'ai_relay_plain_text', is_array( $keywords ) ? $keywords : array() );
	return array_values( array_unique( array_filter( $texts, 'strlen' ) ) );
}

/**
 * A time as the site shows times.
 *
 * @param int $time Unix seconds.
 */
function ai_relay_time_text( int $time ): string {
	return (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $time );
}
