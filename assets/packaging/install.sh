#!/bin/sh
# Installs Fragalysis Desktop for the user who runs this: no root is needed. With --remove it takes it out again;
# settings and downloads stay. PREFIX names another place than ~/.local.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-"$HOME/.local"}
program="$prefix/bin/fragalysis-desktop"
entry="$prefix/share/applications/fragalysis-desktop.desktop"
small="$prefix/share/icons/hicolor/256x256/apps/fragalysis-desktop.png"
large="$prefix/share/icons/hicolor/scalable/apps/fragalysis-desktop.svg"
papers="$prefix/share/doc/fragalysis-desktop"

if [ "${1:-}" = "--remove" ]; then
    rm -f "$program" "$entry" "$small" "$large"
    rm -rf "$papers"
    echo "Removed. Your settings and downloads are where they were."
    exit 0
fi

mkdir -p "$prefix/bin" "$(dirname "$entry")" "$(dirname "$small")" "$(dirname "$large")" "$papers"
# Beside its place first: a copy that is running must not be written over.
cp "$here/fragalysis-desktop" "$program.new"
chmod 755 "$program.new"
mv -f "$program.new" "$program"
# The menu may not look where the shell does.
sed "s|^Exec=.*|Exec=\"$program\"|" "$here/fragalysis-desktop.desktop" > "$entry"
cp "$here/fragalysis-desktop.png" "$small"
cp "$here/fragalysis-desktop.svg" "$large"
cp "$here"/LICENSE "$here"/licences* "$here"/*.cdx.json "$papers/" 2>/dev/null || cp "$here/LICENSE" "$papers/"
echo "Installed: $program"
case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *) echo "It is in the menu. For the command line, add $prefix/bin to your PATH." ;;
esac
