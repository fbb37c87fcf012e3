<?php
/**
 * Checks of this site itself: its cron, and what waits in its outbox.
 *
 * @package AI_Relay
 */

defined( 'ABSPATH' ) || exit;

/** Seconds by which our job may be late: a site that nobody visits for so long is an ordinary one. */
const AI_RELAY_CRON_PATIENCE = 10 * MINUTE_IN_SECONDS;

/** Whether the jobs of this site are run. */
function ai_relay_check_cron(): array {
	$late = ai_relay_cron_late();
	$off  = defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON;
	if ( ! wp_next_scheduled( 'ai_relay_deliver' ) ) {
		return ai_relay_finding( 'bad', __( 'The plugin’s job is not in the list of jobs, although it puts it there on each request.', 'ai-relay' ), __( 'A plugin that manages cron removes it: let “ai_relay_deliver” be.', 'ai-relay' ) );
	}
	if ( $late <= AI_RELAY_CRON_PATIENCE ) {
		return ai_relay_finding( 'good', $off ? __( 'A cron of the system runs the jobs of this site.', 'ai-relay' ) : __( 'The jobs of this site are run.', 'ai-relay' ) );
	}
	$by = human_time_diff( time() - $late );
	return ai_relay_finding(
		ai_relay_due_for() > AI_RELAY_CRON_PATIENCE ? 'bad' : 'warning',
		$off
			/* translators: %s: a time span. */
			? sprintf( __( 'Jobs have not been run for %s: DISABLE_WP_CRON is set, and no cron of the system does it instead.', 'ai-relay' ), $by )
			/* translators: %s: a time span. */
			: sprintf( __( 'Jobs have not been run for %s: WP-Cron does not start on this site.', 'ai-relay' ), $by ),
		ai_relay_cron_fix()
	);
}

/** The line for a cron of the system. */
function ai_relay_cron_fix(): string {
	return __( 'Add one of these lines to the crontab of the server (crontab -e):', 'ai-relay' ) .
		"\n    * * * * * wp --path=" . escapeshellarg( untrailingslashit( ABSPATH ) ) . ' cron event run --due-now' .
		"\n    * * * * * wget -q -O /dev/null " . escapeshellarg( site_url( 'wp-cron.php?doing_wp_cron' ) ) . "\n" .
		__( 'Meanwhile the relay fetches what waits by itself, if it knows the address of this site.', 'ai-relay' );
}

/**
 * Whether events get away. A pause ends here when the relay has just accepted our signature: what
 * stopped the deliveries is mended.
 *
 * @param array $context With the status of the check of the signature.
 */
function ai_relay_check_outbox( array $context ): array {
	$pause = ai_relay_paused();
	if ( $pause && 'good' === ( $context['status']['signature'] ?? '' ) ) {
		ai_relay_resume();
		/* translators: 1: a time span, 2: HTTP status, 3: the relay's words. */
		return ai_relay_finding( 'good', sprintf( __( 'Sending had stopped %1$s ago, since the relay answered %2$d (%3$s). It accepts us again, so it goes on now.', 'ai-relay' ), human_time_diff( $pause['since'] ), $pause['code'], $pause['error'] ) );
	}
	if ( $pause ) {
		/* translators: 1: a time span, 2: HTTP status, 3: the relay's words. */
		return ai_relay_finding( 'bad', sprintf( __( 'Sending stopped %1$s ago, since the relay answered %2$d (%3$s). Nothing is lost.', 'ai-relay' ), human_time_diff( $pause['since'] ), $pause['code'], $pause['error'] ), __( 'Mend what is said above about endpoint, clock and secret, then save the settings.', 'ai-relay' ) );
	}
	$due = ai_relay_due_for();
	if ( $due > AI_RELAY_CRON_PATIENCE ) {
		/* translators: %s: a time span. */
		return ai_relay_finding( $due > HOUR_IN_SECONDS ? 'bad' : 'warning', sprintf( __( 'Events should have been sent %s ago, and nothing has begun to.', 'ai-relay' ), human_time_diff( time() - $due ) ), ai_relay_cron_fix() );
	}
	$failed = ai_relay_failed_facts();
	if ( $failed['number'] > 0 ) {
		return ai_relay_finding(
			'warning',
			/* translators: 1: number of events, 2: an error message. */
			sprintf( _n( '%1$d event of the last 30 days was given up: %2$s.', '%1$d events of the last 30 days were given up, the latest: %2$s.', $failed['number'], 'ai-relay' ), $failed['number'], rtrim( $failed['error'], '. ' ) ),
			__( 'Open the log, see why, and let it try again.', 'ai-relay' )
		);
	}
	$waiting = ai_relay_outbox_counts()['waiting'];
	if ( $waiting > 0 ) {
		/* translators: %d: number of events. */
		return ai_relay_finding( 'good', sprintf( _n( '%d event waits for its next try.', '%d events wait for their next try.', $waiting, 'ai-relay' ), $waiting ) );
	}
	return ai_relay_finding( 'good', __( 'None.', 'ai-relay' ) );
}
