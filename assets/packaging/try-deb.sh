#!/usr/bin/env bash
# Installs a .deb in a clean Debian of its own and tries it there: try-deb.sh FILE.deb. Needs root and debootstrap.
set -euo pipefail
deb=$(realpath "$1")
root=$(mktemp -d)
trap 'umount -q "$root/proc" || true; rm -rf "$root"' EXIT
debootstrap --variant=minbase "${SUITE:-bookworm}" "$root" "${MIRROR:-http://deb.debian.org/debian}" > /dev/null
cp "$deb" "$root/tmp/package.deb"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive HOME=/root "$@"; }
inside apt-get update -q > /dev/null
inside apt-get install -qy --no-install-recommends /tmp/package.deb xvfb xauth desktop-file-utils > /dev/null
inside fragalysis-desktop --version
inside desktop-file-validate /usr/share/applications/fragalysis-desktop.desktop
inside test -s /usr/share/icons/hicolor/scalable/apps/fragalysis-desktop.svg
inside test -s /usr/share/icons/hicolor/256x256/apps/fragalysis-desktop.png
inside fragalysis-desktop download --demo --target PHIPA --tas lb18145-1 --to /root/data
inside test -s /root/data/PHIPA_lb18145-1/fragalysis-download.json
# As the menu starts it: it must still be running after a while.
entry=$(sed -n 's/^Exec=//p' "$root/usr/share/applications/fragalysis-desktop.desktop")
code=0
inside timeout 20 xvfb-run -a "$entry" || code=$?
[ "$code" = 124 ] || { echo "the window ended by itself with $code"; exit 1; }
inside apt-get remove -qy fragalysis-desktop > /dev/null
inside test ! -e /usr/bin/fragalysis-desktop
echo "The package installs, runs, opens its window and goes away again."
