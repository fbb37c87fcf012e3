<?php
/**
 * How the outbox and the cron are doing, from indexed queries that a page load may make.
 *
 * @package AI_Relay
 */

// Table names are ours, and these are queues: nothing of them belongs into a cache.
// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery

defined( 'ABSPATH' ) || exit;

/** For how many seconds the event that is due for longest has been due; 0 when none is. */
function ai_relay_due_for(): int {
	global $wpdb;
	// Also rows of a runner that died. The first value of an index: quick however many rows wait.
	$since = array_filter(
		array(
			(int) $wpdb->get_var( 'SELECT MIN(next_attempt_at) FROM ' . ai_relay_outbox_table() . " WHERE status = 'waiting' AND next_attempt_at > 0" ),
			(int) $wpdb->get_var( 'SELECT MIN(locked_until) FROM ' . ai_relay_outbox_table() . " WHERE status = 'sending'" ),
		)
	);
	return $since ? max( 0, time() - min( $since ) ) : 0;
}

/**
 * Events that were given up in the last 30 days: how many, the latest one's number and why. Those that were kept back,
 * since their post or comment is not public any more, are nobody's trouble; they have no payload.
 *
 * @return array{number:int,last:int,error:string}
 */
function ai_relay_failed_facts(): array {
	global $wpdb;
	$failed = ' FROM ' . ai_relay_outbox_table() . " WHERE status = 'failed' AND payload <> '' AND created_at > " . ( time() - 30 * DAY_IN_SECONDS );
	$last   = $wpdb->get_row( 'SELECT id, last_error' . $failed . ' ORDER BY id DESC LIMIT 1' );
	return array(
		'number' => $last ? (int) $wpdb->get_var( 'SELECT COUNT(*)' . $failed ) : 0,
		'last'   => $last ? (int) $last->id : 0,
		'error'  => $last ? (string) $last->last_error : '',
	);
}

/** For how many seconds our job of every minute has been overdue. */
function ai_relay_cron_late(): int {
	$next = wp_next_scheduled( 'ai_relay_deliver' );
	return $next ? max( 0, time() - $next ) : 0;
}
