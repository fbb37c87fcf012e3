<?php
/**
 * GET and POST ai-relay/v1/posts/<id>: what the panel of the block editor shows, and what a person does there.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Registers the route. */
function ai_relay_register_posts_route(): void {
	register_rest_route(
		'ai-relay/v1',
		'/posts/(?P<id>[\d]+)',
		array(
			array(
				'methods'             => 'GET',
				'callback'            => 'ai_relay_answer_state',
				'permission_callback' => 'ai_relay_may_edit_texts',
			),
			array(
				'methods'             => 'POST',
				'callback'            => 'ai_relay_answer_action',
				'permission_callback' => 'ai_relay_may_edit_texts',
				'args'                => ai_relay_action_arguments(),
			),
		)
	);
}
add_action( 'rest_api_init', 'ai_relay_register_posts_route' );

/** What a person may send. */
function ai_relay_action_arguments(): array {
	$texts = array();
	foreach ( array_intersect_key( AI_RELAY_TEXTS, array_flip( AI_RELAY_SHOWN ) ) as $name => $limit ) {
		$texts[ $name ] = array(
			'type'      => 'string',
			'maxLength' => $limit,
		);
	}
	$texts['keywords'] = array(
		'type'     => 'array',
		'maxItems' => AI_RELAY_KEYWORDS,
		'items'    => array(
			'type'      => 'string',
			'maxLength' => AI_RELAY_KEYWORD_LENGTH,
		),
	);
	return array(
		'action' => array(
			'type'     => 'string',
			'enum'     => array( 'use', 'dismiss', 'undo', 'edit' ),
			'required' => true,
		),
		'result' => array( 'type' => 'integer' ),
		'values' => array(
			'type'                 => 'object',
			'properties'           => $texts,
			'additionalProperties' => false,
		),
	);
}

/**
 * Who may see and change what is written about a post: who may edit the post.
 *
 * @param WP_REST_Request $request The request.
 * @return true|WP_Error
 */
function ai_relay_may_edit_texts( WP_REST_Request $request ) {
	$post = get_post( (int) $request['id'] );
	if ( $post && in_array( $post->post_type, ai_relay_post_types(), true ) && current_user_can( 'edit_post', $post->ID ) ) {
		return true;
	}
	return new WP_Error( 'ai_relay_no_post', __( 'There is no such post that you may edit.', 'ai-relay' ), array( 'status' => rest_authorization_required_code() ) );
}

/**
 * Answers with the state of a post.
 *
 * @param WP_REST_Request $request The request.
 */
function ai_relay_answer_state( WP_REST_Request $request ): array {
	return ai_relay_post_state( (int) $request['id'] );
}

/**
 * Does what a person asks for, and answers with the state after it and a sentence about it, `message`.
 *
 * @param WP_REST_Request $request The request.
 * @return array|WP_Error
 */
function ai_relay_answer_action( WP_REST_Request $request ) {
	$post_id = (int) $request['id'];
	$status  = 'edit' === $request['action']
		? ai_relay_edit_texts( $post_id, (array) $request['values'] )
		: ai_relay_act_on_result( $request['action'], $post_id, (int) $request['result'] );
	$message = ai_relay_status_sentence( $status );
	if ( 'unavailable' === $status || 'stale' === $status ) {
		return new WP_Error( "ai_relay_$status", $message, array( 'status' => 'stale' === $status ? 409 : 503 ) );
	}
	return ai_relay_post_state( $post_id ) + array( 'message' => $message );
}
