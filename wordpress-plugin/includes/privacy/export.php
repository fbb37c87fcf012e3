<?php
/**
 * A person asks what is known of them: events with their content, and what an AI said of their comments.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * One step of an export. WordPress comes again with the next page until it is done.
 *
 * @param string $email The person's address.
 * @param int    $page  From 1.
 * @return array{data:array[],done:bool}
 */
function ai_relay_export_person( string $email, int $page = 1 ): array {
	$comments = ai_relay_comments_of( $email, $page );
	$events   = ai_relay_events_of( $email, ( $page - 1 ) * AI_RELAY_PRIVACY_STEP );
	$sealed   = ai_relay_sealed_events_of( $email, ( $page - 1 ) * AI_RELAY_PRIVACY_STEP );
	$spooled  = ai_relay_spooled_events_of( $email, $comments, 1 === $page );
	$data     = array_map( 'ai_relay_export_event', array_merge( $events, $sealed, $spooled, ai_relay_nameless_events_of( $email, $comments ) ) );
	foreach ( $comments as $id ) {
		$said = ai_relay_export_verdict( $id );
		if ( $said ) {
			$data[] = $said;
		}
	}
	return array(
		'data' => $data,
		'done' => max( count( $comments ), count( $events ), count( $sealed ) ) < AI_RELAY_PRIVACY_STEP,
	);
}

/**
 * An event as an item of an export.
 *
 * @param object $event Of ai_relay_events_of().
 */
function ai_relay_export_event( object $event ): array {
	$content = (array) json_decode( $event->payload, true );
	$data    = array(
		ai_relay_export_line( __( 'Event', 'ai-relay' ), $event->event ),
		ai_relay_export_line( __( 'Written', 'ai-relay' ), gmdate( 'Y-m-d H:i:s', (int) $event->created_at ) . ' UTC' ),
		ai_relay_export_line( __( 'Sent to the AI Relay', 'ai-relay' ), 'sent' === $event->status ? __( 'yes', 'ai-relay' ) : __( 'no', 'ai-relay' ) ),
	);
	$opened  = ai_relay_decrypt_fields( $content['encrypted'] ?? '' );
	if ( $opened ) {
		$content['fields'] = (array) ( $content['fields'] ?? array() ) + $opened;
		unset( $content['encrypted'] );
	}
	unset( $content['event'], $content['idempotency_key'], $content['site'], $content['sequence'], $content['sent_at'] );
	foreach ( $content as $name => $value ) {
		$data[] = ai_relay_export_line( (string) $name, is_scalar( $value ) ? (string) $value : (string) wp_json_encode( $value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES ) );
	}
	return array(
		'group_id'    => 'ai-relay',
		'group_label' => __( 'AI Relay', 'ai-relay' ),
		'item_id'     => 'ai-relay-' . $event->id,
		'data'        => $data,
	);
}

/**
 * What an AI said of a comment, beside what core exports of it; null if nothing.
 *
 * @param int $id The comment.
 */
function ai_relay_export_verdict( int $id ): ?array {
	$data = array();
	foreach ( (array) get_comment_meta( $id ) as $key => $values ) {
		if ( 0 === strpos( (string) $key, 'ai_relay_' ) ) {
			$data[] = ai_relay_export_line( 'AI: ' . substr( $key, strlen( 'ai_relay_' ) ), (string) maybe_serialize( $values[0] ) );
		}
	}
	return $data ? array(
		'group_id'    => 'comments',
		'group_label' => __( 'Comments', 'ai-relay' ),
		'item_id'     => 'comment-' . $id,
		'data'        => $data,
	) : null;
}

/**
 * One line of an item.
 *
 * @param string $name  Name.
 * @param string $value Value; core escapes it.
 */
function ai_relay_export_line( string $name, string $value ): array {
	return compact( 'name', 'value' );
}
