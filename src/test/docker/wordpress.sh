#!/bin/bash
# Lets the start-up scripts of docker/wordpress set up a WordPress: real, with a database that is empty, and with no more
# rights than the composition gives them. Then comes to it as a relay does, by the proxy.
set -euo pipefail
cd "$(dirname "$0")/../../.."
src/test/docker/install-packages.sh

work=$(mktemp -d)
state='' proxy=''
clean_up() {
  [ -z "$proxy" ] || kill "$proxy" 2>/dev/null || true
  [ -z "$state" ] || src/test/wordpress/site.sh down "$state"
  rm -rf "$work"
}
trap clean_up EXIT
fail() { echo "wordpress.sh: $1" >&2; exit 1; }

src/test/wordpress/site.sh up --plugin none --no-cron --endpoint http://proxy:8000/webhooks/wp --secret of-this-test \
  >"$work/site" || fail 'there is no WordPress'
state=$(sed -n 's/^WP_STATE=//p' "$work/site")
url=$(sed -n 's/^WP_URL=//p' "$work/site")

# As it is in the composition: nothing installed, the plugin a mount, and no "local", with which WordPress takes
# application passwords without TLS.
mariadb --no-defaults -uroot -S "$state/run/db.sock" -e 'DROP DATABASE wp; CREATE DATABASE wp'
sed -i "s/'WP_ENVIRONMENT_TYPE', 'local'/'WP_ENVIRONMENT_TYPE', 'production'/" "$state/wp/wp-config.php"
grep -q "'WP_ENVIRONMENT_TYPE', 'production'" "$state/wp/wp-config.php" || fail 'the site is a local one still'
cp -r wordpress-plugin docker/wordpress "$work"
ln -s "$work/wordpress-plugin" "$state/wp/wp-content/plugins/ai-relay"
ln -s "$work/wordpress/private-network.php" "$state/wp/wp-content/mu-plugins/"
mkdir "$work/credentials"
password=$work/credentials/app-password

# compose.yaml gives the scripts the user that WordPress' files are of, and no right beyond.
rights=()
if [ "$(id -u)" = 0 ]; then
  rights=(setpriv --reuid=33 --regid=33 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs)
  chmod 711 "$work" "$state"
  chmod -R a+rX "$work/wordpress-plugin" "$work/wordpress"
  chown -R 33:33 "$state/wp" "$state/log" "$work/credentials"
fi
set_up() {
  (umask 022 && WORDPRESS_DIR=$state/wp WORDPRESS_URL=$url WORDPRESS_ADMIN_EMAIL=admin@example.com \
    WORDPRESS_ADMIN_PASSWORD=of-the-admin WP_APP_USER=relay WP_APP_PASSWORD_FILE=$password \
    "${rights[@]}" sh "$work/wordpress/setup.sh") >"$work/said" 2>&1 || fail "setup.sh failed: $(cat "$work/said")"
}
wp() { "$state/bin/wp" --skip-plugins "$@"; }
answer() { # expected, curl's arguments...
  local expected=$1 is
  shift
  is=$(curl -s -o "$work/body" -w '%{http_code}' "$@")
  [ "$is" = "$expected" ] || fail "$is and not $expected: $(head -c 300 "$work/body")"
}
result() { # expected, password, address of the site
  answer "$1" -u "relay:$2" -H 'Content-Type: application/json' -d '{}' "$3/wp-json/ai-relay/v1/results"
}

set_up
grep -q 'is installed' "$work/said" || fail 'it did not install'
wp plugin is-active ai-relay || fail 'the plugin is not active'
wp user check-password admin of-the-admin || fail 'the administrator has another password'
[ "$(wp user get relay --field=roles)" = ai_relay_writer ] || fail "the relays' user has other roles"
# The relays are another user than the one who wrote it.
[ "$(stat -c %a "$password")" = 644 ] || fail 'the relays cannot read their password'
first=$(cat "$password")
result 422 "$first" "$url"
result 401 'not the password' "$url"
answer 403 -u "relay:$first" -H 'Content-Type: application/json' -d '{"title":"x"}' "$url/wp-json/wp/v2/posts"

set_up
grep -q 'already' "$work/said" || fail 'a second run does not see what the first one did'
[ "$(cat "$password")" = "$first" ] || fail 'a second run makes another password'

# A volume that was lost, a role that was taken away: the next start puts it right, and nothing old is left.
rm "$password"
wp user remove-role relay ai_relay_writer >/dev/null
set_up
second=$(cat "$password")
[ "$second" != "$first" ] || fail 'a new password is the old one'
[ "$(wp user application-password list relay --format=count)" = 1 ] || fail 'the old password was kept'
result 401 "$first" "$url"

# What the relays have as WP_SITE_URL: the proxy, which gives them the REST API and nothing else.
haproxy=$(src/test/debian/program.sh haproxy /usr/sbin/haproxy liblua5.3-0 libopentracing-c-wrapper0)
GIVEN=$work/none TARGET=$work sh docker/proxy/certificate.sh >/dev/null
port() { php -r '$s = stream_socket_server("tcp://127.0.0.1:0"); echo explode(":", stream_socket_get_name($s, false))[1];'; }
site=127.0.0.1:$(port)
PROXY_HTTPS=127.0.0.1:$(port) PROXY_HTTP=127.0.0.1:$(port) PROXY_PLAIN=127.0.0.1:$(port) PROXY_STATS=127.0.0.1:$(port) \
  PROXY_SITE=$site SITE=${url#http://} PROXY_CERTIFICATE=$work/proxy.pem RELAY_1=127.0.0.1:9 RELAY_2=127.0.0.1:9 \
  "$haproxy" -db -f docker/proxy/haproxy.cfg >"$work/proxy.log" 2>&1 &
proxy=$!
for ((tries = 0; tries < 100; tries++)); do
  ! curl -s -o /dev/null "http://$site/" || break
  kill -0 "$proxy" 2>/dev/null || fail "the proxy ended: $(cat "$work/proxy.log")"
  sleep 0.1
done
result 422 "$second" "http://$site"
answer 404 "http://$site/wp-login.php"

# WordPress' clock, which is a loop: once round.
WORDPRESS_DIR=$state/wp "${rights[@]}" sh "$work/wordpress/cron.sh" >"$work/clock" 2>&1 &
clock=$!
for ((tries = 0; tries < 100; tries++)); do
  ! pgrep -P "$clock" sleep >/dev/null || break
  sleep 0.1
done
pgrep -P "$clock" sleep >/dev/null || fail "WordPress' cron did not come round"
kill "$clock"
wait "$clock" || fail "WordPress' clock did not stop when it was told to"
[ ! -s "$state/log/debug.log" ] || fail "WordPress complains: $(head -n 5 "$state/log/debug.log")"
echo 'docker/wordpress sets a WordPress up, and puts it right.'
