#!/bin/bash
# Checks what is in docker/ without starting it: the scripts, the composition, the proxy's configuration, and what the
# start-up scripts make. The brokers' files and Kubernetes' are tests in Java (src/test/java/deployment).
set -euo pipefail
cd "$(dirname "$0")/../../.."
src/test/docker/install-packages.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "check.sh: $1" >&2; exit 1; }

shellcheck --severity=warning bin/relay docker/health docker/init-env.sh docker/proxy/certificate.sh docker/wordpress/*.sh src/test/docker/*.sh
for file in docker/wordpress/*.php; do php -l "$file" >/dev/null || fail "$file is no PHP"; done

# A copy, so that a person's own .env is neither read nor written.
cp -r docker "$work/docker"
cd "$work/docker"
rm -f .env
docker-compose config >/dev/null 2>"$work/refused" && fail 'the composition starts without any secret'
grep -q 'init-env.sh' "$work/refused" || fail "without .env it does not say what to do: $(cat "$work/refused")"
./init-env.sh >/dev/null
cp .env "$work/first.env"
./init-env.sh >/dev/null
cmp -s .env "$work/first.env" || fail 'a second init-env.sh changes .env'
[ "$(stat -c %a .env)" = 600 ] || fail 'others may read .env'
! grep -qE "(SECRET|PASSWORD|TOKEN)=\$" .env || fail 'a secret is empty'
[ -z "$(grep -E '(SECRET|PASSWORD|TOKEN)=' .env | cut -d= -f2 | sort | uniq -d)" ] || fail 'two secrets are the same'
docker-compose --profile ollama config >"$work/composition" || fail 'the composition is not valid'
# Each variable that it takes is one that .env.example has.
for name in $(grep -o '\${[A-Z0-9_]*' compose.yaml | sort -u | cut -c3-); do
  grep -q "^$name=" .env.example || fail "$name is not in .env.example"
done
# Each that a relay is given is a setting of the relay, or a file for one.
section() { sed -n "/^  $1:\$/,/^  [^ ]/p" "$work/composition" | sed -n "/^    $2:/,/^    [^ ]/p" | tail -n +2; }
variables=$(section relay-1 environment | sed -n 's/^      \([A-Z_]*\):.*/\1/p')
[ -n "$variables" ] || fail 'the relay has no settings'
for name in $variables; do
  property=$(tr 'A-Z_' 'a-z.' <<<"${name%_FILE}")
  grep -q "^$property=" "$OLDPWD/src/main/resources/application.properties" || fail "$name is no setting of the relay"
done
# A site cannot go past the proxy, which is the only one that is in both networks.
for name in relay-1 relay-2; do
  ! section "$name" networks | grep -q sites || fail "$name is in the network of the sites"
done
! section wordpress networks | grep -qE 'relays|stores' || fail 'WordPress is in the network of the relays'
# What runs the files that WordPress may write is no more than WordPress is.
for name in wordpress-setup wordpress-cron; do
  service=$(sed -n "/^  $name:\$/,/^  [^ ]/p" "$work/composition")
  grep -qE "^    user: ['\"]?33:33['\"]?$" <<<"$service" || fail "$name is not WordPress' own user"
  ! grep -q cap_add <<<"$service" || fail "$name has more rights than it needs"
done
# "up --wait" takes a task that has ended for a failure, unless something waits for its end.
for name in proxy-certificate broker-data credentials-data wordpress-setup; do
  grep -A1 "^      $name:\$" "$work/composition" | grep -q service_completed_successfully || fail "nobody waits for $name"
done
# Nothing but the proxy is reachable from outside.
public=$(sed -n '/^ *ports:/,/^ *[a-z_]*:/p' compose.yaml | grep -E '^ *- ' | grep -vE '127\.0\.0\.1:' | grep -cvE 'PROXY_HTTPS?_PORT' || true)
[ "$public" = 0 ] || fail 'something else than the proxy is reachable from outside'

GIVEN=$work/none TARGET=$work PROXY_NAME=relay.example.com OWNER=0:0 sh proxy/certificate.sh >/dev/null
cp "$work/proxy.pem" "$work/made.pem"
GIVEN=$work/none TARGET=$work PROXY_NAME=relay.example.com OWNER=0:0 sh proxy/certificate.sh >/dev/null
cmp -s "$work/proxy.pem" "$work/made.pem" || fail 'each start makes another certificate'
GIVEN=$work/none TARGET=$work PROXY_NAME=another.example.com OWNER=0:0 sh proxy/certificate.sh >/dev/null
! cmp -s "$work/proxy.pem" "$work/made.pem" || fail 'another name has the certificate of the first'
mkdir "$work/given" && cp "$work/made.pem" "$work/given/proxy.pem"
GIVEN=$work/given TARGET=$work OWNER=0:0 sh proxy/certificate.sh >/dev/null
cmp -s "$work/proxy.pem" "$work/made.pem" || fail 'a certificate that is given is not used'

cd "$OLDPWD"
haproxy=$(src/test/debian/program.sh haproxy /usr/sbin/haproxy liblua5.3-0 libopentracing-c-wrapper0)
PROXY_CERTIFICATE=$work/proxy.pem RELAY_1=127.0.0.1:8080 RELAY_2=127.0.0.1:8081 \
  "$haproxy" -c -q -f docker/proxy/haproxy.cfg || fail 'the proxy does not take its configuration'
echo 'docker/ is in order.'
