<?php
/**
 * The three tables: what is to be sent, how its attempts went, and which results were applied.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

const AI_RELAY_TABLES_VERSION = '2';

/** Name of the table of events to send. */
function ai_relay_outbox_table(): string {
	global $wpdb;
	return $wpdb->prefix . 'ai_relay_outbox';
}

/** Name of the table of attempts to send them. */
function ai_relay_attempt_table(): string {
	global $wpdb;
	return $wpdb->prefix . 'ai_relay_attempt';
}

/** Name of the table of results that were applied. */
function ai_relay_result_table(): string {
	global $wpdb;
	return $wpdb->prefix . 'ai_relay_result';
}

/**
 * Makes the tables, or brings them up to date. Times are Unix seconds: no time zone can shift them.
 *
 * Keys are compared byte by byte (utf8mb4_bin): "A" and "a" are two keys. One character set for the
 * whole table, since wpdb takes a table with several for ASCII and refuses everything else. InnoDB,
 * since a result and its key are written in one transaction.
 */
function ai_relay_make_tables(): void {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	$outbox  = ai_relay_outbox_table();
	$attempt = ai_relay_attempt_table();
	$results = ai_relay_result_table();
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

/** Removes the tables. */
function ai_relay_drop_tables(): void {
	global $wpdb;
	// Table names are ours; nothing in them comes from outside.
	foreach ( array( ai_relay_outbox_table(), ai_relay_attempt_table(), ai_relay_result_table() ) as $table ) {
		$wpdb->query( "DROP TABLE IF EXISTS $table" ); // phpcs:ignore WordPress.DB
	}
}
