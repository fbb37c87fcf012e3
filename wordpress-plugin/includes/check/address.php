<?php
/**
 * Checks of the way to the relay: its address, and its certificate.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Days before the end of a certificate from which on it is warned of. */
const AI_RELAY_CERTIFICATE_DAYS = 14;

/** Whether anything answers at the endpoint. Unsigned, and without a look at the certificate: that is the next check's. */
function ai_relay_check_address(): array {
	$url  = ai_relay_setting( 'endpoint' );
	$host = (string) wp_parse_url( $url, PHP_URL_HOST );
	if ( '' === $url ) {
		return ai_relay_finding( 'bad', __( 'There is no endpoint.', 'ai-relay' ), __( 'Enter the address of the relay as endpoint, for example https://relay.example.com/webhooks/wp, and save.', 'ai-relay' ) );
	}
	if ( ! preg_match( '#^https?://#i', $url ) || '' === $host ) {
		return ai_relay_finding( 'bad', __( 'The endpoint is not a web address.', 'ai-relay' ), __( 'Enter an address that begins with https:// (or http:// inside of a network), for example https://relay.example.com/webhooks/wp', 'ai-relay' ) );
	}
	$answer = ai_relay_check_request( 'GET', $url, array( 'sslverify' => false ) );
	if ( is_wp_error( $answer ) ) {
		return ai_relay_no_answer( $answer, $url );
	}
	/* translators: %s: host and port. */
	return ai_relay_finding( 'good', sprintf( __( 'A server answers at %s.', 'ai-relay' ), ai_relay_host_and_port( $url ) ) );
}

/**
 * Host and port of an address, for people; nothing else of it, which might be a password.
 *
 * @param string $url Address.
 */
function ai_relay_host_and_port( string $url ): string {
	$port = wp_parse_url( $url, PHP_URL_PORT );
	return wp_parse_url( $url, PHP_URL_HOST ) . ':' . ( $port ?? ( 'https' === strtolower( (string) wp_parse_url( $url, PHP_URL_SCHEME ) ) ? 443 : 80 ) );
}

/**
 * Why nobody answered.
 *
 * @param WP_Error $error Of the request.
 * @param string   $url   Address.
 */
function ai_relay_no_answer( WP_Error $error, string $url ): array {
	$where = ai_relay_host_and_port( $url );
	if ( 'http_request_not_executed' === $error->get_error_code() ) {
		/* translators: %s: host. */
		return ai_relay_finding( 'bad', sprintf( __( 'This site is set not to make requests to %s.', 'ai-relay' ), $where ), __( 'Add the host to WP_ACCESSIBLE_HOSTS in wp-config.php:', 'ai-relay' ) . "\n    define( 'WP_ACCESSIBLE_HOSTS', '" . wp_parse_url( $url, PHP_URL_HOST ) . "' );" );
	}
	switch ( ai_relay_curl_error( $error ) ) {
		case 6:
			/* translators: %s: host and port. */
			return ai_relay_finding( 'bad', sprintf( __( 'The name in the endpoint is not known: %s.', 'ai-relay' ), $where ), __( 'Look for a typing error in the endpoint. If the name is right, it has no entry in the DNS that this server asks.', 'ai-relay' ) );
		case 7:
			/* translators: %s: host and port. */
			return ai_relay_finding( 'bad', sprintf( __( 'Nobody listens at %s.', 'ai-relay' ), $where ), __( 'Start the relay (bin/relay run), and compare host and port with those that it prints. Inside of a container, 127.0.0.1 is the container itself: use the name or the address of the machine with the relay.', 'ai-relay' ) );
		case 28:
			/* translators: 1: host and port, 2: seconds. */
			return ai_relay_finding( 'bad', sprintf( __( 'No answer from %1$s within %2$d seconds.', 'ai-relay' ), $where, AI_RELAY_CHECK_TIMEOUT ), __( 'A firewall drops the requests, or the host of this site forbids requests to that port: open it, or put the relay behind port 443.', 'ai-relay' ) );
		case 1:
		case 35:
			/* translators: 1: host and port, 2: an error message. */
			return ai_relay_finding( 'bad', sprintf( __( 'No TLS could be agreed on with %1$s: %2$s.', 'ai-relay' ), $where, ai_relay_error_words( $error ) ), __( 'If the relay has no certificate, the endpoint begins with http://. If it has one, it needs TLS 1.2 or newer.', 'ai-relay' ) );
	}
	/* translators: 1: host and port, 2: an error message. */
	return ai_relay_finding( 'bad', sprintf( __( 'No usable answer from %1$s: %2$s.', 'ai-relay' ), $where, ai_relay_error_words( $error ) ), __( 'Compare host, port and http or https with what the relay prints when it starts.', 'ai-relay' ) );
}

/**
 * The number of an error of curl, 0 for any other.
 *
 * @param WP_Error $error Of a request.
 */
function ai_relay_curl_error( WP_Error $error ): int {
	return preg_match( '/cURL error (\d+):/', $error->get_error_message(), $found ) ? (int) $found[1] : 0;
}

/**
 * What went wrong, without the number in front and the stop at the end.
 *
 * @param WP_Error $error Of a request.
 */
function ai_relay_error_words( WP_Error $error ): string {
	return rtrim( ai_relay_short( (string) preg_replace( '/^cURL error \d+: /', '', $error->get_error_message() ) ), '. ' );
}

/**
 * Whether an address leads through a public network without TLS.
 *
 * @param string $url Address.
 */
function ai_relay_is_clear_text( string $url ): bool {
	$host = trim( strtolower( (string) wp_parse_url( $url, PHP_URL_HOST ) ), '[]' );
	if ( 'http' !== strtolower( (string) wp_parse_url( $url, PHP_URL_SCHEME ) ) ) {
		return false;
	}
	if ( filter_var( $host, FILTER_VALIDATE_IP ) ) {
		return false !== filter_var( $host, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE );
	}
	// A name without a dot, and these endings, exist only inside.
	return false !== strpos( $host, '.' ) && ! preg_match( '/\.(localhost|local|internal|lan|test|home\.arpa)$/', $host );
}

/** Whether the relay's certificate is valid for WordPress, which has its own list of authorities. */
function ai_relay_check_tls(): array {
	$url = ai_relay_setting( 'endpoint' );
	if ( 'https' !== strtolower( (string) wp_parse_url( $url, PHP_URL_SCHEME ) ) ) {
		return ai_relay_is_clear_text( $url )
			? ai_relay_finding( 'warning', __( 'The endpoint begins with http://: everybody on the way can read your events.', 'ai-relay' ), __( 'Give the relay a certificate (RELAY_TLS_KEYSTORE, or a proxy in front of it) and let the endpoint begin with https://.', 'ai-relay' ) )
			: ai_relay_finding( 'good', __( 'None, and none is needed: the relay is on this machine or in the same private network.', 'ai-relay' ) );
	}
	$answer = ai_relay_check_request( 'GET', $url );
	if ( is_wp_error( $answer ) ) {
		return ai_relay_bad_certificate( ai_relay_error_words( $answer ), ai_relay_certificate( $url ), (string) wp_parse_url( $url, PHP_URL_HOST ) );
	}
	$days = (int) floor( ( ( ai_relay_certificate( $url )['until'] ?? PHP_INT_MAX ) - time() ) / DAY_IN_SECONDS );
	if ( $days < AI_RELAY_CERTIFICATE_DAYS ) {
		/* translators: %d: number of days. */
		return ai_relay_finding( 'warning', sprintf( _n( 'The certificate is valid, for %d more day.', 'The certificate is valid, for %d more days.', $days, 'ai-relay' ), $days ), __( 'Renew the certificate of the relay before then; with it, deliveries stop.', 'ai-relay' ) );
	}
	return ai_relay_finding( 'good', __( 'The certificate is valid.', 'ai-relay' ) );
}

/**
 * What is wrong with a certificate.
 *
 * @param string $words       What the client says, in English.
 * @param array  $certificate Of ai_relay_certificate().
 * @param string $host        Host in the endpoint.
 */
function ai_relay_bad_certificate( string $words, array $certificate, string $host ): array {
	if ( isset( $certificate['until'] ) && $certificate['until'] < time() ) {
		/* translators: %s: a date. */
		return ai_relay_finding( 'bad', sprintf( __( 'The certificate of the relay has expired, on %s.', 'ai-relay' ), gmdate( 'Y-m-d', $certificate['until'] ) ), __( 'Renew it, and start the relay again (or the proxy that has it).', 'ai-relay' ) );
	}
	if ( false !== stripos( $words, 'subject name' ) || false !== stripos( $words, 'hostname' ) ) {
		/* translators: 1: names in a certificate, 2: host in the endpoint. */
		return ai_relay_finding( 'bad', sprintf( __( 'The certificate is for %1$s, and the endpoint says %2$s.', 'ai-relay' ), $certificate['names'] ?? '?', $host ), __( 'Use the name in the certificate as the endpoint’s, or get a certificate for the name in the endpoint.', 'ai-relay' ) );
	}
	if ( preg_match( '/self.signed/i', $words ) || ! empty( $certificate['own'] ) ) {
		return ai_relay_finding( 'bad', __( 'The certificate is self-signed: nobody vouches that this is your relay.', 'ai-relay' ), __( 'Get one from an authority that everybody knows (Let’s Encrypt is free of charge). In a private network, http:// to the relay’s own port is possible too.', 'ai-relay' ) );
	}
	if ( false !== stripos( $words, 'issuer' ) ) {
		return ai_relay_finding( 'bad', __( 'The certificate’s authority is not known here, or the relay does not send the certificates in between.', 'ai-relay' ), __( 'Put the whole chain into the keystore or the proxy (with Let’s Encrypt: fullchain.pem, not cert.pem).', 'ai-relay' ) );
	}
	/* translators: %s: an error message. */
	return ai_relay_finding( 'bad', sprintf( __( 'The certificate of the relay is not accepted: %s.', 'ai-relay' ), $words ), __( 'Have the certificate of the relay renewed, with its whole chain, for the name in the endpoint.', 'ai-relay' ) );
}

/**
 * What the certificate at an address says, valid or not; empty where it cannot be had (behind a proxy).
 *
 * @param string $url Address.
 * @return array{until?:int,names?:string,own?:bool}
 */
function ai_relay_certificate( string $url ): array {
	$look    = array(
		'capture_peer_cert' => true,
		'verify_peer'       => false,
		'verify_peer_name'  => false,
		'SNI_enabled'       => true,
		'peer_name'         => trim( (string) wp_parse_url( $url, PHP_URL_HOST ), '[]' ),
	);
	$context = stream_context_create( array( 'ssl' => $look ) );
	// phpcs:ignore WordPress.PHP.NoSilencedErrors, Generic.PHP.NoSilencedErrors -- only to say more; without it there is less to say.
	$socket = @stream_socket_client( 'ssl://' . ai_relay_host_and_port( $url ), $number, $error, 3, STREAM_CLIENT_CONNECT, $context );
	$given  = $socket ? stream_context_get_params( $socket )['options']['ssl']['peer_certificate'] ?? null : null;
	$parsed = $given ? openssl_x509_parse( $given ) : false;
	if ( ! is_array( $parsed ) ) {
		return array();
	}
	$names = (string) ( $parsed['extensions']['subjectAltName'] ?? $parsed['subject']['CN'] ?? '' );
	return array(
		'until' => (int) $parsed['validTo_time_t'],
		'names' => ai_relay_short( str_replace( array( 'DNS:', 'IP Address:' ), '', $names ) ),
		'own'   => $parsed['subject'] === $parsed['issuer'],
	);
}
