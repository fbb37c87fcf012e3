<?php
/**
 * A person asks to be forgotten: here, and by the relay.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * One step of an erasure. WordPress comes again until it is done; what was erased is not found again.
 *
 * Unsent events are dropped; of sent ones the line in the log stays, without its content. What the relay has is
 * erased by an event that goes through the outbox, so that it arrives even if the relay is away today.
 *
 * @param string $email The person's address.
 * @param int    $page  From 1: which of the comments; events are always the first that are left.
 * @return array{items_removed:bool,items_retained:bool,messages:string[],done:bool}
 */
function ai_relay_erase_person( string $email, int $page = 1 ): array {
	$comments = ai_relay_comments_of( $email, $page );
	$removed  = ai_relay_erase_verdicts( $comments );
	$removed  = ai_relay_erase_results( $comments, array() ) || $removed;
	// First those outside of the outbox: what comes into it meanwhile is found there.
	$spooled  = ai_relay_spooled_events_of( $email, $comments );
	$nameless = ai_relay_nameless_events_of( $email, $comments );
	$named    = ai_relay_events_of( $email );
	$sealed   = ai_relay_sealed_events_of( $email );
	foreach ( array( $nameless, $named, $sealed, $spooled ) as $events ) {
		ai_relay_erase_results( array(), array_column( $events, 'idempotency_key' ) );
		ai_relay_erase_events( $events );
		$removed = $removed || $events;
	}
	$done     = max( count( $comments ), count( $named ), count( $sealed ) ) < AI_RELAY_PRIVACY_STEP;
	$messages = array();
	if ( $done && ai_relay_ask_relay_to_erase( $email ) ) {
		$messages[] = ai_relay_is_configured()
			? __( 'AI Relay: the relay has been asked to erase what it holds of this person. Settings > AI Relay shows when that was sent.', 'ai-relay' )
			: __( 'AI Relay: the relay will be asked to erase what it holds of this person once Settings > AI Relay has an endpoint and a secret again.', 'ai-relay' );
	}
	return array(
		'items_removed'  => $removed,
		'items_retained' => false,
		'messages'       => $messages,
		'done'           => $done,
	);
}

/**
 * Drops unsent events, with their attempts, and empties sent ones, which lose their number too: a relay that asks for
 * it again hears that it will not come.
 *
 * @param object[] $events Of ai_relay_events_of() and its like.
 */
function ai_relay_erase_events( array $events ): void {
	global $wpdb;
	foreach ( $events as $event ) {
		if ( 0 === strpos( (string) $event->id, AI_RELAY_SPOOL ) ) {
			delete_option( $event->id );
			continue;
		}
		$row = array( 'id' => $event->id );
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- tables of ours, never cached.
		if ( 'sent' === $event->status ) {
			$empty = array(
				'payload'  => '',
				'sequence' => null,
			);
			$wpdb->update( ai_relay_outbox_table(), $empty, $row );
			continue;
		}
		// Also one that is being sent just now: the relay hears of the erasure after it.
		$wpdb->delete( ai_relay_outbox_table(), $row );
		$wpdb->delete( ai_relay_attempt_table(), array( 'outbox_id' => $event->id ) );
		// phpcs:enable
	}
}

/**
 * Empties results about comments, and those of events: what was said and what it replaced. Their keys stay, so
 * that the same result is not applied a second time.
 *
 * @param int[]    $comment_ids Comments.
 * @param string[] $event_keys  Idempotency keys of events.
 * @return bool Whether there was anything.
 */
function ai_relay_erase_results( array $comment_ids, array $event_keys ): bool {
	global $wpdb;
	$table = ai_relay_result_table();
	$count = 0;
	// phpcs:disable WordPress.DB -- a table of ours, never cached.
	foreach ( $comment_ids as $id ) {
		$count += (int) $wpdb->query( $wpdb->prepare( "UPDATE $table SET result = NULL, replaced = NULL WHERE target_type = 'comment' AND target_id = %d AND (result IS NOT NULL OR replaced IS NOT NULL)", $id ) );
	}
	foreach ( $event_keys as $key ) {
		$count += (int) $wpdb->query( $wpdb->prepare( "UPDATE $table SET result = NULL, replaced = NULL WHERE idempotency_key = %s AND (result IS NOT NULL OR replaced IS NOT NULL)", $key ) );
	}
	// phpcs:enable
	return $count > 0;
}

/**
 * Removes what was said of comments. That a person has moderated one is nothing about its author, and stays.
 *
 * @param int[] $comment_ids Comments.
 * @return bool Whether there was anything.
 */
function ai_relay_erase_verdicts( array $comment_ids ): bool {
	$removed = false;
	foreach ( $comment_ids as $id ) {
		foreach ( array_keys( (array) get_comment_meta( $id ) ) as $key ) {
			if ( preg_match( '/^_?ai_relay_/', (string) $key ) && AI_RELAY_MODERATED !== $key ) {
				$removed = delete_comment_meta( $id, $key ) || $removed;
			}
		}
	}
	return $removed;
}

/**
 * Asks the relay to erase what it holds, unless nothing was ever sent. Once, as long as the relay cannot have heard of
 * it; afterwards anew, since it may have got more of that person meanwhile.
 *
 * @param string $email The address; only its hash is sent.
 * @return bool Whether the relay has been or will be asked.
 */
function ai_relay_ask_relay_to_erase( string $email ): bool {
	if ( ! ai_relay_is_configured() && ! ai_relay_has_events_behind() ) {
		return false;
	}
	$hash = ai_relay_email_sha256( $email );
	$what = implode( '|', array( get_option( 'home' ), get_option( 'ai_relay_installation' ), $hash, gmdate( 'Y-m-d' ) ) );
	// Not the hash itself, which the log of the relay is not to name for ever.
	$key = 'erasure-' . substr( hash( 'sha256', $what ), 0, 24 );
	if ( ! ai_relay_erasure_waits( $key ) ) {
		$key .= '-' . ( ai_relay_last_sequence() + 1 ); // No number comes twice, even when the log was purged.
		ai_relay_outbox_add( $key, ai_relay_envelope( 'erasure.requested', $key ) + array( 'email_sha256' => $hash ) );
	}
	return true;
}

/**
 * Whether the relay is going to be asked already, and cannot have heard of it yet.
 *
 * @param string $key The beginning of the event's key.
 */
function ai_relay_erasure_waits( string $key ): bool {
	global $wpdb;
	$table = ai_relay_outbox_table();
	// phpcs:ignore WordPress.DB -- a table of ours, never cached.
	return null !== $wpdb->get_var( $wpdb->prepare( "SELECT id FROM $table WHERE idempotency_key LIKE %s AND status = 'waiting' AND attempts = 0 LIMIT 1", $wpdb->esc_like( $key ) . '%' ) );
}

/** Whether this site ever had an event: it has counted one, whether or not that is still here. */
function ai_relay_has_events_behind(): bool {
	global $wpdb;
	return (int) $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'ai_relay_sequence'" ) > 0; // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- counted in the database, past all caches.
}
