<?php
/**
 * The latest batches, below the settings.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

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
			ai_relay_time( (int) $batch['at'] ), // phpcs:ignore WordPress.Security.EscapeOutput -- escaped there.
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
