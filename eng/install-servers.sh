#!/usr/bin/env bash
# Installs the programs of eng/servers.txt that are missing, from Debian packages. Nothing missing: changes nothing.
# The services of what it installs stay off: tests start their own servers, on their own ports and folders.
set -euo pipefail

list="${1:-$(dirname "${BASH_SOURCE[0]}")/servers.txt}"
policy=/usr/sbin/policy-rc.d
marker="# written by eng/install-servers.sh"

present() {                                                    # present "psql|/usr/lib/postgresql/15/bin/psql"
  local program
  local IFS='|'
  for program in $1; do
    if PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

read_missing() {                                               # sets: programs, packages
  programs=(); packages=()
  local program package_names
  while IFS=: read -r program package_names; do
    program="${program%%#*}"; program="${program// /}"
    if [ -z "$program" ] || present "$program"; then continue; fi
    programs+=("$program")
    # shellcheck disable=SC2206 # several packages, apart by spaces
    packages+=(${package_names%%#*})
  done < "$list"
}

read_missing
if [ "${#programs[@]}" -eq 0 ]; then
  echo "Test servers: nothing to install."
  exit 0
fi

sudo=""
[ "$(id -u)" -eq 0 ] || sudo="sudo -n"
if ! command -v apt-get >/dev/null 2>&1 || ! ${sudo:-true} true >/dev/null 2>&1; then
  echo "Test servers: missing ${programs[*]}. Installing needs apt-get, and root or sudo without a password;" \
    "without, install them yourself, or let the tests that need them be skipped." >&2
  exit 1
fi

# A policy of 101 means: no service is started, whatever a package's script asks for.
restore_policy() {
  if [ -e "$policy.before-failover" ]; then
    $sudo mv -f "$policy.before-failover" "$policy"
  elif grep -qsF "$marker" "$policy"; then
    $sudo rm -f "$policy"
  fi
}
exec 9>"${TMPDIR:-/tmp}/failover-install-servers.lock"
flock 9
restore_policy                                                 # what a run that was killed left behind
trap restore_policy EXIT
trap 'exit 1' INT TERM HUP
if [ -e "$policy" ]; then $sudo mv "$policy" "$policy.before-failover"; fi
printf '#!/bin/sh\n%s\nexit 101\n' "$marker" | $sudo tee "$policy" >/dev/null
$sudo chmod 755 "$policy"

echo "Test servers: installing ${packages[*]}"
apt_get() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >/dev/null; }
apt_get update
apt_get install -y --no-install-recommends "${packages[@]}"

read_missing
if [ "${#programs[@]}" -ne 0 ]; then
  echo "Test servers: installed ${packages[*]}, but still missing ${programs[*]}." >&2
  exit 1
fi
