<?php
/**
 * Settings -> AI Relay: the page, its tabs, and the way there.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Adds the page. */
function ai_relay_add_page(): void {
	$page = add_options_page( __( 'AI Relay', 'ai-relay' ), __( 'AI Relay', 'ai-relay' ), 'manage_options', 'ai-relay', 'ai_relay_page' );
	if ( $page ) {
		add_action( 'admin_print_styles-' . $page, 'ai_relay_page_style' );
	}
}
add_action( 'admin_menu', 'ai_relay_add_page' );

/** Loads the page's style. */
function ai_relay_page_style(): void {
	wp_enqueue_style( 'ai-relay-settings', plugins_url( 'assets/settings.css', AI_RELAY_FILE ), array(), AI_RELAY_VERSION );
}

/**
 * The address of the page.
 *
 * @param string $tab Slug of a tab; '' for the first.
 */
function ai_relay_page_url( string $tab = '' ): string {
	return admin_url( 'options-general.php?page=ai-relay' . ( '' === $tab ? '' : '&tab=' . rawurlencode( $tab ) ) );
}

/**
 * The tabs of the page, by their slugs, the one that opens first.
 *
 * @return array<string,array{label:string,render:callable}>
 */
function ai_relay_tabs(): array {
	$tabs = array(
		'settings' => array(
			'label'  => __( 'Connection and settings', 'ai-relay' ),
			'render' => 'ai_relay_settings_tab',
		),
	);
	/**
	 * Filters the tabs of Settings -> AI Relay.
	 *
	 * @param array $tabs By slug: `label`, and `render`, which prints the tab for a user who may manage options.
	 */
	return (array) apply_filters( 'ai_relay_tabs', $tabs );
}

/** Prints the page. */
function ai_relay_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$tabs = ai_relay_tabs();
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only says what to show.
	$tab = sanitize_key( wp_unslash( $_GET['tab'] ?? '' ) );
	$tab = isset( $tabs[ $tab ] ) ? $tab : (string) array_key_first( $tabs );
	echo '<div class="wrap"><h1>' . esc_html__( 'AI Relay', 'ai-relay' ) . '</h1>';
	ai_relay_tab_links( $tabs, $tab );
	call_user_func( $tabs[ $tab ]['render'] );
	echo '</div>';
}

/**
 * Prints the links to the tabs; one alone needs none.
 *
 * @param array  $tabs Of ai_relay_tabs().
 * @param string $open Slug of the one that is open.
 */
function ai_relay_tab_links( array $tabs, string $open ): void {
	if ( count( $tabs ) < 2 ) {
		return;
	}
	echo '<nav class="nav-tab-wrapper" aria-label="' . esc_attr__( 'Parts of AI Relay', 'ai-relay' ) . '">';
	foreach ( $tabs as $slug => $tab ) {
		echo $open === $slug ? '<a class="nav-tab nav-tab-active" aria-current="page"' : '<a class="nav-tab"';
		printf( ' href="%s">%s</a>', esc_url( ai_relay_page_url( array_key_first( $tabs ) === $slug ? '' : $slug ) ), esc_html( $tab['label'] ) );
	}
	echo '</nav>';
}

/** Prints the first tab. */
function ai_relay_settings_tab(): void {
	if ( ai_relay_is_configured() ) {
		ai_relay_check_view();
	} else {
		ai_relay_first_steps();
	}
	echo '<form action="options.php" method="post" id="ai-relay-settings">';
	settings_fields( 'ai-relay' );
	do_settings_sections( 'ai-relay' );
	submit_button();
	echo '</form>';
	ai_relay_rotation_form();
	ai_relay_batches_view();
}

/**
 * Begins a form that does something at once. Not with wp_nonce_field(), whose id would be there once for each form.
 *
 * @param string $id     Its id.
 * @param string $action Of admin-post.php, and of its nonce.
 */
function ai_relay_action_form( string $id, string $action ): void {
	printf(
		'<form action="%s" method="post" id="%s"><input type="hidden" name="action" value="%s"><input type="hidden" name="_wpnonce" value="%s">',
		esc_url( admin_url( 'admin-post.php' ) ),
		esc_attr( $id ),
		esc_attr( $action ),
		esc_attr( wp_create_nonce( $action ) )
	);
}

/** Prints what to do where nothing is set up yet. */
function ai_relay_first_steps(): void {
	$steps = array(
		__( 'Start the relay with “bin/relay run”. It prints its address and where its secret is.', 'ai-relay' ),
		__( 'Enter both below as endpoint and secret, and save.', 'ai-relay' ),
		__( 'Click “Check the connection”, which is here then. It tells what is still missing, and how to mend it.', 'ai-relay' ),
	);
	echo '<div class="ai-relay-card" id="ai-relay-first-steps"><h2>' . esc_html__( 'Three steps to the first result', 'ai-relay' ) . '</h2><ol>';
	foreach ( $steps as $step ) {
		echo '<li>' . esc_html( $step ) . '</li>';
	}
	echo '</ol></div>';
}

/**
 * Adds the link to the settings to the plugin's line in the list of plugins.
 *
 * @param string[] $links Links of the line.
 * @return string[]
 */
function ai_relay_plugin_links( array $links ): array {
	if ( current_user_can( 'manage_options' ) ) {
		array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( ai_relay_page_url() ), esc_html__( 'Settings', 'ai-relay' ) ) );
	}
	return $links;
}
add_filter( 'plugin_action_links_' . plugin_basename( AI_RELAY_FILE ), 'ai_relay_plugin_links' );
