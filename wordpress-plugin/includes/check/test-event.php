<?php
/**
 * The last check: an event goes through the ordinary outbox to the relay and its AI, and its result comes back.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds after which a test event that nothing has sent is helped along, and this is said. */
const AI_RELAY_TEST_HELP = 15;

/** Seconds to wait for the result, unless the context has its own `patience`. */
const AI_RELAY_TEST_PATIENCE = 60;

/**
 * Sends the test event, and from the second call on says how it is.
 *
 * @param array $context Takes its key.
 */
function ai_relay_check_event( array &$context ): array {
	if ( ! isset( $context['key'] ) ) {
		$context['key']     = 'check-' . wp_generate_password( 20, false );
		$context['written'] = time();
		// With the time in it: or the relay would take the answer that it has kept of the last test.
		$event = array( 'content' => 'Thank you for the clear explanation, the second example helped me a lot at ' . gmdate( 'H:i:s' ) . '.' );
		ai_relay_outbox_add( $context['key'], ai_relay_envelope( 'connection.tested', $context['key'] ) + $event );
	}
	$age = time() - $context['written'];
	$row = ai_relay_test_row( $context['key'] );
	// Who makes all checks in one request waits before that request can send anything by itself.
	$alone = isset( $context['patience'] );
	if ( $row && 'waiting' === $row->status && 0 === (int) $row->attempts && ( $alone || $age >= AI_RELAY_TEST_HELP ) ) {
		ai_relay_deliver( 1 );
		$context['helped'] = ! $alone;
		$row               = ai_relay_test_row( $context['key'] );
	}
	if ( ! $row || 'failed' === $row->status ) {
		return ai_relay_test_refused( $row );
	}
	$result = ai_relay_test_result();
	if ( is_array( $result ) && $context['key'] === ( $result['key'] ?? '' ) ) {
		return ai_relay_test_arrived( $result, $context );
	}
	$patience = $context['patience'] ?? AI_RELAY_TEST_PATIENCE;
	$no_way   = 'sent' === $row->status && 'bad' === ( $context['status']['call_back'] ?? '' );
	if ( $age < ( $no_way ? min( 3, $patience ) : $patience ) ) {
		return ai_relay_finding( 'running', 'sent' === $row->status ? __( 'The relay has the test event; its result is not here yet.', 'ai-relay' ) : __( 'The test event waits to be sent.', 'ai-relay' ) );
	}
	return 'sent' === $row->status ? ai_relay_test_at_relay( $context['key'] ) : ai_relay_test_unsent( $row );
}

/**
 * The latest result of a test event, from the database itself: another process writes it while this one waits, and
 * what this one has looked up before is in its cache.
 *
 * @return mixed
 */
function ai_relay_test_result() {
	global $wpdb;
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- past all caches.
	return maybe_unserialize( $wpdb->get_var( $wpdb->prepare( "SELECT option_value FROM $wpdb->options WHERE option_name = %s", AI_RELAY_CHECK_RESULT ) ) );
}

/**
 * The row of the test event.
 *
 * @param string $key Its key.
 */
function ai_relay_test_row( string $key ): ?object {
	global $wpdb;
	// phpcs:ignore WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery -- a queue of ours, as it is at this moment.
	return $wpdb->get_row( $wpdb->prepare( 'SELECT id, status, attempts, last_code, last_error FROM ' . ai_relay_outbox_table() . ' WHERE idempotency_key = %s', $key ) );
}

/**
 * The result is here.
 *
 * @param array $result  Of the option.
 * @param array $context When the event was written, and whether it had to be helped along.
 */
function ai_relay_test_arrived( array $result, array $context ): array {
	$took = max( 0, (int) ( $result['at'] ?? time() ) - $context['written'] );
	$text = sprintf(
		/* translators: 1: name of an AI, 2: number of seconds. */
		_n( 'It went there and its result came back: judged by %1$s, after %2$d second.', 'It went there and its result came back: judged by %1$s, after %2$d seconds.', $took, 'ai-relay' ),
		ai_relay_short( trim( ( $result['provider'] ?? '' ) . ' ' . ( $result['model'] ?? '' ) ) ),
		$took
	);
	return empty( $context['helped'] )
		? ai_relay_finding( 'good', $text )
		: ai_relay_finding( 'warning', $text . ' ' . __( 'But nothing sent it until this page did.', 'ai-relay' ), ai_relay_cron_fix() );
}

/**
 * The relay refused it.
 *
 * @param object|null $row The row; null if it could not even be written.
 */
function ai_relay_test_refused( ?object $row ): array {
	if ( ! $row ) {
		return ai_relay_finding( 'bad', __( 'The test event could not be written: the table of events is missing or broken.', 'ai-relay' ), __( 'Switch the plugin off and on again, which makes its tables, then check again.', 'ai-relay' ) );
	}
	/* translators: 1: HTTP status, 2: the relay's words. */
	$text = sprintf( __( 'The relay refused the test event: %1$d (%2$s).', 'ai-relay' ), $row->last_code, $row->last_error );
	return ai_relay_finding( 'bad', $text, 422 === (int) $row->last_code ? __( 'Update the relay: it is older than this plugin.', 'ai-relay' ) : __( 'The log of the relay says more.', 'ai-relay' ) );
}

/**
 * It is still here.
 *
 * @param object $row Its row.
 */
function ai_relay_test_unsent( object $row ): array {
	if ( 0 === (int) $row->attempts ) {
		return ai_relay_finding( 'warning', __( 'The test event still waits here, behind others.', 'ai-relay' ), __( 'Look into the log: they are sent first. Then check again.', 'ai-relay' ) );
	}
	/* translators: 1: HTTP status, 2: an error message. */
	return ai_relay_finding( 'bad', sprintf( __( 'The test event was not taken: %1$d (%2$s). It is tried again.', 'ai-relay' ), $row->last_code, $row->last_error ), __( 'The log of the relay says more. Check again in a minute.', 'ai-relay' ) );
}

/**
 * The relay has it and no result came: asks the relay how it is (contract, section 3).
 *
 * @param string $key Its key.
 */
function ai_relay_test_at_relay( string $key ): array {
	$answer = ai_relay_check_request( 'GET', ai_relay_relay_url( '/' . $key ), array( 'headers' => ai_relay_signature_headers( $key, ai_relay_secrets() ) ) );
	$json   = is_wp_error( $answer ) ? null : json_decode( wp_remote_retrieve_body( $answer ), true );
	$status = is_string( $json['status'] ?? null ) ? $json['status'] : '';
	$error  = is_string( $json['error'] ?? null ) ? rtrim( ai_relay_short( $json['error'] ), '. ' ) : '';
	switch ( $status ) {
		case 'queued':
			return ai_relay_finding( 'warning', __( 'The relay has the test event and has not begun with it: much else waits there.', 'ai-relay' ), __( 'Look at relay_queue_depth in its /observe/metrics. Check again in a few minutes.', 'ai-relay' ) );
		case 'processing':
			/* translators: %s: an error message. */
			return '' === $error ? ai_relay_finding( 'warning', __( 'The relay is still at work on the test event: its AI is slow, or does not answer and is tried again.', 'ai-relay' ), __( 'Look at “bin/relay show”, with the key below, on the machine of the relay:', 'ai-relay' ) . "\n    bin/relay show $key" ) : ai_relay_finding( 'bad', sprintf( __( 'The relay could not finish the test event and tries again: %s.', 'ai-relay' ), $error ), __( 'Mend what it says, on the machine of the relay:', 'ai-relay' ) . "\n    bin/relay show $key" );
		case 'error':
			/* translators: %s: an error message. */
			return ai_relay_finding( 'bad', sprintf( __( 'The relay has given the test event up: %s.', 'ai-relay' ), $error ), __( 'Mend what it says; what every attempt met is told by:', 'ai-relay' ) . "\n    bin/relay show $key" );
		case 'done':
			return ai_relay_finding( 'warning', __( 'The relay has done the test event, and its result stays there: it does not reach this site.', 'ai-relay' ), __( 'Mend what is said above about the way back.', 'ai-relay' ) );
	}
	return ai_relay_finding( 'warning', __( 'The relay has the test event, and does not say how it is.', 'ai-relay' ), __( 'Check again in a minute.', 'ai-relay' ) );
}
