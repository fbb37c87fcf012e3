<?php
/**
 * Measures what our hooks add to saving a post, and to a bulk edit. Not a test: run it by hand, on a
 * site of site.sh, while nothing else keeps the machine busy:
 *
 *   $WP_STATE/bin/wp eval-file wordpress-plugin/tests/bench/hooks.php [runs] [posts of a bulk edit]
 *
 * Saves with and without our hooks take turns, so that what else happens on the machine meets both.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

require_once ABSPATH . 'wp-admin/includes/admin.php';

global $wpdb; // A file that WP-CLI evaluates is a function's inside.

$ai_relay_runs = max( 10, (int) ( $args[0] ?? 300 ) );
$ai_relay_bulk = max( 0, (int) ( $args[1] ?? 500 ) );

/** Our hooks on saves, as they are attached. */
const AI_RELAY_BENCH_HOOKS = array(
	'transition_post_status' => array( 'ai_relay_on_transition', 10, 3 ),
	'post_updated'           => array( 'ai_relay_on_update', 10, 3 ),
	'wp_after_insert_post'   => array( 'ai_relay_complete', 100, 1 ),
	'set_object_terms'       => array( 'ai_relay_on_late_terms', 10, 6 ),
	'added_post_meta'        => array( 'ai_relay_on_late_meta', 10, 3 ),
	'updated_post_meta'      => array( 'ai_relay_on_late_meta', 10, 3 ),
);

/**
 * Attaches our hooks or takes them off.
 *
 * @param bool $on Which.
 */
function ai_relay_bench_hooks( bool $on ): void {
	foreach ( AI_RELAY_BENCH_HOOKS as $hook => list( $function, $priority, $arguments ) ) {
		remove_action( $hook, $function, $priority );
		if ( $on ) {
			add_action( $hook, $function, $priority, $arguments );
		}
	}
}

/**
 * Milliseconds that something takes.
 *
 * @param callable $what The thing.
 */
function ai_relay_bench_time( callable $what ): float {
	$start = hrtime( true );
	$what();
	return ( hrtime( true ) - $start ) / 1e6;
}

/**
 * A value of a sorted list, by its share.
 *
 * @param float[] $values Any order.
 * @param float   $share  0.5 for the median.
 */
function ai_relay_bench_share( array $values, float $share ): float {
	sort( $values );
	return $values[ (int) floor( $share * ( count( $values ) - 1 ) ) ];
}

/**
 * Measures one kind of save, in turns, and prints a line.
 *
 * @param string   $name    What it is.
 * @param int      $runs    How often.
 * @param callable $prepare Makes what the save needs; outside of the time.
 * @param callable $save    The save.
 */
function ai_relay_bench( string $name, int $runs, callable $prepare, callable $save ): void {
	global $wpdb;
	$times   = array( array(), array() );
	$queries = array( 0, 0 );
	for ( $i = 0; $i < 2 * $runs + 20; $i++ ) {
		$with     = $i % 2;
		$prepared = $prepare( $i );
		$in_hand  =& ai_relay_events_in_hand();
		$in_hand  = array(); // As in a request of its own.
		ai_relay_bench_hooks( (bool) $with );
		$before = $wpdb->num_queries;
		$time   = ai_relay_bench_time(
			static function () use ( $save, $prepared, $i ) {
				$save( $prepared, $i );
			}
		);
		if ( $i >= 20 ) { // The first ones fill caches.
			$times[ $with ][]  = $time;
			$queries[ $with ] += $wpdb->num_queries - $before;
		}
		ai_relay_bench_hooks( true );
	}
	$difference = array();
	foreach ( $times[1] as $i => $time ) {
		$difference[] = $time - $times[0][ $i ];
	}
	printf(
		"%-28s fastest tenth: %6.2f ms without, %6.2f with, added %5.2f · without: median %6.2f ms, p95 %6.2f · with: median %6.2f, p95 %6.2f · added: median %5.2f ms (of pairs %5.2f), p95 %5.2f · queries %+.1f\n",
		$name,
		ai_relay_bench_share( $times[0], 0.1 ),
		ai_relay_bench_share( $times[1], 0.1 ),
		ai_relay_bench_share( $times[1], 0.1 ) - ai_relay_bench_share( $times[0], 0.1 ),
		ai_relay_bench_share( $times[0], 0.5 ),
		ai_relay_bench_share( $times[0], 0.95 ),
		ai_relay_bench_share( $times[1], 0.5 ),
		ai_relay_bench_share( $times[1], 0.95 ),
		ai_relay_bench_share( $times[1], 0.5 ) - ai_relay_bench_share( $times[0], 0.5 ),
		ai_relay_bench_share( $difference, 0.5 ),
		ai_relay_bench_share( $times[1], 0.95 ) - ai_relay_bench_share( $times[0], 0.95 ),
		( $queries[1] - $queries[0] ) / $runs
	);
}

$ai_relay_text  = str_repeat( "<!-- wp:paragraph -->\n<p>" . str_repeat( 'Words of a post, as long as most of them are. ', 10 ) . "</p>\n<!-- /wp:paragraph -->\n\n", 12 );
$ai_relay_posts = array();
$ai_relay_new   = static function ( string $status, int $i ) use ( $ai_relay_text, &$ai_relay_posts ): int {
	$id = wp_insert_post(
		wp_slash(
			array(
				'post_title'   => "Measured $i",
				'post_content' => $ai_relay_text,
				'post_status'  => $status,
				'tags_input'   => array( 'one', 'two' ),
			)
		)
	);

	$ai_relay_posts[] = $id;
	return $id;
};
wp_set_current_user( 1 );
add_filter( 'pre_wp_mail', '__return_true' );

ai_relay_bench(
	'insert, published',
	$ai_relay_runs,
	'__return_null',
	static function ( $nothing, $i ) use ( $ai_relay_new ) {
		$ai_relay_new( 'publish', $i );
	}
);
ai_relay_bench(
	'draft is published',
	$ai_relay_runs,
	static function ( $i ) use ( $ai_relay_new ) {
		return $ai_relay_new( 'draft', $i );
	},
	static function ( $id ) {
		wp_update_post(
			array(
				'ID'          => $id,
				'post_status' => 'publish',
			)
		);
	}
);
$ai_relay_public = static function ( $i ) use ( $ai_relay_new ) {
	return $ai_relay_new( 'publish', $i );
};
ai_relay_bench(
	'published post is changed',
	$ai_relay_runs,
	$ai_relay_public,
	static function ( $id, $i ) use ( $ai_relay_text ) {
		wp_update_post(
			array(
				'ID'           => $id,
				'post_content' => wp_slash( $ai_relay_text . $i ),
			)
		);
	}
);
ai_relay_bench(
	'published post, nothing new',
	$ai_relay_runs,
	$ai_relay_public,
	static function ( $id ) {
		wp_update_post(
			array(
				'ID'         => $id,
				'menu_order' => 1,
			)
		);
	}
);

foreach ( array( 'publish' => 'draft', 'changes nothing' => 'publish' ) as $ai_relay_kind => $ai_relay_status ) {
	foreach ( $ai_relay_bulk ? array( false, true, true, false ) : array() as $ai_relay_with ) {
		$ai_relay_ids = array();
		for ( $ai_relay_i = 0; $ai_relay_i < $ai_relay_bulk; $ai_relay_i++ ) {
			$ai_relay_ids[] = $ai_relay_new( $ai_relay_status, $ai_relay_i );
		}
		ai_relay_bench_hooks( $ai_relay_with );
		$ai_relay_time = ai_relay_bench_time(
			static function () use ( $ai_relay_ids, $ai_relay_kind ) {
				bulk_edit_posts(
					array(
						'post_type'      => 'post',
						'post'           => $ai_relay_ids,
						'_status'        => 'publish' === $ai_relay_kind ? 'publish' : '-1',
						'comment_status' => 'closed',
					)
				);
			}
		);
		ai_relay_bench_hooks( true );
		printf( "bulk edit of %d posts (%s) %s our hooks: %.2f s\n", $ai_relay_bulk, $ai_relay_kind, $ai_relay_with ? 'with' : 'without', $ai_relay_time / 1000 );
	}
}

foreach ( $ai_relay_posts as $ai_relay_id ) {
	wp_delete_post( $ai_relay_id, true );
}
$wpdb->query( 'DELETE FROM ' . ai_relay_outbox_table() ); // phpcs:ignore WordPress.DB -- a table of ours.
