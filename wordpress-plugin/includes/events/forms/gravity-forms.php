<?php
/**
 * Gravity Forms: `gform_after_submission`.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads an entry. It comes for spam too, which the entry's status tells.
 *
 * @param array $entry Values by the number of their input (`1`, or `1.3` for a part), and properties.
 * @param array $form  The form; its fields are objects that can be read as arrays.
 */
function ai_relay_read_gravity_forms( $entry, $form ): ?array {
	if ( 'active' !== ( $entry['status'] ?? 'active' ) ) {
		return null;
	}
	$read = array();
	foreach ( (array) ( $form['fields'] ?? array() ) as $field ) {
		$label  = (string) ( $field['label'] ?? '' );
		$read[] = array(
			'name'  => (string) ( $field['inputName'] ?? '' ),
			'label' => '' === $label ? (string) ( $field['adminLabel'] ?? '' ) : $label,
			'type'  => (string) ( ( $field['inputType'] ?? '' ) ? $field['inputType'] : ( $field['type'] ?? '' ) ),
			'value' => ai_relay_gravity_value( $entry, $field ),
		);
	}
	return array(
		'form_id'  => (string) ( $form['id'] ?? '' ),
		'form'     => (string) ( $form['title'] ?? '' ),
		'entry_id' => (string) ( $entry['id'] ?? '' ),
		'url'      => (string) ( $entry['source_url'] ?? '' ),
		'fields'   => $read,
	);
}

/**
 * The value of a field.
 *
 * @param array             $entry The entry.
 * @param array|ArrayAccess $field The field.
 * @return string|array
 */
function ai_relay_gravity_value( array $entry, $field ) {
	$number = (string) ( $field['id'] ?? '' );
	$value  = $entry[ $number ] ?? '';
	if ( '' === $value && is_array( $field['inputs'] ?? null ) ) {
		$parts = array();
		foreach ( $field['inputs'] as $input ) {
			$parts[] = $entry[ (string) ( $input['id'] ?? '' ) ] ?? '';
		}
		return in_array( $field['type'] ?? '', array( 'name', 'time', 'date' ), true ) ? implode( ' ', array_filter( $parts, 'strlen' ) ) : $parts;
	}
	$choices = 'multiselect' === ( $field['type'] ?? '' ) ? json_decode( (string) $value, true ) : null;
	if ( is_array( $choices ) ) {
		return $choices;
	}
	$list = 'list' === ( $field['type'] ?? '' ) && is_serialized( $value ) ? unserialize( $value, array( 'allowed_classes' => false ) ) : null; // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- how the plugin keeps lists; no objects.
	return is_array( $list ) ? $list : $value;
}
