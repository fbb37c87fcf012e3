<?php
/**
 * A form that somebody has filled in becomes lead.captured.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Fields of a form that are sent at most, and of these, personal ones. */
const AI_RELAY_MOST_FIELDS   = 100;
const AI_RELAY_MOST_PERSONAL = 50;

/** Bytes of JSON for the fields in clear, and for the personal ones: encrypted, the relay takes 65,536 characters. */
const AI_RELAY_FIELDS_BYTES   = 150000;
const AI_RELAY_PERSONAL_BYTES = 45000;

/**
 * Writes the event of a lead. A form plugin's own adapter calls this, and so may the code of any
 * other form.
 *
 * @param array $lead `plugin` (a short name), `form_id`, `form` (its title), `entry_id` ('' if nothing
 *                    keeps the entry), `url` (of the page), and `fields`, a list of arrays of `name`,
 *                    `label`, `type` and `value` (a text or a list of texts). All but `fields` may be
 *                    left out.
 * @return string The event's key; '' when the owner wants no leads to be sent, or a filter withheld it.
 */
function ai_relay_capture_lead( array $lead ): string {
	if ( ! ai_relay_wants( 'lead.captured' ) ) {
		return '';
	}
	$lead  += array_fill_keys( array( 'plugin', 'form_id', 'form', 'entry_id', 'url' ), '' );
	$sorted = ai_relay_sort_fields( $lead );
	$key    = ai_relay_lead_key( $lead, $sorted );
	if ( ai_relay_outbox_has( $key ) ) {
		return $key; // The form fires twice for one entry.
	}
	$title   = trim( ai_relay_field_text( $lead['form'] ) );
	$payload = ai_relay_envelope( 'lead.captured', $key ) + array(
		'lead_id' => ai_relay_lead_id( (string) $lead['entry_id'], $key ),
		'form'    => '' === $title ? trim( $lead['plugin'] . ' ' . $lead['form_id'] ) : mb_substr( $title, 0, 300 ),
		'url'     => ai_relay_page_address( (string) $lead['url'] ),
	) + ai_relay_fields_to_send( $sorted['clear'], $sorted['personal'] );
	$payload = ai_relay_filtered( $payload );
	if ( null === $payload ) {
		return '';
	}
	// An object even if it is empty or its names are numbers.
	if ( is_array( $payload['fields'] ?? null ) ) {
		$payload['fields'] = (object) $payload['fields'];
	}
	ai_relay_outbox_add( $key, $payload );
	return $key;
}

/**
 * The fields as the owner lets them leave the site.
 *
 * @param array<string,string> $clear    Fields that are not personal.
 * @param array<string,string> $personal Fields that are.
 * @return array<string,mixed> `fields`, and maybe `encrypted`.
 */
function ai_relay_fields_to_send( array $clear, array $personal ): array {
	$personal = ai_relay_fit( array_slice( $personal, 0, AI_RELAY_MOST_PERSONAL, true ), AI_RELAY_PERSONAL_BYTES );
	$token    = '';
	switch ( ai_relay_setting( 'personal' ) ) {
		case 'clear':
			$clear += $personal;
			break;
		case 'encrypted':
			// Without a key that is one, they are left out.
			$token = $personal ? ai_relay_encrypt_fields( $personal ) : '';
			break;
	}
	$fields = array( 'fields' => ai_relay_fit( $clear, AI_RELAY_FIELDS_BYTES ) );
	return '' === $token ? $fields : $fields + array( 'encrypted' => $token );
}

/**
 * Cuts the longest texts until all of them fit.
 *
 * @param array<string,string> $texts By name.
 * @param int                  $bytes As JSON.
 */
function ai_relay_fit( array $texts, int $bytes ): array {
	$longest = AI_RELAY_MAX_CONTENT;
	while ( strlen( (string) wp_json_encode( $texts ) ) > $bytes && $longest > 1 ) {
		$longest = intdiv( $longest, 2 );
		foreach ( $texts as $name => $text ) {
			$texts[ $name ] = mb_substr( $text, 0, $longest );
		}
	}
	return $texts;
}

/**
 * The key of a lead: by the entry's number where there is one (and the day, since a plugin that was
 * emptied counts from one again), or else by what was entered within a minute or two.
 *
 * @param array $lead   The lead.
 * @param array $sorted Its fields.
 */
function ai_relay_lead_key( array $lead, array $sorted ): string {
	$form  = $lead['plugin'] . '|' . $lead['form_id'] . '|';
	$entry = (string) $lead['entry_id'];
	if ( '' !== $entry && '0' !== $entry ) {
		return ai_relay_key( 'lead', (int) $entry, $form . $entry . '|' . gmdate( 'Y-m-d' ) );
	}
	$what   = $form . hash( 'sha256', (string) wp_json_encode( $sorted ) ) . '|';
	$minute = intdiv( time(), MINUTE_IN_SECONDS );
	$before = ai_relay_key( 'lead', 0, $what . ( $minute - 1 ) );
	return ai_relay_outbox_has( $before ) ? $before : ai_relay_key( 'lead', 0, $what . $minute );
}

/**
 * What the relay and a CRM call the lead: the entry's number or name, or else the end of the key.
 *
 * @param string $entry Number or name of the entry, or ''.
 * @param string $key   The event's key.
 * @return int|string
 */
function ai_relay_lead_id( string $entry, string $key ) {
	if ( preg_match( '/^[1-9]\d{0,17}$/D', $entry ) ) {
		return (int) $entry;
	}
	return preg_match( AI_RELAY_KEY_FORM, $entry ) && '0' !== $entry ? $entry : substr( $key, -24 );
}

/**
 * Address of the page with the form, without what follows a question mark: that may say who asked.
 *
 * @param string $url Address, or '' for the one that the browser came from.
 */
function ai_relay_page_address( string $url ): string {
	$url = '' === $url ? (string) wp_get_raw_referer() : $url;
	// A path is one from the root of the host, wherever below it the site is.
	$url = preg_match( '#^/(?!/)#', $url ) ? preg_replace( '#^(https?://[^/]+).*#i', '$1', home_url() ) . $url : $url;
	$url = esc_url_raw( (string) strtok( $url, '?#' ), array( 'http', 'https' ) );
	return strlen( $url ) > 2048 ? '' : $url;
}
