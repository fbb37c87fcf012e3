<?php
/**
 * The meta that results are written to.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Texts about a post, each post meta `ai_relay_<name>`, with how many characters they may have. */
const AI_RELAY_TEXTS = array(
	'summary'         => 500,
	'seo_title'       => 60,
	'seo_description' => 155,
	'language'        => 35,
);

/** How many keywords there may be, and of how many characters each. */
const AI_RELAY_KEYWORDS       = 10;
const AI_RELAY_KEYWORD_LENGTH = 100;

/**
 * A confidence, from 0 to 1.
 *
 * @param mixed $value Any value.
 */
function ai_relay_confidence( $value ): float {
	return min( max( is_numeric( $value ) ? (float) $value : 0.0, 0.0 ), 1.0 );
}

/** Registers post meta and comment meta: typed, cleaned, and in the REST API. */
function ai_relay_register_meta(): void {
	$text  = array(
		'type'              => 'string',
		'single'            => true,
		'show_in_rest'      => true,
		'sanitize_callback' => 'ai_relay_plain_text',
		'auth_callback'     => 'ai_relay_may_edit_post_meta',
	);
	$list  = array(
		'type'              => 'array',
		'show_in_rest'      => array( 'schema' => array( 'items' => array( 'type' => 'string' ) ) ),
		'sanitize_callback' => 'ai_relay_plain_list',
	) + $text;
	$texts = array( 'ai_relay_summary', 'ai_relay_seo_title', 'ai_relay_seo_description', 'ai_relay_language' );
	foreach ( ai_relay_post_types() as $post_type ) {
		foreach ( $texts as $key ) {
			register_post_meta( $post_type, $key, $text );
		}
		register_post_meta( $post_type, 'ai_relay_keywords', $list );
	}

	// What was thought of a comment is for those who moderate, not for its readers: context "edit".
	$verdict = array(
		'show_in_rest'  => array( 'schema' => array( 'context' => array( 'edit' ) ) ),
		'auth_callback' => 'ai_relay_may_edit_comment_meta',
	) + $text;
	register_meta( 'comment', 'ai_relay_verdict', $verdict );
	register_meta( 'comment', 'ai_relay_reason', $verdict );
	register_meta(
		'comment',
		'ai_relay_confidence',
		array(
			'type'              => 'number',
			'sanitize_callback' => 'ai_relay_confidence',
		) + $verdict
	);
}
// After the post types of other plugins, which register at 10.
add_action( 'init', 'ai_relay_register_meta', 20 );

/**
 * Who may change the meta of a post: who may edit the post.
 *
 * @param bool   $allowed   Ignored.
 * @param string $meta_key  Ignored.
 * @param int    $object_id Post.
 * @param int    $user_id   User.
 */
function ai_relay_may_edit_post_meta( $allowed, $meta_key, $object_id, $user_id ): bool {
	return user_can( $user_id, 'edit_post', $object_id );
}

/**
 * Who may change the meta of a comment: who may edit the comment.
 *
 * @param bool   $allowed   Ignored.
 * @param string $meta_key  Ignored.
 * @param int    $object_id Comment.
 * @param int    $user_id   User.
 */
function ai_relay_may_edit_comment_meta( $allowed, $meta_key, $object_id, $user_id ): bool {
	return user_can( $user_id, 'edit_comment', $object_id );
}

/**
 * Keeps the texts out of the box "Custom Fields", which the classic editor posts with every save, seen or not: it would
 * write back what was there when the page was opened. Who may change them is asked of the auth_callback all the same.
 *
 * @param bool   $is_protected What core thinks.
 * @param string $meta_key     Key.
 */
function ai_relay_protect_meta( $is_protected, $meta_key ): bool {
	return $is_protected || 0 === strpos( (string) $meta_key, 'ai_relay_' );
}
add_filter( 'is_protected_meta', 'ai_relay_protect_meta', 10, 2 );

/**
 * What is said of a post with a password is for those who have it, or may edit the post; core hides content and excerpt
 * in the REST API, and not meta.
 *
 * @param WP_REST_Response $response What is answered.
 * @param WP_Post          $post     The post.
 */
function ai_relay_hide_protected_meta( $response, $post ) {
	$data = $response->get_data();
	if ( '' === $post->post_password || ! is_array( $data['meta'] ?? null ) || current_user_can( 'edit_post', $post->ID ) ) {
		return $response;
	}
	foreach ( array_keys( $data['meta'] ) as $key ) {
		if ( 0 === strpos( $key, 'ai_relay_' ) ) {
			$data['meta'][ $key ] = is_array( $data['meta'][ $key ] ) ? array() : '';
		}
	}
	$response->set_data( $data );
	return $response;
}

/** For each type of post that has our meta. */
function ai_relay_watch_rest(): void {
	foreach ( ai_relay_post_types() as $post_type ) {
		add_filter( "rest_prepare_$post_type", 'ai_relay_hide_protected_meta', 10, 2 );
	}
}
add_action( 'rest_api_init', 'ai_relay_watch_rest' );
