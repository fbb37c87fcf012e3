#!/bin/bash
# Whether the zip of bin/plugin-zip is the same each time, installs in a fresh WordPress, works, and leaves
# that WordPress as it was when it is deleted.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$here/../..
site=$project/src/test/wordpress/site.sh
zip=$project/target/ai-relay.zip

fail() { echo "zip.sh: $1" >&2; exit 1; }

"$project/bin/plugin-zip" --worktree
first=$(sha256sum <"$zip")
TZ=Asia/Kathmandu "$project/bin/plugin-zip" --worktree >/dev/null
[ "$first" = "$(sha256sum <"$zip")" ] || fail "the same files made another zip"

lines=$("$site" up --no-cron --plugin none)
state=$(sed -n 's/^WP_STATE=//p' <<<"$lines")
trap '"$site" down "$state"' EXIT
wp() { "$state/bin/wp" "$@"; }

# What there is: tables, options but those that change by themselves, roles, the folders of plugins.
everything() {
  wp db tables --all-tables --format=csv | tr ',' '\n'
  wp option list --search='*' --field=option_name | grep -vE '^(_site)?_transient_|^(cron|recently_activated|uninstall_plugins|recovery_.*|rewrite_rules|wp_calendar_.*|can_compress_scripts|_wp_suggested_policy.*)$'
  wp eval 'foreach ( wp_roles()->roles as $name => $role ) { echo $name, " ", implode( ",", array_keys( $role["capabilities"] ) ), "\n"; }'
  wp cron event list --field=hook | grep ai_relay || true
  ls "$state/wp/wp-content/plugins"
}

before=$(everything)
wp plugin install "$zip" --activate >/dev/null || fail "it does not install"
[ "$(wp plugin get ai-relay --field=status)" = active ] || fail "it is not active"
wp post create --post_title='From the zip' --post_content='Text.' --post_status=publish >/dev/null
wp ai-relay status --format=csv | grep -qx 'waiting,1' || fail "a post that is published makes no event: $(wp ai-relay status --format=csv)"
if [ -e "$state/wp/wp-content/plugins/ai-relay/tests" ]; then fail "tests are in it"; fi

wp option update ai_relay_delete_unsent 1 >/dev/null
wp plugin uninstall ai-relay --deactivate >/dev/null || fail "it cannot be deleted"
after=$(everything)
diff <(sort <<<"$before") <(sort <<<"$after") || fail "the lines with > were left behind"
for log in "$state/log/debug.log" "$state/log/php.log"; do
  if [ -e "$log" ] && grep -nE 'plugins/ai-relay|ai_relay' "$log"; then fail "the plugin left the lines above in $log"; fi
done
echo "The zip installs, works, and leaves nothing behind."
