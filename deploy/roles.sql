-- The database and its two roles. A superuser of Postgres 15 or newer runs this once:
--   psql --file deploy/roles.sql
-- Then give both roles a password: \password mix_owner and \password mix_web.

-- It owns the tables; migrate and the operator's commands use it. DATABASE_URL of these names it.
CREATE ROLE "mix_owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- The web process uses it: it owns nothing. After each migrate, `manage.py web_role mix_web` gives it what it needs.
CREATE ROLE "mix_web" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

CREATE DATABASE "mixportal" OWNER "mix_owner" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE "mixportal" FROM PUBLIC;
GRANT CONNECT ON DATABASE "mixportal" TO "mix_web";

-- `manage.py backup --verify` restores each backup into this one, and empties it.
CREATE DATABASE "mixportal_scratch" OWNER "mix_owner" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE "mixportal_scratch" FROM PUBLIC;

-- Statements hold sealed ballots and reasons, so the server logs none of either role, slow or failed.
ALTER ROLE "mix_owner" SET log_statement = 'none';
ALTER ROLE "mix_owner" SET log_min_duration_statement = '-1';
ALTER ROLE "mix_owner" SET log_min_duration_sample = '-1';
ALTER ROLE "mix_owner" SET log_transaction_sample_rate = '0';
ALTER ROLE "mix_owner" SET log_min_error_statement = 'panic';
ALTER ROLE "mix_owner" SET log_error_verbosity = 'terse';
ALTER ROLE "mix_web" SET log_statement = 'none';
ALTER ROLE "mix_web" SET log_min_duration_statement = '-1';
ALTER ROLE "mix_web" SET log_min_duration_sample = '-1';
ALTER ROLE "mix_web" SET log_transaction_sample_rate = '0';
ALTER ROLE "mix_web" SET log_min_error_statement = 'panic';
ALTER ROLE "mix_web" SET log_error_verbosity = 'terse';
