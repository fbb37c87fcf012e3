<?php
/**
 * What was public when its event was written, and is not any more when its turn comes: it stays.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a table of ours, and rows as they are at this moment.

defined( 'ABSPATH' ) || exit;

/**
 * A post is no longer public: its events that wait do not leave the site, and if it is published
 * again, or changed after that, it is a new event.
 *
 * @param int $post_id The post.
 */
function ai_relay_withdraw( int $post_id ): void {
	update_post_meta( $post_id, AI_RELAY_WITHDRAWALS, 1 + (int) get_post_meta( $post_id, AI_RELAY_WITHDRAWALS, true ) );
	$told = get_post_meta( $post_id, AI_RELAY_TOLD, true );
	if ( is_array( $told ) ) {
		update_post_meta( $post_id, AI_RELAY_TOLD, array( 'number' => (int) ( $told['number'] ?? 0 ) ) );
	}
	ai_relay_keep_back_post( $post_id );
}

/**
 * Ends the events of a post that wait. That they were there is kept, with the reason, for the log; what they said is not:
 * it must not leave the site some day with a click on "try again".
 *
 * @param int $post_id The post.
 */
function ai_relay_keep_back_post( int $post_id ): void {
	global $wpdb;
	$wpdb->query(
		$wpdb->prepare(
			'UPDATE ' . ai_relay_outbox_table() . " SET status = 'failed', payload = '', last_code = 0, last_error = %s
			WHERE idempotency_key LIKE %s AND event IN ('post.published', 'post.updated') AND status = 'waiting'",
			ai_relay_reason_not_public(),
			$wpdb->esc_like( "post-$post_id-" ) . '%'
		)
	);
}

/**
 * A post is deleted for good, which is no transition.
 *
 * @param int          $post_id The post.
 * @param WP_Post|null $post    As it was; some plugins leave it out.
 */
function ai_relay_on_delete( int $post_id, ?WP_Post $post = null ): void {
	if ( ! $post || in_array( $post->post_type, ai_relay_post_types(), true ) ) {
		ai_relay_keep_back_post( $post_id );
	}
}
add_action( 'deleted_post', 'ai_relay_on_delete', 10, 2 );

/** What the log says of an event whose post is no longer public. */
function ai_relay_reason_not_public(): string {
	return __( 'Not sent: the post is no longer public.', 'ai-relay' );
}

/**
 * Why an event must not leave the site any more, or '' when it may. Asked right before each attempt,
 * of the database, not of a cache: a runner may be older than the change, and a row in the log may be
 * tried again weeks later.
 *
 * @param object $row Row of the outbox.
 */
function ai_relay_reason_to_keep( object $row ): string {
	global $wpdb;
	// By key: what code of the site's own emits under the name of ours is for that code to know.
	if ( ! preg_match( '/^(post|comment|lead)-(\d+)-[0-9a-f]{24}$/D', $row->idempotency_key, $parts ) ) {
		return '';
	}
	if ( ! ai_relay_wants( $row->event ) ) {
		return __( 'Not sent: events of this kind have been switched off.', 'ai-relay' );
	}
	if ( 'lead' === $parts[1] ) {
		return '';
	}
	if ( 'post' === $parts[1] ) {
		$public = $wpdb->get_var( $wpdb->prepare( "SELECT 1 FROM $wpdb->posts WHERE ID = %d AND post_status = 'publish' AND post_password = ''", $parts[2] ) );
		return $public ? '' : ai_relay_reason_not_public();
	}
	$comment = $wpdb->get_row(
		$wpdb->prepare(
			"SELECT comment_approved, post_status, post_password FROM $wpdb->comments JOIN $wpdb->posts ON ID = comment_post_ID WHERE comment_ID = %d",
			$parts[2]
		)
	);
	if ( ! $comment || ! in_array( $comment->comment_approved, array( '0', '1' ), true ) ) {
		return __( 'Not sent: the comment is spam or deleted.', 'ai-relay' );
	}
	// An attachment inherits its status, and had it looked up when the event was written.
	$public = 'inherit' === $comment->post_status || is_post_status_viewable( $comment->post_status );
	return $public && '' === $comment->post_password ? '' : ai_relay_reason_not_public();
}
