#!/bin/bash
# Keeps the contract of the postgres image: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB (each also as NAME_FILE),
# POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, PGDATA, and the scripts in /docker-entrypoint-initdb.d, which
# run once, while the server answers on its socket only.
set -eu

from_file() {
    local file_variable="$1_FILE"
    if [ -n "${!file_variable:-}" ]; then export "$1=$(cat "${!file_variable}")"; unset "$file_variable"; fi
}

demand_password() {
    if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
        echo "Error: the database is not initialised and no superuser password is given:" >&2
        echo "set POSTGRES_PASSWORD, or POSTGRES_HOST_AUTH_METHOD=trust to let everyone in." >&2
        exit 1
    fi
}

initialise() {
    # shellcheck disable=SC2086  # the arguments are meant to be split
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
    printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"
}

run_sql() {
    psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password "$@"
}

create_database() {
    if [ "$POSTGRES_DB" = postgres ]; then return; fi
    echo 'CREATE DATABASE :"name";' | run_sql --dbname postgres --set name="$POSTGRES_DB"
}

run_script() {
    echo "$0: running $1"
    case "$1" in
        *.sh) if [ -x "$1" ]; then "$1"; else . "$1"; fi ;;
        *.sql) run_sql --dbname "$POSTGRES_DB" --file "$1" ;;
        *.sql.gz) gunzip -c "$1" | run_sql --dbname "$POSTGRES_DB" ;;
        *) echo "$0: ignoring $1" ;;
    esac
}

set_up() {
    demand_password
    initialise
    export PGPASSWORD="$POSTGRES_PASSWORD"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
    create_database
    local script
    for script in /docker-entrypoint-initdb.d/*; do
        if [ -e "$script" ]; then run_script "$script"; fi
    done
    pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    echo "PostgreSQL init process complete; ready for start up."
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$1" = postgres ]; then
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$PGDATA"
        chmod 00700 "$PGDATA"
        find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
        exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
    fi
    for name in POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB; do from_file "$name"; done
    : "${POSTGRES_USER:=postgres}" "${POSTGRES_PASSWORD:=}" "${POSTGRES_HOST_AUTH_METHOD:=scram-sha-256}"
    : "${POSTGRES_DB:=$POSTGRES_USER}"
    export POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB POSTGRES_HOST_AUTH_METHOD
    if [ ! -s "$PGDATA/PG_VERSION" ]; then set_up; fi
fi
exec "$@"
