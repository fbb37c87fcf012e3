<?php
/**
 * Sends what is in the outbox.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds to wait for the relay. */
const AI_RELAY_TIMEOUT = 10;

/** After so many failures in a row the relay is taken to be away, and the run ends. */
const AI_RELAY_FAILURES_IN_A_ROW = 3;

/**
 * Sends the events that are due, until none is, the relay does not take any, or time is up.
 *
 * @param int $seconds For how long at most new attempts are begun.
 * @return array{sent:int,retry:int,refused:int} How many attempts ended how.
 */
function ai_relay_deliver( int $seconds = 20 ): array {
	$done     = array(
		'sent'    => 0,
		'retry'   => 0,
		'refused' => 0,
	);
	$failures = 0;
	$end      = time() + $seconds;
	while ( ai_relay_is_configured() && ! ai_relay_paused() ) {
		$ids = ai_relay_outbox_due( 20 );
		if ( ! $ids ) {
			break;
		}
		foreach ( $ids as $id ) {
			if ( time() > $end ) {
				return $done;
			}
			$row = ai_relay_outbox_claim( $id );
			if ( ! $row ) {
				continue; // Another runner was quicker.
			}
			$answer = ai_relay_read_answer( ai_relay_post( $row ) );
			ai_relay_settle( $row, $answer );
			if ( 'locked_out' === $answer['outcome'] ) {
				return $done;
			}
			++$done[ $answer['outcome'] ];
			$failures = 'retry' === $answer['outcome'] ? $failures + 1 : 0;
			if ( 429 === $answer['code'] || $failures >= AI_RELAY_FAILURES_IN_A_ROW ) {
				return $done;
			}
		}
	}
	return $done;
}

/**
 * One attempt: the stored bytes, signed for this moment.
 *
 * @param object $row The row as claimed.
 * @return array|WP_Error
 */
function ai_relay_post( object $row ) {
	$timestamp  = (string) time();
	$signatures = array();
	// During a rotation both, so that it does not matter which end changes first.
	foreach ( ai_relay_secrets() as $secret ) {
		$signatures[] = ai_relay_sign( $secret, $timestamp, $row->payload );
	}
	$headers = array(
		'Content-Type'    => 'application/json',
		'X-WP-Timestamp'  => $timestamp,
		'X-WP-Signature'  => implode( ',', $signatures ),
		'Idempotency-Key' => $row->idempotency_key,
	);
	if ( '' !== ai_relay_setting( 'key_id' ) ) {
		$headers['X-WP-Key-Id'] = ai_relay_setting( 'key_id' );
	}
	// Not the "safe" variant, which refuses loopback and other ports: the administrator chose this
	// address, and nobody else can. No redirects, they would carry the event elsewhere.
	return wp_remote_post(
		ai_relay_setting( 'endpoint' ),
		array(
			'headers'             => $headers,
			'body'                => $row->payload,
			'timeout'             => AI_RELAY_TIMEOUT,
			'redirection'         => 0,
			'limit_response_size' => 16384,
		)
	);
}

/**
 * Writes down how an attempt ended and what follows.
 *
 * @param object $row    The row as claimed.
 * @param array  $answer Of ai_relay_read_answer().
 */
function ai_relay_settle( object $row, array $answer ): void {
	switch ( $answer['outcome'] ) {
		case 'sent':
			ai_relay_outbox_finish( $row, 'sent', $answer['code'], '' );
			return;
		case 'refused':
			ai_relay_outbox_finish( $row, 'failed', $answer['code'], $answer['error'] );
			return;
		case 'locked_out':
			ai_relay_outbox_finish( $row, 'waiting', $answer['code'], $answer['error'], time() );
			ai_relay_pause( $answer['code'], $answer['error'] );
			return;
	}
	$next = ai_relay_next_attempt( (int) $row->attempts, (int) $row->created_at, $answer['retry_after'], time() );
	if ( null === $next ) {
		ai_relay_outbox_finish( $row, 'failed', $answer['code'], __( 'given up after 7 days', 'ai-relay' ) . ': ' . $answer['error'] );
		return;
	}
	ai_relay_outbox_finish( $row, 'waiting', $answer['code'], $answer['error'], $next );
}

/**
 * Stops all deliveries until the owner acts.
 *
 * @param int    $code  401 or 403.
 * @param string $error The relay's words.
 */
function ai_relay_pause( int $code, string $error ): void {
	update_option(
		'ai_relay_pause',
		array(
			'code'     => $code,
			'error'    => $error,
			'since'    => time(),
			'settings' => ai_relay_settings_fingerprint(),
		),
		true
	);
}

/**
 * Why deliveries are paused, or null. A change in wp-config.php ends a pause as saving does.
 *
 * @return array{code:int,error:string,since:int}|null
 */
function ai_relay_paused(): ?array {
	$pause = get_option( 'ai_relay_pause' );
	if ( ! is_array( $pause ) || ! hash_equals( $pause['settings'], ai_relay_settings_fingerprint() ) ) {
		return null;
	}
	return $pause;
}

/** Tells one set of settings from another without giving any of them away. */
function ai_relay_settings_fingerprint(): string {
	return wp_hash( wp_json_encode( array_map( 'ai_relay_setting', AI_RELAY_CONNECTION ) ) );
}

/** Ends a pause. */
function ai_relay_resume(): void {
	delete_option( 'ai_relay_pause' );
	ai_relay_deliver_soon();
}
