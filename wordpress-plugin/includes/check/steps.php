<?php
/**
 * Check the connection: the checks, one after the other, for the settings page, WP-CLI and Site Health.
 *
 * A check is array( 'name', 'label', 'status', 'text', 'fix' ). `status` is `good`, `warning` (it works, and
 * could be better), `bad`, `skipped`, or, of the test event alone, `running`: ask again. `fix` is '' or says
 * exactly what to do; its lines that begin with four spaces are to be typed as they are.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds that a request of a check may take. */
const AI_RELAY_CHECK_TIMEOUT = 8;

/**
 * The checks in their order: what does it, and which others have to be in order for it.
 *
 * @return array<string,array{label:string,check:callable,needs:string[]}>
 */
function ai_relay_checks(): array {
	return array(
		'address'       => array(
			'label' => __( 'Address', 'ai-relay' ),
			'check' => 'ai_relay_check_address',
			'needs' => array(),
		),
		'tls'           => array(
			'label' => __( 'Encryption on the way (TLS)', 'ai-relay' ),
			'check' => 'ai_relay_check_tls',
			'needs' => array( 'address' ),
		),
		'relay'         => array(
			'label' => __( 'Relay', 'ai-relay' ),
			'check' => 'ai_relay_check_relay',
			'needs' => array( 'address', 'tls' ),
		),
		'clock'         => array(
			'label' => __( 'Clock', 'ai-relay' ),
			'check' => 'ai_relay_check_clock',
			'needs' => array( 'relay' ),
		),
		'signature'     => array(
			'label' => __( 'Secret and signature', 'ai-relay' ),
			'check' => 'ai_relay_check_signature',
			'needs' => array( 'relay', 'clock' ),
		),
		'rest'          => array(
			'label' => __( 'REST API of this site', 'ai-relay' ),
			'check' => 'ai_relay_check_rest',
			'needs' => array(),
		),
		'call_back'     => array(
			'label' => __( 'Way back from the relay', 'ai-relay' ),
			'check' => 'ai_relay_check_call_back',
			'needs' => array( 'signature' ),
		),
		'authorization' => array(
			'label' => __( 'Authorization header', 'ai-relay' ),
			'check' => 'ai_relay_check_authorization',
			'needs' => array( 'call_back' ),
		),
		'password'      => array(
			'label' => __( 'Application password', 'ai-relay' ),
			'check' => 'ai_relay_check_password',
			'needs' => array( 'call_back' ),
		),
		'cron'          => array(
			'label' => __( 'Cron', 'ai-relay' ),
			'check' => 'ai_relay_check_cron',
			'needs' => array(),
		),
		'outbox'        => array(
			'label' => __( 'Events that wait', 'ai-relay' ),
			'check' => 'ai_relay_check_outbox',
			'needs' => array(),
		),
		'event'         => array(
			'label' => __( 'Test event', 'ai-relay' ),
			'check' => 'ai_relay_check_event',
			'needs' => array( 'signature', 'outbox' ),
		),
	);
}

/**
 * The names of the checks, in their order.
 *
 * @return string[]
 */
function ai_relay_check_steps(): array {
	return array_keys( ai_relay_checks() );
}

/**
 * Makes one check. Each of its requests waits for AI_RELAY_CHECK_TIMEOUT at most, and most make one; the test event is
 * asked for again and again instead of being waited for.
 *
 * @param string $name    One of ai_relay_check_steps().
 * @param array  $context What the checks before have found; array() for the first. Pass the same variable on.
 * @return array{name:string,label:string,status:string,text:string,fix:string}
 */
function ai_relay_check_step( string $name, array &$context ): array {
	$check = ai_relay_checks()[ $name ];
	foreach ( $check['needs'] as $need ) {
		if ( in_array( $context['status'][ $need ] ?? '', array( 'bad', 'skipped' ), true ) ) {
			$first = ai_relay_first_cause( $need, $context );
			/* translators: %s: name of another check. */
			$found = ai_relay_finding( 'skipped', sprintf( __( '“%s” has to be mended first.', 'ai-relay' ), ai_relay_checks()[ $first ]['label'] ) );
			break;
		}
		if ( ! isset( $context['status'][ $need ] ) ) {
			// The page was left for too long, or a cache has lost it: it cannot go on without what was found before.
			$found = ai_relay_finding( 'skipped', __( 'What the checks before it have found is not known any more. Start the check again.', 'ai-relay' ) );
			break;
		}
	}
	$found                      = $found ?? call_user_func_array( $check['check'], array( &$context ) );
	$context['status'][ $name ] = $found['status'];
	return array(
		'name'  => $name,
		'label' => $check['label'],
	) + $found;
}

/**
 * The check that is not in order, behind one that was skipped for it.
 *
 * @param string $name    A check that is bad or was skipped.
 * @param array  $context What was found.
 */
function ai_relay_first_cause( string $name, array $context ): string {
	foreach ( ai_relay_checks()[ $name ]['needs'] as $need ) {
		if ( in_array( $context['status'][ $need ] ?? '', array( 'bad', 'skipped' ), true ) ) {
			return ai_relay_first_cause( $need, $context );
		}
	}
	return $name;
}

/**
 * Makes all checks, and waits for the test event.
 *
 * @param int           $seconds How long to wait for the test event; 0 leaves it out.
 * @param callable|null $said    Gets each check when it is made.
 * @return array[] The checks.
 */
function ai_relay_check_all( int $seconds, ?callable $said = null ): array {
	$context = array( 'patience' => $seconds );
	$found   = array();
	foreach ( ai_relay_check_steps() as $name ) {
		if ( 'event' === $name && 0 === $seconds ) {
			continue;
		}
		$found[ $name ] = ai_relay_check_step( $name, $context );
		while ( 'running' === $found[ $name ]['status'] ) {
			sleep( 1 );
			$found[ $name ] = ai_relay_check_step( $name, $context );
		}
		if ( $said ) {
			$said( $found[ $name ] );
		}
	}
	return array_values( $found );
}

/**
 * What a check has found.
 *
 * @param string $status `good`, `warning`, `bad`, `skipped` or `running`.
 * @param string $text   One plain sentence.
 * @param string $fix    What to do about it.
 * @return array{status:string,text:string,fix:string}
 */
function ai_relay_finding( string $status, string $text, string $fix = '' ): array {
	return compact( 'status', 'text', 'fix' );
}

/**
 * What a status is called.
 *
 * @param string $status Of a check.
 */
function ai_relay_check_status_name( string $status ): string {
	$names = array(
		'good'    => __( 'In order', 'ai-relay' ),
		'warning' => __( 'Could be better', 'ai-relay' ),
		'bad'     => __( 'Problem', 'ai-relay' ),
		'skipped' => __( 'Not checked', 'ai-relay' ),
		'running' => __( 'Waiting', 'ai-relay' ),
	);
	return $names[ $status ];
}

/**
 * What to do, with the lines that are to be typed as such.
 *
 * @param string $fix Of a check.
 * @return string HTML.
 */
function ai_relay_fix_html( string $fix ): string {
	$html = '';
	foreach ( explode( "\n", $fix ) as $line ) {
		$html .= 0 === strpos( $line, '    ' )
			? '<pre><code>' . esc_html( substr( $line, 4 ) ) . '</code></pre>'
			: '<p>' . esc_html( $line ) . '</p>';
	}
	return $html;
}

/**
 * Asks somebody over HTTP the way events go: no redirects, and no longer than a check may take.
 *
 * @param string $method    Method.
 * @param string $url       Address.
 * @param array  $arguments More for wp_remote_request().
 * @return array|WP_Error
 */
function ai_relay_check_request( string $method, string $url, array $arguments = array() ) {
	return wp_remote_request(
		$url,
		$arguments + array(
			'method'              => $method,
			'timeout'             => AI_RELAY_CHECK_TIMEOUT,
			'redirection'         => 0,
			'limit_response_size' => 65536,
		)
	);
}
