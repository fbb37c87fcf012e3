<?php
/**
 * Puts the panel into the block editor.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Loads the panel where a post is edited; the hook also fires in the site and widget editors. */
function ai_relay_enqueue_panel(): void {
	$screen = function_exists( 'get_current_screen' ) ? get_current_screen() : null;
	if ( ! $screen || 'post' !== $screen->base || ! in_array( $screen->post_type, ai_relay_post_types(), true ) ) {
		return;
	}
	wp_enqueue_script(
		'ai-relay-panel',
		plugins_url( 'assets/editor-panel.js', AI_RELAY_FILE ),
		array( 'wp-plugins', 'wp-edit-post', 'wp-editor', 'wp-core-data', 'wp-data', 'wp-element', 'wp-components', 'wp-api-fetch', 'wp-i18n', 'wp-url' ),
		AI_RELAY_VERSION,
		true
	);
	wp_set_script_translations( 'ai-relay-panel', 'ai-relay', dirname( AI_RELAY_FILE ) . '/languages' );
}
add_action( 'enqueue_block_editor_assets', 'ai_relay_enqueue_panel' );
