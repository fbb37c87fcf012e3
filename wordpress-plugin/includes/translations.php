<?php
/**
 * Where the translations are that come with the plugin. Scripts name that folder themselves
 * (wp_set_script_translations).
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Not before init, when the user's language is known; first of all then. A language pack in wp-content/languages wins. */
function ai_relay_load_translations(): void {
	load_plugin_textdomain( 'ai-relay', false, dirname( plugin_basename( AI_RELAY_FILE ) ) . '/languages' );
}
add_action( 'init', 'ai_relay_load_translations', 0 );
