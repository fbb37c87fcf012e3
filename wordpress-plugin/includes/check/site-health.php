<?php
/**
 * Tools -> Site Health: whether events get away, whether the connection works, and what to tell somebody who helps.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Adds our two tests: one of local facts, and one that asks the relay, beside the page.
 *
 * @param array $tests Of Site Health.
 */
function ai_relay_site_health_tests( array $tests ): array {
	$tests['direct']['ai_relay_delivers']  = array(
		'label' => __( 'AI Relay delivers', 'ai-relay' ),
		'test'  => 'ai_relay_health_of_deliveries',
	);
	$tests['async']['ai_relay_connection'] = array(
		'label'             => __( 'AI Relay is connected', 'ai-relay' ),
		'test'              => rest_url( 'ai-relay/v1/site-health/connection' ),
		'has_rest'          => true,
		'async_direct_test' => 'ai_relay_health_of_connection',
	);
	return $tests;
}
add_filter( 'site_status_tests', 'ai_relay_site_health_tests' );

/** Registers the route of the second test. */
function ai_relay_register_health_route(): void {
	register_rest_route(
		'ai-relay/v1',
		'/site-health/connection',
		array(
			'methods'             => 'GET',
			'callback'            => 'ai_relay_health_of_connection',
			'permission_callback' => static function () {
				return current_user_can( 'view_site_health_checks' ) && current_user_can( 'manage_options' );
			},
		)
	);
}
add_action( 'rest_api_init', 'ai_relay_register_health_route' );

/** Result of the first test. */
function ai_relay_health_of_deliveries(): array {
	if ( ! ai_relay_is_configured() ) {
		return ai_relay_health( 'ai_relay_delivers', 'recommended', __( 'AI Relay is not set up yet', 'ai-relay' ), array( ai_relay_finding( 'bad', __( 'It has no endpoint or no secret, and sends nothing.', 'ai-relay' ), '' ) ) );
	}
	$nothing = array();
	$found   = array( ai_relay_check_cron(), ai_relay_check_outbox( $nothing ) );
	$titles  = array(
		'good'        => __( 'AI Relay delivers its events', 'ai-relay' ),
		'recommended' => __( 'AI Relay could deliver its events better', 'ai-relay' ),
		'critical'    => __( 'AI Relay does not deliver its events', 'ai-relay' ),
	);

	$status = ai_relay_health_status( $found );
	return ai_relay_health( 'ai_relay_delivers', $status, $titles[ $status ], $found );
}

/** Result of the second test: all checks but the test event, and but those that the first test tells. */
function ai_relay_health_of_connection(): array {
	if ( ! ai_relay_is_configured() ) {
		return ai_relay_health( 'ai_relay_connection', 'recommended', __( 'AI Relay is not set up yet', 'ai-relay' ), array() );
	}
	$found  = array_filter(
		ai_relay_check_all( 0 ),
		static function ( $check ) {
			return ! in_array( $check['name'], array( 'cron', 'outbox' ), true );
		}
	);
	$titles = array(
		'good'        => __( 'AI Relay is connected, there and back', 'ai-relay' ),
		'recommended' => __( 'The connection of AI Relay could be better', 'ai-relay' ),
		'critical'    => __( 'The connection of AI Relay is broken', 'ai-relay' ),
	);
	$status = ai_relay_health_status( $found );
	return ai_relay_health( 'ai_relay_connection', $status, $titles[ $status ], $found );
}

/**
 * What Site Health calls the worst of some checks.
 *
 * @param array[] $found Checks.
 */
function ai_relay_health_status( array $found ): string {
	$statuses = array_column( $found, 'status' );
	if ( in_array( 'bad', $statuses, true ) ) {
		return 'critical';
	}
	return in_array( 'warning', $statuses, true ) ? 'recommended' : 'good';
}

/**
 * A result as Site Health wants it: only what is not in order is told at length.
 *
 * @param string  $test   Name of the test.
 * @param string  $status `good`, `recommended` or `critical`.
 * @param string  $label  Headline.
 * @param array[] $found  Checks.
 */
function ai_relay_health( string $test, string $status, string $label, array $found ): array {
	$text = '';
	foreach ( $found as $check ) {
		if ( in_array( $check['status'], array( 'bad', 'warning' ), true ) ) {
			$text .= '<p>' . ( isset( $check['label'] ) ? '<strong>' . esc_html( $check['label'] ) . '</strong>: ' : '' ) . esc_html( $check['text'] ) . '</p>' . ai_relay_fix_html( $check['fix'] );
		}
	}
	return array(
		'label'       => $label,
		'status'      => $status,
		'badge'       => array(
			'label' => 'AI Relay',
			'color' => 'blue',
		),
		'description' => '' === $text ? '<p>' . esc_html__( 'What happens here reaches the relay.', 'ai-relay' ) . '</p>' : $text,
		'actions'     => sprintf( '<p><a href="%s">%s</a></p>', esc_url( admin_url( 'options-general.php?page=ai-relay' ) ), esc_html__( 'Settings of AI Relay', 'ai-relay' ) ),
		'test'        => $test,
	);
}

/**
 * Adds what there is to know, without a secret, to the tab Info.
 *
 * @param array $info Of Site Health.
 */
function ai_relay_debug_information( array $info ): array {
	$pause = ai_relay_paused();
	$facts = array( 'version' => array( __( 'Version', 'ai-relay' ), AI_RELAY_VERSION ) ) + ai_relay_debug_settings() + array(
		'late'   => array( __( 'Cron is late by', 'ai-relay' ), ai_relay_cron_late() . ' s' ),
		'due'    => array( __( 'An event is due for', 'ai-relay' ), ai_relay_due_for() . ' s' ),
		'paused' => array( __( 'Paused', 'ai-relay' ), $pause ? $pause['code'] . ' ' . $pause['error'] : __( 'No', 'ai-relay' ) ),
	);
	foreach ( ai_relay_outbox_counts() as $status => $number ) {
		/* translators: %s: status of events, such as waiting or sent. */
		$facts[ 'outbox_' . $status ] = array( sprintf( __( 'Events: %s', 'ai-relay' ), $status ), (string) $number );
	}
	$fields = array();
	foreach ( $facts as $name => list( $label, $value ) ) {
		$fields[ $name ] = compact( 'label', 'value' );
	}
	$info['ai-relay'] = array(
		'label'  => 'AI Relay',
		'fields' => $fields,
	);
	return $info;
}
add_filter( 'debug_information', 'ai_relay_debug_information' );

/**
 * The settings: of a hidden one only whether it is set, and of the endpoint only host and port.
 *
 * @return array<string,array{0:string,1:string}> Label and value by name.
 */
function ai_relay_debug_settings(): array {
	$labels = array(
		'endpoint' => __( 'Endpoint', 'ai-relay' ),
		'key_id'   => __( 'Key id', 'ai-relay' ),
	);
	$facts  = array();
	foreach ( AI_RELAY_SETTINGS as $name => $default ) {
		$value = is_array( $default ) ? implode( ', ', ai_relay_setting_list( $name ) ) : ai_relay_setting( $name );
		if ( in_array( $name, AI_RELAY_HIDDEN_SETTINGS, true ) ) {
			$value = '' === $value ? __( 'not set', 'ai-relay' ) : __( 'set', 'ai-relay' );
		} elseif ( 'endpoint' === $name && '' !== $value ) {
			$value = ai_relay_host_and_port( $value );
		}
		$facts[ $name ] = array( $labels[ $name ] ?? $name, $value );
	}
	return $facts;
}
