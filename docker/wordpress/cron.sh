#!/bin/sh
# WordPress' own clock: once a minute, whether somebody visits the site or not.
set -u
trap 'exit 0' TERM INT
while :; do
  php "${WORDPRESS_DIR:-/var/www/html}/wp-cron.php"
  sleep 60 &
  wait $!
done
