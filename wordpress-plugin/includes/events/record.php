<?php
/**
 * The way of every event into the outbox, and the door for other plugins' events.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** What an event may be called, and what is a key: section 1 of the wire contract. */
const AI_RELAY_EVENT_NAME = '/^[a-z0-9._-]{1,64}$/D';
const AI_RELAY_KEY_FORM   = '/^[A-Za-z0-9._:-]{1,64}$/D';

/**
 * Lets the site's own code change an event or withhold it.
 *
 * @param array $payload The event.
 * @return array|null Null to write nothing.
 */
function ai_relay_filtered( array $payload ): ?array {
	/**
	 * Filters an event before it is written, each time its content is put together. The event's
	 * name, its key and the site stay what they are.
	 *
	 * @param array|null $payload The event: section 2 of the wire contract. Null withholds it.
	 * @param string     $event   Its name.
	 */
	$filtered = apply_filters( 'ai_relay_payload', $payload, $payload['event'] );
	if ( ! is_array( $filtered ) ) {
		return null;
	}
	$fixed = array_intersect_key( $payload, array_flip( array( 'event', 'idempotency_key', 'site' ) ) );
	unset( $filtered['sequence'] ); // The outbox numbers it.
	return array_merge( $filtered, $fixed );
}

/**
 * Writes an event to the outbox, unless a filter withholds it.
 *
 * @param string $key     Idempotency key.
 * @param array  $payload The event.
 * @return bool Whether it is new.
 */
function ai_relay_record( string $key, array $payload ): bool {
	$payload = ai_relay_filtered( $payload );
	return null !== $payload && ai_relay_outbox_add( $key, $payload );
}

/**
 * Whether an event is in the outbox, sent or not.
 *
 * @param string $key Idempotency key.
 */
function ai_relay_outbox_has( string $key ): bool {
	global $wpdb;
	// phpcs:ignore WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a table of ours.
	return null !== $wpdb->get_var( $wpdb->prepare( 'SELECT id FROM ' . ai_relay_outbox_table() . ' WHERE idempotency_key = %s', $key ) );
}

/**
 * Sends an event of your own to the relay: writes it to the outbox, from where it is delivered as any
 * other.
 *
 * @param string $event   Its name: up to 64 of a-z, 0-9, dot, underscore and hyphen.
 * @param array  $payload What it says, by name. `idempotency_key`, up to 64 of A-Z a-z 0-9 . _ : -, is
 *                        taken if it is one: the same key a second time changes nothing. `event` and
 *                        `site` are set here.
 * @return string Its key, by which results, log and relay know it; '' when a filter withheld it.
 * @throws InvalidArgumentException When the event cannot be one: says why.
 * @throws RuntimeException When the database did not take it.
 */
function ai_relay_emit( string $event, array $payload ): string {
	if ( ! preg_match( AI_RELAY_EVENT_NAME, $event ) ) {
		throw new InvalidArgumentException( 'The name of an event is 1 to 64 characters of a-z 0-9 . _ -' );
	}
	if ( array() !== $payload && array_keys( $payload ) === range( 0, count( $payload ) - 1 ) ) {
		throw new InvalidArgumentException( 'The payload of an event has names: it becomes a JSON object, not a list.' );
	}
	$key = $payload['idempotency_key'] ?? '';
	$key = is_string( $key ) && preg_match( AI_RELAY_KEY_FORM, $key ) ? $key : wp_generate_uuid4();
	unset( $payload['idempotency_key'] );
	$payload = ai_relay_filtered( array_merge( $payload, ai_relay_envelope( $event, $key ) ) );
	if ( null === $payload ) {
		return '';
	}
	ai_relay_check_payload( $payload );
	if ( ! ai_relay_outbox_add( $key, $payload ) && ! ai_relay_outbox_has( $key ) ) {
		throw new RuntimeException( 'The database did not take the event.' );
	}
	return $key;
}

/**
 * Refuses what the relay would refuse.
 *
 * @param array $payload The event.
 * @throws InvalidArgumentException When it is no JSON, or too long.
 */
function ai_relay_check_payload( array $payload ): void {
	$json = wp_json_encode( $payload );
	if ( false === $json ) {
		throw new InvalidArgumentException( 'The payload of an event has to be JSON: texts, numbers, true, false, null, and arrays of these.' );
	}
	if ( strlen( $json ) > AI_RELAY_MAX_BODY ) {
		throw new InvalidArgumentException( sprintf( 'The payload of an event is at most %d bytes of JSON, not %d.', AI_RELAY_MAX_BODY, strlen( $json ) ) );
	}
}
