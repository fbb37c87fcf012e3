<?php
/**
 * Which fields of a form are sent, and which of them are personal: decided here for all forms.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Types of fields that never leave the site, or hold nothing: parts of the names that the form plugins give them. */
const AI_RELAY_UNSENT_TYPES = '/file|upload|input_image|post_image|featured_image|signature|password|card|stripe|paypal|square|authorize|payment_method'
	. '|captcha|turnstile|honeypot|quiz|hidden|token|nonce|consent|acceptance|gdpr|terms|html|section|divider|page|step|submit|button|shortcode|action_hook|container/i';

/** The same by a field's name or label, for those that a plain text field asks for. */
const AI_RELAY_UNSENT_NAMES = '/pass(word|wort|phrase)|kennwort|mot.?de.?passe|contrase(ñ|n)a|senha|captcha|turnstile|honeypot|nonce|token|csrf'
	. '|credit.?card|card.?num|kreditkarte|kartennummer|carte.?(de.?cr(é|e)dit|bancaire)|tarjeta|(^|[^a-z])(cv[cv]2?|iban)([^a-z]|$)|social.?security|(^|[^a-z])ssn([^a-z]|$)'
	. '|consent|gdpr|dsgvo|rgpd|privacy.?policy|datenschutz/iu';

/** Types of personal fields. */
const AI_RELAY_PERSONAL_TYPES = '/mail|phone|^tel$|^(input_)?names?$|address/i';

/** Personal fields by name or label, in the languages most sites are in. */
const AI_RELAY_PERSONAL_NAMES = '/mail|courriel|correo|(^|[^a-z])names?([^a-z]|$)|(first|last|sur|full|user|vor|nach|familien)_?name|pr(é|e)nom|(^|[^a-z])nom([^a-z]|$)|nombre|apellido|cognome|sobrenome'
	. '|phone|telefon|t(é|e)l(é|e)phone|tel(é|e)fono|telefone|(^|[^a-z])tel([^a-z]|$)|mobil|m(ó|o)vil|handynummer|whatsapp|(^|[^a-z])fax([^a-z]|$)'
	. '|address|adress|anschrift|street|stra(ß|ss)e|(^|[^a-z])rue([^a-z]|$)|calle|direcci(ó|o)n|indirizzo|endere(ç|c)o|post.?code|zip|(^|[^a-z])plz([^a-z]|$)|postleitzahl|code.?postal|(^|[^a-z])(city|town|ort|ville|ciudad|cidade)([^a-z]|$)|wohnort'
	. '|birth|geburt|naissance|nacimiento/iu';

/** Names of things, which look like names of people. */
const AI_RELAY_THING_NAMES = '/(company|firma|firm|organi[sz]ation|business|product|produkt|project|projekt|event|course|domain|entreprise|empresa|société)[^a-z]*(name|nom|nombre)|nombre.de.(la.)?empresa|nom.de.(l.)?entreprise/iu';

/**
 * Sorts a lead's fields into those that are personal and those that are not; leaves out what is not
 * to be sent, and what is empty.
 *
 * @param array $lead See ai_relay_capture_lead().
 * @return array{clear:array<string,string>,personal:array<string,string>} Texts by label, or else name.
 */
function ai_relay_sort_fields( array $lead ): array {
	$sorted = array(
		'clear'    => array(),
		'personal' => array(),
	);
	foreach ( array_slice( (array) ( $lead['fields'] ?? array() ), 0, AI_RELAY_MOST_FIELDS ) as $field ) {
		$field = (array) $field + array_fill_keys( array( 'name', 'label', 'type', 'value' ), '' );
		$text  = trim( ai_relay_field_text( $field['value'] ) );
		if ( '' === $text || ! ai_relay_may_send_field( $field, $text, $lead ) ) {
			continue;
		}
		$kind  = ai_relay_is_personal( $field, $text, $lead ) ? 'personal' : 'clear';
		$label = ai_relay_free_label( $field, $sorted['clear'] + $sorted['personal'] );

		$sorted[ $kind ][ $label ] = $text;
	}
	return $sorted;
}

/**
 * Whether a field may leave the site at all.
 *
 * @param array  $field The field.
 * @param string $text  Its value.
 * @param array  $lead  The lead.
 */
function ai_relay_may_send_field( array $field, string $text, array $lead ): bool {
	$name = (string) $field['name'];
	$send = ! preg_match( AI_RELAY_UNSENT_TYPES, strtr( (string) $field['type'], '- ', '__' ) )
		&& ! preg_match( AI_RELAY_UNSENT_NAMES, $name )
		&& ! preg_match( AI_RELAY_UNSENT_NAMES, (string) $field['label'] )
		&& '_' !== substr( $name, 0, 1 )
		&& 0 !== strpos( $text, 'data:' )
		// One in ten telephone numbers would pass for that of a card.
		&& ( ! ai_relay_is_card_number( $text ) || ai_relay_asks_for_a_person( $field ) );
	/**
	 * Filters whether a field of a form may be sent. Uploads, passwords, card numbers, hidden fields,
	 * captchas and consents are not.
	 *
	 * @param bool  $send  What holds without this filter.
	 * @param array $field `name`, `label`, `type`, `value`.
	 * @param array $lead  The lead: `plugin`, `form_id`, `form`, `entry_id`, `url`, `fields`.
	 */
	return (bool) apply_filters( 'ai_relay_send_field', $send, $field, $lead );
}

/**
 * Whether a field asks who somebody is, by its type, its name or its label.
 *
 * @param array $field The field.
 */
function ai_relay_asks_for_a_person( array $field ): bool {
	if ( preg_match( AI_RELAY_PERSONAL_TYPES, strtr( (string) $field['type'], '- ', '__' ) ) ) {
		return true;
	}
	foreach ( array( (string) $field['name'], (string) $field['label'] ) as $words ) {
		if ( preg_match( AI_RELAY_PERSONAL_NAMES, $words ) && ! preg_match( AI_RELAY_THING_NAMES, $words ) ) {
			return true;
		}
	}
	return false;
}

/**
 * Whether a field tells who somebody is: because it asks so, or because an e-mail address was entered.
 *
 * @param array  $field The field.
 * @param string $text  Its value.
 * @param array  $lead  The lead.
 */
function ai_relay_is_personal( array $field, string $text, array $lead ): bool {
	$personal = ai_relay_asks_for_a_person( $field ) || false !== is_email( $text );
	/**
	 * Filters whether a field of a form is personal: left out, encrypted or sent in clear, as the owner
	 * has chosen.
	 *
	 * @param bool  $personal What holds without this filter.
	 * @param array $field    `name`, `label`, `type`, `value`.
	 * @param array $lead     The lead: `plugin`, `form_id`, `form`, `entry_id`, `url`, `fields`.
	 */
	return (bool) apply_filters( 'ai_relay_personal_field', $personal, $field, $lead );
}

/**
 * Whether a text is the number of a payment card: 13 to 19 digits with a valid check digit (ISO/IEC 7812-1).
 *
 * @param string $text Any text.
 */
function ai_relay_is_card_number( string $text ): bool {
	$digits = (string) preg_replace( '/[ -]/', '', $text );
	if ( ! preg_match( '/^[2-6]\d{12,18}$/D', $digits ) ) {
		return false;
	}
	$sum = 0;
	foreach ( array_reverse( array_map( 'intval', str_split( $digits ) ) ) as $place => $digit ) {
		$digit *= 1 + $place % 2;
		$sum   += $digit > 9 ? $digit - 9 : $digit;
	}
	return 0 === $sum % 10;
}

/**
 * A value as one text: a list with commas.
 *
 * @param mixed $value Text, number, truth, or a list of these.
 */
function ai_relay_field_text( $value ): string {
	if ( is_array( $value ) ) {
		return implode( ', ', array_filter( array_map( 'ai_relay_field_text', $value ), 'strlen' ) );
	}
	return is_scalar( $value ) ? mb_substr( wp_check_invalid_utf8( (string) $value, true ), 0, AI_RELAY_MAX_CONTENT ) : '';
}

/**
 * A name for a field in the event that no other has.
 *
 * @param array                $field The field.
 * @param array<string,string> $taken Names so far.
 */
function ai_relay_free_label( array $field, array $taken ): string {
	$label = mb_substr( ai_relay_plain_text( $field['label'] ), 0, 100 );
	$label = '' === $label ? mb_substr( ai_relay_plain_text( $field['name'] ), 0, 100 ) : $label;
	$label = '' === $label ? 'field' : $label;
	$free  = $label;
	for ( $number = 2; isset( $taken[ $free ] ); $number++ ) {
		$free = "$label ($number)";
	}
	return $free;
}
