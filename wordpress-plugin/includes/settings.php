<?php
/**
 * Where the settings come from: a constant in wp-config.php wins over the option in the database.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Where events go, and how they are signed. */
const AI_RELAY_CONNECTION = array( 'endpoint', 'secret', 'secret_next', 'key_id' );

/** The settings, each an option `ai_relay_<name>` and a constant `AI_RELAY_<NAME>`, with what holds until somebody says otherwise. */
const AI_RELAY_SETTINGS = array(
	'endpoint'       => '',
	'secret'         => '',
	'secret_next'    => '',
	'key_id'         => '',
	// What becomes an event.
	'events'         => array( 'post.published', 'post.updated', 'comment.created', 'lead.captured' ),
	'post_types'     => array( 'post', 'page' ),
	'imports'        => '',
	'nightly'        => array(), // Tasks of the nightly batch.
	// What may leave the site.
	'personal'       => 'left_out', // Personal fields of a form: `left_out`, `encrypted` or `clear`.
	'pii_key'        => '', // Base64 of the 32 bytes they are encrypted with.
	'comment_author' => '1',
	// What results may do.
	'approve'        => '',
	'seo'            => '', // SEO texts go to the fields of an SEO plugin (`plugin`), to a meta tag of our own (`tag`), or nowhere.
);

/** Settings that are never shown. */
const AI_RELAY_HIDDEN_SETTINGS = array( 'secret', 'secret_next', 'pii_key' );

/**
 * Whether wp-config.php fixes a setting.
 *
 * @param string $name One of AI_RELAY_SETTINGS.
 */
function ai_relay_is_fixed( string $name ): bool {
	return defined( 'AI_RELAY_' . strtoupper( $name ) );
}

/**
 * Whether the endpoint is not for the current user to change: the server asks there, also inside of its own network, and
 * in a network of sites that is a matter of who runs the server.
 *
 * @param string $name One of AI_RELAY_SETTINGS.
 */
function ai_relay_is_for_network( string $name ): bool {
	return 'endpoint' === $name && is_multisite() && ! current_user_can( 'manage_network_options' );
}

/**
 * The value in force of a setting that is a text, byte for byte as it was given.
 *
 * @param string $name One of AI_RELAY_SETTINGS.
 */
function ai_relay_setting( string $name ): string {
	$value = ai_relay_setting_value( $name );
	return is_scalar( $value ) ? (string) $value : '';
}

/**
 * The value in force of a setting that is a list of names.
 *
 * @param string $name One of AI_RELAY_SETTINGS.
 * @return string[]
 */
function ai_relay_setting_list( string $name ): array {
	$value = ai_relay_setting_value( $name );
	return is_array( $value ) ? array_values( array_filter( $value, 'is_string' ) ) : array();
}

/**
 * The value in force.
 *
 * @param string $name One of AI_RELAY_SETTINGS.
 * @return mixed
 */
function ai_relay_setting_value( string $name ) {
	return ai_relay_is_fixed( $name )
		? constant( 'AI_RELAY_' . strtoupper( $name ) )
		: get_option( 'ai_relay_' . $name, AI_RELAY_SETTINGS[ $name ] );
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
 * Whether the owner wants events of a kind.
 *
 * @param string $event Name of an event.
 */
function ai_relay_wants( string $event ): bool {
	return ai_relay_is_active_here() && in_array( $event, ai_relay_setting_list( 'events' ), true );
}

/**
 * Post types whose publications, changes and comments are sent.
 *
 * @return string[]
 */
function ai_relay_post_types(): array {
	if ( ! ai_relay_is_active_here() ) {
		return array();
	}
	/**
	 * Filters the post types that AI Relay handles.
	 *
	 * @param string[] $post_types Names of post types, as the owner chose them.
	 */
	return (array) apply_filters( 'ai_relay_post_types', ai_relay_setting_list( 'post_types' ) );
}
