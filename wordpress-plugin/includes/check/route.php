<?php
/**
 * POST ai-relay/v1/check: tells the relay how a request of its reached this site (contract, section 5).
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Registers the route. */
function ai_relay_register_check_route(): void {
	register_rest_route(
		'ai-relay/v1',
		'/check',
		array(
			'methods'             => 'POST',
			'callback'            => 'ai_relay_answer_check',
			'permission_callback' => 'ai_relay_check_proof',
		)
	);
}
add_action( 'rest_api_init', 'ai_relay_register_check_route' );

/**
 * Answers what arrived.
 *
 * @param WP_REST_Request $request The request, its sender proven.
 */
function ai_relay_answer_check( WP_REST_Request $request ): WP_REST_Response {
	$arrived = ai_relay_authorization_arrived();
	return new WP_REST_Response(
		array(
			'authorization' => $arrived,
			'login'         => ai_relay_login_outcome( $arrived ),
			'can_write'     => current_user_can( AI_RELAY_CAPABILITY ),
			'can_moderate'  => current_user_can( 'moderate_comments' ) && current_user_can( 'edit_posts' ),
			'signature'     => ai_relay_is_signed( $request ),
			'version'       => AI_RELAY_VERSION,
		),
		200
	);
}

/** Whether the header Authorization came through the web server to PHP, in any of the ways it does. */
function ai_relay_authorization_arrived(): bool {
	return ! empty( $_SERVER['HTTP_AUTHORIZATION'] ) || ! empty( $_SERVER['REDIRECT_HTTP_AUTHORIZATION'] ) || isset( $_SERVER['PHP_AUTH_USER'] );
}

/**
 * What became of the login: `none` came, it `failed`, its user has `no_right` to write results, or `ok`.
 *
 * @param bool $arrived Whether there was one.
 */
function ai_relay_login_outcome( bool $arrived ): string {
	if ( ! $arrived ) {
		return 'none';
	}
	if ( ! is_user_logged_in() ) {
		return 'failed';
	}
	return current_user_can( AI_RELAY_CAPABILITY ) ? 'ok' : 'no_right';
}

/**
 * A request of this site to itself that only tries whether a login arrives is no login: nobody is to count
 * it as one that failed. It takes rights away, and gives none.
 *
 * @param bool $is_api Whether core would try the application password.
 */
function ai_relay_no_login_from_inside( $is_api ) {
	return isset( $_SERVER['HTTP_X_AI_RELAY_INSIDE'] ) ? false : $is_api;
}
add_filter( 'application_password_is_api_request', 'ai_relay_no_login_from_inside' );
