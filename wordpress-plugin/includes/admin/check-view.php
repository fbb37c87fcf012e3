<?php
/**
 * Check the connection, on the settings page: step by step with a script, in one go without.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds that the page without a script waits for the result of the test event. */
const AI_RELAY_CHECK_PAGE_PATIENCE = 8;

/** Prints the button, and what the last check in one go has found. */
function ai_relay_check_view(): void {
	ai_relay_check_script();
	echo '<div class="ai-relay-card" id="ai-relay-check"><h2>' . esc_html__( 'Check the connection', 'ai-relay' ) . '</h2>';
	echo '<p>' . esc_html__( 'Goes the whole way with the settings as they are saved: to the relay, through its AI, and back. It takes a few seconds.', 'ai-relay' ) . '</p>';
	ai_relay_action_form( 'ai-relay-check-form', 'ai_relay_check' );
	printf( '<button type="submit" class="button button-secondary">%s</button></form>', esc_html__( 'Check the connection', 'ai-relay' ) );
	$found = get_transient( ai_relay_check_transient( 'found' ) );
	$found = is_array( $found ) ? $found : array();
	delete_transient( ai_relay_check_transient( 'found' ) );
	printf( '<p role="status" id="ai-relay-check-status">%s</p>', esc_html( $found ? ai_relay_check_summary( array_column( $found, 'status' ) ) : '' ) );
	printf( '<ol class="ai-relay-checks" id="ai-relay-checks"%s>', $found ? '' : ' hidden' );
	echo implode( '', array_map( 'ai_relay_check_html', $found ) ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- escaped there.
	echo '</ol></div>';
}

/** Loads the script, with what it has to say. */
function ai_relay_check_script(): void {
	wp_enqueue_script( 'ai-relay-check', plugins_url( 'assets/check-connection.js', AI_RELAY_FILE ), array(), AI_RELAY_VERSION, true );
	$labels = wp_list_pluck( ai_relay_checks(), 'label' );
	$data   = array(
		'url'     => admin_url( 'admin-ajax.php' ),
		'nonce'   => wp_create_nonce( 'ai_relay_check' ),
		'steps'   => array_map( null, array_keys( $labels ), array_values( $labels ) ),
		/* translators: 1: number of a check, 2: number of checks, 3: name of the check. */
		'checks'  => __( 'Check %1$s of %2$s: %3$s …', 'ai-relay' ),
		'unsaved' => __( 'Save first: you have changed the form, and the check takes the settings as they are saved.', 'ai-relay' ),
		'broken'  => __( 'The check was broken off: this site gave no usable answer. Reload the page and check again.', 'ai-relay' ),
	);
	wp_add_inline_script( 'ai-relay-check', 'window.aiRelayCheck = ' . wp_json_encode( $data ) . ';', 'before' );
}

/**
 * One check as a line of the list.
 *
 * @param array $check Of ai_relay_check_step().
 * @return string HTML.
 */
function ai_relay_check_html( array $check ): string {
	return sprintf(
		'<li class="ai-relay-%1$s" data-check="%2$s" data-status="%1$s"><strong>%3$s</strong> <span class="ai-relay-status">%4$s</span><p>%5$s</p>%6$s</li>',
		esc_attr( $check['status'] ),
		esc_attr( $check['name'] ),
		esc_html( $check['label'] ),
		esc_html( ai_relay_check_status_name( $check['status'] ) ),
		esc_html( $check['text'] ),
		'' === $check['fix'] ? '' : '<div class="ai-relay-fix">' . ai_relay_fix_html( $check['fix'] ) . '</div>'
	);
}

/**
 * All checks in one sentence.
 *
 * @param string[] $statuses Theirs.
 */
function ai_relay_check_summary( array $statuses ): string {
	$bad     = count( array_keys( $statuses, 'bad', true ) );
	$warning = count( array_keys( $statuses, 'warning', true ) );
	if ( $bad > 0 ) {
		/* translators: %d: number of problems. */
		return sprintf( _n( '%d problem was found. What to do is below it.', '%d problems were found. What to do is below each.', $bad, 'ai-relay' ), $bad );
	}
	if ( $warning > 0 ) {
		/* translators: %d: number of warnings. */
		return sprintf( _n( 'The connection works. %d thing could be better.', 'The connection works. %d things could be better.', $warning, 'ai-relay' ), $warning );
	}
	return __( 'Everything is in order.', 'ai-relay' );
}

/**
 * Name of a transient of this user's check.
 *
 * @param string $what What is in it.
 */
function ai_relay_check_transient( string $what ): string {
	return 'ai_relay_check_' . $what . '_' . get_current_user_id();
}

/** Makes all checks for a browser without the script, and goes back to the page. */
function ai_relay_take_check(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not change the settings of this site.', 'ai-relay' ), 403 );
	}
	check_admin_referer( 'ai_relay_check' );
	set_transient( ai_relay_check_transient( 'found' ), ai_relay_check_all( AI_RELAY_CHECK_PAGE_PATIENCE ), 5 * MINUTE_IN_SECONDS );
	wp_safe_redirect( ai_relay_page_url() . '#ai-relay-check' );
	exit;
}
add_action( 'admin_post_ai_relay_check', 'ai_relay_take_check' );

/** Makes one check for the script. What the checks before have found waits in a transient: no browser can make it up. */
function ai_relay_take_check_step(): void {
	if ( ! current_user_can( 'manage_options' ) || ! check_ajax_referer( 'ai_relay_check', 'nonce', false ) ) {
		wp_send_json_error( null, 403 );
	}
	$step = sanitize_key( wp_unslash( $_POST['step'] ?? '' ) );
	if ( ! isset( ai_relay_checks()[ $step ] ) ) {
		wp_send_json_error( null, 400 );
	}
	$before  = get_transient( ai_relay_check_transient( 'context' ) );
	$context = is_array( $before ) && ai_relay_check_steps()[0] !== $step ? $before : array();
	$check   = ai_relay_check_step( $step, $context );
	set_transient( ai_relay_check_transient( 'context' ), $context, 10 * MINUTE_IN_SECONDS );
	wp_send_json_success(
		array(
			'status'  => $check['status'],
			'html'    => ai_relay_check_html( $check ),
			'summary' => ai_relay_check_summary( array_values( $context['status'] ) ),
		)
	);
}
add_action( 'wp_ajax_ai_relay_check_step', 'ai_relay_take_check_step' );
