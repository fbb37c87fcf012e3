<?php
/**
 * The outbox: events are written here in the request that makes them and sent later, so that
 * neither a relay that is away nor a process that dies loses one.
 *
 * A row is `waiting` (for its time), `sending` (claimed until `locked_until`), `sent` or `failed`.
 *
 * @package AI_Relay
 */

// Table names are ours, and these are queues: nothing of them belongs into a cache.
// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery

defined( 'ABSPATH' ) || exit;

/** Seconds an event is held back while the rest of its post is being saved. */
const AI_RELAY_HOLD = 60;

/**
 * The key of something that happens once: two hooks for it, even in two requests, make one key.
 *
 * @param string $kind       Short name of the kind of thing.
 * @param int    $id         Its number.
 * @param string $occurrence What tells this time from others, such as how often it has happened before.
 */
function ai_relay_key( string $kind, int $id, string $occurrence = '0' ): string {
	// The option, not home_url(): plugins make that differ between the requests for one thing.
	$what = implode( '|', array( get_option( 'home' ), get_option( 'ai_relay_installation' ), $kind, $id, $occurrence ) );
	return $kind . '-' . $id . '-' . substr( hash( 'sha256', $what ), 0, 24 );
}

/**
 * Writes an event. The same key a second time changes nothing.
 *
 * @param string $key     Idempotency key.
 * @param array  $payload The event.
 * @param int    $hold    Seconds before it may be sent.
 * @return bool Whether the event is new.
 */
function ai_relay_outbox_add( string $key, array $payload, int $hold = 0 ): bool {
	$added = ai_relay_outbox_insert( $key, $payload );
	if ( false === $added ) {
		// A table that somebody has dropped, or a backup has not brought back, is made anew.
		ai_relay_repair_tables();
		$added = ai_relay_outbox_insert( $key, $payload );
	}
	if ( false === $added ) {
		return ai_relay_spool( $key, $payload );
	}
	if ( 1 !== $added ) {
		return false;
	}
	ai_relay_outbox_number( $key, $hold );
	ai_relay_deliver_soon();
	return true;
}

/**
 * Writes the row, held back and without a number yet: a number is then taken by the one request that has
 * the row, and the numbers of a site have no gap. One whose process dies in between goes out without.
 *
 * @param string $key     Idempotency key.
 * @param array  $payload The event.
 * @return int|false 1, 0 when the key is there already, false when the database did not take it.
 */
function ai_relay_outbox_insert( string $key, array $payload ) {
	global $wpdb;
	$table = ai_relay_outbox_table();
	// No error of ours in a log or on a page: the statement has the whole event in it.
	$suppressed = $wpdb->suppress_errors();
	$added      = $wpdb->query(
		$wpdb->prepare(
			"INSERT IGNORE INTO $table (event, idempotency_key, object, payload, next_attempt_at, created_at) VALUES (%s, %s, %s, %s, %d, %d)",
			$payload['event'],
			$key,
			ai_relay_object( $payload ),
			ai_relay_encode( $payload, null ),
			time() + AI_RELAY_HOLD,
			time()
		)
	);
	$wpdb->suppress_errors( $suppressed );
	return $added;
}

/**
 * Numbers a row, in its payload too, and says when it may go. The next number in this site's order of
 * events is taken in one statement, so no two requests get the same; when the counter cannot be had, an
 * event goes out without a number too.
 *
 * @param string $key  Idempotency key.
 * @param int    $hold Seconds before it may be sent.
 */
function ai_relay_outbox_number( string $key, int $hold ): void {
	global $wpdb;
	$table   = ai_relay_outbox_table();
	$counted = $wpdb->query( "UPDATE $wpdb->options SET option_value = LAST_INSERT_ID(option_value + 1) WHERE option_name = 'ai_relay_sequence'" );
	// The database remembers the number, and writes it before the last brace: the event is sent to it only once.
	$number = 1 === $counted ? "sequence = LAST_INSERT_ID(), payload = CONCAT(LEFT(payload, CHAR_LENGTH(payload) - 1), ',\"sequence\":', LAST_INSERT_ID(), '}')," : '';
	$wpdb->query( $wpdb->prepare( "UPDATE $table SET $number next_attempt_at = %d WHERE idempotency_key = %s", time() + $hold, $key ) );
}

/**
 * What an event is about, so that its events are sent in their order; '' for what happens only once.
 *
 * @param array $payload The event.
 */
function ai_relay_object( array $payload ): string {
	$kind = strtok( (string) $payload['event'], '.' );
	$id   = in_array( $kind, array( 'post', 'comment' ), true ) ? $payload[ $kind . '_id' ] ?? null : null;
	return is_int( $id ) ? $kind . ':' . $id : '';
}

/**
 * Gives an event that nobody has tried to send yet its final content and lets it go.
 *
 * @param string $key     Idempotency key.
 * @param array  $payload The event.
 * @param int    $hold    Seconds before it may be sent.
 * @return bool Whether it was there, and untried.
 */
function ai_relay_outbox_release( string $key, array $payload, int $hold = 0 ): bool {
	global $wpdb;
	$table = ai_relay_outbox_table();
	// Never under a key that a relay may have seen: there, one key has one body.
	$changed = $wpdb->query(
		$wpdb->prepare(
			"UPDATE $table SET payload = CONCAT(%s, IF(sequence IS NULL, '', CONCAT(',\"sequence\":', sequence)), '}'), next_attempt_at = %d
			WHERE idempotency_key = %s AND status = 'waiting' AND attempts = 0",
			substr( ai_relay_encode( $payload, null ), 0, -1 ),
			time() + $hold,
			$key
		)
	);
	ai_relay_deliver_soon();
	// Nothing changed: it is as it was already, or a runner has just taken it.
	return 1 === $changed || null !== $wpdb->get_var( $wpdb->prepare( "SELECT id FROM $table WHERE idempotency_key = %s AND status = 'waiting' AND attempts = 0", $key ) );
}

/**
 * Takes an event back that nobody has tried to send yet.
 *
 * @param string $key Idempotency key.
 */
function ai_relay_outbox_drop( string $key ): void {
	global $wpdb;
	$wpdb->query( $wpdb->prepare( 'DELETE FROM ' . ai_relay_outbox_table() . " WHERE idempotency_key = %s AND status = 'waiting' AND attempts = 0", $key ) );
}

/** The last number that was given to an event. */
function ai_relay_last_sequence(): int {
	global $wpdb;
	return (int) $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'ai_relay_sequence'" );
}

/**
 * How many rows there are of each status.
 *
 * @return array<string,int>
 */
function ai_relay_outbox_counts(): array {
	global $wpdb;
	$counts = array_fill_keys( array( 'waiting', 'sending', 'sent', 'failed' ), 0 );
	foreach ( $wpdb->get_results( 'SELECT status, COUNT(*) AS number FROM ' . ai_relay_outbox_table() . ' GROUP BY status' ) as $row ) {
		$counts[ $row->status ] = (int) $row->number;
	}
	return $counts;
}
