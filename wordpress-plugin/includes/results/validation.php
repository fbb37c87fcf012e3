<?php
/**
 * Checks a result before anything is done with it: section 4 of the wire contract.
 *
 * A model wrote it, so every field is limited and enumerated here as well as in the relay.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Actions taken here: what each is about, the function that checks its result, and the one that applies it. */
const AI_RELAY_ACTIONS = array(
	'enrich_post'      => array(
		'target' => 'post',
		'check'  => 'ai_relay_enrichment_problems',
		'apply'  => 'ai_relay_apply_enrichment',
	),
	'moderate_comment' => array(
		'target' => 'comment',
		'check'  => 'ai_relay_moderation_problems',
		'apply'  => 'ai_relay_apply_moderation',
	),
	'qualify_lead'     => array(
		'target' => 'lead',
		'check'  => 'ai_relay_qualification_problems',
		'apply'  => 'ai_relay_apply_qualification',
	),
	'run_batch'        => array(
		'target' => 'batch',
		'check'  => 'ai_relay_batch_problems',
		'apply'  => 'ai_relay_apply_batch',
	),
	'check_connection' => array(
		'target' => 'site',
		'check'  => 'ai_relay_moderation_problems',
		'apply'  => 'ai_relay_apply_check',
	),
);

/**
 * Problems of a request's body and key.
 *
 * @param mixed  $body       Decoded body.
 * @param string $result_key Idempotency-Key header.
 * @return array<array{field:string,problem:string}> Empty when all is well.
 */
function ai_relay_result_problems( $body, string $result_key ): array {
	if ( ! is_array( $body ) || ( array() !== $body && isset( $body[0] ) ) ) {
		return array( ai_relay_problem( 'body', 'must be a JSON object' ) );
	}
	if ( ! is_string( $body['event'] ?? null ) || ! preg_match( AI_RELAY_EVENT_NAME, $body['event'] ) ) {
		return array( ai_relay_problem( 'event', 'must be the name of an event' ) );
	}
	$action = is_string( $body['action'] ?? null ) ? $body['action'] : '';
	if ( ! isset( AI_RELAY_ACTIONS[ $action ] ) ) {
		return array( ai_relay_problem( 'action', 'must be one of ' . implode( ', ', array_keys( AI_RELAY_ACTIONS ) ) ) );
	}
	$problems = array_merge( ai_relay_key_problems( $body, $result_key ), ai_relay_target_problems( $body, AI_RELAY_ACTIONS[ $action ]['target'] ) );
	foreach ( array( 'revision', 'provider', 'model' ) as $name ) {
		if ( isset( $body[ $name ] ) && ! ai_relay_is_text( $body[ $name ], 200 ) ) {
			$problems[] = ai_relay_problem( $name, 'must be text of at most 200 characters' );
		}
	}
	if ( ! is_array( $body['result'] ?? null ) ) {
		$problems[] = ai_relay_problem( 'result', 'must be an object' );
		return $problems;
	}
	return array_merge( $problems, AI_RELAY_ACTIONS[ $action ]['check']( $body['result'] ) );
}

/**
 * Problems of the event's key, and of the request's, which is made of it.
 *
 * @param array  $body       Decoded body, with an event and an action.
 * @param string $result_key Idempotency-Key header.
 */
function ai_relay_key_problems( array $body, string $result_key ): array {
	$key = is_string( $body['idempotency_key'] ?? null ) ? $body['idempotency_key'] : '';
	if ( ! preg_match( AI_RELAY_KEY_FORM, $key ) ) {
		return array( ai_relay_problem( 'idempotency_key', 'must be 1 to 64 characters of A-Z a-z 0-9 . _ : -' ) );
	}
	if ( ! ai_relay_is_result_key( $body, $result_key ) ) {
		return array( ai_relay_problem( 'Idempotency-Key', 'must be the body\'s idempotency_key, a colon and its action; of a batch, a colon and the id as well' ) );
	}
	return array();
}

/**
 * The Idempotency-Key that belongs to a result: one of a post or comment of a batch ends with its number,
 * and the summary of a batch that was replayed with how often.
 *
 * @param array  $body   Decoded body.
 * @param string $result_key Idempotency-Key header.
 */
function ai_relay_is_result_key( array $body, string $result_key ): bool {
	$key = $body['idempotency_key'] . ':' . $body['action'];
	if ( 'run_batch' === $body['action'] ) {
		return 1 === preg_match( '/^' . preg_quote( $key, '/' ) . '(:[1-9][0-9]{0,9})?$/D', $result_key );
	}
	if ( 'batch.requested' === $body['event'] ) {
		$key .= ':' . ai_relay_target_id( is_array( $body['target'] ?? null ) ? $body['target'] : array() );
	}
	return $result_key === $key;
}

/**
 * Problems of the target. A post or comment has a number; a batch and a site go by the key of the event; a lead by what
 * its form plugin calls it.
 *
 * @param array  $body Decoded body.
 * @param string $type What the action is about.
 */
function ai_relay_target_problems( array $body, string $type ): array {
	$target   = is_array( $body['target'] ?? null ) ? $body['target'] : array();
	$given    = $target['type'] ?? null;
	$id       = $target['id'] ?? null;
	$number   = ai_relay_target_id( $target );
	$problems = $type === $given ? array() : array( ai_relay_problem( 'target.type', "must be $type" ) );
	if ( in_array( $given, array( 'batch', 'site' ), true ) ) {
		$key = is_string( $body['idempotency_key'] ?? null ) ? $body['idempotency_key'] : '';
		if ( $key !== $id ) {
			$problems[] = ai_relay_problem( 'target.id', 'must be the idempotency_key of the event' );
		}
	} elseif ( 'lead' === $given ) {
		if ( $number < 1 && ( ! ai_relay_is_text( $id, 64 ) || '' === $id ) ) {
			$problems[] = ai_relay_problem( 'target.id', 'must be a positive whole number, or text of 1 to 64 characters' );
		}
	} elseif ( $number < 1 ) {
		$problems[] = ai_relay_problem( 'target.id', 'must be a positive whole number' );
	}
	return $problems;
}

/**
 * One problem, as the relay words its own.
 *
 * @param string $field   Where.
 * @param string $problem What.
 */
function ai_relay_problem( string $field, string $problem ): array {
	return array(
		'field'   => $field,
		'problem' => $problem,
	);
}

/**
 * The number of a target; 0 when it has none.
 *
 * @param array $target Of the body.
 */
function ai_relay_target_id( array $target ): int {
	$id = $target['id'] ?? 0;
	if ( is_int( $id ) ) {
		return $id;
	}
	return is_string( $id ) && preg_match( '/^[0-9]{1,18}$/D', $id ) ? (int) $id : 0;
}

/**
 * Whether a value is text within a limit.
 *
 * @param mixed $value Any value.
 * @param int   $limit Characters.
 */
function ai_relay_is_text( $value, int $limit ): bool {
	return is_string( $value ) && mb_strlen( $value ) <= $limit;
}
