#!/bin/bash
# Installs what the tests of docker/ need from Debian's packages. With everything there it only looks and leaves. Where it
# cannot install, it names what is missing. None of them brings a service.
set -euo pipefail

declare -A PACKAGE=(
  [buildah]=buildah [debootstrap]=debootstrap [shellcheck]=shellcheck [docker-compose]=docker-compose
  [ip]=iproute2 [pgrep]=procps [unshare]=util-linux [openssl]=openssl
)

missing() {
  local need
  for need in "${!PACKAGE[@]}"; do command -v "$need" >/dev/null || echo "$need"; done | sort
}

stop_and_explain() {
  local need packages=
  for need in $2; do packages+=" ${PACKAGE[$need]}"; done
  echo "$1 The tests of docker/ still need: $(tr '\n' ' ' <<<"$2")" >&2
  echo "On Debian and its kin: apt-get install --no-install-recommends$packages" >&2
  exit 1
}

needed=$(missing)
[ -n "$needed" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  stop_and_explain 'Packages cannot be installed here: that takes root and apt-get.' "$needed"
fi
packages=()
for need in $needed; do packages+=("${PACKAGE[$need]}"); done
echo "Installing: ${packages[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -q update && apt-get -q install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
  tail -20 "$log" >&2
  stop_and_explain 'apt-get failed.' "$needed"
fi
needed=$(missing)
[ -z "$needed" ] || stop_and_explain 'apt-get ran, yet something is missing.' "$needed"
