<?php
/**
 * POST ai-relay/v1/results: takes a result and applies it once.
 *
 * @package AI_Relay
 */

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
		ai_relay_tell_of_result( $body, $status );
	}
	return new WP_REST_Response( array( 'status' => $status ), 200 );
}

/**
 * Tells other code of a result. One that fails does not make an error of what was taken: the relay would send it again,
 * and be told that it is a duplicate.
 *
 * @param array  $body   The result.
 * @param string $status What it came to.
 */
function ai_relay_tell_of_result( array $body, string $status ): void {
	try {
		/**
		 * Fires at most once for a result, after it was taken and is safely in the database.
		 *
		 * @param array  $body   The result as the relay sent it. Its texts are not cleaned.
		 * @param string $status `applied`, `suggested` or `unchanged`.
		 */
		do_action( 'ai_relay_applied', $body, $status );
	} catch ( Throwable $failure ) {
		if ( defined( 'WP_DEBUG' ) && WP_DEBUG ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions -- for who writes that code.
			error_log( 'AI Relay: code that was told of a result has failed: ' . $failure->getMessage() . ' in ' . $failure->getFile() . ':' . $failure->getLine() );
		}
	}
}
