#!/bin/bash
# What can be seen from the plugin's files alone, in a few seconds: syntax on PHP 7.4, 8.4 and the one
# that is here, coding standards and escaping, versions, translations.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$here/../../src/test/wordpress/install-packages.sh"

find "$here/.." -name '*.php' -print0 | while IFS= read -r -d '' file; do
  php -l "$file" >/dev/null || { echo "check.sh: $file has a syntax error" >&2; exit 1; }
done
"$here/../../bin/plugin-zip" --check
"$here/php-versions.sh"
"$here/sniff.sh"
"$here/../languages/update.sh" --check
