<?php
/**
 * Writes a checked result to its post or comment (a lead's is passed on, a batch's is in batches.php), and says what became of it: `applied`,
 * `unchanged`, `suggested`, `gone`, or `unavailable` when the database did not take it.
 *
 * Nothing here saves a post or inserts a comment, so a result never becomes an event.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Where a result waits that would overwrite what a person has changed since. */
const AI_RELAY_SUGGESTION = '_ai_relay_suggestion';

/**
 * Applies enrich_post.
 *
 * @param array $body The checked body.
 */
function ai_relay_apply_enrichment( array $body ): string {
	$post = get_post( ai_relay_target_id( $body['target'] ) );
	if ( ! $post || 'trash' === $post->post_status || ! in_array( $post->post_type, ai_relay_post_types(), true ) ) {
		return 'gone';
	}
	$new = array();
	foreach ( array( 'summary', 'seo_title', 'seo_description', 'language' ) as $name ) {
		$new[ 'ai_relay_' . $name ] = ai_relay_plain_text( $body['result'][ $name ] ?? '' );
	}
	$new['ai_relay_keywords'] = ai_relay_plain_list( $body['result']['keywords'] ?? array() );
	// An empty field is no reason to take away what is there.
	$new = array_filter( $new );
	$old = array();
	foreach ( array_keys( $new ) as $key ) {
		$old[ $key ] = get_post_meta( $post->ID, $key, true );
	}
	if ( $new === $old ) {
		return 'unchanged';
	}
	if ( isset( $body['revision'] ) && '' !== $body['revision'] && ai_relay_revision( $post ) !== $body['revision'] ) {
		update_post_meta( $post->ID, AI_RELAY_SUGGESTION, wp_slash( $new + ai_relay_origin( $body ) ) );
		return 'suggested';
	}
	foreach ( $new as $key => $value ) {
		if ( $value !== $old[ $key ] && false === update_post_meta( $post->ID, $key, wp_slash( $value ) ) ) {
			return 'unavailable';
		}
	}
	return 'applied';
}

/**
 * Who made a result.
 *
 * @param array $body The checked body.
 */
function ai_relay_origin( array $body ): array {
	return array(
		'provider'        => ai_relay_plain_text( $body['provider'] ?? '' ),
		'model'           => ai_relay_plain_text( $body['model'] ?? '' ),
		'idempotency_key' => $body['idempotency_key'],
	);
}

/**
 * Applies moderate_comment. A model may take a comment from sight. It puts one there only if ai_relay_may_publish() says
 * so, and then only one that waits for a moderator: what somebody called spam stays spam.
 *
 * @param array $body The checked body.
 */
function ai_relay_apply_moderation( array $body ): string {
	$comment = get_comment( ai_relay_target_id( $body['target'] ) );
	$status  = $comment ? wp_get_comment_status( $comment ) : false;
	if ( ! $comment || 'trash' === $status ) {
		return 'gone';
	}
	$id      = (int) $comment->comment_ID;
	$result  = $body['result'];
	$changed = false;
	$new     = array(
		'ai_relay_verdict'    => $result['verdict'],
		'ai_relay_confidence' => ai_relay_confidence( $result['confidence'] ),
		'ai_relay_reason'     => ai_relay_plain_text( $result['reason'] ?? '' ),
	);
	foreach ( $new as $key => $value ) {
		$changed = false !== update_comment_meta( $id, $key, wp_slash( $value ) ) || $changed;
	}
	if ( 'spam' === $result['verdict'] && 'spam' !== $status ) {
		$changed = ai_relay_set_comment_status( $id, 'spam' ) || $changed;
	} elseif ( 'hold' === $result['verdict'] && 'approved' === $status ) {
		$changed = ai_relay_set_comment_status( $id, 'hold' ) || $changed;
	} elseif ( 'approve' === $result['verdict'] && 'unapproved' === $status && ai_relay_may_publish( $comment, $body ) ) {
		$changed = ai_relay_set_comment_status( $id, 'approve' ) || $changed;
	}
	return $changed ? 'applied' : 'unchanged';
}

/**
 * Takes qualify_lead. A lead belongs to whichever plugin has the form, and nothing of ours keeps it: who wants its
 * category, score and summary listens to the action `ai_relay_applied`, which follows.
 */
function ai_relay_apply_qualification(): string {
	return 'applied';
}
