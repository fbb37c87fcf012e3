<?php
/**
 * The list of comments: the column, the filter, and undoing a verdict.
 *
 * @package AI_Relay
 */

final class CommentsColumnTest extends ResultTestCase {

	protected function setUp(): void {
		parent::setUp();
		$_REQUEST = array();
		$_GET     = array();
	}

	protected function tearDown(): void {
		$_REQUEST = array();
		$_GET     = array();
		parent::tearDown();
	}

	private function cell( int $comment_id ): string {
		ob_start();
		ai_relay_comments_cell( 'ai_relay', $comment_id );
		return ob_get_clean();
	}

	/** The ids that the list shows. */
	private function listed( string $verdict ): array {
		$_REQUEST['ai_relay_verdict'] = $verdict;
		$_REQUEST['comment_status']   = 'all';
		set_current_screen( 'edit-comments' );
		$table = _get_list_table( 'WP_Comments_List_Table', array( 'screen' => 'edit-comments' ) );
		$table->prepare_items();
		set_current_screen( 'front' );
		return array_map( 'intval', wp_list_pluck( $table->items, 'comment_ID' ) );
	}

	public function test_the_column_shows_verdict_confidence_and_reason_escaped(): void {
		$id = $this->make_comment( $this->make_post() );
		self::assertStringContainsString( 'No verdict', $this->cell( $id ) );
		$this->apply( $this->verdict( $id, 'spam' ) );
		self::assertMatchesRegularExpression( '/Spam.*97% sure.*Bait and links/s', wp_strip_all_tags( $this->cell( $id ) ) );
		global $wpdb;
		$wpdb->update( $wpdb->commentmeta, array( 'meta_value' => '<script>alert(1)</script>' ), array( 'comment_id' => $id, 'meta_key' => 'ai_relay_reason' ) );
		wp_cache_flush();
		self::assertStringContainsString( '&lt;script&gt;', $this->cell( $id ) );
	}

	public function test_only_what_is_certain_is_a_hundred_percent(): void {
		self::assertSame( array( '0', '29', '99', '100' ), array_map( 'ai_relay_percent', array( '', '0.29', '0.999', '1' ) ) );
	}

	public function test_the_column_is_for_those_who_moderate(): void {
		$columns = array( 'cb' => '', 'author' => '', 'comment' => '', 'date' => '' );
		self::assertSame( array( 'cb', 'author', 'comment', 'ai_relay', 'date' ), array_keys( ai_relay_comments_columns( $columns ) ) );
		$user = wp_insert_user( array( 'user_login' => 'author_' . wp_rand(), 'user_pass' => wp_generate_password(), 'role' => 'author' ) );
		wp_set_current_user( $user );
		self::assertSame( $columns, ai_relay_comments_columns( $columns ) );
		$_REQUEST['ai_relay_verdict'] = 'spam';
		self::assertSame( '', ai_relay_chosen_verdict() );
		ob_start();
		ai_relay_verdict_filter();
		self::assertSame( '', ob_get_clean() );
		wp_delete_user( $user );
	}

	public function test_the_list_is_filtered_by_verdict(): void {
		$post = $this->make_post();
		$ids  = array();
		foreach ( array( 'approve', 'hold', 'spam', 'none' ) as $verdict ) {
			$ids[ $verdict ] = $this->make_comment( $post, array( 'comment_content' => $verdict ) );
			if ( 'none' !== $verdict ) {
				$this->apply( $this->verdict( $ids[ $verdict ], $verdict, "key-$verdict" ) );
				wp_set_comment_status( $ids[ $verdict ], 'hold' ); // "All" leaves spam out.
			}
		}
		foreach ( $ids as $verdict => $id ) {
			$listed = array_values( array_intersect( $this->listed( $verdict ), $ids ) );
			self::assertSame( array( $id ), $listed, $verdict );
		}
		foreach ( array( '', 'nonsense' ) as $all ) {
			self::assertCount( 4, array_intersect( $this->listed( $all ), $ids ) );
		}
	}

	public function test_a_filter_of_another_plugin_is_kept(): void {
		$_REQUEST['ai_relay_verdict'] = 'hold';
		$query                        = ai_relay_filter_comments( array( 'meta_query' => array( array( 'key' => 'rating' ) ) ) )['meta_query'];
		self::assertSame( array( array( 'key' => 'ai_relay_verdict', 'value' => 'hold' ), array( array( 'key' => 'rating' ) ) ), $query );
	}

	public function test_a_page_of_comments_takes_no_query_for_each(): void {
		global $wpdb;
		$post = $this->make_post();
		$cost = array();
		foreach ( array( 2, 8 ) as $more ) {
			for ( $number = 0; $number < $more; $number++ ) {
				$id = $this->make_comment( $post );
				$this->apply( $this->verdict( $id, 'hold', "key-$id" ) );
			}
			wp_cache_flush();
			$listed = $this->listed( '' );
			$before = $wpdb->num_queries;
			foreach ( $listed as $id ) {
				$this->cell( $id );
				ai_relay_comment_actions( array(), get_comment( $id ) );
			}
			$cost[] = $wpdb->num_queries - $before;
		}
		self::assertSame( $cost[0], $cost[1] );
		self::assertLessThanOrEqual( 2, $cost[1] );
	}

	public function test_a_comment_with_a_verdict_can_be_undone_and_one_without_not(): void {
		$id = $this->make_comment( $this->make_post(), array( 'comment_author' => '"Ann" <b>' ) );
		self::assertSame( array(), ai_relay_comment_actions( array(), get_comment( $id ) ) );
		$this->apply( $this->verdict( $id, 'spam' ) );
		$link = ai_relay_comment_actions( array(), get_comment( $id ) )['ai_relay'];
		self::assertStringContainsString( '&quot;Ann&quot;', $link );
		self::assertStringContainsString( 'Undo AI Relay', $link );
		wp_set_current_user( 0 );
		self::assertSame( array(), ai_relay_comment_actions( array(), get_comment( $id ) ) );
	}

	/** The address that a link goes back to, in this process. */
	private function undo( int $comment_id, ?string $nonce = null ): string {
		$_GET     = array( 'comment' => (string) $comment_id, '_wpnonce' => $nonce ?? wp_create_nonce( "ai_relay_undo_verdict_$comment_id" ) );
		$_REQUEST = $_GET;
		$stop     = static function ( $address ) {
			throw new RuntimeException( $address );
		};
		$refuse   = static function () {
			return static function ( $message ) {
				throw new RuntimeException( 'refused' );
			};
		};
		add_filter( 'wp_redirect', $stop );
		add_filter( 'wp_die_handler', $refuse );
		try {
			ai_relay_take_undo_verdict();
		} catch ( RuntimeException $address ) {
			wp_cache_flush();
			return $address->getMessage();
		} finally {
			remove_filter( 'wp_redirect', $stop );
			remove_filter( 'wp_die_handler', $refuse );
		}
		return '';
	}

	public function test_the_link_undoes_the_verdict_for_a_moderator_with_its_nonce(): void {
		$id = $this->make_comment( $this->make_post(), array( 'comment_approved' => '1' ) );
		$this->apply( $this->verdict( $id, 'spam' ) );
		self::assertSame( 'refused', $this->undo( $id, 'wrong' ) );
		self::assertSame( 'spam', get_comment( $id )->comment_approved );
		self::assertStringEndsWith( 'edit-comments.php?ai_relay_done=verdict_undone', $this->undo( $id ) );
		self::assertSame( array( '1', '' ), array( get_comment( $id )->comment_approved, get_comment_meta( $id, 'ai_relay_verdict', true ) ) );
		self::assertStringEndsWith( 'ai_relay_done=stale', $this->undo( $id ) );
		wp_set_current_user( 0 );
		self::assertSame( 'refused', $this->undo( $id ) );
	}
}
