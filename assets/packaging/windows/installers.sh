#!/usr/bin/env bash
# Makes what people on Windows install: installers.sh PROGRAM.exe CONSOLE.exe DIR. Needs makensis (nsis), wixl and
# msibuild (wixl, msitools), on Linux too. In DIR lie then:
#   fragalysis-desktop-VERSION-setup.exe   for one user, without an administrator
#   fragalysis-desktop-VERSION.msi         for everybody on a computer
#   fragalysis-desktop-VERSION.zip         to be unpacked anywhere
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
here="$root/assets/packaging/windows"
program=$(realpath "$1") console=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
name="fragalysis-desktop-$version"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$program" fragalysis-desktop.exe
# Whoever types the name without an ending gets this one, which belongs to the console.
cp "$console" fragalysis-desktop.com
cp "$root/assets/icon.ico" .
cp "$root/assets/icon-256.png" icon.png
cp "$root/assets/licences.txt" "$root/README.md" .
# As Notepad reads it.
sed 's/$/\r/' "$root/LICENSE" > LICENSE.txt

makensis -V2 -NOCD "-DVERSION=$version" "-DOUT=$out/$name-setup.exe" "$here/installer.nsi"

cp "$here/installer.wxs" .
wixl -a x64 -D "Version=$version" -o package.msi installer.wxs
# wixl has no element for the search path: the table and the two steps that read it are added here.
printf '%s\t' Environment Name Value > Environment.idt
printf '%s\n' Component_ >> Environment.idt
printf 's72\tl255\tL255\ts72\nEnvironment\tEnvironment\nPath\t=-*PATH\t[~];[INSTALLDIR]\tConsole\n' >> Environment.idt
msibuild package.msi -i Environment.idt
step() { echo "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('$1', '', $2)"; }
msibuild package.msi -q "$(step RemoveEnvironmentStrings 3300)" "$(step WriteEnvironmentStrings 5200)"
mv package.msi "$out/$name.msi"

rm -f "$out/$name.zip"
/usr/bin/env python3 -m zipfile -c "$out/$name.zip" fragalysis-desktop.exe fragalysis-desktop.com LICENSE.txt licences.txt README.md
ls -l "$out/$name"*
