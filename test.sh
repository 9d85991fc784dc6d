#!/usr/bin/env bash
# Builds and runs every test, and ends with one line: "N passed, N failed" and, where some were skipped, ", N skipped".
#
#   ./test.sh                    everything that can run on this machine
#   ./test.sh --install          first installs the missing test servers (Debian packages; their services stay off)
#   ./test.sh --full             the long matrices too
#   ./test.sh --filter Detector  anything else goes to `dotnet test`
#
# The exit code is 0 only if something passed and nothing failed. A broken build, a hang, a crashed test host and a
# run without tests are failures, and counted as such; eng/check-test-sh.sh shows each.
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
solution="${FAILOVER_SOLUTION:-$root/Failover.sln}"           # another solution: eng/check-test-sh.sh
results="$(dirname "$solution")/artifacts/test-results"
hang_timeout=4m                                               # for one test, not for the run
build_args=()
test_args=()
takes_value=""
build=yes

for argument in "$@"; do
  if [ -n "$takes_value" ]; then
    build_args+=("$argument"); test_args+=("$argument"); takes_value=""
    continue
  fi
  case "$argument" in
    --install) bash "$root/eng/install-servers.sh" || echo "Some test servers are missing; going on without them." >&2 ;;
    --full) export FAILOVER_FULL=1; hang_timeout=30m ;;
    --no-build) build=no ;;
    -c|--configuration) build_args+=("$argument"); test_args+=("$argument"); takes_value=yes ;;
    -p:*|--property:*) build_args+=("$argument"); test_args+=("$argument") ;;
    *) test_args+=("$argument") ;;
  esac
done
hang_timeout="${FAILOVER_HANG_TIMEOUT:-$hang_timeout}"

# Adds up the result files. Each says how its run ended: one that broke off half-way is a failure even if every test
# that had run by then passed. "Skipped" is what was not executed: notExecuted is 0 even where tests were skipped.
sum_results() {
  find "$results" -name '*.trx' -exec cat {} + 2>/dev/null | grep -oE '<ResultSummary [^>]*|<Counters [^>]*' | awk -v code="$1" '
    function n(k) { return match($0, " " k "=\"[0-9]+\"") ? substr($0, RSTART + length(k) + 3, RLENGTH - length(k) - 4) + 0 : 0 }
    /<ResultSummary/ { broken = ($0 !~ /outcome="(Completed|Passed)"/); next }
    { bad = n("failed") + n("error") + n("timeout") + n("aborted")
      failed += (bad == 0 && broken) ? 1 : bad; passed += n("passed"); skipped += n("total") - n("executed") }
    END { if (failed == 0 && (code != 0 || passed == 0)) failed = 1
          printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
          exit failed != 0 }'
}

rm -rf "$results"
# Build nodes that stay behind would hold the output of a CI step open.
[ "${CI:-}" = true ] && export MSBUILDDISABLENODEREUSE=1

# The ${array[@]+…} form: bash 3.2, which macOS ships, calls an empty array unset.
code=0
if [ "$build" = yes ]; then
  dotnet build "$solution" --nologo -v quiet ${build_args[@]+"${build_args[@]}"}
  code=$?
fi
if [ "$code" -eq 0 ]; then
  # One project after the other (-m:1): tests that measure a failover need the processors that they measure with.
  dotnet test "$solution" --no-build --nologo -m:1 --blame-hang-timeout "$hang_timeout" --blame-hang-dump-type none \
    ${test_args[@]+"${test_args[@]}"}
  code=$?
else
  echo "The build failed: no test ran." >&2
fi

sum_results "$code"
