#!/usr/bin/env bash
# Packs every package of src/ into the folder feed eng/local-feed, in place of what was there. Arguments go to
# `dotnet msbuild`: eng/pack.sh -p:VersionSuffix=preview.1
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
feed="$root/eng/local-feed"

rm -f "$feed"/*.nupkg "$feed"/*.snupkg
for target in Restore Pack; do
  dotnet msbuild "$root/eng/pack.proj" -nologo -v:quiet -m -t:"$target" -p:Configuration=Release -p:PackageOutputPath="$feed" "$@"
done

echo "In eng/local-feed:"
ls "$feed" | grep '\.nupkg$'
