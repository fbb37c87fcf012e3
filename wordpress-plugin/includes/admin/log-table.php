<?php
/**
 * The table of the log, and what its buttons do.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Prints the events in a form: one, those that are ticked, or all that match can be tried again.
 *
 * @param array[] $rows   Of ai_relay_log().
 * @param array   $filter In force.
 */
function ai_relay_log_table( array $rows, array $filter ): void {
	ai_relay_log_form( $filter );
	$headings = array(
		'key'      => __( 'Key', 'ai-relay' ),
		'event'    => __( 'Event', 'ai-relay' ),
		'status'   => __( 'Status', 'ai-relay' ),
		'attempts' => __( 'Attempts', 'ai-relay' ),
		'answer'   => __( 'Last answer', 'ai-relay' ),
		'written'  => __( 'Written', 'ai-relay' ),
	);
	echo '<table class="wp-list-table widefat striped" id="ai-relay-outbox">';
	echo '<caption class="screen-reader-text">' . esc_html__( 'Events, the newest first', 'ai-relay' ) . '</caption><thead><tr>';
	echo '<td class="manage-column column-cb check-column"><label class="screen-reader-text" for="cb-select-all-1">' . esc_html__( 'Select all', 'ai-relay' ) . '</label><input id="cb-select-all-1" type="checkbox"></td>';
	foreach ( $headings as $name => $heading ) {
		printf( '<th scope="col" class="manage-column %s">%s</th>', esc_attr( 'key' === $name ? 'column-primary' : '' ), esc_html( $heading ) );
	}
	echo '</tr></thead><tbody>';
	foreach ( $rows as $row ) {
		ai_relay_log_row( $row, $headings );
	}
	echo '</tbody></table></form>';
}

/**
 * Opens the form and prints its buttons.
 *
 * @param array $filter In force.
 */
function ai_relay_log_form( array $filter ): void {
	echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="ai_relay_log">';
	wp_nonce_field( 'ai_relay_log' );
	foreach ( $filter as $name => $value ) {
		printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( $value ) );
	}
	echo '<div class="tablenav top"><div class="alignleft actions bulkactions">';
	submit_button( __( 'Try the selected again', 'ai-relay' ), '', 'selected', false );
	// What was sent is not sent again by the thousand because somebody missed a filter.
	if ( 'sent' !== ( $filter['status'] ?? '' ) ) {
		echo ' ';
		submit_button( $filter ? __( 'Try all that match again', 'ai-relay' ) : __( 'Try all that have failed or wait again', 'ai-relay' ), '', 'all', false );
	}
	echo '</div></div>';
}

/**
 * Prints an event.
 *
 * @param array    $row      Of ai_relay_log().
 * @param string[] $headings Of the columns: narrow screens show them beside the values.
 */
function ai_relay_log_row( array $row, array $headings ): void {
	$key   = $row['idempotency_key'];
	$label = sprintf( /* translators: %s: key of an event. */ __( 'Select %s', 'ai-relay' ), $key );
	printf( '<tr data-status="%s"><th scope="row" class="check-column"><input type="checkbox" name="ids[]" value="%d" aria-label="%s"></th>', esc_attr( $row['status'] ), (int) $row['id'], esc_attr( $label ) );
	printf( '<td class="column-primary"><a class="row-title" href="%s"><code>%s</code></a>', esc_url( ai_relay_log_url( array( 'key' => $key ) ) ), esc_html( $key ) );
	if ( in_array( $row['status'], array( 'failed', 'waiting' ), true ) && (int) $row['attempts'] > 0 ) {
		$again = sprintf( /* translators: %s: key of an event. */ __( 'Try %s again', 'ai-relay' ), $key );
		printf( '<div class="row-actions"><button type="submit" class="button-link" name="one" value="%d" aria-label="%s">%s</button></div>', (int) $row['id'], esc_attr( $again ), esc_html__( 'Try again', 'ai-relay' ) );
	}
	echo '<button type="button" class="toggle-row"><span class="screen-reader-text">' . esc_html__( 'Show more details', 'ai-relay' ) . '</span></button></td>';
	$status = esc_html( ai_relay_status_name( $row['status'] ) );
	if ( 'waiting' === $row['status'] && (int) $row['next_attempt_at'] > time() ) {
		/* translators: %s: a time. */
		$status .= '<br>' . sprintf( esc_html__( 'next try: %s', 'ai-relay' ), ai_relay_time( (int) $row['next_attempt_at'] ) );
	}
	$cells = array(
		'event'    => esc_html( $row['event'] ),
		'status'   => $status,
		'attempts' => esc_html( number_format_i18n( (int) $row['attempts'] ) ),
		'answer'   => esc_html( ai_relay_last_answer( $row ) ),
		'written'  => ai_relay_time( (int) $row['created_at'] ),
	);
	foreach ( $cells as $name => $html ) {
		printf( '<td data-colname="%s">%s</td>', esc_attr( $headings[ $name ] ), $html ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- escaped above.
	}
	echo '</tr>';
}

/**
 * What the relay said last.
 *
 * @param array $row Of ai_relay_log().
 */
function ai_relay_last_answer( array $row ): string {
	if ( 0 === (int) $row['attempts'] ) {
		return '';
	}
	return trim( ( (int) $row['last_code'] > 0 ? $row['last_code'] : '' ) . ' ' . $row['last_error'] );
}

/** Tries events again: one, those that are ticked, or all that match. */
function ai_relay_log_action(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not do this.', 'ai-relay' ), 403 );
	}
	check_admin_referer( 'ai_relay_log' );
	$filter = ai_relay_log_filter( $_POST );
	if ( isset( $_POST['all'] ) ) {
		$done = 0;
		foreach ( array_intersect( array( 'failed', 'waiting' ), (array) ( $filter['status'] ?? AI_RELAY_STATUSES ) ) as $status ) {
			$done += ai_relay_retry_all( array( 'status' => $status ) + $filter );
		}
	} else {
		$ids  = isset( $_POST['one'] ) ? array( absint( $_POST['one'] ) ) : array_map( 'absint', (array) ( $_POST['ids'] ?? array() ) );
		$done = ai_relay_retry( $ids );
	}
	$key  = is_string( $_POST['key'] ?? null ) ? sanitize_text_field( wp_unslash( $_POST['key'] ) ) : '';
	$back = array(
		'tried' => (string) ( 1 + $done ), // Never empty.
		'key'   => $key,
	);
	wp_safe_redirect( ai_relay_log_url( $back + $filter ) );
	exit;
}
add_action( 'admin_post_ai_relay_log', 'ai_relay_log_action' );

/** Says how many events the last click has made due. */
function ai_relay_log_notice(): void {
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- shown, and nothing else.
	$tried = is_string( $_GET['tried'] ?? null ) ? absint( $_GET['tried'] ) : 0;
	if ( $tried < 1 ) {
		return;
	}
	$count = $tried - 1;
	/* translators: %s: a number. */
	$text = sprintf( _n( '%s event will be tried again now.', '%s events will be tried again now.', $count, 'ai-relay' ), number_format_i18n( $count ) );
	if ( 0 === $count ) {
		$text = __( 'There was nothing to try again: select events that have failed or wait for their next try.', 'ai-relay' );
	} elseif ( ai_relay_paused() ) {
		$text = __( 'Sending is paused. These events go out as soon as the settings are right and saved.', 'ai-relay' );
	}
	printf( '<div class="notice notice-%s inline" role="status"><p>%s</p></div>', esc_attr( $count ? 'success' : 'warning' ), esc_html( $text ) );
}
