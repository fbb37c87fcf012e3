<?php
/**
 * What happens on this site and becomes an event.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Counts how often a post has left publication: the next publication is then a new event. */
const AI_RELAY_WITHDRAWALS = '_ai_relay_withdrawals';

/**
 * Announces a publication at the moment of the transition, not at every save.
 *
 * Terms and meta may be saved after this (the REST API does), and never are when that fails. So the
 * event is written now, held back, and completed when the save is over.
 *
 * @param string  $new_status Status now.
 * @param string  $old_status Status before.
 * @param WP_Post $post       The post.
 */
function ai_relay_on_transition( string $new_status, string $old_status, WP_Post $post ): void {
	if ( $new_status === $old_status || ! in_array( $post->post_type, ai_relay_post_types(), true ) ) {
		return;
	}
	if ( 'publish' === $old_status ) {
		update_post_meta( $post->ID, AI_RELAY_WITHDRAWALS, 1 + (int) get_post_meta( $post->ID, AI_RELAY_WITHDRAWALS, true ) );
	}
	if ( 'publish' !== $new_status || ! ai_relay_may_send_post( $post ) ) {
		return;
	}
	$key = ai_relay_key( 'post', $post->ID, (int) get_post_meta( $post->ID, AI_RELAY_WITHDRAWALS, true ) );
	if ( ai_relay_outbox_add( $key, ai_relay_post_payload( $post, $key ), AI_RELAY_HOLD ) ) {
		ai_relay_held_events( array( $post->ID => $key ) );
	}
}
add_action( 'transition_post_status', 'ai_relay_on_transition', 10, 3 );

/**
 * Whether a published post may leave the site. What has a password is not public, and an import is
 * not news.
 *
 * @param WP_Post $post The post.
 */
function ai_relay_may_send_post( WP_Post $post ): bool {
	return '' === (string) $post->post_password && ! ( defined( 'WP_IMPORTING' ) && WP_IMPORTING );
}

/**
 * The events of this request that are held back, by post.
 *
 * @param array<int,string>|null $change Keys to add, or null just to look.
 * @param int                    $forget Post to forget.
 * @return array<int,string>
 */
function ai_relay_held_events( ?array $change = null, int $forget = 0 ): array {
	static $held = array();
	$held        = (array) $change + $held;
	unset( $held[ $forget ] );
	return $held;
}

/**
 * A save is over, with terms and meta: the event of its publication gets its final content.
 *
 * @param int $post_id The post.
 */
function ai_relay_complete( int $post_id ): void {
	$held = ai_relay_held_events();
	$post = get_post( $post_id );
	if ( ! isset( $held[ $post_id ] ) || ! $post ) {
		return;
	}
	ai_relay_held_events( null, $post_id );
	ai_relay_outbox_release( $held[ $post_id ], ai_relay_post_payload( $post, $held[ $post_id ] ) );
}
add_action( 'wp_after_insert_post', 'ai_relay_complete', 100 );

/** A save that never came to its end still published its post. */
function ai_relay_complete_all(): void {
	array_map( 'ai_relay_complete', array_keys( ai_relay_held_events() ) );
}
add_action( 'shutdown', 'ai_relay_complete_all', 5 );

/**
 * Announces a comment, once, whichever way it came in.
 *
 * @param int $comment_id The comment.
 */
function ai_relay_on_comment( int $comment_id ): void {
	$comment = get_comment( $comment_id );
	if ( ! $comment || ! in_array( $comment->comment_type, array( '', 'comment' ), true ) ) {
		return; // A pingback, a trackback, a note of another plugin.
	}
	$post = get_post( (int) $comment->comment_post_ID );
	if ( ! $post || ! in_array( $post->post_type, ai_relay_post_types(), true ) || ! ai_relay_may_send_post( $post ) ) {
		return;
	}
	if ( ! is_post_publicly_viewable( $post ) ) {
		return; // What is said on a private post or a draft stays in the house.
	}
	if ( in_array( wp_get_comment_status( $comment ), array( 'spam', 'trash' ), true ) ) {
		return; // Already decided.
	}
	$key = ai_relay_key( 'comment', $comment_id );
	ai_relay_outbox_add( $key, ai_relay_comment_payload( $comment, $key ) );
}
// Every new comment, also those the REST API and other plugins insert; comment_post would add none.
add_action( 'wp_insert_comment', 'ai_relay_on_comment', 20 );
