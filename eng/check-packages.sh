#!/usr/bin/env bash
# Packs every package, looks into it, and uses it as a user would: restored from the folder feed by projects outside the
# solution, run once as it is and once compiled ahead of time.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
feed="$root/eng/local-feed"
work="$root/artifacts/consumer"

fail() { echo "check-packages: $*" >&2; exit 1; }
step() { echo "check-packages: $1 ($((SECONDS - started)) s)"; started=$SECONDS; }
started=$SECONDS

# A suffix that is never published: the packages can come from nowhere but the folder feed.
"$root/eng/pack.sh" -p:VersionSuffix=check
step "packed"

version=""
for project in "$root"/src/*/*.csproj; do
  id="$(basename "$project" .csproj)"
  package="$(find "$feed" -name "$id.[0-9]*-check.nupkg")"
  [ -n "$package" ] || fail "$id was not packed."
  version="$(basename "$package" .nupkg)"; version="${version#"$id".}"
  nuspec="$(unzip -p "$package" "$id.nuspec")"
  content=$'\n'"$(unzip -Z1 "$package")"$'\n'
  for element in '<readme>README.md</readme>' '<icon>icon.png</icon>' '<license type="expression">MIT</license>' '<description>'; do
    [[ "$nuspec" == *"$element"* ]] || fail "the nuspec of $id has no $element."
  done
  for file in README.md icon.png "lib/net10.0/$id.dll" "lib/net10.0/$id.xml"; do
    [[ "$content" == *$'\n'"$file"$'\n'* ]] || fail "$id has no $file."
  done
  [[ "$(unzip -Z1 "${package%.nupkg}.snupkg")" == *"lib/net10.0/$id.pdb"* ]] || fail "the symbol package of $id has no $id.pdb."
  grep -q "Include=\"$id\"" "$root/eng/consumer/Consumer.csproj" || fail "eng/consumer does not use $id."
done
step "looked into"

# The packages of the last run have the same version: forget them. The others, the AOT compiler among them, stay.
rm -rf "$work"/packages/failover "$work"/packages/failover.* "$work"/bin "$work"/obj "$work"/publish
run() { $(command -v timeout >/dev/null && echo timeout 60) "$@" || fail "$(basename "$1") ended with exit code $?."; }   # macOS has no timeout

dotnet build "$root/eng/consumer/Consumer.csproj" --nologo -v quiet -c Release -p:FailoverVersion="$version"
for package in "$feed"/*.nupkg; do
  id="$(basename "$package" ".$version.nupkg" | tr '[:upper:]' '[:lower:]')"
  cmp -s "$package" "$work/packages/$id/$version/$id.$version.nupkg" || fail "$id was not restored from eng/local-feed."
done
run dotnet "$work/bin/Consumer/release/Consumer.dll"
step "built and ran a consumer"

# Which linker: clang is what .NET asks for by default; gcc does as well.
linker=()
command -v clang >/dev/null 2>&1 || linker=(-p:CppCompilerAndLinker=gcc)
dotnet publish "$root/eng/consumer-aot/ConsumerAot.csproj" --nologo -v quiet -c Release --use-current-runtime \
  -p:FailoverVersion="$version" -o "$work/publish" ${linker[@]+"${linker[@]}"}
run "$work/publish/ConsumerAot"
step "published and ran a consumer ahead of time ($(du -k "$work/publish/ConsumerAot" | cut -f1) KiB)"
