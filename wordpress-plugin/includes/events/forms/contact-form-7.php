<?php
/**
 * Contact Form 7: `wpcf7_mail_sent` and `wpcf7_mail_failed`, which come after validation and the
 * search for spam.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads an entry. Only fields of the form: anything may be posted beside them.
 *
 * @param WPCF7_ContactForm $form The form.
 */
function ai_relay_read_contact_form_7( $form ): ?array {
	$submission = WPCF7_Submission::get_instance();
	if ( ! $submission || $submission->get_meta( 'do_not_store' ) ) {
		return null; // The form, or whoever filled it in, says that it is to be mailed and nothing else.
	}
	$posted = (array) $submission->get_posted_data();
	$fields = array();
	foreach ( $form->scan_form_tags() as $tag ) {
		if ( '' !== (string) $tag->name && isset( $posted[ $tag->name ] ) ) {
			$fields[ $tag->name ] = array(
				'name'  => $tag->name,
				'type'  => $tag->basetype,
				'value' => $posted[ $tag->name ],
			);
		}
	}
	return array(
		'form_id' => (string) $form->id(),
		'form'    => (string) $form->title(),
		'url'     => (string) $submission->get_meta( 'url' ),
		'fields'  => array_values( $fields ),
	);
}
