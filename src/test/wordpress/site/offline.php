<?php
/**
 * Plugin Name: Offline
 * Description: Keeps a test site from asking wordpress.org and Gravatar for anything.
 */

remove_action( 'init', 'wp_schedule_update_checks' );
foreach ( array( '_maybe_update_core', '_maybe_update_plugins', '_maybe_update_themes' ) as $ai_relay_test_check ) {
	remove_action( 'admin_init', $ai_relay_test_check );
}
add_filter( 'pre_option_show_avatars', '__return_zero' );

// A plain 503 for wordpress.org: a refused connection would fill debug.log with warnings of core.
add_filter(
	'pre_http_request',
	static function ( $answer, $arguments, $url ) {
		if ( ! preg_match( '#^https?://([a-z0-9-]+\.)?wordpress\.org/#', $url ) ) {
			return $answer;
		}
		return array(
			'response' => array(
				'code'    => 503,
				'message' => 'offline',
			),
			'headers'  => array(),
			'body'     => '',
			'cookies'  => array(),
			'filename' => null,
		);
	},
	1,
	3
);
