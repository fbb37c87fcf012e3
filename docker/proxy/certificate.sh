#!/bin/sh
# Gives the proxy its certificate: proxy.pem of the directory GIVEN if it is there, or else one of its own making, which
# senders have to be told to trust. Runs at each start; one of its own is kept until 30 days before its end.
set -eu
given=${GIVEN:-/given}/proxy.pem
file=${TARGET:-/certificate}/proxy.pem
name=${PROXY_NAME:-localhost}
umask 077

if [ -f "$given" ]; then
  cp "$given" "$file.new"
  if ! openssl pkey -in "$file.new" -noout || ! openssl x509 -in "$file.new" -noout; then
    echo "proxy.pem has to hold a private key and the certificates, as PEM" >&2
    exit 1
  fi
  echo "The certificate of proxy/certificate/proxy.pem is used."
elif [ -f "$file" ] && openssl x509 -in "$file" -noout -checkend 2592000 >/dev/null &&
  openssl x509 -in "$file" -noout -checkhost "$name" | grep -q 'does match'; then
  echo "The certificate made earlier is used."
  exit 0
else
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:$name" -keyout "$file.key" -out "$file.crt" 2>/dev/null
  cat "$file.key" "$file.crt" >"$file.new"
  rm -f "$file.key" "$file.crt"
  echo "A certificate for $name was made; nobody but this machine vouches for it."
fi
# The proxy's user, in HAProxy's images.
if [ "$(id -u)" = 0 ]; then chown "${OWNER:-99:99}" "$file.new"; fi
mv "$file.new" "$file"
