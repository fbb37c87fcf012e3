<?php
/**
 * Changes of what is public become events, and what is no longer public does not leave the site.
 *
 * @package AI_Relay
 */

final class UpdatesTest extends SiteTestCase {

	private function names(): array {
		return array_column( $this->outbox(), 'event' );
	}

	private function change( int $id, array $fields ): void {
		wp_update_post( wp_slash( array( 'ID' => $id ) + $fields ) );
	}

	public function test_a_change_of_title_content_or_excerpt_is_one_event_each(): void {
		$id = $this->make_post( array( 'post_title' => 'One' ) );
		foreach ( array( array( 'post_title' => 'Two' ), array( 'post_content' => 'New "text".' ), array( 'post_excerpt' => 'In short' ) ) as $change ) {
			ai_relay_deliver();
			$this->change( $id, $change );
		}
		self::assertSame( array( 'post.published', 'post.updated', 'post.updated', 'post.updated' ), $this->names() );
		$event = $this->events()[3];
		self::assertSame( array( 'Two', 'New "text".', 'In short' ), array( $event['title'], $event['content'], $event['excerpt'] ) );
		self::assertSame( ai_relay_revision( get_post( $id ) ), $event['revision'] );
		self::assertSame( array( 1, 2, 3, 4 ), array_column( $this->events(), 'sequence' ) );
		self::assertCount( 4, array_unique( array_column( $this->events(), 'idempotency_key' ) ) );
	}

	public function test_a_change_over_rest_has_the_terms_saved_after_it(): void {
		$id  = $this->rest_post( array( 'title' => 'Over REST', 'content' => 'Text.', 'status' => 'publish' ) );
		$tag = wp_insert_term( 'later ' . wp_rand(), 'post_tag' )['term_id'];
		$this->rest_post( array( 'content' => 'Other text.', 'tags' => array( $tag ) ), $id );
		self::assertSame( array( 'post.published', 'post.updated' ), $this->names() );
		self::assertSame( array( get_term( $tag )->name ), $this->events()[1]['meta']['tags'] );
		self::assertSame( 'Other text.', $this->events()[1]['content'] );
	}

	public function test_what_changes_no_text_makes_no_event(): void {
		$id = $this->make_post( array( 'post_content' => 'The same.' ) );
		$this->change( $id, array( 'post_content' => 'The same.' ) );
		$this->change( $id, array( 'post_author' => 1, 'comment_status' => 'closed', 'menu_order' => 3 ) );
		update_post_meta( $id, 'color', 'blue' );
		update_post_meta( $id, 'ai_relay_summary', 'A result.' );
		wp_set_post_tags( $id, 'new' );
		bulk_edit_posts( array( 'post_type' => 'post', 'post' => array( $id ), '_status' => '-1', 'post_author' => '1', 'post_category' => array( 1 ), 'tax_input' => array( 'post_tag' => 'bulk' ) ) );
		wp_save_post_revision( $id );
		$this->http( array( array( 'path' => "/wp/v2/posts/$id/autosaves", 'body' => array( 'content' => 'Autosaved.' ) ) ) );
		self::assertSame( array( 'post.published' ), $this->names() );
	}

	public function test_the_editors_second_request_makes_no_second_event(): void {
		$id     = $this->rest_post( array( 'title' => 'Twice', 'status' => 'publish' ) );
		$change = array( 'path' => "/wp/v2/posts/$id", 'body' => array( 'content' => 'Changed.' ) );
		$this->http( array( $change, $change, $change ) );
		$this->http( array( $change ) );
		self::assertSame( array( 'post.published', 'post.updated' ), $this->names() );
	}

	public function test_saves_in_quick_succession_are_one_event_with_the_last_text(): void {
		$id = $this->make_post();
		ai_relay_deliver();
		foreach ( array( 'B', 'C', 'D' ) as $text ) {
			$this->change( $id, array( 'post_content' => $text ) );
		}
		self::assertSame( array( 'post.published', 'post.updated' ), $this->names() );
		self::assertSame( 'D', $this->events()[1]['content'] );
		self::assertSame( ai_relay_revision( get_post( $id ) ), $this->events()[1]['revision'] );
		self::assertLessThanOrEqual( time(), (int) $this->outbox()[1]->next_attempt_at, 'and it may go' );
	}

	public function test_what_has_been_tried_once_keeps_its_text_and_the_next_change_is_an_event_of_its_own(): void {
		$id = $this->make_post();
		ai_relay_deliver();
		self::$relay->answer( 503 );
		$this->change( $id, array( 'post_content' => 'B' ) );
		ai_relay_deliver();
		$this->change( $id, array( 'post_content' => 'C' ) );
		self::assertSame( array( 'Some content.', 'B', 'C' ), array_column( $this->events(), 'content' ) );
	}

	public function test_a_change_that_is_taken_back_is_an_event_and_so_is_the_same_change_again(): void {
		$id = $this->make_post( array( 'post_content' => 'A' ) );
		foreach ( array( 'B', 'A', 'B' ) as $text ) {
			ai_relay_deliver();
			$this->change( $id, array( 'post_content' => $text ) );
		}
		ai_relay_deliver();
		self::assertSame( array( 'A', 'B', 'A', 'B' ), array_column( $this->events(), 'content' ) );
		self::assertSame( array_column( $this->outbox(), 'idempotency_key' ), self::$relay->keys() );
	}

	public function test_a_post_from_before_the_plugin_that_is_edited_was_updated(): void {
		global $wpdb;
		$id = $this->make_post();
		$wpdb->query( 'DELETE FROM ' . ai_relay_outbox_table() );
		$this->change( $id, array( 'post_content' => 'Edited.' ) );
		self::assertSame( array( 'post.updated' ), $this->names() );
	}

	public function test_a_draft_that_is_published_with_other_text_is_published_not_updated(): void {
		$id = $this->make_post( array( 'post_status' => 'draft' ) );
		$this->change( $id, array( 'post_content' => 'Final.', 'post_status' => 'publish' ) );
		self::assertSame( array( 'post.published' ), $this->names() );
		self::assertSame( 'Final.', $this->events()[0]['content'] );
	}

	public function test_a_hook_that_changes_the_post_while_it_is_published_makes_no_second_event(): void {
		$change = function ( $id ) use ( &$change ) {
			remove_action( 'save_post', $change );
			$this->change( $id, array( 'post_content' => 'As the hook has it.' ) );
		};
		add_action( 'save_post', $change );
		$this->make_post();
		self::assertSame( array( 'post.published' ), $this->names() );
		self::assertSame( 'As the hook has it.', $this->events()[0]['content'] );
	}

	public function test_terms_set_after_the_save_are_in_the_event_that_leaves(): void {
		$id = $this->make_post();
		wp_set_post_tags( $id, 'set afterwards' );
		ai_relay_complete_all(); // As the end of the request does.
		self::assertSame( array( 'set afterwards' ), $this->events()[0]['meta']['tags'] );
		self::assertCount( 1, $this->outbox() );
	}

	public function test_a_copy_of_a_post_with_all_its_meta_leaves_the_events_of_the_original_alone(): void {
		$id = $this->make_post();
		$this->change( $id, array( 'post_content' => 'Of the original.' ) );
		$copy = $this->make_post( array( 'meta_input' => array( AI_RELAY_TOLD => get_post_meta( $id, AI_RELAY_TOLD, true ) ) ) );
		$this->change( $copy, array( 'post_content' => 'Of the copy.' ) );
		self::assertSame( array( 'Some content.', 'Of the original.', 'Some content.', 'Of the copy.' ), array_column( $this->events(), 'content' ) );
	}

	public static function ways_out(): array {
		return array(
			'draft'    => array( static function ( $id ) { wp_update_post( array( 'ID' => $id, 'post_status' => 'draft' ) ); } ),
			'private'  => array( static function ( $id ) { wp_update_post( array( 'ID' => $id, 'post_status' => 'private' ) ); } ),
			'trash'    => array( static function ( $id ) { wp_trash_post( $id ); } ),
			'deleted'  => array( static function ( $id ) { wp_delete_post( $id, true ); } ),
			'password' => array( static function ( $id ) { wp_update_post( array( 'ID' => $id, 'post_password' => 'closed' ) ); } ),
		);
	}

	/** @dataProvider ways_out */
	public function test_what_is_withdrawn_before_it_was_sent_does_not_leave( callable $withdraw ): void {
		$other = $this->make_post();
		$id    = $this->make_post( array( 'post_content' => 'No longer public.' ) );
		$this->change( $id, array( 'post_content' => 'No longer public either.' ) );
		$withdraw( $id );
		$this->make_due();
		ai_relay_deliver();
		self::assertSame( array( $this->outbox()[0]->idempotency_key ), self::$relay->keys(), 'only the other post' );
		self::assertSame( array( 'sent', 'failed', 'failed' ), array_column( $this->outbox(), 'status' ) );
		self::assertStringContainsString( 'no longer public', $this->outbox()[1]->last_error );
		self::assertSame( $other, $this->events()[0]['post_id'] );
	}

	public function test_what_was_withdrawn_past_all_hooks_is_refused_at_the_last_moment_and_when_tried_again(): void {
		global $wpdb;
		$id = $this->make_post();
		$wpdb->update( $wpdb->posts, array( 'post_status' => 'draft' ), array( 'ID' => $id ) );
		ai_relay_deliver();
		$wpdb->query( 'UPDATE ' . ai_relay_outbox_table() . " SET status = 'waiting'" );
		$this->make_due();
		ai_relay_deliver();
		self::assertSame( array(), self::$relay->keys() );
		self::assertSame( 'failed', $this->outbox()[0]->status );
	}

	public function test_what_is_published_again_is_told_with_its_changes(): void {
		$id = $this->make_post( array( 'post_content' => 'A' ) );
		$this->change( $id, array( 'post_content' => 'B' ) );
		$this->change( $id, array( 'post_status' => 'draft' ) );
		$this->change( $id, array( 'post_content' => 'A', 'post_status' => 'publish' ) );
		$this->change( $id, array( 'post_content' => 'B' ) );
		ai_relay_deliver();
		self::assertSame( array( 'failed', 'failed', 'sent', 'sent' ), array_column( $this->outbox(), 'status' ) );
		self::assertSame( array( 'post.published', 'post.updated', 'post.published', 'post.updated' ), $this->names() );
	}

	public function test_a_password_that_is_removed_makes_the_post_public(): void {
		$id = $this->make_post( array( 'post_password' => 'closed' ) );
		$this->change( $id, array( 'post_content' => 'Changed behind the password.' ) );
		self::assertSame( array(), $this->names() );
		$this->change( $id, array( 'post_password' => '' ) );
		$this->change( $id, array( 'post_password' => 'closed' ) );
		$this->change( $id, array( 'post_password' => '' ) );
		self::assertSame( array( 'post.published', 'post.published' ), $this->names() );
		ai_relay_deliver();
		self::assertSame( array( 'failed', 'sent' ), array_column( $this->outbox(), 'status' ) );
	}

	public function test_a_comment_that_is_spam_or_deleted_meanwhile_does_not_leave(): void {
		$post_id = $this->make_post();
		$spam    = $this->make_comment( $post_id );
		$deleted = $this->make_comment( $post_id, array( 'comment_content' => 'Other' ) );
		$good    = $this->make_comment( $post_id, array( 'comment_content' => 'Good' ) );
		wp_spam_comment( $spam );
		wp_delete_comment( $deleted, true );
		ai_relay_deliver();
		self::assertSame( array( 'sent', 'failed', 'failed', 'sent' ), array_column( $this->outbox(), 'status' ) );
		self::assertSame( $good, $this->events()[3]['comment_id'] );
	}
}
