<?php
/**
 * Prints the fields of the form. A secret is never printed, only whether there is one.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Prints a field and what is to be said of it.
 *
 * @param array $field Of ai_relay_form_fields(), with its name.
 */
function ai_relay_field( array $field ): void {
	$hints = ai_relay_field_hints( $field );
	switch ( $field['type'] ) {
		case 'text':
		case 'secret':
			ai_relay_text_field( $field );
			break;
		case 'switch':
			ai_relay_switch_field( $field );
			break;
		default:
			ai_relay_choices_field( $field, array() !== $hints );
	}
	if ( $hints ) {
		printf(
			'<div id="ai_relay_%s_hint"><p class="description">%s</p></div>',
			esc_attr( $field['name'] ),
			implode( '</p><p class="description">', array_map( 'esc_html', $hints ) ) // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- each is escaped.
		);
	}
}

/**
 * What is said below a field.
 *
 * @param array $field Of ai_relay_form_fields(), with its name.
 * @return string[]
 */
function ai_relay_field_hints( array $field ): array {
	$hints = array();
	if ( 'secret' === $field['type'] && '' !== ai_relay_setting( $field['name'] ) ) {
		$hints[] = __( 'One is set. It is never shown; fill this in only to change it.', 'ai-relay' );
	}
	if ( '' !== ( $field['hint'] ?? '' ) ) {
		$hints[] = $field['hint'];
	}
	if ( ai_relay_is_for_network( $field['name'] ) ) {
		$hints = array( __( 'Only who manages the network of sites can change this: the server sends there.', 'ai-relay' ) );
	}
	if ( ai_relay_is_fixed( $field['name'] ) ) {
		/* translators: %s: name of a PHP constant. */
		$hints = array( sprintf( __( 'Fixed by %s in wp-config.php.', 'ai-relay' ), 'AI_RELAY_' . strtoupper( $field['name'] ) ) );
	}
	return $hints;
}

/**
 * Prints a text, or a secret. A secret is posted in an array: options.php trims plain strings, and a
 * secret may begin or end with a space.
 *
 * @param array $field Of ai_relay_form_fields(), with its name.
 */
function ai_relay_text_field( array $field ): void {
	$name   = $field['name'];
	$secret = 'secret' === $field['type'];
	printf(
		'<input type="%1$s" class="regular-text code" id="ai_relay_%2$s" name="ai_relay_%2$s%3$s" value="%4$s" autocomplete="%5$s" spellcheck="false" aria-describedby="ai_relay_%2$s_hint"%6$s>',
		esc_attr( $secret ? 'password' : 'text' ),
		esc_attr( $name ),
		esc_attr( $secret ? '[value]' : '' ),
		esc_attr( $secret ? '' : ai_relay_setting( $name ) ),
		esc_attr( $secret ? 'new-password' : 'off' ),
		disabled( ai_relay_is_fixed( $name ) || ai_relay_is_for_network( $name ), true, false )
	);
	if ( 'secret_next' === $name ) {
		ai_relay_rotation_buttons();
	}
}

/**
 * Prints a switch. A browser posts nothing for one that is off, so a hidden field says so.
 *
 * @param array $field Of ai_relay_form_fields(), with its name.
 */
function ai_relay_switch_field( array $field ): void {
	printf(
		'<input type="hidden" name="ai_relay_%1$s" value="0"%2$s><label for="ai_relay_%1$s"><input type="checkbox" id="ai_relay_%1$s" name="ai_relay_%1$s" value="1" aria-describedby="ai_relay_%1$s_hint"%3$s%2$s> %4$s</label>',
		esc_attr( $field['name'] ),
		disabled( ai_relay_is_fixed( $field['name'] ), true, false ),
		checked( '1' === ai_relay_setting( $field['name'] ), true, false ),
		esc_html( $field['choice'] )
	);
}

/**
 * Prints check boxes for a list, radio buttons for a choice.
 *
 * @param array $field  Of ai_relay_form_fields(), with its name.
 * @param bool  $hinted Whether there is a hint.
 */
function ai_relay_choices_field( array $field, bool $hinted ): void {
	$name  = $field['name'];
	$list  = 'list' === $field['type'];
	$off   = disabled( ai_relay_is_fixed( $name ), true, false );
	$there = $list ? ai_relay_setting_list( $name ) : array( ai_relay_setting( $name ) );
	echo $hinted ? '<fieldset aria-describedby="ai_relay_' . esc_attr( $name ) . '_hint">' : '<fieldset>';
	echo '<legend class="screen-reader-text">' . esc_html( $field['label'] ) . '</legend>';
	if ( $list ) {
		// None chosen is a choice too.
		printf( '<input type="hidden" name="ai_relay_%s[]" value=""%s>', esc_attr( $name ), $off ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- from disabled().
	}
	foreach ( $field['choices'] + ai_relay_unknown_choices( $field, $there ) as $value => $label ) {
		printf(
			'<label><input type="%1$s" name="ai_relay_%2$s%3$s" value="%4$s"%5$s%6$s> %7$s</label><br>',
			esc_attr( $list ? 'checkbox' : 'radio' ),
			esc_attr( $name ),
			esc_attr( $list ? '[]' : '' ),
			esc_attr( (string) $value ),
			checked( in_array( (string) $value, $there, true ), true, false ),
			$off, // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- from disabled().
			esc_html( $label )
		);
	}
	echo '</fieldset>';
}

/**
 * What is chosen and not, or no longer, among the choices: a post type whose plugin is switched off, a
 * value of another version. It is shown, and stays until somebody takes it away.
 *
 * @param array    $field Of ai_relay_form_fields().
 * @param string[] $there Values in force.
 * @return array<string,string>
 */
function ai_relay_unknown_choices( array $field, array $there ): array {
	$unknown = array();
	foreach ( $there as $value ) {
		if ( ! isset( $field['choices'][ $value ] ) ) {
			/* translators: %s: a value of a setting. */
			$unknown[ $value ] = sprintf( __( '%s (not known here at the moment)', 'ai-relay' ), $value );
		}
	}
	return $unknown;
}
