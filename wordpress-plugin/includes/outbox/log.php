<?php
/**
 * The log: events with their attempts and results, and what an owner can do with them.
 *
 * A filter is an array of any of `status`, `event`, `search` (the beginning of a key) and `before` (written
 * before then, in Unix seconds).
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- tables of ours, never cached.

defined( 'ABSPATH' ) || exit;

/** Statuses of an event. */
const AI_RELAY_STATUSES = array( 'waiting', 'sending', 'sent', 'failed' );

/** So many rows are changed in one statement: it locks them while it runs. */
const AI_RELAY_PART = 500;

/** So many attempts of an event are shown, the latest. */
const AI_RELAY_ATTEMPTS_SHOWN = 100;

/**
 * The condition of a filter.
 *
 * @param array $filter    Of this file's kind.
 * @param int   $before_id Only rows before this one; 0 for all.
 */
function ai_relay_log_where( array $filter, int $before_id = 0 ): string {
	global $wpdb;
	$where = array( '1 = 1' );
	foreach ( array( 'status', 'event' ) as $name ) {
		if ( '' !== ( $filter[ $name ] ?? '' ) ) {
			$where[] = $wpdb->prepare( "$name = %s", $filter[ $name ] );
		}
	}
	if ( '' !== ( $filter['search'] ?? '' ) ) {
		$where[] = $wpdb->prepare( 'idempotency_key LIKE %s', $wpdb->esc_like( $filter['search'] ) . '%' );
	}
	if ( isset( $filter['before'] ) ) {
		$where[] = $wpdb->prepare( 'created_at < %d', $filter['before'] );
	}
	if ( $before_id > 0 ) {
		$where[] = $wpdb->prepare( 'id < %d', $before_id );
	}
	return implode( ' AND ', $where );
}

/**
 * Events, the newest first, without their content.
 *
 * @param array $filter    Which.
 * @param int   $limit     How many at most.
 * @param int   $before_id Only those before this row; 0 for the newest.
 * @return array[]
 */
function ai_relay_log( array $filter, int $limit, int $before_id = 0 ): array {
	global $wpdb;
	$table = ai_relay_outbox_table();
	$where = ai_relay_log_where( $filter, $before_id );
	$names = 'id, event, idempotency_key, sequence, status, attempts, next_attempt_at, last_code, last_error, created_at, sent_at';
	return $wpdb->get_results( $wpdb->prepare( "SELECT $names FROM $table WHERE $where ORDER BY id DESC LIMIT %d", $limit ), ARRAY_A );
}

/**
 * One event with everything that is known of it.
 *
 * @param string $key Idempotency key.
 * @return array|null The row, with lists of rows as `attempts_made` and `results`, oldest first.
 */
function ai_relay_log_entry( string $key ): ?array {
	global $wpdb;
	$outbox  = ai_relay_outbox_table();
	$attempt = ai_relay_attempt_table();
	$result  = ai_relay_result_table();
	$row     = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM $outbox WHERE idempotency_key = %s", $key ), ARRAY_A );
	if ( ! $row ) {
		return null;
	}
	$attempts = $wpdb->get_results( $wpdb->prepare( "SELECT started_at, milliseconds, started_by, code, error FROM $attempt WHERE outbox_id = %d ORDER BY started_at DESC, id DESC LIMIT %d", $row['id'], AI_RELAY_ATTEMPTS_SHOWN ), ARRAY_A );

	unset( $row['locked_by'], $row['locked_until'] );
	$row['attempts_made'] = array_reverse( $attempts );
	// By the key of the result, which begins with that of the event: results of an older version have no other.
	$row['results'] = $wpdb->get_results(
		$wpdb->prepare(
			"SELECT id, result_key, action, target_type, target_id, status, provider, model, result, created_at, undone_at
			FROM $result WHERE result_key LIKE %s AND idempotency_key IN (%s, '') ORDER BY id",
			$wpdb->esc_like( $key . ':' ) . '%',
			$key
		),
		ARRAY_A
	);
	return $row;
}

/**
 * Makes events due at once, also those that were refused, given up or sent. Each keeps its key and bytes.
 *
 * @param int[] $ids Rows.
 * @return int How many: not those that are just being sent, nor those that wait for their first attempt.
 */
function ai_relay_retry( array $ids ): int {
	global $wpdb;
	$table = ai_relay_outbox_table();
	$done  = 0;
	foreach ( array_chunk( array_map( 'intval', $ids ), AI_RELAY_PART ) as $part ) {
		$in    = implode( ',', $part );
		$done += (int) $wpdb->query(
			$wpdb->prepare(
				"UPDATE $table SET status = 'waiting', next_attempt_at = %d, retried_at = %d WHERE id IN ($in) AND (status IN ('failed', 'sent') OR (status = 'waiting' AND attempts > 0)) ORDER BY id",
				time(),
				time()
			)
		);
	}
	if ( $done > 0 ) {
		ai_relay_deliver_soon();
	}
	return $done;
}

/**
 * Makes all events of a filter due at once.
 *
 * @param array $filter Which.
 * @return int How many.
 */
function ai_relay_retry_all( array $filter ): int {
	$done = 0;
	foreach ( ai_relay_log_parts( $filter ) as $ids ) {
		$done += ai_relay_retry( $ids );
	}
	return $done;
}

/**
 * Removes events and their attempts. What is just being sent stays.
 *
 * @param array $filter Which.
 * @return int How many.
 */
function ai_relay_purge( array $filter ): int {
	global $wpdb;
	$outbox  = ai_relay_outbox_table();
	$attempt = ai_relay_attempt_table();
	$done    = 0;
	foreach ( ai_relay_log_parts( $filter ) as $ids ) {
		$in    = implode( ',', $ids );
		$done += (int) $wpdb->query( "DELETE FROM $outbox WHERE id IN ($in) AND status <> 'sending'" );
		$wpdb->query( "DELETE FROM $attempt WHERE outbox_id IN ($in) AND outbox_id NOT IN (SELECT id FROM $outbox WHERE id IN ($in))" );
	}
	return $done;
}

/**
 * The rows of a filter, part by part, from the newest on: none comes twice, whatever is done with them.
 *
 * @param array $filter Which.
 * @return Generator<int[]>
 */
function ai_relay_log_parts( array $filter ): Generator {
	global $wpdb;
	$table  = ai_relay_outbox_table();
	$before = PHP_INT_MAX;
	do {
		$where = ai_relay_log_where( $filter, $before );
		$ids   = array_map( 'intval', $wpdb->get_col( $wpdb->prepare( "SELECT id FROM $table WHERE $where ORDER BY id DESC LIMIT %d", AI_RELAY_PART ) ) );
		if ( $ids ) {
			$before = min( $ids );
			yield $ids;
		}
	} while ( $ids );
}
