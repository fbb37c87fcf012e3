<?php
/**
 * Which runner has which row: what is due, claims, and how they end.
 *
 * @package AI_Relay
 */

// Table names are ours, and these are queues: nothing of them belongs into a cache.
// phpcs:disable WordPress.DB.PreparedSQL, WordPress.DB.DirectDatabaseQuery

defined( 'ABSPATH' ) || exit;

/** Seconds a claim holds: longer than one attempt can take, so that only a dead runner loses it. */
const AI_RELAY_LEASE = 60;

/** An event that was tried so often is not claimed at once when its runner has died. */
const AI_RELAY_DEATHS = 3;

/** So often an event is tried before a later one about the same post may go ahead of it. */
const AI_RELAY_TRIES_IN_ORDER = 5;

/** Rows that a runner looks at for each few that it claims: of several runners, each finds some. */
const AI_RELAY_CANDIDATES = 20;

/** So often a runner looks again when others have taken all that it found. */
const AI_RELAY_LOOKS = 10;

/**
 * Rows whose time has come, the longest due first, after those of runners that died.
 *
 * An event stays behind an earlier one about the same post or comment, so that the relay does not
 * hear of a change before the publication; but not for ever, should that one never get through.
 *
 * @param int $limit How many at most.
 * @return int[] Ids; another runner may claim them first.
 */
function ai_relay_outbox_due( int $limit ): array {
	global $wpdb;
	$table = ai_relay_outbox_table();
	$ids   = $wpdb->get_col(
		$wpdb->prepare(
			"(SELECT id FROM $table WHERE status = 'sending' AND locked_until <= %d ORDER BY id LIMIT %d)
			UNION ALL
			(SELECT id FROM $table AS later WHERE status = 'waiting' AND next_attempt_at <= %d
			AND (object = '' OR NOT EXISTS (SELECT 1 FROM $table AS earlier WHERE earlier.object = later.object AND earlier.id < later.id
				AND earlier.status IN ('waiting', 'sending') AND earlier.attempts < %d))
			ORDER BY next_attempt_at, id LIMIT %d)",
			time(),
			$limit,
			time(),
			AI_RELAY_TRIES_IN_ORDER,
			$limit
		)
	);
	return array_map( 'intval', array_slice( $ids, 0, $limit ) );
}

/**
 * Claims rows that are due.
 *
 * @param int $limit How many at most.
 * @param int $end   When to stop looking for some that may leave, in Unix seconds.
 * @return object[] The rows as claimed; empty when nothing is due.
 */
function ai_relay_outbox_take( int $limit, int $end = PHP_INT_MAX ): array {
	ai_relay_put_off_the_deadly();
	$rows = array();
	// A few times: others may be quicker, and a replica of the database may be behind.
	for ( $looks = 0; array() === $rows && $looks < AI_RELAY_LOOKS && time() <= $end; $looks++ ) {
		$ids  = ai_relay_outbox_due( AI_RELAY_CANDIDATES );
		$rows = $ids ? ai_relay_outbox_claim( $ids, $limit ) : null;
		if ( $rows ) {
			$rows   = array_values( array_filter( $rows, 'ai_relay_may_leave' ) );
			$looks -= $rows ? 0 : 1; // Nobody was quicker: none of these may leave any more.
		}
	}
	return $rows ?? array();
}

/**
 * Events whose runners keep dying wait longer and longer, as those do that fail: what kills a process each time must not
 * keep all others from being sent.
 */
function ai_relay_put_off_the_deadly(): void {
	global $wpdb;
	$table = ai_relay_outbox_table();
	$rows  = $wpdb->get_results( $wpdb->prepare( "SELECT id, attempts, locked_by, locked_until FROM $table WHERE status = 'sending' AND locked_until <= %d AND attempts >= %d ORDER BY id LIMIT %d", time(), AI_RELAY_DEATHS, AI_RELAY_CANDIDATES ) );
	foreach ( $rows as $row ) {
		ai_relay_note_interruptions( array( $row ) );
		ai_relay_outbox_finish( $row, 'waiting', 0, '', (int) ai_relay_next_attempt( (int) $row->attempts, time(), null, time() ) );
	}
}

/**
 * Whether a claimed event may still leave the site; one that may not ends here.
 *
 * @param object $row The row as claimed.
 */
function ai_relay_may_leave( object $row ): bool {
	$reason = ai_relay_reason_to_keep( $row );
	if ( '' !== $reason ) {
		ai_relay_outbox_keep_back( $row, $reason );
	}
	return '' === $reason;
}

/**
 * Ends an event that must not leave the site: without what it says, so that nobody sends it later by mistake.
 *
 * @param object $row    The row as claimed.
 * @param string $reason For the log.
 */
function ai_relay_outbox_keep_back( object $row, string $reason ): void {
	global $wpdb;
	ai_relay_outbox_finish( $row, 'failed', 0, $reason );
	$wpdb->update(
		ai_relay_outbox_table(),
		array( 'payload' => '' ),
		array(
			'id'     => $row->id,
			'status' => 'failed',
		)
	);
}

/**
 * Claims some of these rows for this runner.
 *
 * The condition and the change are one statement: of two runners, one finds a row changed.
 *
 * @param int[] $ids   Rows.
 * @param int   $limit How many at most.
 * @return object[]|null The rows as claimed; null when the database did not answer.
 */
function ai_relay_outbox_claim( array $ids, int $limit = 1 ): ?array {
	global $wpdb;
	$table  = ai_relay_outbox_table();
	$runner = bin2hex( random_bytes( 8 ) );
	$now    = time();
	$in     = implode( ',', array_map( 'intval', $ids ) );
	$dead   = $wpdb->get_results( "SELECT id, locked_until FROM $table WHERE id IN ($in) AND status = 'sending'", OBJECT_K );
	$got    = $wpdb->query(
		$wpdb->prepare(
			// By the primary key, as every other change: runners that wait for each other do not deadlock.
			"UPDATE $table FORCE INDEX (PRIMARY) SET status = 'sending', locked_by = %s, locked_until = %d, attempts = attempts + 1
			WHERE id IN ($in) AND ((status = 'waiting' AND next_attempt_at <= %d) OR (status = 'sending' AND locked_until <= %d))
			ORDER BY id LIMIT %d",
			$runner,
			$now + AI_RELAY_LEASE,
			$now,
			$now,
			$limit
		)
	);
	if ( ! $got ) {
		return false === $got ? null : array();
	}
	$rows = $wpdb->get_results( $wpdb->prepare( "SELECT * FROM $table WHERE id IN ($in) AND locked_by = %s ORDER BY id", $runner ) );
	ai_relay_note_interruptions( array_intersect_key( $dead, array_flip( array_column( $rows, 'id' ) ) ) );
	return $rows;
}

/**
 * Writes how an attempt ended. A runner whose claim has passed to another writes nothing.
 *
 * @param object $row    The row as claimed.
 * @param string $status `waiting`, `sent` or `failed`.
 * @param int    $code   HTTP status, 0 for no answer.
 * @param string $error  Why, in short; '' for success.
 * @param int    $next   When to try again, for `waiting`.
 */
function ai_relay_outbox_finish( object $row, string $status, int $code, string $error, int $next = 0 ): void {
	global $wpdb;
	$values = array(
		'status'          => $status,
		'locked_by'       => '',
		'locked_until'    => 0,
		'next_attempt_at' => $next,
		'last_code'       => $code,
		'last_error'      => mb_substr( $error, 0, 250 ),
	);
	if ( 'sent' === $status ) {
		$values['sent_at'] = time();
	}
	$wpdb->update(
		ai_relay_outbox_table(),
		$values,
		array(
			'id'        => $row->id,
			'locked_by' => $row->locked_by,
		)
	);
}

/**
 * How much is being sent at this moment.
 *
 * @return array{rows:int,runners:int}
 */
function ai_relay_outbox_in_hand(): array {
	global $wpdb;
	$table = ai_relay_outbox_table();
	$found = $wpdb->get_row( $wpdb->prepare( "SELECT COUNT(*) AS number, COUNT(DISTINCT locked_by) AS runners FROM $table WHERE status = 'sending' AND locked_until > %d", time() ) );
	return array(
		'rows'    => (int) ( $found->number ?? 0 ),
		'runners' => (int) ( $found->runners ?? 0 ),
	);
}
