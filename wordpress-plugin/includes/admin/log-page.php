<?php
/**
 * Settings -> AI Relay -> Log: every event, to find, to read and to try again.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Events on a page of the log. */
const AI_RELAY_LOG_PAGE = 50;

/**
 * Adds the tab.
 *
 * @param array $tabs Tabs of the page.
 */
function ai_relay_add_log_tab( array $tabs ): array {
	$tabs['log'] = array(
		'label'  => __( 'Log', 'ai-relay' ),
		'render' => 'ai_relay_log_page',
	);
	return $tabs;
}
add_filter( 'ai_relay_tabs', 'ai_relay_add_log_tab' );

/**
 * The address of the log.
 *
 * @param array $arguments Of the address; empty ones are left out.
 */
function ai_relay_log_url( array $arguments = array() ): string {
	$base = array(
		'page' => 'ai-relay',
		'tab'  => 'log',
	);
	return add_query_arg( array_map( 'rawurlencode', $base + array_filter( $arguments ) ), admin_url( 'options-general.php' ) );
}

/** Prints the log, or one event of it. */
function ai_relay_log_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	// phpcs:disable WordPress.Security.NonceVerification.Recommended -- what is shown changes nothing.
	ai_relay_log_notice();
	if ( is_string( $_GET['key'] ?? null ) ) {
		ai_relay_log_entry_view( sanitize_text_field( wp_unslash( $_GET['key'] ) ) );
		return;
	}
	$filter = ai_relay_log_filter( $_GET );
	$before = is_string( $_GET['before'] ?? null ) ? absint( $_GET['before'] ) : 0;
	// phpcs:enable
	ai_relay_log_statuses( $filter );
	ai_relay_log_search( $filter );
	// One more than is shown says whether there is a next page.
	$rows = ai_relay_log( $filter, AI_RELAY_LOG_PAGE + 1, $before );
	if ( ! $rows ) {
		$text = $filter ? __( 'No event matches.', 'ai-relay' ) : __( 'No event yet. Publish a post to send the first.', 'ai-relay' );
		echo '<p>' . esc_html( $text ) . '</p>';
		return;
	}
	$shown = array_slice( $rows, 0, AI_RELAY_LOG_PAGE );
	ai_relay_log_table( $shown, $filter );
	ai_relay_log_pages( $filter, $before, count( $rows ) > count( $shown ) ? (int) end( $shown )['id'] : 0 );
}

/**
 * The filter that a request asks for.
 *
 * @param array $request $_GET or $_POST, slashed.
 */
function ai_relay_log_filter( array $request ): array {
	$filter = array();
	foreach ( array( 'status', 'event', 'search' ) as $name ) {
		$value = is_string( $request[ $name ] ?? null ) ? sanitize_text_field( wp_unslash( $request[ $name ] ) ) : '';
		if ( '' !== $value && ( 'status' !== $name || in_array( $value, AI_RELAY_STATUSES, true ) ) ) {
			$filter[ $name ] = $value;
		}
	}
	return $filter;
}

/**
 * What a status is called.
 *
 * @param string $status Of a row.
 */
function ai_relay_status_name( string $status ): string {
	$names = array(
		'waiting' => ai_relay_paused() ? __( 'Paused', 'ai-relay' ) : __( 'Waiting', 'ai-relay' ),
		'sending' => __( 'Being sent', 'ai-relay' ),
		'sent'    => __( 'Sent', 'ai-relay' ),
		'failed'  => __( 'Failed', 'ai-relay' ),
	);
	return $names[ $status ] ?? $status;
}

/**
 * A time as the site shows times, with seconds for machines; '' for none.
 *
 * @param int $time Unix seconds.
 */
function ai_relay_time( int $time ): string {
	if ( 0 === $time ) {
		return '';
	}
	return sprintf( '<time datetime="%s" title="%s">%s</time>', esc_attr( wp_date( 'c', $time ) ), esc_attr( wp_date( 'Y-m-d H:i:s', $time ) ), esc_html( ai_relay_time_text( $time ) ) );
}

/**
 * Prints how many there are of each status, as links.
 *
 * @param array $filter In force.
 */
function ai_relay_log_statuses( array $filter ): void {
	$counts = ai_relay_outbox_counts();
	$links  = array();
	foreach ( array( '' => array_sum( $counts ) ) + $counts as $status => $count ) {
		$current = ( $filter['status'] ?? '' ) === $status;
		$links[] = sprintf(
			'<li><a href="%s"%s>%s <span class="count">(%s)</span></a></li>',
			esc_url( ai_relay_log_url( array( 'status' => $status ) + $filter ) ),
			$current ? ' class="current" aria-current="page"' : '',
			esc_html( '' === $status ? __( 'All', 'ai-relay' ) : ai_relay_status_name( $status ) ),
			esc_html( number_format_i18n( $count ) )
		);
	}
	echo '<h2 class="screen-reader-text">' . esc_html__( 'Filter events by status', 'ai-relay' ) . '</h2>';
	echo '<ul class="subsubsub">' . implode( ' | ', $links ) . '</ul>'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- escaped above.
}

/**
 * Prints the fields to filter and search by.
 *
 * @param array $filter In force.
 */
function ai_relay_log_search( array $filter ): void {
	global $wpdb;
	echo '<form method="get" class="search-form" style="clear: both"><div class="tablenav top">';
	$kept = array(
		'page'   => 'ai-relay',
		'tab'    => 'log',
		'status' => $filter['status'] ?? '',
	);
	foreach ( $kept as $name => $value ) {
		printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( $value ) );
	}
	echo '<label for="ai-relay-event" class="screen-reader-text">' . esc_html__( 'Filter by event', 'ai-relay' ) . '</label>';
	echo '<select id="ai-relay-event" name="event"><option value="">' . esc_html__( 'All events', 'ai-relay' ) . '</option>';
	foreach ( $wpdb->get_col( 'SELECT DISTINCT event FROM ' . ai_relay_outbox_table() . ' ORDER BY event' ) as $event ) { // phpcs:ignore WordPress.DB -- a table of ours, by its index.
		printf( '<option%s>%s</option>', selected( $filter['event'] ?? '', $event, false ), esc_html( $event ) );
	}
	echo '</select> ';
	echo '<label for="ai-relay-search">' . esc_html__( 'Key begins with', 'ai-relay' ) . '</label> ';
	printf( '<input type="search" id="ai-relay-search" name="search" class="code" value="%s"> ', esc_attr( $filter['search'] ?? '' ) );
	submit_button( __( 'Filter', 'ai-relay' ), '', '', false );
	echo '</div></form>';
}

/**
 * Prints the links to newer and older events.
 *
 * @param array $filter In force.
 * @param int   $before Of this page; 0 for the first.
 * @param int   $next   Of the next page; 0 when there is none.
 */
function ai_relay_log_pages( array $filter, int $before, int $next ): void {
	echo '<nav class="tablenav bottom" aria-label="' . esc_attr__( 'Pages of the log', 'ai-relay' ) . '"><div class="tablenav-pages">';
	if ( $before > 0 ) {
		printf( '<a class="button" href="%s">%s</a> ', esc_url( ai_relay_log_url( $filter ) ), esc_html__( 'Newest', 'ai-relay' ) );
	}
	if ( $next > 0 ) {
		printf( '<a class="button" id="ai-relay-older" href="%s">%s</a>', esc_url( ai_relay_log_url( array( 'before' => $next ) + $filter ) ), esc_html__( 'Older', 'ai-relay' ) );
	}
	echo '</div></nav>';
}
