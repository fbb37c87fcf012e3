<?php
/**
 * Checks of what the relay says about a request of ours: is it a relay, its clock, our signature over
 * bytes that get changed easily (contract, section 5).
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** From so many seconds on a clock that goes wrong is warned of; at AI_RELAY_TIME_WINDOW nothing is accepted. */
const AI_RELAY_CLOCK_WARNING = 60;

/** The body of the question: whatever is changed on the way by somebody, trimmed, unescaped or made prettier, shows. */
function ai_relay_check_body(): string {
	return '{ "check" : "\u00fc ü 😀 \u0000 \"q\" \'q\' \/ / \\\\ <b>&amp; %20 + ' . "\t" . '" ,"nonce":"' . wp_generate_password( 16, false ) . "\" }  \n ";
}

/**
 * An address below the endpoint, which may have a query.
 *
 * @param string $path What is added to its path.
 */
function ai_relay_relay_url( string $path ): string {
	$parts = explode( '?', ai_relay_setting( 'endpoint' ), 2 );
	return untrailingslashit( $parts[0] ) . $path . ( isset( $parts[1] ) ? '?' . $parts[1] : '' );
}

/**
 * Asks the relay what it makes of a signed body.
 *
 * @param string[] $secrets Which sign.
 * @return array{error:WP_Error|null,code:int,answer:array|null,type:string,location:string,sha256:string,bytes:int,before:float,after:float}
 */
function ai_relay_ask_check( array $secrets ): array {
	$body   = ai_relay_check_body();
	$before = microtime( true );
	$answer = ai_relay_check_request(
		'POST',
		ai_relay_relay_url( '/check' ),
		array(
			'headers' => array( 'Content-Type' => 'application/json' ) + ai_relay_signature_headers( $body, $secrets ),
			'body'    => $body,
		)
	);
	$json   = is_wp_error( $answer ) ? null : json_decode( wp_remote_retrieve_body( $answer ), true );
	return array(
		'error'    => is_wp_error( $answer ) ? $answer : null,
		'code'     => (int) wp_remote_retrieve_response_code( $answer ),
		'answer'   => is_array( $json ) ? $json : null,
		'type'     => strtolower( (string) wp_remote_retrieve_header( $answer, 'content-type' ) ),
		'location' => (string) wp_remote_retrieve_header( $answer, 'location' ),
		'sha256'   => hash( 'sha256', $body ),
		'bytes'    => strlen( $body ),
		'before'   => $before,
		'after'    => microtime( true ),
	);
}

/**
 * Whether a relay answers.
 *
 * @param array $context Takes the answer to the checks that follow.
 */
function ai_relay_check_relay( array &$context ): array {
	if ( ! ai_relay_secrets() ) {
		return ai_relay_finding( 'bad', __( 'There is no secret to sign with.', 'ai-relay' ), __( 'Enter the secret that the relay was started with (WP_RELAY_SECRET, or else the file “secret” in its data directory), and save.', 'ai-relay' ) );
	}
	$asked = ai_relay_ask_check( ai_relay_secrets() );
	if ( $asked['error'] ) {
		return ai_relay_no_answer( $asked['error'], ai_relay_setting( 'endpoint' ) );
	}
	if ( 200 === $asked['code'] && is_int( $asked['answer']['time'] ?? null ) && is_bool( $asked['answer']['verified'] ?? null ) ) {
		$context['asked'] = $asked;
		/* translators: %d: milliseconds. */
		return ai_relay_finding( 'good', sprintf( __( 'A relay answers, after %d ms.', 'ai-relay' ), round( 1000 * ( $asked['after'] - $asked['before'] ) ) ) );
	}
	return ai_relay_no_relay( $asked );
}

/**
 * What it is that answers, if not a relay.
 *
 * @param array $asked Of ai_relay_ask_check().
 */
function ai_relay_no_relay( array $asked ): array {
	$code = $asked['code'];
	$word = is_string( $asked['answer']['error'] ?? null ) ? ai_relay_short( $asked['answer']['error'] ) : '';
	if ( $code >= 300 && $code < 400 ) {
		/* translators: %s: an address. */
		return ai_relay_finding( 'bad', sprintf( __( 'The endpoint leads on to %s; events do not follow.', 'ai-relay' ), ai_relay_short( $asked['location'] ) ), __( 'Enter the address where it ends, without “/check”, as the endpoint.', 'ai-relay' ) );
	}
	if ( 403 === $code && 'address not allowed' === $word ) {
		return ai_relay_finding( 'bad', __( 'The relay does not take anything from the address of this server.', 'ai-relay' ), __( 'Add the public address of this server to RELAY_ALLOWED_ADDRESSES, or to the site’s addresses in the relay’s sites file. Behind a proxy, RELAY_TRUSTED_PROXIES has to name the proxy.', 'ai-relay' ) );
	}
	if ( 429 === $code ) {
		return ai_relay_finding( 'bad', __( 'The relay is asked too often at the moment.', 'ai-relay' ), __( 'Wait a minute, then check again.', 'ai-relay' ) );
	}
	if ( 503 === $code && '' !== $word ) {
		return ai_relay_finding( 'bad', __( 'The relay is there, and cannot work: it starts, stops, or has lost its database.', 'ai-relay' ), __( 'Look at the relay’s log and its /observe/health, then check again. Events wait here meanwhile.', 'ai-relay' ) );
	}
	if ( in_array( $code, array( 502, 503, 504 ), true ) ) {
		/* translators: %d: HTTP status. */
		return ai_relay_finding( 'bad', sprintf( __( 'A proxy answers with %d: it does not reach the relay behind it.', 'ai-relay' ), $code ), __( 'Start the relay, and compare the address that the proxy passes requests on to with the one that the relay prints.', 'ai-relay' ) );
	}
	if ( in_array( $code, array( 401, 403, 406 ), true ) ) {
		/* translators: %d: HTTP status. */
		return ai_relay_finding( 'bad', sprintf( __( 'Something in front of the relay refuses the request with %d: a login, or a firewall that looks into requests.', 'ai-relay' ), $code ), __( 'Let POST requests to /webhooks/wp through there without a login and without filtering: each is signed.', 'ai-relay' ) );
	}
	if ( 404 === $code && false !== strpos( $asked['type'], 'json' ) ) {
		return ai_relay_finding( 'bad', __( 'The relay does not know this question.', 'ai-relay' ), __( 'Update the relay: it is older than this plugin. If it is not, the endpoint does not end with /webhooks/wp.', 'ai-relay' ) );
	}
	/* translators: %d: HTTP status. */
	return ai_relay_finding( 'bad', sprintf( __( 'It is not a relay that answers (%d).', 'ai-relay' ), $code ), __( 'Enter the whole address that the relay prints when it starts; it ends with /webhooks/wp. Behind a proxy, that path has to be passed on to the relay.', 'ai-relay' ) );
}

/**
 * Whether the clocks of both ends agree. The way there and back is taken off: half of it each.
 *
 * @param array $context With the relay's answer.
 */
function ai_relay_check_clock( array $context ): array {
	$asked = $context['asked'];
	// The relay says whole seconds: its clock was half a second later on average.
	$skew  = $asked['answer']['time'] + 0.5 - ( $asked['before'] + $asked['after'] ) / 2;
	$sure  = abs( $skew ) - ( $asked['after'] - $asked['before'] ) / 2 - 0.5;
	$by    = human_time_diff( 0, (int) round( abs( $skew ) ) );
	$clock = $skew > 0
		/* translators: %s: a time span. */
		? sprintf( __( 'The clock of this server is %s behind the relay’s.', 'ai-relay' ), $by )
		/* translators: %s: a time span. */
		: sprintf( __( 'The clock of this server is %s ahead of the relay’s.', 'ai-relay' ), $by );
	$fix = sprintf(
		/* translators: 1: a time, 2: a time. */
		__( 'This server says %1$s UTC, the relay %2$s UTC. Where it is wrong, switch on the synchronisation of the clock:', 'ai-relay' ),
		gmdate( 'H:i:s', (int) $asked['after'] ),
		gmdate( 'H:i:s', $asked['answer']['time'] )
	) . "\n    timedatectl set-ntp true";
	if ( $sure > AI_RELAY_TIME_WINDOW ) {
		return ai_relay_finding( 'bad', $clock . ' ' . __( 'Nothing is accepted beyond five minutes.', 'ai-relay' ), $fix );
	}
	if ( $sure > AI_RELAY_CLOCK_WARNING ) {
		return ai_relay_finding( 'warning', $clock . ' ' . __( 'Five minutes are accepted.', 'ai-relay' ), $fix );
	}
	return ai_relay_finding( 'good', __( 'Both clocks agree.', 'ai-relay' ) );
}

/**
 * Whether our bytes arrive as they are, and our secret is the relay's.
 *
 * @param array $context With the relay's answer.
 */
function ai_relay_check_signature( array $context ): array {
	$asked  = $context['asked'];
	$answer = $asked['answer'];
	if ( ( $answer['sha256'] ?? '' ) !== $asked['sha256'] ) {
		return ai_relay_finding(
			'bad',
			/* translators: 1: number of bytes, 2: number of bytes. */
			sprintf( __( 'What arrives is not what was sent (%1$d bytes here, %2$d there): something on the way changes it, so that no signature can fit.', 'ai-relay' ), $asked['bytes'], (int) ( $answer['bytes'] ?? 0 ) ),
			__( 'Find the proxy, firewall (WAF) or security plugin between this site and the relay that rewrites request bodies, and except the address of the endpoint from it.', 'ai-relay' )
		);
	}
	if ( ! $answer['verified'] ) {
		$fix = __( 'Enter the relay’s secret here once more (WP_RELAY_SECRET, or else the file “secret” in its data directory), and mind blanks at its ends.', 'ai-relay' );
		if ( ai_relay_is_fixed( 'secret' ) ) {
			$fix = __( 'Put the relay’s secret (WP_RELAY_SECRET, or else the file “secret” in its data directory) into wp-config.php as AI_RELAY_SECRET.', 'ai-relay' );
		}
		if ( '' !== ai_relay_setting( 'key_id' ) ) {
			/* translators: %s: a key id. */
			$fix .= ' ' . sprintf( __( 'The key id “%s” has to be the name of that secret at the relay.', 'ai-relay' ), ai_relay_setting( 'key_id' ) );
		} else {
			$fix .= ' ' . __( 'A relay that serves several sites needs the key id too.', 'ai-relay' );
		}
		return ai_relay_finding( 'bad', __( 'Every byte arrives, and the relay does not accept the signature: its secret is another one.', 'ai-relay' ), $fix );
	}
	$text = sprintf(
		/* translators: 1: name of a secret at the relay, 2: name of the site at the relay. */
		__( 'Every byte arrives, and the relay knows this site by the secret “%1$s” of “%2$s”.', 'ai-relay' ),
		ai_relay_short( is_string( $answer['key_id'] ?? null ) ? $answer['key_id'] : '?' ),
		ai_relay_short( is_string( $answer['site'] ?? null ) ? $answer['site'] : '?' )
	);
	return ai_relay_finding( 'good', $text . ai_relay_next_secret_words() );
}

/** During a rotation: whether the relay knows the next secret too, so that the current one can go. */
function ai_relay_next_secret_words(): string {
	if ( 2 !== count( ai_relay_secrets() ) ) {
		return '';
	}
	$asked = ai_relay_ask_check( array( ai_relay_setting( 'secret_next' ) ) );
	if ( 200 !== $asked['code'] || ! is_bool( $asked['answer']['verified'] ?? null ) ) {
		return '';
	}
	return ' ' . ( $asked['answer']['verified']
		? __( 'It accepts the next secret as well: that can become the current one.', 'ai-relay' )
		: __( 'It does not know the next secret yet.', 'ai-relay' ) );
}
