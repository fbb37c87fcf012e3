<?php
/**
 * What starts a delivery here: the end of the request that wrote an event, or a request of the site to itself for it, and
 * WP-Cron every minute. The relay (drain.php) and the system's cron over WP-CLI start them too.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds for which a request of this site to itself is valid. */
const AI_RELAY_KICK_WINDOW = 60;

/** Milliseconds to wait for such a request to be taken; it is under way long before. */
const AI_RELAY_KICK_PATIENCE = 200;

/** Seconds after which a request that was never taken is given up and another one may be made. */
const AI_RELAY_KICK_LOST = 5;

/** A delivery is wanted as soon as this request has been answered. */
function ai_relay_deliver_soon(): void {
	// Late: after core has put out its buffers, and after events that were held back.
	add_action( 'shutdown', 'ai_relay_deliver_at_end', 50 );
}

/** So many runners at once are enough: each goes on until nothing is due. */
const AI_RELAY_RUNNERS = 2;

/** Delivers after the answer is out, where PHP can tell; otherwise in a request of its own. */
function ai_relay_deliver_at_end(): void {
	if ( ! ai_relay_is_configured() || ai_relay_paused() || ai_relay_held_off_until() > time() ) {
		return;
	}
	// A relay that hangs must not hold one PHP process of the site after the other.
	if ( ai_relay_outbox_in_hand()['runners'] >= AI_RELAY_RUNNERS ) {
		return;
	}
	if ( wp_doing_cron() ) {
		ai_relay_deliver( 20, 'cron' ); // Nobody waits for cron's answer.
	} elseif ( function_exists( 'fastcgi_finish_request' ) ) {
		fastcgi_finish_request();
		ai_relay_let_session_go();
		ai_relay_deliver();
	} elseif ( function_exists( 'litespeed_finish_request' ) ) {
		litespeed_finish_request();
		ai_relay_let_session_go();
		ai_relay_deliver();
	} else {
		ai_relay_kick();
	}
}

/** Ends a session that another plugin has begun: its visitor's next page would wait for the delivery. */
function ai_relay_let_session_go(): void {
	if ( PHP_SESSION_ACTIVE === session_status() ) {
		session_write_close();
	}
}

/**
 * Asks this site, over its own address, to deliver, and does not wait for it to be done.
 *
 * One such request at a time: the runner it starts looks at the outbox after it has said so
 * (ai_relay_mark_kick), and finds what was written until then. Many at once, on a busy site, would
 * wait for each other's PHP processes.
 */
function ai_relay_kick(): void {
	if ( ! ai_relay_mark_kick( time(), time() - AI_RELAY_KICK_LOST ) ) {
		return;
	}
	$time = (string) time();
	add_action( 'http_api_curl', 'ai_relay_hurry' );
	wp_remote_post(
		admin_url( 'admin-ajax.php' ),
		array(
			'body'      => array(
				'action' => 'ai_relay_deliver',
				'time'   => $time,
				'proof'  => wp_hash( 'ai_relay_deliver|' . $time, 'nonce' ),
			),
			'blocking'  => false,
			'timeout'   => 1,
			// As core's own loopback requests: certificates are often not valid for the inside.
			'sslverify' => apply_filters( 'https_local_ssl_verify', false ), // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- core's.
		)
	);
	remove_action( 'http_api_curl', 'ai_relay_hurry' );
}

/**
 * Takes core's lower limit of a second off a request that nobody waits for.
 *
 * @param resource|CurlHandle $handle Of the request.
 */
function ai_relay_hurry( $handle ): void {
	curl_setopt( $handle, CURLOPT_TIMEOUT_MS, AI_RELAY_KICK_PATIENCE ); // phpcs:ignore WordPress.WP.AlternativeFunctions
}

/**
 * Writes down when this site last asked itself to deliver; 0 when that was taken.
 *
 * @param int $time   New time.
 * @param int $before Only if the time there is not later than this.
 */
function ai_relay_mark_kick( int $time, int $before ): bool {
	return ai_relay_mark( 'ai_relay_kick', $time, $before );
}

/**
 * Takes such a request. On init, before admin-ajax.php does anything of its own: the sooner it is
 * answered, the shorter the request that made it.
 */
function ai_relay_take_kick(): void {
	// phpcs:disable WordPress.Security.NonceVerification.Missing -- its own proof is checked here.
	if ( ! wp_doing_ajax() || 'ai_relay_deliver' !== ( $_POST['action'] ?? '' ) ) {
		return;
	}
	$time  = is_string( $_POST['time'] ?? null ) ? sanitize_text_field( wp_unslash( $_POST['time'] ) ) : '';
	$proof = is_string( $_POST['proof'] ?? null ) ? sanitize_text_field( wp_unslash( $_POST['proof'] ) ) : '';
	// phpcs:enable
	if ( ! hash_equals( wp_hash( 'ai_relay_deliver|' . $time, 'nonce' ), $proof ) || abs( time() - (int) $time ) > AI_RELAY_KICK_WINDOW ) {
		status_header( 403 );
		exit;
	}
	ignore_user_abort( true );
	header( 'Content-Length: 0' );
	header( 'Connection: close' );
	flush();
	ai_relay_mark_kick( 0, PHP_INT_MAX );
	ai_relay_let_session_go();
	ai_relay_deliver();
	exit;
}
add_action( 'init', 'ai_relay_take_kick', 100 );

/**
 * Adds the interval of the safety net.
 *
 * @param array $schedules Known intervals.
 */
function ai_relay_cron_schedules( array $schedules ): array {
	$schedules['ai_relay_minute'] = array(
		'interval' => MINUTE_IN_SECONDS,
		// Not translated: cron asks before translations are loaded.
		'display'  => 'Every minute',
	);
	return $schedules;
}
// phpcs:ignore WordPress.WP.CronInterval.CronSchedulesInterval -- one minute is the first retry.
add_filter( 'cron_schedules', 'ai_relay_cron_schedules' );

/** Keeps both schedules alive, also after another plugin has cleared cron. */
function ai_relay_schedule(): void {
	if ( ! wp_next_scheduled( 'ai_relay_deliver' ) ) {
		wp_schedule_event( time() + MINUTE_IN_SECONDS, 'ai_relay_minute', 'ai_relay_deliver' );
	}
	if ( ! wp_next_scheduled( 'ai_relay_tidy' ) ) {
		wp_schedule_event( time() + HOUR_IN_SECONDS, 'daily', 'ai_relay_tidy' );
	}
}
add_action( 'init', 'ai_relay_schedule', 20 );

/** The safety net: what no other way has delivered. */
function ai_relay_on_cron(): void {
	ai_relay_unspool();
	ai_relay_deliver( 20, 'cron' );
}
add_action( 'ai_relay_deliver', 'ai_relay_on_cron' );
