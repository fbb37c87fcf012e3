<?php
/**
 * Which settings the form has, in which sections, and in which words.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * The sections of the form, in their order.
 *
 * @return array<string,array{title:string,text:string}>
 */
function ai_relay_form_sections(): array {
	return array(
		'connection' => array(
			'title' => __( 'Connection', 'ai-relay' ),
			'text'  => __( 'Where the relay is, and the secret that both ends share. Saving also ends a pause.', 'ai-relay' ),
		),
		'events'     => array(
			'title' => __( 'What is sent', 'ai-relay' ),
			'text'  => __( 'Only what is switched on here leaves this site. Drafts, private posts and posts with a password never do.', 'ai-relay' ),
		),
		'personal'   => array(
			'title' => __( 'Personal data', 'ai-relay' ),
			'text'  => __( 'What the relay learns of the people who write to you. An e-mail address of a comment leaves this site only as a hash.', 'ai-relay' ),
		),
		'results'    => array(
			'title' => __( 'Results', 'ai-relay' ),
			'text'  => __( 'What the AI may do here by itself.', 'ai-relay' ),
		),
	);
}

/**
 * The fields, in their order: section, type, label, hint, and for a choice what there is to choose from.
 *
 * @return array<string,array>
 */
function ai_relay_form_fields(): array {
	return ai_relay_connection_fields() + ai_relay_event_fields() + ai_relay_personal_fields() + ai_relay_result_fields();
}

/** Fields of the section Connection. */
function ai_relay_connection_fields(): array {
	return array(
		'endpoint'    => array(
			'section' => 'connection',
			'type'    => 'text',
			'label'   => __( 'Endpoint', 'ai-relay' ),
			'hint'    => __( 'Where the relay takes events, for example https://relay.example.com/webhooks/wp', 'ai-relay' ),
		),
		'secret'      => array(
			'section' => 'connection',
			'type'    => 'secret',
			'label'   => __( 'Secret', 'ai-relay' ),
			'hint'    => __( 'The secret that the relay was started with: WP_RELAY_SECRET, or else the file “secret” in its data directory.', 'ai-relay' ),
		),
		'secret_next' => array(
			'section' => 'connection',
			'type'    => 'secret',
			'label'   => __( 'Next secret', 'ai-relay' ),
			'hint'    => __( 'Only to replace the secret without a break: give both ends the new one here (at the relay it is WP_RELAY_SECRET_NEXT), then make it the current one. Until then both count.', 'ai-relay' ),
		),
		'key_id'      => array(
			'section' => 'connection',
			'type'    => 'text',
			'label'   => __( 'Key id', 'ai-relay' ),
			'hint'    => __( 'Only if the relay serves several sites: the name that the secret has there.', 'ai-relay' ),
		),
	);
}

/** Fields of the section What is sent. */
function ai_relay_event_fields(): array {
	return array(
		'events'     => array(
			'section' => 'events',
			'type'    => 'list',
			'label'   => __( 'Events', 'ai-relay' ),
			'choices' => array(
				'post.published'  => __( 'A post is published: it gets a summary, SEO texts and keywords.', 'ai-relay' ),
				'post.updated'    => __( 'The text of a published post changes: its texts are made anew.', 'ai-relay' ),
				'comment.created' => __( 'A comment comes in: it is judged.', 'ai-relay' ),
				'lead.captured'   => __( 'A form is filled in: the lead is rated and goes to your CRM.', 'ai-relay' ),
			),
		),
		'post_types' => array(
			'section' => 'events',
			'type'    => 'list',
			'label'   => __( 'Post types', 'ai-relay' ),
			'choices' => ai_relay_public_post_types(),
			'hint'    => __( 'Comments are sent of these too.', 'ai-relay' ),
		),
		'imports'    => array(
			'section' => 'events',
			'type'    => 'switch',
			'label'   => __( 'Imports', 'ai-relay' ),
			'choice'  => __( 'Send what an import publishes', 'ai-relay' ),
			'hint'    => __( 'An import can be thousands of posts at once, and each costs what the AI costs.', 'ai-relay' ),
		),
		'nightly'    => array(
			'section' => 'events',
			'type'    => 'list',
			'label'   => __( 'Every night', 'ai-relay' ),
			'choices' => array(
				'enrich_posts'      => __( 'Have summaries made for older posts that have none.', 'ai-relay' ),
				'moderate_comments' => __( 'Have waiting comments judged that have no verdict.', 'ai-relay' ),
			),
			'hint'    => __( 'Some of them each night, the newest first.', 'ai-relay' ),
		),
	);
}

/**
 * Public post types and their names.
 *
 * @return array<string,string>
 */
function ai_relay_public_post_types(): array {
	$types = wp_list_pluck( wp_list_pluck( get_post_types( array( 'public' => true ), 'objects' ), 'labels' ), 'name' );
	unset( $types['attachment'] );
	return $types;
}

/** Fields of the section Personal data. */
function ai_relay_personal_fields(): array {
	return array(
		'personal'       => array(
			'section' => 'personal',
			'type'    => 'choice',
			'label'   => __( 'Forms', 'ai-relay' ),
			'choices' => array(
				'left_out'  => __( 'Names, e-mail addresses, phone numbers and addresses are left out.', 'ai-relay' ),
				'encrypted' => __( 'They are sent encrypted; only your relay can read them, with the key below.', 'ai-relay' ),
				'clear'     => __( 'They are sent as they are. Use an endpoint with https then.', 'ai-relay' ),
			),
			'hint'    => ai_relay_forms_hint(),
		),
		'pii_key'        => array(
			'section' => 'personal',
			'type'    => 'secret',
			'label'   => __( 'Key for encryption', 'ai-relay' ),
			'hint'    => __( 'The same as RELAY_PII_KEY at the relay: 32 random bytes in base64. “openssl rand -base64 32” makes one.', 'ai-relay' ),
		),
		'comment_author' => array(
			'section' => 'personal',
			'type'    => 'switch',
			'label'   => __( 'Comments', 'ai-relay' ),
			'choice'  => __( 'Send the name and web address of who wrote a comment', 'ai-relay' ),
			'hint'    => __( 'Spam shows in them more often than in the text.', 'ai-relay' ),
		),
	);
}

/** Which form plugins are active here, in a sentence. */
function ai_relay_forms_hint(): string {
	$active = ai_relay_active_forms();
	if ( ! $active ) {
		return __( 'No form plugin that is known is active here.', 'ai-relay' );
	}
	/* translators: %s: a name of a form plugin, or several. */
	return sprintf( _n( '%s is active here.', '%s are active here.', count( $active ), 'ai-relay' ), wp_sprintf( '%l', $active ) );
}

/** Fields of the section Results. */
function ai_relay_result_fields(): array {
	$plugin = ai_relay_seo_title();
	return array(
		'approve' => array(
			'section' => 'results',
			'type'    => 'switch',
			'label'   => __( 'Comments', 'ai-relay' ),
			'choice'  => __( 'Publish comments that the AI approves', 'ai-relay' ),
			'hint'    => __( 'Only those that wait for moderation, that it is sure of, and that nobody has edited or moderated since. While this is off, the AI can hold a comment or call it spam, and never publish one.', 'ai-relay' ),
		),
		'seo'     => array(
			'section' => 'results',
			'type'    => 'choice',
			'label'   => __( 'SEO texts', 'ai-relay' ),
			'choices' => array(
				''       => __( 'Only show them in the editor.', 'ai-relay' ),
				'plugin' => ! ai_relay_seo_fields()
					? __( 'Put them into the fields of Yoast SEO, Rank Math or SEOPress, where they are empty. None of them is active.', 'ai-relay' )
					/* translators: %s: name of an SEO plugin. */
					: sprintf( __( 'Put them into the fields of %s, where they are empty.', 'ai-relay' ), $plugin ),
				'tag'    => '' === $plugin
					? __( 'Print the description as a meta tag.', 'ai-relay' )
					/* translators: %s: name of an SEO plugin. */
					: sprintf( __( 'Print the description as a meta tag. Not while %s is active, which prints one of its own.', 'ai-relay' ), $plugin ),
			),
		),
	);
}

/** Registers the settings and their fields; the Settings API checks nonce and capability. */
function ai_relay_register_settings(): void {
	foreach ( ai_relay_form_sections() as $slug => $section ) {
		add_settings_section(
			'ai_relay_' . $slug,
			$section['title'],
			static function () use ( $section ) {
				echo '<p>' . esc_html( $section['text'] ) . '</p>';
			},
			'ai-relay'
		);
	}
	foreach ( ai_relay_form_fields() as $name => $field ) {
		$field['name'] = $name;
		if ( in_array( $field['type'], array( 'text', 'secret' ), true ) ) {
			$field['label_for'] = 'ai_relay_' . $name;
		}
		$clean = static function ( $value ) use ( $name, $field ) {
			return ai_relay_clean( $name, $field, $value );
		};
		register_setting( 'ai-relay', 'ai_relay_' . $name, array( 'sanitize_callback' => $clean ) );
		add_settings_field( 'ai_relay_' . $name, $field['label'], 'ai_relay_field', 'ai-relay', 'ai_relay_' . $field['section'], $field );
	}
}
add_action( 'admin_init', 'ai_relay_register_settings' );

/** Saving ends a pause, also when nothing was changed: the owner says "try again". */
foreach ( AI_RELAY_CONNECTION as $ai_relay_name ) {
	add_filter(
		'pre_update_option_ai_relay_' . $ai_relay_name,
		static function ( $value ) {
			add_action( 'shutdown', 'ai_relay_resume', 6 );
			return $value;
		}
	);
}
