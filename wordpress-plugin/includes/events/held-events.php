<?php
/**
 * Events of posts that are being saved: held back until the save is over, then completed, and once
 * more at the end of the request if terms or meta were saved even later.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * The events of posts in this request, by blog and post: their name, their key, and whether they are
 * `held`, `released`, or `stale` because something was saved after they were released.
 *
 * @return array<int,array<int,array{event:string,key:string,state:string}>> By reference.
 */
function &ai_relay_events_in_hand(): array {
	static $events = array();
	return $events;
}

/**
 * Whether an event of a post is held back at this moment.
 *
 * @param int $post_id The post.
 */
function ai_relay_event_in_hand( int $post_id ): bool {
	return 'held' === ( ai_relay_events_in_hand()[ get_current_blog_id() ][ $post_id ]['state'] ?? '' );
}

/**
 * Writes an event as far as it is known, and holds it back. One that a filter withholds is looked at
 * again when the save is over: the filter may go by terms that are not there yet.
 *
 * @param string  $event Name of the event.
 * @param WP_Post $post  The post.
 * @param string  $key   Idempotency key.
 */
function ai_relay_hold_post_event( string $event, WP_Post $post, string $key ): void {
	$payload = ai_relay_filtered( ai_relay_post_payload( $post, $key, $event ) );
	if ( null !== $payload && ! ai_relay_outbox_add( $key, $payload, AI_RELAY_HOLD ) ) {
		return; // Another request has seen to it.
	}
	ai_relay_take_in_hand( $event, $post->ID, $key );
}

/**
 * Holds back an event of an earlier save that nobody has tried to send yet, with the content of now.
 *
 * @param WP_Post $post The post.
 * @param string  $key  Key of its post.updated.
 * @return bool False when it has been tried, or is not there.
 */
function ai_relay_hold_again( WP_Post $post, string $key ): bool {
	$payload = ai_relay_filtered( ai_relay_post_payload( $post, $key, 'post.updated' ) );
	if ( null === $payload || ! ai_relay_outbox_release( $key, $payload, AI_RELAY_HOLD ) ) {
		return false;
	}
	ai_relay_take_in_hand( 'post.updated', $post->ID, $key );
	return true;
}

/**
 * Remembers an event until its save is over.
 *
 * @param string $event   Name of the event.
 * @param int    $post_id The post.
 * @param string $key     Idempotency key.
 */
function ai_relay_take_in_hand( string $event, int $post_id, string $key ): void {
	$events =& ai_relay_events_in_hand();
	$state  = 'held';

	$events[ get_current_blog_id() ][ $post_id ] = compact( 'event', 'key', 'state' );
}

/**
 * A save is over, with terms and meta: its event gets its final content and may go.
 *
 * @param int $post_id The post.
 */
function ai_relay_complete( int $post_id ): void {
	$events =& ai_relay_events_in_hand();
	$blog   = get_current_blog_id();
	if ( ! in_array( $events[ $blog ][ $post_id ]['state'] ?? '', array( 'held', 'stale' ), true ) ) {
		return;
	}
	$events[ $blog ][ $post_id ]['state'] = 'released';

	$key  = $events[ $blog ][ $post_id ]['key'];
	$post = get_post( $post_id );
	if ( ! $post || 'publish' !== $post->post_status || '' !== (string) $post->post_password ) {
		return; // It has been withdrawn meanwhile.
	}
	$payload = ai_relay_filtered( ai_relay_post_payload( $post, $key, $events[ $blog ][ $post_id ]['event'] ) );
	if ( null === $payload ) {
		ai_relay_outbox_drop( $key );
	} elseif ( ! ai_relay_outbox_release( $key, $payload ) ) {
		ai_relay_outbox_add( $key, $payload ); // A filter withheld it until now; what is there stays as it is.
	}
}
add_action( 'wp_after_insert_post', 'ai_relay_complete', 100 );

/** At the end of the request: a save that never came to its end still published its post. */
function ai_relay_complete_all(): void {
	foreach ( ai_relay_events_in_hand() as $blog => $events ) {
		$elsewhere = get_current_blog_id() !== $blog;
		if ( $elsewhere && ! get_site( $blog ) ) {
			continue; // Deleted since, with its posts.
		}
		if ( $elsewhere ) {
			switch_to_blog( $blog );
		}
		array_map( 'ai_relay_complete', array_keys( $events ) );
		if ( $elsewhere ) {
			restore_current_blog();
		}
	}
}
add_action( 'shutdown', 'ai_relay_complete_all', 5 );

/**
 * Terms of a post were saved after its save, as many a plugin does.
 *
 * @param int    $post_id  The post.
 * @param array  $terms    Ignored.
 * @param array  $now      Its terms of that taxonomy.
 * @param string $taxonomy Ignored.
 * @param bool   $append   Ignored.
 * @param array  $before   Its terms before.
 */
function ai_relay_on_late_terms( $post_id, $terms = array(), $now = array(), $taxonomy = '', $append = false, $before = array() ): void {
	if ( array_diff( (array) $now, (array) $before ) || array_diff( (array) $before, (array) $now ) ) {
		ai_relay_mark_stale( (int) $post_id );
	}
}
add_action( 'set_object_terms', 'ai_relay_on_late_terms', 10, 6 );

/**
 * Something was saved after an event was released.
 *
 * @param int $post_id The post.
 */
function ai_relay_mark_stale( int $post_id ): void {
	$events =& ai_relay_events_in_hand();
	$blog   = get_current_blog_id();
	if ( 'released' === ( $events[ $blog ][ $post_id ]['state'] ?? '' ) ) {
		$events[ $blog ][ $post_id ]['state'] = 'stale';
	}
}

/**
 * Meta of a post was saved after its save: a filter of the event's content may go by it.
 *
 * @param int    $meta_id  Ignored.
 * @param int    $post_id  The post.
 * @param string $meta_key Name.
 */
function ai_relay_on_late_meta( $meta_id, int $post_id, string $meta_key ): void {
	if ( has_filter( 'ai_relay_payload' ) && 0 !== strpos( $meta_key, '_ai_relay_' ) ) {
		ai_relay_mark_stale( $post_id );
	}
}
add_action( 'added_post_meta', 'ai_relay_on_late_meta', 10, 3 );
add_action( 'updated_post_meta', 'ai_relay_on_late_meta', 10, 3 );
