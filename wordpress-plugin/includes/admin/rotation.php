<?php
/**
 * The last step of replacing a secret: the next one becomes the current one, or is removed.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Prints the buttons, which belong to a form of their own: a form cannot stand in another. */
function ai_relay_rotation_buttons(): void {
	if ( '' === ai_relay_setting( 'secret_next' ) || ai_relay_is_fixed( 'secret_next' ) ) {
		return;
	}
	echo '<p>';
	if ( ! ai_relay_is_fixed( 'secret' ) ) {
		printf( '<button type="submit" class="button" form="ai-relay-rotation" name="do" value="promote">%s</button> ', esc_html__( 'Make the next secret the current one', 'ai-relay' ) );
	}
	printf( '<button type="submit" class="button" form="ai-relay-rotation" name="do" value="remove">%s</button></p>', esc_html__( 'Remove the next secret', 'ai-relay' ) );
}

/** Prints the form of the buttons. */
function ai_relay_rotation_form(): void {
	ai_relay_action_form( 'ai-relay-rotation', 'ai_relay_rotate' );
	echo '</form>';
}

/** Does what a button says. */
function ai_relay_take_rotation(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not change the settings of this site.', 'ai-relay' ), 403 );
	}
	check_admin_referer( 'ai_relay_rotate' );
	$promote = 'promote' === ( $_POST['do'] ?? '' );
	$said    = ai_relay_rotate( $promote )
		? ( $promote ? __( 'The next secret is the current one now. Do the same at the relay.', 'ai-relay' ) : __( 'The next secret was removed.', 'ai-relay' ) )
		: __( 'Nothing was changed: there is no next secret, or wp-config.php fixes it.', 'ai-relay' );
	add_settings_error( 'ai_relay_secret_next', 'ai_relay_rotated', $said, 'info' );
	set_transient( 'settings_errors', get_settings_errors(), 30 );
	wp_safe_redirect( add_query_arg( 'settings-updated', 'true', ai_relay_page_url() ) );
	exit;
}
add_action( 'admin_post_ai_relay_rotate', 'ai_relay_take_rotation' );

/**
 * Removes the next secret, or puts it in place of the current one.
 *
 * @param bool $promote Whether it becomes the current one.
 * @return bool Whether anything was done.
 */
function ai_relay_rotate( bool $promote ): bool {
	$next = (string) get_option( 'ai_relay_secret_next', '' );
	if ( '' === $next || ai_relay_is_fixed( 'secret_next' ) || ( $promote && ai_relay_is_fixed( 'secret' ) ) ) {
		return false;
	}
	if ( $promote ) {
		update_option( 'ai_relay_secret', $next );
	}
	update_option( 'ai_relay_secret_next', '' );
	return true;
}
