<?php
/**
 * Once a night the relay is asked for what older posts and comments lack.
 *
 * @package AI_Relay
 */

final class NightlyTest extends SiteTestCase {

	protected function setUp(): void {
		parent::setUp();
		update_option( 'ai_relay_nightly', array( 'enrich_posts', 'moderate_comments' ) );
		// Only the events of the night.
		update_option( 'ai_relay_events', array() );
		foreach ( get_posts( array( 'numberposts' => -1, 'post_status' => 'any' ) ) as $post ) {
			wp_delete_post( $post->ID, true );
		}
	}

	protected function tearDown(): void {
		delete_option( 'ai_relay_nightly' );
		update_option( 'timezone_string', '' );
		wp_unschedule_hook( 'ai_relay_nightly' );
		parent::tearDown();
	}

	private function forget_the_night(): void {
		global $wpdb;
		$wpdb->query( 'DELETE FROM ' . ai_relay_outbox_table() );
	}

	public function test_posts_without_a_summary_and_comments_without_a_verdict_are_one_batch_each(): void {
		$old  = $this->make_post( array( 'post_date' => '2020-01-01 00:00:00' ) );
		$new  = $this->make_post();
		$done = $this->make_post( array( 'meta_input' => array( 'ai_relay_summary' => 'There.' ) ) );
		$this->make_post( array( 'post_status' => 'draft' ) );
		$this->make_post( array( 'post_password' => 'closed' ) );
		$this->make_post( array( 'post_type' => 'page' ) );
		$waits  = $this->make_comment( $done );
		$judged = $this->make_comment( $done );
		update_comment_meta( $judged, 'ai_relay_verdict', 'hold' );
		$this->make_comment( $done, array( 'comment_approved' => '1' ) );
		$this->make_comment( $done, array( 'comment_type' => 'pingback' ) );
		do_action( 'ai_relay_nightly' );
		do_action( 'ai_relay_nightly' );
		list( $posts, $comments ) = $this->events();
		self::assertCount( 2, $this->outbox(), 'two runs in a night are one' );
		self::assertSame( array( 'batch.requested', 'enrich_posts', array( $new, $old ) ), array( $posts['event'], $posts['task'], $posts['ids'] ) );
		self::assertSame( array( 'batch.requested', 'moderate_comments', array( $waits ) ), array( $comments['event'], $comments['task'], $comments['ids'] ) );
		self::assertMatchesRegularExpression( AI_RELAY_KEY_FORM, $posts['idempotency_key'] );
		self::assertTrue( $posts['public_only'] );
		self::assertTrue( $comments['authors'] );
	}

	public function test_who_wrote_a_comment_is_not_fetched_where_the_owner_does_not_send_it(): void {
		update_option( 'ai_relay_comment_author', '0' );
		$this->make_comment( $this->make_post( array( 'meta_input' => array( 'ai_relay_summary' => 'There.' ) ) ) );
		do_action( 'ai_relay_nightly' );
		delete_option( 'ai_relay_comment_author' );
		self::assertFalse( $this->events()[0]['authors'] );
	}

	public function test_nothing_to_do_is_no_event(): void {
		do_action( 'ai_relay_nightly' );
		self::assertSame( array(), $this->outbox() );
	}

	public function test_a_batch_has_as_many_as_the_filter_says_and_the_next_night_goes_on(): void {
		$ids   = array( $this->make_post(), $this->make_post(), $this->make_post() );
		$limit = static function () {
			return 2;
		};
		add_filter( 'ai_relay_nightly_limit', $limit );
		do_action( 'ai_relay_nightly' );
		self::assertSame( array( $ids[2], $ids[1] ), $this->events()[0]['ids'] );
		$this->forget_the_night();
		do_action( 'ai_relay_nightly' );
		remove_filter( 'ai_relay_nightly_limit', $limit );
		self::assertSame( array( $ids[0] ), $this->events()[0]['ids'], 'what was asked for already is not again' );
	}

	public function test_what_gets_no_result_is_asked_for_again_after_a_week_a_month_and_a_year(): void {
		$id = $this->make_post();
		foreach ( array( 7, 30, 365, 365 ) as $days ) {
			do_action( 'ai_relay_nightly' );
			self::assertSame( array( $id ), $this->events()[0]['ids'] );
			list( $again ) = explode( ' ', get_post_meta( $id, AI_RELAY_ASKED, true ) );
			self::assertEqualsWithDelta( time() + $days * DAY_IN_SECONDS, (int) $again, DAY_IN_SECONDS / 2 );
			$this->forget_the_night();
			do_action( 'ai_relay_nightly' );
			self::assertSame( array(), $this->outbox() );
			update_post_meta( $id, AI_RELAY_ASKED, preg_replace( '/^\d+/', (string) ( time() - 1 ), get_post_meta( $id, AI_RELAY_ASKED, true ) ) );
		}
	}

	public function test_it_is_planned_for_the_next_night_by_the_sites_clock(): void {
		update_option( 'timezone_string', 'America/New_York' );
		wp_unschedule_hook( 'ai_relay_nightly' );
		ai_relay_schedule_night();
		$planned = wp_next_scheduled( 'ai_relay_nightly' );
		self::assertSame( '03:00:00', wp_date( 'H:i:s', $planned ) );
		self::assertGreaterThan( time(), $planned );
		self::assertLessThanOrEqual( time() + 25 * HOUR_IN_SECONDS, $planned );
		ai_relay_schedule_night();
		self::assertSame( $planned, wp_next_scheduled( 'ai_relay_nightly' ) );
		$hour = static function () {
			return 22;
		};
		add_filter( 'ai_relay_nightly_hour', $hour );
		ai_relay_schedule_night();
		remove_filter( 'ai_relay_nightly_hour', $hour );
		self::assertSame( '22:00:00', wp_date( 'H:i:s', wp_next_scheduled( 'ai_relay_nightly' ) ), 'another hour moves it' );
		update_option( 'ai_relay_nightly', array() );
		ai_relay_schedule_night();
		self::assertFalse( wp_next_scheduled( 'ai_relay_nightly' ), 'nothing chosen, nothing planned' );
	}

	public function test_cron_runs_it_and_the_next_night_is_planned(): void {
		$id = $this->make_post();
		wp_unschedule_hook( 'ai_relay_nightly' );
		wp_schedule_single_event( time() - 60, 'ai_relay_nightly' );
		ai_relay_schedule_night();
		self::assertLessThan( time(), wp_next_scheduled( 'ai_relay_nightly' ), 'what is overdue is left alone' );
		$this->wp( 'cron', 'event', 'run', 'ai_relay_nightly' );
		self::assertSame( array( $id ), $this->events()[0]['ids'] );
		$this->wp( 'eval', '1;' );
		self::assertGreaterThan( time(), wp_next_scheduled( 'ai_relay_nightly' ) );
	}
}
