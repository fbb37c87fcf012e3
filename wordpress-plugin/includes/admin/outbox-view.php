<?php
/**
 * The latest events, on the settings page.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * What a status is called.
 *
 * @param object $row Row of the outbox.
 */
function ai_relay_status_name( object $row ): string {
	$names = array(
		'waiting' => ai_relay_paused() ? __( 'paused', 'ai-relay' ) : __( 'waiting', 'ai-relay' ),
		'sending' => __( 'being sent', 'ai-relay' ),
		'sent'    => __( 'sent', 'ai-relay' ),
		'failed'  => __( 'failed', 'ai-relay' ),
	);
	return $names[ $row->status ] ?? $row->status;
}

/**
 * What the relay said last.
 *
 * @param object $row Row of the outbox.
 */
function ai_relay_last_answer( object $row ): string {
	if ( 0 === (int) $row->attempts ) {
		return '';
	}
	return trim( ( $row->last_code > 0 ? $row->last_code : '' ) . ' ' . $row->last_error );
}

/** Prints the table. */
function ai_relay_outbox_view(): void {
	echo '<h2>' . esc_html__( 'Latest events', 'ai-relay' ) . '</h2>';
	$rows = ai_relay_outbox_latest( 20 );
	if ( ! $rows ) {
		echo '<p>' . esc_html__( 'None yet. Publish a post to send the first.', 'ai-relay' ) . '</p>';
		return;
	}
	$headings = array(
		__( 'Written', 'ai-relay' ),
		__( 'Event', 'ai-relay' ),
		__( 'Key', 'ai-relay' ),
		__( 'Status', 'ai-relay' ),
		__( 'Attempts', 'ai-relay' ),
		__( 'Last answer', 'ai-relay' ),
	);
	echo '<table class="widefat striped" id="ai-relay-outbox"><thead><tr>';
	foreach ( $headings as $heading ) {
		echo '<th scope="col">' . esc_html( $heading ) . '</th>';
	}
	echo '</tr></thead><tbody>';
	foreach ( $rows as $row ) {
		printf(
			'<tr data-status="%s"><td>%s</td><td>%s</td><td><code>%s</code></td><td>%s</td><td>%d</td><td>%s</td></tr>',
			esc_attr( $row->status ),
			esc_html( wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), (int) $row->created_at ) ),
			esc_html( $row->event ),
			esc_html( $row->idempotency_key ),
			esc_html( ai_relay_status_name( $row ) ),
			(int) $row->attempts,
			esc_html( ai_relay_last_answer( $row ) )
		);
	}
	echo '</tbody></table>';
}

/**
 * Adds the tab.
 *
 * @param array $tabs Of ai_relay_tabs().
 */
function ai_relay_outbox_tab( array $tabs ): array {
	$tabs['log'] = array(
		'label'  => __( 'Log', 'ai-relay' ),
		'render' => 'ai_relay_outbox_view',
	);
	return $tabs;
}
add_filter( 'ai_relay_tabs', 'ai_relay_outbox_tab' );
