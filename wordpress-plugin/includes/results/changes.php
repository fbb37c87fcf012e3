<?php
/**
 * Writes meta so that it can be undone: what a field held before is remembered, and that it is undone only where it
 * still holds what was written.
 *
 * Nothing here saves a post or inserts a comment, so none of our writes becomes an event.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * What a field holds.
 *
 * @param string $type `post` or `comment`.
 * @param int    $id   Its number.
 * @param string $key  Meta key.
 * @return mixed Null when it is not there.
 */
function ai_relay_read_meta( string $type, int $id, string $key ) {
	return metadata_exists( $type, $id, $key ) ? get_metadata( $type, $id, $key, true ) : null;
}

/**
 * Writes fields.
 *
 * @param string              $type `post` or `comment`.
 * @param int                 $id   Its number.
 * @param array<string,mixed> $new  Values by meta key; null takes the field away.
 * @return array<string,array{was:mixed,now:mixed}>|null Of those that changed; null when the database did not take one of ours.
 */
function ai_relay_write_meta( string $type, int $id, array $new ): ?array {
	$replaced = array();
	foreach ( $new as $key => $value ) {
		$was = ai_relay_read_meta( $type, $id, $key );
		if ( $value === $was ) {
			continue;
		}
		$done = null === $value ? delete_metadata( $type, $id, $key ) : update_metadata( $type, $id, $key, wp_slash( $value ) );
		// Another plugin may clean its field into what is there already; ours are clean, and only the database refuses them.
		$now = ai_relay_read_meta( $type, $id, $key );
		if ( false === $done && $now === $was && 0 === strpos( $key, 'ai_relay_' ) && (string) wp_json_encode( $value ) !== wp_json_encode( $was ) ) {
			return null;
		}
		if ( $now !== $was ) {
			$replaced[ $key ] = compact( 'was', 'now' );
		}
	}
	return $replaced;
}

/**
 * Undoes what a result has written, once, where nobody has changed it since. Who may: ai_relay_may_undo().
 *
 * @param int $result_id Row of the table of results.
 * @return string `undone`; `kept` when all of it was changed since, so that nothing was to be done; `stale` when it has
 *                written nothing or was undone before; `unavailable`.
 */
function ai_relay_undo_result( int $result_id ): string {
	$row = ai_relay_result_row( $result_id );
	if ( ! $row || ! ai_relay_is_in_force( $row ) ) {
		return 'stale';
	}
	$status = ai_relay_locked(
		$row->target_type,
		(int) $row->target_id,
		static function () use ( $result_id ) {
			return ai_relay_undo_locked( $result_id );
		}
	);
	if ( 'undone' === $status ) {
		/**
		 * Fires after a result was undone.
		 *
		 * @param int $result_id Row of the table of results.
		 */
		do_action( 'ai_relay_undone', $result_id );
	}
	return $status;
}

/**
 * Undoes a result whose target is locked.
 *
 * @param int $result_id Row of the table of results.
 */
function ai_relay_undo_locked( int $result_id ): string {
	$row = ai_relay_result_row( $result_id ); // Again: another request may just have undone it.
	if ( ! $row || ! ai_relay_is_in_force( $row ) ) {
		return 'stale';
	}
	$id      = (int) $row->target_id;
	$changes = (array) json_decode( (string) $row->replaced, true );
	$status  = $changes[ AI_RELAY_COMMENT_STATUS ] ?? null;
	unset( $changes[ AI_RELAY_COMMENT_STATUS ] );
	$old = array();
	foreach ( $changes as $key => $change ) {
		if ( ai_relay_read_meta( $row->target_type, $id, $key ) === $change['now'] ) {
			$old[ $key ] = $change['was'];
		}
	}
	if ( null === ai_relay_write_meta( $row->target_type, $id, $old ) || ! ai_relay_change_result( $result_id, array( 'undone_at' => time() ) ) ) {
		return 'unavailable';
	}
	$moved = $status && ai_relay_undo_comment_status( $id, $status );
	return $old || $moved ? 'undone' : 'kept';
}

/**
 * Whether the current user may undo what results have written to something: who may edit it.
 *
 * @param string $type `post` or `comment`.
 * @param int    $id   Its number.
 */
function ai_relay_may_undo( string $type, int $id ): bool {
	switch ( $type ) {
		case 'post':
			return current_user_can( 'edit_post', $id );
		case 'comment':
			return current_user_can( 'edit_comment', $id ) && current_user_can( 'moderate_comments' );
	}
	return false;
}
