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
