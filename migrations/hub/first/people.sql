-- Who asks, and what a member's login may become.

set local role "@.owner";

create function winnow.me() returns winnow.member
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare found_member winnow.member;
begin
    select * into found_member from winnow.member m where m.login = session_user;
    if not found then
        raise exception 'This login belongs to no member of this hub.' using errcode = 'WN001';
    elsif found_member.revoked_at is not null then
        raise exception '% was revoked.', found_member.name using errcode = 'WN001';
    elsif found_member.joined_at is null then
        raise exception 'The invitation of % has not been accepted yet.', found_member.name using errcode = 'WN002';
    end if;
    return found_member;
end $$;

create function winnow.must_be(variadic roles text[]) returns winnow.member
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member := winnow.me();
begin
    if not m.role = any (roles) then
        raise exception 'Only %.', 'a member with the role ' || array_to_string(roles, ' or ') || ' may do this'
            using errcode = 'WN003';
    end if;
    return m;
end $$;

create function winnow.members() returns table (name text, role text, sources text[], revoked boolean, joined boolean)
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.me();
    return query select m.name, m.role, m.sources, m.revoked_at is not null, m.joined_at is not null
        from winnow.member m order by lower(m.name);
end $$;

grant select, insert, update on winnow.member to "@.gatekeeper";
grant select on winnow.state to "@.gatekeeper";
grant select on winnow.member to "@.reaper";
grant insert on winnow.ended to "@.reaper";
reset role;

-- The reaper's

set local role "@.reaper";

create function winnow.end_sessions(logins text[]) returns integer
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare ended integer;
begin
    select count(*) into ended from (
        select pg_terminate_backend(a.pid) from pg_stat_activity a
        where a.usename = any (logins) and a.pid <> pg_backend_pid()
    ) done;
    return ended;
exception when insufficient_privilege then
    return 0;
end $$;

reset role;
grant execute on function winnow.end_sessions(text[]) to "@.gatekeeper";

-- The gatekeeper's

set local role "@.owner";
grant execute on function winnow.me(), winnow.must_be(text[]) to "@.gatekeeper";
reset role;
set local role "@.gatekeeper";

create function winnow.check_verifier(verifier text) returns void
    language plpgsql immutable set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    if verifier is null or verifier !~ '^SCRAM-SHA-256\$[0-9]{4,6}:[A-Za-z0-9+/=]{16,64}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' then
        raise exception 'A password is handed over as a SCRAM verifier, never in plain text.' using errcode = 'WN004';
    end if;
end $$;

create function winnow.keep_an_admin(leaver text) returns void
    language plpgsql set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    if not exists (select from winnow.member m where m.role = 'admin' and m.revoked_at is null
                   and m.joined_at is not null and m.name <> leaver) then
        raise exception '% is the last admin; a hub needs one.', leaver using errcode = 'WN004';
    end if;
end $$;

create function winnow.invite(new_name text, new_role text, verifier text, new_sources text[]) returns text
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare
    hub text := (select prefix from winnow.state);
    inviter text;
    known winnow.member;
    new_login text;
begin
    lock table winnow.member in share row exclusive mode;
    if exists (select from winnow.member) then
        inviter := (winnow.must_be('admin')).name;
    elsif new_role <> 'admin' then
        raise exception 'The first member of a hub is its admin.' using errcode = 'WN004';
    end if;
    perform winnow.check_verifier(verifier);
    select * into known from winnow.member m where lower(m.name) = lower(new_name);
    if known.name is not null and known.revoked_at is null and known.joined_at is not null then
        raise exception '% is a member already.', known.name using errcode = 'WN004';
    end if;
    if known.name is null then
        new_login := hub || '.m.' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12);
        insert into winnow.member (name, login, role, sources, invited_by)
            values (new_name, new_login, new_role, new_sources, inviter);
        execute format('create role %I nologin inherit nosuperuser nocreatedb nocreaterole noreplication', new_login);
    else
        new_login := known.login;
        execute format('revoke %I from %I', hub || '.' || known.role, new_login);
        update winnow.member m set role = new_role, sources = new_sources, invited_by = inviter, invited_at = now(),
            joined_at = null, revoked_at = null, scope = m.scope + 1 where m.name = known.name;
    end if;
    execute format('alter role %I login connection limit 10 password %L valid until %L',
        new_login, verifier, (now() + interval '7 days')::text);
    execute format('grant %I to %I', hub || '.' || new_role, new_login);
    -- Advice to well-behaved clients; a member can override it, so the reaper does not rely on it.
    execute format('alter role %I set statement_timeout = %L', new_login, '60s');
    execute format('alter role %I set idle_in_transaction_session_timeout = %L', new_login, '20s');
    return new_login;
exception
    when check_violation then
        raise exception 'A member has a name of 1 to 100 characters and one of the roles.' using errcode = 'WN004';
end $$;

create function winnow.accept_invitation(verifier text) returns text
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member;
begin
    select * into m from winnow.member k where k.login = session_user and k.revoked_at is null for update;
    if not found then
        raise exception 'This login belongs to no member of this hub.' using errcode = 'WN001';
    elsif m.joined_at is not null then
        raise exception 'This invitation was used already; ask for a new one.' using errcode = 'WN004';
    end if;
    perform winnow.check_verifier(verifier);
    execute format('alter role %I password %L valid until %L', m.login, verifier, 'infinity');
    update winnow.member k set joined_at = now() where k.name = m.name;
    return m.name;
end $$;

create function winnow.member_named(wanted text) returns winnow.member
    language plpgsql set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member;
begin
    select * into m from winnow.member k where k.name = wanted for update;
    if not found then
        raise exception 'There is no member %.', wanted using errcode = 'WN004';
    end if;
    return m;
end $$;

create function winnow.end_membership(m winnow.member) returns void
    language plpgsql set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.keep_an_admin(m.name);
    execute format('alter role %I nologin password null', m.login);
    execute format('revoke %I from %I', (select prefix from winnow.state) || '.' || m.role, m.login);
    update winnow.member k set revoked_at = now(), scope = k.scope + 1 where k.name = m.name;
    perform winnow.end_sessions(array[m.login]);
end $$;

create function winnow.revoke_member(who text) returns void
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member;
begin
    perform winnow.must_be('admin');
    m := winnow.member_named(who);
    if m.revoked_at is null then
        perform winnow.end_membership(m);
    end if;
end $$;

create function winnow.leave() returns void
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.end_membership(winnow.me());
end $$;

create function winnow.set_role(who text, new_role text) returns void
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member; hub text := (select prefix from winnow.state);
begin
    perform winnow.must_be('admin');
    m := winnow.member_named(who);
    if m.revoked_at is not null then
        raise exception '% was revoked; invite them again.', who using errcode = 'WN004';
    end if;
    if m.role = 'admin' and new_role <> 'admin' then
        perform winnow.keep_an_admin(who);
    end if;
    update winnow.member k set role = new_role, scope = k.scope + 1 where k.name = who and k.role <> new_role;
    execute format('revoke %I from %I', hub || '.' || m.role, m.login);
    execute format('grant %I to %I', hub || '.' || new_role, m.login);
exception
    when check_violation then
        raise exception 'There is no role %.', new_role using errcode = 'WN004';
end $$;

create function winnow.set_scope(who text, new_sources text[]) returns void
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.must_be('admin');
    perform winnow.member_named(who);
    update winnow.member k set sources = new_sources, scope = k.scope + 1
        where k.name = who and k.sources is distinct from new_sources;
end $$;

reset role;
grant execute on function winnow.accept_invitation(text), winnow.leave() to "@.member";
grant execute on function winnow.invite(text, text, text, text[]), winnow.revoke_member(text),
    winnow.set_role(text, text), winnow.set_scope(text, text[]) to "@.admin";
grant execute on function winnow.members() to "@.member";
