<?php
/**
 * Results that are written to nothing: of a lead, and of a test of the connection.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Option with the latest result of a test of the connection: `key`, `at`, `provider`, `model`, `verdict`. */
const AI_RELAY_CHECK_RESULT = 'ai_relay_check_result';

/**
 * Takes qualify_lead. A lead belongs to whichever plugin has the form, and nothing of ours keeps it: who wants its
 * category, score and summary listens to the action `ai_relay_applied`, which follows. The summary may say who it is, so
 * it is not written down.
 *
 * @param array $body The checked body.
 */
function ai_relay_apply_qualification( array $body ): array {
	return ai_relay_outcome( 'applied', array_intersect_key( $body['result'], array_flip( array( 'category', 'score' ) ) ) );
}

/**
 * Takes check_connection: a test event has come through all of it. Whoever began the test looks for its key.
 *
 * @param array $body The checked body.
 */
function ai_relay_apply_check( array $body ): array {
	$check = array(
		'key'      => $body['idempotency_key'],
		'at'       => time(),
		'provider' => ai_relay_plain_text( $body['provider'] ?? '' ),
		'model'    => ai_relay_plain_text( $body['model'] ?? '' ),
		'verdict'  => $body['result']['verdict'],
	);
	update_option( AI_RELAY_CHECK_RESULT, $check, false );
	return ai_relay_outcome( 'applied', array( 'verdict' => $check['verdict'] ) );
}
