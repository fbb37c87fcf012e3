<?php
/**
 * What is thought of a comment, and what that does to it.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Among what a result replaced: the status of a comment, `approved`, `unapproved` or `spam`. */
const AI_RELAY_COMMENT_STATUS = 'comment_status';

/**
 * Applies moderate_comment. A model may take a comment from sight. It puts one there only if ai_relay_may_publish() says
 * so, and then only one that waits for a moderator: what somebody called spam stays spam. Where a moderator has undone a
 * verdict, none moves the comment any more.
 *
 * @param array $body The checked body.
 */
function ai_relay_apply_moderation( array $body ): array {
	$comment = get_comment( ai_relay_target_id( $body['target'] ) );
	$status  = $comment ? wp_get_comment_status( $comment ) : false;
	if ( ! $comment || 'trash' === $status ) {
		return ai_relay_outcome( 'gone' );
	}
	$id       = (int) $comment->comment_ID;
	$result   = array(
		'verdict'    => $body['result']['verdict'],
		'confidence' => ai_relay_confidence( $body['result']['confidence'] ),
		'reason'     => ai_relay_plain_text( $body['result']['reason'] ?? '' ),
	);
	$meta     = array_combine( array( 'ai_relay_verdict', 'ai_relay_confidence', 'ai_relay_reason' ), array( $result['verdict'], (string) $result['confidence'], $result['reason'] ) );
	$undone   = ai_relay_verdict_was_undone( $id );
	$replaced = ai_relay_write_meta( 'comment', $id, $meta );
	if ( null === $replaced ) {
		return ai_relay_outcome( 'unavailable' );
	}
	if ( ! $undone && ai_relay_moves( $comment, (string) $status, $body ) && ai_relay_set_comment_status( $id, $result['verdict'] ) ) {
		$replaced[ AI_RELAY_COMMENT_STATUS ] = array(
			'was' => $status,
			'now' => AI_RELAY_STATUS_OF[ $result['verdict'] ],
		);
	}
	return ai_relay_outcome( $replaced ? 'applied' : 'unchanged', $result, $replaced );
}

/**
 * Whether a verdict gives its comment another status. None does after somebody has moderated the comment, or edited what
 * the verdict is about: a person's decision stands.
 *
 * @param WP_Comment $comment The comment.
 * @param string     $status  Its status.
 * @param array      $body    The checked body.
 */
function ai_relay_moves( WP_Comment $comment, string $status, array $body ): bool {
	$judged = $body['revision'] ?? '';
	if ( '' !== get_comment_meta( (int) $comment->comment_ID, AI_RELAY_MODERATED, true ) || ( '' !== $judged && ai_relay_comment_revision( $comment ) !== $judged ) ) {
		return false;
	}
	switch ( $body['result']['verdict'] ) {
		case 'spam':
			return 'spam' !== $status;
		case 'hold':
			return 'approved' === $status;
	}
	return 'unapproved' === $status && ai_relay_may_publish( $comment, $body );
}

/**
 * Whether a moderator has undone a verdict about a comment.
 *
 * @param int $comment_id The comment.
 */
function ai_relay_verdict_was_undone( int $comment_id ): bool {
	foreach ( ai_relay_results_of( 'comment', $comment_id ) as $row ) {
		if ( null !== $row->undone_at ) {
			return true;
		}
	}
	return false;
}

/**
 * Gives a comment back the status it had before a verdict, if it still has that of the verdict. Somebody decides so, and
 * it is noted as any other decision: no verdict publishes the comment after that.
 *
 * @param int   $id     The comment.
 * @param array $change Its status before, `was`, and after, `now`.
 */
function ai_relay_undo_comment_status( int $id, array $change ): bool {
	if ( wp_get_comment_status( $id ) !== $change['now'] ) {
		return false;
	}
	if ( 'spam' === $change['now'] ) {
		wp_unspam_comment( $id ); // Takes the notes of core's own away as well.
	}
	if ( wp_get_comment_status( $id ) === $change['was'] ) {
		return true;
	}
	return true === wp_set_comment_status( $id, (string) array_search( $change['was'], AI_RELAY_STATUS_OF, true ) );
}
