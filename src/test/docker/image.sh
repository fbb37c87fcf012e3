#!/bin/bash
# Builds the relay's image from docker/Dockerfile, without a container engine, and lets it run as an engine would: not
# root, a root that cannot be written, a /tmp from which nothing can be run, the process with the number 1. Sends it an
# event with its own command, waits until that is done, and ends it by SIGTERM.
#
# Nothing is pulled: the two images that it is built on are stood in for by Debian's own packages (debootstrap) and the
# JDK of this machine. They and the layers are kept in ~/.cache/ai-relay/images, which may be deleted.
set -euo pipefail
cd "$(dirname "$0")/../../.."
src/test/docker/install-packages.sh

cache=${XDG_CACHE_HOME:-$HOME/.cache}/ai-relay/images
work=$(mktemp -d)
chmod 755 "$work"
base=localhost/base-of-test
jdk=localhost/jdk-of-test
image=localhost/ai-relay-of-test
container='' pid=''

fail() { echo "image.sh: $1" >&2; [ ! -s "$work/log" ] || tail -n 20 "$work/log" >&2; exit 1; }

if [ "$(id -u)" != 0 ]; then
  echo "NOT TESTED HERE: the image, since building and running one without an engine takes root: sudo $0" >&2
  exit 0
fi

images() { buildah --root "$cache/storage" --runroot "$work/run" --storage-driver "$driver" "$@"; }

clean_up() {
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true
  if [ -n "$container" ]; then
    images umount "$container" >/dev/null 2>&1 || true
    images rm "$container" >/dev/null 2>&1 || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT

mkdir -p "$cache"
exec 9>"$cache/.lock"
flock 9
# What earlier runs left: above so much (in KiB) it is not worth keeping.
if [ "$(du -sk "$cache" | cut -f1)" -gt 8000000 ]; then rm -rf "$cache/storage"; fi
# Layers over each other, where the kernel lets us; whole copies where not.
driver=overlay
probe=$(images from scratch 2>/dev/null) || driver=vfs
[ "$driver" = vfs ] || images rm "$probe" >/dev/null

# An image of a directory's or a tar's content on another image or none.
stand_in() { # name, what it is made from, content, [option of buildah config...]
  local made name=$1 from=$2 content=$3
  shift 3
  made=$(images from "$from")
  images add -q "$made" "$content" / >/dev/null
  [ $# = 0 ] || images config "$@" "$made"
  images commit -q "$made" "$name" >/dev/null
  images rm "$made" >/dev/null
}

make_base() {
  local codename mirror
  # The machine's own release, since the machine's JDK is to run there.
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # it is for apt
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' | sed -n 's/ Debian$//p' | head -n 1)
  if [ -z "$codename" ] || [ -z "$mirror" ]; then fail 'this machine has no mirror of Debian among its sources'; fi
  echo "A base of Debian's packages, once." >&2
  debootstrap --variant=minbase "$codename" "$work/base" "$mirror" >"$work/log" 2>&1 || fail 'debootstrap failed'
  # As the slim images of Debian's are.
  rm -rf "$work"/base/var/cache/apt/archives/*.deb "$work"/base/var/lib/apt/lists/* \
    "$work"/base/usr/share/{doc,man,locale,info}/*
  tar -C "$work/base" -cf "$work/base.tar" .
  stand_in "$base" scratch "$work/base.tar"
  rm -rf "$work/base" "$work/base.tar"
}

make_jdk() {
  mkdir -p "$work/jdk/opt/java"
  # Debian's has links into /etc, and one to a file that need not be there.
  cp -aL "$1" "$work/jdk/opt/java/openjdk" 2>/dev/null || true
  stand_in "$jdk" "$base" "$work/jdk" --label home="$1" --env JAVA_HOME=/opt/java/openjdk \
    --env PATH=/opt/java/openjdk/bin:/usr/bin:/bin
  rm -rf "$work/jdk"
}

images inspect --type image "$base" >/dev/null 2>&1 || make_base
home=$(dirname "$(dirname "$(readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}javac")")")")
[ -d "$home/jmods" ] || fail "$home has no jmods, which jlink takes: install a JDK that has them"
[ "$(images inspect --type image --format '{{.OCIv1.Config.Labels.home}}' "$jdk" 2>/dev/null)" = "$home" ] || make_jdk "$home"

# Maven's own cache, since it has fetched everything before.
images bud --isolation chroot --format docker --layers --pull-never -v "$HOME/.m2:/root/.m2" \
  --build-arg JDK_IMAGE="$jdk" --build-arg BASE_IMAGE="$base" --build-arg MAVEN_ARGS=-o \
  -t "$image" -f docker/Dockerfile . >"$work/log" 2>&1 || fail 'the image cannot be built'
of_image() { images inspect --type image --format "$1" "$image"; }

container=$(images from --pull-never "$image")
root=$(images mount "$container")
echo "The image has $(du -sm "$root" | cut -f1) MB, $(tar -C "$root" -c . | gzip -1 | wc -c | awk '{print int($1 / 1e6)}') MB to pull"

user=$(of_image '{{.OCIv1.Config.User}}')
mapfile -t environment < <(of_image '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' | grep .)
mapfile -t entry < <(of_image '{{range .OCIv1.Config.Entrypoint}}{{println .}}{{end}}{{range .OCIv1.Config.Cmd}}{{println .}}{{end}}' | grep .)
mapfile -t health < <(of_image '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' | grep . | tail -n +2)
volume=$root/var/lib/ai-relay
[ "$(of_image '{{.Docker.Config.StopSignal}}')" = SIGTERM ] || fail 'the image has another signal to stop than SIGTERM'
[[ $user =~ ^[1-9][0-9]*:[1-9][0-9]*$ ]] || fail "the image's user is '$user', and not a number that is not 0"

# Namespaces of its own, of mounts, processes and the network; then as the Dockerfile has it.
# shellcheck disable=SC2016 # it is for the inner shell
unshare --mount --pid --net --fork --kill-child bash -euc '
  root=$1 volume=$2 user=$3
  shift 3
  ip link set lo up
  mount --bind "$root" "$root"
  mount -o remount,bind,ro "$root"
  mount -t tmpfs -o "size=64m,mode=700,uid=${user%:*},gid=${user#*:}" data "$volume"
  mount -t tmpfs -o noexec,nosuid,nodev,size=64m,mode=1777 tmp "$root/tmp"
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o size=1m,mode=755 dev "$root/dev"
  for device in null zero random urandom; do : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
  ln -s /proc/self/fd "$root/dev/fd"
  exec chroot --userspec="$user" "$root" "$@"
' - "$root" "$volume" "$user" /usr/bin/env -i "${environment[@]}" "${entry[@]}" >"$work/log" 2>&1 &
starter=$!
started=$(date +%s%3N)

# Tries it every 0.1 s for 60 s, as long as the relay lives.
wait_for() { # what for, command...
  local what=$1 tries
  shift
  for ((tries = 0; tries < ${PATIENCE:-600}; tries++)); do
    "$@" >"$work/answer" 2>&1 && return
    kill -0 "$starter" 2>/dev/null || fail "the relay ended before $what"
    sleep 0.1
  done
  fail "there was no $what within 60 s: $(cat "$work/answer")"
}
# As "docker exec" does.
inside() {
  nsenter --target "$pid" --mount --pid --net --root --wd --setuid "${user%:*}" --setgid "${user#*:}" \
    /usr/bin/env -i "${environment[@]}" "$@"
}
child() { pid=$(pgrep -P "$starter") && [ -n "$pid" ]; }
done_event() { inside relay show "$key" | grep -q '^status  *done'; }

wait_for 'process' child
wait_for 'health' inside "${health[@]}"
echo "It was healthy after $(($(date +%s%3N) - started)) ms"
[ "$(awk '/^Uid:/ {print $2 $3 $4 $5}' "/proc/$pid/status")" = "${user%:*}${user%:*}${user%:*}${user%:*}" ] || fail 'it is not its user'
! inside sh -c ': >/opt/ai-relay/written' 2>/dev/null || fail 'its root can be written'

key=$(inside relay send | sed -n 's/.*relay show //p')
[ -n "$key" ] || fail 'the event was not taken'
wait_for 'result' done_event

kill -TERM "$pid"
status=0
wait "$starter" || status=$?
pid=''
# After a SIGKILL it would be 137.
[ "$status" = 0 ] || fail "it ended with $status"
echo 'It took an event, had it done, and ended when it was told to.'
