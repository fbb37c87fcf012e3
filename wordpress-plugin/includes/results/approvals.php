<?php
/**
 * When a model's `approve` publishes a comment that waits for a moderator: where the owner lets it, it is sure, and
 * nobody has edited or moderated the comment since.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** How sure a model has to be to publish, from 0 to 1: what it is less sure of, a moderator can look at. */
const AI_RELAY_SURE = 0.8;

/** Characters of a comment that a model may publish: of a longer one it may have seen only the beginning. */
const AI_RELAY_MOST_JUDGED = 4000;

/** Comment meta: somebody has changed the status of the comment, other than by a result. */
const AI_RELAY_MODERATED = '_ai_relay_moderated';

/** What hooks call the status that a verdict gives. */
const AI_RELAY_STATUS_OF = array(
	'approve' => 'approved',
	'hold'    => 'unapproved',
	'spam'    => 'spam',
);

/**
 * Whether an `approve` may publish its comment. One without a revision never does, as those of a batch.
 *
 * @param WP_Comment $comment The comment, which waits.
 * @param array      $body    The checked body.
 */
function ai_relay_may_publish( WP_Comment $comment, array $body ): bool {
	return ai_relay_may_approve()
		&& $body['result']['confidence'] >= AI_RELAY_SURE
		&& mb_strlen( $comment->comment_content ) <= AI_RELAY_MOST_JUDGED
		&& ai_relay_comment_revision( $comment ) === ( $body['revision'] ?? '' )
		&& '' === get_comment_meta( (int) $comment->comment_ID, AI_RELAY_MODERATED, true );
}

/**
 * Gives a comment the status of a verdict, which is nobody's decision but the result's.
 *
 * @param int    $id      The comment.
 * @param string $verdict `approve`, `hold` or `spam`.
 */
function ai_relay_set_comment_status( int $id, string $verdict ): bool {
	ai_relay_own_change( $id . ' ' . AI_RELAY_STATUS_OF[ $verdict ] );
	try {
		return 'spam' === $verdict ? wp_spam_comment( $id ) : true === wp_set_comment_status( $id, $verdict );
	} finally {
		ai_relay_own_change( '' );
	}
}

/**
 * The change that a result is making just now: the comment and its new status. Both, because other plugins may change
 * that comment or another in the middle of it.
 *
 * @param string|null $change What begins, '' when it is over, or null just to look.
 */
function ai_relay_own_change( ?string $change = null ): string {
	static $own = '';
	$own        = $change ?? $own;
	return $own;
}

/**
 * Notes that somebody has decided about a comment: a person, or another plugin.
 *
 * @param string     $new_status Status now, or `delete`.
 * @param string     $old_status Status before.
 * @param WP_Comment $comment    The comment.
 */
function ai_relay_note_moderation( string $new_status, string $old_status, WP_Comment $comment ): void {
	// Of a deleted comment the meta is gone already, and nothing would remove this.
	if ( 'delete' !== $new_status && ai_relay_is_active_here() && ai_relay_own_change() !== "$comment->comment_ID $new_status" ) {
		update_comment_meta( (int) $comment->comment_ID, AI_RELAY_MODERATED, '1' );
	}
}
// First of all: the status is in the database already, and a result may come at any moment.
add_action( 'transition_comment_status', 'ai_relay_note_moderation', 0, 3 );
