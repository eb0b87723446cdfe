#!/bin/sh
# Gives the two roles of roles.sql their passwords, in the container of the database.
set -eu
psql --quiet --set=ON_ERROR_STOP=1 --set=owner="$OWNER_PASSWORD" --set=web="$WEB_PASSWORD" \
    --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
ALTER ROLE "mix_owner" PASSWORD :'owner';
ALTER ROLE "mix_web" PASSWORD :'web';
SQL
