<?php
/**
 * The table of results: what was applied, what it replaced, what waits for a person.
 *
 * `status` is what the relay was told (`applied`, `suggested`, `unchanged`); that of a suggestion becomes `used` or
 * `dismissed` by a person, or `superseded` by a later result.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a table of ours, whose name is ours too.

defined( 'ABSPATH' ) || exit;

/** How many of a target's latest results are looked through for who wrote a field. */
const AI_RELAY_RESULTS_LOOKED_AT = 100;

/**
 * A result.
 *
 * @param int $id Its number.
 */
function ai_relay_result_row( int $id ): ?object {
	global $wpdb;
	return $wpdb->get_row( $wpdb->prepare( 'SELECT * FROM ' . ai_relay_result_table() . ' WHERE id = %d', $id ) );
}

/**
 * The latest results of a post or comment, the latest first.
 *
 * @param string $type `post` or `comment`.
 * @param int    $id   Its number.
 * @return object[]
 */
function ai_relay_results_of( string $type, int $id ): array {
	global $wpdb;
	$table = ai_relay_result_table();
	return $wpdb->get_results( $wpdb->prepare( "SELECT * FROM $table WHERE target_type = %s AND target_id = %d ORDER BY id DESC LIMIT %d", $type, $id, AI_RELAY_RESULTS_LOOKED_AT ) );
}

/**
 * Whether a result has written something that was not undone.
 *
 * @param object $row Of the table.
 */
function ai_relay_is_in_force( object $row ): bool {
	return null !== $row->replaced && null === $row->undone_at;
}

/**
 * The latest result of a post or comment that has written something that was not undone.
 *
 * @param string $type `post` or `comment`.
 * @param int    $id   Its number.
 */
function ai_relay_result_in_force( string $type, int $id ): ?object {
	return current( array_filter( ai_relay_results_of( $type, $id ), 'ai_relay_is_in_force' ) ) ?: null;
}

/**
 * What our latest result has written to each field of a post or comment: null where that was undone, which is a
 * person's doing.
 *
 * @param string $type `post` or `comment`.
 * @param int    $id   Its number.
 * @return array<string,mixed> By field.
 */
function ai_relay_last_writes( string $type, int $id ): array {
	$writes = array();
	foreach ( ai_relay_results_of( $type, $id ) as $row ) {
		foreach ( (array) json_decode( (string) $row->replaced, true ) as $field => $change ) {
			if ( ! array_key_exists( $field, $writes ) ) {
				$writes[ $field ] = null === $row->undone_at ? $change['now'] : null;
			}
		}
	}
	return $writes;
}

/**
 * Changes a result.
 *
 * @param int   $id      Its number.
 * @param array $changes Columns.
 */
function ai_relay_change_result( int $id, array $changes ): bool {
	global $wpdb;
	return 1 === $wpdb->update( ai_relay_result_table(), $changes, array( 'id' => $id ) );
}

/**
 * A newer result is here: what still waited for a person is out of date.
 *
 * @param int $post_id The post.
 */
function ai_relay_supersede_suggestions( int $post_id ): void {
	global $wpdb;
	$wpdb->update(
		ai_relay_result_table(),
		array( 'status' => 'superseded' ),
		array(
			'target_type' => 'post',
			'target_id'   => $post_id,
			'status'      => 'suggested',
		)
	);
}

/**
 * Forgets what was written about a post that is deleted; that it was stays, with its key.
 *
 * @param int $post_id The post.
 */
function ai_relay_forget_post_results( int $post_id ): void {
	ai_relay_forget_results( 'post', $post_id );
}
add_action( 'deleted_post', 'ai_relay_forget_post_results' );

/**
 * The same for a comment.
 *
 * @param int $comment_id The comment.
 */
function ai_relay_forget_comment_results( int $comment_id ): void {
	ai_relay_forget_results( 'comment', $comment_id );
}
add_action( 'deleted_comment', 'ai_relay_forget_comment_results' );

/**
 * Forgets what results said, and what they replaced.
 *
 * @param string $type `post` or `comment`.
 * @param int    $id   Its number.
 */
function ai_relay_forget_results( string $type, int $id ): void {
	global $wpdb;
	if ( ! ai_relay_is_active_here() ) {
		return; // No reason to set up a site that somebody has switched to.
	}
	$wpdb->update(
		ai_relay_result_table(),
		array(
			'result'   => null,
			'replaced' => null,
		),
		array(
			'target_type' => $type,
			'target_id'   => $id,
		)
	);
}
