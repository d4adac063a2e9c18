#!/usr/bin/env bash
# Usage: with-postgres.sh COMMAND [ARGUMENT…]
#
# Starts a PostgreSQL cluster of its own, runs COMMAND with ORGATE_TEST_POSTGRES set to its address, stops the
# cluster, removes its files and exits with COMMAND's status. Never touches another cluster of the machine.
#
# ORGATE_TEST_PG_FSYNC=off trades durability for speed, which is right for tests and wrong for measurements.
set -euo pipefail

fail() { echo "with-postgres: $*" >&2; exit 1; }

[ $# -gt 0 ] || fail 'usage: with-postgres.sh COMMAND [ARGUMENT…]'
fsync=${ORGATE_TEST_PG_FSYNC:-on}
case $fsync in on | off) ;; *) fail "ORGATE_TEST_PG_FSYNC is \"$fsync\"; it must be on or off" ;; esac

# Prints the folder of the server's programs: PATH decides, else the newest of Debian's, which are kept out of PATH.
# PATH may hold only a link to initdb, so links are followed, and the folder must hold all that is used here.
find_bin() {
  local candidate program
  while IFS= read -r candidate; do
    candidate=$(dirname "$(readlink -f "$candidate")")
    for program in initdb postgres pg_isready createdb; do
      [ -x "$candidate/$program" ] || continue 2
    done
    printf '%s\n' "$candidate"
    return
  done < <(command -v initdb || true; compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -rV || true)
  return 1
}

# PostgreSQL refuses to run as root: then it runs as the package's user, or as one made for it.
# setpriv replaces itself, so the process id we keep is the server's own.
as_owner=(setpriv --pdeathsig INT)
owner=''
if [ "$(id -u)" -eq 0 ]; then
  owner=postgres
  if ! id "$owner" >/dev/null 2>&1; then
    owner=orgate-test
    id "$owner" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$owner"
  fi
  as_owner=(setpriv --reuid "$owner" --regid "$(id -g "$owner")" --init-groups --pdeathsig INT)
fi

bin=$(find_bin) || fail 'no PostgreSQL server in PATH or /usr/lib/postgresql/*/bin; install postgresql'
# Where nothing has to last and there is room, the files lie in memory: a database is some six hundred of them, and a
# disk takes longer to make them than the test that asks for them.
roomy() {
  [ -w /dev/shm ] && [ "$(df --output=avail --block-size=1G /dev/shm | tail -n 1)" -ge 4 ] &&
    [ "$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)" -ge 8 ]
}
base=${TMPDIR:-/tmp}
if [ "$fsync" = off ] && roomy 2>/dev/null; then base=/dev/shm; fi
dir=$(mktemp -d "$base/orgate-pg.XXXXXX")
server=''
command=''

cleanup() {
  local status=$?
  trap - EXIT INT TERM HUP
  if [ -n "$command" ]; then kill -TERM "$command" 2>/dev/null || true; wait "$command" 2>/dev/null || true; fi
  # SIGINT is PostgreSQL's fast shutdown: it ends open connections instead of waiting for them.
  if [ -n "$server" ]; then kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$dir"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

if [ -n "$owner" ]; then chown "$owner" "$dir"; fi

# A linguistic default order on purpose: a key column that forgets COLLATE "C" then fails a test instead of
# working here and failing at a customer.
locale=(--locale=C)
if "$bin/initdb" --help | grep -q -- --locale-provider; then
  locale+=(--locale-provider=icu --icu-locale=en-US)
fi
# The working directory may be closed to the owner, who would then warn about it.
cd_and_run() { (cd "$dir" && exec "${as_owner[@]}" "$@"); }
cd_and_run "$bin/initdb" --pgdata="$dir/data" --username=orgate --auth=trust --encoding=UTF8 "${locale[@]}" \
  --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; fail 'initdb failed'; }

ready() { "$bin/pg_isready" --quiet --host="$dir" --port="$port" --username=orgate --dbname=postgres; }

# Starts the server on $port; fails when it ends, most likely because somebody else has the port.
start() {
  (
    cd "$dir"
    # Its own session keeps the terminal's interrupt away: COMMAND is to end before the server does.
    exec setsid "${as_owner[@]}" "$bin/postgres" -D "$dir/data" -k "$dir" -p "$port" \
      -c listen_addresses=127.0.0.1 -c max_connections=200 -c "fsync=$fsync" -c "synchronous_commit=$fsync" \
      -c "full_page_writes=$fsync" -c log_min_messages=fatal
  ) </dev/null >"$dir/server.log" 2>&1 &
  server=$!
  local deadline=$((SECONDS + 60))
  until ready; do
    if ! kill -0 "$server" 2>/dev/null; then
      wait "$server" || true
      server=''
      return 1
    fi
    [ "$SECONDS" -lt "$deadline" ] || { cat "$dir/server.log" >&2; fail 'the server was not ready within 60 s'; }
    sleep 0.1
  done
}

# Below the range from which the system hands out ports of its own accord.
for attempt in 1 2 3 4 5; do
  port=$((15000 + RANDOM % 15000))
  if start; then break; fi
  if [ "$attempt" -eq 5 ]; then cat "$dir/server.log" >&2; fail 'the server did not start'; fi
done

"$bin/createdb" --host="$dir" --port="$port" --username=orgate orgate
export ORGATE_TEST_POSTGRES="postgres://orgate@127.0.0.1:$port/orgate?sslmode=disable"

# In the background, so that a signal to this script is acted on at once.
"$@" <&0 &
command=$!
status=0
wait "$command" || status=$?
command=''
exit "$status"
