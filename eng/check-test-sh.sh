#!/usr/bin/env bash
# Shows that test.sh cannot call a bad run good: it runs a throwaway solution whose build breaks, whose test hangs,
# whose test host crashes, which has no test to run. Each has to end with a failure in the count and in the exit code.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/failover-check.XXXXXX")"
trap 'rm -rf "$work"' EXIT
bad=0

write_project() {                                               # write_project NAME, its code on standard input
  mkdir -p "$work/$1"
  echo '<Project Sdk="Microsoft.NET.Sdk" />' > "$work/$1/$1.csproj"
  cat > "$work/$1/Cases.cs"
}

# The throwaway projects build like ours, into their own folder.
cat > "$work/Directory.Build.props" <<EOF
<Project>
  <Import Project="$root/tests/Directory.Build.props" />
  <PropertyGroup>
    <ArtifactsPath>$work/artifacts</ArtifactsPath>
    <VSTestResultsDirectory>$work/artifacts/test-results</VSTestResultsDirectory>
    <DirectoryPackagesPropsPath>$root/Directory.Packages.props</DirectoryPackagesPropsPath>
    <DefineConstants Condition="'\$(Broken)' == 'true'">\$(DefineConstants);BROKEN</DefineConstants>
  </PropertyGroup>
</Project>
EOF
cp "$root/global.json" "$work"

write_project First.Tests <<'EOF'
namespace First;
public class Good
{
    [Fact] public void Passes() { }
    [Fact(Skip = "as an example")] public void Is_skipped() { }
}
public class Hanging { [Fact] public void Hangs() => new ManualResetEventSlim().Wait(); }
public class Crashing { [Fact] public void Crashes() => Environment.FailFast("as it should"); }
public class Full { [Fact] public void Sees_the_variable() => Assert.Equal("1", Environment.GetEnvironmentVariable("FAILOVER_FULL")); }
EOF
write_project Second.Tests <<'EOF'
namespace Second;
#if BROKEN
this does not compile
#endif
public class Good { [Fact] public void Passes() { } }
public class Bad { [Fact] public void Fails() => Assert.Fail("as it should"); }
EOF
dotnet new sln --format sln --name Throwaway --output "$work" >/dev/null
dotnet sln "$work/Throwaway.sln" add "$work/First.Tests" "$work/Second.Tests" >/dev/null

check() {                                                       # check "what" EXIT_CODE "last line" [options of test.sh]
  local what="$1" expected_code="$2" expected_line="$3" code=0 started=$SECONDS
  shift 3
  FAILOVER_SOLUTION="$work/Throwaway.sln" "$root/test.sh" "$@" > "$work/output" 2>&1 || code=$?
  local line
  line="$(tail -n 1 "$work/output")"
  if [ "$code" -eq "$expected_code" ] && [ "$line" = "$expected_line" ]; then
    echo "ok   $what: \"$line\", exit code $code ($((SECONDS - started)) s)"
  else
    bad=$((bad + 1))
    echo "BAD  $what: \"$line\", exit code $code; expected \"$expected_line\", exit code $expected_code"
    sed 's/^/     | /' "$work/output" | tail -n 30
  fi
}

check "a good run"               0 "2 passed, 0 failed, 1 skipped" --filter "FullyQualifiedName~Good"
check "a failing test"           1 "2 passed, 1 failed, 1 skipped" --no-build --filter "FullyQualifiedName~Good|FullyQualifiedName~Bad"
check "a crashed test host"      1 "1 passed, 2 failed" --no-build --filter "FullyQualifiedName~Crashing|FullyQualifiedName~Second"
# Long enough for a test host to start on a busy machine: in CI the packages are checked meanwhile.
FAILOVER_HANG_TIMEOUT=30s \
check "a hang"                   1 "2 passed, 1 failed, 1 skipped" --no-build --filter "FullyQualifiedName~Hanging|FullyQualifiedName~Good"
check "a run without tests"      1 "0 passed, 1 failed" --no-build --filter "FullyQualifiedName~Nothing"
check "--full sets the variable" 0 "1 passed, 0 failed" --no-build --full --filter "FullyQualifiedName~Full"
check "a broken build"           1 "0 passed, 1 failed" -p:Broken=true

[ "$bad" -eq 0 ] || exit 1
