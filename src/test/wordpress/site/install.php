<?php
/**
 * Installs WordPress.
 */

define( 'WP_INSTALLING', true );

/** Replaces core's: no mail about the new site. */
function wp_new_blog_notification() {}

require __DIR__ . '/load.php';

wp_install( 'Test site', getenv( 'SITE_ADMIN' ), 'admin@example.test', false, '', getenv( 'SITE_PASSWORD' ) );
