<?php
/**
 * Sends what is in the outbox.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** After so many failures in a row the relay is taken to be away, and the run ends. */
const AI_RELAY_FAILURES_IN_A_ROW = 3;

/** So many events are on their way to the relay at once, of all runners together or hardly more. */
const AI_RELAY_AT_ONCE = 4;

/** Seconds that a run waits for a relay that asks for a little time; for longer, it ends. */
const AI_RELAY_SHORT_WAIT = 5;

/**
 * Sends the events that are due, until none is, the relay does not take any, or time is up.
 *
 * It begins with one and sends several at once while the relay takes them.
 *
 * @param int    $seconds    For how long at most new attempts are begun.
 * @param string $started_by `request`, `cron`, `cli` or `drain`.
 * @return array{sent:int,retry:int,refused:int} How many attempts ended how.
 */
function ai_relay_deliver( int $seconds = 20, string $started_by = 'request' ): array {
	$done     = array(
		'sent'    => 0,
		'retry'   => 0,
		'refused' => 0,
	);
	$failures = 0;
	$width    = 1;
	$end      = time() + $seconds;
	while ( $failures < AI_RELAY_FAILURES_IN_A_ROW && ai_relay_may_go_on( $end ) ) {
		$rows = ai_relay_outbox_take( ai_relay_room( $width ), $end );
		if ( ! $rows ) {
			break;
		}
		$width = min( 2 * $width, AI_RELAY_AT_ONCE );
		foreach ( ai_relay_attempt( $rows ) as $attempt ) {
			$answer = ai_relay_read_answer( $attempt['answer'] );
			ai_relay_settle( $attempt, $answer, $started_by );
			if ( isset( $done[ $answer['outcome'] ] ) ) {
				++$done[ $answer['outcome'] ];
			}
			if ( 'retry' === $answer['outcome'] ) {
				$width    = 1;
				$failures = 429 === $answer['code'] ? 0 : $failures + 1;
			} else {
				$failures = 0;
			}
		}
	}
	return $done;
}

/**
 * Whether a run may begin another attempt.
 *
 * @param int $end When the run is to end, in Unix seconds.
 */
function ai_relay_may_go_on( int $end ): bool {
	if ( time() > $end || ! ai_relay_is_configured() || ai_relay_paused() ) {
		return false;
	}
	$wait = ai_relay_held_off_until() - time();
	if ( $wait <= 0 ) {
		return true;
	}
	if ( $wait > AI_RELAY_SHORT_WAIT || time() + $wait > $end ) {
		return false;
	}
	sleep( $wait );
	return ai_relay_may_go_on( $end );
}

/**
 * How many events a runner may take now: what the others have in hand counts too.
 *
 * @param int $width How many it would.
 */
function ai_relay_room( int $width ): int {
	if ( $width < 2 || ! ai_relay_can_send_together() ) {
		return 1;
	}
	return max( 1, min( $width, AI_RELAY_AT_ONCE - ai_relay_outbox_in_hand()['rows'] ) );
}

/**
 * Writes down how an attempt ended and what follows.
 *
 * @param array  $attempt    Of ai_relay_attempt().
 * @param array  $answer     Of ai_relay_read_answer().
 * @param string $started_by What started the run.
 */
function ai_relay_settle( array $attempt, array $answer, string $started_by ): void {
	$row   = $attempt['row'];
	$tries = ai_relay_tries( $row );
	$asked = (int) $row->retried_at > 0 && 1 === $tries && 'drain' !== $started_by;
	switch ( $answer['outcome'] ) {
		case 'sent':
			ai_relay_outbox_finish( $row, 'sent', $answer['code'], '' );
			break;
		case 'refused':
			ai_relay_outbox_finish( $row, 'failed', $answer['code'], $answer['error'] );
			break;
		case 'locked_out':
			ai_relay_outbox_finish( $row, 'waiting', $answer['code'], $answer['error'], time() );
			ai_relay_pause( $answer['code'], $answer['error'] );
			break;
		default:
			ai_relay_settle_failure( $row, $answer, $tries );
	}
	ai_relay_note_attempt( $attempt, $answer['code'], $answer['error'] . $answer['note'], $asked ? 'retry' : $started_by );
}

/**
 * Gives an event that did not get through its next time, or gives it up.
 *
 * @param object $row    The row as claimed.
 * @param array  $answer Of ai_relay_read_answer().
 * @param int    $tries  Attempts so far.
 */
function ai_relay_settle_failure( object $row, array $answer, int $tries ): void {
	// A relay that asks for time is there, and takes the event when it has some.
	$since = 429 === $answer['code'] ? time() : ai_relay_tried_since( $row );
	$next  = ai_relay_next_attempt( $tries, $since, $answer['retry_after'], time() );
	if ( 429 === $answer['code'] ) {
		ai_relay_hold_off( $answer['retry_after'] ?? AI_RELAY_RETRY_DELAYS[0] );
	}
	if ( null === $next ) {
		ai_relay_outbox_finish( $row, 'failed', $answer['code'], __( 'given up after 7 days', 'ai-relay' ) . ': ' . $answer['error'] );
		return;
	}
	ai_relay_outbox_finish( $row, 'waiting', $answer['code'], $answer['error'], $next );
}
