<?php
/**
 * Plugin Name: Offline
 * Description: Keeps a test site from asking wordpress.org and Gravatar for anything, and an old core from complaining.
 */

// A core that is older than this PHP is full of deprecations, which would fill debug.log, spoil what WP-CLI prints, and
// fail PHPUnit. Those of the plugin are found on a core that fits.
if ( version_compare( $GLOBALS['wp_version'], '6.3', '<' ) ) {
	error_reporting( E_ALL & ~E_DEPRECATED );
}

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
