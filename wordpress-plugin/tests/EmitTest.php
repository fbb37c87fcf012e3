<?php
/**
 * Events of the site's own code, and filters on all.
 *
 * @package AI_Relay
 */

final class EmitTest extends SiteTestCase {

	public function test_an_event_of_ones_own_goes_the_way_of_all(): void {
		$key = ai_relay_emit( 'order.paid', array( 'order_id' => 7, 'total' => 9.5, 'note' => 'Grüße 🐫', 'items' => array( 'a', 'b' ), 'event' => 'other', 'site' => 'https://elsewhere.test', 'sequence' => 99 ) );
		ai_relay_deliver();
		self::assertSame( array( $key ), self::$relay->keys() );
		$event = json_decode( self::$relay->requests()[0]['body'], true );
		self::assertSame( array( 'order.paid', $key, home_url(), 1 ), array( $event['event'], $event['idempotency_key'], $event['site'], $event['sequence'] ) );
		self::assertSame( array( 7, 9.5, 'Grüße 🐫', array( 'a', 'b' ) ), array( $event['order_id'], $event['total'], $event['note'], $event['items'] ) );
	}

	public function test_a_key_of_ones_own_makes_one_event_and_a_bad_one_is_replaced(): void {
		self::assertSame( 'order-7.paid', ai_relay_emit( 'order.paid', array( 'idempotency_key' => 'order-7.paid' ) ) );
		self::assertSame( 'order-7.paid', ai_relay_emit( 'order.paid', array( 'idempotency_key' => 'order-7.paid', 'again' => true ) ) );
		self::assertCount( 1, $this->outbox() );
		foreach ( array( 'with blank ', str_repeat( 'x', 65 ), '', 7, null, array() ) as $bad ) {
			self::assertMatchesRegularExpression( AI_RELAY_KEY_FORM, ai_relay_emit( 'order.paid', array( 'idempotency_key' => $bad ) ) );
		}
		self::assertCount( 7, $this->outbox() );
	}

	public static function misuse(): array {
		return array(
			'no name'      => array( '', array(), 'name of an event' ),
			'upper case'   => array( 'Order.Paid', array(), 'name of an event' ),
			'line break'   => array( "order\n", array(), 'name of an event' ),
			'long name'    => array( str_repeat( 'a', 65 ), array(), 'name of an event' ),
			'a list'       => array( 'order.paid', array( 'a', 'b' ), 'has names' ),
			'no JSON'      => array( 'order.paid', array( 'a' => NAN ), 'has to be JSON' ),
			'too long'     => array( 'order.paid', array( 'content' => str_repeat( 'x', 262144 ) ), 'at most' ),
		);
	}

	/** @dataProvider misuse */
	public function test_misuse_is_refused_with_the_reason( string $event, array $payload, string $reason ): void {
		try {
			ai_relay_emit( $event, $payload );
			self::fail( 'taken' );
		} catch ( InvalidArgumentException $refused ) {
			self::assertStringContainsString( $reason, $refused->getMessage() );
		}
		self::assertSame( array(), $this->outbox() );
	}

	public function test_a_filter_changes_any_event_but_not_what_it_is(): void {
		$filter = static function ( $payload, $event ) {
			return array( 'tone' => "for $event", 'event' => 'x', 'idempotency_key' => 'y', 'site' => 'z' ) + $payload;
		};
		add_filter( 'ai_relay_payload', $filter, 10, 2 );
		$id = $this->make_post();
		$this->make_comment( $id );
		ai_relay_emit( 'order.paid', array() );
		remove_filter( 'ai_relay_payload', $filter );
		self::assertSame( array( 'for post.published', 'for comment.created', 'for order.paid' ), array_column( $this->events(), 'tone' ) );
		self::assertSame( array( 'post.published', 'comment.created', 'order.paid' ), array_column( $this->events(), 'event' ) );
		self::assertSame( array_column( $this->outbox(), 'idempotency_key' ), array_column( $this->events(), 'idempotency_key' ) );
	}

	public function test_a_filter_withholds_an_event(): void {
		$filter = static function ( $payload ) {
			return 'Secret' === ( $payload['title'] ?? '' ) ? null : $payload;
		};
		add_filter( 'ai_relay_payload', $filter );
		$id = $this->make_post( array( 'post_title' => 'Secret' ) );
		wp_update_post( array( 'ID' => $id, 'post_content' => 'Still secret.' ) );
		self::assertSame( '', ai_relay_emit( 'order.paid', array( 'title' => 'Secret' ) ) );
		remove_filter( 'ai_relay_payload', $filter );
		self::assertSame( array(), $this->outbox() );
	}

	public function test_a_filter_may_go_by_terms_that_come_after_the_transition(): void {
		$only   = wp_insert_term( 'told ' . wp_rand(), 'post_tag' )['term_id'];
		$filter = static function ( $payload ) use ( $only ) {
			return has_term( $only, 'post_tag', $payload['post_id'] ) ? $payload : null;
		};
		add_filter( 'ai_relay_payload', $filter );
		// As the REST API does it: the hooks after the insert come by themselves, after the terms.
		$id = wp_insert_post( array( 'post_title' => 'Told', 'post_status' => 'publish' ), false, false );
		wp_set_post_terms( $id, array( $only ) );
		wp_after_insert_post( get_post( $id ), false, null );
		$this->adopt( $id );
		$this->make_post();
		remove_filter( 'ai_relay_payload', $filter );
		self::assertSame( array( $id ), array_column( $this->events(), 'post_id' ) );
	}

	public function test_a_filter_adds_meta_that_is_saved_after_the_post(): void {
		$filter = static function ( $payload ) {
			return $payload + array( 'color' => get_post_meta( $payload['post_id'], 'color', true ) );
		};
		add_filter( 'ai_relay_payload', $filter );
		update_post_meta( $this->make_post(), 'color', 'blue' );
		ai_relay_complete_all();
		remove_filter( 'ai_relay_payload', $filter );
		self::assertSame( 'blue', $this->events()[0]['color'] );
	}
}
