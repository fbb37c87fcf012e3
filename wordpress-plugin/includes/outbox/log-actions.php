<?php
/**
 * What an owner can do with the events of the log; filters are those of log.php.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- tables of ours, never cached.

defined( 'ABSPATH' ) || exit;

/** So many rows are changed in one statement: it locks them while it runs. */
const AI_RELAY_PART = 500;

/**
 * Makes events due at once, also those that were refused, given up or sent. Each keeps its key and bytes.
 *
 * @param int[] $ids Rows.
 * @return int How many: not those that are just being sent, that wait for their first attempt, or that were erased.
 */
function ai_relay_retry( array $ids ): int {
	global $wpdb;
	$table = ai_relay_outbox_table();
	$done  = 0;
	foreach ( array_chunk( array_map( 'intval', $ids ), AI_RELAY_PART ) as $part ) {
		$in    = implode( ',', $part );
		$done += (int) $wpdb->query(
			$wpdb->prepare(
				"UPDATE $table SET status = 'waiting', next_attempt_at = %d, retried_at = %d WHERE id IN ($in) AND payload <> '' AND (status IN ('failed', 'sent') OR (status = 'waiting' AND attempts > 0)) ORDER BY id",
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
 * The keys of a filter's events.
 *
 * @param array $filter Which.
 * @return Generator<string>
 */
function ai_relay_log_keys( array $filter ): Generator {
	$before = 0;
	do {
		$rows = ai_relay_log( $filter, AI_RELAY_PART, $before );
		foreach ( $rows as $row ) {
			yield $row['idempotency_key'];
			$before = (int) $row['id'];
		}
	} while ( $rows );
}

/**
 * How many of a filter's events have not reached the relay.
 *
 * @param array $filter Which.
 */
function ai_relay_count_unsent( array $filter ): int {
	global $wpdb;
	$where = ai_relay_log_where( $filter );
	return (int) $wpdb->get_var( 'SELECT COUNT(*) FROM ' . ai_relay_outbox_table() . " WHERE $where AND status <> 'sent'" );
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
