<?php
/**
 * What the site's privacy policy should say about the plugin (Settings, Privacy, Policy Guide), by what is
 * switched on.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Suggests the text. */
function ai_relay_suggest_policy(): void {
	if ( ! function_exists( 'wp_add_privacy_policy_content' ) ) {
		return;
	}
	$text = '<p class="privacy-policy-tutorial">' . esc_html__( 'AI Relay sends what happens on this site to a relay, which asks an AI about it. Name here who runs the relay and which AI it asks. The text follows your settings: look at it again when you change them.', 'ai-relay' ) . '</p>'
		. '<strong class="privacy-policy-tutorial">' . esc_html__( 'Suggested text:', 'ai-relay' ) . ' </strong>';
	foreach ( ai_relay_policy_sentences() as $sentence ) {
		$text .= '<p>' . esc_html( $sentence ) . '</p>';
	}
	wp_add_privacy_policy_content( __( 'AI Relay', 'ai-relay' ), wp_kses_post( $text ) );
}
add_action( 'admin_init', 'ai_relay_suggest_policy' );

/**
 * What is true with the settings as they are.
 *
 * @return string[] Plain text.
 */
function ai_relay_policy_sentences(): array {
	$host      = (string) wp_parse_url( ai_relay_setting( 'endpoint' ), PHP_URL_HOST );
	$sentences = array();
	if ( ai_relay_wants( 'comment.created' ) ) {
		$sentences[] = '1' === ai_relay_setting( 'comment_author' )
			? __( 'If you write a comment, its text, your name, your web address and a fingerprint (SHA-256) of your e-mail address are sent to an automated service that judges whether it is spam. The e-mail address itself is not sent.', 'ai-relay' )
			: __( 'If you write a comment, its text is sent to an automated service that judges whether it is spam. Your name and addresses are not sent.', 'ai-relay' );
	}
	if ( ai_relay_wants( 'lead.captured' ) ) {
		$sentences[] = ai_relay_policy_of_forms();
	}
	if ( ai_relay_wants( 'post.published' ) || ai_relay_wants( 'post.updated' ) ) {
		$sentences[] = __( 'Published posts, with the name of their author, are sent to an automated service that summarizes them.', 'ai-relay' );
	}
	if ( $sentences && '' !== $host ) {
		/* translators: %s: host name of a server. */
		$sentences[] = sprintf( __( 'This service is reached at %s.', 'ai-relay' ), $host );
	}
	if ( $sentences ) {
		$sentences[] = __( 'What was sent is kept in the log of this site for 30 days, what could not be sent and what the service answered for 90. If you ask us to erase your data, it is erased there, and by the service where it can tell from your e-mail address what is yours.', 'ai-relay' );
	}
	return $sentences;
}

/** What is true of forms. */
function ai_relay_policy_of_forms(): string {
	switch ( ai_relay_setting( 'personal' ) ) {
		case 'clear':
			return __( 'If you send a form, everything you enter is sent to an automated service that says what it is about and who should answer.', 'ai-relay' );
		case 'encrypted':
			return __( 'If you send a form, what you enter is sent to an automated service that says what it is about and who should answer. Name, addresses, telephone number and other personal fields are encrypted on the way and where they are stored.', 'ai-relay' );
		default:
			return __( 'If you send a form, what you enter is sent to an automated service that says what it is about and who should answer. Name, addresses, telephone number and other personal fields are left out.', 'ai-relay' );
	}
}
