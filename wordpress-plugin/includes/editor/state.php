<?php
/**
 * What an editor is shown of a post: its texts, where they come from, and the suggestion that waits.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Texts that an editor sees and edits, in this order; the language is the relay's own business. */
const AI_RELAY_SHOWN = array( 'summary', 'seo_title', 'seo_description', 'keywords' );

/** What the texts are called. */
function ai_relay_labels(): array {
	return array(
		'summary'         => __( 'Summary', 'ai-relay' ),
		'seo_title'       => __( 'SEO title', 'ai-relay' ),
		'seo_description' => __( 'SEO description', 'ai-relay' ),
		'keywords'        => __( 'Keywords', 'ai-relay' ),
	);
}

/**
 * All of it, for the panel.
 *
 * @param int $post_id The post.
 * @return array{post:int,latest:int,values:array,applied:?array,suggestion:?array,awaited:string[]} `latest` is the number
 *         of the latest result, whatever became of it; `applied` the one that can be undone; `awaited` the events after
 *         which a result comes.
 */
function ai_relay_post_state( int $post_id ): array {
	$rows    = ai_relay_results_of( 'post', $post_id );
	$applied = ai_relay_result_in_force( 'post', $post_id );
	$waiting = ai_relay_suggestion( $post_id );
	$values  = array();
	foreach ( AI_RELAY_SHOWN as $name ) {
		$values[ $name ] = get_post_meta( $post_id, "ai_relay_$name", true );
	}
	return array(
		'post'       => $post_id,
		'latest'     => $rows ? (int) $rows[0]->id : 0,
		'values'     => ai_relay_shown_values( $values ),
		'applied'    => $applied ? ai_relay_origin( $applied, ai_relay_was_edited( $applied ) ) : null,
		'suggestion' => $waiting ? ai_relay_origin( $waiting ) + array( 'values' => ai_relay_shown_values( (array) json_decode( (string) $waiting->result, true ) ) ) : null,
		'awaited'    => ai_relay_is_configured() ? array_values( array_filter( array( 'post.published', 'post.updated' ), 'ai_relay_wants' ) ) : array(),
	);
}

/**
 * The texts that are shown, each there and of its type.
 *
 * @param array $values By name.
 */
function ai_relay_shown_values( array $values ): array {
	$shown = array_intersect_key( ai_relay_clean_enrichment( $values ), array_flip( AI_RELAY_SHOWN ) );
	return array_replace( array_flip( AI_RELAY_SHOWN ), $shown );
}

/**
 * Which result it was, by which model, and when.
 *
 * @param object $row        Row of the table of results.
 * @param bool   $was_edited Whether a person has changed some of it since.
 * @return array{result:int,origin:string}
 */
function ai_relay_origin( object $row, bool $was_edited = false ): array {
	$by   = '' !== $row->model ? $row->model : ( '' !== $row->provider ? $row->provider : __( 'an AI', 'ai-relay' ) );
	$text = $was_edited
		/* translators: 1: name of an AI model, 2: date and time. */
		? __( 'Written by %1$s on %2$s, edited since', 'ai-relay' )
		/* translators: 1: name of an AI model, 2: date and time. */
		: __( 'Written by %1$s on %2$s', 'ai-relay' );
	return array(
		'result' => (int) $row->id,
		'origin' => sprintf( $text, $by, ai_relay_time_text( (int) $row->created_at ) ),
	);
}

/**
 * Whether a field of ours holds something else than what a result wrote there.
 *
 * @param object $row Row of the table of results, of a post.
 */
function ai_relay_was_edited( object $row ): bool {
	foreach ( (array) json_decode( (string) $row->replaced, true ) as $key => $change ) {
		if ( 0 === strpos( $key, 'ai_relay_' ) && ai_relay_read_meta( 'post', (int) $row->target_id, $key ) !== $change['now'] ) {
			return true;
		}
	}
	return false;
}

/**
 * What a person asks for, done.
 *
 * @param string $action    `use`, `dismiss` or `undo`.
 * @param int    $post_id   The post.
 * @param int    $result_id One of its results.
 * @return string What it came to, as the function of that action says; `stale` for a result that is not one of this post's.
 */
function ai_relay_act_on_result( string $action, int $post_id, int $result_id ): string {
	$row = ai_relay_result_row( $result_id );
	if ( ! $row || 'post' !== $row->target_type || (int) $row->target_id !== $post_id ) {
		return 'stale';
	}
	switch ( $action ) {
		case 'use':
			return ai_relay_use_suggestion( $post_id, $result_id );
		case 'dismiss':
			return ai_relay_dismiss_result( $post_id, $result_id );
		case 'undo':
			return ai_relay_undo_result( $result_id );
	}
	return 'stale';
}

/**
 * What to tell a person of what it came to; '' when they see it anyway.
 *
 * @param string $status As ai_relay_act_on_result() says.
 */
function ai_relay_status_sentence( string $status ): string {
	$sentences = array(
		'used'           => __( 'The suggestion was used.', 'ai-relay' ),
		'dismissed'      => __( 'The suggestion was dismissed.', 'ai-relay' ),
		'undone'         => __( 'Undone. What you have changed since was kept.', 'ai-relay' ),
		'verdict_undone' => __( 'Undone. The comment is as it was before, unless somebody has moved it since.', 'ai-relay' ),
		'edited'         => __( 'Your texts were saved.', 'ai-relay' ),
		'kept'           => __( 'Nothing was undone: all of it has been changed since.', 'ai-relay' ),
		'stale'          => __( 'This is out of date: something newer came meanwhile. Look again.', 'ai-relay' ),
		'unavailable'    => __( 'The database did not take this. Try again.', 'ai-relay' ),
	);
	return $sentences[ $status ] ?? '';
}
