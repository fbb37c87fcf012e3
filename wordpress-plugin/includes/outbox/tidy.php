<?php
/**
 * What is forgotten, and when.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- tables of ours, never cached.

defined( 'ABSPATH' ) || exit;

/** Days that events are kept after they were sent, and after the last attempt at those that failed. */
const AI_RELAY_KEEP_SENT   = 30;
const AI_RELAY_KEEP_FAILED = 90;

/**
 * Days that the texts of results are kept. Their keys stay for ever: a dead letter may be replayed years later. What was
 * written to a post stays with the post: it tells what is ours there and what a person's.
 */
const AI_RELAY_KEEP_RESULTS = 90;

/** Removes what has been kept long enough, in small parts: the table goes on being written to. */
function ai_relay_tidy(): void {
	global $wpdb;
	$outbox  = ai_relay_outbox_table();
	$attempt = ai_relay_attempt_table();
	$result  = ai_relay_result_table();
	$ends    = array(
		'sent'   => $wpdb->prepare( "status = 'sent' AND sent_at < %d", time() - AI_RELAY_KEEP_SENT * DAY_IN_SECONDS ),
		'failed' => $wpdb->prepare( "status = 'failed' AND created_at < %d AND retried_at < %d", time() - AI_RELAY_KEEP_FAILED * DAY_IN_SECONDS, time() - AI_RELAY_KEEP_FAILED * DAY_IN_SECONDS ),
	);
	foreach ( $ends as $where ) {
		do {
			$ids = array_map( 'intval', $wpdb->get_col( $wpdb->prepare( "SELECT id FROM $outbox WHERE $where ORDER BY id LIMIT %d", AI_RELAY_PART ) ) );
			if ( $ids ) {
				$in = implode( ',', $ids );
				$wpdb->query( "DELETE FROM $attempt WHERE outbox_id IN ($in)" );
				$gone = $wpdb->query( "DELETE FROM $outbox WHERE id IN ($in) AND $where" );
			}
		} while ( $ids && $gone );
	}
	do {
		$emptied = $wpdb->query( $wpdb->prepare( "UPDATE $result SET result = NULL, replaced = NULL WHERE created_at < %d AND (result IS NOT NULL OR replaced IS NOT NULL) AND NOT (target_type = 'post' AND status IN ('applied', 'used', 'suggested')) LIMIT %d", time() - AI_RELAY_KEEP_RESULTS * DAY_IN_SECONDS, AI_RELAY_PART ) );
	} while ( $emptied );
	// An event that was erased while it was sent leaves the attempt that its runner wrote down afterwards.
	do {
		$orphans = array_map( 'intval', $wpdb->get_col( $wpdb->prepare( "SELECT a.id FROM $attempt a LEFT JOIN $outbox o ON o.id = a.outbox_id WHERE o.id IS NULL LIMIT %d", AI_RELAY_PART ) ) );
	} while ( $orphans && $wpdb->query( "DELETE FROM $attempt WHERE id IN (" . implode( ',', $orphans ) . ')' ) );
}
add_action( 'ai_relay_tidy', 'ai_relay_tidy' );
