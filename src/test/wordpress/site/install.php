<?php
/**
 * Installs WordPress, activates the plugin and prints WP_APP_PASSWORD for the administrator.
 */

$site_url = getenv( 'SITE_URL' );

define( 'WP_INSTALLING', true );
// A process that loads WordPress before the web server is up would take the cron's lock for a minute.
define( 'DISABLE_WP_CRON', true );
$_SERVER['HTTP_HOST']       = preg_replace( '#^https?://#', '', $site_url );
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

/** Replaces core's: no mail about the new site. */
function wp_new_blog_notification() {}

require getenv( 'SITE_WP' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

$installed = wp_install( 'Test site', getenv( 'SITE_ADMIN' ), 'admin@example.test', false, '', getenv( 'SITE_PASSWORD' ) );
wp_installing( false );
wp_set_current_user( $installed['user_id'] );

global $wp_rewrite;
$wp_rewrite->set_permalink_structure( '/%postname%/' );
$wp_rewrite->flush_rules( false );

$failure = activate_plugin( 'ai-relay/ai-relay.php' );
if ( is_wp_error( $failure ) ) {
	fwrite( STDERR, 'ai-relay: ' . $failure->get_error_message() . "\n" );
	exit( 1 );
}

list( $password ) = WP_Application_Passwords::create_new_application_password( $installed['user_id'], array( 'name' => 'tests' ) );
echo 'WP_APP_PASSWORD=' . $password . "\n";
