<?php
/**
 * Each way in which WordPress publishes a post makes exactly one event, with its final terms.
 *
 * @package AI_Relay
 */

final class PublicationTest extends SiteTestCase {

	use BrowserWithCookies;

	/** Asserts that these posts, and nothing else, were told as published, with this tag. */
	private function assert_published( array $ids, string $tag ): void {
		foreach ( $ids as $id ) {
			$this->adopt( $id );
		}
		$events = $this->events();
		self::assertSame( array_fill( 0, count( $ids ), 'post.published' ), array_column( $events, 'event' ) );
		self::assertEqualsCanonicalizing( $ids, array_column( $events, 'post_id' ) );
		foreach ( $events as $event ) {
			self::assertSame( array( $tag ), $event['meta']['tags'] );
		}
	}

	/** A POST as a form of the dashboard makes it, by the administrator's session. */
	private function dashboard( string $path, array $fields, string $nonce, string $nonce_name ): string {
		$this->log_in();
		$answer = $this->browse( "/wp-admin/$path", $fields + array( $nonce_name => $this->nonce( $nonce ) ) );
		self::assertLessThan( 400, $this->status, $answer );
		return $answer;
	}

	private function xmlrpc( string $method, array $arguments ): int {
		require_once ABSPATH . WPINC . '/class-IXR.php';
		$request = new IXR_Request( $method, $arguments );
		$answer  = wp_remote_post( getenv( 'WP_URL' ) . '/xmlrpc.php', array( 'body' => $request->getXml(), 'headers' => array( 'Content-Type' => 'text/xml' ) ) );
		wp_cache_flush();
		self::assertMatchesRegularExpression( '#<string>(\d+)</string>|<boolean>1#', wp_remote_retrieve_body( $answer ) );
		preg_match( '#<string>(\d+)</string>#', wp_remote_retrieve_body( $answer ), $parts );
		return (int) ( $parts[1] ?? 0 );
	}

	public function test_quick_edit(): void {
		$id = $this->make_post( array( 'post_status' => 'draft' ) );
		$this->dashboard(
			'admin-ajax.php',
			array(
				'action'         => 'inline-save',
				'post_type'      => 'post',
				'post_ID'        => $id,
				'edit_date'      => 'true',
				'post_title'     => 'By quick edit',
				'post_name'      => 'by-quick-edit',
				'tax_input'      => array( 'post_tag' => 'quick' ),
				'comment_status' => 'open',
				'_status'        => 'publish',
				'post_view'      => 'list',
				'screen'         => 'edit-post',
			) + array_combine( array( 'aa', 'mm', 'jj', 'hh', 'mn', 'ss' ), explode( ' ', current_time( 'Y m d H i s' ) ) ),
			'inlineeditnonce',
			'_inline_edit'
		);
		$this->assert_published( array( $id ), 'quick' );
		self::assertSame( 'By quick edit', $this->events()[0]['title'] );
	}

	public function test_bulk_edit(): void {
		$ids = array();
		for ( $i = 0; $i < 5; $i++ ) {
			$ids[] = $this->make_post( array( 'post_status' => 'draft', 'post_title' => "Bulk $i" ) );
		}
		$this->dashboard(
			'edit.php',
			array(
				'post_type'     => 'post',
				'action'        => 'edit',
				'action2'       => '-1',
				'bulk_edit'     => 'Update',
				'post'          => $ids,
				'_status'       => 'publish',
				'post_author'   => '-1',
				'tax_input'     => array( 'post_tag' => 'bulk' ),
			),
			'bulk-posts',
			'_wpnonce'
		);
		$this->assert_published( $ids, 'bulk' );
	}

	public function test_the_classic_editor(): void {
		$id = $this->make_post( array( 'post_status' => 'draft' ) );
		$this->dashboard(
			'post.php',
			array(
				'action'      => 'editpost',
				'post_ID'     => $id,
				'post_type'   => 'post',
				'post_title'  => 'By the classic editor',
				'content'     => 'Typed.',
				'post_status' => 'draft',
				'publish'     => 'Publish',
				'tax_input'   => array( 'post_tag' => 'classic' ),
			),
			"update-post_$id",
			'_wpnonce'
		);
		$this->assert_published( array( $id ), 'classic' );
		self::assertSame( 'Typed.', $this->events()[0]['content'] );
	}

	public function test_xml_rpc(): void {
		$login = array( 1, getenv( 'WP_ADMIN_USER' ), getenv( 'WP_ADMIN_PASS' ) );
		$post  = array( 'post_title' => 'By XML-RPC', 'post_content' => 'Text.', 'post_status' => 'publish', 'terms_names' => array( 'post_tag' => array( 'rpc' ) ) );
		$new   = $this->xmlrpc( 'wp.newPost', array_merge( $login, array( $post ) ) );
		$blog  = $this->xmlrpc( 'metaWeblog.newPost', array_merge( $login, array( array( 'title' => 'Old API', 'description' => 'Text.', 'mt_keywords' => 'rpc' ), true ) ) );
		$draft = $this->make_post( array( 'post_status' => 'draft' ) );
		$this->xmlrpc( 'wp.editPost', array_merge( $login, array( $draft, array( 'post_status' => 'publish', 'terms_names' => array( 'post_tag' => array( 'rpc' ) ) ) ) ) );
		$this->assert_published( array( $new, $blog, $draft ), 'rpc' );
	}

	public function test_wp_cli(): void {
		$created = (int) $this->wp( 'post', 'create', '--post_title=By WP-CLI', '--post_status=publish', '--tags_input=cli', '--porcelain' );
		$draft   = $this->make_post( array( 'post_status' => 'draft' ) );
		$this->wp( 'post', 'update', (string) $draft, '--post_status=publish', '--tags_input=cli' );
		$this->assert_published( array( $created, $draft ), 'cli' );
	}

	public function test_cron_publishes_a_scheduled_post(): void {
		global $wpdb;
		$id   = $this->make_post( array( 'post_status' => 'future', 'post_date' => gmdate( 'Y-m-d H:i:s', time() + DAY_IN_SECONDS ), 'tags_input' => 'timed' ) );
		$past = gmdate( 'Y-m-d H:i:s', time() - 60 );
		$wpdb->update( $wpdb->posts, array( 'post_date' => $past, 'post_date_gmt' => $past ), array( 'ID' => $id ) );
		clean_post_cache( $id );
		self::assertSame( array(), $this->outbox() );
		$this->wp( 'cron', 'event', 'run', 'publish_future_post' );
		$this->assert_published( array( $id ), 'timed' );
	}

	public function test_wp_publish_post(): void {
		$id = $this->make_post( array( 'post_status' => 'pending', 'tags_input' => 'plain' ) );
		wp_publish_post( $id );
		$this->assert_published( array( $id ), 'plain' );
	}

	public function test_code_that_sets_terms_after_the_insert(): void {
		$code = '$id = wp_insert_post( array( "post_title" => "By code", "post_status" => "publish" ) ); wp_set_post_tags( $id, "later" ); echo $id;';
		$this->assert_published( array( (int) $this->wp( 'eval', $code ) ), 'later' );
	}

	public function test_an_import_is_left_out_unless_the_owner_wants_it(): void {
		$code = 'define( "WP_IMPORTING", true ); $id = wp_insert_post( array( "post_title" => "Old", "post_status" => "publish", "tags_input" => "old" ) );
			wp_update_post( array( "ID" => $id, "post_content" => "Old text." ) ); wp_insert_comment( array( "comment_post_ID" => $id, "comment_content" => "Old" ) ); echo $id;';
		$this->adopt( (int) $this->wp( 'eval', $code ) );
		self::assertSame( array(), $this->outbox() );
		update_option( 'ai_relay_imports', '1' );
		$this->adopt( (int) $this->wp( 'eval', $code ) );
		self::assertSame( array( 'post.published', 'post.updated', 'comment.created' ), array_column( $this->events(), 'event' ) );
	}
}
