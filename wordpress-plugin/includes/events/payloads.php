<?php
/**
 * What an event says: the bodies of section 2 of the wire contract.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** The relay refuses more than 256 KiB; a little is kept free for the sequence number. */
const AI_RELAY_MAX_BODY = 262144 - 64;

/** Characters of content the relay looks at. */
const AI_RELAY_MAX_CONTENT = 100000;

/**
 * The part every event has.
 *
 * @param string $event Event name.
 * @param string $key   Idempotency key.
 */
function ai_relay_envelope( string $event, string $key ): array {
	return array(
		'event'           => $event,
		'idempotency_key' => $key,
		'site'            => home_url(),
		'sent_at'         => gmdate( 'Y-m-d\TH:i:s\Z' ),
	);
}

/**
 * The body of post.published and post.updated.
 *
 * @param WP_Post $post  The post as it is now.
 * @param string  $key   Idempotency key.
 * @param string  $event Which of the two.
 */
function ai_relay_post_payload( WP_Post $post, string $key, string $event = 'post.published' ): array {
	// All terms with one question, and none where somebody has asked already.
	update_object_term_cache( array( $post->ID ), $post->post_type );
	$tags      = get_the_terms( $post, 'post_tag' );
	$sections  = get_the_terms( $post, 'category' );
	$published = get_post_datetime( $post, 'date', 'gmt' );
	return ai_relay_envelope( $event, $key ) + array(
		'post_id'      => $post->ID,
		'title'        => mb_substr( $post->post_title, 0, 300 ),
		'url'          => (string) get_permalink( $post ),
		'author'       => mb_substr( (string) get_the_author_meta( 'display_name', (int) $post->post_author ), 0, 200 ),
		'published_at' => $published ? $published->format( 'Y-m-d\TH:i:s\Z' ) : gmdate( 'Y-m-d\TH:i:s\Z' ),
		'meta'         => array(
			'categories' => is_array( $sections ) ? array_map( 'intval', array_slice( wp_list_pluck( $sections, 'term_id' ), 0, 100 ) ) : array(),
			// Stored with entities, as every term's name.
			'tags'       => array_map( 'wp_specialchars_decode', is_array( $tags ) ? array_slice( wp_list_pluck( $tags, 'name' ), 0, 100 ) : array() ),
		),
		'content'      => ai_relay_readable_content( $post->post_content ),
		'excerpt'      => mb_substr( $post->post_excerpt, 0, 2000 ),
		'language'     => get_bloginfo( 'language' ),
		'revision'     => ai_relay_revision( $post ),
	);
}

/**
 * Content without the block editor's comments, which only say how it is stored.
 *
 * Not rendered: running every block and shortcode of the site would cost the save its speed.
 *
 * @param string $content As stored.
 */
function ai_relay_readable_content( string $content ): string {
	// Null when a comment is too long for PCRE: then all of it, rather than nothing.
	$text = preg_replace( '/<!--\s*\/?wp:.*?-->\s*/s', '', $content ) ?? $content;
	return mb_substr( $text, 0, AI_RELAY_MAX_CONTENT );
}

/**
 * Tells two states of a post apart by what a person writes: title, content, excerpt. Meta and
 * status do not count, so our own results never look like a change.
 *
 * @param WP_Post $post The post.
 */
function ai_relay_revision( WP_Post $post ): string {
	return hash( 'sha256', $post->post_title . "\0" . $post->post_content . "\0" . $post->post_excerpt );
}

/**
 * Tells two states of a comment apart by what is judged: content, author's name and web address.
 *
 * @param WP_Comment $comment The comment.
 */
function ai_relay_comment_revision( WP_Comment $comment ): string {
	return hash( 'sha256', $comment->comment_content . "\0" . $comment->comment_author . "\0" . $comment->comment_author_url );
}

/**
 * What WordPress made of a comment, in the words of its REST API; '' when it is spam or deleted.
 *
 * @param WP_Comment $comment The comment.
 */
function ai_relay_comment_status( WP_Comment $comment ): string {
	$words = array(
		'approved'   => 'approved',
		'unapproved' => 'hold',
	);
	return $words[ wp_get_comment_status( $comment ) ] ?? '';
}

/**
 * Who wrote a comment, as far as the owner lets that leave the site: the address only as a hash.
 *
 * @param WP_Comment $comment The comment.
 */
function ai_relay_comment_author( WP_Comment $comment ): array {
	if ( '1' !== ai_relay_setting( 'comment_author' ) ) {
		return array();
	}
	$email = strtolower( trim( $comment->comment_author_email ) );
	return array(
		'author_name'         => mb_substr( $comment->comment_author, 0, 200 ),
		'author_url'          => $comment->comment_author_url,
		'author_email_sha256' => '' === $email ? '' : hash( 'sha256', $email ),
	);
}

/**
 * The body of comment.created.
 *
 * @param WP_Comment $comment The comment.
 * @param string     $key     Idempotency key.
 */
function ai_relay_comment_payload( WP_Comment $comment, string $key ): array {
	$post = get_post( (int) $comment->comment_post_ID );
	$body = ai_relay_envelope( 'comment.created', $key ) + array(
		'comment_id' => (int) $comment->comment_ID,
		'post_id'    => (int) $comment->comment_post_ID,
		'content'    => mb_substr( $comment->comment_content, 0, AI_RELAY_MAX_CONTENT ),
		'post_title' => $post ? mb_substr( $post->post_title, 0, 300 ) : '',
	) + ai_relay_comment_author( $comment ) + array(
		'url'      => get_comment_link( $comment ),
		'revision' => ai_relay_comment_revision( $comment ),
		'status'   => ai_relay_comment_status( $comment ),
	);
	// What is not known is left out rather than sent empty.
	return array_filter(
		$body,
		static function ( $value, $name ) {
			return '' !== $value || 'content' === $name;
		},
		ARRAY_FILTER_USE_BOTH
	);
}

/**
 * The JSON that is sent, never over the relay's limit: content is cut until it fits.
 *
 * @param array    $payload  The event.
 * @param int|null $sequence Its number in this site's order, when it has one.
 */
function ai_relay_encode( array $payload, ?int $sequence ): string {
	if ( null !== $sequence ) {
		$payload['sequence'] = $sequence;
	}
	// Pure ASCII (\u escapes): no character set between here and the database can change a byte.
	$json = (string) wp_json_encode( $payload );
	while ( strlen( $json ) > AI_RELAY_MAX_BODY && ! empty( $payload['content'] ) ) {
		$length             = mb_strlen( $payload['content'] );
		$fits               = (int) floor( $length * AI_RELAY_MAX_BODY / strlen( $json ) ) - 1;
		$payload['content'] = mb_substr( $payload['content'], 0, max( 0, $fits ) );
		$json               = (string) wp_json_encode( $payload );
	}
	return $json;
}
