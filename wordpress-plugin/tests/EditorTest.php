<?php
/**
 * What editors see of a result and do with it: the route of the block editor's panel, the box of the classic editor.
 *
 * @package AI_Relay
 */

final class EditorTest extends ResultTestCase {

	private function state( int $post_id, array $changes = array() ): array {
		return $this->http( array( $changes + array( 'path' => "/ai-relay/v1/posts/$post_id", 'method' => 'GET', 'body' => '' ) ) )[0];
	}

	private function act( int $post_id, array $body, array $changes = array() ): array {
		return $this->http( array( $changes + array( 'path' => "/ai-relay/v1/posts/$post_id", 'body' => $body ) ) )[0];
	}

	/** A post of which the summary is a person's, and the rest ours, with a suggestion. @return int[] */
	private function suggested(): array {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id ) );
		update_post_meta( $id, 'ai_relay_summary', 'Mine.' );
		$this->apply( $this->another( $id, 'Suggested.' ) );
		return array( $id, (int) $this->results()[0]->id, (int) $this->results()[1]->id );
	}

	public function test_the_panel_is_told_what_there_is_and_where_it_comes_from(): void {
		$id    = $this->make_post();
		$empty = $this->state( $id )['body'];
		self::assertSame( array( 0, null, null ), array( $empty['latest'], $empty['applied'], $empty['suggestion'] ) );
		self::assertSame( array( 'summary' => '', 'seo_title' => '', 'seo_description' => '', 'keywords' => array() ), $empty['values'] );
		self::assertSame( array( 'post.published', 'post.updated' ), $empty['awaited'] );
		$this->apply( $this->enrichment( $id ) );
		$state = $this->state( $id )['body'];
		self::assertSame( array_diff_key( self::ENRICHMENT, array( 'language' => '' ) ), $state['values'] );
		self::assertSame( array( (int) $this->results()[0]->id, $state['latest'] ), array( $state['applied']['result'], $state['applied']['result'] ) );
		self::assertStringStartsWith( 'Written by m on ', $state['applied']['origin'] );
	}

	public function test_no_result_is_awaited_of_an_event_that_is_not_sent(): void {
		$id = $this->make_post();
		update_option( 'ai_relay_events', array( 'post.published', 'comment.created' ) );
		self::assertSame( array( 'post.published' ), $this->state( $id )['body']['awaited'] );
		update_option( 'ai_relay_secret', '' );
		self::assertSame( array(), $this->state( $id )['body']['awaited'] );
	}

	public function test_a_suggestion_is_used_and_undone_in_the_panel(): void {
		list( $id, , $suggestion ) = $this->suggested();
		self::assertSame( 'Suggested.', $this->state( $id )['body']['suggestion']['values']['summary'] );
		$used = $this->act( $id, array( 'action' => 'use', 'result' => $suggestion ) )['body'];
		self::assertSame( array( 'Suggested.', null, $suggestion, 'The suggestion was used.' ), array( $used['values']['summary'], $used['suggestion'], $used['applied']['result'], $used['message'] ) );
		$undone = $this->act( $id, array( 'action' => 'undo', 'result' => $suggestion ) )['body'];
		self::assertSame( 'Mine.', $undone['values']['summary'] );
		self::assertSame( 409, $this->act( $id, array( 'action' => 'undo', 'result' => $suggestion ) )['code'] );
	}

	public function test_a_suggestion_is_dismissed_in_the_panel(): void {
		list( $id, $first, $suggestion ) = $this->suggested();
		$after = $this->act( $id, array( 'action' => 'dismiss', 'result' => $suggestion ) )['body'];
		self::assertSame( array( 'Mine.', null, $first ), array( $after['values']['summary'], $after['suggestion'], $after['applied']['result'] ) );
		self::assertSame( 409, $this->act( $id, array( 'action' => 'use', 'result' => $suggestion ) )['code'] );
	}

	public function test_of_many_who_press_the_same_button_at_once_one_is_heard(): void {
		list( $id, $first, $suggestion ) = $this->suggested();
		foreach ( array( array( 'use', $suggestion ), array( 'undo', $suggestion ), array( 'undo', $first ) ) as list( $action, $result ) ) {
			$request = array( 'path' => "/ai-relay/v1/posts/$id", 'body' => array( 'action' => $action, 'result' => $result ) );
			$codes   = array_count_values( array_column( $this->http( array_fill( 0, 6, $request ) ), 'code' ) );
			self::assertSame( array( 1, 5 ), array( $codes[200] ?? 0, $codes[409] ?? 0 ), $action );
		}
		self::assertSame( array( 'summary' => 'Mine.' ), array_filter( $this->meta( $id ) ) );
	}

	public function test_texts_are_edited_in_the_panel_within_their_limits(): void {
		$id = $this->make_post();
		$this->apply( $this->enrichment( $id ) );
		$after = $this->act( $id, array( 'action' => 'edit', 'values' => array( 'summary' => "Mine, <b>bold</b> &\n 100%de C:\\temp", 'keywords' => array( 'three' ) ) ) )['body'];
		self::assertSame( array( 'Mine, bold & 100%de C:\\temp', 'A better title', array( 'three' ) ), array( $after['values']['summary'], $after['values']['seo_title'], $after['values']['keywords'] ) );
		foreach ( array( 'seo_title' => str_repeat( 'é', 61 ), 'keywords' => range( 'a', 'k' ), 'other' => 'x', 'summary' => array() ) as $name => $value ) {
			self::assertSame( 400, $this->act( $id, array( 'action' => 'edit', 'values' => array( $name => $value ) ) )['code'], $name );
		}
		self::assertSame( 'suggested', $this->apply( $this->another( $id, 'Newer.' ) ), 'an edited text is a person\'s' );
	}

	public function test_who_may_not_edit_the_post_is_refused(): void {
		list( $id, , $suggestion ) = $this->suggested();
		$use                       = array( 'action' => 'use', 'result' => $suggestion );
		self::assertSame( array( 401, 401 ), array( $this->state( $id, array( 'login' => false ) )['code'], $this->act( $id, $use, array( 'login' => false ) )['code'] ) );
		foreach ( array( 'author', AI_RELAY_ROLE ) as $role ) {
			$login = 'user_' . wp_rand();
			$user  = wp_insert_user( array( 'user_login' => $login, 'user_pass' => wp_generate_password(), 'role' => $role ) );
			list( $password ) = WP_Application_Passwords::create_new_application_password( $user, array( 'name' => 'test' ) );
			self::assertSame( 403, $this->act( $id, $use, array( 'login' => "$login:$password" ) )['code'], $role );
			wp_delete_user( $user );
		}
		self::assertSame( 'Mine.', get_post_meta( $id, 'ai_relay_summary', true ) );
	}

	public function test_a_result_of_another_post_and_a_post_of_another_type_are_refused(): void {
		list( $id, $first, $suggestion ) = $this->suggested();
		$other                           = $this->make_post();
		foreach ( array( 'use', 'dismiss', 'undo' ) as $action ) {
			self::assertSame( 409, $this->act( $other, array( 'action' => $action, 'result' => $suggestion ) )['code'] );
			self::assertSame( 409, $this->act( $other, array( 'action' => $action, 'result' => $first ) )['code'] );
		}
		self::assertSame( 403, $this->state( $this->make_post( array( 'post_type' => 'nav_menu_item' ) ) )['code'] );
		self::assertSame( 403, $this->state( 999999999 )['code'] );
		self::assertSame( 400, $this->act( $id, array( 'action' => 'delete' ) )['code'] );
	}

	private function box( int $post_id ): string {
		ob_start();
		ai_relay_meta_box( get_post( $post_id ) );
		return ob_get_clean();
	}

	public function test_the_box_shows_the_texts_and_the_suggestion_escaped(): void {
		list( $id ) = $this->suggested();
		update_post_meta( $id, 'ai_relay_seo_title', '"Five" > & four' );
		$box = $this->box( $id );
		self::assertStringContainsString( 'value="&quot;Five&quot; &gt; &amp; four"', $box );
		self::assertStringContainsString( '<dd>Suggested.</dd>', $box );
		self::assertStringContainsString( '>Mine.</textarea>', $box );
		self::assertSame( 3, substr_count( $box, 'admin-post.php' ), 'use, dismiss, undo' );
		self::assertStringContainsString( 'after the post is published', $this->box( $this->make_post( array( 'post_status' => 'draft' ) ) ) );
	}

	/** Saves a post as the classic editor's form does. */
	private function save_box( int $post_id, array $texts, array $were, ?string $nonce = null ): void {
		$_POST = wp_slash(
			array(
				'ai_relay_nonce' => $nonce ?? wp_create_nonce( "ai_relay_texts_$post_id" ),
				'ai_relay_texts' => $texts,
				'ai_relay_were'  => $were,
			)
		);
		wp_update_post( array( 'ID' => $post_id ) );
		$_POST = array();
	}

	public function test_the_box_saves_what_a_person_has_changed_and_nothing_else(): void {
		$id   = $this->make_post();
		$were = array( 'summary' => '', 'seo_title' => '', 'keywords' => '' );
		$this->apply( $this->enrichment( $id ) ); // While the page was open.
		$this->save_box( $id, array( 'summary' => '', 'seo_title' => 'It\'s "mine"', 'keywords' => 'three, <i>four</i>, three,' ), $were );
		self::assertSame( array( 'What it is about.', 'It\'s "mine"', array( 'three', 'four' ) ), array_values( array_intersect_key( $this->meta( $id ), $were ) ) );
		$this->save_box( $id, array( 'seo_title' => str_repeat( 'é', 70 ) ), $were );
		self::assertSame( str_repeat( 'é', 60 ), get_post_meta( $id, 'ai_relay_seo_title', true ) );
		$this->save_box( $id, array( 'seo_title' => '' ), array( 'seo_title' => 'x' ) );
		self::assertFalse( metadata_exists( 'post', $id, 'ai_relay_seo_title' ) );
	}

	public function test_the_box_saves_nothing_without_its_nonce_or_for_who_may_not_edit(): void {
		$id = $this->make_post();
		$this->save_box( $id, array( 'summary' => 'x' ), array(), 'wrong' );
		$this->save_box( $id, array( 'summary' => 'x' ), array(), wp_create_nonce( 'ai_relay_texts_' . ( $id + 1 ) ) );
		wp_set_current_user( 0 );
		$this->save_box( $id, array( 'summary' => 'x' ), array() );
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
	}

	public function test_the_box_is_left_out_where_the_block_editor_is_used(): void {
		global $wp_meta_boxes;
		set_current_screen( 'post' );
		do_action( 'add_meta_boxes', 'post', get_post( $this->make_post() ) );
		self::assertTrue( $wp_meta_boxes['post']['normal']['default']['ai-relay']['args']['__back_compat_meta_box'] );
		set_current_screen( 'front' );
	}
}
