<?php
/**
 * The three tables: what is to be sent, how its attempts went, and which results were applied.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

const AI_RELAY_TABLES_VERSION = '2';

/** What the tables are called after the site's prefix: events to send, attempts to send them, results that were applied. */
const AI_RELAY_TABLES = array( 'ai_relay_outbox', 'ai_relay_attempt', 'ai_relay_result' );

/** Name of the table of events to send. */
function ai_relay_outbox_table(): string {
	return ai_relay_table( 'ai_relay_outbox' );
}

/** Name of the table of attempts to send them. */
function ai_relay_attempt_table(): string {
	return ai_relay_table( 'ai_relay_attempt' );
}

/** Name of the table of results that were applied. */
function ai_relay_result_table(): string {
	return ai_relay_table( 'ai_relay_result' );
}

/**
 * Name of a table of the site that is current now. A site of a network that somebody has switched to may
 * never have been seen before: it is set up then, or its first event would be lost.
 *
 * @param string $name One of AI_RELAY_TABLES.
 */
function ai_relay_table( string $name ): string {
	global $wpdb;
	if ( is_multisite() && ms_is_switched() ) {
		ai_relay_set_up();
	}
	return $wpdb->prefix . $name;
}

/**
 * Makes the tables, or brings them up to date. Times are Unix seconds: no time zone can shift them.
 *
 * Keys are compared byte by byte (utf8mb4_bin): "A" and "a" are two keys. One character set for the
 * whole table, since wpdb takes a table with several for ASCII and refuses everything else. InnoDB,
 * since a result and its key are written in one transaction.
 */
function ai_relay_make_tables(): void {
	global $wpdb;
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	$outbox  = $wpdb->prefix . 'ai_relay_outbox';
	$attempt = $wpdb->prefix . 'ai_relay_attempt';
	$results = $wpdb->prefix . 'ai_relay_result';
	$options = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

	// The two spaces after PRIMARY KEY and the upper-case words are what dbDelta() needs.
	dbDelta(
		"CREATE TABLE $outbox (
		id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
		event varchar(64) NOT NULL,
		idempotency_key varchar(64) NOT NULL,
		sequence bigint(20) unsigned DEFAULT NULL,
		object varchar(40) NOT NULL DEFAULT '',
		payload longtext NOT NULL,
		status varchar(16) NOT NULL DEFAULT 'waiting',
		attempts int(10) unsigned NOT NULL DEFAULT 0,
		next_attempt_at bigint(20) unsigned NOT NULL DEFAULT 0,
		locked_until bigint(20) unsigned NOT NULL DEFAULT 0,
		locked_by char(16) NOT NULL DEFAULT '',
		last_code smallint(5) unsigned NOT NULL DEFAULT 0,
		last_error varchar(255) NOT NULL DEFAULT '',
		created_at bigint(20) unsigned NOT NULL,
		sent_at bigint(20) unsigned DEFAULT NULL,
		retried_at bigint(20) unsigned NOT NULL DEFAULT 0,
		PRIMARY KEY  (id),
		UNIQUE KEY idempotency_key (idempotency_key),
		KEY due (status,next_attempt_at),
		KEY listed (status,id),
		KEY event (event,id),
		KEY object (object,status),
		KEY sequence (sequence)
		) $options;
		CREATE TABLE $attempt (
		id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
		outbox_id bigint(20) unsigned NOT NULL,
		started_at bigint(20) unsigned NOT NULL,
		milliseconds int(10) unsigned NOT NULL DEFAULT 0,
		started_by varchar(16) NOT NULL DEFAULT '',
		code smallint(5) unsigned NOT NULL DEFAULT 0,
		error varchar(255) NOT NULL DEFAULT '',
		PRIMARY KEY  (id),
		KEY tried (outbox_id,started_at)
		) $options;
		CREATE TABLE $results (
		id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
		result_key varchar(128) NOT NULL,
		idempotency_key varchar(64) NOT NULL DEFAULT '',
		body_sha256 char(64) NOT NULL,
		action varchar(32) NOT NULL DEFAULT '',
		target_type varchar(16) NOT NULL DEFAULT '',
		target_id bigint(20) unsigned NOT NULL,
		status varchar(16) NOT NULL DEFAULT '',
		provider varchar(64) NOT NULL DEFAULT '',
		model varchar(128) NOT NULL DEFAULT '',
		result longtext DEFAULT NULL,
		replaced longtext DEFAULT NULL,
		created_at bigint(20) unsigned NOT NULL,
		undone_at bigint(20) unsigned DEFAULT NULL,
		PRIMARY KEY  (id),
		UNIQUE KEY result_key (result_key),
		KEY idempotency_key (idempotency_key),
		KEY target (target_type,target_id)
		) $options;"
	);
}

/** Whether all three tables are there, with the columns they have in this version. */
function ai_relay_has_tables(): bool {
	global $wpdb;
	$before = $wpdb->suppress_errors();
	$found  = true;
	$latest = array(
		'ai_relay_outbox'  => 'sequence',
		'ai_relay_attempt' => 'outbox_id',
		'ai_relay_result'  => 'undone_at',
	);
	foreach ( $latest as $table => $column ) {
		$found = $found && null !== $wpdb->get_row( "SHOW COLUMNS FROM {$wpdb->prefix}$table LIKE '$column'" ); // phpcs:ignore WordPress.DB -- names of ours.
	}
	$wpdb->suppress_errors( $before );
	return $found;
}

/**
 * Removes tables.
 *
 * @param string[] $names Of AI_RELAY_TABLES.
 */
function ai_relay_drop_tables( array $names = AI_RELAY_TABLES ): void {
	global $wpdb;
	foreach ( $names as $name ) {
		$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}$name" ); // phpcs:ignore WordPress.DB -- names of ours.
	}
}

/**
 * A site of a network is deleted: our tables go with its others.
 *
 * @param string[] $tables  Names of tables.
 * @param int      $site_id The site.
 */
function ai_relay_drop_with_site( array $tables, int $site_id ): array {
	global $wpdb;
	foreach ( AI_RELAY_TABLES as $name ) {
		$tables[] = $wpdb->get_blog_prefix( $site_id ) . $name;
	}
	return $tables;
}
add_filter( 'wpmu_drop_tables', 'ai_relay_drop_with_site', 10, 2 );
