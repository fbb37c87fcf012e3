#!/bin/bash
# Fetches the WordPress of a release of Debian, whichever Debian this is, and prints where its files are.
#
#   debian-wordpress.sh RELEASE VERSION      for example bookworm 6.1
#
# An apt of its own does it (lists, cache and sources apart from the machine's), from the mirror that
# the machine has for Debian and with Debian's keys, so that nothing of the machine changes. Debian keeps
# a few libraries outside the package and links to them; they are fetched too, and the links resolved.
set -euo pipefail

release=$1 version=$2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ai-relay
files=$cache/debian-$release
keys=/usr/share/keyrings/debian-archive-keyring.gpg
libraries=(php-getid3 libjs-cropper libjs-underscore)

fail() { echo "debian-wordpress.sh: $1" >&2; exit 1; }

case $release in
  bookworm) theme=twentytwentythree ;;
  trixie) theme=twentytwentyfive libraries+=(libjs-lodash) ;;
  *) fail "unknown release $release" ;;
esac

mirror() {
  apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' | sed -n 's/ Debian$//p' | head -n 1
}

apt_of_its_own() {
  apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts="$work/none" \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts="$work/none" \
    -o Dir::State::Lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
    -o Acquire::Languages=none -o APT::Sandbox::User=root "$@"
}

fetch() {
  local mirror
  command -v apt-get >/dev/null || fail "WordPress $version is taken from Debian's packages: that takes apt-get"
  [ -e "$keys" ] || fail "Debian's keys are not in $keys (package debian-archive-keyring)"
  mirror=$(mirror)
  [ -n "$mirror" ] || fail "this machine has no mirror of Debian among its sources (or 'apt-get update' was never run)"
  mkdir -p "$work"/{none,lists/partial,cache/archives/partial,debs}
  : >"$work/status"
  echo "deb [signed-by=$keys] $mirror $release main" >"$work/sources.list"
  {
    apt_of_its_own update &&
      (cd "$work/debs" && apt_of_its_own download wordpress "wordpress-theme-$theme" "${libraries[@]}")
  } >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; fail "Debian $release cannot be had from the mirror of this machine"; }
}

unpack() {
  local deb root=$work/root
  for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$root"; done
  # Links to the configuration of a Debian machine, which lead nowhere here.
  rm -f "$root/usr/share/wordpress/.htaccess" "$root/usr/share/wordpress/wp-config.php" \
    "$root/usr/share/wordpress/wp-includes/certificates/ca-bundle.crt"
  cp -aL "$root/usr/share/wordpress" "$work/wordpress"
  cp -aL "$root/var/lib/wordpress/wp-content/." "$work/wordpress/wp-content/" 2>/dev/null || true
  cp /etc/ssl/certs/ca-certificates.crt "$work/wordpress/wp-includes/certificates/ca-bundle.crt"
  grep -q "^\$wp_version = '$version\." "$work/wordpress/wp-includes/version.php" ||
    fail "Debian $release has $(grep '^$wp_version' "$work/wordpress/wp-includes/version.php"), not $version"
}

if [ ! -d "$files" ]; then
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9
  if [ ! -d "$files" ]; then
    work=$(mktemp -d "$cache/debian.XXXXXX")
    fetch
    unpack
    mv "$work/wordpress" "$files"
    rm -rf "$work"
  fi
  exec 9>&-
fi
echo "$files"
