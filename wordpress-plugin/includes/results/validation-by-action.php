<?php
/**
 * What each action's result has to look like: section 4 of the wire contract.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

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
 * Problems of a run_batch result.
 *
 * @param array $result The result.
 */
function ai_relay_batch_problems( array $result ): array {
	$problems = array();
	if ( ! in_array( $result['task'] ?? null, array( 'enrich_posts', 'moderate_comments' ), true ) ) {
		$problems[] = ai_relay_problem( 'result.task', 'must be enrich_posts or moderate_comments' );
	}
	foreach ( array( 'done', 'failed', 'total' ) as $name ) {
		if ( ! is_int( $result[ $name ] ?? null ) || $result[ $name ] < 0 || $result[ $name ] > 500 ) {
			$problems[] = ai_relay_problem( "result.$name", 'must be a whole number from 0 to 500' );
		}
	}
	$failures = is_array( $result['failures'] ?? null ) ? $result['failures'] : array( null );
	foreach ( $failures as $failure ) {
		if ( ! is_array( $failure ) || ai_relay_target_id( $failure ) < 1 || ! ai_relay_is_text( $failure['reason'] ?? null, 400 ) ) {
			$problems[] = ai_relay_problem( 'result.failures', 'must be a list of an id and a reason each' );
			break;
		}
	}
	return $problems;
}
