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
	$needs = array( 'wp-plugins', 'wp-edit-post', 'wp-editor', 'wp-core-data', 'wp-data', 'wp-element', 'wp-components', 'wp-api-fetch', 'wp-i18n' );
	wp_enqueue_script( 'ai-relay-editor-state', plugins_url( 'assets/editor-state.js', AI_RELAY_FILE ), $needs, AI_RELAY_VERSION, true );
	wp_enqueue_script( 'ai-relay-editor-form', plugins_url( 'assets/editor-form.js', AI_RELAY_FILE ), $needs, AI_RELAY_VERSION, true );
	wp_enqueue_script( 'ai-relay-panel', plugins_url( 'assets/editor-panel.js', AI_RELAY_FILE ), array_merge( $needs, array( 'ai-relay-editor-state', 'ai-relay-editor-form' ) ), AI_RELAY_VERSION, true );
	$facts = array(
		'labels'   => ai_relay_labels(),
		'limits'   => array_intersect_key( AI_RELAY_TEXTS, ai_relay_labels() ),
		'keywords' => array( AI_RELAY_KEYWORDS, AI_RELAY_KEYWORD_LENGTH ),
	);
	wp_add_inline_script( 'ai-relay-editor-state', 'window.aiRelay = ' . wp_json_encode( $facts ) . ';', 'before' );
	foreach ( array( 'ai-relay-editor-state', 'ai-relay-editor-form', 'ai-relay-panel' ) as $script ) {
		wp_set_script_translations( $script, 'ai-relay', dirname( AI_RELAY_FILE ) . '/languages' );
	}
	wp_enqueue_style( 'ai-relay-results', plugins_url( 'assets/results.css', AI_RELAY_FILE ), array(), AI_RELAY_VERSION );
}
add_action( 'enqueue_block_editor_assets', 'ai_relay_enqueue_panel' );

/**
 * Sends what the panel shows first with the page, so that it need not ask.
 *
 * @param array                   $paths   Paths that are sent along.
 * @param WP_Block_Editor_Context $context What is edited.
 */
function ai_relay_preload_state( array $paths, $context ): array {
	if ( ! empty( $context->post ) && in_array( $context->post->post_type, ai_relay_post_types(), true ) ) {
		$paths[] = '/ai-relay/v1/posts/' . $context->post->ID;
	}
	return $paths;
}
add_filter( 'block_editor_rest_api_preload_paths', 'ai_relay_preload_state', 10, 2 );
