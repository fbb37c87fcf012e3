<?php
/**
 * Several attempts at once: over the internet, most of the time of an attempt is waiting for the network.
 *
 * WordPress' HTTP API sends one request at a time. This uses the library under it, with the filters and
 * actions that other plugins know from wp_remote_post(); where that would not be the same (a proxy, another
 * transport than cURL), rows go out one by one through wp_remote_post() itself.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Whether several requests can be sent at once here. */
function ai_relay_can_send_together(): bool {
	$url   = ai_relay_setting( 'endpoint' );
	$proxy = new WP_HTTP_Proxy();
	return function_exists( 'curl_multi_exec' )
		&& class_exists( ai_relay_requests_class() )
		&& ! ( $proxy->is_enabled() && $proxy->send_through_proxy( $url ) )
		&& ! _wp_http_get_object()->block_request( $url );
}

/** The library's class, which had another name before WordPress 6.2. */
function ai_relay_requests_class(): string {
	return class_exists( 'WpOrg\Requests\Requests' ) ? 'WpOrg\Requests\Requests' : 'Requests';
}

/**
 * One attempt at each of the rows, all at the same time.
 *
 * @param object[] $rows Rows as claimed.
 * @return array[]|WP_Error[] What wp_remote_post() would give for each, with how many seconds it took as `ai_relay_seconds`.
 */
function ai_relay_post_together( array $rows ): array {
	$url      = ai_relay_setting( 'endpoint' );
	$answers  = array();
	$all      = array();
	$requests = array();
	foreach ( $rows as $number => $row ) {
		$all[ $number ] = ai_relay_filtered_arguments( ai_relay_post_arguments( $row ), $url );
		/** This filter is documented in wp-includes/class-wp-http.php */
		$early = apply_filters( 'pre_http_request', false, $all[ $number ], $url ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
		if ( false !== $early ) {
			$answers[ $number ] = $early;
		} else {
			$requests[ $number ] = ai_relay_request( $url, $all[ $number ] );
		}
	}
	list( $responses, $seconds ) = ai_relay_responses( $requests );
	foreach ( $responses as $number => $response ) {
		$answers[ $number ] = ai_relay_read_response( $response, $all[ $number ], $url );
		if ( is_array( $answers[ $number ] ) ) {
			$answers[ $number ]['ai_relay_seconds'] = $seconds[ $number ] ?? null;
		}
	}
	// cURL's handles and the library's objects hold each other, and with them the bodies of events.
	unset( $requests, $responses );
	gc_collect_cycles();
	ksort( $answers );
	return $answers;
}

/**
 * The arguments of a request as wp_remote_post() would complete them.
 *
 * @param array  $arguments Of ai_relay_post_arguments().
 * @param string $url       Address.
 */
function ai_relay_filtered_arguments( array $arguments, string $url ): array {
	// phpcs:disable WordPress.NamingConventions.PrefixAllGlobals -- core's own filters.
	$arguments += array(
		/** This filter is documented in wp-includes/class-wp-http.php */
		'user-agent'         => apply_filters( 'http_headers_useragent', 'WordPress/' . get_bloginfo( 'version' ) . '; ' . get_bloginfo( 'url' ), $url ),
		'httpversion'        => '1.0',
		'reject_unsafe_urls' => false,
		'blocking'           => true,
		'cookies'            => array(),
		'compress'           => false,
		'decompress'         => true,
		'sslverify'          => true,
		'sslcertificates'    => ABSPATH . WPINC . '/certificates/ca-bundle.crt',
		'stream'             => false,
		'filename'           => null,
		'_redirection'       => 0,
	);
	/** This filter is documented in wp-includes/class-wp-http.php */
	return apply_filters( 'http_request_args', $arguments, $url );
	// phpcs:enable
}

/**
 * A request as the library wants it.
 *
 * @param string $url       Address.
 * @param array  $arguments Of ai_relay_filtered_arguments().
 */
function ai_relay_request( string $url, array $arguments ): array {
	$hooks = new WP_HTTP_Requests_Hooks( $url, $arguments );
	$hooks->register( 'curl.before_multi_exec', 'ai_relay_wait_for_all' );
	$hooks->register(
		'curl.before_multi_add',
		static function ( &$handle ) use ( $arguments, $url ) {
			/** This action is documented in wp-includes/class-wp-http-requests-hooks.php */
			do_action_ref_array( 'http_api_curl', array( &$handle, $arguments, $url ) ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
		}
	);
	/** This filter is documented in wp-includes/class-wp-http.php */
	$verify = apply_filters( 'https_ssl_verify', $arguments['sslverify'] ? $arguments['sslcertificates'] : false, $url ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
	return array(
		'url'     => $url,
		'headers' => $arguments['headers'],
		'data'    => $arguments['body'],
		'type'    => $arguments['method'],
		'options' => array(
			'timeout'          => $arguments['timeout'],
			'useragent'        => $arguments['user-agent'],
			'follow_redirects' => false,
			'max_bytes'        => $arguments['limit_response_size'],
			'verify'           => $verify,
			'verifyname'       => (bool) $arguments['sslverify'],
			'data_format'      => 'body',
			'hooks'            => $hooks,
		),
	);
}

/**
 * Lets cURL work until all requests are through. The library would do it too, but without ever sleeping:
 * ten seconds of waiting would be ten seconds of computing.
 *
 * @param resource|CurlMultiHandle $handle Of all requests.
 */
function ai_relay_wait_for_all( &$handle ): void {
	// phpcs:disable WordPress.WP.AlternativeFunctions -- WordPress has nothing for several requests.
	do {
		curl_multi_exec( $handle, $active );
		if ( $active && curl_multi_select( $handle, 1 ) < 0 ) {
			usleep( 1000 );
		}
	} while ( $active );
	// phpcs:enable
}

/**
 * What comes back.
 *
 * @param array[] $requests Of ai_relay_request().
 * @return array{0:object[],1:array<float|null>} Responses or exceptions of the library, and how many seconds each took.
 */
function ai_relay_responses( array $requests ): array {
	if ( ! $requests ) {
		return array( array(), array() );
	}
	$seconds = array();
	foreach ( $requests as $number => $request ) {
		$request['options']['hooks']->register(
			'curl.after_request',
			static function ( &$headers, &$info = null ) use ( &$seconds, $number ) {
				$seconds[ $number ] = is_array( $info ) ? $info['total_time'] ?? null : null;
			}
		);
	}
	try {
		$responses = array( ai_relay_requests_class(), 'request_multiple' )( $requests );
	} catch ( Exception $failure ) {
		$responses = array_fill_keys( array_keys( $requests ), $failure );
	}
	return array( $responses, $seconds );
}

/**
 * A response as wp_remote_post() gives it.
 *
 * @param object $response  Response or exception of the library.
 * @param array  $arguments Of ai_relay_filtered_arguments().
 * @param string $url       Address.
 * @return array|WP_Error
 */
function ai_relay_read_response( object $response, array $arguments, string $url ) {
	if ( $response instanceof Exception ) {
		$answer = new WP_Error( 'http_request_failed', $response->getMessage() );
	} else {
		$http   = new WP_HTTP_Requests_Response( $response );
		$answer = $http->to_array() + array( 'http_response' => $http );
	}
	// phpcs:disable WordPress.NamingConventions.PrefixAllGlobals -- core's own hooks.
	/** This action is documented in wp-includes/class-wp-http.php */
	do_action( 'http_api_debug', $answer, 'response', ai_relay_requests_class(), $arguments, $url );
	if ( is_wp_error( $answer ) ) {
		return $answer;
	}
	/** This filter is documented in wp-includes/class-wp-http.php */
	return apply_filters( 'http_response', $answer, $arguments, $url );
	// phpcs:enable
}
