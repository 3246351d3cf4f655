#!/usr/bin/env bash
# Makes the package of one platform: npm/platform.sh linux-x64 BINARY OUT-FOLDER
set -euo pipefail
platform=$1 binary=$2 out=$3/regate-$1
version=$(cat "$(dirname "$0")/../action/version")
mkdir -p "$out/bin"
name=regate
case $platform in win32-*) name=regate.exe ;; esac
install -m 755 "$binary" "$out/bin/$name"
cat > "$out/package.json" <<JSON
{
  "name": "@regate/$platform",
  "version": "$version",
  "description": "regate for $platform",
  "license": "Apache-2.0",
  "repository": "github:regate/regate",
  "os": ["${platform%-*}"],
  "cpu": ["${platform#*-}"],
  "files": ["bin"],
  "preferUnplugged": true
}
JSON
