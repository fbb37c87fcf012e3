<?php
/**
 * WP-CLI: `wp ai-relay doctor`.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Checks the connection: the whole way to the relay, through its AI, and back. Ends with 1 when something is broken.
 *
 * ## OPTIONS
 *
 * [--format=<format>]
 * : list, table, json, csv or yaml.
 * ---
 * default: list
 * ---
 *
 * [--seconds=<seconds>]
 * : How long to wait for the result of a test event; 0 sends none.
 * ---
 * default: 60
 * ---
 *
 * ## EXAMPLES
 *
 *     wp ai-relay doctor
 *     wp ai-relay doctor --seconds=0 --format=json
 *
 * @param array $arguments Positional.
 * @param array $options   Named.
 */
function ai_relay_doctor( array $arguments, array $options ): void {
	$format = $options['format'] ?? 'list';
	$found  = ai_relay_check_all( (int) ( $options['seconds'] ?? 60 ), 'list' === $format ? 'ai_relay_print_check' : null );
	if ( 'list' !== $format ) {
		WP_CLI\Utils\format_items( $format, $found, array( 'name', 'label', 'status', 'text', 'fix' ) );
	}
	if ( in_array( 'bad', array_column( $found, 'status' ), true ) ) {
		WP_CLI::halt( 1 );
	}
}

/**
 * Prints a check for people.
 *
 * @param array $check Of ai_relay_check_step().
 */
function ai_relay_print_check( array $check ): void {
	WP_CLI::log( $check['label'] . ': ' . ai_relay_check_status_name( $check['status'] ) . '. ' . $check['text'] );
	if ( '' !== $check['fix'] ) {
		WP_CLI::log( '    ' . str_replace( "\n", "\n    ", $check['fix'] ) );
	}
}
