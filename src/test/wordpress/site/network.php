<?php
/**
 * Turns an installed WordPress into a network of sites in folders; wp-config.php has to say so afterwards.
 */

define( 'WP_INSTALLING_NETWORK', true );

require __DIR__ . '/load.php';

foreach ( $wpdb->tables( 'ms_global' ) as $table => $prefixed ) {
	$wpdb->$table = $prefixed;
}
install_network();
$made = populate_network( 1, $_SERVER['HTTP_HOST'], 'admin@example.test', 'Test network', '/', false );
// "No wildcard DNS" is only a warning, and sites in folders need none.
if ( is_wp_error( $made ) && 'no_wildcard_dns' !== $made->get_error_code() ) {
	fwrite( STDERR, 'network: ' . $made->get_error_message() . "\n" );
	exit( 1 );
}
