<?php
/**
 * Loads the real site of the tests: run.sh says where it is.
 *
 * @package AI_Relay
 */

foreach ( array( 'WP_STATE', 'WP_URL', 'WP_CLI', 'WP_ADMIN_USER', 'WP_APP_PASSWORD', 'SIGNATURE_VECTORS' ) as $name ) {
	if ( ! getenv( $name ) ) {
		fwrite( STDERR, "$name is not set: start these tests with run.sh\n" );
		exit( 1 );
	}
}

$_SERVER['HTTP_HOST']       = preg_replace( '#^https?://#', '', getenv( 'WP_URL' ) );
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1'; // Asked for when a site of a network is made.
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require getenv( 'WP_STATE' ) . '/wp/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

if ( ! function_exists( 'ai_relay_deliver' ) || defined( 'AI_RELAY_ENDPOINT' ) || defined( 'AI_RELAY_SECRET' ) ) {
	fwrite( STDERR, "The site must have the plugin active, and neither endpoint nor secret in wp-config.php\n" );
	exit( 1 );
}
// No mail about new comments.
add_filter( 'pre_wp_mail', '__return_true' );

// What a dashboard loads.
foreach ( glob( dirname( AI_RELAY_FILE ) . '/includes/admin/*.php' ) as $ai_relay_test_file ) {
	require_once $ai_relay_test_file;
}
require_once dirname( AI_RELAY_FILE ) . '/includes/removal.php';

require __DIR__ . '/FakeRelay.php';
require __DIR__ . '/SiteTestCase.php';
require __DIR__ . '/BrowserWithCookies.php';
require __DIR__ . '/ResultTestCase.php';
