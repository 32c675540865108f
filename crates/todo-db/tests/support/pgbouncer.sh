# Runs a PgBouncer of its own for as long as the standard input stays open.
#
# Arguments: the program, the directory of the server's socket, and settings of the section [pgbouncer].
# Writes the directory of its own socket, on port 6432, to the standard output once that is there.
set -eu
program=$1 server=$2 settings=$3

# PgBouncer refuses to run as root, and PostgreSQL's user may look into its own directories.
as=
if [ "$(id -u)" = 0 ]; then
    as='setpriv --reuid=postgres --regid=postgres --clear-groups'
    command -v setpriv >/dev/null || as='runuser -u postgres --'
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/todo-pgb.XXXXXX")
bouncer=
clean_up() {
    if [ -n "$bouncer" ]; then kill -KILL "$bouncer" 2>/dev/null || true; fi
    wait
    rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM

# A checkout may lie where that user may not look.
if ! $as test -x "$program"; then
    cp -R "$(dirname "$program")" "$dir/program"
    program=$dir/program/$(basename "$program")
fi
cat >"$dir/pgbouncer.ini" <<INI
[databases]
* = host=$server

[pgbouncer]
unix_socket_dir = $dir
listen_port = 6432
auth_type = trust
auth_file = $dir/users
max_client_conn = 1000
$settings
INI
echo '"postgres" ""' >"$dir/users"
if [ -n "$as" ]; then chown -R postgres "$dir"; fi

$as "$program" "$dir/pgbouncer.ini" >"$dir/log" 2>&1 &
bouncer=$!
until [ -S "$dir/.s.PGSQL.6432" ]; do
    kill -0 "$bouncer" 2>/dev/null || { cat "$dir/log" >&2; bouncer=; exit 1; }
    sleep 0.05
done

echo "$dir"
# Whoever holds the other end of the pipe has ended, in whatever way, when this returns.
cat >/dev/null
