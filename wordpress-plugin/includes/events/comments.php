<?php
/**
 * Comments become events.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Announces a comment, once, whichever way it came in.
 *
 * @param int $comment_id The comment.
 */
function ai_relay_on_comment( int $comment_id ): void {
	$comment = get_comment( $comment_id );
	if ( ! $comment || ! ai_relay_wants( 'comment.created' ) || ! in_array( $comment->comment_type, array( '', 'comment' ), true ) ) {
		return; // A pingback, a trackback, a note of another plugin.
	}
	$post = get_post( (int) $comment->comment_post_ID );
	if ( ! $post || ! in_array( $post->post_type, ai_relay_post_types(), true ) || ! ai_relay_may_send_post( $post ) ) {
		return;
	}
	if ( ! is_post_publicly_viewable( $post ) ) {
		return; // What is said on a private post or a draft stays in the house.
	}
	if ( '' === ai_relay_comment_status( $comment ) ) {
		return; // Already decided.
	}
	$key = ai_relay_key( 'comment', $comment_id, $comment->comment_date_gmt );
	ai_relay_record( $key, ai_relay_comment_payload( $comment, $key ) );
}
// Every new comment, also those the REST API and other plugins insert; comment_post would add none.
add_action( 'wp_insert_comment', 'ai_relay_on_comment', 20 );
