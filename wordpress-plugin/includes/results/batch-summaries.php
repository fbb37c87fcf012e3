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
 * The Idempotency-Key that belongs to a result: one of a post or comment of a batch ends with its number,
 * and the summary of a batch that was replayed with how often.
 *
 * @param array  $body   Decoded body.
 * @param string $result_key Idempotency-Key header.
 */
function ai_relay_is_result_key( array $body, string $result_key ): bool {
	$key = $body['idempotency_key'] . ':' . $body['action'];
	if ( 'run_batch' === $body['action'] ) {
		return 1 === preg_match( '/^' . preg_quote( $key, '/' ) . '(:[1-9][0-9]{0,9})?$/D', $result_key );
	}
	if ( 'batch.requested' === $body['event'] ) {
		$key .= ':' . ai_relay_target_id( is_array( $body['target'] ?? null ) ? $body['target'] : array() );
	}
	return $result_key === $key;
}

/**
 * Problems of a run_batch result.
 *
 * @param array $result The result.
 */
function ai_relay_batch_problems( array $result ): array {
	$problems = array();
	if ( ! in_array( $result['task'] ?? null, array( 'enrich_posts', 'moderate_comments' ), true ) ) {
		$problems[] = ai_relay_problem( 'result.task', 'must be enrich_posts or moderate_comments' );
	}
	foreach ( array( 'done', 'failed', 'total' ) as $name ) {
		if ( ! is_int( $result[ $name ] ?? null ) || $result[ $name ] < 0 || $result[ $name ] > 500 ) {
			$problems[] = ai_relay_problem( "result.$name", 'must be a whole number from 0 to 500' );
		}
	}
	$failures = is_array( $result['failures'] ?? null ) ? $result['failures'] : array( null );
	foreach ( $failures as $failure ) {
		if ( ! is_array( $failure ) || ai_relay_target_id( $failure ) < 1 || ! ai_relay_is_text( $failure['reason'] ?? null, 400 ) ) {
			$problems[] = ai_relay_problem( 'result.failures', 'must be a list of an id and a reason each' );
			break;
		}
	}
	return $problems;
}

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

/** Prints the latest batches, on the settings page. */
function ai_relay_batches_view(): void {
	$batches = ai_relay_batches();
	if ( ! $batches ) {
		return;
	}
	$headings = array(
		__( 'Finished', 'ai-relay' ),
		__( 'Task', 'ai-relay' ),
		__( 'Key', 'ai-relay' ),
		__( 'Done', 'ai-relay' ),
		__( 'Failed', 'ai-relay' ),
		__( 'Why', 'ai-relay' ),
	);
	echo '<h2>' . esc_html__( 'Latest batches', 'ai-relay' ) . '</h2>';
	echo '<table class="widefat striped" id="ai-relay-batches"><thead><tr>';
	foreach ( $headings as $heading ) {
		echo '<th scope="col">' . esc_html( $heading ) . '</th>';
	}
	echo '</tr></thead><tbody>';
	foreach ( $batches as $key => $batch ) {
		printf(
			'<tr><td>%s</td><td>%s</td><td><code>%s</code></td><td>%d</td><td>%d</td><td>%s</td></tr>',
			esc_html( wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), (int) $batch['at'] ) ),
			esc_html( $batch['task'] ),
			esc_html( (string) $key ),
			(int) $batch['done'],
			(int) $batch['failed'],
			esc_html( ai_relay_batch_reasons( $batch['failures'] ) )
		);
	}
	echo '</tbody></table>';
}

/**
 * The reasons of a batch in one line: as many as one reads.
 *
 * @param array $failures Of the summary.
 */
function ai_relay_batch_reasons( array $failures ): string {
	$lines = array_map(
		static function ( $failure ) {
			return $failure['id'] . ': ' . $failure['reason'];
		},
		array_slice( $failures, 0, 5 )
	);
	return implode( '; ', $lines ) . ( count( $failures ) > 5 ? ' …' : '' );
}
