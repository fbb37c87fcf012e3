<?php
/**
 * WPForms: `wpforms_process_complete`.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads an entry.
 *
 * @param array $fields    Each with `name` (which is its label), `type`, `value`, by number.
 * @param array $entry     What was posted.
 * @param array $form_data The form, and what the plugin found out of the entry.
 * @param int   $entry_id  Number of the entry; 0 where entries are not kept.
 */
function ai_relay_read_wpforms( $fields, $entry, $form_data, $entry_id = 0 ): ?array {
	if ( ! empty( $form_data['spam_reason'] ) ) {
		return null;
	}
	$read = array();
	foreach ( (array) $fields as $number => $field ) {
		$read[] = array(
			'name'  => 'field ' . ( $field['id'] ?? $number ),
			'label' => (string) ( $field['name'] ?? '' ),
			'type'  => (string) ( $field['type'] ?? '' ),
			// Several choices come one a line.
			'value' => in_array( $field['type'] ?? '', array( 'checkbox', 'select' ), true ) ? explode( "\n", (string) ( $field['value'] ?? '' ) ) : ( $field['value'] ?? '' ),
		);
	}
	return array(
		'form_id'  => (string) ( $form_data['id'] ?? '' ),
		'form'     => (string) ( $form_data['settings']['form_title'] ?? '' ),
		'entry_id' => (string) $entry_id,
		'url'      => (string) ( $form_data['entry_meta']['page_url'] ?? '' ),
		'fields'   => $read,
	);
}
