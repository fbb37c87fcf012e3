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

	/** Columns of the log. */
	private const COLUMNS = array( 'idempotency_key', 'event', 'status', 'attempts', 'last_code', 'last_error', 'written', 'next_try' );

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
		$wait   = ai_relay_held_off_until() - time();
		if ( $wait > 0 ) {
			$facts['held_off'] = "the relay asked to be left alone for $wait seconds more";
		}
		$this->show( $facts, $options );
	}

	/**
	 * Sends the events that are due.
	 *
	 * Fit for the cron of the system: `* * * * * wp ai-relay deliver --quiet`.
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
		ai_relay_unspool();
		$done   = ai_relay_deliver( max( 0, (int) ( $options['seconds'] ?? 50 ) ), 'cli' );
		$counts = ai_relay_outbox_counts();
		$text   = sprintf( '%d sent, %d refused, %d to try again; %d waiting.', $done['sent'], $done['refused'], $done['retry'], $counts['waiting'] );
		$pause  = ai_relay_paused();
		if ( $pause ) {
			WP_CLI::log( $text );
			WP_CLI::error( 'Paused: the relay answered ' . $pause['code'] . ' (' . $pause['error'] . '). Check endpoint, secret and clock, then save the settings.' );
		}
		WP_CLI::success( $text );
	}

	/**
	 * Tries events again at once, under their own keys.
	 *
	 * ## OPTIONS
	 *
	 * [<key>...]
	 * : Keys of events, of any status.
	 *
	 * [--status=<status>]
	 * : All events that have failed, wait for their next try, or were sent: failed, waiting or sent.
	 *
	 * [--event=<event>]
	 * : Of those only this kind, for example post.published.
	 *
	 * [--dry-run]
	 * : Only says which.
	 *
	 * ## EXAMPLES
	 *
	 *     wp ai-relay retry post-12-0a1b2c3d4e5f60718293a4b5
	 *     wp ai-relay retry --status=failed --event=post.published --dry-run
	 *
	 * @param array $arguments Positional.
	 * @param array $options   Named.
	 */
	public function retry( array $arguments, array $options ): void {
		$status = $options['status'] ?? '';
		if ( array() === $arguments && ! in_array( $status, array( 'failed', 'waiting', 'sent' ), true ) ) {
			WP_CLI::error( 'Say which: one or more keys, or --status=failed, --status=waiting or --status=sent.' );
		}
		if ( $arguments && ( isset( $options['status'] ) || isset( $options['event'] ) ) ) {
			WP_CLI::error( 'Say either keys or --status, not both.' );
		}
		$filter = array(
			'status' => $status,
			'event'  => $options['event'] ?? '',
		);
		if ( isset( $options['dry-run'] ) ) {
			$this->say_which( $arguments ? array_column( $this->entries( $arguments ), 'idempotency_key' ) : ai_relay_log_keys( $filter ) );
			return;
		}
		$done = $arguments ? ai_relay_retry( array_column( $this->entries( $arguments ), 'id' ) ) : ai_relay_retry_all( $filter );
		WP_CLI::success( sprintf( '%d to try again. Send them now with: wp ai-relay deliver', $done ) );
	}

	/**
	 * Lists events, the newest first, or shows one with its attempts, results and content.
	 *
	 * ## OPTIONS
	 *
	 * [<key>]
	 * : Key of one event.
	 *
	 * [--status=<status>]
	 * : Only those that are waiting, sending, sent or failed.
	 *
	 * [--event=<event>]
	 * : Only this kind, for example comment.created.
	 *
	 * [--search=<text>]
	 * : Only keys that begin with this.
	 *
	 * [--limit=<number>]
	 * : How many at most.
	 * ---
	 * default: 20
	 * ---
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml, ids or count; of one event table, json or yaml.
	 * ---
	 * default: table
	 * ---
	 *
	 * @param array $arguments Positional.
	 * @param array $options   Named.
	 */
	public function log( array $arguments, array $options ): void {
		if ( $arguments ) {
			$this->show_entry( $this->entries( $arguments )[0], $options );
			return;
		}
		$filter = array_intersect_key( $options, array_flip( array( 'status', 'event', 'search' ) ) );
		$this->check_status( $filter['status'] ?? '', AI_RELAY_STATUSES );
		$rows = array();
		foreach ( ai_relay_log( $filter, max( 1, (int) ( $options['limit'] ?? 20 ) ) ) as $row ) {
			$row['written']  = $this->time( $row['created_at'] );
			$row['next_try'] = 'waiting' === $row['status'] ? $this->time( $row['next_attempt_at'] ) : '';
			$rows[]          = $row;
		}
		$format = $options['format'] ?? 'table';
		WP_CLI\Utils\format_items( $format, 'ids' === $format ? array_column( $rows, 'idempotency_key' ) : $rows, self::COLUMNS );
	}

	/**
	 * Removes events from the outbox, with what is known of their attempts.
	 *
	 * What was sent is removed by itself after 30 days, what has failed after 90.
	 *
	 * ## OPTIONS
	 *
	 * --status=<status>
	 * : sent, failed, or all: those that wait too, which then never reach the relay.
	 *
	 * --older-than=<days>
	 * : Only those written more than so many days ago; 0 for all.
	 *
	 * [--yes]
	 * : Does not ask before it removes what was not sent.
	 *
	 * @param array $arguments Positional.
	 * @param array $options   Named.
	 */
	public function purge( array $arguments, array $options ): void {
		$status = $options['status'] ?? '';
		$days   = (string) ( $options['older-than'] ?? '' );
		$this->check_status( $status, array( 'sent', 'failed', 'all' ), false );
		if ( ! preg_match( '/^[0-9]{1,5}$/D', $days ) ) {
			WP_CLI::error( '--older-than has to be a number of days.' );
		}
		$filter = array(
			'status' => 'all' === $status ? '' : $status,
			'before' => time() - (int) $days * DAY_IN_SECONDS + ( '0' === $days ? 1 : 0 ),
		);
		$unsent = 'sent' === $status ? 0 : ai_relay_count_unsent( $filter );
		if ( $unsent > 0 ) {
			WP_CLI::confirm( sprintf( '%d of these events were not sent, and never will be. Remove them?', $unsent ), $options );
		}
		WP_CLI::success( sprintf( '%d removed.', ai_relay_purge( $filter ) ) );
	}

	/**
	 * Ends with an error when a status is none.
	 *
	 * @param string   $status   Given.
	 * @param string[] $known    That there are.
	 * @param bool     $optional Whether none at all will do.
	 */
	private function check_status( string $status, array $known, bool $optional = true ): void {
		if ( ! in_array( $status, $known, true ) && ! ( $optional && '' === $status ) ) {
			WP_CLI::error( '--status has to be one of ' . implode( ', ', $known ) . '.' );
		}
	}

	/**
	 * The events of these keys; ends with an error when one is not there.
	 *
	 * @param string[] $keys Idempotency keys.
	 * @return array[]
	 */
	private function entries( array $keys ): array {
		$entries = array();
		foreach ( $keys as $key ) {
			$entry = ai_relay_log_entry( (string) $key );
			if ( ! $entry ) {
				WP_CLI::error( "There is no event with the key $key." );
			}
			$entries[] = $entry;
		}
		return $entries;
	}

	/**
	 * Shows one event.
	 *
	 * @param array $entry   Of ai_relay_log_entry().
	 * @param array $options Named.
	 */
	private function show_entry( array $entry, array $options ): void {
		if ( 'table' !== ( $options['format'] ?? 'table' ) ) {
			$entry['payload'] = json_decode( $entry['payload'], true );
			WP_CLI::print_value( $entry, array( 'format' => $options['format'] ) );
			return;
		}
		$facts = array_intersect_key( $entry, array_flip( array( 'idempotency_key', 'event', 'sequence', 'status', 'last_code', 'last_error', 'trace_id' ) ) );
		$this->show( $facts + array( 'written' => $this->time( $entry['created_at'] ) ), $options );
		$attempts = array();
		foreach ( $entry['attempts_made'] as $attempt ) {
			$attempts[] = array( 'when' => $this->time( $attempt['started_at'] ) ) + $attempt;
		}
		WP_CLI\Utils\format_items( 'table', $attempts, array( 'when', 'started_by', 'milliseconds', 'code', 'error' ) );
		$results = array();
		foreach ( $entry['results'] as $result ) {
			$results[] = array( 'when' => $this->time( $result['created_at'] ) ) + $result;
		}
		WP_CLI\Utils\format_items( 'table', $results, array( 'when', 'action', 'status', 'provider', 'model', 'result' ) );
		WP_CLI::log( ai_relay_pretty( $entry['payload'] ) );
	}

	/**
	 * Lists keys.
	 *
	 * @param iterable $keys Idempotency keys.
	 */
	private function say_which( iterable $keys ): void {
		$count = 0;
		foreach ( $keys as $key ) {
			WP_CLI::log( $key );
			++$count;
		}
		WP_CLI::success( sprintf( '%d would be tried again.', $count ) );
	}

	/**
	 * Prints facts, one a line.
	 *
	 * @param array $facts   Values by name.
	 * @param array $options Named.
	 */
	private function show( array $facts, array $options ): void {
		$rows = array();
		foreach ( $facts as $name => $value ) {
			$rows[] = compact( 'name', 'value' );
		}
		WP_CLI\Utils\format_items( $options['format'] ?? 'table', $rows, array( 'name', 'value' ) );
	}

	/**
	 * A time for people, in the zone of the site.
	 *
	 * @param mixed $time Unix seconds.
	 */
	private function time( $time ): string {
		return (int) $time > 0 ? (string) wp_date( 'Y-m-d H:i:s', (int) $time ) : '';
	}
}
