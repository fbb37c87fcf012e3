<?php
/**
 * Finds events of a person where the database cannot look: in personal fields that are encrypted, and among the
 * options, where an event waits that the outbox did not take.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Events that name a person in their encrypted fields only, oldest first. What was encrypted with a key that is not set
 * any more stays closed.
 *
 * @param string $email  The address.
 * @param int    $offset How many to leave out.
 * @return object[] As of ai_relay_events_of(), at most AI_RELAY_PRIVACY_STEP.
 */
function ai_relay_sealed_events_of( string $email, int $offset = 0 ): array {
	global $wpdb;
	$found = array();
	$last  = 0;
	if ( '' === ai_relay_pii_key() ) {
		return array();
	}
	do {
		$sealed = $wpdb->prepare( 'event = %s AND id > %d AND payload LIKE %s', 'lead.captured', $last, '%"encrypted":"%' );
		$rows   = ai_relay_events_where( $sealed . ' AND NOT ' . ai_relay_names( $email ) . $wpdb->prepare( ' ORDER BY id LIMIT %d', AI_RELAY_PRIVACY_STEP ) );
		foreach ( $rows as $row ) {
			$last = (int) $row->id;
			if ( ai_relay_seals( $row->payload, $email ) && --$offset < 0 ) {
				$found[] = $row;
			}
		}
	} while ( AI_RELAY_PRIVACY_STEP === count( $rows ) && count( $found ) < AI_RELAY_PRIVACY_STEP );
	return array_slice( $found, 0, AI_RELAY_PRIVACY_STEP );
}

/**
 * Whether the encrypted fields of an event name somebody, as the whole of a value.
 *
 * @param string $payload The event.
 * @param string $email   The address.
 */
function ai_relay_seals( string $payload, string $email ): bool {
	$fields = ai_relay_decrypt_fields( json_decode( $payload, true )['encrypted'] ?? '' );
	foreach ( array_filter( $fields, 'is_string' ) as $value ) {
		if ( strtolower( trim( $value ) ) === strtolower( trim( $email ) ) || strtolower( $value ) === ai_relay_email_sha256( $email ) ) {
			return true;
		}
	}
	return false;
}

/**
 * Events among the options that name a person, or that are about a comment of that person. There are hardly ever any.
 *
 * @param string $email       The address.
 * @param int[]  $comment_ids Comments of that person.
 * @param bool   $named       Whether also those that name the person; or else only the others, of these comments.
 * @return object[] As of ai_relay_events_of(), with the name of the option as id.
 */
function ai_relay_spooled_events_of( string $email, array $comment_ids, bool $named = true ): array {
	global $wpdb;
	$found = array();
	$last  = 0;
	do {
		// From the table itself: a cache may not have heard of what was kept in an emergency.
		$options = (array) $wpdb->get_results( $wpdb->prepare( "SELECT option_id, option_name, option_value FROM $wpdb->options WHERE option_name LIKE %s AND option_id > %d ORDER BY option_id LIMIT %d", $wpdb->esc_like( AI_RELAY_SPOOL ) . '%', $last, AI_RELAY_SPOOL_PART ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
		foreach ( $options as $option ) {
			$last  = (int) $option->option_id;
			$event = ai_relay_spooled_event( $option );
			if ( ! $event || 'erasure.requested' === $event->event ) {
				continue;
			}
			if ( ai_relay_event_names( $event, $email ) ? $named : ai_relay_is_of_comment( $event, $comment_ids ) ) {
				$found[] = $event;
			}
		}
	} while ( AI_RELAY_SPOOL_PART === count( $options ) );
	return $found;
}

/**
 * An event among the options in the form of one in the outbox; null if it is none.
 *
 * @param object $option Name and value.
 */
function ai_relay_spooled_event( object $option ): ?object {
	$kept = maybe_unserialize( $option->option_value );
	return ! is_array( $kept ) || ! is_array( $kept['payload'] ?? null ) ? null : (object) array(
		'id'              => $option->option_name,
		'event'           => (string) ( $kept['payload']['event'] ?? '' ),
		'idempotency_key' => (string) ( $kept['key'] ?? '' ),
		'payload'         => ai_relay_encode( $kept['payload'], null ),
		'status'          => 'waiting',
		'created_at'      => (int) strtotime( (string) ( $kept['payload']['sent_at'] ?? '' ) ),
	);
}

/**
 * Whether an event names somebody, as ai_relay_names() decides it of those in the outbox, or does so encrypted.
 *
 * @param object $event The event.
 * @param string $email The address.
 */
function ai_relay_event_names( object $event, string $email ): bool {
	foreach ( array( strtolower( trim( $email ) ), ai_relay_email_sha256( $email ) ) as $value ) {
		if ( false !== strpos( strtolower( $event->payload ), ':' . strtolower( (string) wp_json_encode( $value ) ) ) ) {
			return true;
		}
	}
	return ai_relay_seals( $event->payload, $email );
}

/**
 * Whether an event is about one of these comments.
 *
 * @param object $event       The event.
 * @param int[]  $comment_ids Comments.
 */
function ai_relay_is_of_comment( object $event, array $comment_ids ): bool {
	return preg_match( '/^comment-(\d+)-/', $event->idempotency_key, $match ) && in_array( (int) $match[1], $comment_ids, true );
}
