<?php
/**
 * Finds what the plugin has about a person, who is known by an e-mail address: comments with that address and
 * what was said of them, and events that name the address or its hash, also encrypted (hidden.php).
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** How many comments, and how many events, are handled in one step of an export or an erasure. */
const AI_RELAY_PRIVACY_STEP = 100;

/**
 * The form in which an address leaves the site: section 2 of the wire contract.
 *
 * @param string $email The address.
 */
function ai_relay_email_sha256( string $email ): string {
	return hash( 'sha256', strtolower( trim( $email ) ) );
}

/**
 * The comments of a person, whatever their state, oldest first.
 *
 * @param string $email The address.
 * @param int    $page  From 1.
 * @return int[]
 */
function ai_relay_comments_of( string $email, int $page ): array {
	$ids = get_comments(
		array(
			'author_email'              => trim( $email ),
			'status'                    => 'any',
			'type'                      => 'all',
			'fields'                    => 'ids',
			'orderby'                   => 'comment_ID',
			'order'                     => 'ASC',
			'number'                    => AI_RELAY_PRIVACY_STEP,
			'offset'                    => ( $page - 1 ) * AI_RELAY_PRIVACY_STEP,
			'update_comment_post_cache' => false,
		)
	);
	return array_map( 'intval', $ids );
}

/**
 * Events whose content is still here and that name the address of a person, or its hash, as the whole of a value;
 * oldest first. What the relay is asked to erase is not among them.
 *
 * @param string $email  The address.
 * @param int    $offset How many to leave out.
 * @return object[] With id, event, idempotency_key, payload, status and created_at.
 */
function ai_relay_events_of( string $email, int $offset = 0 ): array {
	global $wpdb;
	return ai_relay_events_where( ai_relay_names( $email ) . $wpdb->prepare( ' ORDER BY id LIMIT %d OFFSET %d', AI_RELAY_PRIVACY_STEP, $offset ) );
}

/**
 * Events of comments of a person that do not name their author, since the owner does not let that leave the site.
 *
 * @param string $email       The address.
 * @param int[]  $comment_ids Comments of that person.
 * @return object[] As above.
 */
function ai_relay_nameless_events_of( string $email, array $comment_ids ): array {
	global $wpdb;
	$keys = array();
	foreach ( $comment_ids as $id ) {
		$keys[] = $wpdb->prepare( 'idempotency_key LIKE %s', $wpdb->esc_like( "comment-$id-" ) . '%' );
	}
	return $keys ? ai_relay_events_where( '(' . implode( ' OR ', $keys ) . ') AND NOT ' . ai_relay_names( $email ) ) : array();
}

/**
 * The condition that an event names somebody. JSON is stored in ASCII, so an address is compared as it is written there.
 *
 * @param string $email The address.
 */
function ai_relay_names( string $email ): string {
	global $wpdb;
	$like = array();
	foreach ( array( strtolower( trim( $email ) ), ai_relay_email_sha256( $email ) ) as $value ) {
		$like[] = $wpdb->prepare( 'LOWER(payload) LIKE %s', '%:' . $wpdb->esc_like( strtolower( (string) wp_json_encode( $value ) ) ) . '%' );
	}
	return '(' . implode( ' OR ', $like ) . ')';
}

/**
 * Events by a condition.
 *
 * @param string $condition Prepared SQL.
 * @return object[]
 */
function ai_relay_events_where( string $condition ): array {
	global $wpdb;
	$table = ai_relay_outbox_table();
	// phpcs:ignore WordPress.DB -- prepared by the callers, and the table is ours.
	return (array) $wpdb->get_results( "SELECT id, event, idempotency_key, payload, status, created_at FROM $table WHERE payload <> '' AND event <> 'erasure.requested' AND $condition" );
}

/**
 * Lets WordPress' own tools (Tools, Export and Erase Personal Data) find what we have.
 *
 * @param array[] $exporters Known exporters.
 */
function ai_relay_register_exporter( array $exporters ): array {
	$exporters['ai-relay'] = array(
		'exporter_friendly_name' => __( 'AI Relay', 'ai-relay' ),
		'callback'               => 'ai_relay_export_person',
	);
	return $exporters;
}
add_filter( 'wp_privacy_personal_data_exporters', 'ai_relay_register_exporter' );

/**
 * The same for the eraser.
 *
 * @param array[] $erasers Known erasers.
 */
function ai_relay_register_eraser( array $erasers ): array {
	$erasers['ai-relay'] = array(
		'eraser_friendly_name' => __( 'AI Relay', 'ai-relay' ),
		'callback'             => 'ai_relay_erase_person',
	);
	return $erasers;
}
// Before core's, which takes the addresses off the comments: we would not find them any more.
add_filter( 'wp_privacy_personal_data_erasers', 'ai_relay_register_eraser', 1 );
