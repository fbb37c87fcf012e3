<?php
/**
 * A server with a certificate of the test's choice: tls-server.php PORT PEM. Answers everything as a relay answers a GET.
 *
 * @package AI_Relay
 */

$context = stream_context_create( array( 'ssl' => array( 'local_cert' => $argv[2] ) ) );
$server  = stream_socket_server( "tls://127.0.0.1:$argv[1]", $number, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context );
while ( true ) {
	$client = @stream_socket_accept( $server, 600 );
	if ( $client ) {
		stream_set_timeout( $client, 2 );
		fread( $client, 8192 );
		fwrite( $client, "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}" );
		fclose( $client );
	}
}
