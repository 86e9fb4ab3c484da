#!/usr/bin/env bash
# Makes dist/winnow_VERSION_ARCH.deb from the bundle in dist/winnow (`make deb` makes the bundle first).
#
# A bundle and no package of Debian's own Python: several of Winnow's libraries are not in Debian, or too old there.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -1)
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

[ -x dist/winnow/winnow ] || {
    echo "There is no bundle in dist/winnow: make bundle" >&2
    exit 1
}

install -d "$tree/DEBIAN" "$tree/opt" "$tree/usr/bin"
cp -r dist/winnow "$tree/opt/winnow"
ln -s /opt/winnow/winnow "$tree/usr/bin/winnow"
install -D -m 644 packaging/winnow.desktop "$tree/usr/share/applications/winnow.desktop"
install -D -m 644 packaging/winnow.svg "$tree/usr/share/icons/hicolor/scalable/apps/winnow.svg"
install -D -m 644 LICENSE "$tree/usr/share/doc/winnow/copyright"
install -m 644 docs/*.md packaging/winnow-courier.service "$tree/usr/share/doc/winnow"

# The bundle brings its own libraries except those that belong to the graphics driver and the C library.
cat >"$tree/DEBIAN/control" <<END
Package: winnow
Version: $version
Architecture: $architecture
Section: misc
Priority: optional
Maintainer: The maintainers of Winnow <winnow@localhost>
Installed-Size: $(du -ks "$tree" | cut -f1)
Depends: libc6, libegl1, libgl1, libfontconfig1, libdbus-1-3, libglib2.0-0t64 | libglib2.0-0
Description: the desk at which inquiries become leads
 Inside-sales callers call the oldest inquiry first, walk a short script, see the
 score grow, and press one key: sell, nurture or discard. Works without a network.
END

mkdir -p dist
# zstd: xz takes a hundred times as long for a quarter less.
dpkg-deb --root-owner-group -Zzstd --build "$tree" "dist/winnow_${version}_${architecture}.deb"
