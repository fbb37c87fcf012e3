<?php
/**
 * Once a night the relay is asked to work on what is there already: batch.requested.
 *
 * @package AI_Relay
 */

// phpcs:disable WordPress.DB.DirectDatabaseQuery -- once a night, over all posts or comments.

defined( 'ABSPATH' ) || exit;

/** Tasks of a nightly batch: what they are about, and the meta that says that it is done. */
const AI_RELAY_NIGHTLY_TASKS = array(
	'enrich_posts'      => 'ai_relay_summary',
	'moderate_comments' => 'ai_relay_verdict',
);

/** Meta of a post or comment that a batch was asked about: when it may be asked about again, a blank, how often it was. */
const AI_RELAY_ASKED = '_ai_relay_asked';

/** Days to wait for a result before the next batch asks again, by how often it was asked for; after those, a year. */
const AI_RELAY_ASK_AGAIN = array( 7, 30 );

/**
 * The tasks that the owner has chosen.
 *
 * @return string[]
 */
function ai_relay_nightly_tasks(): array {
	return array_values( array_intersect( array_keys( AI_RELAY_NIGHTLY_TASKS ), ai_relay_setting_list( 'nightly' ) ) );
}

/** When the next night's batch is due: Unix seconds of the next full hour of that number, by the site's clock. */
function ai_relay_next_night(): int {
	/**
	 * Filters the hour of the nightly batch.
	 *
	 * @param int $hour 0 to 23, by the site's clock.
	 */
	$hour  = min( 23, max( 0, (int) apply_filters( 'ai_relay_nightly_hour', 3 ) ) );
	$now   = new DateTimeImmutable( '@' . time() );
	$night = $now->setTimezone( wp_timezone() )->setTime( $hour, 0 );
	// By the calendar, not by 24 hours: clocks are put forward and back.
	return $night > $now ? $night->getTimestamp() : $night->modify( '+1 day' )->setTime( $hour, 0 )->getTimestamp();
}

/** Sees to it that the next night is in the schedule, at the hour that holds now, or none if no task is chosen. */
function ai_relay_schedule_night(): void {
	$planned = wp_next_scheduled( 'ai_relay_nightly' );
	if ( ! ai_relay_nightly_tasks() ) {
		if ( $planned ) {
			wp_unschedule_hook( 'ai_relay_nightly' );
		}
		return;
	}
	$night = ai_relay_next_night();
	// What is overdue is left for cron to run.
	if ( $planned && ( $planned <= time() || $planned === $night ) ) {
		return;
	}
	wp_unschedule_hook( 'ai_relay_nightly' );
	wp_schedule_single_event( $night, 'ai_relay_nightly' );
}
add_action( 'init', 'ai_relay_schedule_night', 20 );

/** Writes tonight's batches. */
function ai_relay_run_night(): void {
	foreach ( ai_relay_nightly_tasks() as $task ) {
		ai_relay_request_batch( $task );
	}
}
add_action( 'ai_relay_nightly', 'ai_relay_run_night' );

/**
 * Writes one task's batch of tonight: one, however often this is run.
 *
 * @param string $task One of AI_RELAY_NIGHTLY_TASKS.
 * @return string The event's key; '' when there is nothing to do.
 */
function ai_relay_request_batch( string $task ): string {
	$key = ai_relay_key( 'batch', (int) wp_date( 'Ymd' ), $task );
	if ( ai_relay_outbox_has( $key ) ) {
		return $key;
	}
	/**
	 * Filters how many posts or comments a nightly batch is about at most.
	 *
	 * @param int    $limit 1 to 500.
	 * @param string $task  `enrich_posts` or `moderate_comments`.
	 */
	$limit = min( 500, max( 1, (int) apply_filters( 'ai_relay_nightly_limit', 100, $task ) ) );
	$ids   = 'enrich_posts' === $task ? ai_relay_posts_to_enrich( $limit ) : ai_relay_comments_to_moderate( $limit );
	$batch = ai_relay_envelope( 'batch.requested', $key ) + array(
		'task'   => $task,
		'ids'    => $ids,
		'reason' => 'nightly',
	);
	// What single events do not tell, and of which posts, holds here too.
	if ( 'enrich_posts' === $task ) {
		$batch['public_only'] = true;
	} else {
		$batch['authors'] = '1' === ai_relay_setting( 'comment_author' );
	}
	if ( ! $ids || ! ai_relay_record( $key, $batch ) ) {
		return '';
	}
	ai_relay_note_asked( 'enrich_posts' === $task ? 'post' : 'comment', $ids );
	return $key;
}

/**
 * Public posts without a summary, the newest first. Only of types that the relay finds where posts are
 * (`wp/v2/posts`): of others it could fetch none.
 *
 * @param int $limit How many at most.
 * @return int[]
 */
function ai_relay_posts_to_enrich( int $limit ): array {
	global $wpdb;
	$types = array_values( array_filter( ai_relay_post_types(), 'ai_relay_is_fetched_as_post' ) );
	if ( ! $types ) {
		return array();
	}
	$marks = implode( ',', array_fill( 0, count( $types ), '%s' ) );
	$sql   = "SELECT ID FROM $wpdb->posts AS item
		LEFT JOIN $wpdb->postmeta AS done ON done.post_id = ID AND done.meta_key = %s AND done.meta_value <> ''
		LEFT JOIN $wpdb->postmeta AS asked ON asked.post_id = ID AND asked.meta_key = %s
		WHERE post_status = 'publish' AND post_password = '' AND post_type IN ($marks)
		AND done.meta_id IS NULL AND (asked.meta_id IS NULL OR CAST(asked.meta_value AS UNSIGNED) <= %d)
		ORDER BY post_date DESC, ID DESC LIMIT %d";
	// phpcs:ignore WordPress.DB.PreparedSQL -- the tables' names and the marks for the types.
	$ids = $wpdb->get_col( $wpdb->prepare( $sql, array_merge( array( AI_RELAY_NIGHTLY_TASKS['enrich_posts'], AI_RELAY_ASKED ), $types, array( time(), $limit ) ) ) );
	return array_values( array_unique( array_map( 'intval', $ids ) ) );
}

/**
 * Whether the relay can fetch posts of a type.
 *
 * @param string $post_type Name of the type.
 */
function ai_relay_is_fetched_as_post( string $post_type ): bool {
	$type = get_post_type_object( $post_type );
	return $type && $type->show_in_rest && 'posts' === $type->rest_base;
}

/**
 * Comments that wait for a moderator and have no verdict, the newest first.
 *
 * @param int $limit How many at most.
 * @return int[]
 */
function ai_relay_comments_to_moderate( int $limit ): array {
	global $wpdb;
	$types = ai_relay_post_types();
	if ( ! $types ) {
		return array();
	}
	$marks = implode( ',', array_fill( 0, count( $types ), '%s' ) );
	$sql   = "SELECT item.comment_ID FROM $wpdb->comments AS item
		JOIN $wpdb->posts ON ID = comment_post_ID AND post_status IN ('publish', 'inherit') AND post_password = '' AND post_type IN ($marks)
		LEFT JOIN $wpdb->commentmeta AS done ON done.comment_id = item.comment_ID AND done.meta_key = %s
		LEFT JOIN $wpdb->commentmeta AS asked ON asked.comment_id = item.comment_ID AND asked.meta_key = %s
		WHERE comment_approved = '0' AND comment_type IN ('', 'comment')
		AND done.meta_id IS NULL AND (asked.meta_id IS NULL OR CAST(asked.meta_value AS UNSIGNED) <= %d)
		ORDER BY comment_date_gmt DESC, item.comment_ID DESC LIMIT %d";
	// phpcs:ignore WordPress.DB.PreparedSQL -- the tables' names and the marks for the types.
	$ids = $wpdb->get_col( $wpdb->prepare( $sql, array_merge( $types, array( AI_RELAY_NIGHTLY_TASKS['moderate_comments'], AI_RELAY_ASKED, time(), $limit ) ) ) );
	return array_values( array_unique( array_map( 'intval', $ids ) ) );
}

/**
 * Remembers what was asked for, so that what gets no result is not asked for every night.
 *
 * @param string $type `post` or `comment`.
 * @param int[]  $ids  Their numbers.
 */
function ai_relay_note_asked( string $type, array $ids ): void {
	update_meta_cache( $type, $ids );
	foreach ( $ids as $id ) {
		$asked = (int) ( explode( ' ', (string) get_metadata( $type, $id, AI_RELAY_ASKED, true ) )[1] ?? 0 );
		$days  = AI_RELAY_ASK_AGAIN[ $asked ] ?? 365;
		// Some hours less, so that it is due again on the night of that day.
		update_metadata( $type, $id, AI_RELAY_ASKED, ( time() + $days * DAY_IN_SECONDS - 6 * HOUR_IN_SECONDS ) . ' ' . ( $asked + 1 ) );
	}
}
