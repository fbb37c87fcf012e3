<?php
/**
 * Who may write results, ask for a drain or check the connection: a user with the capability (over an
 * application password), or whoever signs with the shared secret, for hosts that strip Authorization.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** The routes for which either proof is enough. */
const AI_RELAY_SIGNED_ROUTES = array( '/ai-relay/v1/results', '/ai-relay/v1/drain', '/ai-relay/v1/check' );

/**
 * Permission callback of those routes.
 *
 * @param WP_REST_Request $request The request.
 * @return true|WP_Error
 */
function ai_relay_check_proof( WP_REST_Request $request ) {
	if ( current_user_can( AI_RELAY_CAPABILITY ) ) {
		return true;
	}
	if ( ai_relay_is_signed( $request ) ) {
		return true;
	}
	return new WP_Error(
		'ai_relay_no_proof',
		__( 'This needs an application password of a user who may write results, or a valid signature.', 'ai-relay' ),
		array( 'status' => is_user_logged_in() ? 403 : 401 )
	);
}

/**
 * Whether a request was signed with one of our secrets, just now.
 *
 * @param WP_REST_Request $request The request.
 */
function ai_relay_is_signed( WP_REST_Request $request ): bool {
	return ai_relay_verify(
		ai_relay_secrets(),
		(string) $request->get_header( 'X-WP-Timestamp' ),
		(string) $request->get_header( 'X-WP-Signature' ),
		$request->get_body()
	);
}

/**
 * Lets a signed request in, for these routes only, although its login failed or a plugin closes the
 * REST API to strangers: either proof is enough.
 *
 * @param WP_Error|true|null $result What core found.
 * @return WP_Error|true|null
 */
function ai_relay_signature_over_login( $result ) {
	$route = isset( $GLOBALS['wp']->query_vars['rest_route'] ) ? untrailingslashit( $GLOBALS['wp']->query_vars['rest_route'] ) : '';
	if ( ! is_wp_error( $result ) || ! in_array( $route, AI_RELAY_SIGNED_ROUTES, true ) ) {
		return $result;
	}
	$request = new WP_REST_Request( 'POST', $route );
	$request->set_headers( rest_get_server()->get_headers( wp_unslash( $_SERVER ) ) );
	$request->set_body( WP_REST_Server::get_raw_data() );
	wp_set_current_user( 0 ); // Nothing of a login that failed may count.
	return true === ai_relay_check_proof( $request ) ? true : $result;
}
add_filter( 'rest_authentication_errors', 'ai_relay_signature_over_login', 200 );
