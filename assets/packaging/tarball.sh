#!/usr/bin/env bash
# Packs the program with its install script: tarball.sh PROGRAM DIR. The archive lies in DIR.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$1 out=$2
version=$("$program" --version | cut -d' ' -f2)
name="fragalysis-desktop-$version-$(uname -m)-linux"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name" "$out"
cp "$program" "$work/$name/fragalysis-desktop"
cp "$root/assets/packaging/install.sh" "$root/assets/packaging/fragalysis-desktop.desktop" "$root/LICENSE" "$work/$name/"
cp "$root/assets/icon-256.png" "$work/$name/fragalysis-desktop.png"
cp "$root/assets/icon.svg" "$work/$name/fragalysis-desktop.svg"
cp "$root/assets/licences.txt" "$work/$name/"
# The list of what is inside, where it was made.
cp "$out"/*.cdx.json "$work/$name/" 2>/dev/null || true
tar -C "$work" --owner=0 --group=0 --sort=name -czf "$out/$name.tar.gz" "$name"
echo "$out/$name.tar.gz"
