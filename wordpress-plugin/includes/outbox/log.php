<?php
/**
 * The log: events with their attempts and results.
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
 * @return array|null The row, with the `trace_id` and lists of rows as `attempts_made` and `results`, oldest first.
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
	$row['trace_id']      = ai_relay_trace_id( $key );
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
 * JSON for people to read. Characters that would hide or turn others around are shown by their number.
 *
 * @param string $json Any JSON.
 */
function ai_relay_pretty( string $json ): string {
	$value = json_decode( $json, false, 512, JSON_BIGINT_AS_STRING );
	$text  = null === $value ? $json : (string) wp_json_encode( $value, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	$shown = preg_replace_callback(
		'/[\p{Cf}\x{2028}\x{2029}]/u',
		static function ( $match ) {
			return trim( (string) wp_json_encode( $match[0] ), '"' );
		},
		$text
	);
	return $shown ?? $json;
}
