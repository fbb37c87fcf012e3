<?php
/**
 * What is written about a post: by a result, or by a person who uses, edits or dismisses one.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Applies enrich_post. What a person has written, or changed since, is not overwritten: the result waits as a
 * suggestion.
 *
 * @param array $body The checked body.
 */
function ai_relay_apply_enrichment( array $body ): array {
	$post = get_post( ai_relay_target_id( $body['target'] ) );
	if ( ! $post || 'trash' === $post->post_status || ! in_array( $post->post_type, ai_relay_post_types(), true ) ) {
		return ai_relay_outcome( 'gone' );
	}
	// An empty field is no reason to take away what is there.
	$result = array_filter( ai_relay_clean_enrichment( $body['result'] ) );
	$fields = ai_relay_as_meta( $result );
	ai_relay_supersede_suggestions( $post->ID );
	if ( ! ai_relay_changes( $post->ID, $fields ) ) {
		return ai_relay_outcome( 'unchanged', $result );
	}
	$changed = '' !== ( $body['revision'] ?? '' ) && ai_relay_revision( $post ) !== $body['revision'];
	if ( $changed || ai_relay_is_a_persons( $post->ID, $fields ) ) {
		return ai_relay_outcome( 'suggested', $result );
	}
	$replaced = ai_relay_write_meta( 'post', $post->ID, $fields + ai_relay_seo_writes( $post->ID, $fields ) );
	return null === $replaced ? ai_relay_outcome( 'unavailable' ) : ai_relay_outcome( 'applied', $result, $replaced );
}

/**
 * Texts and keywords, cleaned; empty where there are none.
 *
 * @param array $values By name, as AI_RELAY_TEXTS has them, and `keywords`.
 */
function ai_relay_clean_enrichment( array $values ): array {
	$clean = array();
	foreach ( array_keys( AI_RELAY_TEXTS ) as $name ) {
		$clean[ $name ] = ai_relay_plain_text( $values[ $name ] ?? '' );
	}
	return $clean + array( 'keywords' => ai_relay_plain_list( $values['keywords'] ?? array() ) );
}

/**
 * Values by the meta key they are kept under; what is empty is not kept.
 *
 * @param array $values By name.
 */
function ai_relay_as_meta( array $values ): array {
	$meta = array();
	foreach ( $values as $name => $value ) {
		$meta[ 'ai_relay_' . $name ] = $value ? $value : null;
	}
	return $meta;
}

/**
 * Those fields whose value would change.
 *
 * @param int   $post_id The post.
 * @param array $fields  Values by meta key.
 */
function ai_relay_changes( int $post_id, array $fields ): array {
	return array_filter(
		$fields,
		static function ( $value, $key ) use ( $post_id ) {
			return ai_relay_read_meta( 'post', $post_id, $key ) !== $value;
		},
		ARRAY_FILTER_USE_BOTH
	);
}

/**
 * Whether one of the fields that would change is a person's: it holds something else than what our last result wrote
 * there, which is nothing where there was none.
 *
 * @param int   $post_id The post.
 * @param array $fields  Values by meta key.
 */
function ai_relay_is_a_persons( int $post_id, array $fields ): bool {
	$ours = ai_relay_last_writes( 'post', $post_id );
	foreach ( array_keys( ai_relay_changes( $post_id, $fields ) ) as $key ) {
		$there = get_post_meta( $post_id, $key, true );
		if ( array_key_exists( $key, $ours ) ? $there !== $ours[ $key ] : ! empty( $there ) ) {
			return true;
		}
	}
	return false;
}

/**
 * The suggestion that waits for a person.
 *
 * @param int $post_id The post.
 */
function ai_relay_suggestion( int $post_id ): ?object {
	foreach ( ai_relay_results_of( 'post', $post_id ) as $row ) {
		if ( 'suggested' === $row->status ) {
			return $row;
		}
	}
	return null;
}

/**
 * A person uses a suggestion: it is written to the post.
 *
 * @param int $post_id   The post.
 * @param int $result_id The suggestion.
 * @return string `used`, `stale` when it waits no longer, or `unavailable`.
 */
function ai_relay_use_suggestion( int $post_id, int $result_id ): string {
	return ai_relay_locked(
		'post',
		$post_id,
		static function () use ( $post_id, $result_id ) {
			$row = ai_relay_suggestion( $post_id );
			if ( ! $row || (int) $row->id !== $result_id ) {
				return 'stale';
			}
			$fields   = ai_relay_as_meta( (array) json_decode( (string) $row->result, true ) );
			$replaced = ai_relay_write_meta( 'post', $post_id, $fields + ai_relay_seo_writes( $post_id, $fields ) );
			$changes  = array(
				'status'   => 'used',
				'replaced' => $replaced ? wp_json_encode( $replaced ) : null,
			);
			return null !== $replaced && ai_relay_change_result( $result_id, $changes ) ? 'used' : 'unavailable';
		}
	);
}

/**
 * A person does not want a result: a suggestion waits no longer, what was written is undone.
 *
 * @param int $post_id   The post.
 * @param int $result_id The result.
 * @return string `dismissed`, or as ai_relay_undo_result().
 */
function ai_relay_dismiss_result( int $post_id, int $result_id ): string {
	$row = ai_relay_suggestion( $post_id );
	if ( ! $row || (int) $row->id !== $result_id ) {
		return ai_relay_undo_result( $result_id );
	}
	return ai_relay_locked(
		'post',
		$post_id,
		static function () use ( $post_id, $result_id ) {
			$row = ai_relay_suggestion( $post_id );
			return $row && (int) $row->id === $result_id && ai_relay_change_result( $result_id, array( 'status' => 'dismissed' ) ) ? 'dismissed' : 'stale';
		}
	);
}

/**
 * A person edits the texts. They are theirs from then on: a later result becomes a suggestion. What is too long is cut.
 *
 * @param int   $post_id The post.
 * @param array $values  Some of them, by name.
 * @return string `edited` or `unavailable`.
 */
function ai_relay_edit_texts( int $post_id, array $values ): string {
	$clean = ai_relay_clean_enrichment( $values );
	foreach ( AI_RELAY_TEXTS as $name => $limit ) {
		$clean[ $name ] = trim( mb_substr( $clean[ $name ], 0, $limit ) );
	}
	foreach ( $clean['keywords'] as $number => $keyword ) {
		$clean['keywords'][ $number ] = trim( mb_substr( $keyword, 0, AI_RELAY_KEYWORD_LENGTH ) );
	}
	$clean['keywords'] = array_slice( $clean['keywords'], 0, AI_RELAY_KEYWORDS );
	$fields            = ai_relay_as_meta( array_intersect_key( $clean, $values ) );
	return ai_relay_locked(
		'post',
		$post_id,
		static function () use ( $post_id, $fields ) {
			return null === ai_relay_write_meta( 'post', $post_id, $fields + ai_relay_seo_writes( $post_id, $fields ) ) ? 'unavailable' : 'edited';
		}
	);
}
