#!/bin/bash
# Runs the plugin's tests against a real WordPress: one that is up (WP_STATE of site.sh), or one
# that is brought up for this and taken down again.
#
#   run.sh [PHPUnit's arguments]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
site=$here/../../src/test/wordpress/site.sh
export SIGNATURE_VECTORS=$here/../../src/test/resources/signature-vectors.json

"$here/../../src/test/wordpress/install-packages.sh"

find "$here/.." -name '*.php' -print0 | while IFS= read -r -d '' file; do
  php -l "$file" >/dev/null || { echo "run.sh: $file has a syntax error" >&2; exit 1; }
done

if [ -n "${WP_STATE:-}" ]; then
  lines=$(cat "$WP_STATE/env")
else
  # No cron, so that no delivery happens but those a test starts.
  lines=$("$site" up --no-cron)
  WP_STATE=$(sed -n 's/^WP_STATE=//p' <<<"$lines")
  trap '"$site" down "$WP_STATE"' EXIT
fi
while IFS='=' read -r name value; do export "$name=$value"; done <<<"$lines"

phpunit -c "$here/phpunit.xml" "$@"

# A notice or warning of ours under WP_DEBUG is a failure, wherever it happened.
for log in "$WP_STATE/log/debug.log" "$WP_STATE/log/php.log"; do
  if [ -e "$log" ] && grep -nE 'wordpress-plugin|plugins/ai-relay|ai_relay' "$log"; then
    echo "run.sh: the plugin left the lines above in $log" >&2
    exit 1
  fi
done
