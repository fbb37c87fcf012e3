<?php
/**
 * Loads the WordPress that is being installed, from the command line.
 */

// A process that loads WordPress before the web server is up would take the cron's lock for a minute.
define( 'DISABLE_WP_CRON', true );
$_SERVER['HTTP_HOST']       = preg_replace( '#^https?://#', '', getenv( 'SITE_URL' ) );
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

require getenv( 'SITE_WP' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
