-- How the hub is, and what ends whatever would hold it up.

set local role "@.reaper";

-- Ends sessions of members of this hub, in every database of the server, that hold transactions open: a member can
-- override any timeout that is only set. Returns how many.
create function winnow.reap(idle_seconds integer default 20, busy_seconds integer default 120) returns integer
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare ended integer;
begin
    select count(*) into ended from (
        select pg_terminate_backend(a.pid)
        from pg_stat_activity a join winnow.member m on m.login = a.usename
        where a.pid <> pg_backend_pid() and (
            m.revoked_at is not null
            or (a.state like 'idle in transaction%' and a.state_change < now() - make_interval(secs => idle_seconds))
            or (a.xact_start < now() - make_interval(secs => busy_seconds) and a.state <> 'idle'))
    ) done;
    return ended;
exception when insufficient_privilege then
    return 0;
end $$;

-- How long the oldest open transaction that writes has been open, in any database; null: none, or this server hides it.
create function winnow.oldest_transaction_seconds() returns double precision
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    select max(extract(epoch from clock_timestamp() - begun))::double precision from (
        select a.xact_start from pg_stat_activity a where a.backend_xid is not null and a.pid <> pg_backend_pid()
        union all select p.prepared from pg_prepared_xacts p
    ) open (begun)
$$;

-- Databases of this server that members may enter besides their hub: an open transaction there holds the feed up too.
create function winnow.open_doors() returns text[]
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    select array_agg(d.datname::text order by d.datname) from pg_database d
    where d.datallowconn and d.datname <> current_database()
      and has_database_privilege((select prefix || '.member' from winnow.state), d.oid, 'connect')
$$;

reset role;
grant select (prefix) on winnow.state to "@.reaper";
grant execute on function winnow.reap(integer, integer), winnow.oldest_transaction_seconds(), winnow.open_doors()
    to "@.owner";
set local role "@.owner";

create function winnow.status() returns jsonb
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member := winnow.me(); s winnow.state; said jsonb;
begin
    perform winnow.renew_epoch();
    select * into s from winnow.state;
    said := jsonb_build_object(
        'epoch', replace(s.epoch::text, '-', ''), 'pos', s.pos, 'member', m.name, 'role', m.role,
        'waiting', (select count(*) from winnow.fresh),
        'oldest_transaction_seconds', winnow.oldest_transaction_seconds());
    if m.role in ('admin', 'lead') then
        said := said || jsonb_build_object(
            'era', s.era,
            'entries', (select greatest(c.reltuples, 0)::bigint from pg_class c where c.oid = 'winnow.entry'::regclass),
            'quarantined', (select count(*) from winnow.quarantine),
            'open_doors', coalesce(to_jsonb(winnow.open_doors()), '[]'),
            'devices', coalesce((select jsonb_agg(jsonb_build_object(
                    'member', d.member, 'device', d.id, 'behind', s.pos - d.cursor, 'protocol', d.protocol,
                    'seen_seconds_ago', extract(epoch from clock_timestamp() - d.last_seen)::bigint,
                    'copied', d.clash_at is not null) order by d.last_seen desc)
                from winnow.device d join winnow.member k on k.name = d.member
                where k.revoked_at is null and d.last_seen > now() - interval '90 days'), '[]'));
    end if;
    return said;
end $$;

create function winnow.quarantined() returns table (id bytea, kind text, actor text, offered_by text, reason text,
        received_at bigint)
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
#variable_conflict use_column
begin
    perform winnow.must_be('admin');
    return query select uuid_send(q.id), q.kind, q.actor, q.offered_by, q.reason, q.received_at
        from winnow.quarantine q order by q.received_at;
end $$;

-- What was kept aside is stored, as brought by this admin (the work of somebody revoked alone), or dropped.
create function winnow.decide(which uuid, take boolean) returns text
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare q winnow.quarantine; became text := 'dropped';
begin
    perform winnow.must_be('admin');
    if not exists (select from winnow.quarantine k where k.id = which) then
        raise exception 'Nothing with that id is kept aside.' using errcode = 'WN004';
    elsif take and exists (select from winnow.quarantine k where k.id = which and k.reason <> 'revoked') then
        raise exception 'An id belongs to one entry; the other one can only be dropped.' using errcode = 'WN004';
    end if;
    for q in delete from winnow.quarantine k where k.id = which returning k.* loop
        if take then
            select coalesce((select a.outcome || ' ' || a.why from winnow.append('', array[q.id], array[q.subject],
                array[q.kind], array[q.version], array[q.body], array[q.person], array[q.salt], array[q.digest],
                array[q.hash], array[q.actor], array[q.device], array[q.device_seq], array[q.claim_no], array[q.at],
                array[q.wall], array[q.seen]) a), 'stored') into became;
        end if;
    end loop;
    return became;
end $$;

-- An admin says that the hub was restored from a copy that it cannot tell from itself (a disk's snapshot).
create function winnow.begin_epoch() returns text
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.must_be('admin');
    perform winnow.renew_epoch(true);
    return (select replace(s.epoch::text, '-', '') from winnow.state s);
end $$;

-- Which roles may call out of order, beside leads and admins, who always may.
create function winnow.set_picking(which text, may boolean) returns text[]
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.must_be('admin', 'lead');
    if which is null or which not in ('caller', 'sales', 'marketing') then
        raise exception 'Picking is a right of callers, sales and marketing.' using errcode = 'WN004';
    end if;
    update winnow.state s set picking = array_remove(s.picking, which) || case when may then array[which] else '{}' end;
    return (select s.picking from winnow.state s);
end $$;

create function winnow.tend() returns integer
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.must_be('admin', 'lead');
    return winnow.reap();
end $$;

-- For later migrations: gives a function to the owner, takes it from everybody, and lets the named groups
-- ('member', 'admin', 'caller', …) call it.
create function winnow.publish(f regprocedure, variadic groups text[]) returns void
    language plpgsql set search_path = pg_catalog, winnow, pg_temp
as $$
declare hub text := (select prefix from winnow.state); g text;
begin
    execute format('alter function %s owner to %I', f, hub || '.owner');
    execute format('revoke all on function %s from public', f);
    foreach g in array groups loop
        execute format('grant execute on function %s to %I', f, hub || '.' || g);
    end loop;
end $$;

reset role;
grant execute on function winnow.status() to "@.member";
grant execute on function winnow.quarantined(), winnow.decide(uuid, boolean), winnow.begin_epoch() to "@.admin";
grant execute on function winnow.set_picking(text, boolean) to "@.admin", "@.lead";
grant execute on function winnow.tend() to "@.admin", "@.lead";
