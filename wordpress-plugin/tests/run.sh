#!/bin/bash
# Runs the plugin's tests: what can be seen from its files (check.sh), then PHPUnit against a real
# WordPress: one that is up (WP_STATE of site.sh), or one that is brought up for this and taken down again.
#
#   run.sh [PHPUnit's arguments]
#   run.sh --site "--wordpress 6.1" [PHPUnit's arguments]   on another site (site.sh), without check.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
site=$here/../../src/test/wordpress/site.sh
export SIGNATURE_VECTORS=$here/../../src/test/resources/signature-vectors.json

if [ "${1:-}" = --site ]; then
  read -r -a options <<<"$2"
  shift 2
else
  options=()
  "$here/check.sh"
fi

if [ -n "${WP_STATE:-}" ]; then
  lines=$(cat "$WP_STATE/env")
else
  # No cron, so that no delivery happens but those a test starts.
  lines=$("$site" up --no-cron "${options[@]}")
  WP_STATE=$(sed -n 's/^WP_STATE=//p' <<<"$lines")
  trap '"$site" down "$WP_STATE"' EXIT
fi
while IFS='=' read -r name value; do export "$name=$value"; done <<<"$lines"

# What is about a network can only be tested in one, and bin/test --all does.
groups=()
[ "${WP_MULTISITE:-0}" = 1 ] || groups=(--exclude-group network)
echo "WordPress ${WP_VERSION:-}$([ "${WP_MULTISITE:-0}" = 0 ] || echo ', a network of sites')"
phpunit -c "$here/phpunit.xml" "${groups[@]}" "$@"

# A notice or warning of ours under WP_DEBUG is a failure, wherever it happened.
for log in "$WP_STATE/log/debug.log" "$WP_STATE/log/php.log"; do
  if [ -e "$log" ] && grep -nE 'wordpress-plugin|plugins/ai-relay|ai_relay' "$log"; then
    echo "run.sh: the plugin left the lines above in $log" >&2
    exit 1
  fi
done
