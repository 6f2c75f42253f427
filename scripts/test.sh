#!/usr/bin/env bash
# All tests: contracts, page, program. The last line tells how many passed, failed and were skipped.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
results="$root/.busbar/results"

case "${1:-}" in
  -h | --help)
    echo "usage: ./busbar test    runs every test; needs libsecp256k1, Chromium and mosquitto for some, and installs them where it may"
    exit 0
    ;;
esac

rm -rf "$results"
mkdir -p "$results"

# Some tests need programs of the system; they are skipped, with their reason, where these cannot be had.
install() {
  if [ ! -d "$root/tests/smtp/node_modules/smtp-server" ]; then
    npm --prefix "$root/tests/smtp" ci --ignore-scripts --no-audit --no-fund >"$results/smtp.log" 2>&1 \
      || echo "could not install the mail server of tests/smtp; the tests that need it are skipped"
  fi
  local missing=()
  ldconfig -p | grep -q libsecp256k1 || missing+=(libsecp256k1-1)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v mosquitto >/dev/null || missing+=(mosquitto mosquitto-clients)
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
      >"$results/apt.log" 2>&1 || echo "could not install ${missing[*]}; the tests that need them are skipped"
  else
    echo "for all tests install: ${missing[*]}"
  fi
}

count() {
  echo "$1 $2 $3" >>"$results/counts"
}

# A suite that ends without its counts, or with an error, has failed.
suite() {
  local name=$1 pattern=$2 log="$results/$1.log"
  shift 2
  echo "== $name"
  local code=0
  "$@" >"$log" 2>&1 || code=$?
  local counts
  counts=$(sed -E 's/\x1b\[[0-9;]*m//g' "$log" | grep -E "$pattern" | tail -n 1)
  if [ -z "$counts" ]; then
    tail -n 40 "$log"
    count 0 1 0
    return
  fi
  local ok bad skip
  ok=$(grep -oE '[0-9]+ passed' <<<"$counts" | grep -oE '[0-9]+' || echo 0)
  bad=$(grep -oE '[0-9]+ failed' <<<"$counts" | grep -oE '[0-9]+' || echo 0)
  skip=$(grep -oE '[0-9]+ (skipped|todo)' <<<"$counts" | grep -oE '[0-9]+' | head -n 1 || echo 0)
  [ "$code" -ne 0 ] && [ "${bad:-0}" -eq 0 ] && bad=1
  [ "${bad:-0}" -ne 0 ] && tail -n 60 "$log"
  echo "   ${ok:-0} passed, ${bad:-0} failed, ${skip:-0} skipped"
  count "${ok:-0}" "${bad:-0}" "${skip:-0}"
}

program() {
  local project=$1 name log
  name=$(basename "$project")
  log="$results/$name.log"
  echo "== $name"
  dotnet test "$project" -c Release --no-build --nologo --blame-hang-timeout 10m >"$log" 2>&1
  local code=$? line
  line=$(grep -E '^(Passed|Failed|Skipped)!' "$log" | tail -n 1)
  if [ -z "$line" ]; then
    tail -n 40 "$log"
    count 0 1 0
    return
  fi
  local bad ok skip
  bad=$(sed -E 's/.*Failed: *([0-9]+).*/\1/' <<<"$line")
  ok=$(sed -E 's/.*Passed: *([0-9]+).*/\1/' <<<"$line")
  skip=$(sed -E 's/.*Skipped: *([0-9]+).*/\1/' <<<"$line")
  [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  [ "$bad" -ne 0 ] && grep -vE '^\s*$' "$log" | tail -n 80
  grep -E '^\s*(Skipped|\[SKIP\])' "$log" | head -n 20
  echo "   $ok passed, $bad failed, $skip skipped"
  count "$ok" "$bad" "$skip"
}

install
echo "== building the tests"
if ! dotnet build "$root/Busbar.slnx" -c Release -v quiet --nologo >"$results/build.log" 2>&1; then
  tail -n 60 "$results/build.log"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# The program's own tests wait for clocks, sockets and browsers more than they work, so the others run beside them. The contracts' tests are
# compiled for minutes on one processor; they step back for what waits.
waiting="$root/tests/Busbar.Cli.Tests"
program "$waiting" >"$results/beside.out" 2>&1 &
suite contracts '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped' nice -n 10 npm --prefix "$root/contracts" test >"$results/contracts.out" 2>&1 &
suite page 'Tests .*passed' npm --prefix "$root/web" test
for project in "$root"/tests/*.Tests; do
  [ "$project" = "$waiting" ] || program "$project"
done
wait
cat "$results/contracts.out" "$results/beside.out"

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$results/counts")
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
