# Runs a PostgreSQL cluster of its own for as long as the standard input stays open.
#
# Its arguments go to the server. Writes the directory of the cluster's socket to the standard output
# once the cluster answers, and from then on does what each line of the standard input says, and writes
# `done`.
# Ends with 69 (EX_UNAVAILABLE) if the machine has no PostgreSQL that can be started.
set -eu

for initdb in \
    "$(command -v initdb || true)" \
    "$(pg_config --bindir 2>/dev/null || true)/initdb" \
    /usr/lib/postgresql/*/bin/initdb; do
    if [ -x "$initdb" ]; then break; fi
done
[ -x "$initdb" ] || exit 69
bin=$(dirname "$initdb")

# PostgreSQL refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || exit 69
    as='setpriv --reuid=postgres --regid=postgres --clear-groups'
    command -v setpriv >/dev/null || as='runuser -u postgres --'
fi

# A database is some three hundred files: in memory, where there is a gigabyte of it, tests take a
# third of the time.
base=/tmp
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
if [ "${room:-0}" -gt 1048576 ]; then base=/dev/shm; fi
dir=$(mktemp -d "${TMPDIR:-$base}/todo-pg.XXXXXX")

clean_up() {
    thaw
    $as "$bin/pg_ctl" stop --mode=immediate --pgdata="$dir/data" >/dev/null 2>&1 || true
    wait
    rm -rf "$dir"
}

# The server and all of its processes.
processes() {
    server=$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null) || return 0
    echo "$server" $(ps -A -o pid= -o ppid= | awk -v server="$server" '$2 == server { print $1 }')
}
freeze() {
    kill -STOP $(processes)
}
thaw() {
    kill -CONT $(processes) 2>/dev/null || true
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM
if [ -n "$as" ]; then chown postgres "$dir"; fi
cd "$dir"

# In C.UTF-8 `lower` folds more than ASCII, as it does in production; not every system knows it.
create() {
    $as "$initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 \
        --no-sync --locale="$1" >"$dir/initdb.log" 2>&1
}
create C.UTF-8 || create C || { cat "$dir/initdb.log" >&2; exit 1; }

# Whoever is called guarded must know a password.
hba="$dir/data/pg_hba.conf"
{ echo 'local all guarded scram-sha-256'; cat "$hba"; } >"$dir/hba"
cat "$dir/hba" >"$hba"

start() {
    $as "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=400 \
        -c fsync=off -c full_page_writes=off "$@" >>"$dir/server.log" 2>&1 &
    # The line that pg_ctl itself waits for.
    until grep -q '^ready' "$dir/data/postmaster.pid" 2>/dev/null; do
        kill -0 $! 2>/dev/null || { cat "$dir/server.log" >&2; exit 1; }
        sleep 0.05
    done
}
stop() {
    $as "$bin/pg_ctl" stop --mode="$1" --pgdata="$dir/data" >/dev/null
}
start "$@"

echo "$dir"
# Whoever holds the other end of the pipe has ended, in whatever way, when there is no line more.
while read -r order; do
    case $order in
        start) start "$@" ;;
        stop) stop fast ;;
        crash) stop immediate ;;
        freeze) freeze ;;
        thaw) thaw ;;
        *) exit 1 ;;
    esac
    echo 'done'
done
