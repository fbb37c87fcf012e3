#!/bin/bash
# Prints where the WordPress Coding Standards are, for PHP_CodeSniffer's installed_paths.
#
# The edition that a package registry has is of 2018. Its sniffs get the names here that they have had
# since 1.0, so that rules and `phpcs:ignore` in the plugin read as they do everywhere else.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
package=wpcs
version=1.7.3
sha512='BX43S741QVGL3WH1o7A8255BS5hus5G5p87i8oSSL/fGh1Qwt+lwf4UZFCcTfvAE5XB5h8kEis6c6MClX6ocXw=='

renamed=(
  XSS/EscapeOutput:Security/EscapeOutput
  CSRF/NonceVerification:Security/NonceVerification
  VIP/ValidatedSanitizedInput:Security/ValidatedSanitizedInput
  VIP/PluginMenuSlug:Security/PluginMenuSlug
  WP/PreparedSQL:DB/PreparedSQL
  VIP/DirectDatabaseQuery:DB/DirectDatabaseQuery
  VIP/SlowDBQuery:DB/SlowDBQuery
  VIP/CronInterval:WP/CronInterval
  Variables/GlobalVariables:WP/GlobalVariablesOverride
)

rename() { # directory of sniffs
  local pair from to
  for pair in "${renamed[@]}"; do
    from=${pair%:*} to=${pair#*:}
    mkdir -p "$1/${to%/*}"
    sed -e "s/^namespace WordPress.Sniffs.${from%/*};/namespace WordPress\\\\Sniffs\\\\${to%/*};/" \
      -e "s/^class ${from#*/}Sniff /class ${to#*/}Sniff /" "$1/${from}Sniff.php" >"$1/${to}Sniff.php"
    rm "$1/${from}Sniff.php"
  done
  sed -i "s/'NoNonceVerification'/\$this->superglobals[ \$instance['content'] ] ? 'Missing' : 'Recommended'/" \
    "$1/Security/NonceVerificationSniff.php"
  # The rest of these are the rules of one hoster.
  rm -r "$1/VIP"
}

original=$("$here/npm-files.sh" "$package" "$version" "$sha512" scripts/wordpress-coding-standards)
standards=$original/renamed
exec 9>"$original/.lock"
flock 9
if [ ! -d "$standards" ]; then
  rm -rf "$original/renaming"
  cp -a "$original/wordpress-coding-standards" "$original/renaming"
  rm -r "$original"/renaming/WordPress-{Extra,VIP}
  rename "$original/renaming/WordPress/Sniffs"
  sed -i 's/WordPress\.WP\.PreparedSQL/WordPress.DB.PreparedSQL/' "$original/renaming/WordPress-Core/ruleset.xml"
  sed -i '/<rule ref/,/<\/rule>/d' "$original/renaming/WordPress/ruleset.xml"
  mv "$original/renaming" "$standards"
fi
exec 9>&-
echo "$standards"
