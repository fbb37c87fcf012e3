#!/bin/bash
# Installs what the WordPress tests need from Debian's packages: PHP, MariaDB, PHPUnit,
# PHP_CodeSniffer, npm (it fetches WordPress itself), Chromium with its driver, curl, openssl.
# With everything there it only looks and leaves. Where it cannot install, it names what is missing.
set -euo pipefail

# What is needed, and the package that holds it. "ext-" names a PHP extension, as Composer does.
# The packages without a PHP version follow whatever version the distribution has.
declare -A PACKAGE=(
  [php]=php-cli [ext-mysqli]=php-mysql [ext-curl]=php-curl [ext-dom]=php-xml [ext-zip]=php-zip
  [ext-mbstring]=php-mbstring [ext-gd]=php-gd [ext-intl]=php-intl [phpunit]=phpunit [phpcs]=php-codesniffer
  [mariadbd]=mariadb-server-core [mariadb-install-db]=mariadb-server-core [mariadb]=mariadb-client-core
  [node]=nodejs [npm]=npm [chromium]=chromium [chromedriver]=chromium-driver
  [curl]=curl [openssl]=openssl [setsid]=util-linux [flock]=util-linux
)

missing() {
  local need extensions=
  if command -v php >/dev/null; then extensions=$(php -m); fi
  for need in "${!PACKAGE[@]}"; do
    case $need in
      ext-*) grep -qix -- "${need#ext-}" <<<"$extensions" || echo "$need" ;;
      *) command -v "$need" >/dev/null || echo "$need" ;;
    esac
  done | sort
}

packages_for() {
  local need
  for need in $1; do echo "${PACKAGE[$need]}"; done | sort -u | tr '\n' ' '
}

stop_and_explain() {
  echo "$1" >&2
  echo "The WordPress tests still need: $(tr '\n' ' ' <<<"$2")" >&2
  echo "On Debian and its kin: apt-get install --no-install-recommends $(packages_for "$2")" >&2
  exit 1
}

needed=$(missing)
[ -n "$needed" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  stop_and_explain "Packages cannot be installed here: that takes root and apt-get." "$needed"
fi

packages=$(packages_for "$needed")
echo "Installing: $packages" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 -- the list is one package per word
if ! { apt-get -q update && apt-get -q install -y --no-install-recommends $packages; } >"$log" 2>&1; then
  tail -20 "$log" >&2
  stop_and_explain "apt-get failed." "$needed"
fi

needed=$(missing)
[ -z "$needed" ] || stop_and_explain "apt-get ran, yet something is missing." "$needed"
