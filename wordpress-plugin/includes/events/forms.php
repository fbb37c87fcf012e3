<?php
/**
 * Form plugins: when one of them has taken an entry, its adapter reads it and a lead is captured.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * The form plugins that are understood, by short name. Each has `title`, `is_active` (a callable:
 * whether the plugin is there), `hooks` (its actions after an entry that is neither invalid nor spam),
 * and `read`: a callable that takes the action's arguments and answers a lead, as
 * ai_relay_capture_lead() has it, or null when it is none.
 *
 * @return array<string,array{title:string,is_active:callable,hooks:string[],read:callable}>
 */
function ai_relay_forms(): array {
	$forms = array(
		'contact-form-7' => array(
			'title'     => 'Contact Form 7',
			'is_active' => static function () {
				return class_exists( 'WPCF7_Submission' );
			},
			// A lead whose mail could not be sent is one all the more.
			'hooks'     => array( 'wpcf7_mail_sent', 'wpcf7_mail_failed' ),
			'read'      => 'ai_relay_read_contact_form_7',
		),
		'wpforms'        => array(
			'title'     => 'WPForms',
			'is_active' => static function () {
				return function_exists( 'wpforms' );
			},
			'hooks'     => array( 'wpforms_process_complete' ),
			'read'      => 'ai_relay_read_wpforms',
		),
		'gravity-forms'  => array(
			'title'     => 'Gravity Forms',
			'is_active' => static function () {
				return class_exists( 'GFForms' );
			},
			'hooks'     => array( 'gform_after_submission' ),
			'read'      => 'ai_relay_read_gravity_forms',
		),
		'fluent-forms'   => array(
			'title'     => 'Fluent Forms',
			'is_active' => static function () {
				return defined( 'FLUENTFORM' );
			},
			// The second is what versions before 4.3.22 have; later ones fire both.
			'hooks'     => array( 'fluentform/submission_inserted', 'fluentform_submission_inserted' ),
			'read'      => 'ai_relay_read_fluent_forms',
		),
		'elementor'      => array(
			'title'     => 'Elementor Forms',
			'is_active' => static function () {
				return defined( 'ELEMENTOR_PRO_VERSION' );
			},
			'hooks'     => array( 'elementor_pro/forms/new_record' ),
			'read'      => 'ai_relay_read_elementor',
		),
	);
	/**
	 * Filters the form plugins whose entries become leads.
	 *
	 * @param array $forms By short name: `title`, `is_active`, `hooks`, `read`.
	 */
	return (array) apply_filters( 'ai_relay_forms', $forms );
}

/** Listens to the form plugins. After the theme, which may know another one. */
function ai_relay_listen_to_forms(): void {
	foreach ( ai_relay_forms() as $name => $form ) {
		foreach ( $form['hooks'] as $hook ) {
			add_action(
				$hook,
				static function ( ...$arguments ) use ( $name, $form ) {
					ai_relay_on_form( (string) $name, $form, $arguments );
				},
				20,
				5
			);
		}
	}
}
add_action( 'after_setup_theme', 'ai_relay_listen_to_forms', 20 );

/**
 * A form plugin has taken an entry. Whatever goes wrong here is not the visitor's concern.
 *
 * @param string $name      Short name of the plugin.
 * @param array  $form      Of ai_relay_forms().
 * @param array  $arguments Of its action.
 */
function ai_relay_on_form( string $name, array $form, array $arguments ): void {
	try {
		if ( ! call_user_func( $form['is_active'] ) ) {
			return;
		}
		$lead = call_user_func_array( $form['read'], $arguments );
		if ( is_array( $lead ) && ! empty( $lead['fields'] ) ) {
			ai_relay_capture_lead( array( 'plugin' => $name ) + $lead );
		}
	} catch ( Throwable $failure ) {
		if ( defined( 'WP_DEBUG' ) && WP_DEBUG ) {
			// Not its message, which may have in it what the visitor wrote.
			error_log( sprintf( 'AI Relay: an entry of %s was not understood: %s in %s, line %d', $name, get_class( $failure ), $failure->getFile(), $failure->getLine() ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions
		}
	}
}

/**
 * Titles of the form plugins that are active here, for the settings page.
 *
 * @return string[]
 */
function ai_relay_active_forms(): array {
	$active = array_filter(
		ai_relay_forms(),
		static function ( $form ) {
			try {
				return (bool) call_user_func( $form['is_active'] );
			} catch ( Throwable $failure ) {
				return false; // An adapter of somebody else's, which may not take the settings page down.
			}
		}
	);
	return array_column( $active, 'title' );
}
