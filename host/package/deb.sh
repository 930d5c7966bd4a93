#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes Debian packages of what has been built, with debhelper and the project's installation, and has lintian look at them.
# usage: deb.sh BUILD SOURCE FOLDER      packages go to FOLDER; SOURCE_DATE_EPOCH as usual, else that of CHANGELOG.md
set -euo pipefail
build=$(realpath "$1") source=$(realpath "$2") folder=$3
version=$(sed -n 's/^project(sapulse VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$source/CHANGELOG.md")}

rm -rf "$folder"
mkdir -p "$folder/source"
cp -r "$source/host/package/debian" "$folder/source/debian"
cd "$folder/source"
sed "s/@VERSION@/$version/; s/@DATE@/$(date -R --utc --date="@$SOURCE_DATE_EPOCH")/" debian/changelog.in > debian/changelog
rm debian/changelog.in
mkdir debian/doc
cp "$source"/README.md \
  "$source"/docs/{gateway,kernel-sas,monitoring,protocol,security,service,software-card,wireshark}.md debian/doc

# What is needed to build it is there: it has been built.
if ! SAPULSE_BUILD=$build dpkg-buildpackage --build=binary --no-sign --no-check-builddeps > ../build.log 2>&1; then
  cat ../build.log >&2
  exit 1
fi
cd ..
rm -r source
lintian --tag-display-limit 0 --fail-on error,warning --allow-root ./*.changes
ls ./*.deb
