<?php
/**
 * Attempts: one request to the relay, and what is written down of each.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a table of ours, never cached.

defined( 'ABSPATH' ) || exit;

/** Seconds to wait for the relay. */
const AI_RELAY_TIMEOUT = 10;

/**
 * Makes one attempt at each of the rows, all at once.
 *
 * @param object[] $rows Rows as claimed.
 * @return array[] Of array{row:object,answer:array|WP_Error,started_at:int,milliseconds:int}, in the same order.
 */
function ai_relay_attempt( array $rows ): array {
	$begun = microtime( true );
	try {
		$answers = 1 === count( $rows ) ? array( ai_relay_post( $rows[0] ) ) : ai_relay_post_together( $rows );
	} catch ( Throwable $failure ) {
		// A hook of another plugin: these wait, and the others go on.
		$answers = array_fill( 0, count( $rows ), new WP_Error( 'ai_relay_hook', $failure->getMessage() ) );
	}
	$took     = microtime( true ) - $begun;
	$attempts = array();
	foreach ( $rows as $number => $row ) {
		$seconds    = is_array( $answers[ $number ] ) ? $answers[ $number ]['ai_relay_seconds'] ?? $took : $took;
		$attempts[] = array(
			'row'          => $row,
			'answer'       => $answers[ $number ],
			'started_at'   => (int) $begun,
			'milliseconds' => (int) round( 1000 * $seconds ),
		);
	}
	return $attempts;
}

/**
 * One attempt: the stored bytes, signed for this moment.
 *
 * @param object $row The row as claimed.
 * @return array|WP_Error
 */
function ai_relay_post( object $row ) {
	// Not the "safe" variant, which refuses loopback and other ports: the administrator chose this
	// address, and nobody else can.
	return wp_remote_post( ai_relay_setting( 'endpoint' ), ai_relay_post_arguments( $row ) );
}

/**
 * What wp_remote_post() is given for a row. No redirects, they would carry the event elsewhere.
 *
 * @param object $row The row as claimed.
 */
function ai_relay_post_arguments( object $row ): array {
	return array(
		'method'              => 'POST',
		'headers'             => array(
			'Content-Type'    => 'application/json',
			'Idempotency-Key' => $row->idempotency_key,
			'traceparent'     => ai_relay_traceparent( $row->idempotency_key ),
		) + ai_relay_signature_headers( $row->payload, ai_relay_secrets() ),
		'body'                => $row->payload,
		'timeout'             => AI_RELAY_TIMEOUT,
		'redirection'         => 0,
		'limit_response_size' => 16384,
	);
}

/**
 * Writes an attempt down.
 *
 * @param array  $attempt    Of ai_relay_attempt().
 * @param int    $code       HTTP status, 0 for no answer.
 * @param string $error      Why it failed, or a note.
 * @param string $started_by `request`, `cron`, `cli`, `drain` or `retry`.
 */
function ai_relay_note_attempt( array $attempt, int $code, string $error, string $started_by ): void {
	global $wpdb;
	$wpdb->insert(
		ai_relay_attempt_table(),
		array(
			'outbox_id'    => $attempt['row']->id,
			'started_at'   => $attempt['started_at'],
			'milliseconds' => $attempt['milliseconds'],
			'started_by'   => $started_by,
			'code'         => $code,
			'error'        => mb_substr( $error, 0, 250 ),
		)
	);
}

/**
 * Writes down that runners died in the middle of their attempts: whether those arrived, nobody knows.
 *
 * @param object[] $rows Each with the id and locked_until of a claim that has run out.
 */
function ai_relay_note_interruptions( array $rows ): void {
	foreach ( $rows as $row ) {
		$attempt = array(
			'row'          => $row,
			'started_at'   => (int) $row->locked_until - AI_RELAY_LEASE,
			'milliseconds' => 0,
		);
		ai_relay_note_attempt( $attempt, 0, __( 'interrupted: the process ended before the answer came', 'ai-relay' ), '' );
	}
}

/**
 * Since when a row has been tried: its first attempt since it was written, or since somebody asked for it again. Unix
 * seconds; now, if this is the first.
 *
 * @param object $row The row as claimed.
 */
function ai_relay_tried_since( object $row ): int {
	global $wpdb;
	$first = $wpdb->get_var( $wpdb->prepare( 'SELECT MIN(started_at) FROM ' . ai_relay_attempt_table() . ' WHERE outbox_id = %d AND started_at >= %d', $row->id, $row->retried_at ) );
	return (int) ( $first ?? time() );
}

/**
 * How often a row has been tried since it was written, or since somebody asked for it again.
 *
 * @param object $row The row as claimed, this attempt included.
 */
function ai_relay_tries( object $row ): int {
	global $wpdb;
	if ( 0 === (int) $row->retried_at ) {
		return (int) $row->attempts;
	}
	$table = ai_relay_attempt_table();
	return 1 + (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM $table WHERE outbox_id = %d AND started_at >= %d", $row->id, $row->retried_at ) );
}
