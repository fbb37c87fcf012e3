<?php
/**
 * Batches: what the relay says of one when it is through. Their posts and comments come as results of
 * their own; the summary is for the owner to read, on the settings page.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

const AI_RELAY_BATCHES_SHOWN = 20;

/** Of so many items that failed the reason is kept. */
const AI_RELAY_FAILURES_KEPT = 50;

/**
 * Takes the summary of a batch, which the table of results keeps.
 *
 * @param array $body The checked body.
 */
function ai_relay_apply_batch( array $body ): array {
	$result   = $body['result'];
	$failures = array_map(
		static function ( $failure ) {
			return array(
				'id'     => ai_relay_target_id( $failure ),
				'reason' => ai_relay_plain_text( $failure['reason'] ),
			);
		},
		array_slice( $result['failures'], 0, AI_RELAY_FAILURES_KEPT )
	);
	return ai_relay_outcome( 'applied', array( 'failures' => $failures ) + array_intersect_key( $result, array_flip( array( 'task', 'done', 'failed', 'total' ) ) ) );
}

/**
 * The latest batches, the latest first, by their idempotency keys: of one that was replayed, how it went the last time.
 *
 * @return array<string,array{at:int,task:string,done:int,failed:int,total:int,failures:array}>
 */
function ai_relay_batches(): array {
	global $wpdb;
	$table   = ai_relay_result_table();
	$batches = array();
	// phpcs:ignore WordPress.DB -- a table of ours, whose name is ours too.
	$rows = $wpdb->get_results( $wpdb->prepare( "SELECT idempotency_key, created_at, result FROM $table WHERE id IN (SELECT MAX(id) FROM $table WHERE target_type = 'batch' AND result IS NOT NULL GROUP BY idempotency_key) ORDER BY id DESC LIMIT %d", AI_RELAY_BATCHES_SHOWN ) );
	foreach ( $rows as $row ) {
		$batches[ $row->idempotency_key ] = array( 'at' => (int) $row->created_at ) + (array) json_decode( (string) $row->result, true );
	}
	return $batches;
}
