<?php
/**
 * One step of setup.sh: "install" or "configure". With the files of a WordPress in WORDPRESS_DIR, whose wp-config.php is
 * there already; and in the environment what compose.yaml says.
 */

$step = $argv[1] ?? '';
if ( ! in_array( $step, array( 'install', 'configure' ), true ) ) {
	fwrite( STDERR, "setup.php install | configure\n" );
	exit( 64 );
}

/** What the environment has to say. */
function setting( string $name ): string {
	$value = (string) getenv( $name );
	if ( '' === $value ) {
		stop( "$name is empty" );
	}
	return $value;
}

/** Ends with one line that says why. */
function stop( string $why ): void {
	fwrite( STDERR, "WordPress is not set up: $why\n" );
	exit( 1 );
}

/** Replaces core's: no mail about the new site. */
function wp_new_blog_notification() {}

/** The database may come up after us, and WordPress would end with a page of HTML. */
function wait_for_database(): void {
	$host = getenv( 'WORDPRESS_DB_HOST' );
	if ( false === $host || '' === $host ) {
		return; // Somebody else's wp-config.php, which says where it is.
	}
	mysqli_report( MYSQLI_REPORT_OFF );
	for ( $tries = 0; $tries < 60; $tries++ ) {
		if ( @mysqli_connect( $host, getenv( 'WORDPRESS_DB_USER' ), getenv( 'WORDPRESS_DB_PASSWORD' ), getenv( 'WORDPRESS_DB_NAME' ) ) ) {
			return;
		}
		sleep( 1 );
	}
	stop( 'its database does not answer' );
}

/** Once; WordPress says itself whether it is there. */
function install(): void {
	if ( is_blog_installed() ) {
		return;
	}
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	wp_install( 'AI Relay', 'admin', setting( 'WORDPRESS_ADMIN_EMAIL' ), false, '', setting( 'WORDPRESS_ADMIN_PASSWORD' ) );
	echo "WordPress is installed; its administrator is admin.\n";
}

function configure(): void {
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	if ( '' === get_option( 'permalink_structure' ) ) {
		// The relays call /wp-json/…, which the plain structure does not have.
		global $wp_rewrite;
		$wp_rewrite->set_permalink_structure( '/%postname%/' );
		flush_rewrite_rules( false );
	}
	$failure = activate_plugin( 'ai-relay/ai-relay.php' );
	if ( is_wp_error( $failure ) ) {
		stop( $failure->get_error_message() );
	}
	write_password( relay_user() );
}

/** The user that the relays come as. It may write results, and nothing else. */
function relay_user(): int {
	$user = get_user_by( 'login', setting( 'WP_APP_USER' ) );
	if ( $user ) {
		if ( ! $user->has_cap( AI_RELAY_CAPABILITY ) ) {
			$user->add_role( AI_RELAY_ROLE );
		}
		return $user->ID;
	}
	$id = wp_insert_user(
		array(
			'user_login' => setting( 'WP_APP_USER' ),
			'user_pass'  => wp_generate_password( 40 ),
			'role'       => AI_RELAY_ROLE,
		)
	);
	if ( is_wp_error( $id ) ) {
		stop( $id->get_error_message() );
	}
	return $id;
}

/** Makes an application password for it and keeps it where the relays read it; one that is good there stays. */
function write_password( int $user ): void {
	$file = setting( 'WP_APP_PASSWORD_FILE' );
	$kept = WP_Application_Passwords::get_user_application_passwords( $user );
	if ( is_readable( $file ) && is_known( trim( (string) file_get_contents( $file ) ), $kept ) ) {
		echo "The relays have their application password already.\n";
		return;
	}
	WP_Application_Passwords::delete_all_application_passwords( $user );
	$made = WP_Application_Passwords::create_new_application_password( $user, array( 'name' => 'relays' ) );
	if ( is_wp_error( $made ) ) {
		stop( $made->get_error_message() );
	}
	if ( false === file_put_contents( "$file.new", $made[0] ) || ! rename( "$file.new", $file ) ) {
		stop( "$file cannot be written" );
	}
	echo "The relays have a new application password.\n";
}

/** WordPress hashes them in one way since 6.8, and in another before. */
function is_known( string $password, array $kept ): bool {
	foreach ( $kept as $item ) {
		$fits = function_exists( 'wp_verify_fast_hash' )
			? wp_verify_fast_hash( $password, $item['password'] )
			: wp_check_password( $password, $item['password'] );
		if ( $fits ) {
			return true;
		}
	}
	return false;
}

$directory = getenv( 'WORDPRESS_DIR' ) ? getenv( 'WORDPRESS_DIR' ) : '/var/www/html';
wait_for_database();
$_SERVER += array(
	'HTTP_HOST'       => parse_url( setting( 'WORDPRESS_URL' ), PHP_URL_HOST ),
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
);
if ( 'install' === $step ) {
	define( 'WP_INSTALLING', true );
}
define( 'DISABLE_WP_CRON', true );
require $directory . '/wp-load.php';
$step();
