<?php
/**
 * Where the settings come from: a constant in wp-config.php wins over the option in the database.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Where events go, and how they are signed. */
const AI_RELAY_CONNECTION = array( 'endpoint', 'secret', 'secret_next', 'key_id' );

/** The settings, each an option `ai_relay_<name>` and a constant `AI_RELAY_<NAME>`. */
const AI_RELAY_SETTINGS = array( ...AI_RELAY_CONNECTION, 'approve' );

/**
 * Whether wp-config.php fixes a setting.
 *
 * @param string $name One of AI_RELAY_SETTINGS.
 */
function ai_relay_is_fixed( string $name ): bool {
	return defined( 'AI_RELAY_' . strtoupper( $name ) );
}

/**
 * The value in force, byte for byte as it was given; '' when there is none.
 *
 * @param string $name One of AI_RELAY_SETTINGS.
 */
function ai_relay_setting( string $name ): string {
	if ( ai_relay_is_fixed( $name ) ) {
		return (string) constant( 'AI_RELAY_' . strtoupper( $name ) );
	}
	return (string) get_option( 'ai_relay_' . $name, '' );
}

/**
 * The secrets that may sign, the current one first.
 *
 * @return string[]
 */
function ai_relay_secrets(): array {
	return array_values( array_filter( array( ai_relay_setting( 'secret' ), ai_relay_setting( 'secret_next' ) ), 'strlen' ) );
}

/** Whether the owner lets a model put a comment in sight that waits for a moderator. */
function ai_relay_may_approve(): bool {
	return '1' === ai_relay_setting( 'approve' );
}

/** Whether there is an address to send to and a secret to sign with. */
function ai_relay_is_configured(): bool {
	return '' !== ai_relay_setting( 'endpoint' ) && array() !== ai_relay_secrets();
}

/**
 * Post types whose publications and comments are sent.
 *
 * @return string[]
 */
function ai_relay_post_types(): array {
	/**
	 * Filters the post types that AI Relay handles.
	 *
	 * @param string[] $post_types Names of post types.
	 */
	return (array) apply_filters( 'ai_relay_post_types', array( 'post', 'page' ) );
}
