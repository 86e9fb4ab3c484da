-- Roles belong to the server, not to one database. None of these can log in; members get logins of their own.

create role "@.owner" nologin;        -- owns every table and nearly every function
create role "@.gatekeeper" nologin createrole;  -- owns only the functions that make, change and end logins
create role "@.reaper" nologin;       -- owns only the functions that look at sessions and end them
create role "@.member" nologin;       -- everybody who belongs to the hub
create role "@.caller" nologin in role "@.member";
create role "@.lead" nologin in role "@.member";
create role "@.sales" nologin in role "@.member";
create role "@.marketing" nologin in role "@.member";
create role "@.admin" nologin in role "@.member";
create role "@.intake" nologin in role "@.member";
create role "@.viewer" nologin in role "@.member";

-- Whoever creates the hub hands things over to these roles, now and in later migrations.
grant "@.owner", "@.gatekeeper", "@.reaper" to current_user;
grant "@.caller", "@.lead", "@.sales", "@.marketing", "@.admin", "@.intake", "@.viewer"
    to "@.gatekeeper" with admin option;

do $$
begin
    grant pg_signal_backend, pg_read_all_stats to "@.reaper";
exception when insufficient_privilege then
    raise notice 'this server does not let its hub end idle sessions; see docs/team.md';
end $$;

-- Of large objects, of words into the server's log of changes, and of files for a sort without end a member needs nothing.
do $$
declare f regprocedure;
begin
    for f in select oid from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace
          and proname in ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import', 'lo_put', 'lowrite',
                          'pg_logical_emit_message')
    loop
        execute format('revoke execute on function %s from public', f);
    end loop;
    alter database @database set temp_file_limit = '1GB';
exception when insufficient_privilege then
    raise notice 'this server does not let its hub forbid large objects; see docs/team.md';
end $$;

revoke all on database @database from public;
grant connect on database @database to "@.member";

create schema winnow authorization "@.owner";
revoke all on schema winnow from public;
revoke all on schema public from public;
grant usage on schema winnow to "@.member", "@.gatekeeper", "@.reaper";
grant create on schema winnow to "@.gatekeeper", "@.reaper";  -- taken back in closing.sql

alter default privileges for role "@.owner" revoke execute on functions from public;
alter default privileges for role "@.gatekeeper" revoke execute on functions from public;
alter default privileges for role "@.reaper" revoke execute on functions from public;
