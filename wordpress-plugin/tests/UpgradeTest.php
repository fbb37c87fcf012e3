<?php
/**
 * A new version finds the tables and options of an old one. Runs among the last: it makes the tables anew.
 *
 * @package AI_Relay
 */

final class UpgradeTest extends SiteTestCase {

	/** The tables of version 1, with a row in each. */
	private function make_version_1(): void {
		global $wpdb;
		ai_relay_drop_tables();
		$outbox  = $wpdb->prefix . 'ai_relay_outbox';
		$results = $wpdb->prefix . 'ai_relay_result';
		$options = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
		$wpdb->query(
			"CREATE TABLE $outbox ( id bigint(20) unsigned NOT NULL AUTO_INCREMENT, event varchar(64) NOT NULL, idempotency_key varchar(64) NOT NULL,
			sequence bigint(20) unsigned DEFAULT NULL, payload longtext NOT NULL, status varchar(16) NOT NULL DEFAULT 'waiting', attempts int(10) unsigned NOT NULL DEFAULT 0,
			next_attempt_at bigint(20) unsigned NOT NULL DEFAULT 0, locked_until bigint(20) unsigned NOT NULL DEFAULT 0, locked_by char(16) NOT NULL DEFAULT '',
			last_code smallint(5) unsigned NOT NULL DEFAULT 0, last_error varchar(255) NOT NULL DEFAULT '', created_at bigint(20) unsigned NOT NULL,
			sent_at bigint(20) unsigned DEFAULT NULL, PRIMARY KEY  (id), UNIQUE KEY idempotency_key (idempotency_key), KEY due (status,next_attempt_at) ) $options"
		);
		$wpdb->query(
			"CREATE TABLE $results ( id bigint(20) unsigned NOT NULL AUTO_INCREMENT, result_key varchar(128) NOT NULL, body_sha256 char(64) NOT NULL, target_id bigint(20) unsigned NOT NULL,
			status varchar(16) NOT NULL DEFAULT '', created_at bigint(20) unsigned NOT NULL, PRIMARY KEY  (id), UNIQUE KEY result_key (result_key) ) $options"
		);
		$wpdb->insert( $outbox, array( 'event' => 'post.published', 'idempotency_key' => 'old', 'payload' => '{"event":"post.published"}', 'sequence' => 41, 'created_at' => 1 ) );
		$wpdb->insert( $results, array( 'result_key' => 'old:enrich_post', 'body_sha256' => str_repeat( 'a', 64 ), 'target_id' => 7, 'status' => 'applied', 'created_at' => 1 ) );
		foreach ( array_diff( array_keys( AI_RELAY_SETTINGS ), AI_RELAY_CONNECTION, array( 'approve' ) ) as $name ) {
			delete_option( 'ai_relay_' . $name );
		}
		update_option( 'ai_relay_tables_version', '1' );
		wp_cache_flush();
	}

	private function columns( string $table ): array {
		global $wpdb;
		return $wpdb->get_col( "SHOW COLUMNS FROM $table" );
	}

	private function indexes( string $table ): array {
		global $wpdb;
		return array_values( array_unique( array_column( $wpdb->get_results( "SHOW INDEX FROM $table" ), 'Key_name' ) ) );
	}

	public function test_the_tables_of_version_1_are_brought_up_to_date_and_keep_their_rows(): void {
		global $wpdb;
		$this->make_version_1();
		$installation = get_option( 'ai_relay_installation' );
		ai_relay_set_up();

		self::assertSame( AI_RELAY_TABLES_VERSION, get_option( 'ai_relay_tables_version' ) );
		self::assertSame( array( 'old', '41', 'waiting' ), array( $this->outbox()[0]->idempotency_key, $this->outbox()[0]->sequence, $this->outbox()[0]->status ) );
		$result = $wpdb->get_row( 'SELECT * FROM ' . ai_relay_result_table() );
		self::assertSame( array( 'old:enrich_post', '7', '', null ), array( $result->result_key, $result->target_id, $result->action, $result->undone_at ) );
		self::assertContains( 'outbox_id', $this->columns( ai_relay_attempt_table() ) );
		self::assertContains( 'sequence', $this->indexes( ai_relay_outbox_table() ) );
		self::assertContains( 'target', $this->indexes( ai_relay_result_table() ) );
		self::assertSame( AI_RELAY_SETTINGS['events'], get_option( 'ai_relay_events' ) );
		self::assertSame( $installation, get_option( 'ai_relay_installation' ), 'or the same post would get a second key' );
		$ours = array_merge( array( 'tables_version', 'sequence', 'kick', 'installation' ), array_keys( AI_RELAY_SETTINGS ) );
		$ours = preg_replace( '/^/', 'ai_relay_', $ours );
		self::assertEqualsCanonicalizing( array( 'ai_relay_post_types', 'ai_relay_nightly', 'ai_relay_seo', 'ai_relay_tables_version' ), array_intersect( $ours, array_keys( wp_load_alloptions( true ) ) ), 'and nothing else is loaded with every page' );
	}

	public function test_an_upgraded_table_is_like_a_new_one(): void {
		global $wpdb;
		$this->make_version_1();
		ai_relay_set_up();
		$upgraded = array();
		foreach ( AI_RELAY_TABLES as $name ) {
			$upgraded[ $name ] = array( $this->sorted( $this->columns( $wpdb->prefix . $name ) ), $this->sorted( $this->indexes( $wpdb->prefix . $name ) ) );
		}
		ai_relay_drop_tables();
		delete_option( 'ai_relay_tables_version' );
		ai_relay_set_up();
		foreach ( AI_RELAY_TABLES as $name ) {
			self::assertSame( array( $this->sorted( $this->columns( $wpdb->prefix . $name ) ), $this->sorted( $this->indexes( $wpdb->prefix . $name ) ) ), $upgraded[ $name ] );
		}
	}

	private function sorted( array $names ): array {
		sort( $names );
		return $names;
	}

	public function test_an_upgrade_is_made_once_and_then_costs_no_query(): void {
		global $wpdb;
		ai_relay_set_up();
		get_option( 'ai_relay_tables_version' );
		$before = $wpdb->num_queries;
		ai_relay_set_up();
		self::assertSame( $before, $wpdb->num_queries );
		ai_relay_make_tables();
		self::assertSame( '', $wpdb->last_error, 'and a second time changes nothing' );
		self::assertSame( array(), $this->changes_wanted() );
	}

	public function test_the_role_can_write_results_and_nothing_else(): void {
		self::assertSame( array( AI_RELAY_CAPABILITY => true ), get_role( AI_RELAY_ROLE )->capabilities );
	}

	/** What dbDelta() would change of the tables as they are: nothing, or it would do so at each upgrade. */
	private function changes_wanted(): array {
		global $wpdb;
		$before  = $wpdb->queries;
		$changes = array();
		$watch   = static function ( $query ) use ( &$changes ) {
			if ( preg_match( '/^\s*(ALTER|CREATE)/i', $query ) && false !== strpos( $query, 'ai_relay' ) ) {
				$changes[] = $query;
			}
			return $query;
		};
		add_filter( 'query', $watch );
		ai_relay_make_tables();
		remove_filter( 'query', $watch );
		$wpdb->queries = $before;
		return $changes;
	}

	public function test_two_requests_at_once_upgrade_without_an_error(): void {
		$this->make_version_1();
		$log    = getenv( 'WP_STATE' ) . '/log/debug.log';
		$before = is_file( $log ) ? filesize( $log ) : 0;
		$this->http( array_fill( 0, 4, array( 'path' => '/', 'method' => 'GET', 'body' => '' ) ) );
		self::assertSame( AI_RELAY_TABLES_VERSION, get_option( 'ai_relay_tables_version' ) );
		self::assertTrue( ai_relay_has_tables() );
		clearstatcache();
		self::assertStringNotContainsString( 'ai_relay', is_file( $log ) ? substr( file_get_contents( $log ), $before ) : '' );
		self::assertSame( 'old', $this->outbox()[0]->idempotency_key );
	}

	public function test_where_the_database_refuses_the_owner_is_told_and_pages_go_on(): void {
		global $wpdb;
		ai_relay_drop_tables();
		delete_option( 'ai_relay_tables_version' );
		$refuse = static function ( $query ) {
			return preg_match( '/^\s*CREATE TABLE/i', $query ) ? 'SELECT 1' : $query;
		};
		add_filter( 'query', $refuse );
		ai_relay_set_up();
		remove_filter( 'query', $refuse );
		self::assertFalse( get_option( 'ai_relay_tables_version' ) );
		ob_start();
		ai_relay_setup_notice();
		self::assertStringContainsString( 'could not make its tables', ob_get_clean() );
		$before = $wpdb->num_queries;
		ai_relay_set_up();
		self::assertLessThan( 3, $wpdb->num_queries - $before, 'and it is not tried at every request' );
		delete_transient( 'ai_relay_setup_failed' );
		ai_relay_set_up();
		self::assertTrue( ai_relay_has_tables() );
		ob_start();
		ai_relay_setup_notice();
		self::assertSame( '', ob_get_clean() );
	}
}
