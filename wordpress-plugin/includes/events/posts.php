<?php
/**
 * Posts: a publication and a change of what is public become events.
 *
 * Terms and meta may be saved after the hooks for both (the REST API does), and never are when that
 * fails. So an event is written at once, held back, and completed when the save is over.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Post meta: how often a post has ceased to be public. The next publication is then a new event. */
const AI_RELAY_WITHDRAWALS = '_ai_relay_withdrawals';

/** Post meta: the latest change that was told: its number, the revision and the key of its event. */
const AI_RELAY_TOLD = '_ai_relay_told';

/**
 * Announces a publication at the moment of the transition, whichever way it came, not at every save.
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
		ai_relay_withdraw( $post->ID );
	}
	if ( 'publish' === $new_status ) {
		ai_relay_announce_publication( $post );
	}
}
add_action( 'transition_post_status', 'ai_relay_on_transition', 10, 3 );

/**
 * Writes the event of a publication; one, however many requests see it.
 *
 * @param WP_Post $post The post, which has just become public.
 */
function ai_relay_announce_publication( WP_Post $post ): void {
	if ( ai_relay_wants( 'post.published' ) && ai_relay_may_send_post( $post ) ) {
		$key = ai_relay_key( 'post', $post->ID, (string) (int) get_post_meta( $post->ID, AI_RELAY_WITHDRAWALS, true ) );
		ai_relay_hold_post_event( 'post.published', $post, $key );
	}
}

/**
 * Announces a change of a public post's title, content or excerpt.
 *
 * @param int     $post_id The post.
 * @param WP_Post $after   As it is now.
 * @param WP_Post $before  As it was before this save.
 */
function ai_relay_on_update( int $post_id, WP_Post $after, WP_Post $before ): void {
	if ( 'publish' !== $before->post_status || 'publish' !== $after->post_status || ! in_array( $after->post_type, ai_relay_post_types(), true ) ) {
		return;
	}
	$was_open = '' === (string) $before->post_password;
	$is_open  = '' === (string) $after->post_password;
	if ( $was_open && ! $is_open ) {
		ai_relay_withdraw( $post_id );
	} elseif ( $is_open && ! $was_open ) {
		ai_relay_announce_publication( $after );
	} elseif ( $is_open && ai_relay_revision( $before ) !== ai_relay_revision( $after ) ) {
		ai_relay_announce_change( $after );
	}
}
add_action( 'post_updated', 'ai_relay_on_update', 10, 3 );

/**
 * Writes the event of a change. While the one before has not been tried yet, it takes the new
 * content: who saves often makes one event, not many.
 *
 * @param WP_Post $post The post as it is now.
 */
function ai_relay_announce_change( WP_Post $post ): void {
	if ( ! ai_relay_wants( 'post.updated' ) || ! ai_relay_may_send_post( $post ) || ai_relay_event_in_hand( $post->ID ) ) {
		return; // What is held back already gets the content that the save ends with.
	}
	$revision = ai_relay_revision( $post );
	$told     = get_post_meta( $post->ID, AI_RELAY_TOLD, true );
	$told     = is_array( $told ) ? $told : array();
	if ( ( $told['revision'] ?? '' ) === $revision ) {
		return; // The editor's second request for one save.
	}
	$number = (int) ( $told['number'] ?? 0 );
	$key    = (string) ( $told['key'] ?? '' );
	// A key of another post comes with the meta of one that was copied.
	if ( 0 !== strpos( $key, "post-$post->ID-" ) || ! ai_relay_hold_again( $post, $key ) ) {
		++$number;
		// By number and content: the same change twice is one event, and one that is taken back another.
		$key = ai_relay_key( 'post', $post->ID, "change|$number|$revision" );
		ai_relay_hold_post_event( 'post.updated', $post, $key );
	}
	update_post_meta( $post->ID, AI_RELAY_TOLD, compact( 'number', 'revision', 'key' ) );
}

/**
 * Whether a published post may leave the site. What has a password is not public, and an import is
 * not news, unless the owner says so.
 *
 * @param WP_Post $post The post.
 */
function ai_relay_may_send_post( WP_Post $post ): bool {
	$importing = defined( 'WP_IMPORTING' ) && WP_IMPORTING;
	return '' === (string) $post->post_password && ( ! $importing || '1' === ai_relay_setting( 'imports' ) );
}
