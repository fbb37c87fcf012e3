#!/bin/bash
# Whether all of the plugin's files compile on PHP 7.4 and 8.4 and call nothing that 7.4 has not got.
#
#   php-versions.sh [FILE…]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tool=$here/../../src/test/wordpress/php-versions
# By what the lock says, so that a new version is a new place.
installed=${XDG_CACHE_HOME:-$HOME/.cache}/ai-relay/php-$(sha256sum "$tool/package-lock.json" | cut -c1-16)

if [ ! -e "$installed/.complete" ]; then
  mkdir -p "$installed"
  cp "$tool"/package*.json "$installed/"
  # No scripts of the packages; each has to have the hash in package-lock.json.
  (cd "$installed" && npm ci --silent --ignore-scripts --no-audit --no-fund) ||
    { echo "php-versions.sh: npm could not fetch PHP 7.4 and 8.4" >&2; exit 1; }
  touch "$installed/.complete"
fi

cd "$here/.."
if [ $# = 0 ]; then
  mapfile -t files < <(find . -name '*.php' -not -path './tests/*' | sort)
  set -- "${files[@]}"
fi
PHP_VERSIONS=$installed node --no-warnings "$tool/check.mjs" "$@"
