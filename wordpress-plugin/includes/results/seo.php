<?php
/**
 * SEO texts where search engines see them: in the fields of an SEO plugin, or in a meta tag of our own.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * SEO plugins by the constant each defines: what it is called, and where it keeps title and description of a post; empty
 * where that is not in post meta or not ours to write.
 *
 * Yoast SEO keeps a copy in a table of its own, and renews it by itself at the end of a request in which its post meta
 * changed (Indexable_Post_Meta_Watcher). The others read the meta.
 */
const AI_RELAY_SEO_PLUGINS = array(
	'WPSEO_VERSION'             => array(
		'title'  => 'Yoast SEO',
		'fields' => array(
			'seo_title'       => '_yoast_wpseo_title',
			'seo_description' => '_yoast_wpseo_metadesc',
		),
	),
	'RANK_MATH_VERSION'         => array(
		'title'  => 'Rank Math',
		'fields' => array(
			'seo_title'       => 'rank_math_title',
			'seo_description' => 'rank_math_description',
		),
	),
	'SEOPRESS_VERSION'          => array(
		'title'  => 'SEOPress',
		'fields' => array(
			'seo_title'       => '_seopress_titles_title',
			'seo_description' => '_seopress_titles_desc',
		),
	),
	'AIOSEO_VERSION'            => array(
		'title'  => 'All in One SEO',
		'fields' => array(),
	),
	'THE_SEO_FRAMEWORK_VERSION' => array(
		'title'  => 'The SEO Framework',
		'fields' => array(),
	),
);

/**
 * The SEO plugin that is active, of those that are known.
 *
 * @return array{title:string,fields:array<string,string>}|null
 */
function ai_relay_known_seo_plugin(): ?array {
	$active = array_filter( AI_RELAY_SEO_PLUGINS, 'defined', ARRAY_FILTER_USE_KEY );
	return $active ? current( $active ) : null;
}

/**
 * The fields of the SEO plugin that is active.
 *
 * @return array<string,string>|null Meta keys by `seo_title` and `seo_description`; empty when none of that plugin can be
 *                                   written, null when no SEO plugin is active.
 */
function ai_relay_seo_fields(): ?array {
	/**
	 * Filters the post meta that the active SEO plugin reads.
	 *
	 * @param array<string,string>|null $fields Meta keys by `seo_title` and `seo_description`, null without such a plugin.
	 */
	return apply_filters( 'ai_relay_seo_fields', ai_relay_known_seo_plugin()['fields'] ?? null );
}

/** What the SEO plugin that is active is called, for people; '' without one. A filter may speak for one that is not known. */
function ai_relay_seo_title(): string {
	if ( null === ai_relay_seo_fields() ) {
		return '';
	}
	return ai_relay_known_seo_plugin()['title'] ?? __( 'your SEO plugin', 'ai-relay' );
}

/**
 * What a change of our fields writes to those of the SEO plugin, where the owner wants it: only where there is nothing,
 * or what we wrote.
 *
 * @param int   $post_id The post.
 * @param array $fields  Our fields as they will be, by meta key.
 * @return array<string,string|null> By meta key of the SEO plugin.
 */
function ai_relay_seo_writes( int $post_id, array $fields ): array {
	if ( 'plugin' !== ai_relay_setting( 'seo' ) ) {
		return array();
	}
	$writes = array();
	$ours   = ai_relay_last_writes( 'post', $post_id );
	foreach ( (array) ai_relay_seo_fields() as $name => $key ) {
		if ( ! array_key_exists( "ai_relay_$name", $fields ) ) {
			continue;
		}
		$there = get_post_meta( $post_id, $key, true );
		$copy  = ai_relay_without_variables( (string) get_post_meta( $post_id, "ai_relay_$name", true ) );
		if ( in_array( $there, array( '', $copy, $ours[ $key ] ?? '' ), true ) ) {
			$text           = ai_relay_without_variables( (string) $fields[ "ai_relay_$name" ] );
			$writes[ $key ] = '' === $text ? null : $text;
		}
	}
	return $writes;
}

/**
 * A text in which no SEO plugin finds a variable (%title%, %%cf_phone%%): it would put in what the model has no business
 * to show.
 *
 * @param string $text Plain text.
 */
function ai_relay_without_variables( string $text ): string {
	return (string) preg_replace( '/%+([A-Za-z_][^%\s]*)%+/', '$1', $text );
}

/** Prints the description of a post or page, where the owner wants it and no SEO plugin does so. */
function ai_relay_print_description(): void {
	$types = ai_relay_post_types();
	if ( 'tag' !== ai_relay_setting( 'seo' ) || ! $types || ! is_singular( $types ) || null !== ai_relay_seo_fields() || post_password_required( get_queried_object_id() ) ) {
		return;
	}
	$description = get_post_meta( get_queried_object_id(), 'ai_relay_seo_description', true );
	if ( is_string( $description ) && '' !== $description ) {
		printf( '<meta name="description" content="%s">' . "\n", esc_attr( $description ) );
	}
}
add_action( 'wp_head', 'ai_relay_print_description', 5 );
