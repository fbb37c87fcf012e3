#!/bin/sh
# Sets up the WordPress of compose.yaml, as often as it is run: installs it, activates the plugin, makes the relays' user
# and its application password. Two processes, since WordPress loads no plugin while it installs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
php "$here/setup.php" install
php "$here/setup.php" configure
