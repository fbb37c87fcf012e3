<?php
/**
 * What a result writes is remembered, a person's own is not overwritten, and all of it can be undone, once.
 *
 * @package AI_Relay
 */

final class UndoTest extends ResultTestCase {

	private function last(): int {
		return (int) current( array_reverse( $this->results() ) )->id;
	}

	private function undo( int $result_id ): string {
		$status = ai_relay_undo_result( $result_id );
		wp_cache_flush();
		return $status;
	}

	private function summary_of( int $post_id ): string {
		return get_post_meta( $post_id, 'ai_relay_summary', true );
	}

	public function test_a_result_is_written_down_with_what_it_replaced(): void {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id, array( 'result' => array( 'summary' => 'A <b>bold</b> one.' ) ) ) );
		$row = $this->results()[0];
		self::assertSame(
			array( 'key-1:enrich_post', 'key-1', 'enrich_post', 'post', (string) $id, 'applied', 'local', 'm', null ),
			array( $row->result_key, $row->idempotency_key, $row->action, $row->target_type, $row->target_id, $row->status, $row->provider, $row->model, $row->undone_at )
		);
		self::assertEquals( array( 'summary' => 'A bold one.' ) + self::ENRICHMENT, json_decode( $row->result, true ) );
		self::assertEquals( array( 'was' => null, 'now' => array( 'one', 'two' ) ), json_decode( $row->replaced, true )['ai_relay_keywords'] );
		$this->apply( $this->another( $id, 'Another.' ) );
		self::assertSame( array( 'ai_relay_summary' => array( 'was' => 'A bold one.', 'now' => 'Another.' ) ), json_decode( $this->results()[1]->replaced, true ) );
	}

	public function test_of_a_lead_no_words_are_written_down(): void {
		$this->apply(
			array(
				'event'           => 'lead.captured',
				'idempotency_key' => 'key-l',
				'action'          => 'qualify_lead',
				'target'          => array( 'type' => 'lead', 'id' => 'entry-7' ),
				'result'          => array( 'category' => 'sales', 'score' => 82, 'summary' => 'Ann wants 200 chairs.' ),
			)
		);
		self::assertSame( '{"category":"sales","score":82}', $this->results()[0]->result );
	}

	public function test_our_own_text_is_replaced_by_a_later_result(): void {
		$id = $this->make_post();
		foreach ( array( 'First.', 'Second.', 'Third.' ) as $summary ) {
			self::assertSame( 'applied', $this->apply( $this->another( $id, $summary ) ) );
			self::assertSame( $summary, $this->summary_of( $id ) );
		}
	}

	public static function persons_changes(): array {
		return array(
			'edited'           => array( 'A person knows better.', 'A person knows better.' ),
			'emptied'          => array( '', '' ),
			'edited and so on' => array( 'Second.', 'Second.' ), // What the result says as well.
		);
	}

	/** @dataProvider persons_changes */
	public function test_what_a_person_has_edited_since_is_not_overwritten( string $edit, string $after ): void {
		$id = $this->make_post();
		$this->apply( $this->another( $id, 'First.' ) );
		update_post_meta( $id, 'ai_relay_summary', $edit );
		self::assertSame( 'Second.' === $edit ? 'unchanged' : 'suggested', $this->apply( $this->another( $id, 'Second.' ) ) );
		self::assertSame( $after, $this->summary_of( $id ) );
	}

	public function test_what_a_person_wrote_first_is_not_overwritten(): void {
		$id = $this->make_post();
		update_post_meta( $id, 'ai_relay_seo_title', 'Mine' );
		self::assertSame( 'suggested', $this->apply( $this->enrichment( $id ) ) );
		self::assertSame( array( '', 'Mine' ), array( $this->summary_of( $id ), get_post_meta( $id, 'ai_relay_seo_title', true ) ) );
	}

	public function test_a_newer_suggestion_takes_the_place_of_an_older_one_and_so_does_what_is_applied(): void {
		$id = $this->make_post();
		update_post_meta( $id, 'ai_relay_summary', 'Mine.' );
		$this->apply( $this->another( $id, 'First.' ) );
		$this->apply( $this->another( $id, 'Second.' ) );
		self::assertSame( array( 'superseded', 'suggested' ), array_column( $this->results(), 'status' ) );
		self::assertSame( 'Second.', json_decode( ai_relay_suggestion( $id )->result, true )['summary'] );
		delete_post_meta( $id, 'ai_relay_summary' );
		self::assertSame( 'applied', $this->apply( $this->another( $id, 'Third.' ) ) );
		self::assertNull( ai_relay_suggestion( $id ) );
	}

	public function test_the_result_of_an_updated_post_is_an_enrichment_too(): void {
		$id = $this->make_post();
		self::assertSame( 'applied', $this->apply( array( 'event' => 'post.updated' ) + $this->enrichment( $id ) ) );
	}

	public function test_undoing_brings_back_what_was_there_once(): void {
		$id = $this->make_post();
		$this->apply( $this->another( $id, 'First.' ) );
		$this->apply( $this->another( $id, 'Second.' ) );
		self::assertSame( array( 'undone', 'stale' ), array( $this->undo( $this->last() ), $this->undo( $this->last() ) ) );
		self::assertSame( 'First.', $this->summary_of( $id ) );
		self::assertSame( 'undone', $this->undo( (int) $this->results()[0]->id ) );
		self::assertSame( array(), array_filter( $this->meta( $id ) ) );
		self::assertFalse( metadata_exists( 'post', $id, 'ai_relay_summary' ) );
	}

	public function test_undoing_leaves_what_was_changed_since(): void {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id ) );
		update_post_meta( $id, 'ai_relay_summary', 'Mine.' );
		self::assertSame( 'undone', $this->undo( $this->last() ) );
		self::assertSame( array( 'summary' => 'Mine.' ), array_filter( $this->meta( $id ) ) );
		$this->apply( $this->another( $id, 'x', array( 'result' => array( 'summary' => '' ) ) ) );
		self::assertSame( 'Mine.', $this->summary_of( $id ) );
	}

	public function test_when_all_was_changed_since_undoing_says_so(): void {
		$id = $this->make_post();
		$this->apply( array( 'result' => array( 'summary' => 'First.' ) ) + $this->enrichment( $id ) );
		update_post_meta( $id, 'ai_relay_summary', 'Mine.' );
		self::assertSame( 'kept', $this->undo( $this->last() ) );
		self::assertSame( 'Mine.', $this->summary_of( $id ) );
	}

	public function test_what_a_person_has_undone_does_not_come_back_by_itself(): void {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id ) );
		$this->undo( $this->last() );
		self::assertSame( 'suggested', $this->apply( $this->another( $id, 'Second.' ) ) );
		self::assertSame( '', $this->summary_of( $id ) );
	}

	public function test_a_suggestion_is_used_and_undone(): void {
		$id = $this->make_post();
		update_post_meta( $id, 'ai_relay_summary', 'Mine.' );
		$this->apply( $this->enrichment( $id ) );
		$suggestion = $this->last();
		self::assertSame( 'stale', ai_relay_use_suggestion( $id, $suggestion + 1 ) );
		self::assertSame( array( 'used', 'stale' ), array( ai_relay_use_suggestion( $id, $suggestion ), ai_relay_use_suggestion( $id, $suggestion ) ) );
		self::assertSame( self::ENRICHMENT, $this->meta( $id ) );
		self::assertSame( 'applied', $this->apply( $this->another( $id, 'Later.' ) ), 'what a person took from us is ours' );
		$this->undo( $this->last() );
		self::assertSame( 'undone', $this->undo( $suggestion ) );
		self::assertSame( array( 'summary' => 'Mine.' ), array_filter( $this->meta( $id ) ) );
	}

	public function test_a_dismissed_suggestion_waits_no_longer_and_a_dismissed_result_is_undone(): void {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id ) );
		$applied = $this->last();
		update_post_meta( $id, 'ai_relay_summary', 'Mine.' );
		$this->apply( $this->another( $id, 'Second.' ) );
		self::assertSame( 'dismissed', ai_relay_dismiss_result( $id, $this->last() ) );
		self::assertNull( ai_relay_suggestion( $id ) );
		self::assertSame( 'undone', ai_relay_dismiss_result( $id, $applied ) );
		self::assertSame( array( 'summary' => 'Mine.' ), array_filter( $this->meta( $id ) ) );
	}

	public static function moves(): array {
		return array(
			'spam from sight'   => array( '1', 'spam', 'spam' ),
			'spam that waited'  => array( '0', 'spam', 'spam' ),
			'held'              => array( '1', 'hold', '0' ),
			'published'         => array( '0', 'approve', '1' ),
		);
	}

	/** @dataProvider moves */
	public function test_undoing_a_verdict_gives_the_comment_its_status_back( string $before, string $verdict, string $between ): void {
		global $wpdb;
		update_option( 'ai_relay_approve', '1' );
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => $before ) );
		$this->apply( $this->approval( $id, array( 'result' => array( 'verdict' => $verdict ) ) ) );
		self::assertSame( $between, get_comment( $id )->comment_approved );
		self::assertSame( 'undone', $this->undo( $this->last() ) );
		self::assertSame( $before, get_comment( $id )->comment_approved );
		self::assertSame( array( AI_RELAY_MODERATED ), $wpdb->get_col( "SELECT meta_key FROM $wpdb->commentmeta WHERE comment_id = $id" ), 'somebody has decided, and nothing else is left' );
		$again = $this->approval( $id, array( 'idempotency_key' => 'again', 'result' => array( 'verdict' => $verdict ) ) );
		self::assertSame( 'applied', $this->apply( $again ) );
		self::assertSame( array( $before, $verdict ), array( get_comment( $id )->comment_approved, get_comment_meta( $id, 'ai_relay_verdict', true ) ), 'and no verdict moves it any more' );
	}

	public function test_undoing_a_verdict_leaves_a_comment_that_somebody_has_moved_since(): void {
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => '1' ) );
		$this->apply( $this->verdict( $id, 'hold' ) );
		wp_spam_comment( $id );
		$this->undo( $this->last() );
		self::assertSame( array( 'spam', '' ), array( get_comment( $id )->comment_approved, get_comment_meta( $id, 'ai_relay_verdict', true ) ) );
	}

	public function test_an_undoing_that_fails_leaves_everything_and_can_be_tried_again(): void {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id ) );
		$hook = static function ( $ids, $post_id, $key ) {
			if ( 'ai_relay_language' === $key ) {
				throw new RuntimeException( 'another plugin failed' );
			}
		};
		add_action( 'deleted_post_meta', $hook, 10, 3 );
		try {
			ai_relay_undo_result( $this->last() );
			self::fail( 'the failure is passed on' );
		} catch ( RuntimeException $expected ) {
			self::assertSame( 'another plugin failed', $expected->getMessage() );
		} finally {
			remove_action( 'deleted_post_meta', $hook );
		}
		self::assertSame( self::ENRICHMENT, $this->meta( $id ) );
		self::assertSame( 'undone', $this->undo( $this->last() ) );
	}

	public function test_who_may_not_edit_the_post_may_not_undo(): void {
		$post    = $this->make_post();
		$comment = $this->make_comment( $post );
		$this->apply( $this->enrichment( $post ) );
		$this->apply( $this->verdict( $comment, 'spam' ) );
		$user = wp_insert_user( array( 'user_login' => 'author_' . wp_rand(), 'user_pass' => wp_generate_password(), 'role' => 'author' ) );
		foreach ( $this->results() as $row ) {
			self::assertTrue( ai_relay_may_undo( $row->target_type, (int) $row->target_id ) );
		}
		wp_set_current_user( $user );
		foreach ( $this->results() as $row ) {
			self::assertFalse( ai_relay_may_undo( $row->target_type, (int) $row->target_id ) );
		}
		wp_delete_user( $user );
	}

	public function test_what_results_said_of_a_post_or_comment_goes_with_it_and_their_keys_stay(): void {
		$post    = $this->make_post();
		$comment = $this->make_comment( $post );
		$this->apply( $this->enrichment( $post ) );
		$this->apply( $this->verdict( $comment, 'spam' ) );
		wp_delete_comment( $comment, true );
		wp_delete_post( $post, true );
		self::assertSame( array( null, null, null, null ), array_merge( array_column( $this->results(), 'result' ), array_column( $this->results(), 'replaced' ) ) );
		self::assertSame( 'stale', $this->undo( $this->last() ) );
		self::assertSame( 'duplicate', $this->apply( $this->enrichment( $post ) ) );
	}

	public function test_applying_using_dismissing_editing_and_undoing_raise_no_event(): void {
		$post    = $this->make_post();
		$comment = $this->make_comment( $post, array( 'comment_approved' => '1' ) );
		$before  = count( $this->outbox() );
		$this->apply( $this->enrichment( $post ) );
		$this->apply( $this->verdict( $comment, 'spam' ) );
		$this->undo( $this->last() );
		ai_relay_edit_texts( $post, array( 'summary' => 'Mine.' ) );
		foreach ( array( 'ai_relay_use_suggestion', 'ai_relay_dismiss_result' ) as $number => $answer ) {
			$this->apply( $this->another( $post, "Number $number" ) );
			$answer( $post, $this->last() );
			ai_relay_edit_texts( $post, array( 'summary' => 'Mine again.' ) );
		}
		$this->undo( (int) $this->results()[0]->id );
		self::assertCount( $before, $this->outbox() );
	}
}
