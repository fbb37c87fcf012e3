<?php
/**
 * Router of PHP's web server: files as they are, a directory's index.php, everything else WordPress.
 */

$ai_relay_root = $_SERVER['DOCUMENT_ROOT'];
$ai_relay_path = rawurldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
if ( preg_match( '#(^|/)\.\.(/|$)#', $ai_relay_path ) ) {
	http_response_code( 400 );
	return true;
}
// Of a network in folders, each site has WordPress' files under its own name.
if ( preg_match( '#^/[a-z0-9-]+(/(wp-(admin|content|includes)(/.*)?|[a-z-]+\.php))$#', $ai_relay_path, $ai_relay_parts )
	&& ! file_exists( $ai_relay_root . $ai_relay_path ) ) {
	$ai_relay_path = $ai_relay_parts[1];
}
if ( '/' !== $ai_relay_path && is_dir( $ai_relay_root . $ai_relay_path ) ) {
	if ( '/' !== substr( $ai_relay_path, -1 ) ) {
		header( 'Location: ' . $ai_relay_path . '/', true, 301 );
		return true;
	}
	$ai_relay_path .= 'index.php';
}
if ( '/' === $ai_relay_path || ! is_file( $ai_relay_root . $ai_relay_path ) ) {
	$ai_relay_path = '/index.php';
}
if ( '.php' !== substr( $ai_relay_path, -4 ) ) {
	if ( ! isset( $ai_relay_parts[1] ) ) {
		return false;
	}
	$ai_relay_types = array(
		'css' => 'text/css',
		'js'  => 'text/javascript',
		'svg' => 'image/svg+xml',
	);
	$ai_relay_type  = $ai_relay_types[ pathinfo( $ai_relay_path, PATHINFO_EXTENSION ) ] ?? mime_content_type( $ai_relay_root . $ai_relay_path );
	header( "Content-Type: $ai_relay_type" );
	readfile( $ai_relay_root . $ai_relay_path );
	return true;
}
unset( $_SERVER['PATH_INFO'] );
$_SERVER['SCRIPT_NAME']     = $ai_relay_path;
$_SERVER['PHP_SELF']        = $ai_relay_path;
$_SERVER['SCRIPT_FILENAME'] = $ai_relay_root . $ai_relay_path;
chdir( dirname( $_SERVER['SCRIPT_FILENAME'] ) );
require $_SERVER['SCRIPT_FILENAME'];
