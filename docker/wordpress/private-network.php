<?php
/**
 * Plugin Name: Private network
 * Description: The relays of this composition reach WordPress on a network that nobody else is in, without TLS. WordPress
 *   takes application passwords with TLS only, unless it is told otherwise.
 */

add_filter( 'wp_is_application_passwords_available', '__return_true' );
