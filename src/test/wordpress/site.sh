#!/bin/bash
# A real WordPress for tests: core on MariaDB and PHP's own web server, on 127.0.0.1, with our plugin
# active.
#
#   site.sh up [OPTION…]     prints KEY=VALUE lines
#   site.sh down STATE       STATE is WP_STATE of those lines
#   site.sh wp-cli           prints where WP-CLI is, for what it does without a site
#
#   --wordpress VERSION   7.1 unless said: 6.1, 6.8 or 7.1
#   --multisite           a network of sites in folders, the plugin active on all of it
#   --plugin DIR          the plugin, if not this project's; "none" for a site without it
#   --port N              if not a free one
#   --endpoint, --secret  become the constants AI_RELAY_ENDPOINT and AI_RELAY_SECRET in wp-config.php
#   --no-cron             WordPress does not start its cron by itself, for tests that count deliveries
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
plugin=$(cd "$here/../../../wordpress-plugin" && pwd)

# WordPress' own distribution is not in a package registry; this npm package carries 7.1.1, unchanged,
# together with WP-CLI. It is unpacked, never installed or run. Older ones are Debian's.
package=wp-studio
package_version=1.22.0
package_sha512='boMtahkhgWDKKyNTBA1uTK5ghnAmxXhDY6KeQCO9FmcI3/o+YOSq8JwYW5ZYnxHCxH14Jf/mD6CJTBvTWl2Ytw=='

admin_user=admin
admin_password=admin-pass-123

fail() { echo "site.sh: $1" >&2; exit 1; }

# Tries a command every 0.1 s for 30 s, as long as the process it depends on lives.
wait_for() { # pid, what for, command...
  local pid=$1 what=$2 tries
  shift 2
  for ((tries = 0; tries < 300; tries++)); do
    "$@" >/dev/null 2>&1 && return
    kill -0 "$pid" 2>/dev/null || fail "$what stopped; see $state/log"
    sleep 0.1
  done
  fail "$what did not answer in 30 s; see $state/log"
}

# Where WordPress' files, wordpress/ of the newest, and wp-cli/ are.
studio() {
  "$here/npm-files.sh" "$package" "$package_version" "$package_sha512" \
    dist/cli/wp-files/latest/wordpress dist/cli/wp-files/wp-cli
}

# Where the files of a version of WordPress are.
core_of() { # version
  case $1 in
    7.1) echo "$studio/wordpress" ;;
    6.8) "$here/debian-wordpress.sh" trixie 6.8 ;;
    6.1) "$here/debian-wordpress.sh" bookworm 6.1 ;;
    *) fail "there is no WordPress $1 here: 6.1, 6.8 or 7.1" ;;
  esac
}

free_port() {
  php -r '$s = stream_socket_server("tcp://127.0.0.1:0"); echo explode(":", stream_socket_get_name($s, false))[1];'
}

start_database() {
  local socket=$state/run/db.sock data=$state/db
  [ ${#socket} -lt 100 ] || fail "$socket is too long for a socket: set TMPDIR to a shorter directory"
  mariadb-install-db --no-defaults --user="$(id -un)" --auth-root-authentication-method=normal \
    --skip-test-db --datadir="$data" >"$state/log/install-db.log" 2>&1 || fail "see $state/log/install-db.log"
  # No network, and no flush at each commit: nothing here outlives the test.
  setsid mariadbd --no-defaults --user="$(id -un)" --datadir="$data" --socket="$socket" \
    --pid-file="$state/run/mariadbd.own" --skip-networking --skip-log-bin \
    --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M --performance-schema=OFF \
    --character-set-server=utf8mb4 >"$state/log/mariadbd.log" 2>&1 </dev/null &
  echo $! >"$state/run/mariadbd.pid"
  wait_for "$!" MariaDB mariadb --no-defaults -uroot -S "$socket" -e 'CREATE DATABASE IF NOT EXISTS wp'
}

place_wordpress() {
  local wp=$state/wp
  cp -a "$core" "$wp"
  mkdir -p "$wp/wp-content/mu-plugins" "$wp/wp-content/uploads"
  # The folder is called wordpress-plugin in the project; its slug in a WordPress is ai-relay.
  [ "$plugin" = none ] || ln -s "$plugin" "$wp/wp-content/plugins/ai-relay"
  ln -s "$here/site/offline.php" "$wp/wp-content/mu-plugins/offline.php"
  write_config 0
}

write_config() { # whether the network is there already
  SITE_STATE=$state SITE_URL=$url SITE_ENDPOINT=$endpoint SITE_SECRET=$secret SITE_CRON=$cron SITE_NETWORK=$1 \
    php "$here/site/write-config.php" >"$state/wp/wp-config.php"
}

# One step of the installation, in a process of its own: each loads WordPress as the last one left it.
site_php() { # file
  SITE_URL=$url SITE_WP=$state/wp SITE_ADMIN=$admin_user SITE_PASSWORD=$admin_password SITE_PLUGIN=$plugin \
    php "${php_settings[@]}" "$here/site/$1" || fail "WordPress could not be installed; see $state/log"
}

install_wordpress() {
  site_php install.php
  if [ "$multisite" = 1 ]; then
    site_php network.php
    write_config 1
  fi
  site_php activate.php
}

start_web_server() {
  # Several workers: WordPress calls itself, and with one worker that would hang.
  PHP_CLI_SERVER_WORKERS=4 setsid php "${php_settings[@]}" -S "127.0.0.1:$port" -t "$state/wp" \
    "$here/site/router.php" >"$state/log/access.log" 2>&1 </dev/null &
  echo $! >"$state/run/php.pid"
  wait_for "$!" "the web server" curl -fsS -o "$state/log/first-answer" "$url/wp-json/"
}

write_wp_cli() {
  cat >"$state/bin/wp" <<SH
#!/bin/sh
exec php -d memory_limit=512M -d error_reporting=8191 -d mysqli.default_socket="$state/run/db.sock" \\
  "$studio/wp-cli/wp-cli.phar" --allow-root --path="$state/wp" "\$@"
SH
  chmod +x "$state/bin/wp"
}

up() {
  local port='' endpoint='' secret='' cron=1 wordpress=7.1 multisite=0 studio core state url setup
  while [ $# -gt 0 ]; do
    case $1 in
      --no-cron) cron=0; shift; continue ;;
      --multisite) multisite=1; shift; continue ;;
      --port | --endpoint | --secret | --wordpress | --plugin) [ $# -ge 2 ] || fail "$1 needs a value" ;;
      *) fail "unknown option $1" ;;
    esac
    printf -v "${1#--}" %s "$2"
    shift 2
  done
  "$here/install-packages.sh"
  studio=$(studio)
  core=$(core_of "$wordpress")
  port=${port:-$(free_port)}
  url=http://127.0.0.1:$port
  ! curl -s -o /dev/null --max-time 1 "$url/" || fail "port $port is taken"
  state=$(mktemp -d)
  mkdir -p "$state"/{run,log,bin}
  trap '[ $? = 0 ] || down "$state" --keep-logs' EXIT

  local php_settings=(-d memory_limit=256M -d log_errors=1 -d display_errors=0
    -d "error_log=$state/log/php.log" -d opcache.enable_cli=1 -d opcache.revalidate_freq=0 -d sendmail_path=true)
  start_database
  place_wordpress
  write_wp_cli
  setup=$(install_wordpress)
  start_web_server
  {
    echo "WP_URL=$url"
    echo "WP_ADMIN_USER=$admin_user"
    echo "WP_ADMIN_PASS=$admin_password"
    echo "$setup"
    echo "WP_MULTISITE=$multisite"
    echo "WP_CLI=$state/bin/wp"
    echo "WP_STATE=$state"
  } | tee "$state/env"
}

# Ends a process group that up started; the path in its command line tells that the id is still ours.
stop() { # pid file
  local pid tries
  [ -e "$1" ] || return 0
  pid=$(cat "$1")
  rm -f "$1"
  grep -qs -- "$state" "/proc/$pid/cmdline" || return 0
  kill -TERM -- "-$pid" 2>/dev/null || return 0
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 -- "-$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
}

down() { # state directory, [--keep-logs]
  local state=$1
  [ -d "$state/run" ] || fail "no site in $state"
  stop "$state/run/php.pid"
  stop "$state/run/mariadbd.pid"
  if [ "${2:-}" = --keep-logs ]; then
    rm -rf "$state/wp" "$state/db"
  else
    rm -rf "$state"
  fi
}

case ${1:-} in
  up) shift; up "$@" ;;
  down) [ $# = 2 ] || fail "usage: site.sh down STATE"; down "$2" ;;
  wp-cli) studio=$(studio); echo "$studio/wp-cli/wp-cli.phar" ;;
  *) sed -n '2,16s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
