<?php
/**
 * One event of the log: what was sent, how its attempts went, what came back.
 *
 * All of it comes from outside, from readers of the site and from a model: everything is escaped.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Prints an event.
 *
 * @param string $key Idempotency key.
 */
function ai_relay_log_entry_view( string $key ): void {
	$entry = ai_relay_log_entry( $key );
	printf( '<p><a href="%s">%s</a></p>', esc_url( ai_relay_log_url() ), esc_html__( 'All events', 'ai-relay' ) );
	if ( ! $entry ) {
		echo '<p>' . esc_html__( 'There is no event with this key. Events are removed some time after they were sent.', 'ai-relay' ) . '</p>';
		return;
	}
	echo '<h2><code>' . esc_html( $entry['idempotency_key'] ) . '</code></h2>';
	ai_relay_log_facts( $entry );
	ai_relay_log_again( $entry );
	echo '<h3>' . esc_html__( 'Attempts', 'ai-relay' ) . '</h3>';
	ai_relay_log_attempts( $entry );
	echo '<h3>' . esc_html__( 'Results', 'ai-relay' ) . '</h3>';
	ai_relay_log_results( $entry['results'] );
	echo '<h3>' . esc_html__( 'What is sent', 'ai-relay' ) . '</h3>';
	echo '<pre class="code" id="ai-relay-payload" tabindex="0" style="overflow: auto; max-height: 30em; padding: 1em; background: #fff; border: 1px solid #c3c4c7; white-space: pre-wrap; overflow-wrap: anywhere">' . esc_html( ai_relay_pretty( $entry['payload'] ) ) . '</pre>';
}

/**
 * Prints what is known of the event itself.
 *
 * @param array $entry Of ai_relay_log_entry().
 */
function ai_relay_log_facts( array $entry ): void {
	$waits = 'waiting' === $entry['status'];
	$facts = array(
		__( 'Event', 'ai-relay' )       => esc_html( $entry['event'] ),
		__( 'Number', 'ai-relay' )      => esc_html( (string) $entry['sequence'] ),
		__( 'Status', 'ai-relay' )      => esc_html( ai_relay_status_name( $entry['status'] ) ),
		__( 'Written', 'ai-relay' )     => ai_relay_time( (int) $entry['created_at'] ),
		__( 'Sent', 'ai-relay' )        => 'sent' === $entry['status'] ? ai_relay_time( (int) $entry['sent_at'] ) : '',
		__( 'Next try', 'ai-relay' )    => $waits ? ai_relay_time( (int) $entry['next_attempt_at'] ) : '',
		__( 'Last answer', 'ai-relay' ) => esc_html( ai_relay_last_answer( $entry ) ),
		__( 'Trace ID', 'ai-relay' )    => '<code>' . esc_html( $entry['trace_id'] ) . '</code>',
	);
	echo '<table class="widefat striped" id="ai-relay-event-facts" style="width: auto"><tbody>';
	foreach ( array_filter( $facts, 'strlen' ) as $name => $html ) {
		printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), $html ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- escaped above.
	}
	echo '</tbody></table>';
}

/**
 * Prints the button that tries the event again.
 *
 * @param array $entry Of ai_relay_log_entry().
 */
function ai_relay_log_again( array $entry ): void {
	if ( '' === $entry['payload'] || 'sending' === $entry['status'] || ( 'waiting' === $entry['status'] && 0 === (int) $entry['attempts'] ) ) {
		return;
	}
	echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="ai_relay_log">';
	wp_nonce_field( 'ai_relay_log' );
	printf( '<input type="hidden" name="key" value="%s"><p><button class="button" name="one" value="%d">', esc_attr( $entry['idempotency_key'] ), (int) $entry['id'] );
	echo esc_html( 'sent' === $entry['status'] ? __( 'Send it again', 'ai-relay' ) : __( 'Try again', 'ai-relay' ) );
	echo '</button></p></form>';
}

/**
 * Prints the attempts.
 *
 * @param array $entry Of ai_relay_log_entry().
 */
function ai_relay_log_attempts( array $entry ): void {
	$rows = array();
	foreach ( $entry['attempts_made'] as $attempt ) {
		$rows[] = array(
			ai_relay_time( (int) $attempt['started_at'] ),
			esc_html( ai_relay_starter_name( $attempt['started_by'] ) ),
			/* translators: %s: a number. */
			esc_html( sprintf( __( '%s ms', 'ai-relay' ), number_format_i18n( (int) $attempt['milliseconds'] ) ) ),
			esc_html( trim( ( (int) $attempt['code'] > 0 ? $attempt['code'] : __( 'no answer', 'ai-relay' ) ) . ' ' . $attempt['error'] ) ),
		);
	}
	$headings = array( __( 'When', 'ai-relay' ), __( 'Started by', 'ai-relay' ), __( 'Took', 'ai-relay' ), __( 'Answer', 'ai-relay' ) );
	ai_relay_log_rows( 'ai-relay-attempts', $headings, $rows, __( 'None yet.', 'ai-relay' ) );
}

/**
 * What started an attempt, in words.
 *
 * @param string $started_by Of the row.
 */
function ai_relay_starter_name( string $started_by ): string {
	$names = array(
		'request' => __( 'a page of this site', 'ai-relay' ),
		'cron'    => __( 'WP-Cron', 'ai-relay' ),
		'cli'     => __( 'the command line', 'ai-relay' ),
		'drain'   => __( 'the relay', 'ai-relay' ),
		'retry'   => __( 'somebody who tried it again', 'ai-relay' ),
	);
	return $names[ $started_by ] ?? $started_by;
}

/**
 * Prints the results.
 *
 * @param array[] $results Of ai_relay_log_entry().
 */
function ai_relay_log_results( array $results ): void {
	$rows = array();
	foreach ( $results as $result ) {
		$undone = (int) $result['undone_at'] > 0 ? '<br>' . esc_html__( 'undone:', 'ai-relay' ) . ' ' . ai_relay_time( (int) $result['undone_at'] ) : '';
		$rows[] = array(
			ai_relay_time( (int) $result['created_at'] ),
			esc_html( $result['action'] ) . '<br><code>' . esc_html( $result['result_key'] ) . '</code>',
			esc_html( $result['status'] ) . $undone,
			esc_html( trim( $result['provider'] . ' ' . $result['model'] ) ),
			null === $result['result'] ? '' : '<pre style="white-space: pre-wrap; overflow-wrap: anywhere; margin: 0">' . esc_html( ai_relay_pretty( $result['result'] ) ) . '</pre>',
		);
	}
	$headings = array( __( 'When', 'ai-relay' ), __( 'Action', 'ai-relay' ), __( 'What became of it', 'ai-relay' ), __( 'Model', 'ai-relay' ), __( 'Result', 'ai-relay' ) );
	ai_relay_log_rows( 'ai-relay-results', $headings, $rows, __( 'None yet.', 'ai-relay' ) );
}

/**
 * Prints a table.
 *
 * @param string     $id       Of the table.
 * @param string[]   $headings Of the columns.
 * @param string[][] $rows     Cells, escaped.
 * @param string     $none     What to say when there is none.
 */
function ai_relay_log_rows( string $id, array $headings, array $rows, string $none ): void {
	if ( ! $rows ) {
		echo '<p>' . esc_html( $none ) . '</p>';
		return;
	}
	printf( '<table class="widefat striped" id="%s"><thead><tr>', esc_attr( $id ) );
	foreach ( $headings as $heading ) {
		echo '<th scope="col">' . esc_html( $heading ) . '</th>';
	}
	echo '</tr></thead><tbody>';
	foreach ( $rows as $cells ) {
		echo '<tr><td>' . implode( '</td><td>', $cells ) . '</td></tr>'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- escaped by the callers.
	}
	echo '</tbody></table>';
}
