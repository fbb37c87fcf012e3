<?php
/**
 * POST ai-relay/v1/drain: the relay asks for what it has not seen. It is what delivers on a site without
 * visitors, with a dead WP-Cron, or that cannot call itself: section 5 of the wire contract.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a queue of ours, never cached.

defined( 'ABSPATH' ) || exit;

/** Seconds for which a drain begins attempts: the last one may take ten more, and the relay waits for thirty. */
const AI_RELAY_DRAIN_SECONDS = 15;

/** Seconds for which an event that was just sent is not sent again: another drain may have asked for the same. */
const AI_RELAY_JUST_SENT = 30;

/** So many numbers may be asked for at once. */
const AI_RELAY_MOST_SEQUENCES = 500;

/** Registers the route. */
function ai_relay_register_drain_route(): void {
	register_rest_route(
		'ai-relay/v1',
		'/drain',
		array(
			'methods'             => 'POST',
			'callback'            => 'ai_relay_drain',
			'permission_callback' => 'ai_relay_check_proof',
		)
	);
}
add_action( 'rest_api_init', 'ai_relay_register_drain_route' );

/**
 * Delivers, and says how that went.
 *
 * @param WP_REST_Request $request The request, its sender proven.
 */
function ai_relay_drain( WP_REST_Request $request ): WP_REST_Response {
	$body     = json_decode( $request->get_body() );
	$problems = ai_relay_drain_problems( $body );
	if ( $problems ) {
		$answer = array(
			'error'   => 'invalid drain',
			'details' => $problems,
		);
		return new WP_REST_Response( $answer, 422 );
	}
	ignore_user_abort( true );
	if ( ai_relay_is_signed( $request ) ) {
		// Both ends have the same secret, and clocks that agree.
		ai_relay_end_pause();
	}
	ai_relay_unspool();
	$sequences = $body->sequences ?? array();
	ai_relay_make_due_again();
	ai_relay_send_again( $sequences );
	$done   = ai_relay_deliver( AI_RELAY_DRAIN_SECONDS, 'drain' );
	$counts = ai_relay_outbox_counts();
	return new WP_REST_Response(
		array(
			'sent'     => $done['sent'],
			'refused'  => $done['refused'],
			'retry'    => $done['retry'],
			'waiting'  => $counts['waiting'] + $counts['sending'],
			'sequence' => ai_relay_last_sequence(),
			'absent'   => ai_relay_absent( $sequences ),
		),
		200
	);
}

/**
 * Problems of a request's body.
 *
 * @param mixed $body Decoded body.
 * @return array<array{field:string,problem:string}> Empty when all is well.
 */
function ai_relay_drain_problems( $body ): array {
	if ( ! $body instanceof stdClass ) {
		return array( ai_relay_problem( 'body', 'must be a JSON object' ) );
	}
	$sequences = $body->sequences ?? array();
	$numbers   = is_array( $sequences ) ? array_filter( $sequences, 'ai_relay_is_sequence' ) : null;
	if ( $numbers !== $sequences || count( $numbers ) > AI_RELAY_MOST_SEQUENCES ) {
		return array( ai_relay_problem( 'sequences', 'must be a list of at most 500 positive whole numbers' ) );
	}
	return array();
}

/**
 * Whether something can be the number of an event.
 *
 * @param mixed $value Any value.
 */
function ai_relay_is_sequence( $value ): bool {
	return is_int( $value ) && $value > 0;
}

/** What waits for its next try after no answer, or an error of the relay, is due: the relay is there again. */
function ai_relay_make_due_again(): void {
	global $wpdb;
	$table = ai_relay_outbox_table();
	do {
		// Not what the relay itself has pushed back, and not what is held back for the rest of its post.
		$ids = $wpdb->get_col( $wpdb->prepare( "SELECT id FROM $table WHERE status = 'waiting' AND next_attempt_at > %d AND attempts > 0 AND last_code <> 429 LIMIT 1000", time() ) );
		if ( $ids ) {
			// In the order in which they were written.
			$in   = implode( ',', array_map( 'intval', $ids ) );
			$done = $wpdb->query( "UPDATE $table SET next_attempt_at = created_at WHERE id IN ($in) AND status = 'waiting' AND attempts > 0 ORDER BY id" );
		}
	} while ( $ids && $done );
}

/**
 * Sends events again that were taken, and that the relay has not seen: it has lost them.
 *
 * @param int[] $sequences Their numbers.
 */
function ai_relay_send_again( array $sequences ): void {
	global $wpdb;
	if ( ! $sequences ) {
		return;
	}
	$table = ai_relay_outbox_table();
	$in    = implode( ',', $sequences );
	$ids   = $wpdb->get_col( "SELECT id FROM $table WHERE sequence IN ($in) AND status = 'sent'" );
	if ( ! $ids ) {
		return;
	}
	$in = implode( ',', array_map( 'intval', $ids ) );
	// One statement, so that of two drains one finds the row changed.
	$wpdb->query(
		$wpdb->prepare(
			"UPDATE $table SET status = 'waiting', next_attempt_at = created_at, retried_at = %d WHERE id IN ($in) AND status = 'sent' AND sent_at <= %d ORDER BY id",
			time(),
			time() - AI_RELAY_JUST_SENT
		)
	);
}

/**
 * Which numbers will not come: events that were refused or given up, or that are not here.
 *
 * @param int[] $sequences Numbers.
 * @return int[]
 */
function ai_relay_absent( array $sequences ): array {
	global $wpdb;
	if ( ! $sequences ) {
		return array();
	}
	$table = ai_relay_outbox_table();
	$there = $wpdb->get_col( "SELECT sequence FROM $table WHERE status <> 'failed' AND sequence IN (" . implode( ',', $sequences ) . ')' );
	return array_values( array_diff( array_unique( $sequences ), array_map( 'intval', $there ) ) );
}
