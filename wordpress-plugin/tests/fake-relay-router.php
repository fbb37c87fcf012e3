<?php
/**
 * The relay's end of the wire: writes down what arrives and answers what the test has put up.
 * Runs under PHP's web server, in a process of its own.
 *
 * @package AI_Relay
 */

$directory = getenv( 'FAKE_RELAY' );
$lock      = fopen( "$directory/lock", 'c' );
flock( $lock, LOCK_EX );
file_put_contents(
	"$directory/requests",
	json_encode(
		array(
			'at'      => microtime( true ),
			'method'  => $_SERVER['REQUEST_METHOD'],
			'path'    => $_SERVER['REQUEST_URI'],
			'headers' => array_change_key_case( getallheaders() ),
			'body'    => base64_encode( file_get_contents( 'php://input' ) ),
		)
	) . "\n",
	FILE_APPEND
);
$path  = parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
$check = is_file( "$directory/check" ) ? json_decode( file_get_contents( "$directory/check" ), true ) : null;
if ( null !== $check && ( '/check' === substr( $path, -6 ) || 'GET' === $_SERVER['REQUEST_METHOD'] ) ) {
	flock( $lock, LOCK_UN );
	require __DIR__ . '/fake-relay-check.php';
	return;
}
$answers = json_decode( file_get_contents( "$directory/answers" ), true );
$answer  = count( $answers ) > 1 ? array_shift( $answers ) : $answers[0];
file_put_contents( "$directory/answers", json_encode( $answers ) );
flock( $lock, LOCK_UN );

usleep( 1000 * $answer['delay'] );
file_put_contents( "$directory/answered", microtime( true ) . "\n", FILE_APPEND | LOCK_EX );
http_response_code( $answer['code'] );
foreach ( $answer['headers'] as $name => $value ) {
	header( "$name: $value" );
}
echo $answer['body'];
