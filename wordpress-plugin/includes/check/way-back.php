<?php
/**
 * Checks of the way back: this site's REST API from inside, and how the relay got here.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/**
 * Whether this site answers itself as it would answer the relay.
 *
 * @param array $context Takes whether a login arrives.
 */
function ai_relay_check_rest( array &$context ): array {
	$answer = ai_relay_ask_inside();
	if ( is_wp_error( $answer ) ) {
		return ai_relay_finding(
			'warning',
			/* translators: %s: an error message. */
			sprintf( __( 'This site does not reach itself: %s. Events are not sent right after they happen, but by cron.', 'ai-relay' ), ai_relay_error_words( $answer ) ),
			/* translators: %s: host and port. */
			sprintf( __( 'Let this server make requests to %s, its own address (a line in /etc/hosts, a rule of the firewall).', 'ai-relay' ), ai_relay_host_and_port( rest_url() ) )
		);
	}
	$code = (int) wp_remote_retrieve_response_code( $answer );
	$json = json_decode( wp_remote_retrieve_body( $answer ), true );
	if ( 200 === $code && is_bool( $json['authorization'] ?? null ) ) {
		$context['login_arrives'] = $json['authorization'];
		return ai_relay_finding( 'good', __( 'It is open for the relay.', 'ai-relay' ) );
	}
	if ( 401 === $code && 'ai_relay_no_proof' === ( $json['code'] ?? '' ) ) {
		return ai_relay_finding( 'skipped', __( 'There is no secret to sign with.', 'ai-relay' ) );
	}
	return ai_relay_closed( $code, is_array( $json ) ? $json : null, (string) wp_remote_retrieve_header( $answer, 'location' ) );
}

/**
 * Asks this site what it would be asked by the relay.
 *
 * @return array|WP_Error
 */
function ai_relay_ask_inside() {
	$headers = array(
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- HTTP has it so.
		'Authorization'     => 'Basic ' . base64_encode( 'ai-relay:check' ),
		'X-AI-Relay-Inside' => '1',
		'Content-Type'      => 'application/json',
	);
	return ai_relay_check_request(
		'POST',
		rest_url( 'ai-relay/v1/check' ),
		array(
			'headers'   => $headers + ai_relay_signature_headers( '{}', ai_relay_secrets() ),
			'body'      => '{}',
			// As core's own requests to itself: certificates are often not valid for the inside.
			'sslverify' => apply_filters( 'https_local_ssl_verify', false ), // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- core's.
		)
	);
}

/**
 * Why the REST API did not let somebody in.
 *
 * @param int        $code     HTTP status.
 * @param array|null $answer   Its JSON.
 * @param string     $location Where it leads on to.
 */
function ai_relay_closed( int $code, ?array $answer, string $location = '' ): array {
	$word = is_string( $answer['code'] ?? null ) ? ai_relay_short( $answer['code'] ) : '';
	if ( 'rest_no_route' === $word ) {
		return ai_relay_finding( 'bad', __( 'The REST API answers, and the plugin’s part of it is missing (404 rest_no_route).', 'ai-relay' ), __( 'Another plugin takes routes away: in its settings, allow the routes that begin with “ai-relay/v1”.', 'ai-relay' ) );
	}
	if ( 404 === $code && null === $answer ) {
		return ai_relay_finding( 'bad', __( 'There is no REST API at its address (404): permalinks do not work, or the server does not pass /wp-json/ on to WordPress.', 'ai-relay' ), __( 'Open Settings > Permalinks and save. If that does not help, nginx needs this line:', 'ai-relay' ) . "\n    try_files \$uri \$uri/ /index.php?\$args;" );
	}
	if ( 'ai_relay_no_proof' === $word ) {
		return ai_relay_finding( 'bad', __( 'The request arrives, and neither its login nor its signature is valid here.', 'ai-relay' ), __( 'Something on the way changes the body or takes the headers X-WP-Timestamp and X-WP-Signature away: let them through.', 'ai-relay' ) );
	}
	if ( in_array( $code, array( 401, 403, 405, 406, 429 ), true ) ) {
		$who = '' === $word
			? __( 'A firewall, the host, or a rule of the web server does that: let POST requests to /wp-json/ai-relay/v1/ through.', 'ai-relay' )
			/* translators: %s: an error code. */
			: sprintf( __( 'A plugin does that, with the word “%s”: look among those for security, and allow the routes that begin with “ai-relay/v1”.', 'ai-relay' ), $word );
		/* translators: %d: HTTP status. */
		return ai_relay_finding( 'bad', sprintf( __( 'The REST API of this site is closed to the relay (%d).', 'ai-relay' ), $code ), $who );
	}
	if ( $code >= 300 && $code < 400 ) {
		$text = '' === $location
			? __( 'The address of this site leads on to another one, and the relay does not follow.', 'ai-relay' )
			/* translators: %s: an address. */
			: sprintf( __( 'The address of this site leads on to %s, where the relay does not follow.', 'ai-relay' ), ai_relay_short( $location ) );
		return ai_relay_finding( 'bad', $text, __( 'Give the relay the address where it ends (WP_SITE_URL, or url in its sites file), with https and with or without www as visitors have it.', 'ai-relay' ) );
	}
	if ( $code >= 500 ) {
		/* translators: %d: HTTP status. */
		return ai_relay_finding( 'bad', sprintf( __( 'The REST API of this site fails (%d).', 'ai-relay' ), $code ), __( 'Look into the error log of PHP, or switch WP_DEBUG_LOG on and check again.', 'ai-relay' ) );
	}
	/* translators: %d: HTTP status. */
	return ai_relay_finding( 'bad', sprintf( __( 'It is a web page that answers in place of the REST API (%d): a login, a maintenance page, or a cache.', 'ai-relay' ), $code ), __( 'Except /wp-json/ai-relay/v1/ from it.', 'ai-relay' ) );
}

/**
 * Whether the relay reached this site.
 *
 * @param array $context With the relay's answer.
 */
function ai_relay_check_call_back( array $context ): array {
	$call = $context['asked']['answer']['call_back'] ?? null;
	if ( ! is_array( $call ) ) {
		return ai_relay_finding( 'bad', __( 'The relay has no address of this site: results stay there.', 'ai-relay' ), __( 'Start the relay with it (or put it as url into its sites file):', 'ai-relay' ) . "\n    WP_SITE_URL=" . home_url() );
	}
	$code   = is_int( $call['status'] ?? null ) ? $call['status'] : 0;
	$answer = is_array( $call['answer'] ?? null ) ? $call['answer'] : null;
	$url    = ai_relay_short( is_string( $call['url'] ?? null ) ? $call['url'] : '?' );
	if ( 200 === $code && is_bool( $answer['authorization'] ?? null ) ) {
		/* translators: %s: an address. */
		return ai_relay_finding( 'good', sprintf( __( 'The relay reaches this site at %s.', 'ai-relay' ), $url ) );
	}
	if ( 0 === $code ) {
		$words = rtrim( ai_relay_short( is_string( $call['error'] ?? null ) ? $call['error'] : '' ), '. ' );
		return ai_relay_finding(
			'bad',
			/* translators: 1: an address, 2: an error message. */
			sprintf( __( 'The relay does not reach this site at %1$s: %2$s.', 'ai-relay' ), $url, $words ),
			/* translators: %s: address of this site. */
			sprintf( __( 'From the machine of the relay, that address has to lead here. This site calls itself %s; WP_SITE_URL (or url in the sites file) says where the relay looks. A name that leads into a private network needs RELAY_PRIVATE_ADDRESSES at the relay as well.', 'ai-relay' ), home_url() )
		);
	}
	if ( 429 === $code && is_string( $call['error'] ?? null ) ) {
		// A limit of the relay's own, and no answer of this site: asked often, under way, or busy with other sites.
		return ai_relay_finding( 'skipped', __( 'The relay is asked too often at the moment.', 'ai-relay' ) . ' ' . __( 'Wait a minute, then check again.', 'ai-relay' ) );
	}
	$found = ai_relay_closed( $code, $answer );
	/* translators: 1: an address, 2: what was found there. */
	$found['text'] = sprintf( __( 'The relay asked %1$s. %2$s', 'ai-relay' ), $url, $found['text'] );
	return $found;
}

/**
 * Whether the header Authorization came through to PHP.
 *
 * @param array $context With the relay's answer.
 */
function ai_relay_check_authorization( array $context ): array {
	if ( $context['asked']['answer']['call_back']['answer']['authorization'] ) {
		return ai_relay_finding( 'good', __( 'It arrives.', 'ai-relay' ) );
	}
	if ( $context['login_arrives'] ?? false ) {
		return ai_relay_finding(
			'warning',
			__( 'The relay came without a login. Results are taken all the same, since they are signed; drafts, private posts and comments on hold it cannot read.', 'ai-relay' ),
			ai_relay_password_fix() . "\n" . __( 'If the relay has one, a proxy in front of this site takes the header Authorization away: let it through.', 'ai-relay' )
		);
	}
	return ai_relay_finding(
		'warning',
		__( 'The web server of this site takes the header Authorization away. Results are taken all the same, since they are signed; drafts, private posts and comments on hold the relay cannot read.', 'ai-relay' ),
		__( 'Apache: into .htaccess, above the lines of WordPress:', 'ai-relay' ) .
		"\n    SetEnvIf Authorization \"(.*)\" HTTP_AUTHORIZATION=\$1\n" .
		__( 'Apache 2.4.13 or newer with PHP as CGI or FPM, in the configuration of the server or in .htaccess:', 'ai-relay' ) .
		"\n    CGIPassAuth On\n" .
		__( 'nginx, beside the other fastcgi_param lines:', 'ai-relay' ) .
		"\n    fastcgi_param HTTP_AUTHORIZATION \$http_authorization;"
	);
}

/** How to give the relay an application password. */
function ai_relay_password_fix(): string {
	return __( 'Make a user with the role “AI Relay” (an editor who has it as well, if the relay is to read drafts and comments on hold), open it under Users, make an application password there, and start the relay with both, or put them into its sites file:', 'ai-relay' ) .
		"\n    WP_APP_USER=relay WP_APP_PASSWORD='abcd efgh ijkl mnop qrst uvwx'";
}

/**
 * Whether the relay's application password is good for results.
 *
 * @param array $context With the relay's answer.
 */
function ai_relay_check_password( array $context ): array {
	$answer = $context['asked']['answer']['call_back']['answer'];
	if ( ! wp_is_application_passwords_available() ) {
		return ai_relay_finding( 'warning', __( 'Application passwords are switched off on this site. Results are taken all the same, since they are signed.', 'ai-relay' ), __( 'WordPress needs https for them; a security plugin may have switched them off as well.', 'ai-relay' ) );
	}
	if ( ! $answer['authorization'] ) {
		return ai_relay_finding( 'skipped', __( 'No login arrived.', 'ai-relay' ) );
	}
	if ( true === ( $answer['can_write'] ?? null ) ) {
		if ( false === ( $answer['can_moderate'] ?? null ) && in_array( 'moderate_comments', ai_relay_setting_list( 'nightly' ), true ) ) {
			return ai_relay_finding( 'warning', __( 'It is valid, and its user may write results, but not read comments on hold, which the nightly batch is about.', 'ai-relay' ), __( 'Give an editor the role “AI Relay” as well, make the application password for that user, and start the relay with both:', 'ai-relay' ) . "\n    wp user add-role <editor> " . AI_RELAY_ROLE );
		}
		return ai_relay_finding( 'good', __( 'It is valid, and its user may write results.', 'ai-relay' ) );
	}
	if ( 'no_right' === ( $answer['login'] ?? '' ) ) {
		return ai_relay_finding( 'bad', __( 'The relay’s application password is valid, and its user may not write results.', 'ai-relay' ), __( 'Give that user the role “AI Relay”, or use one who has it:', 'ai-relay' ) . "\n    wp user add-role <user> " . AI_RELAY_ROLE );
	}
	return ai_relay_finding( 'bad', __( 'The relay’s application password is not valid here: the user or the password is wrong, or it was revoked.', 'ai-relay' ), ai_relay_password_fix() );
}
