<?php
/**
 * Fluent Forms: `fluentform/submission_inserted`, and the older `fluentform_submission_inserted`.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads an entry.
 *
 * @param int    $entry_id Number of the entry.
 * @param array  $data     Values by name; those of a name or an address are arrays.
 * @param object $form     The form: `id`, `title`, and `form_fields` as JSON.
 */
function ai_relay_read_fluent_forms( $entry_id, $data, $form ): ?array {
	$known = json_decode( (string) ( $form->form_fields ?? '' ), true );
	$known = ai_relay_fluent_elements( is_array( $known ) ? $known : array() );
	$read  = array();
	foreach ( (array) $data as $name => $value ) {
		$element = $known[ $name ] ?? array();
		$type    = (string) ( $element['element'] ?? '' );
		$read[]  = array(
			'name'  => (string) $name,
			'label' => ai_relay_fluent_label( $element ),
			'type'  => $type,
			'value' => 'input_name' === $type && is_array( $value ) ? implode( ' ', array_filter( array_map( 'ai_relay_field_text', $value ), 'strlen' ) ) : $value,
		);
	}
	return array(
		'form_id'  => (string) ( $form->id ?? '' ),
		'form'     => (string) ( $form->title ?? '' ),
		'entry_id' => (string) $entry_id,
		'url'      => (string) ( $data['_wp_http_referer'] ?? '' ),
		'fields'   => $read,
	);
}

/**
 * The elements of a form by name, also those within columns.
 *
 * @param array $node Decoded `form_fields`, or a part of it.
 * @return array<string,array>
 */
function ai_relay_fluent_elements( array $node ): array {
	$elements = array();
	foreach ( array_merge( $node['fields'] ?? array(), $node['columns'] ?? array() ) as $element ) {
		$name = is_array( $element ) ? ( $element['attributes']['name'] ?? '' ) : '';
		if ( is_string( $name ) && '' !== $name ) {
			$elements[ $name ] = $element;
		} elseif ( is_array( $element ) ) {
			$elements += ai_relay_fluent_elements( $element );
		}
	}
	return $elements;
}

/**
 * What a field is called.
 *
 * @param array $element Of the form.
 */
function ai_relay_fluent_label( array $element ): string {
	foreach ( array( 'label', 'admin_field_label' ) as $name ) {
		$label = $element['settings'][ $name ] ?? '';
		if ( is_string( $label ) && '' !== $label ) {
			return $label;
		}
	}
	return '';
}
