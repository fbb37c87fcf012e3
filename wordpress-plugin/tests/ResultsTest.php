<?php
/**
 * Results over real HTTP: who may send them, and that each is applied once.
 *
 * @package AI_Relay
 */

final class ResultsTest extends ResultTestCase {

	/** As another request has it. */
	private static function another_connection(): mysqli {
		global $wpdb;
		$host = $wpdb->parse_db_host( DB_HOST );
		return new mysqli( $host[0] ?: null, DB_USER, DB_PASSWORD, DB_NAME, $host[1] ?: 3306, $host[2] ?: null );
	}

	public function test_a_result_is_written_to_the_post_and_shows_in_rest(): void {
		$id = $this->make_post();
		self::assertSame( array( 'code' => 200, 'body' => array( 'status' => 'applied' ) ), $this->send( $this->enrichment( $id ) ) );
		self::assertSame( self::ENRICHMENT, $this->meta( $id ) );
		$post = $this->http( array( array( 'path' => "/wp/v2/posts/$id", 'method' => 'GET', 'body' => '', 'login' => false ) ) )[0]['body'];
		self::assertSame( 'What it is about.', $post['meta']['ai_relay_summary'] );
		self::assertSame( array( 'one', 'two' ), $post['meta']['ai_relay_keywords'] );
	}

	public function test_a_signature_is_proof_enough_with_either_secret(): void {
		update_option( 'ai_relay_secret_next', 'the next one' );
		$id = $this->make_post();
		foreach ( array( self::SECRET, 'the next one' ) as $number => $secret ) {
			$body = wp_json_encode( $this->enrichment( $id, array( 'idempotency_key' => "signed-$number", 'result' => array( 'summary' => "Number $number" ) ) ) );
			self::assertSame( 'applied', $this->send( $body, $this->signature_of( $body, $secret ) )['body']['status'] );
		}
	}

	public function test_a_signature_counts_although_the_login_beside_it_is_wrong(): void {
		$body = wp_json_encode( $this->enrichment( $this->make_post() ) );
		foreach ( array( 'nobody:nothing', getenv( 'WP_ADMIN_USER' ) . ':aaaa bbbb cccc dddd eeee ffff' ) as $login ) {
			$answer = $this->send( $body, array( 'login' => $login ) + $this->signature_of( $body, self::SECRET ) );
			self::assertSame( 200, $answer['code'] );
		}
	}

	public function test_a_signature_counts_on_a_site_that_closes_its_rest_api_to_strangers(): void {
		$id     = $this->make_post();
		$body   = wp_json_encode( $this->enrichment( $id ) );
		$closed = WPMU_PLUGIN_DIR . '/closed.php';
		file_put_contents(
			$closed,
			'<?php add_filter( "rest_authentication_errors", static function ( $result ) {
				return is_user_logged_in() ? $result : new WP_Error( "closed", "Closed.", array( "status" => 401 ) );
			}, 150 );'
		);
		try {
			self::assertSame( 200, $this->send( $body, $this->signature_of( $body, self::SECRET ) )['code'] );
			self::assertSame( 401, $this->send( $body, $this->signature_of( $body, 'wrong' ) )['code'] );
			$elsewhere = array( 'path' => "/wp/v2/posts/$id" ) + $this->request( $body, $this->signature_of( $body, self::SECRET ) );
			self::assertSame( 'closed', $this->http( array( $elsewhere ) )[0]['body']['code'], 'for this route only' );
		} finally {
			unlink( $closed );
		}
	}

	public function test_without_proof_the_answer_is_401_and_nothing_is_written(): void {
		$id   = $this->make_post();
		$body = wp_json_encode( $this->enrichment( $id ) );
		$bad  = array(
			'no proof'        => array( 'login' => false ),
			'wrong password'  => array( 'login' => getenv( 'WP_ADMIN_USER' ) . ':wrong' ),
			'wrong secret'    => $this->signature_of( $body, 'wrong' ),
			'other body'      => $this->signature_of( $body . ' ', self::SECRET ),
			'stale signature' => $this->signature_of( $body, self::SECRET, time() - 400 ),
			'from the future' => $this->signature_of( $body, self::SECRET, time() + 400 ),
		);
		foreach ( $bad as $name => $proof ) {
			self::assertSame( 401, $this->send( $body, $proof )['code'], $name );
		}
		self::assertSame( 401, $this->send( '{', array( 'login' => false ) )['code'], 'who asks comes before what is asked' );
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
	}

	public function test_what_is_said_of_a_post_with_a_password_is_not_in_the_rest_api_for_everybody(): void {
		$id = $this->make_post();
		update_post_meta( $id, 'ai_relay_summary', 'What it says.' );
		$path = "/wp/v2/posts/$id?_fields=meta";
		self::assertSame( 'What it says.', $this->http( array( array( 'path' => $path, 'method' => 'GET', 'body' => '', 'login' => false ) ) )[0]['body']['meta']['ai_relay_summary'] );
		wp_update_post( array( 'ID' => $id, 'post_password' => 'closed' ) );
		list( $stranger, $admin ) = $this->http(
			array(
				array( 'path' => $path, 'method' => 'GET', 'body' => '', 'login' => false ),
				array( 'path' => $path, 'method' => 'GET', 'body' => '' ),
			)
		);
		self::assertSame( '', $stranger['body']['meta']['ai_relay_summary'] );
		self::assertSame( 'What it says.', $admin['body']['meta']['ai_relay_summary'] );
	}

	public function test_the_box_of_custom_fields_writes_nothing_back(): void {
		self::assertTrue( is_protected_meta( 'ai_relay_summary', 'post' ) );
		self::assertFalse( is_protected_meta( 'somebody_elses', 'post' ) );
		self::assertTrue( current_user_can( 'edit_post_meta', $this->make_post(), 'ai_relay_summary' ), 'the REST API takes it' );
	}

	public function test_no_signature_is_accepted_while_there_is_no_secret(): void {
		update_option( 'ai_relay_secret', '' );
		$body = wp_json_encode( $this->enrichment( $this->make_post() ) );
		self::assertSame( 401, $this->send( $body, $this->signature_of( $body, '' ) )['code'] );
	}

	public function test_a_user_of_the_role_may_write_results_and_nothing_else_and_an_editor_may_not(): void {
		$body = $this->enrichment( $this->make_post() );
		foreach ( array( AI_RELAY_ROLE => 200, 'editor' => 403 ) as $role => $code ) {
			$login = 'user_' . wp_rand();
			$user  = wp_insert_user( array( 'user_login' => $login, 'user_pass' => wp_generate_password(), 'role' => $role ) );
			list( $password ) = WP_Application_Passwords::create_new_application_password( $user, array( 'name' => 'test' ) );
			self::assertSame( $code, $this->send( $body, array( 'login' => "$login:$password" ) )['code'], $role );
			self::assertSame( 'editor' === $role, user_can( $user, 'edit_posts' ) );
			wp_delete_user( $user );
		}
	}

	public function test_the_same_result_again_is_a_duplicate_and_changes_nothing(): void {
		$id   = $this->make_post();
		$body = $this->enrichment( $id );
		$this->send( $body );
		update_post_meta( $id, 'ai_relay_summary', 'A person knows better.' );
		self::assertSame( array( 'code' => 200, 'body' => array( 'status' => 'duplicate' ) ), $this->send( $body ) );
		self::assertSame( 'A person knows better.', get_post_meta( $id, 'ai_relay_summary', true ) );
	}

	public function test_another_body_under_the_same_key_is_refused(): void {
		$id = $this->make_post();
		$this->send( $this->enrichment( $id ) );
		$answer = $this->send( $this->enrichment( $id, array( 'result' => array( 'summary' => 'Other.' ) ) ) );
		self::assertSame( 409, $answer['code'] );
		self::assertSame( self::ENRICHMENT, $this->meta( $id ) );
		self::assertSame( 200, $this->send( $this->enrichment( $id, array( 'idempotency_key' => 'KEY-1', 'result' => array( 'summary' => 'Other.' ) ) ) )['code'], 'keys are compared by case' );
	}

	public function test_of_many_requests_at_once_one_applies_and_the_others_are_duplicates(): void {
		$request  = $this->request( $this->enrichment( $this->make_post() ) );
		$answers  = $this->http( array_fill( 0, 8, $request ) );
		$statuses = array_count_values( array_map( static function ( $answer ) { return $answer['body']['status'] ?? $answer['code']; }, $answers ) );
		ksort( $statuses );
		self::assertSame( array( 'applied' => 1, 'duplicate' => 7 ), $statuses );
	}

	public function test_a_target_that_is_gone_is_404_and_its_key_stays_free(): void {
		$id = $this->make_post();
		wp_trash_post( $id );
		self::assertSame( 404, $this->send( $this->enrichment( $id ) )['code'] );
		self::assertSame( 404, $this->send( $this->enrichment( 999999999, array( 'idempotency_key' => 'nowhere' ) ) )['code'] );
		self::assertSame( 404, $this->send( $this->verdict( 999999999, 'spam' ) )['code'] );
		foreach ( $this->http( array_fill( 0, 8, $this->request( $this->enrichment( $id ) ) ) ) as $answer ) {
			self::assertSame( 404, $answer['code'] );
		}
		wp_untrash_post( $id );
		self::assertSame( 'applied', $this->send( $this->enrichment( $id ) )['body']['status'] );
	}

	public static function bad_results(): array {
		$text = static function ( int $length ) {
			return str_repeat( 'é', $length );
		};
		return array(
			'long summary'         => array( array( 'result' => array( 'summary' => $text( 501 ) ) ), 'result.summary' ),
			'long title'           => array( array( 'result' => array( 'seo_title' => $text( 61 ) ) ), 'result.seo_title' ),
			'long description'     => array( array( 'result' => array( 'seo_description' => $text( 156 ) ) ), 'result.seo_description' ),
			'number for text'      => array( array( 'result' => array( 'summary' => 5 ) ), 'result.summary' ),
			'eleven keywords'      => array( array( 'result' => array( 'keywords' => range( 'a', 'k' ) ) ), 'result.keywords' ),
			'keywords in a string' => array( array( 'result' => array( 'keywords' => 'a, b' ) ), 'result.keywords' ),
			'keywords not text'    => array( array( 'result' => array( 'keywords' => array( array() ) ) ), 'result.keywords' ),
			'no language'          => array( array( 'result' => array( 'language' => 'the French one' ) ), 'result.language' ),
			'unknown action'       => array( array( 'action' => 'drop_tables' ), 'action' ),
			'target of other type' => array( array( 'target' => array( 'type' => 'comment' ) ), 'target.type' ),
			'target without id'    => array( array( 'target' => array( 'id' => 'x' ) ), 'target.id' ),
			'no event'             => array( array( 'event' => '' ), 'event' ),
			'bad key'              => array( array( 'idempotency_key' => 'no spaces' ), 'idempotency_key' ),
			'result is no object'  => array( array( 'result' => 'text' ), 'result' ),
		);
	}

	/** @dataProvider bad_results */
	public function test_a_result_that_is_wrong_is_refused_by_field( array $changes, string $field ): void {
		$id     = $this->make_post();
		$answer = $this->send( array_replace_recursive( $this->enrichment( $id ), $changes ) );
		self::assertSame( 422, $answer['code'] );
		self::assertSame( 'invalid result', $answer['body']['error'] );
		self::assertSame( array( $field ), array_column( $answer['body']['details'], 'field' ) );
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
	}

	public function test_texts_at_their_limits_are_taken(): void {
		$id     = $this->make_post();
		$result = array( 'summary' => str_repeat( '🐫', 500 ), 'seo_title' => str_repeat( 'é', 60 ), 'seo_description' => str_repeat( '日', 155 ), 'keywords' => range( 'a', 'j' ), 'language' => 'pt-BR' );
		self::assertSame( 'applied', $this->send( array( 'result' => $result ) + $this->enrichment( $id ) )['body']['status'] );
		self::assertSame( $result, $this->meta( $id ) );
	}

	public function test_a_body_that_is_no_object_or_a_key_that_does_not_belong_to_it_is_refused(): void {
		foreach ( array( '', '{', '[]', '[1]', '"text"', 'null' ) as $body ) {
			self::assertSame( 422, $this->send( $body )['code'], $body );
		}
		$body = $this->enrichment( $this->make_post() );
		foreach ( array( 'key-1', 'key-2:enrich_post', 'key-1:moderate_comment', '' ) as $key ) {
			$answer = $this->send( $body, array( 'headers' => array( 'Idempotency-Key' => $key ) ) );
			self::assertSame( array( 422, 'Idempotency-Key' ), array( $answer['code'], $answer['body']['details'][0]['field'] ?? '' ), $key );
		}
	}

	public function test_markup_does_not_get_through(): void {
		$id = $this->make_post();
		$this->send( $this->enrichment( $id, array( 'result' => array( 'summary' => "<script>alert(1)</script>A <b onclick=x>bold</b>\n100%de C:\\temp", 'keywords' => array( '<i>one</i>', 'two' ) ) ) ) );
		self::assertSame( 'A bold 100%de C:\\temp', get_post_meta( $id, 'ai_relay_summary', true ) );
		self::assertSame( array( 'one', 'two' ), get_post_meta( $id, 'ai_relay_keywords', true ) );
	}

	public function test_a_post_that_a_person_changed_since_gets_a_suggestion(): void {
		$id       = $this->make_post();
		$revision = $this->events()[0]['revision'];
		wp_update_post( array( 'ID' => $id, 'post_content' => 'Quite different.' ) );
		self::assertSame( 'suggested', $this->send( $this->enrichment( $id, array( 'revision' => $revision ) ) )['body']['status'] );
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
		self::assertSame( 'What it is about.', json_decode( ai_relay_suggestion( $id )->result, true )['summary'] );
	}

	public function test_a_post_that_only_got_meta_or_terms_since_is_not_changed(): void {
		$id       = $this->make_post();
		$revision = $this->events()[0]['revision'];
		update_post_meta( $id, 'subtitle', 'Earlier' );
		wp_set_post_tags( $id, 'new' );
		self::assertSame( 'applied', $this->send( $this->enrichment( $id, array( 'revision' => $revision ) ) )['body']['status'] );
	}

	public function test_a_result_that_is_there_already_is_unchanged(): void {
		$id = $this->make_post();
		$this->send( $this->enrichment( $id ) );
		self::assertSame( 'unchanged', $this->send( $this->enrichment( $id, array( 'idempotency_key' => 'another' ) ) )['body']['status'] );
	}

	public static function verdicts(): array {
		return array(
			'spam'                       => array( '0', 'spam', 'spam' ),
			'spam on show'               => array( '1', 'spam', 'spam' ),
			'hold'                       => array( '1', 'hold', '0' ),
			'approve never approves'     => array( '0', 'approve', '0' ),
			'approve leaves what is'     => array( '1', 'approve', '1' ),
			'hold does not rescue spam'  => array( 'spam', 'hold', 'spam' ),
		);
	}

	/** @dataProvider verdicts */
	public function test_a_verdict_takes_a_comment_from_sight_and_never_puts_it_there( string $before, string $verdict, string $after ): void {
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => $before ) );
		self::assertSame( 'applied', $this->send( $this->verdict( $id, $verdict ) )['body']['status'] );
		self::assertSame( $after, get_comment( $id )->comment_approved );
		self::assertSame( array( $verdict, '0.97', 'Bait and links' ), array( get_comment_meta( $id, 'ai_relay_verdict', true ), get_comment_meta( $id, 'ai_relay_confidence', true ), get_comment_meta( $id, 'ai_relay_reason', true ) ) );
		self::assertSame( 'unchanged', $this->send( $this->verdict( $id, $verdict, 'once-more' ) )['body']['status'] );
	}

	public static function approvals(): array {
		return array(
			'one that waits'      => array( '0', '1' ),
			'one that is on show' => array( '1', '1' ),
			'spam stays spam'     => array( 'spam', 'spam' ),
		);
	}

	/** @dataProvider approvals */
	public function test_a_comment_is_published_where_the_owner_lets_the_ai_do_so( string $before, string $after ): void {
		update_option( 'ai_relay_approve', '1' );
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => $before ) );
		self::assertSame( 'applied', $this->send( $this->approval( $id ) )['body']['status'] );
		self::assertSame( $after, get_comment( $id )->comment_approved );
	}

	public function test_an_approval_publishes_nothing_while_the_switch_is_off(): void {
		$this->assert_is_only_kept( $this->approval( $this->make_comment( $this->make_post() ) ) );
	}

	/** Nobody sees the comment, and moderators see the verdict. */
	private function assert_is_only_kept( array $approval ): void {
		$id = $approval['target']['id'];
		self::assertSame( 'applied', $this->send( $approval )['body']['status'] );
		self::assertSame( array( '0', 'approve' ), array( get_comment( $id )->comment_approved, get_comment_meta( $id, 'ai_relay_verdict', true ) ) );
	}

	public function test_an_approval_that_does_not_say_of_what_text_publishes_nothing(): void {
		update_option( 'ai_relay_approve', '1' );
		foreach ( array( array(), array( 'revision' => null ), array( 'revision' => '' ) ) as $none ) {
			$id = $this->make_comment( $this->make_post() );
			$this->assert_is_only_kept( $none + $this->verdict( $id, 'approve', "key-$id" ) );
		}
	}

	public function test_an_approval_in_a_batch_publishes_nothing(): void {
		update_option( 'ai_relay_approve', '1' );
		$id = $this->make_comment( $this->make_post() );
		self::assertSame( 'applied', $this->of_batch( $this->verdict( $id, 'approve' ), (string) $id )['body']['status'] );
		self::assertSame( '0', get_comment( $id )->comment_approved );
	}

	public static function edits(): array {
		return array(
			'the text'                  => array( array( 'comment_content' => 'Well said. Buy pills.' ), '0' ),
			'the name'                  => array( array( 'comment_author' => 'Cheap pills' ), '0' ),
			'the page'                  => array( array( 'comment_author_url' => 'https://pills.example.test/' ), '0' ),
			'the e-mail, not judged'    => array( array( 'comment_author_email' => 'ann@example.com' ), '1' ),
			'nothing, and it was saved' => array( array(), '1' ),
		);
	}

	/** @dataProvider edits */
	public function test_a_comment_that_was_edited_since_it_was_judged_is_not_published( array $edit, string $after ): void {
		update_option( 'ai_relay_approve', '1' );
		$id       = $this->make_comment( $this->make_post() );
		$approval = $this->approval( $id );
		wp_update_comment( wp_slash( array( 'comment_ID' => $id ) + $edit ) );
		self::assertSame( 'applied', $this->send( $approval )['body']['status'] );
		self::assertSame( array( $after, 'approve' ), array( get_comment( $id )->comment_approved, get_comment_meta( $id, 'ai_relay_verdict', true ) ) );
	}

	public static function moderations(): array {
		$update = static function ( string $status ) {
			return static function ( int $id ) use ( $status ) {
				wp_update_comment( array( 'comment_ID' => $id, 'comment_approved' => $status ) );
			};
		};
		$set    = static function ( string $status ) {
			return static function ( int $id ) use ( $status ) {
				wp_set_comment_status( $id, $status );
			};
		};
		return array(
			'held'                   => array( '1', array( $set( 'hold' ) ) ),
			'held in the form'       => array( '1', array( $update( '0' ) ) ),
			'published and held'     => array( '0', array( $set( 'approve' ), $set( 'hold' ) ) ),
			'out of the trash'       => array( '0', array( 'wp_trash_comment', 'wp_untrash_comment' ) ),
			'spam, and then no spam' => array( '0', array( 'wp_spam_comment', 'wp_unspam_comment' ) ),
		);
	}

	/** @dataProvider moderations */
	public function test_a_comment_that_somebody_has_moderated_is_not_published( string $before, array $steps ): void {
		update_option( 'ai_relay_approve', '1' );
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => $before ) );
		foreach ( $steps as $step ) {
			$step( $id );
		}
		self::assertSame( '0', get_comment( $id )->comment_approved );
		$this->assert_is_only_kept( $this->approval( $id ) );
	}

	public function test_a_comment_that_a_person_held_again_after_the_ai_published_it_stays_held(): void {
		update_option( 'ai_relay_approve', '1' );
		$id = $this->make_comment( $this->make_post() );
		$this->send( $this->approval( $id ) );
		self::assertSame( '1', get_comment( $id )->comment_approved );
		$hold = array( 'path' => "/wp/v2/comments/$id", 'body' => array( 'status' => 'hold' ) );
		self::assertSame( 'hold', $this->http( array( $hold ) )[0]['body']['status'] );
		$this->send( $this->approval( $id, array( 'idempotency_key' => 'once-more' ) ) );
		self::assertSame( '0', get_comment( $id )->comment_approved );
	}

	public function test_what_a_result_did_to_a_comment_is_not_taken_for_somebodys_decision(): void {
		update_option( 'ai_relay_approve', '1' );
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => '1' ) );
		foreach ( array( 'hold' => '0', 'approve' => '1', 'spam' => 'spam' ) as $verdict => $after ) {
			$this->send( $this->approval( $id, array( 'idempotency_key' => $verdict, 'result' => array( 'verdict' => $verdict ) ) ) );
			self::assertSame( $after, get_comment( $id )->comment_approved );
			self::assertSame( '', get_comment_meta( $id, AI_RELAY_MODERATED, true ) );
		}
	}

	public function test_what_another_plugin_does_while_a_result_is_applied_is_somebodys_decision(): void {
		$id    = $this->make_comment( $this->make_post(), array( 'comment_approved' => '1' ) );
		$other = $this->make_comment( $this->make_post(), array( 'comment_approved' => '1' ) );
		$hook  = static function ( $comment_id, $status ) use ( $id, $other ) {
			if ( $id === (int) $comment_id && 'hold' === $status ) {
				wp_set_comment_status( $other, 'hold' );
				wp_set_comment_status( $id, 'approve' );
			}
		};
		add_action( 'wp_set_comment_status', $hook, 10, 2 );
		ai_relay_apply_moderation( $this->verdict( $id, 'hold' ) );
		remove_action( 'wp_set_comment_status', $hook );
		self::assertSame( array( '1', '1' ), array( get_comment_meta( $id, AI_RELAY_MODERATED, true ), get_comment_meta( $other, AI_RELAY_MODERATED, true ) ) );
	}

	public function test_a_comment_that_is_deleted_leaves_no_note_of_it(): void {
		global $wpdb;
		$id = $this->make_comment( $this->make_post() );
		wp_spam_comment( $id );
		wp_delete_comment( $id, true );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->commentmeta WHERE comment_id = $id" ) );
	}

	public function test_a_comment_is_published_only_by_a_model_that_is_sure(): void {
		update_option( 'ai_relay_approve', '1' );
		foreach ( array( '0' => 0.79, '1' => 0.8 ) as $after => $confidence ) {
			$id = $this->make_comment( $this->make_post() );
			$this->send( $this->approval( $id, array( 'idempotency_key' => "key-$id", 'result' => array( 'confidence' => $confidence ) ) ) );
			self::assertSame( array( (string) $after, (string) $confidence ), array( get_comment( $id )->comment_approved, get_comment_meta( $id, 'ai_relay_confidence', true ) ) );
		}
	}

	public function test_a_comment_is_published_only_if_the_model_can_have_seen_all_of_it(): void {
		update_option( 'ai_relay_approve', '1' );
		foreach ( array( '0' => 4001, '1' => 4000 ) as $after => $characters ) {
			$id = $this->make_comment( $this->make_post(), array( 'comment_content' => str_repeat( 'ä', $characters ) ) );
			$this->send( $this->approval( $id, array( 'idempotency_key' => "key-$id" ) ) );
			self::assertSame( (string) $after, get_comment( $id )->comment_approved );
		}
	}

	public function test_a_verdict_is_shown_to_moderators_and_not_to_readers(): void {
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => '1' ) );
		$this->send( $this->verdict( $id, 'approve' ) );
		update_comment_meta( $id, AI_RELAY_MODERATED, '1' );
		$read = array( 'path' => "/wp/v2/comments/$id", 'method' => 'GET', 'body' => '', 'login' => false );
		$edit = array( 'path' => "/wp/v2/comments/$id?context=edit", 'method' => 'GET', 'body' => '' );
		list( $reader, $moderator ) = $this->http( array( $read, $edit ) );
		self::assertArrayNotHasKey( 'ai_relay_verdict', $reader['body']['meta'] );
		self::assertSame( 'approve', $moderator['body']['meta']['ai_relay_verdict'] );
		self::assertArrayNotHasKey( AI_RELAY_MODERATED, $moderator['body']['meta'] );
	}

	public function test_a_wrong_verdict_is_refused(): void {
		$id = $this->make_comment( $this->make_post() );
		foreach ( array( 'verdict' => 'delete', 'confidence' => 1.5, 'reason' => str_repeat( 'x', 201 ) ) as $name => $value ) {
			$answer = $this->send( array_replace_recursive( $this->verdict( $id, 'spam' ), array( 'result' => array( $name => $value ) ) ) );
			self::assertSame( array( 422, "result.$name" ), array( $answer['code'], $answer['body']['details'][0]['field'] ) );
		}
		self::assertSame( '0', get_comment( $id )->comment_approved );
	}

	private function qualification( array $changes = array() ): array {
		return array_replace_recursive(
			array(
				'event'           => 'lead.captured',
				'idempotency_key' => 'key-l',
				'action'          => 'qualify_lead',
				'target'          => array( 'type' => 'lead', 'id' => 'entry-7' ),
				'result'          => array( 'category' => 'sales', 'score' => 82, 'summary' => 'Wants 200 chairs.' ),
			),
			$changes
		);
	}

	public function test_a_qualified_lead_is_taken_once_under_a_number_or_a_text(): void {
		foreach ( array( 'entry-7', 7, '7' ) as $number => $id ) {
			$body = $this->qualification( array( 'idempotency_key' => "lead-$number", 'target' => array( 'id' => $id ) ) );
			self::assertSame( 'applied', $this->send( $body )['body']['status'] );
			self::assertSame( 'duplicate', $this->send( $body )['body']['status'] );
			self::assertSame( 409, $this->send( array_replace_recursive( $body, array( 'result' => array( 'score' => 1 ) ) ) )['code'] );
		}
	}

	public function test_whoever_listens_is_given_a_qualified_lead_once(): void {
		$seen = array();
		$hook = static function ( $body, $status ) use ( &$seen ) {
			$seen[] = array( $body['target']['id'], $body['result']['category'], $body['result']['score'], $status );
		};
		$request = new WP_REST_Request( 'POST', '/ai-relay/v1/results' );
		$request->set_header( 'Idempotency-Key', 'key-l:qualify_lead' );
		$request->set_body( wp_json_encode( $this->qualification() ) );
		add_action( 'ai_relay_applied', $hook, 10, 2 );
		rest_do_request( $request );
		rest_do_request( $request );
		remove_action( 'ai_relay_applied', $hook );
		self::assertSame( array( array( 'entry-7', 'sales', 82, 'applied' ) ), $seen );
	}

	public static function bad_qualifications(): array {
		return array(
			'unknown category' => array( array( 'result' => array( 'category' => 'vip' ) ), 'result.category' ),
			'score too high'   => array( array( 'result' => array( 'score' => 101 ) ), 'result.score' ),
			'score below 0'    => array( array( 'result' => array( 'score' => -1 ) ), 'result.score' ),
			'score as text'    => array( array( 'result' => array( 'score' => '82' ) ), 'result.score' ),
			'long summary'     => array( array( 'result' => array( 'summary' => str_repeat( 'é', 301 ) ) ), 'result.summary' ),
			'no lead'          => array( array( 'target' => array( 'type' => 'post' ) ), 'target.type' ),
			'empty id'         => array( array( 'target' => array( 'id' => '' ) ), 'target.id' ),
			'id too long'      => array( array( 'target' => array( 'id' => str_repeat( 'x', 65 ) ) ), 'target.id' ),
			'id zero'          => array( array( 'target' => array( 'id' => 0 ) ), 'target.id' ),
		);
	}

	/** @dataProvider bad_qualifications */
	public function test_a_wrong_qualification_is_refused_by_field( array $changes, string $field ): void {
		$answer = $this->send( $this->qualification( $changes ) );
		self::assertSame( 422, $answer['code'] );
		self::assertContains( $field, array_column( $answer['body']['details'], 'field' ) );
	}

	private function summary( array $changes = array() ): array {
		return array_replace_recursive(
			array(
				'event'           => 'batch.requested',
				'idempotency_key' => 'key-b',
				'action'          => 'run_batch',
				'target'          => array( 'type' => 'batch', 'id' => 'key-b' ),
				'result'          => array(
					'task'     => 'enrich_posts',
					'done'     => 2,
					'failed'   => 1,
					'total'    => 3,
					'failures' => array( array( 'id' => 9, 'reason' => 'not <b>there</b>' ) ),
				),
			),
			$changes
		);
	}

	public function test_the_results_of_a_batch_are_each_applied_once_under_a_key_of_their_own(): void {
		$one     = $this->make_post();
		$two     = $this->make_post();
		$comment = $this->make_comment( $one );
		foreach ( array( $one, $two ) as $id ) {
			$body = $this->enrichment( $id, array( 'result' => array( 'summary' => "Of $id" ) ) );
			self::assertSame( 'applied', $this->of_batch( $body, (string) $id )['body']['status'] );
			self::assertSame( 'duplicate', $this->of_batch( $body, (string) $id )['body']['status'] );
			self::assertSame( "Of $id", get_post_meta( $id, 'ai_relay_summary', true ) );
		}
		self::assertSame( 'applied', $this->of_batch( $this->verdict( $comment, 'spam' ), (string) $comment )['body']['status'] );
		self::assertSame( 'spam', wp_get_comment_status( $comment ) );
	}

	public function test_a_result_of_a_batch_under_the_key_of_another_is_refused(): void {
		$id   = $this->make_post();
		$body = $this->enrichment( $id );
		self::assertSame( 422, $this->of_batch( $body, (string) ( $id + 1 ) )['code'] );
		self::assertSame( 422, $this->send( array( 'event' => 'batch.requested', 'idempotency_key' => 'key-b' ) + $body )['code'] );
		self::assertSame( 422, $this->send( $body, array( 'headers' => array( 'Idempotency-Key' => "key-1:enrich_post:$id" ) ) )['code'] );
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
	}

	public function test_the_longest_key_of_a_batch_is_taken(): void {
		$comment = $this->make_comment( $this->make_post() );
		$key     = str_repeat( 'k', 64 );
		$body    = array( 'event' => 'batch.requested', 'idempotency_key' => $key ) + $this->verdict( $comment, 'hold' );
		$headers = array( 'headers' => array( 'Idempotency-Key' => "$key:moderate_comment:$comment" ) );
		self::assertSame( 'applied', $this->send( $body, $headers )['body']['status'] );
	}

	public function test_the_summary_of_a_batch_is_kept_and_that_of_a_replay_takes_its_place(): void {
		self::assertSame( 'applied', $this->send( $this->summary() )['body']['status'] );
		self::assertSame( 'duplicate', $this->send( $this->summary() )['body']['status'] );
		$kept = ai_relay_batches()['key-b'];
		self::assertSame( array( 2, 1, 'not there' ), array( $kept['done'], $kept['failed'], $kept['failures'][0]['reason'] ) );
		$later = $this->summary();
		$later['result'] = array( 'done' => 3, 'failed' => 0, 'failures' => array() ) + $later['result'];
		self::assertSame( 409, $this->send( $later )['code'] );
		self::assertSame( 'applied', $this->send( $later, array( 'headers' => array( 'Idempotency-Key' => 'key-b:run_batch:1' ) ) )['body']['status'] );
		self::assertSame( array( 'key-b' ), array_keys( ai_relay_batches() ) );
		self::assertSame( 3, ai_relay_batches()['key-b']['done'] );
	}

	public function test_of_many_summaries_at_once_none_is_lost_and_the_latest_are_shown(): void {
		$requests = array();
		foreach ( range( 1, AI_RELAY_BATCHES_SHOWN + 2 ) as $number ) {
			$requests[] = $this->request( $this->summary( array( 'idempotency_key' => "key-b$number", 'target' => array( 'id' => "key-b$number" ), 'result' => array( 'failed' => $number ) ) ) );
		}
		foreach ( array_chunk( $requests, 8 ) as $at_once ) {
			self::assertSame( array( 'applied' ), array_unique( array_column( array_column( $this->http( $at_once ), 'body' ), 'status' ) ) );
		}
		self::assertCount( count( $requests ), $this->results() );
		self::assertCount( AI_RELAY_BATCHES_SHOWN, ai_relay_batches() );
		ob_start();
		ai_relay_batches_view();
		self::assertStringContainsString( '9: not there', ob_get_clean() );
	}

	public function test_a_test_of_the_connection_leaves_what_the_one_who_began_it_looks_for(): void {
		$check = array( 'event' => 'connection.tested', 'action' => 'check_connection', 'target' => array( 'type' => 'site', 'id' => 'key-c' ) ) + $this->verdict( 1, 'hold' );
		foreach ( array( 'key-c', 'key-d' ) as $key ) {
			$check = array( 'idempotency_key' => $key, 'target' => array( 'type' => 'site', 'id' => $key ), 'provider' => 'local', 'model' => 'm' ) + $check;
			self::assertSame( 'applied', $this->send( $check )['body']['status'] );
			$kept = get_option( AI_RELAY_CHECK_RESULT );
			self::assertSame( array( $key, 'local', 'm', 'hold' ), array( $kept['key'], $kept['provider'], $kept['model'], $kept['verdict'] ) );
			self::assertEqualsWithDelta( time(), $kept['at'], 5 );
		}
		self::assertSame( 422, $this->send( array( 'target' => array( 'type' => 'site', 'id' => 'key-x' ) ) + $check )['code'] );
		self::assertArrayNotHasKey( AI_RELAY_CHECK_RESULT, wp_load_alloptions() );
		self::assertSame( '', get_comment_meta( 1, 'ai_relay_verdict', true ) );
	}

	public static function bad_summaries(): array {
		return array(
			'unknown task'   => array( array( 'result' => array( 'task' => 'delete_posts' ) ), 'result.task' ),
			'count as text'  => array( array( 'result' => array( 'done' => '2' ) ), 'result.done' ),
			'count below 0'  => array( array( 'result' => array( 'failed' => -1 ) ), 'result.failed' ),
			'id of nothing'  => array( array( 'result' => array( 'failures' => array( array( 'id' => 0 ) ) ) ), 'result.failures' ),
			'another target' => array( array( 'target' => array( 'id' => 'key-c' ) ), 'target.id' ),
			'a post'         => array( array( 'target' => array( 'type' => 'post' ) ), 'target.type' ),
		);
	}

	/** @dataProvider bad_summaries */
	public function test_a_wrong_summary_is_refused_by_field( array $changes, string $field ): void {
		$answer = $this->send( $this->summary( $changes ) );
		self::assertSame( 422, $answer['code'] );
		self::assertContains( $field, array_column( $answer['body']['details'], 'field' ) );
	}

	public function test_when_writing_fails_nothing_stays_and_the_key_is_free_again(): void {
		$id   = $this->make_post();
		$body = $this->enrichment( $id );
		$hook = static function ( ...$arguments ) {
			if ( 'ai_relay_seo_description' === $arguments[2] ) {
				throw new RuntimeException( 'another plugin failed' );
			}
		};
		add_action( 'added_post_meta', $hook, 10, 4 );
		try {
			ai_relay_apply_once( 'key-1:enrich_post', hash( 'sha256', wp_json_encode( $body ) ), $body );
			self::fail( 'the failure is passed on' );
		} catch ( RuntimeException $expected ) {
			self::assertSame( 'another plugin failed', $expected->getMessage() );
		} finally {
			remove_action( 'added_post_meta', $hook );
		}
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
		self::assertSame( 'applied', $this->send( $body )['body']['status'] );
	}

	public function test_a_result_that_the_database_does_not_take_is_answered_503_and_can_come_again(): void {
		$id      = $this->make_post();
		$body    = $this->enrichment( $id );
		$refuse  = static function ( $result, $post_id, $key ) {
			return 'ai_relay_language' === $key ? false : $result;
		};
		$request = new WP_REST_Request( 'POST', '/ai-relay/v1/results' );
		$request->set_header( 'Idempotency-Key', 'key-1:enrich_post' );
		$request->set_body( wp_json_encode( $body ) );
		add_filter( 'update_post_metadata', $refuse, 10, 3 );
		$answer = rest_do_request( $request );
		remove_filter( 'update_post_metadata', $refuse );
		self::assertSame( array( 503, 10 ), array( $answer->get_status(), $answer->get_headers()['Retry-After'] ) );
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
		self::assertSame( 'applied', $this->send( $body )['body']['status'] );
	}

	public function test_the_action_fires_once_for_a_result(): void {
		$id    = $this->make_post();
		$seen  = array();
		$hook  = static function ( $body, $status ) use ( &$seen ) {
			$seen[] = array( $body['action'], $status );
		};
		$request = new WP_REST_Request( 'POST', '/ai-relay/v1/results' );
		$request->set_header( 'Idempotency-Key', 'key-1:enrich_post' );
		$request->set_body( wp_json_encode( $this->enrichment( $id ) ) );
		add_action( 'ai_relay_applied', $hook, 10, 2 );
		rest_do_request( $request );
		rest_do_request( $request );
		remove_action( 'ai_relay_applied', $hook );
		self::assertSame( array( array( 'enrich_post', 'applied' ) ), $seen );
	}

	public function test_a_target_that_another_has_locked_for_too_long_is_not_written_to_and_the_relay_comes_again(): void {
		global $wpdb;
		$id    = $this->make_post();
		$other = self::another_connection();
		$other->begin_transaction();
		$other->query( "SELECT ID FROM $wpdb->posts WHERE ID = $id FOR UPDATE" );
		$wpdb->query( 'SET SESSION innodb_lock_wait_timeout = 1' );
		try {
			self::assertSame( 'unavailable', $this->apply( $this->enrichment( $id ) ) );
		} finally {
			$wpdb->query( 'SET SESSION innodb_lock_wait_timeout = DEFAULT' );
			$other->rollback();
		}
		self::assertSame( '', get_post_meta( $id, 'ai_relay_summary', true ) );
		self::assertSame( array(), $this->results() );
		self::assertSame( 'applied', $this->apply( $this->enrichment( $id ) ) );
	}

	public function test_a_key_without_what_it_came_to_is_no_result(): void {
		global $wpdb;
		$id   = $this->make_post();
		$body = $this->enrichment( $id );
		$this->send( $body );
		$wpdb->update( ai_relay_result_table(), array( 'status' => '' ), array( 'target_id' => $id ) );
		self::assertSame( 503, $this->send( $body )['code'] );
		self::assertSame( array(), $this->results() );
		delete_post_meta( $id, 'ai_relay_summary' );
		self::assertSame( 'applied', $this->send( $body )['body']['status'], 'and is taken when it comes again' );
		self::assertSame( 'duplicate', $this->send( $body )['body']['status'] );
		self::assertSame( self::ENRICHMENT, $this->meta( $id ) );
	}

	public function test_a_listener_that_fails_does_not_turn_a_result_that_was_taken_into_an_error(): void {
		$id       = $this->make_post();
		$listener = WPMU_PLUGIN_DIR . '/listener.php';
		file_put_contents( $listener, '<?php add_action( "ai_relay_applied", static function () { throw new Error( "The CRM is away." ); } );' );
		try {
			self::assertSame( array( 'code' => 200, 'body' => array( 'status' => 'applied' ) ), $this->send( $this->enrichment( $id ) ) );
		} finally {
			unlink( $listener );
		}
		self::assertSame( 'duplicate', $this->send( $this->enrichment( $id ) )['body']['status'] );
	}
}
