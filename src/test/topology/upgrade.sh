#!/bin/sh
# upgrade.sh COMMIT
# Builds the version of a commit, upgrades from it to this one relay by relay under load, and goes back to it.
set -eu
name=upgrade.sh
home=$(cd "$(dirname "$0")/../../.." && pwd)
commit=${1:?"usage: $0 COMMIT, the version to upgrade from"}
. "$home/src/test/sh/harness.sh"
previous=$home/target/previous/$(git rev-parse --short "$commit")
if [ ! -f "$previous/target/ai-relay.jar" ]; then
  mkdir -p "$previous"
  git archive "$commit" | tar -x -C "$previous"
  (cd "$previous" && ./mvnw -q -B -ntp -DskipTests package) >&2
fi
exec "$java" -Xmx512m -XX:TieredStopAtLevel=1 -cp "$classpath" topology.RollingUpgrade "$previous"
