<?php
/**
 * POST ai-relay/v1/results: takes a result and applies it once.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a transaction on a table of ours.

defined( 'ABSPATH' ) || exit;

/** Registers the route. The body is checked as a whole, with the contract's answers, not by `args`. */
function ai_relay_register_results_route(): void {
	register_rest_route(
		'ai-relay/v1',
		'/results',
		array(
			'methods'             => 'POST',
			'callback'            => 'ai_relay_take_result',
			'permission_callback' => 'ai_relay_check_proof',
		)
	);
}
add_action( 'rest_api_init', 'ai_relay_register_results_route' );

/**
 * Keeps core's own answer to broken JSON from coming before the question who asks.
 *
 * @param mixed           $response What core has so far.
 * @param array           $handler  Handler of the route.
 * @param WP_REST_Request $request  The request.
 * @return mixed
 */
function ai_relay_proof_before_json( $response, $handler, $request ) {
	$ours = in_array( $request->get_route(), AI_RELAY_SIGNED_ROUTES, true );
	return $ours && is_wp_error( $response ) && 'rest_invalid_json' === $response->get_error_code() ? null : $response;
}
add_filter( 'rest_request_before_callbacks', 'ai_relay_proof_before_json', 10, 3 );

/**
 * Takes a result.
 *
 * @param WP_REST_Request $request The request, its sender proven.
 */
function ai_relay_take_result( WP_REST_Request $request ): WP_REST_Response {
	$raw      = $request->get_body();
	$body     = json_decode( $raw, true );
	$key      = (string) $request->get_header( 'Idempotency-Key' );
	$problems = ai_relay_result_problems( $body, $key );
	if ( $problems ) {
		return new WP_REST_Response(
			array(
				'error'   => 'invalid result',
				'details' => $problems,
			),
			422
		);
	}
	$status = ai_relay_apply_once( $key, hash( 'sha256', $raw ), $body );
	switch ( $status ) {
		case 'gone':
			return new WP_REST_Response( array( 'error' => 'target gone' ), 404 );
		case 'reused':
			return new WP_REST_Response( array( 'error' => 'idempotency key reused' ), 409 );
		case 'unavailable':
			return new WP_REST_Response( array( 'error' => 'unavailable' ), 503, array( 'Retry-After' => 10 ) );
	}
	if ( 'duplicate' !== $status ) {
		/**
		 * Fires after a result was taken, and is safely in the database.
		 *
		 * @param array  $body   The result as the relay sent it. Its texts are not cleaned.
		 * @param string $status `applied`, `suggested` or `unchanged`.
		 */
		do_action( 'ai_relay_applied', $body, $status );
	}
	return new WP_REST_Response( array( 'status' => $status ), 200 );
}

/**
 * Applies a result and writes down its key, both or neither.
 *
 * Of two requests with one key, the second waits at the target, or at the unique key, until the
 * first has ended: it then finds the row, or, when the first was undone, takes its place.
 *
 * @param string $key  Idempotency-Key header.
 * @param string $hash Of the raw body.
 * @param array  $body The checked body.
 * @return string A status, or `gone`, `reused`, `unavailable`.
 */
function ai_relay_apply_once( string $key, string $hash, array $body ): string {
	global $wpdb;
	$table = ai_relay_result_table();
	$wpdb->query( 'START TRANSACTION' );
	ai_relay_lock_target( $body );
	$claimed = $wpdb->query(
		$wpdb->prepare(
			"INSERT IGNORE INTO $table (result_key, body_sha256, target_id, created_at) VALUES (%s, %s, %d, %d)",
			$key,
			$hash,
			ai_relay_target_id( $body['target'] ),
			time()
		)
	);
	if ( 1 !== $claimed ) {
		$wpdb->query( 'ROLLBACK' );
		return ai_relay_earlier_result( $key, $hash );
	}
	try {
		$status = AI_RELAY_ACTIONS[ $body['action'] ]['apply']( $body );
	} catch ( Throwable $failure ) {
		// Another plugin's hook failed; the relay tries again, the owner finds it in the error log.
		ai_relay_undo( $body );
		throw $failure;
	}
	if ( 'gone' === $status || 'unavailable' === $status ) {
		ai_relay_undo( $body );
		return $status;
	}
	// Finds no row when the database has ended the transaction by itself (a deadlock, a lost connection):
	// then the key is not taken, and the relay sends the result again.
	$written = $wpdb->update( $table, array( 'status' => $status ), array( 'result_key' => $key ) );
	if ( 1 !== $written || false === $wpdb->query( 'COMMIT' ) ) {
		ai_relay_undo( $body );
		return 'unavailable';
	}
	return $status;
}

/**
 * Lets one result at a time at a post or comment, and nobody save it meanwhile. Before the key is
 * claimed: claims that wait for each other at a key that was undone end in a deadlock.
 *
 * @param array $body The checked body.
 */
function ai_relay_lock_target( array $body ): void {
	global $wpdb;
	if ( in_array( $body['target']['type'], array( 'lead', 'batch' ), true ) ) {
		return; // No row of its own: the unique key is all that two results could meet at.
	}
	$sql = 'post' === $body['target']['type']
		? "SELECT ID FROM $wpdb->posts WHERE ID = %d FOR UPDATE"
		: "SELECT comment_ID FROM $wpdb->comments WHERE comment_ID = %d FOR UPDATE";
	$wpdb->get_var( $wpdb->prepare( $sql, ai_relay_target_id( $body['target'] ) ) );
}

/**
 * What to say when a key is already there.
 *
 * @param string $key  Idempotency-Key header.
 * @param string $hash Of the raw body.
 */
function ai_relay_earlier_result( string $key, string $hash ): string {
	global $wpdb;
	$known = $wpdb->get_var( $wpdb->prepare( 'SELECT body_sha256 FROM ' . ai_relay_result_table() . ' WHERE result_key = %s', $key ) );
	if ( null === $known ) {
		return 'unavailable'; // The claim failed for another reason: a lock that took too long, no database.
	}
	return hash_equals( $known, $hash ) ? 'duplicate' : 'reused';
}

/**
 * Takes a transaction back, and what caches have learnt in it.
 *
 * @param array $body The checked body.
 */
function ai_relay_undo( array $body ): void {
	global $wpdb;
	$wpdb->query( 'ROLLBACK' );
	$id = ai_relay_target_id( $body['target'] );
	if ( 'post' === $body['target']['type'] ) {
		wp_cache_delete( $id, 'post_meta' );
		clean_post_cache( $id );
	} elseif ( 'comment' === $body['target']['type'] ) {
		wp_cache_delete( $id, 'comment_meta' );
		clean_comment_cache( $id );
	} elseif ( 'batch' === $body['target']['type'] ) {
		wp_cache_delete( AI_RELAY_BATCHES, 'options' );
	}
}
