<?php
/**
 * What an answer of the relay means for an event: sent, try again, or never again.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds after the first, second … failure; after those every six hours. */
const AI_RELAY_RETRY_DELAYS = array( 60, 300, 1800, 7200 );
const AI_RELAY_LAST_DELAY   = 6 * HOUR_IN_SECONDS;

/** For so long an event is tried, from its first attempt: while sending is paused, nothing grows too old. */
const AI_RELAY_GIVE_UP_AFTER = 7 * DAY_IN_SECONDS;

/**
 * Reads an answer.
 *
 * @param array|WP_Error $answer Of wp_remote_post().
 * @return array{outcome:string,code:int,error:string,note:string,retry_after:int|null} Outcome is `sent`, `retry`,
 *                `refused` (this event, for good) or `locked_out` (all events, until the owner acts); the note
 *                is for the log.
 */
function ai_relay_read_answer( $answer ): array {
	if ( is_wp_error( $answer ) ) {
		return array(
			'outcome'     => 'retry',
			'code'        => 0,
			'error'       => ai_relay_short( $answer->get_error_message() ),
			'note'        => '',
			'retry_after' => null,
		);
	}
	$code    = (int) wp_remote_retrieve_response_code( $answer );
	$outcome = ai_relay_outcome_of( $code );
	$body    = json_decode( wp_remote_retrieve_body( $answer ), true );
	$body    = is_array( $body ) ? $body : array();
	$error   = 'sent' === $outcome ? '' : ai_relay_reason( $body );
	if ( 'locked_out' === $outcome ) {
		$error = ai_relay_short( $error . ai_relay_clock_note( wp_remote_retrieve_header( $answer, 'date' ) ) );
	}
	return array(
		'outcome'     => $outcome,
		'code'        => $code,
		'error'       => $error,
		'note'        => 'sent' === $outcome && 'duplicate' === ( $body['status'] ?? '' ) ? 'duplicate' : '',
		'retry_after' => ai_relay_retry_after( wp_remote_retrieve_header( $answer, 'retry-after' ) ),
	);
}

/**
 * What a status means for an event.
 *
 * @param int $code HTTP status.
 * @return string As ai_relay_read_answer() has it.
 */
function ai_relay_outcome_of( int $code ): string {
	if ( 202 === $code ) {
		return 'sent';
	}
	if ( 401 === $code || 403 === $code ) {
		return 'locked_out';
	}
	if ( in_array( $code, array( 400, 409, 413, 415, 422 ), true ) ) {
		return 'refused';
	}
	// 429 and 5xx, and what only a wrong address answers (a page, a redirect, 404): an owner can
	// mend that, so the event waits.
	return 'retry';
}

/**
 * Says so when the clocks are so far apart that no signature can be valid: a relay answers every bad one alike.
 *
 * @param string|string[] $date Header `Date` of the answer.
 */
function ai_relay_clock_note( $date ): string {
	$theirs = strtotime( is_array( $date ) ? (string) end( $date ) : (string) $date );
	$apart  = false === $theirs ? 0 : time() - $theirs;
	if ( abs( $apart ) <= AI_RELAY_TIME_WINDOW ) {
		return '';
	}
	/* translators: %s: a duration, as "1 hour". */
	$text = $apart > 0 ? __( 'the clock of this server is %s ahead of the relay\'s', 'ai-relay' ) : __( 'the clock of this server is %s behind the relay\'s', 'ai-relay' );
	return '; ' . sprintf( $text, human_time_diff( time() - abs( $apart ), time() ) );
}

/**
 * The relay's own words for a refusal.
 *
 * @param array $body Decoded answer.
 */
function ai_relay_reason( array $body ): string {
	$words = array( is_string( $body['error'] ?? null ) ? $body['error'] : __( 'not an answer of a relay', 'ai-relay' ) );
	foreach ( is_array( $body['details'] ?? null ) ? $body['details'] : array() as $detail ) {
		if ( is_string( $detail['field'] ?? null ) && is_string( $detail['problem'] ?? null ) ) {
			$words[] = $detail['field'] . ': ' . $detail['problem'];
		}
	}
	return ai_relay_short( implode( '; ', $words ) );
}

/**
 * Plain text from outside, short enough for the log.
 *
 * @param string $text Any text.
 */
function ai_relay_short( string $text ): string {
	return mb_substr( ai_relay_plain_text( $text ), 0, 200 );
}

/**
 * Seconds that a Retry-After header asks for, at most a day; null without a usable one.
 *
 * @param string|string[] $header Seconds or an HTTP date.
 */
function ai_relay_retry_after( $header ): ?int {
	$header = trim( is_array( $header ) ? (string) end( $header ) : (string) $header );
	if ( preg_match( '/^\d{1,9}$/D', $header ) ) {
		$seconds = (int) $header;
	} else {
		$date = '' === $header ? false : strtotime( $header );
		if ( false === $date ) {
			return null;
		}
		$seconds = $date - time();
	}
	return min( max( $seconds, 1 ), DAY_IN_SECONDS );
}

/**
 * When to try again, or null when it has been tried long enough.
 *
 * @param int      $attempts    Attempts since then.
 * @param int      $since       When it was tried first.
 * @param int|null $retry_after Seconds the relay asked for.
 * @param int      $now         Unix seconds.
 */
function ai_relay_next_attempt( int $attempts, int $since, ?int $retry_after, int $now ): ?int {
	if ( $now - $since >= AI_RELAY_GIVE_UP_AFTER ) {
		return null;
	}
	return $now + ( $retry_after ?? AI_RELAY_RETRY_DELAYS[ $attempts - 1 ] ?? AI_RELAY_LAST_DELAY );
}
