<?php
/**
 * Prints the wp-config.php of a test site. PHP quotes the values, so that any endpoint or secret
 * arrives in the constants byte for byte.
 */

$state     = getenv( 'SITE_STATE' );
$url       = getenv( 'SITE_URL' );
$constants = array(
	'DB_NAME'                    => 'wp',
	'DB_USER'                    => 'root',
	'DB_PASSWORD'                => '',
	'DB_HOST'                    => "localhost:$state/run/db.sock",
	'DB_CHARSET'                 => 'utf8mb4',
	'DB_COLLATE'                 => '',
	'WP_ENVIRONMENT_TYPE'        => 'local', // Application passwords over plain http.
	'WP_DEBUG'                   => true,
	'WP_DEBUG_LOG'               => "$state/log/debug.log",
	'WP_DEBUG_DISPLAY'           => false,
	'WP_HTTP_BLOCK_EXTERNAL'     => true, // No waiting for wordpress.org.
	'WP_ACCESSIBLE_HOSTS'        => '127.0.0.1,localhost',
	'AUTOMATIC_UPDATER_DISABLED' => true,
	'FS_METHOD'                  => 'direct',
);
if ( '1' === getenv( 'SITE_NETWORK' ) ) {
	$constants += array(
		'MULTISITE'            => true,
		'SUBDOMAIN_INSTALL'    => false,
		'DOMAIN_CURRENT_SITE'  => preg_replace( '#^https?://#', '', $url ),
		'PATH_CURRENT_SITE'    => '/',
		'SITE_ID_CURRENT_SITE' => 1,
		'BLOG_ID_CURRENT_SITE' => 1,
	);
} else {
	// Of a network, each site has its own.
	$constants += array(
		'WP_HOME'    => $url,
		'WP_SITEURL' => $url,
	);
}
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {
	$constants[ $name . '_KEY' ]  = bin2hex( random_bytes( 32 ) );
	$constants[ $name . '_SALT' ] = bin2hex( random_bytes( 32 ) );
}
if ( '' !== getenv( 'SITE_ENDPOINT' ) ) {
	$constants['AI_RELAY_ENDPOINT'] = getenv( 'SITE_ENDPOINT' );
}
if ( '' !== getenv( 'SITE_SECRET' ) ) {
	$constants['AI_RELAY_SECRET'] = getenv( 'SITE_SECRET' );
}
if ( '0' === getenv( 'SITE_CRON' ) ) {
	$constants['DISABLE_WP_CRON'] = true;
}

echo "<?php\n";
foreach ( $constants as $name => $value ) {
	// Guarded: install.php switches the cron off before it loads this.
	printf( "defined( '%s' ) || define( '%s', %s );\n", $name, $name, var_export( $value, true ) );
}
echo "\$table_prefix = 'wp_';\n";
echo "defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );\n";
echo "require_once ABSPATH . 'wp-settings.php';\n";
