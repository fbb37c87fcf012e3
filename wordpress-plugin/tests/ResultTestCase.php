<?php
/**
 * What the tests of results share: results as the relay sends them.
 *
 * @package AI_Relay
 */

abstract class ResultTestCase extends SiteTestCase {

	protected const ENRICHMENT = array(
		'summary'         => 'What it is about.',
		'seo_title'       => 'A better title',
		'seo_description' => 'Why one should read it.',
		'keywords'        => array( 'one', 'two' ),
		'language'        => 'en',
	);

	protected function enrichment( int $post_id, array $changes = array() ): array {
		return array_replace_recursive(
			array(
				'event'           => 'post.published',
				'idempotency_key' => 'key-1',
				'action'          => 'enrich_post',
				'target'          => array( 'type' => 'post', 'id' => $post_id ),
				'provider'        => 'local',
				'model'           => 'm',
				'result'          => self::ENRICHMENT,
			),
			$changes
		);
	}

	protected function verdict( int $comment_id, string $verdict, string $key = 'key-c' ): array {
		return array(
			'event'           => 'comment.created',
			'idempotency_key' => $key,
			'action'          => 'moderate_comment',
			'target'          => array( 'type' => 'comment', 'id' => $comment_id ),
			'result'          => array( 'verdict' => $verdict, 'confidence' => 0.97, 'reason' => 'Bait and links' ),
		);
	}

	/** An approval of the comment as it is now. */
	protected function approval( int $comment_id, array $changes = array() ): array {
		$revision = ai_relay_comment_revision( get_comment( $comment_id ) );
		return array_replace_recursive( array( 'revision' => $revision ) + $this->verdict( $comment_id, 'approve' ), $changes );
	}

	/** A request with the key that belongs to it, and no login unless asked for. */
	protected function request( $body, array $changes = array() ): array {
		$body = is_array( $body ) ? wp_json_encode( $body ) : $body;
		$of   = json_decode( $body, true );
		return array_replace_recursive(
			array(
				'path'    => '/ai-relay/v1/results',
				'headers' => array( 'Idempotency-Key' => ( $of['idempotency_key'] ?? '' ) . ':' . ( $of['action'] ?? '' ) ),
				'body'    => $body,
			),
			$changes
		);
	}

	protected function send( $body, array $changes = array() ): array {
		return $this->http( array( $this->request( $body, $changes ) ) )[0];
	}

	protected function meta( int $post_id ): array {
		$meta = array();
		foreach ( array_keys( self::ENRICHMENT ) as $name ) {
			$meta[ $name ] = get_post_meta( $post_id, "ai_relay_$name", true );
		}
		return $meta;
	}

	/** As the relay sends the result of a post of a batch. */
	protected function of_batch( array $body, string $number ): array {
		$headers = array( 'headers' => array( 'Idempotency-Key' => "key-b:{$body['action']}:$number" ) );
		return $this->send( array( 'event' => 'batch.requested', 'idempotency_key' => 'key-b' ) + $body, $headers );
	}

	/** The rows of the table of results, the oldest first. */
	protected function results(): array {
		global $wpdb;
		return $wpdb->get_results( 'SELECT * FROM ' . ai_relay_result_table() . ' ORDER BY id' );
	}

	/** Applies a result in this process. */
	protected function apply( array $body ): string {
		$status = ai_relay_apply_once( $body['idempotency_key'] . ':' . $body['action'], hash( 'sha256', wp_json_encode( $body ) ), $body );
		wp_cache_flush();
		return $status;
	}

	/** An enrichment under a key of its own, with a summary of its own and nothing else changed. */
	protected function another( int $post_id, string $summary, array $changes = array() ): array {
		return $this->enrichment( $post_id, array_replace_recursive( array( 'idempotency_key' => 'key-' . md5( $summary ), 'result' => array( 'summary' => $summary ) ), $changes ) );
	}
}
