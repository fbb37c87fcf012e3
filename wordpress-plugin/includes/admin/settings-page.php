<?php
/**
 * Settings -> AI Relay.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Adds the page. */
function ai_relay_add_page(): void {
	add_options_page( __( 'AI Relay', 'ai-relay' ), __( 'AI Relay', 'ai-relay' ), 'manage_options', 'ai-relay', 'ai_relay_page' );
}
add_action( 'admin_menu', 'ai_relay_add_page' );

/** Registers the settings and their fields; the Settings API checks nonce and capability. */
function ai_relay_register_settings(): void {
	add_settings_section( 'ai_relay', __( 'Connection', 'ai-relay' ), '__return_null', 'ai-relay' );
	$fields = array(
		'endpoint' => __( 'Endpoint', 'ai-relay' ),
		'secret'   => __( 'Secret', 'ai-relay' ),
		'key_id'   => __( 'Key id', 'ai-relay' ),
	);
	foreach ( $fields as $name => $label ) {
		register_setting( 'ai-relay', 'ai_relay_' . $name, array( 'sanitize_callback' => 'ai_relay_clean_' . $name ) );
		add_settings_field(
			'ai_relay_' . $name,
			$label,
			'ai_relay_field',
			'ai-relay',
			'ai_relay',
			array(
				'name'      => $name,
				'label_for' => 'ai_relay_' . $name,
			)
		);
	}
	add_settings_section( 'ai_relay_results', __( 'Results', 'ai-relay' ), '__return_null', 'ai-relay' );
	register_setting( 'ai-relay', 'ai_relay_approve', array( 'sanitize_callback' => 'ai_relay_clean_approve' ) );
	add_settings_field( 'ai_relay_approve', __( 'Comments', 'ai-relay' ), 'ai_relay_approve_field', 'ai-relay', 'ai_relay_results' );
}
add_action( 'admin_init', 'ai_relay_register_settings' );

/** Saving ends a pause, also when nothing was changed: the owner says "try again". */
foreach ( AI_RELAY_CONNECTION as $ai_relay_name ) {
	add_filter(
		'pre_update_option_ai_relay_' . $ai_relay_name,
		static function ( $value ) {
			add_action( 'shutdown', 'ai_relay_resume', 6 );
			return $value;
		}
	);
}

/**
 * What a field may change: nothing when wp-config.php fixes it. A disabled field is not posted, and
 * options.php hands over null for it.
 *
 * @param string $name  Setting.
 * @param mixed  $value Posted value.
 */
function ai_relay_is_left_alone( string $name, $value ): bool {
	return null === $value || ai_relay_is_fixed( $name );
}

/**
 * Checks the endpoint.
 *
 * @param mixed $value Posted value.
 */
function ai_relay_clean_endpoint( $value ): string {
	if ( ai_relay_is_left_alone( 'endpoint', $value ) ) {
		return (string) get_option( 'ai_relay_endpoint', '' );
	}
	$url = esc_url_raw( is_string( $value ) ? trim( $value ) : '', array( 'http', 'https' ) );
	if ( '' !== $value && ( '' === $url || ! wp_parse_url( $url, PHP_URL_HOST ) ) ) {
		add_settings_error( 'ai_relay_endpoint', 'ai_relay_endpoint', __( 'The endpoint must be an address that begins with http:// or https://. It was not changed.', 'ai-relay' ) );
		return (string) get_option( 'ai_relay_endpoint', '' );
	}
	return $url;
}

/**
 * Takes a secret byte for byte. The form posts it in an array: options.php trims plain strings, and
 * a secret may begin or end with a space. An empty field means "as it is".
 *
 * @param mixed $value array{value:string} from the form, a string from code.
 */
function ai_relay_clean_secret( $value ): string {
	$stored = (string) get_option( 'ai_relay_secret', '' );
	if ( ai_relay_is_left_alone( 'secret', $value ) ) {
		return $stored;
	}
	$secret = is_array( $value ) ? ( $value['value'] ?? '' ) : $value;
	if ( ! is_string( $secret ) || ( is_array( $value ) && '' === $secret ) ) {
		return $stored;
	}
	if ( wp_check_invalid_utf8( $secret ) !== $secret ) {
		add_settings_error( 'ai_relay_secret', 'ai_relay_secret', __( 'The secret is not text. Put it into wp-config.php as AI_RELAY_SECRET instead.', 'ai-relay' ) );
		return $stored;
	}
	return $secret;
}

/**
 * Checks the key id, which becomes a header.
 *
 * @param mixed $value Posted value.
 */
function ai_relay_clean_key_id( $value ): string {
	if ( ai_relay_is_left_alone( 'key_id', $value ) ) {
		return (string) get_option( 'ai_relay_key_id', '' );
	}
	return is_string( $value ) ? (string) preg_replace( '/[^A-Za-z0-9._:-]/', '', $value ) : '';
}

/**
 * Takes the switch.
 *
 * @param mixed $value Posted value.
 */
function ai_relay_clean_approve( $value ): string {
	if ( ai_relay_is_left_alone( 'approve', $value ) ) {
		return (string) get_option( 'ai_relay_approve', '' );
	}
	return '1' === $value ? '1' : '';
}

/** Prints the switch; a browser posts nothing for one that is off, so a hidden field says so. */
function ai_relay_approve_field(): void {
	$disabled = disabled( ai_relay_is_fixed( 'approve' ), true, false );
	printf(
		'<input type="hidden" name="ai_relay_approve" value="0"%1$s><label for="ai_relay_approve"><input type="checkbox" id="ai_relay_approve" name="ai_relay_approve" value="1" aria-describedby="ai_relay_approve_hint"%2$s%1$s> %3$s</label>',
		$disabled, // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- from disabled().
		checked( ai_relay_may_approve(), true, false ),
		esc_html__( 'Publish comments that the AI approves', 'ai-relay' )
	);
	$hint = ai_relay_is_fixed( 'approve' )
		/* translators: %s: name of a PHP constant. */
		? sprintf( __( 'Fixed by %s in wp-config.php.', 'ai-relay' ), 'AI_RELAY_APPROVE' )
		: __( 'Only those that wait for moderation, that it is sure of, and that nobody has edited or moderated since. While this is off, the AI can hold a comment or call it spam, and never publish one.', 'ai-relay' );
	printf( '<p class="description" id="ai_relay_approve_hint">%s</p>', esc_html( $hint ) );
}

/**
 * Prints a field. The secret is never printed, only whether there is one.
 *
 * @param array{name:string} $arguments Which.
 */
function ai_relay_field( array $arguments ): void {
	$name   = $arguments['name'];
	$fixed  = ai_relay_is_fixed( $name );
	$secret = 'secret' === $name;
	$hints  = array(
		'endpoint' => __( 'Where the relay takes events, for example https://relay.example.com/webhooks/wp', 'ai-relay' ),
		'secret'   => '' === ai_relay_setting( 'secret' )
			? __( 'The secret the relay was started with. There is none yet.', 'ai-relay' )
			: __( 'A secret is set. It is not shown; fill this in only to change it.', 'ai-relay' ),
		'key_id'   => __( 'Only if the relay serves several sites: the name of the secret there.', 'ai-relay' ),
	);
	printf(
		'<input type="%s" class="regular-text code" id="ai_relay_%s" name="%s" value="%s" autocomplete="%s" aria-describedby="ai_relay_%s_hint"%s>',
		esc_attr( $secret ? 'password' : 'text' ),
		esc_attr( $name ),
		esc_attr( $secret ? 'ai_relay_secret[value]' : 'ai_relay_' . $name ),
		esc_attr( $secret ? '' : ai_relay_setting( $name ) ),
		esc_attr( $secret ? 'new-password' : 'off' ),
		esc_attr( $name ),
		disabled( $fixed, true, false )
	);
	$hint = $hints[ $name ];
	if ( $fixed ) {
		/* translators: %s: name of a PHP constant. */
		$hint = sprintf( __( 'Fixed by %s in wp-config.php.', 'ai-relay' ), 'AI_RELAY_' . strtoupper( $name ) );
	}
	printf( '<p class="description" id="ai_relay_%s_hint">%s</p>', esc_attr( $name ), esc_html( $hint ) );
}

/**
 * The tabs of the page beside the settings.
 *
 * @return array<string,array{label:string,render:callable}>
 */
function ai_relay_tabs(): array {
	return (array) apply_filters( 'ai_relay_tabs', array() );
}

/** Prints the page. */
function ai_relay_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	echo '<div class="wrap"><h1>' . esc_html__( 'AI Relay', 'ai-relay' ) . '</h1>';
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- which tab is shown changes nothing.
	$tab = ai_relay_tabs()[ sanitize_key( $_GET['tab'] ?? '' ) ] ?? null;
	if ( $tab ) {
		$tab['render']();
		echo '</div>';
		return;
	}
	echo '<form action="options.php" method="post">';
	settings_fields( 'ai-relay' );
	do_settings_sections( 'ai-relay' );
	submit_button();
	echo '</form>';
	ai_relay_batches_view();
	echo '</div>';
}

/** Says so, on every page of the dashboard, when deliveries have stopped and only the owner can help. */
function ai_relay_pause_notice(): void {
	$pause = ai_relay_paused();
	if ( ! $pause || ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$text = sprintf(
		/* translators: 1: HTTP status, 2: the relay's words. */
		__( 'AI Relay has stopped sending: the relay answered %1$d (%2$s). Nothing is lost; events wait here. Check endpoint, secret and the clock of this server, then save the settings to go on.', 'ai-relay' ),
		$pause['code'],
		$pause['error']
	);
	printf(
		'<div class="notice notice-error" id="ai-relay-paused"><p>%s <a href="%s">%s</a></p></div>',
		esc_html( $text ),
		esc_url( admin_url( 'options-general.php?page=ai-relay' ) ),
		esc_html__( 'Settings of AI Relay', 'ai-relay' )
	);
}
add_action( 'admin_notices', 'ai_relay_pause_notice' );
