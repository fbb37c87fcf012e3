#!/bin/bash
# Renews the translations from the code: the template (.pot), each language's texts (.po), and what WordPress
# reads (.mo, and .json for scripts). New texts are empty in the .po then; fill them in and run this again.
#
#   update.sh            renews the files beside it
#   update.sh --check    fails if they are not what it would make, or if a text is not translated
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
plugin=$here/..
tools=$plugin/../src/test/wordpress
domain=ai-relay

cli=$("$tools/site.sh" wp-cli)
i18n() { php -d memory_limit=512M "$cli" --allow-root --quiet i18n "$@"; }

# One date and no line numbers: the files change when a text does, and then only.
without_dates() { # file
  sed -i -E '/^"X-Generator: /d; s/^(#: .*):[0-9]+$/\1/' "$1"
  sed -i -E '/^"(POT-Creation-Date|PO-Revision-Date): /d' "$1"
  sed -i -E '0,/^"MIME-Version: /s//"POT-Creation-Date: 2026-01-01 00:00+0000\\n"\n"PO-Revision-Date: 2026-01-01 00:00+0000\\n"\n&/' "$1"
  awk '!/^#: / { split( "", seen ); print; next } !seen[$0]++' "$1" >"$1.new"
  mv "$1.new" "$1"
}

make_template() { # directory
  i18n make-pot "$plugin" "$1/$domain.pot" --slug=$domain --domain=$domain --exclude=tests \
    --file-comment='This file is distributed under the GPL-2.0-or-later.'
  without_dates "$1/$domain.pot"
}

make_languages() { # directory
  local po
  for po in "$1"/*.po; do
    i18n update-po "$1/$domain.pot" "$po"
    without_dates "$po"
    i18n make-mo "$po" "${po%.po}.mo"
    i18n make-json "$po" "$1" --no-purge
  done
}

# Texts without a translation, with one that only resembles it, or with one that has other placeholders.
missing() { # .po file
  php -- "$1" <<'PHP'
<?php
// An entry is what stands between two empty lines; the first one is the header.
foreach ( array_slice( preg_split( '/\n{2,}/', trim( file_get_contents( $argv[1] ) ) ), 1 ) as $entry ) {
	$texts = array();
	foreach ( preg_split( '/^(?=msg)/m', $entry ) as $part ) {
		if ( preg_match( '/^(msgid|msgid_plural|msgstr(?:\[\d\])?) /', $part, $name ) ) {
			preg_match_all( '/%(?:\d+\$)?[sd%]/', $part, $placeholders );
			sort( $placeholders[0] );
			$texts[ $name[1] ] = implode( ' ', $placeholders[0] );
		}
	}
	$given = array_intersect_key( $texts, array_flip( preg_grep( '/^msgid/', array_keys( $texts ) ) ) );
	$other = array_diff( $texts, $given );
	if ( $other || preg_match( '/^#, .*fuzzy/m', $entry ) || preg_match( '/^msgstr(\[\d\])? ""$(?!\n")/m', $entry ) ) {
		preg_match( '/^msgid (.*?)^msg/ms', $entry, $text );
		echo '  ', trim( preg_replace( '/"\n"/', '', $text[1] ?? $entry ) ), "\n";
	}
}
PHP
}

case ${1:-} in
  '')
    make_template "$here"
    make_languages "$here"
    ;;
  --check)
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp "$here"/*.po "$work/"
    make_template "$work"
    make_languages "$work"
    diff -rq --exclude=update.sh "$here" "$work" || { echo "The translations are not up to date: run wordpress-plugin/languages/update.sh" >&2; exit 1; }
    ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac

incomplete=0
for po in "$here"/*.po; do
  texts=$(missing "$po")
  if [ -n "$texts" ]; then
    printf 'Not translated, or not right, in %s:\n%s\n' "$(basename "$po")" "$texts" >&2
    incomplete=1
  fi
done
exit "$incomplete"
