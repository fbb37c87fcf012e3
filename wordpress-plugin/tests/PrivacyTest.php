<?php
/**
 * WordPress' tools for personal data: what they find of a person, what they erase, here and at the relay.
 *
 * @package AI_Relay
 */

final class PrivacyTest extends SiteTestCase {

	private const ANN = 'Ann@Example.test';

	/** Runs the registered callback as the tools do, page by page. */
	private function run_tool( string $filter, string $email ): array {
		$answers  = array();
		$callback = apply_filters( $filter, array() )['ai-relay']['callback'];
		do {
			$answers[] = $callback( $email, count( $answers ) + 1 );
		} while ( ! end( $answers )['done'] && count( $answers ) < 10 );
		self::assertTrue( end( $answers )['done'] );
		return $answers;
	}

	private function export( string $email ): array {
		return array_merge( ...array_column( $this->run_tool( 'wp_privacy_personal_data_exporters', $email ), 'data' ) );
	}

	private function erase( string $email ): array {
		$answers = $this->run_tool( 'wp_privacy_personal_data_erasers', $email );
		return array(
			'removed'  => in_array( true, array_column( $answers, 'items_removed' ), true ),
			'messages' => array_merge( ...array_column( $answers, 'messages' ) ),
			'steps'    => count( $answers ),
		);
	}

	private function add_lead( string $key, array $fields ): void {
		ai_relay_outbox_add( $key, ai_relay_envelope( 'lead.captured', $key ) + array( 'lead_id' => 7, 'form' => 'Contact', 'fields' => $fields ) );
	}

	private function comment_of( string $email ): int {
		return $this->make_comment( $this->post_id, array( 'comment_author_email' => $email ) );
	}

	private function row( string $key ): ?object {
		return array_column( $this->outbox(), null, 'idempotency_key' )[ $key ] ?? null;
	}

	private function set_status( string $key, string $status ): void {
		global $wpdb;
		$wpdb->update( ai_relay_outbox_table(), array( 'status' => $status ), array( 'idempotency_key' => $key ) );
	}

	private int $post_id = 0;

	protected function setUp(): void {
		parent::setUp();
		$this->post_id = $this->make_post();
	}

	protected function tearDown(): void {
		array_map( 'delete_option', ai_relay_option_names( AI_RELAY_SPOOL ) );
		parent::tearDown();
	}

	public function test_an_export_has_the_events_of_a_person_and_what_was_said_of_their_comments(): void {
		$ann = $this->comment_of( self::ANN );
		$bob = $this->comment_of( 'bob@example.test' );
		update_comment_meta( $ann, 'ai_relay_verdict', 'hold' );
		update_comment_meta( $ann, 'ai_relay_reason', 'A reason.' );
		$this->add_lead( 'lead-ann', array( 'e-mail' => 'ANN@example.test', 'message' => 'Ünïcode / and "quotes"' ) );
		$this->add_lead( 'lead-of-another', array( 'e-mail' => 'joann@example.test', 'message' => 'I know ann@example.test' ) );

		$data = $this->export( ' ' . self::ANN );
		$text = wp_json_encode( $data, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
		self::assertSame( array( 'ai-relay', 'ai-relay', 'comments' ), array_column( $data, 'group_id' ) );
		self::assertSame( 'comment-' . $ann, $data[2]['item_id'] );
		self::assertStringContainsString( 'A reason.', $text );
		self::assertStringContainsString( 'Ünïcode / and', $text );
		self::assertStringNotContainsString( 'joann', $text );
		self::assertStringNotContainsString( '"comment_id","value":"' . $bob, $text );
		self::assertStringNotContainsString( 'erasure', $text );
	}

	public function test_an_export_is_made_in_steps_and_has_everything_once(): void {
		for ( $i = 0; $i < 205; $i++ ) {
			$this->add_lead( "lead-$i", array( 'email' => 'ann@example.test' ) );
		}
		$comment = $this->comment_of( self::ANN );
		$items   = array_column( $this->export( self::ANN ), 'item_id' );
		self::assertCount( 206, $items );
		self::assertSame( $items, array_unique( $items ) );
		wp_delete_comment( $comment, true );
	}

	public function test_an_erasure_drops_what_is_unsent_empties_what_was_sent_and_leaves_others_alone(): void {
		$this->add_lead( 'waiting', array( 'email' => 'ann@example.test' ) );
		$this->add_lead( 'sent', array( 'email' => 'ann@example.test' ) );
		$this->add_lead( 'failed', array( 'email' => 'ann@example.test' ) );
		$this->add_lead( 'of-bob', array( 'email' => 'bob@example.test', 'message' => 'Ask ann@example.test' ) );
		$this->set_status( 'sent', 'sent' );
		$this->set_status( 'failed', 'failed' );
		$erased = $this->erase( self::ANN );

		self::assertTrue( $erased['removed'] );
		self::assertNull( $this->row( 'waiting' ) );
		self::assertNull( $this->row( 'failed' ) );
		self::assertSame( '', $this->row( 'sent' )->payload );
		self::assertSame( array( 'sent', null ), array( $this->row( 'sent' )->status, $this->row( 'sent' )->sequence ) );
		self::assertStringContainsString( 'bob@example.test', $this->row( 'of-bob' )->payload );
		self::assertSame( array(), $this->export( self::ANN ) );
		self::assertFalse( $this->erase( self::ANN )['removed'], 'and the second time there is nothing left' );
	}

	public function test_an_event_that_waits_outside_of_the_outbox_is_exported_and_erased(): void {
		$comment = $this->comment_of( self::ANN );
		$lead    = static function ( string $key, string $email ) {
			ai_relay_spool( $key, ai_relay_envelope( 'lead.captured', $key ) + array( 'lead_id' => 7, 'fields' => (object) array( 'e-mail' => $email, 'message' => 'Spooled.' ) ) );
		};
		$lead( 'spooled-ann', 'ANN@example.test' );
		$lead( 'spooled-bob', 'joann@example.test' );
		ai_relay_spool( "comment-$comment-x", ai_relay_envelope( 'comment.created', "comment-$comment-x" ) + array( 'comment_id' => $comment, 'content' => 'Nameless.' ) );
		ai_relay_spool( 'erasure-x', ai_relay_envelope( 'erasure.requested', 'erasure-x' ) + array( 'email_sha256' => ai_relay_email_sha256( self::ANN ) ) );
		$this->change_rows( "payload = ''" );
		for ( $i = 0; $i < 100; $i++ ) {
			$this->add_lead( "lead-$i", array( 'email' => 'ann@example.test' ) ); // A second step.
		}

		$export = $this->export( self::ANN );
		$text   = wp_json_encode( $export );
		self::assertCount( 102, $export );
		self::assertStringContainsString( 'Spooled.', $text );
		self::assertStringContainsString( 'Nameless.', $text );
		self::assertTrue( $this->erase( self::ANN )['removed'] );
		self::assertSame( array(), $this->export( self::ANN ) );
		$left = ai_relay_option_names( AI_RELAY_SPOOL );
		self::assertCount( 2, $left, 'what another wrote, and that somebody is to be forgotten' );
		array_map( 'delete_option', $left );
		wp_delete_comment( $comment, true );
	}

	public function test_personal_fields_that_are_encrypted_are_found_exported_readable_and_erased(): void {
		update_option( 'ai_relay_personal', 'encrypted' );
		update_option( 'ai_relay_pii_key', base64_encode( random_bytes( 32 ) ) );
		$keys = array();
		foreach ( array( 'ANN@example.test ', 'joann@example.test' ) as $email ) {
			$fields = array( array( 'name' => 'email', 'label' => 'E-Mail', 'type' => 'email', 'value' => $email ), array( 'name' => 'message', 'value' => 'Please call.' ) );
			$keys[] = ai_relay_capture_lead( array( 'plugin' => 'test', 'form' => 'Contact', 'fields' => $fields ) );
		}
		for ( $i = 0; $i < 205; $i++ ) {
			$this->add_lead( "sealed-$i", array() );
		}
		$sealed = ai_relay_encrypt_fields( array( 'E-Mail' => 'ann@example.test' ) );
		$this->change_rows( "payload = CONCAT(LEFT(payload, CHAR_LENGTH(payload) - 1), ',\"encrypted\":\"$sealed\"}')", "idempotency_key LIKE 'sealed-%'" );
		ai_relay_spool( 'sealed-spool', ai_relay_envelope( 'lead.captured', 'sealed-spool' ) + array( 'lead_id' => 7, 'encrypted' => $sealed ) );
		self::assertStringNotContainsString( 'example.test', substr( $this->row( $keys[0] )->payload, strpos( $this->row( $keys[0] )->payload, 'lead_id' ) ) );

		$export = $this->export( self::ANN );
		self::assertCount( 207, $export );
		self::assertCount( 207, array_unique( array_column( $export, 'item_id' ) ) );
		self::assertStringContainsString( 'ANN@example.test', wp_json_encode( $export ) );
		self::assertStringNotContainsString( 'joann', wp_json_encode( $export ) );
		$this->set_status( $keys[0], 'sent' );
		$erased = $this->erase( self::ANN );
		self::assertTrue( $erased['removed'] );
		self::assertSame( '', $this->row( $keys[0] )->payload );
		self::assertNull( $this->row( 'sealed-204' ) );
		self::assertNotSame( '', $this->row( $keys[1] )->payload );
		self::assertSame( array(), ai_relay_option_names( AI_RELAY_SPOOL ) );
		self::assertSame( array(), $this->export( self::ANN ) );
	}

	public function test_what_was_encrypted_opens_with_its_key_only_and_only_as_a_whole(): void {
		update_option( 'ai_relay_pii_key', base64_encode( random_bytes( 32 ) ) );
		$sealed = ai_relay_encrypt_fields( array( 'Name' => 'Ännchen', '7' => 'x' ) );
		self::assertSame( array( 'Name' => 'Ännchen', 7 => 'x' ), ai_relay_decrypt_fields( $sealed ) );
		$parts = explode( '.', $sealed );
		foreach ( array( '', 'a.b', $sealed . 'A', "$parts[0]..$parts[2].$parts[3].", 'x' . $sealed, "$parts[0]..$parts[2].!!.$parts[4]", "$parts[0].k.$parts[2].$parts[3].$parts[4]" ) as $broken ) {
			self::assertSame( array(), ai_relay_decrypt_fields( $broken ), $broken );
		}
		update_option( 'ai_relay_pii_key', base64_encode( random_bytes( 32 ) ) );
		self::assertSame( array(), ai_relay_decrypt_fields( $sealed ) );
		update_option( 'ai_relay_pii_key', '' );
		self::assertSame( array(), ai_relay_decrypt_fields( $sealed ) );
	}

	public function test_an_attempt_whose_event_was_erased_meanwhile_goes_with_the_next_tidying(): void {
		$this->add_lead( 'on-its-way', array( 'email' => 'ann@example.test' ) );
		$this->add_lead( 'of-bob', array( 'email' => 'bob@example.test' ) );
		$this->make_due();
		$rows = ai_relay_outbox_take( 3 );
		self::assertSame( array( 'on-its-way', 'of-bob' ), array_slice( array_column( $rows, 'idempotency_key' ), 1 ) );
		$this->erase( self::ANN );
		foreach ( ai_relay_attempt( $rows ) as $attempt ) {
			ai_relay_settle( $attempt, ai_relay_read_answer( $attempt['answer'] ), 'cli' );
		}
		global $wpdb;
		ai_relay_tidy();
		self::assertCount( 2, $this->attempts(), 'of the post and of Bob' );
		self::assertSame( '2', $wpdb->get_var( 'SELECT COUNT(*) FROM ' . ai_relay_attempt_table() ) );
	}

	public function test_an_erasure_takes_what_was_said_of_comments_and_what_results_held(): void {
		global $wpdb;
		$ann = $this->comment_of( self::ANN );
		$bob = $this->comment_of( 'bob@example.test' );
		foreach ( array( $ann, $bob ) as $id ) {
			update_comment_meta( $id, 'ai_relay_reason', 'A reason.' );
			update_comment_meta( $id, AI_RELAY_MODERATED, '1' );
			$wpdb->insert( ai_relay_result_table(), array( 'result_key' => "c-$id", 'body_sha256' => 'x', 'target_type' => 'comment', 'target_id' => $id, 'result' => '{"reason":"A reason."}', 'replaced' => '{}', 'created_at' => 1 ) );
		}
		$this->erase( self::ANN );
		self::assertSame( array( '' ), array( get_comment_meta( $ann, 'ai_relay_reason', true ) ) );
		self::assertSame( '1', get_comment_meta( $ann, AI_RELAY_MODERATED, true ) );
		self::assertSame( 'A reason.', get_comment_meta( $bob, 'ai_relay_reason', true ) );
		$results = $wpdb->get_results( 'SELECT result_key, result, replaced FROM ' . ai_relay_result_table() . ' ORDER BY id' );
		self::assertSame( array( null, null ), array( $results[0]->result, $results[0]->replaced ) );
		self::assertSame( '{"reason":"A reason."}', $results[1]->result );
	}

	public function test_a_comment_whose_event_does_not_name_its_author_is_erased_too(): void {
		$id  = $this->comment_of( self::ANN );
		$key = ai_relay_key( 'comment', $id, get_comment( $id )->comment_date_gmt );
		$row = $this->row( $key );
		self::assertNotNull( $row );
		global $wpdb;
		$payload = json_decode( $row->payload, true );
		unset( $payload['author_email_sha256'], $payload['author_name'] );
		$wpdb->update( ai_relay_outbox_table(), array( 'payload' => wp_json_encode( $payload ), 'status' => 'sent' ), array( 'idempotency_key' => $key ) );
		self::assertCount( 1, $this->export( self::ANN ) );
		$this->erase( self::ANN );
		self::assertSame( '', $this->row( $key )->payload );
	}

	public function test_the_relay_is_asked_once_a_day_with_the_hash_only(): void {
		$this->erase( ' ' . self::ANN );
		$erased = $this->erase( self::ANN );
		self::assertStringContainsString( 'the relay has been asked', $erased['messages'][0] );
		$events = array_values( array_filter( $this->events(), static function ( $event ) {
			return 'erasure.requested' === $event['event'];
		} ) );
		self::assertCount( 1, $events );
		self::assertSame( hash( 'sha256', 'ann@example.test' ), $events[0]['email_sha256'] );
		self::assertStringNotContainsString( 'example.test', wp_json_encode( array_diff_key( $events[0], array( 'site' => 1 ) ) ) );
		$this->make_due();
		ai_relay_deliver();
		self::assertSame( 'sent', $this->row( $events[0]['idempotency_key'] )->status );
		self::assertNotSame( '', $this->row( $events[0]['idempotency_key'] )->payload );
	}

	public function test_the_relay_is_asked_anew_once_it_may_have_heard_of_the_last_erasure(): void {
		$asked = function () {
			return array_column( array_filter( $this->outbox(), static fn( $row ) => 'erasure.requested' === $row->event ), 'idempotency_key' );
		};
		$this->erase( self::ANN );
		self::assertCount( 1, $asked() );
		$this->change_rows( 'attempts = 1' );
		$this->erase( self::ANN );
		self::assertCount( 2, $asked(), 'the first may have arrived' );
		$this->change_rows( "status = 'sent', attempts = 1" );
		$this->erase( self::ANN );
		$this->erase( self::ANN );
		self::assertCount( 3, $asked(), 'and the third waits, untried' );
		$this->erase( 'bob@example.test' );
		self::assertCount( 4, array_unique( $asked() ) );
		self::assertLessThanOrEqual( 64, max( array_map( 'strlen', $asked() ) ) );
	}

	public function test_a_relay_that_never_got_anything_is_not_asked(): void {
		global $wpdb;
		$wpdb->query( 'DELETE FROM ' . ai_relay_outbox_table() );
		$wpdb->update( $wpdb->options, array( 'option_value' => '0' ), array( 'option_name' => 'ai_relay_sequence' ) );
		update_option( 'ai_relay_secret', '' );
		wp_cache_flush();
		self::assertSame( array(), $this->erase( self::ANN )['messages'] );
		self::assertSame( array(), $this->outbox() );
	}

	public function test_an_erasure_of_many_goes_in_steps(): void {
		for ( $i = 0; $i < 120; $i++ ) {
			$this->add_lead( "lead-$i", array( 'email' => 'ann@example.test' ) );
		}
		$erased = $this->erase( self::ANN );
		self::assertSame( 2, $erased['steps'] );
		self::assertCount( 1, $erased['messages'] );
		self::assertSame( array(), $this->export( self::ANN ) );
	}

	public function test_we_come_before_core_takes_the_addresses_off_the_comments(): void {
		$erasers = array_keys( apply_filters( 'wp_privacy_personal_data_erasers', array() ) );
		self::assertLessThan( array_search( 'wordpress-comments', $erasers, true ), array_search( 'ai-relay', $erasers, true ) );
	}

	public function test_the_policy_names_the_host_and_nothing_secret(): void {
		update_option( 'ai_relay_endpoint', 'https://user:pass-word@relay.example.com/webhooks/wp?token=t0ken' );
		update_option( 'ai_relay_personal', 'encrypted' );
		$text = implode( ' ', ai_relay_policy_sentences() );
		self::assertStringContainsString( 'relay.example.com', $text );
		foreach ( array( trim( self::SECRET ), 'pass-word', 't0ken' ) as $secret ) {
			self::assertStringNotContainsString( $secret, $text );
		}
	}

	public function test_the_policy_says_what_the_settings_make_true(): void {
		$text = implode( ' ', ai_relay_policy_sentences() );
		self::assertStringContainsString( 'fingerprint', $text );
		self::assertStringContainsString( 'left out', $text );
		self::assertStringContainsString( '127.0.0.1', $text );
		update_option( 'ai_relay_comment_author', '' );
		update_option( 'ai_relay_personal', 'encrypted' );
		$text = implode( ' ', ai_relay_policy_sentences() );
		self::assertStringNotContainsString( 'fingerprint', $text );
		self::assertStringContainsString( 'encrypted', $text );
		update_option( 'ai_relay_personal', 'clear' );
		self::assertStringContainsString( 'everything you enter', implode( ' ', ai_relay_policy_sentences() ) );
		update_option( 'ai_relay_events', array() );
		self::assertSame( array(), ai_relay_policy_sentences() );
	}
}
