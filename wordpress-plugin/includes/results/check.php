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
	$problems = array();
	if ( ! is_string( $body['event'] ?? null ) || ! preg_match( '/^[a-z0-9._-]{1,64}$/D', $body['event'] ) ) {
		return array( ai_relay_problem( 'event', 'must be the name of an event' ) );
	}
	$action = is_string( $body['action'] ?? null ) ? $body['action'] : '';
	if ( ! isset( AI_RELAY_ACTIONS[ $action ] ) ) {
		$problems[] = ai_relay_problem( 'action', 'must be one of ' . implode( ', ', array_keys( AI_RELAY_ACTIONS ) ) );
		return $problems;
	}
	$key = is_string( $body['idempotency_key'] ?? null ) ? $body['idempotency_key'] : '';
	if ( ! preg_match( '/^[A-Za-z0-9._:-]{1,64}$/D', $key ) ) {
		$problems[] = ai_relay_problem( 'idempotency_key', 'must be 1 to 64 characters of A-Z a-z 0-9 . _ : -' );
	} elseif ( ! ai_relay_is_result_key( $body, $result_key ) ) {
		$problems[] = ai_relay_problem( 'Idempotency-Key', 'must be the body\'s idempotency_key, a colon and its action; of a batch, a colon and the id as well' );
	}
	$target = is_array( $body['target'] ?? null ) ? $body['target'] : array();
	if ( AI_RELAY_ACTIONS[ $action ]['target'] !== ( $target['type'] ?? null ) ) {
		$problems[] = ai_relay_problem( 'target.type', 'must be ' . AI_RELAY_ACTIONS[ $action ]['target'] );
	}
	if ( in_array( $target['type'] ?? null, array( 'batch', 'site' ), true ) ) {
		if ( $key !== ( $target['id'] ?? null ) ) {
			$problems[] = ai_relay_problem( 'target.id', 'must be the idempotency_key of the event' );
		}
	} elseif ( 'lead' === ( $target['type'] ?? null ) ) {
		if ( ai_relay_target_id( $target ) < 1 && ( ! ai_relay_is_text( $target['id'] ?? null, 64 ) || '' === $target['id'] ) ) {
			$problems[] = ai_relay_problem( 'target.id', 'must be a positive whole number, or text of 1 to 64 characters' );
		}
	} elseif ( ai_relay_target_id( $target ) < 1 ) {
		$problems[] = ai_relay_problem( 'target.id', 'must be a positive whole number' );
	}
	foreach ( array( 'revision', 'provider', 'model' ) as $name ) {
		if ( isset( $body[ $name ] ) && ( ! is_string( $body[ $name ] ) || mb_strlen( $body[ $name ] ) > 200 ) ) {
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
 * Problems of an enrich_post result. Fields may be left out, but not all of them.
 *
 * @param array $result The result.
 */
function ai_relay_enrichment_problems( array $result ): array {
	$problems = array();
	$given    = 0;
	foreach ( AI_RELAY_TEXTS as $name => $limit ) {
		if ( ! isset( $result[ $name ] ) ) {
			continue;
		}
		if ( ! ai_relay_is_text( $result[ $name ], $limit ) ) {
			$problems[] = ai_relay_problem( "result.$name", "must be text of at most $limit characters" );
		}
		$given += '' === ai_relay_plain_text( $result[ $name ] ) ? 0 : 1;
	}
	if ( is_string( $result['language'] ?? null ) && '' !== $result['language'] && ! preg_match( '/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/D', $result['language'] ) ) {
		$problems[] = ai_relay_problem( 'result.language', 'must be a language tag' );
	}
	if ( isset( $result['keywords'] ) ) {
		$given   += ai_relay_plain_list( $result['keywords'] ) ? 1 : 0;
		$keywords = is_array( $result['keywords'] ) ? $result['keywords'] : array( null );
		$texts    = array_filter(
			$keywords,
			static function ( $keyword ) {
				return ai_relay_is_text( $keyword, AI_RELAY_KEYWORD_LENGTH );
			}
		);
		if ( count( $keywords ) > AI_RELAY_KEYWORDS || count( $texts ) !== count( $keywords ) || array_values( $keywords ) !== $keywords ) {
			$problems[] = ai_relay_problem( 'result.keywords', 'must be a list of at most 10 texts of at most 100 characters' );
		}
	}
	if ( 0 === $given && ! $problems ) {
		$problems[] = ai_relay_problem( 'result', 'must have one of ' . implode( ', ', array_keys( AI_RELAY_TEXTS ) ) . ', keywords' );
	}
	return $problems;
}

/**
 * Problems of a moderate_comment result.
 *
 * @param array $result The result.
 */
function ai_relay_moderation_problems( array $result ): array {
	$problems = array();
	if ( ! in_array( $result['verdict'] ?? null, array( 'approve', 'hold', 'spam' ), true ) ) {
		$problems[] = ai_relay_problem( 'result.verdict', 'must be approve, hold or spam' );
	}
	$confidence = $result['confidence'] ?? null;
	if ( ! ( is_int( $confidence ) || is_float( $confidence ) ) || $confidence < 0 || $confidence > 1 ) {
		$problems[] = ai_relay_problem( 'result.confidence', 'must be a number from 0 to 1' );
	}
	if ( isset( $result['reason'] ) && ( ! is_string( $result['reason'] ) || mb_strlen( $result['reason'] ) > 200 ) ) {
		$problems[] = ai_relay_problem( 'result.reason', 'must be text of at most 200 characters' );
	}
	return $problems;
}

/**
 * Problems of a qualify_lead result.
 *
 * @param array $result The result.
 */
function ai_relay_qualification_problems( array $result ): array {
	$problems = array();
	if ( ! in_array( $result['category'] ?? null, array( 'sales', 'support', 'partnership', 'spam', 'other' ), true ) ) {
		$problems[] = ai_relay_problem( 'result.category', 'must be sales, support, partnership, spam or other' );
	}
	$score = $result['score'] ?? null;
	if ( ! ( is_int( $score ) || is_float( $score ) ) || $score < 0 || $score > 100 ) {
		$problems[] = ai_relay_problem( 'result.score', 'must be a number from 0 to 100' );
	}
	if ( isset( $result['summary'] ) && ! ai_relay_is_text( $result['summary'], 300 ) ) {
		$problems[] = ai_relay_problem( 'result.summary', 'must be text of at most 300 characters' );
	}
	return $problems;
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
