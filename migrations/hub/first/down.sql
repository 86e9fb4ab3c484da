-- Everything of this hub goes, its members' logins too. The database stays, empty.

do $$
declare login text;
begin
    for login in select m.login from winnow.member m loop
        execute format('drop role %I', login);
    end loop;
end $$;

drop schema winnow cascade;
do $$
declare role_name text;
begin
    foreach role_name in array array['caller', 'lead', 'sales', 'marketing', 'admin', 'intake', 'viewer', 'member',
        'reaper', 'gatekeeper', 'owner']
    loop
        execute format('drop owned by %I', '@.' || role_name);
        execute format('drop role %I', '@.' || role_name);
    end loop;
end $$;
grant usage on schema public to public;
