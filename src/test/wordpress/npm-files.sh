#!/bin/bash
# Fetches files out of an npm package, once, and prints where they are. The package is unpacked, never
# installed or run, and has to be the very file that is expected.
#
#   npm-files.sh PACKAGE VERSION SHA512-IN-BASE64 DIRECTORY...
#
# Each directory of the package is found, by its last name, in the directory printed.
set -euo pipefail

package=$1 version=$2 expected=$3
shift 3
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ai-relay/npm
files=$cache/$package-$version

fail() { echo "npm-files.sh: $1" >&2; exit 1; }

fetch() {
  local work tarball digest directory
  work=$(mktemp -d "$cache/download.XXXXXX")
  (cd "$work" && npm pack --silent "$package@$version" >npm.log 2>&1) ||
    fail "npm could not download $package@$version; see $work/npm.log"
  tarball=$work/$package-$version.tgz
  digest=$(openssl dgst -sha512 -binary "$tarball" | openssl base64 -A)
  [ "$digest" = "$expected" ] || fail "$package@$version is not the file that is expected"
  mkdir "$work/all" "$work/files"
  tar xzf "$tarball" -C "$work/all" "${@/#/package/}"
  for directory; do mv "$work/all/package/$directory" "$work/files/"; done
  mv "$work/files" "$files"
  rm -rf "$work"
}

mkdir -p "$cache"
exec 9>"$cache/.lock"
flock 9
[ -d "$files" ] || fetch "$@"
exec 9>&-
echo "$files"
