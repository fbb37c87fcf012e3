<?php
/**
 * Which things become events, and what the events say.
 *
 * @package AI_Relay
 */

final class EventsTest extends SiteTestCase {

	public function test_a_published_post_is_told_as_the_contract_says(): void {
		$id      = $this->make_post(
			array(
				'post_title'   => 'Café — naïve 🐫 & <b>bold</b>',
				'post_content' => "<!-- wp:paragraph {\"a\":1} -->\n<p>Il fait \"beau\" 日本語.</p>\n<!-- /wp:paragraph -->",
				'post_excerpt' => 'Short \\ slash',
				'tags_input'   => array( 'A&B', 'été' ),
			)
		);
		$event   = $this->events()[0];
		$post    = get_post( $id );
		$expects = array(
			'event'           => 'post.published',
			'idempotency_key' => $this->outbox()[0]->idempotency_key,
			'site'            => getenv( 'WP_URL' ),
			'sent_at'         => $event['sent_at'],
			'post_id'         => $id,
			'title'           => 'Café — naïve 🐫 & <b>bold</b>',
			'url'             => get_permalink( $id ),
			'author'          => get_userdata( $post->post_author )->display_name,
			'published_at'    => str_replace( ' ', 'T', $post->post_date_gmt ) . 'Z',
			'meta'            => array(
				'categories' => array( (int) get_option( 'default_category' ) ),
				'tags'       => array( 'A&B', 'été' ),
			),
			'content'         => "<p>Il fait \"beau\" 日本語.</p>\n",
			'excerpt'         => 'Short \\ slash',
			'language'        => 'en-US',
			'revision'        => ai_relay_revision( $post ),
			'sequence'        => 1,
		);
		self::assertSame( $expects, $event );
		self::assertEqualsWithDelta( time(), strtotime( $event['sent_at'] ), 5 );
		self::assertMatchesRegularExpression( '/^[A-Za-z0-9._:-]{1,64}$/', $event['idempotency_key'] );
	}

	public function test_a_publication_over_rest_is_one_event_with_the_terms_saved_after_it(): void {
		$tag = wp_insert_term( 'late ' . wp_rand(), 'post_tag' )['term_id'];
		$id  = $this->rest_post(
			array(
				'title'   => 'Over REST',
				'content' => 'Text.',
				'status'  => 'publish',
				'tags'    => array( $tag ),
			)
		);
		self::assertCount( 1, $this->outbox() );
		self::assertSame( array( get_term( $tag )->name ), $this->events()[0]['meta']['tags'] );
		self::assertSame( $id, $this->events()[0]['post_id'] );
	}

	public function test_drafts_autosaves_and_revisions_make_no_event(): void {
		$id = $this->make_post( array( 'post_status' => 'draft' ) );
		$this->rest_post( array( 'content' => 'More.' ), $id );
		$this->http(
			array(
				array(
					'path' => "/wp/v2/posts/$id/autosaves",
					'body' => array( 'content' => 'Still more.' ),
				),
			)
		);
		wp_save_post_revision( $id );
		self::assertSame( array(), $this->outbox() );
	}

	public function test_a_second_save_of_a_published_post_is_no_second_publication(): void {
		$id = $this->rest_post( array( 'title' => 'Once', 'status' => 'publish' ) );
		$this->rest_post( array( 'title' => 'Once', 'status' => 'publish' ), $id );
		self::assertSame( array( 'post.published' ), array_column( $this->events(), 'event' ) );
	}

	public function test_the_same_transition_announced_twice_makes_one_event_and_uses_one_number(): void {
		$id = $this->make_post();
		// As a second request sees it that read the draft before the first had published it.
		do_action( 'transition_post_status', 'publish', 'draft', get_post( $id ) );
		self::assertCount( 1, $this->outbox() );
		$this->make_post();
		self::assertSame( array( 1, 2 ), array_column( $this->events(), 'sequence' ) );
	}

	public function test_two_publishing_requests_at_once_make_one_event(): void {
		$id      = $this->make_post( array( 'post_status' => 'draft' ) );
		$request = array(
			'path' => "/wp/v2/posts/$id",
			'body' => array( 'status' => 'publish' ),
		);
		foreach ( $this->http( array( $request, $request, $request ) ) as $answer ) {
			self::assertSame( 200, $answer['code'] );
		}
		self::assertCount( 1, $this->outbox() );
	}

	public function test_publishing_again_after_a_withdrawal_is_a_new_event(): void {
		$id = $this->make_post();
		wp_update_post( array( 'ID' => $id, 'post_status' => 'draft' ) );
		wp_update_post( array( 'ID' => $id, 'post_status' => 'publish' ) );
		wp_trash_post( $id );
		wp_untrash_post( $id );
		wp_publish_post( $id );
		self::assertCount( 3, array_unique( array_column( $this->outbox(), 'idempotency_key' ) ) );
		self::assertSame( array( '1', '2', '3' ), array_column( $this->outbox(), 'sequence' ) );
		self::assertSame( array( '', '' ), array_slice( array_column( $this->outbox(), 'payload' ), 0, 2 ), 'nothing is left that could be sent by mistake' );
	}

	public function test_a_save_that_breaks_off_after_the_transition_still_tells_of_the_publication(): void {
		$id = wp_insert_post( array( 'post_title' => 'Half', 'post_content' => 'Text.', 'post_status' => 'publish' ), false, false );
		self::assertGreaterThan( time(), (int) $this->outbox()[0]->next_attempt_at, 'held back while it is being saved' );
		self::assertSame( 'Half', $this->events()[0]['title'], 'complete already, should the process die' );
		ai_relay_complete_all();
		self::assertLessThanOrEqual( time(), (int) $this->outbox()[0]->next_attempt_at );
		wp_delete_post( $id, true );
	}

	public function test_what_is_not_public_is_not_told(): void {
		$id = $this->make_post( array( 'post_password' => 'closed' ) );
		$this->make_post( array( 'post_status' => 'private' ) );
		$this->make_post( array( 'post_type' => 'wp_block' ) );
		$this->make_comment( $id );
		self::assertSame( array(), $this->outbox() );
	}

	public function test_a_post_of_any_length_fits_the_relay(): void {
		$this->make_post( array( 'post_content' => str_repeat( '日本語のとても長い文章。', 40000 ) ) );
		$this->make_post( array( 'post_content' => str_repeat( "\"\\/\x01", 200000 ) ) );
		foreach ( $this->outbox() as $row ) {
			self::assertLessThanOrEqual( 262144, strlen( $row->payload ) );
			self::assertGreaterThan( 250000, strlen( $row->payload ), 'no more is cut than has to be' );
			self::assertNotNull( json_decode( $row->payload ) );
		}
		$this->make_post( array( 'post_content' => str_repeat( 'long text ', 40000 ) ) );
		self::assertSame( AI_RELAY_MAX_CONTENT, strlen( $this->events()[2]['content'] ) );
	}

	public function test_a_comment_is_told_without_its_address(): void {
		$post_id = $this->make_post( array( 'post_title' => 'Of comments' ) );
		$id      = $this->make_comment( $post_id, array( 'comment_author_url' => 'https://ann.example.test/' ) );
		$event   = $this->events()[1];
		unset( $event['sent_at'], $event['idempotency_key'] );
		self::assertSame(
			array(
				'event'               => 'comment.created',
				'site'                => getenv( 'WP_URL' ),
				'comment_id'          => $id,
				'post_id'             => $post_id,
				'content'             => 'Well said.',
				'post_title'          => 'Of comments',
				'author_name'         => 'Ann',
				'author_url'          => 'https://ann.example.test/',
				'author_email_sha256' => hash( 'sha256', 'ann@example.test' ),
				'url'                 => get_comment_link( $id ),
				'revision'            => hash( 'sha256', "Well said.\0Ann\0https://ann.example.test/" ),
				'status'              => 'hold',
				'sequence'            => 2,
			),
			$event
		);
		self::assertStringNotContainsStringIgnoringCase( 'ann@example', $this->outbox()[1]->payload );
	}

	public function test_a_comment_on_a_private_post_stays_in_the_house(): void {
		$post_id = $this->make_post( array( 'post_status' => 'private' ) );
		$this->make_comment( $post_id );
		self::assertSame( array(), $this->events() );
	}

	public function test_a_comment_is_one_event_over_rest_and_over_the_form(): void {
		$post_id = $this->make_post();
		$this->http(
			array(
				array(
					'path' => '/wp/v2/comments',
					'body' => array( 'post' => $post_id, 'content' => 'Over REST' ),
				),
			)
		);
		wp_new_comment(
			array(
				'comment_post_ID'      => $post_id,
				'comment_content'      => 'Over the form ' . wp_rand(),
				'comment_author'       => 'Bob',
				'comment_author_email' => 'bob@example.test',
				'comment_author_url'   => '',
				'comment_author_IP'    => '127.0.0.1',
				'comment_agent'        => '',
				'comment_type'         => 'comment',
			)
		);
		self::assertSame( array( 'post.published', 'comment.created', 'comment.created' ), array_column( $this->events(), 'event' ) );
	}

	public function test_pingbacks_notes_and_spam_make_no_event(): void {
		$post_id = $this->make_post();
		foreach ( array( 'pingback', 'trackback', 'order_note' ) as $type ) {
			$this->make_comment( $post_id, array( 'comment_type' => $type ) );
		}
		$this->make_comment( $post_id, array( 'comment_approved' => 'spam' ) );
		self::assertSame( array( 'post.published' ), array_column( $this->events(), 'event' ) );
	}

	public function test_a_comment_says_what_wordpress_made_of_it(): void {
		$post_id = $this->make_post();
		$this->make_comment( $post_id );
		$this->make_comment( $post_id, array( 'comment_approved' => '1' ) );
		self::assertSame( array( 'hold', 'approved' ), array_column( $this->events(), 'status' ) );
	}

	public function test_who_wrote_a_comment_stays_here_if_the_owner_says_so(): void {
		update_option( 'ai_relay_comment_author', '' );
		$this->make_comment( $this->make_post(), array( 'comment_author' => 'Annabel', 'comment_author_url' => 'https://ann.example.test/' ) );
		self::assertSame( array(), array_intersect( array( 'author_name', 'author_url', 'author_email_sha256' ), array_keys( $this->events()[1] ) ) );
		self::assertDoesNotMatchRegularExpression( '/annabel|ann\.example|' . hash( 'sha256', 'ann@example.test' ) . '/i', $this->outbox()[1]->payload );
	}

	public function test_only_the_events_that_the_owner_chose_are_written(): void {
		update_option( 'ai_relay_events', array() );
		$id = $this->make_post();
		wp_update_post( array( 'ID' => $id, 'post_content' => 'Changed.' ) );
		$this->make_comment( $id );
		self::assertSame( array(), $this->outbox() );
	}
}
