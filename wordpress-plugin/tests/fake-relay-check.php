<?php
/**
 * The relay's answers about a connection, with the faults that the test has put into $check. It verifies and
 * calls the site back for real.
 *
 * @package AI_Relay
 */

header( 'Content-Type: application/json' );
if ( 'GET' === $_SERVER['REQUEST_METHOD'] ) {
	http_response_code( isset( $check['status'] ) && '/webhooks/wp' !== $path ? 200 : 405 );
	echo json_encode( $check['status'] ?? array( 'error' => 'method not allowed' ) );
	return;
}
$body = file_get_contents( 'php://input' );
if ( 'trim' === ( $check['tamper'] ?? '' ) ) {
	$body = trim( $body );
} elseif ( 'encode' === ( $check['tamper'] ?? '' ) ) {
	$body = json_encode( json_decode( $body ) );
}
$time   = time() + ( $check['skew'] ?? 0 );
$answer = array(
	'verified' => false,
	'time'     => $time,
	'bytes'    => strlen( $body ),
	'sha256'   => hash( 'sha256', $body ),
);
foreach ( $check['secrets'] as $key_id => $secret ) {
	$expected = hash_hmac( 'sha256', $_SERVER['HTTP_X_WP_TIMESTAMP'] . '.' . $body, $secret );
	if ( ! $answer['verified'] && abs( $time - (int) $_SERVER['HTTP_X_WP_TIMESTAMP'] ) <= 300 && in_array( $expected, explode( ',', $_SERVER['HTTP_X_WP_SIGNATURE'] ), true ) ) {
		$answer['verified']  = true;
		$answer['site']      = 'blog';
		$answer['key_id']    = $key_id;
		$answer['call_back'] = null;
		$call                = $check['call_back'] ?? null;
		if ( $call ) {
			$now    = (string) time();
			$sent   = $call['body'] ?? '{}';
			$handle = curl_init( $call['url'] );
			curl_setopt_array(
				$handle,
				array(
					CURLOPT_RETURNTRANSFER => true,
					CURLOPT_TIMEOUT        => 5,
					CURLOPT_POSTFIELDS     => $sent,
					CURLOPT_HTTPHEADER     => array( 'Content-Type: application/json', "X-WP-Timestamp: $now", 'X-WP-Signature: ' . hash_hmac( 'sha256', "$now.{}", $secret ) ),
				) + ( isset( $call['login'] ) ? array( CURLOPT_USERPWD => $call['login'] ) : array() )
			);
			$text                = curl_exec( $handle );
			$answer['call_back'] = array(
				'url'    => $call['url'],
				'status' => curl_getinfo( $handle, CURLINFO_RESPONSE_CODE ),
				'answer' => false === $text ? null : json_decode( $text ),
				'error'  => false === $text ? curl_error( $handle ) : null,
			);
		}
	}
}
echo json_encode( $answer );
