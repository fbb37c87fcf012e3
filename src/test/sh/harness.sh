# For bin/chaos, bin/bench and bin/evaluate, which source it with $home and $name set: builds what has changed, and runs
# a class of the tests.
jar=$home/target/ai-relay.jar
classpath=$home/target/harness.classpath

if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
if ! command -v "${java}c" >/dev/null 2>&1; then
  echo "$name needs a JDK 17 or newer: install one, or set JAVA_HOME" >&2
  exit 69
fi

newer_than() {
  [ -n "$(find "$home/src/main" "$home/src/test/java" "$home/pom.xml" -newer "$1" 2>/dev/null | head -n 1)" ]
}

cd "$home"
if [ ! -f "$jar" ] || [ ! -f "$classpath" ] || newer_than "$classpath"; then
  echo "Building the relay and the harness; the first time takes a few minutes." >&2
  ./mvnw -q -B -ntp -DskipTests package dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile="$classpath" >&2
  touch "$classpath"
fi
# Has the class data for quick starts made, by a relay that ends at once.
if [ ! -f target/ai-relay.jsa ] || [ "$jar" -nt target/ai-relay.jsa ]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  RELAY_DATA_DIR=$scratch/data RELAY_PORT=$((20000 + $$ % 10000)) RELAY_MANAGEMENT_PORT=$((30000 + $$ % 10000)) RELAY_CONSOLE_PORT=0 \
    RELAY_JAVA_OPTS=-Dcamel.main.durationMaxSeconds=1 bin/relay run >/dev/null
  rm -rf "$scratch"
  trap - EXIT
fi
classpath=target/classes:target/test-classes:$(cat "$classpath")
