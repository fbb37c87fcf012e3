#!/bin/bash
# Prints where a program of Debian's is, and fetches it if it is not there.
#
#   program.sh PACKAGE PATH [LIBRARY...]      for example haproxy /usr/sbin/haproxy liblua5.3-0 libopentracing-c-wrapper0
#
# A package that brings a service would start it, on a port of the machine's: so it is unpacked beside the build and not
# installed. LIBRARY names packages that the program needs and a machine may not have; those are installed.
set -euo pipefail
cd "$(dirname "$0")/../../.."

package=$1 path=$2
shift 2
here=$PWD/target/debian/$package

fail() { echo "$package is needed, and cannot be had: $1. On Debian and its kin: apt-get install $package" >&2; exit 1; }

works() { [ -x "$1" ] && ! ldd "$1" 2>/dev/null | grep -q 'not found'; }

installed=$(command -v "$(basename "$path")" || true)
for program in ${installed:+"$installed"} "$path" "$here$path"; do
  if works "$program"; then echo "$program"; exit 0; fi
done

command -v apt-get >/dev/null || fail 'there is no apt-get here'
mkdir -p "$here"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
{
  (cd "$here" && { apt-get -q download "$package" || { apt-get -q update && apt-get -q download "$package"; }; }) &&
    dpkg-deb -x "$here"/*.deb "$here" && rm -f "$here"/*.deb
} >"$log" 2>&1 || { tail -5 "$log" >&2; fail 'apt-get failed'; }
if ! works "$here$path" && [ $# -gt 0 ]; then
  [ "$(id -u)" = 0 ] || fail "its libraries ($*) can be installed by root only"
  apt-get -q install -y --no-install-recommends "$@" >"$log" 2>&1 || { tail -5 "$log" >&2; fail 'apt-get failed'; }
fi
works "$here$path" || fail "$(ldd "$here$path" | grep 'not found' | tr -s '\t ' ' ')"
echo "$here$path"
