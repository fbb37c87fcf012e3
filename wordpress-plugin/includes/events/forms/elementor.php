<?php
/**
 * Elementor Pro: `elementor_pro/forms/new_record`, which comes after validation and the honeypot.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads an entry. Elementor gives it no number here.
 *
 * @param ElementorPro\Modules\Forms\Classes\Form_Record $record The entry.
 */
function ai_relay_read_elementor( $record ): ?array {
	$read = array();
	foreach ( (array) $record->get( 'fields' ) as $name => $field ) {
		$read[] = array(
			'name'  => (string) ( $field['id'] ?? $name ),
			'label' => (string) ( $field['title'] ?? '' ),
			'type'  => (string) ( $field['type'] ?? '' ),
			'value' => $field['value'] ?? '',
		);
	}
	$meta = $record->get( 'meta' );
	return array(
		'form_id' => (string) $record->get_form_settings( 'id' ),
		'form'    => (string) $record->get_form_settings( 'form_name' ),
		'url'     => (string) ( $meta['page_url']['value'] ?? '' ),
		'fields'  => $read,
	);
}
