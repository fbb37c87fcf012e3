<?php
/**
 * Activates the plugin, on all of a network, and prints what the tests have to know.
 */

require __DIR__ . '/load.php';

$administrator = get_user_by( 'login', getenv( 'SITE_ADMIN' ) );
wp_set_current_user( $administrator->ID );

global $wp_rewrite;
$wp_rewrite->set_permalink_structure( '/%postname%/' );
$wp_rewrite->flush_rules( false );

$failure = 'none' === getenv( 'SITE_PLUGIN' ) ? null : activate_plugin( 'ai-relay/ai-relay.php', '', is_multisite() );
if ( is_wp_error( $failure ) ) {
	fwrite( STDERR, 'ai-relay: ' . $failure->get_error_message() . "\n" );
	exit( 1 );
}

list( $password ) = WP_Application_Passwords::create_new_application_password( $administrator->ID, array( 'name' => 'tests' ) );
echo 'WP_APP_PASSWORD=' . $password . "\n";
echo 'WP_VERSION=' . $wp_version . "\n";
