<?php
/**
 * The list of comments: a column with verdict, confidence and reason, a filter by verdict, and a way to undo one. For
 * those who moderate.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** What verdicts are called. */
function ai_relay_verdict_names(): array {
	return array(
		'approve' => __( 'Approve', 'ai-relay' ),
		'hold'    => __( 'Hold', 'ai-relay' ),
		'spam'    => __( 'Spam', 'ai-relay' ),
	);
}

/**
 * Adds the column, after the comment itself.
 *
 * @param array $columns Headings by name.
 */
function ai_relay_comments_columns( array $columns ): array {
	if ( ! current_user_can( 'moderate_comments' ) ) {
		return $columns;
	}
	$after = array_search( 'comment', array_keys( $columns ), true );
	$place = false === $after ? count( $columns ) : $after + 1;
	return array_slice( $columns, 0, $place, true ) + array( 'ai_relay' => __( 'AI Relay', 'ai-relay' ) ) + array_slice( $columns, $place, null, true );
}
add_filter( 'manage_edit-comments_columns', 'ai_relay_comments_columns' );

/**
 * Prints a cell. The meta of all comments on the page was read at once, by the query for them.
 *
 * @param string     $column     Name of the column.
 * @param int|string $comment_id The comment.
 */
function ai_relay_comments_cell( string $column, $comment_id ): void {
	if ( 'ai_relay' !== $column ) {
		return;
	}
	$verdict = (string) get_comment_meta( (int) $comment_id, 'ai_relay_verdict', true );
	$names   = ai_relay_verdict_names();
	if ( ! isset( $names[ $verdict ] ) ) {
		echo '<span aria-hidden="true">—</span><span class="screen-reader-text">' . esc_html__( 'No verdict of AI Relay', 'ai-relay' ) . '</span>';
		return;
	}
	printf(
		'<span class="screen-reader-text">%s </span><span class="ai-relay-verdict ai-relay-verdict-%s">%s</span> %s',
		esc_html__( 'Verdict of AI Relay:', 'ai-relay' ),
		esc_attr( $verdict ),
		esc_html( $names[ $verdict ] ),
		/* translators: %s: a number from 0 to 100. */
		esc_html( sprintf( __( '%s%% sure', 'ai-relay' ), ai_relay_percent( (string) get_comment_meta( (int) $comment_id, 'ai_relay_confidence', true ) ) ) )
	);
	$reason = (string) get_comment_meta( (int) $comment_id, 'ai_relay_reason', true );
	if ( '' !== $reason ) {
		printf( '<p class="ai-relay-reason">%s</p>', esc_html( $reason ) );
	}
}
add_action( 'manage_comments_custom_column', 'ai_relay_comments_cell', 10, 2 );

/**
 * A confidence as a number of percent, rounded down: only what is certain is 100.
 *
 * @param string $confidence From 0 to 1.
 */
function ai_relay_percent( string $confidence ): string {
	return number_format_i18n( floor( round( 100 * ai_relay_confidence( $confidence ), 6 ) ) );
}

/** The verdict that the list is filtered by: one of them, `none`, or '' for all. */
function ai_relay_chosen_verdict(): string {
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- chooses what is shown, as core's own filters do.
	$verdict = sanitize_key( wp_unslash( $_REQUEST['ai_relay_verdict'] ?? '' ) );
	$known   = current_user_can( 'moderate_comments' ) && ( 'none' === $verdict || isset( ai_relay_verdict_names()[ $verdict ] ) );
	return $known ? $verdict : '';
}

/** Prints the filter. */
function ai_relay_verdict_filter(): void {
	if ( ! current_user_can( 'moderate_comments' ) ) {
		return;
	}
	$choices = array( '' => __( 'All verdicts of AI Relay', 'ai-relay' ) ) + ai_relay_verdict_names() + array( 'none' => __( 'No verdict', 'ai-relay' ) );
	echo '<label class="screen-reader-text" for="ai-relay-verdict">' . esc_html__( 'Filter by verdict of AI Relay', 'ai-relay' ) . '</label><select name="ai_relay_verdict" id="ai-relay-verdict">';
	foreach ( $choices as $verdict => $name ) {
		printf( '<option value="%s"%s>%s</option>', esc_attr( $verdict ), selected( ai_relay_chosen_verdict(), $verdict, false ), esc_html( $name ) );
	}
	echo '</select>';
}
add_action( 'restrict_manage_comments', 'ai_relay_verdict_filter' );

/**
 * Filters the list.
 *
 * @param array $arguments Of the query for comments.
 */
function ai_relay_filter_comments( array $arguments ): array {
	$verdict = ai_relay_chosen_verdict();
	if ( '' === $verdict ) {
		return $arguments;
	}
	$none   = 'none' === $verdict;
	$others = $arguments['meta_query'] ?? array();
	$clause = array( 'key' => 'ai_relay_verdict' );

	$clause[ $none ? 'compare' : 'value' ] = $none ? 'NOT EXISTS' : $verdict;

	$arguments['meta_query'] = array( $clause ); // phpcs:ignore WordPress.DB.SlowDBQuery -- of one page of a list that somebody filters.
	if ( $others ) {
		$arguments['meta_query'][] = $others;
	}
	return $arguments;
}
add_filter( 'comments_list_table_query_args', 'ai_relay_filter_comments' );

/**
 * Adds "Undo AI Relay" to a comment with a verdict.
 *
 * @param array      $actions Links.
 * @param WP_Comment $comment The comment.
 */
function ai_relay_comment_actions( array $actions, WP_Comment $comment ): array {
	$id = (int) $comment->comment_ID;
	if ( '' === (string) get_comment_meta( $id, 'ai_relay_verdict', true ) || ! ai_relay_may_undo( 'comment', $id ) ) {
		return $actions;
	}
	$address             = wp_nonce_url( admin_url( 'admin-post.php?action=ai_relay_undo_verdict&comment=' . $id ), 'ai_relay_undo_verdict_' . $id );
	$actions['ai_relay'] = sprintf(
		'<a href="%s" class="ai-relay-undo" aria-label="%s">%s</a>',
		esc_url( $address ),
		/* translators: %s: name of a commenter. */
		esc_attr( sprintf( __( 'Undo what AI Relay did to the comment of %s', 'ai-relay' ), $comment->comment_author ) ),
		esc_html__( 'Undo AI Relay', 'ai-relay' )
	);
	return $actions;
}
add_filter( 'comment_row_actions', 'ai_relay_comment_actions', 20, 2 );

/** Takes that link, and goes back to the list. */
function ai_relay_take_undo_verdict(): void {
	$id = absint( $_GET['comment'] ?? 0 );
	check_admin_referer( 'ai_relay_undo_verdict_' . $id );
	$row = ai_relay_result_in_force( 'comment', $id );
	if ( ! ai_relay_may_undo( 'comment', $id ) ) {
		wp_die( esc_html__( 'You may not moderate this comment.', 'ai-relay' ), 403 );
	}
	$back   = wp_get_referer();
	$status = $row ? ai_relay_undo_result( (int) $row->id ) : 'stale';
	$status = 'undone' === $status ? 'verdict_undone' : $status;
	wp_safe_redirect( add_query_arg( 'ai_relay_done', $status, $back ? $back : admin_url( 'edit-comments.php' ) ) );
	exit;
}
add_action( 'admin_post_ai_relay_undo_verdict', 'ai_relay_take_undo_verdict' );
