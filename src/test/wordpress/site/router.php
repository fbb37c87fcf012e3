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
	return false;
}
unset( $_SERVER['PATH_INFO'] );
$_SERVER['SCRIPT_NAME']     = $ai_relay_path;
$_SERVER['PHP_SELF']        = $ai_relay_path;
$_SERVER['SCRIPT_FILENAME'] = $ai_relay_root . $ai_relay_path;
chdir( dirname( $_SERVER['SCRIPT_FILENAME'] ) );
require $_SERVER['SCRIPT_FILENAME'];
