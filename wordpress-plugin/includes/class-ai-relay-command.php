<?php
/**
 * WP-CLI: `wp ai-relay`.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Shows and sends the events of AI Relay.
 */
class AI_Relay_Command {

	/**
	 * Shows the settings in force and what is in the outbox.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 * ---
	 * default: table
	 * ---
	 *
	 * @param array $arguments Positional.
	 * @param array $options   Named.
	 */
	public function status( array $arguments, array $options ): void {
		$counts = ai_relay_outbox_counts();
		$pause  = ai_relay_paused();
		$facts  = array(
			'endpoint' => ai_relay_setting( 'endpoint' ),
			'secret'   => ai_relay_secrets() ? 'set' : 'missing',
			'paused'   => $pause ? 'yes: the relay answered ' . $pause['code'] . ' (' . $pause['error'] . ')' : 'no',
		) + $counts;
		$rows   = array();
		foreach ( $facts as $name => $value ) {
			$rows[] = compact( 'name', 'value' );
		}
		WP_CLI\Utils\format_items( $options['format'] ?? 'table', $rows, array( 'name', 'value' ) );
	}

	/**
	 * Sends the events that are due.
	 *
	 * ## OPTIONS
	 *
	 * [--seconds=<seconds>]
	 * : For how long at most new attempts are begun.
	 * ---
	 * default: 50
	 * ---
	 *
	 * @param array $arguments Positional.
	 * @param array $options   Named.
	 */
	public function deliver( array $arguments, array $options ): void {
		if ( ! ai_relay_is_configured() ) {
			WP_CLI::error( 'There is no endpoint or no secret: set them in Settings > AI Relay or in wp-config.php.' );
		}
		$done   = ai_relay_deliver( (int) ( $options['seconds'] ?? 50 ) );
		$counts = ai_relay_outbox_counts();
		$text   = sprintf( '%d sent, %d refused, %d to try again; %d waiting.', $done['sent'], $done['refused'], $done['retry'], $counts['waiting'] );
		$pause  = ai_relay_paused();
		if ( $pause ) {
			WP_CLI::log( $text );
			WP_CLI::error( 'Paused: the relay answered ' . $pause['code'] . ' (' . $pause['error'] . '). Check endpoint, secret and clock, then save the settings.' );
		}
		WP_CLI::success( $text );
	}
}
