<?php
/**
 * The browser of somebody who is logged in.
 *
 * @package AI_Relay
 */

trait BrowserWithCookies {

	/** Cookies by name; none for a stranger. */
	private array $cookies = array();

	/** HTTP status of the last page. */
	private int $status = 0;

	/** Begins a session: of the administrator, unless it is somebody else's. */
	private function log_in( int $user_id = 0 ): void {
		$user_id = $user_id ? $user_id : get_user_by( 'login', getenv( 'WP_ADMIN_USER' ) )->ID;
		$end     = time() + HOUR_IN_SECONDS;
		$token   = WP_Session_Tokens::get_instance( $user_id )->create( $end );

		$this->cookies = array(
			AUTH_COOKIE      => wp_generate_auth_cookie( $user_id, $end, 'auth', $token ),
			LOGGED_IN_COOKIE => wp_generate_auth_cookie( $user_id, $end, 'logged_in', $token ),
		);
	}

	private function log_out(): void {
		$this->cookies = array();
	}

	/** A page, after all redirects; with fields, the answer to a form. */
	private function browse( string $path, ?array $fields = null ): string {
		$handle = curl_init( 0 === strpos( $path, 'http' ) ? $path : getenv( 'WP_URL' ) . $path );
		curl_setopt_array(
			$handle,
			array(
				CURLOPT_RETURNTRANSFER => true,
				CURLOPT_FOLLOWLOCATION => true,
				CURLOPT_TIMEOUT        => 60,
				CURLOPT_COOKIE         => http_build_query( $this->cookies, '', '; ', PHP_QUERY_RFC3986 ),
			) + ( null === $fields ? array() : array( CURLOPT_POSTFIELDS => http_build_query( $fields ) ) )
		);
		$page         = (string) curl_exec( $handle );
		$this->status = curl_getinfo( $handle, CURLINFO_RESPONSE_CODE );
		wp_cache_flush();
		return $page;
	}

	/** A nonce of this session, for what this process knows the action of. */
	private function nonce( string $action ): string {
		$_COOKIE[ LOGGED_IN_COOKIE ] = $this->cookies[ LOGGED_IN_COOKIE ];

		$nonce = wp_create_nonce( $action );
		unset( $_COOKIE[ LOGGED_IN_COOKIE ] );
		return $nonce;
	}
}
