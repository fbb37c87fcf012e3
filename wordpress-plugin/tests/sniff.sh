#!/bin/bash
# The coding standards and the escaping, nonce and SQL sniffs (phpcs.xml.dist), in a second or two.
#
#   sniff.sh [PHP_CodeSniffer's arguments]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$here/../../src/test/wordpress
standards=$("$tools/coding-standards.sh")

sniff() {
  php -d memory_limit=512M -d auto_prepend_file="$tools/old-sniffs.php" "$(type -P phpcs)" \
    --runtime-set installed_paths "$standards" --standard="$here/../phpcs.xml.dist" "$@"
}

found=$(sniff -q --report=csv - <"$here/must-be-found.php.txt" || true)
for sniff in Security.EscapeOutput.OutputNotEscaped Security.NonceVerification.Missing DB.PreparedSQL.NotPrepared \
  Security.ValidatedSanitizedInput.InputNotSanitized DB.PreparedSQLPlaceholders WP.I18n.TextDomainMismatch \
  NamingConventions.PrefixAllGlobals DB.DirectDatabaseQuery WhiteSpace.ControlStructureSpacing; do
  grep -qF "$sniff" <<<"$found" || { echo "sniff.sh: WordPress.$sniff no longer finds anything" >&2; exit 1; }
done

cd "$here/.."
sniff -q --report=emacs "$@"
