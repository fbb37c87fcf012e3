<?php
/**
 * Notices, only when something needs the owner, and only where an owner looks for it.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Screens that show them. */
const AI_RELAY_NOTICE_SCREENS = array( 'dashboard', 'plugins', 'site-health', 'options-general', 'settings_page_ai-relay', 'edit-post', 'edit-page', 'edit-comments' );

/** User meta: which notice was dismissed, and what it was about then. */
const AI_RELAY_DISMISSED = 'ai_relay_dismissed';

/** Prints what there is to say. */
function ai_relay_notices(): void {
	$screen = function_exists( 'get_current_screen' ) ? get_current_screen() : null;
	$other  = $screen && $screen->in_admin() && ! in_array( $screen->id, AI_RELAY_NOTICE_SCREENS, true );
	if ( $other || ! current_user_can( 'manage_options' ) ) {
		return;
	}
	foreach ( ai_relay_open_notices() as $name => $notice ) {
		printf( '<div class="notice notice-%s" id="ai-relay-%s"><p>%s</p><p>', esc_attr( $notice['type'] ), esc_attr( $name ), esc_html( $notice['text'] ) );
		printf( '<a href="%s">%s</a>', esc_url( $notice['url'] ), esc_html( $notice['link'] ) );
		if ( '' !== $notice['about'] ) {
			printf( ' | <a href="%s">%s</a>', esc_url( ai_relay_dismiss_url( $name, $notice['about'] ) ), esc_html__( 'Dismiss', 'ai-relay' ) );
		}
		echo '</p></div>';
	}
}
add_action( 'admin_notices', 'ai_relay_notices' );

/**
 * The notices that this user has not dismissed. `about` tells one occasion from the next: who dismissed
 * it for one sees it again at the next; without it there is no dismissing.
 *
 * @return array<string,array{type:string,text:string,about:string,url:string,link:string}>
 */
function ai_relay_open_notices(): array {
	$notices   = array_filter(
		array(
			'paused'  => ai_relay_pause_notice(),
			'failed'  => ai_relay_failed_notice(),
			'cron'    => ai_relay_cron_notice(),
			'pii-key' => ai_relay_pii_key_notice(),
		)
	);
	$dismissed = get_user_meta( get_current_user_id(), AI_RELAY_DISMISSED, true );
	foreach ( is_array( $dismissed ) ? $dismissed : array() as $name => $about ) {
		if ( isset( $notices[ $name ] ) && '' !== $notices[ $name ]['about'] && $notices[ $name ]['about'] === $about ) {
			unset( $notices[ $name ] );
		}
	}
	return $notices;
}

/** Deliveries have stopped and only the owner can help. */
function ai_relay_pause_notice(): ?array {
	$pause = ai_relay_paused();
	return $pause ? array(
		'type'  => 'error',
		'text'  => sprintf(
			/* translators: 1: HTTP status, 2: the relay's words. */
			__( 'AI Relay has stopped sending: the relay answered %1$d (%2$s). Nothing is lost; events wait here. Check endpoint, secret and the clock of this server, then save the settings to go on.', 'ai-relay' ),
			$pause['code'],
			$pause['error']
		),
		'about' => '',
		'url'   => ai_relay_page_url(),
		'link'  => __( 'Settings of AI Relay', 'ai-relay' ),
	) : null;
}

/** Events were given up. */
function ai_relay_failed_notice(): ?array {
	$failed = ai_relay_failed_facts();
	return $failed['number'] > 0 ? array(
		'type'  => 'warning',
		'text'  => sprintf(
			/* translators: 1: number of events, 2: why the last one was given up. */
			_n( 'AI Relay has given up %1$d event of the last 30 days (%2$s). The log says why, and can try again.', 'AI Relay has given up %1$d events of the last 30 days (the latest: %2$s). The log says why, and can try again.', $failed['number'], 'ai-relay' ),
			$failed['number'],
			$failed['error']
		),
		'about' => (string) $failed['last'],
		'url'   => ai_relay_page_url( 'log' ),
		'link'  => __( 'Log of AI Relay', 'ai-relay' ),
	) : null;
}

/** Events wait and nothing sends them. */
function ai_relay_cron_notice(): ?array {
	$waits = ai_relay_due_for();
	if ( $waits < HOUR_IN_SECONDS || ai_relay_paused() || ! ai_relay_is_configured() || ai_relay_cron_late() < AI_RELAY_CRON_PATIENCE ) {
		return null;
	}
	return array(
		'type'  => 'warning',
		/* translators: %s: a time span, such as "2 hours". */
		'text'  => sprintf( __( 'AI Relay has events that should have been sent %s ago: the cron of this site does not run.', 'ai-relay' ), human_time_diff( time() - $waits ) ),
		'about' => gmdate( 'Y-m-d' ),
		'url'   => ai_relay_page_url(),
		'link'  => __( 'Check the connection', 'ai-relay' ),
	);
}

/** Personal fields are to be encrypted and cannot be. */
function ai_relay_pii_key_notice(): ?array {
	if ( 'encrypted' !== ai_relay_setting( 'personal' ) || '' !== ai_relay_pii_key() ) {
		return null;
	}
	return array(
		'type'  => 'error',
		'text'  => __( 'AI Relay is to encrypt personal fields of forms, and has no key for it. Until it has one they are left out.', 'ai-relay' ),
		'about' => '',
		'url'   => ai_relay_page_url() . '#ai_relay_pii_key',
		'link'  => __( 'Enter the key', 'ai-relay' ),
	);
}

/**
 * The address that dismisses a notice.
 *
 * @param string $name  Which.
 * @param string $about What it is about at the moment.
 */
function ai_relay_dismiss_url( string $name, string $about ): string {
	return wp_nonce_url( admin_url( 'admin-post.php?action=ai_relay_dismiss&notice=' . rawurlencode( $name ) . '&about=' . rawurlencode( $about ) ), 'ai_relay_dismiss' );
}

/** Dismisses a notice for the user who clicked, and goes back. */
function ai_relay_take_dismissal(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not change the settings of this site.', 'ai-relay' ), 403 );
	}
	check_admin_referer( 'ai_relay_dismiss' );
	$dismissed = get_user_meta( get_current_user_id(), AI_RELAY_DISMISSED, true );
	$dismissed = is_array( $dismissed ) ? $dismissed : array();
	$name      = sanitize_key( wp_unslash( $_GET['notice'] ?? '' ) );
	if ( in_array( $name, array( 'failed', 'cron' ), true ) ) {
		$dismissed[ $name ] = sanitize_key( wp_unslash( $_GET['about'] ?? '' ) );
		update_user_meta( get_current_user_id(), AI_RELAY_DISMISSED, $dismissed );
	}
	wp_safe_redirect( wp_get_referer() ? wp_get_referer() : admin_url() );
	exit;
}
add_action( 'admin_post_ai_relay_dismiss', 'ai_relay_take_dismissal' );
