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

/** Seconds a claim holds: longer than one attempt can take, so that only a dead runner loses it. */
const AI_RELAY_LEASE = 60;

/** Seconds an event is held back while the rest of its post is being saved. */
const AI_RELAY_HOLD = 60;

/**
 * The key of something that happens once: two hooks for it, even in two requests, make one key.
 *
 * @param string $kind       Short name of the kind of thing.
 * @param int    $id         Its number.
 * @param int    $occurrence How often it has happened before.
 */
function ai_relay_key( string $kind, int $id, int $occurrence = 0 ): string {
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
	global $wpdb;
	$table = ai_relay_outbox_table();
	// First with its key and held back: a number is then taken by the one request that has the row,
	// and the numbers of a site have no gap.
	$added = $wpdb->query(
		$wpdb->prepare(
			"INSERT IGNORE INTO $table (event, idempotency_key, payload, next_attempt_at, created_at) VALUES (%s, %s, %s, %d, %d)",
			$payload['event'],
			$key,
			ai_relay_encode( $payload, null ),
			time() + AI_RELAY_HOLD,
			time()
		)
	);
	if ( 1 !== $added ) {
		return false;
	}
	$sequence = ai_relay_next_sequence();
	$wpdb->update(
		$table,
		array(
			'sequence'        => $sequence,
			'payload'         => ai_relay_encode( $payload, $sequence ),
			'next_attempt_at' => time() + $hold,
		),
		array( 'idempotency_key' => $key )
	);
	ai_relay_deliver_soon();
	return true;
}

/**
 * Gives an event that was held back its final content and lets it go.
 *
 * @param string $key     Idempotency key.
 * @param array  $payload The event.
 */
function ai_relay_outbox_release( string $key, array $payload ): void {
	global $wpdb;
	$table    = ai_relay_outbox_table();
	$sequence = $wpdb->get_var( $wpdb->prepare( "SELECT sequence FROM $table WHERE idempotency_key = %s", $key ) );
	// Never under a key that a relay may have seen: there, one key has one body.
	$wpdb->query(
		$wpdb->prepare(
			"UPDATE $table SET payload = %s, next_attempt_at = %d WHERE idempotency_key = %s AND status = 'waiting' AND attempts = 0",
			ai_relay_encode( $payload, null === $sequence ? null : (int) $sequence ),
			time(),
			$key
		)
	);
	ai_relay_deliver_soon();
}

/**
 * The next number in this site's order of events; one statement, so no two requests get the same.
 *
 * @return int|null Null when the counter cannot be had: an event goes out without a number too.
 */
function ai_relay_next_sequence(): ?int {
	global $wpdb;
	$counted = $wpdb->query( "UPDATE $wpdb->options SET option_value = LAST_INSERT_ID(option_value + 1) WHERE option_name = 'ai_relay_sequence'" );
	return 1 === $counted ? (int) $wpdb->get_var( 'SELECT LAST_INSERT_ID()' ) : null;
}

/**
 * Rows whose time has come, and rows of runners that died, oldest first.
 *
 * @param int $limit How many at most.
 * @return int[] Ids; another runner may claim them first.
 */
function ai_relay_outbox_due( int $limit ): array {
	global $wpdb;
	$table = ai_relay_outbox_table();
	$ids   = $wpdb->get_col(
		$wpdb->prepare(
			"SELECT id FROM $table WHERE (status = 'waiting' AND next_attempt_at <= %d) OR (status = 'sending' AND locked_until <= %d) ORDER BY id LIMIT %d",
			time(),
			time(),
			$limit
		)
	);
	return array_map( 'intval', $ids );
}

/**
 * Claims one row for this runner.
 *
 * The condition and the change are one statement: of two runners, one finds the row changed.
 *
 * @param int $id Row.
 * @return object|null The row as claimed, or null when another runner has it.
 */
function ai_relay_outbox_claim( int $id ): ?object {
	global $wpdb;
	$table  = ai_relay_outbox_table();
	$runner = wp_generate_password( 16, false );
	$now    = time();
	$got    = $wpdb->query(
		$wpdb->prepare(
			"UPDATE $table SET status = 'sending', locked_by = %s, locked_until = %d, attempts = attempts + 1
			WHERE id = %d AND ((status = 'waiting' AND next_attempt_at <= %d) OR (status = 'sending' AND locked_until <= %d))",
			$runner,
			$now + AI_RELAY_LEASE,
			$id,
			$now,
			$now
		)
	);
	if ( 1 !== $got ) {
		return null;
	}
	return $wpdb->get_row( $wpdb->prepare( "SELECT * FROM $table WHERE id = %d AND locked_by = %s", $id, $runner ) );
}

/**
 * Writes how an attempt ended. A runner whose claim has passed to another writes nothing.
 *
 * @param object $row    The row as claimed.
 * @param string $status `waiting`, `sent` or `failed`.
 * @param int    $code   HTTP status, 0 for no answer.
 * @param string $error  Why, in short; '' for success.
 * @param int    $next   When to try again, for `waiting`.
 */
function ai_relay_outbox_finish( object $row, string $status, int $code, string $error, int $next = 0 ): void {
	global $wpdb;
	$values = array(
		'status'          => $status,
		'locked_by'       => '',
		'locked_until'    => 0,
		'next_attempt_at' => $next,
		'last_code'       => $code,
		'last_error'      => mb_substr( $error, 0, 250 ),
	);
	if ( 'sent' === $status ) {
		$values['sent_at'] = time();
	}
	$wpdb->update(
		ai_relay_outbox_table(),
		$values,
		array(
			'id'        => $row->id,
			'locked_by' => $row->locked_by,
		)
	);
}

/** How many rows are being sent at this moment. */
function ai_relay_outbox_in_hand(): int {
	global $wpdb;
	return (int) $wpdb->get_var( $wpdb->prepare( 'SELECT COUNT(*) FROM ' . ai_relay_outbox_table() . " WHERE status = 'sending' AND locked_until > %d", time() ) );
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

/**
 * The newest rows, without their content.
 *
 * @param int $limit How many.
 * @return object[]
 */
function ai_relay_outbox_latest( int $limit ): array {
	global $wpdb;
	$table = ai_relay_outbox_table();
	return $wpdb->get_results( $wpdb->prepare( "SELECT id, event, idempotency_key, status, attempts, next_attempt_at, last_code, last_error, created_at FROM $table ORDER BY id DESC LIMIT %d", $limit ) );
}

/** Removes events sent 30 days ago. The keys of results stay: a dead letter may be replayed years later. */
function ai_relay_tidy(): void {
	global $wpdb;
	$wpdb->query( $wpdb->prepare( 'DELETE FROM ' . ai_relay_outbox_table() . " WHERE status = 'sent' AND sent_at < %d", time() - 30 * DAY_IN_SECONDS ) );
}
add_action( 'ai_relay_tidy', 'ai_relay_tidy' );
