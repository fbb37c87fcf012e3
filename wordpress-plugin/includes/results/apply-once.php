<?php
/**
 * Applies a result once: it, what it replaced and its key are written in one transaction, or none of them.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a transaction on a table of ours.

defined( 'ABSPATH' ) || exit;

/** What a change comes to of which nothing may stay. */
const AI_RELAY_TAKEN_BACK = array( 'gone', 'unavailable', 'known', 'stale' );

/**
 * What applying a result came to.
 *
 * @param string $status   `applied`, `suggested`, `unchanged`, `gone` or `unavailable`.
 * @param array  $result   What was asked for, cleaned.
 * @param array  $replaced What each field that was written held before, and holds now: ai_relay_write_meta().
 */
function ai_relay_outcome( string $status, array $result = array(), array $replaced = array() ): array {
	return compact( 'status', 'result', 'replaced' );
}

/**
 * Applies a result and writes down its key, both or neither.
 *
 * Of two requests with one key, the second waits at the target, or at the unique key, until the
 * first has ended: it then finds the row, or, when the first was taken back, takes its place.
 *
 * @param string $key  Idempotency-Key header.
 * @param string $hash Of the raw body.
 * @param array  $body The checked body.
 * @return string A status, or `gone`, `reused`, `unavailable`.
 */
function ai_relay_apply_once( string $key, string $hash, array $body ): string {
	$status = ai_relay_locked(
		$body['target']['type'],
		ai_relay_target_id( $body['target'] ),
		static function () use ( $key, $hash, $body ) {
			return ai_relay_claim( $key, $hash, $body ) ? ai_relay_apply_claimed( $key, $body ) : 'known';
		}
	);
	return 'known' === $status ? ai_relay_earlier_result( $key, $hash ) : $status;
}

/**
 * Makes a change to a post or comment that nobody else of ours changes meanwhile, and that stays as a whole or not at
 * all. Another plugin's hook that fails takes it back as well; its failure is passed on.
 *
 * @param string   $type Of the target.
 * @param int      $id   Of the target.
 * @param callable $work Makes the change and returns what it came to; AI_RELAY_TAKEN_BACK takes it back.
 * @return string What $work returned, or `unavailable` when the database did not take it.
 */
function ai_relay_locked( string $type, int $id, callable $work ): string {
	global $wpdb;
	if ( false === $wpdb->query( 'START TRANSACTION' ) || ! ai_relay_lock_target( $type, $id ) ) {
		ai_relay_take_back( $type, $id );
		return 'unavailable';
	}
	// What this request has read before may be old by now.
	ai_relay_forget( $type, $id );
	try {
		$status = $work();
	} catch ( Throwable $failure ) {
		ai_relay_take_back( $type, $id );
		throw $failure;
	}
	if ( in_array( $status, AI_RELAY_TAKEN_BACK, true ) ) {
		ai_relay_take_back( $type, $id );
		return $status;
	}
	if ( false === $wpdb->query( 'COMMIT' ) ) {
		ai_relay_take_back( $type, $id );
		return 'unavailable';
	}
	// Another request may have put what it read before the commit into a cache that all of them share.
	ai_relay_forget( $type, $id );
	return $status;
}

/**
 * Lets one change at a time at a post or comment, and nobody save it meanwhile. Before the key is
 * claimed: claims that wait for each other at a key that was taken back end in a deadlock.
 *
 * @param string $type Of the target.
 * @param int    $id   Of the target.
 * @return bool Whether nobody else changes it now; false when somebody has kept it for too long.
 */
function ai_relay_lock_target( string $type, int $id ): bool {
	global $wpdb;
	$rows = array(
		'post'    => array( $wpdb->posts, 'ID' ),
		'comment' => array( $wpdb->comments, 'comment_ID' ),
	);
	if ( ! isset( $rows[ $type ] ) ) {
		return true; // It has no row of its own: the unique key is all that two results could meet at.
	}
	list( $table, $column ) = $rows[ $type ];
	// The answer says it; a log is not to be filled with what comes again.
	$before = $wpdb->suppress_errors();
	$locked = false !== $wpdb->query( $wpdb->prepare( "SELECT $column FROM $table WHERE $column = %d FOR UPDATE", $id ) );
	$wpdb->suppress_errors( $before );
	return $locked;
}

/**
 * Writes down a key, and whose result it is.
 *
 * @param string $key  Idempotency-Key header.
 * @param string $hash Of the raw body.
 * @param array  $body The checked body.
 * @return bool Whether it is new.
 */
function ai_relay_claim( string $key, string $hash, array $body ): bool {
	global $wpdb;
	$table = ai_relay_result_table();
	return 1 === $wpdb->query(
		$wpdb->prepare(
			"INSERT IGNORE INTO $table (result_key, idempotency_key, body_sha256, action, target_type, target_id, provider, model, created_at) VALUES (%s, %s, %s, %s, %s, %d, %s, %s, %d)",
			$key,
			$body['idempotency_key'],
			$hash,
			$body['action'],
			$body['target']['type'],
			ai_relay_target_id( $body['target'] ),
			mb_substr( ai_relay_plain_text( $body['provider'] ?? '' ), 0, 64 ),
			mb_substr( ai_relay_plain_text( $body['model'] ?? '' ), 0, 128 ),
			time()
		)
	);
}

/**
 * Applies a result whose key is ours.
 *
 * @param string $key  Idempotency-Key header.
 * @param array  $body The checked body.
 */
function ai_relay_apply_claimed( string $key, array $body ): string {
	global $wpdb;
	$outcome = AI_RELAY_ACTIONS[ $body['action'] ]['apply']( $body );
	if ( in_array( $outcome['status'], AI_RELAY_TAKEN_BACK, true ) ) {
		return $outcome['status'];
	}
	// Finds no row when the database has ended the transaction by itself (a deadlock, a lost connection):
	// then the key is not taken, and the relay sends the result again.
	$written = $wpdb->update(
		ai_relay_result_table(),
		array(
			'status'   => $outcome['status'],
			'result'   => $outcome['result'] ? wp_json_encode( $outcome['result'] ) : null,
			'replaced' => $outcome['replaced'] ? wp_json_encode( $outcome['replaced'] ) : null,
		),
		array( 'result_key' => $key )
	);
	return 1 === $written ? $outcome['status'] : 'unavailable';
}

/**
 * What to say when a key is already there. One without what it came to is no result: the database has ended the
 * transaction between the two by itself. It goes, and the relay comes again.
 *
 * @param string $key  Idempotency-Key header.
 * @param string $hash Of the raw body.
 */
function ai_relay_earlier_result( string $key, string $hash ): string {
	global $wpdb;
	$table = ai_relay_result_table();
	$known = $wpdb->get_row( $wpdb->prepare( "SELECT body_sha256, status FROM $table WHERE result_key = %s", $key ) );
	if ( ! $known ) {
		return 'unavailable'; // The claim failed for another reason: a lock that took too long, no database.
	}
	if ( '' === $known->status ) {
		$wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE result_key = %s AND status = ''", $key ) );
		return 'unavailable';
	}
	return hash_equals( $known->body_sha256, $hash ) ? 'duplicate' : 'reused';
}

/**
 * Takes a transaction back, and what caches have learnt in it.
 *
 * @param string $type Of the target.
 * @param int    $id   Of the target.
 */
function ai_relay_take_back( string $type, int $id ): void {
	global $wpdb;
	$wpdb->query( 'ROLLBACK' );
	ai_relay_forget( $type, $id );
	if ( 'post' === $type ) {
		clean_post_cache( $id );
	} elseif ( 'comment' === $type ) {
		clean_comment_cache( $id );
		$comment = get_comment( $id );
		if ( $comment ) {
			clean_post_cache( (int) $comment->comment_post_ID ); // It has a number of comments.
		}
	}
}

/**
 * Takes a target out of the caches, so that it is read from the database.
 *
 * @param string $type Of the target.
 * @param int    $id   Of the target.
 */
function ai_relay_forget( string $type, int $id ): void {
	if ( 'post' === $type ) {
		wp_cache_delete( $id, 'posts' );
		wp_cache_delete( $id, 'post_meta' );
	} elseif ( 'comment' === $type ) {
		wp_cache_delete( $id, 'comment' );
		wp_cache_delete( $id, 'comment_meta' );
	} elseif ( 'site' === $type ) {
		wp_cache_delete( AI_RELAY_CHECK_RESULT, 'options' );
	}
}
