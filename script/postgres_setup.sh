#!/bin/sh
# Runs once, in a new database: Airflow's own database and user beside the ledger's.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
CREATE USER airflow PASSWORD :'password';
CREATE DATABASE airflow OWNER airflow;
END
