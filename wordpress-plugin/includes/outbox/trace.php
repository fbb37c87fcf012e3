<?php
/**
 * The trace of an event: W3C Trace Context, by which everything that a relay and others do with it is found.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * The id of an event's trace, 32 digits of hex: the same for each of its attempts. It follows from the event's key, with
 * what only this installation knows, so that none has to be kept and no two sites have the same.
 *
 * @param string $key Idempotency key.
 */
function ai_relay_trace_id( string $key ): string {
	return substr( hash_hmac( 'sha256', 'trace|' . get_option( 'home' ) . '|' . $key, (string) get_option( 'ai_relay_installation' ) ), 0, 32 );
}

/**
 * The header traceparent of one attempt, which is a span of its own. It asks to be recorded: where nobody traces, nobody does.
 *
 * @param string $key Idempotency key.
 */
function ai_relay_traceparent( string $key ): string {
	return '00-' . ai_relay_trace_id( $key ) . '-' . bin2hex( random_bytes( 8 ) ) . '-01';
}
