-- How the hub is, and what ends whatever would hold it up.

set local role "@.reaper";

-- Whether a session keeps something that others wait for: every lock but those of readers, and of what is its device's own.
create function winnow.holds(session_pid integer) returns boolean
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    select exists (
        select from pg_locks l join pg_class c on c.oid = l.relation
        where l.pid = session_pid and l.granted and l.mode <> 'AccessShareLock' and c.relkind = 'r'
          and l.database = (select d.oid from pg_database d where d.datname = current_database())
          and c.relnamespace = 'winnow'::regnamespace and c.relname <> 'device')
$$;

-- Ends sessions of members of this hub, in every database of the server, that hold transactions open: a member can
-- override any timeout that is only set. `holding_seconds` is for those that hold what others need and wait for nobody:
-- no call of Winnow takes so long, having waited for its own locks. Returns how many.
create function winnow.reap(
    idle_seconds integer default 20, busy_seconds integer default 120, holding_seconds integer default 12
) returns integer
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare late record; many integer := 0;
begin
    for late in
        select a.pid, m.name, m.revoked_at
        from pg_stat_activity a join winnow.member m on m.login = a.usename
        where a.pid <> pg_backend_pid() and case
            when m.revoked_at is not null then true
            when a.state like 'idle in transaction%' and a.state_change < now() - make_interval(secs => idle_seconds) then true
            when a.state = 'idle' then false
            when a.xact_start < now() - make_interval(secs => busy_seconds) then true
            when a.xact_start < now() - make_interval(secs => holding_seconds) and a.wait_event_type is distinct from 'Lock'
                then winnow.holds(a.pid)
            else false end
    loop
        if pg_terminate_backend(late.pid) then
            many := many + 1;
            insert into winnow.ended (member) select late.name where late.revoked_at is null;
        end if;
    end loop;
    return many;
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
grant execute on function winnow.reap(integer, integer, integer), winnow.oldest_transaction_seconds(), winnow.open_doors()
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
            'quarantined', (select count(*) from winnow.kept_aside()),
            'picking', to_jsonb(s.picking),
            'ended', coalesce((select jsonb_object_agg(e.member, e.times) from (
                select n.member, count(*) as times from winnow.ended n
                where n.at > now() - interval '7 days' group by n.member) e), '{}'),
            'flushes', current_setting('fsync') = 'on',
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

-- What waits for a decision. What has come in since, from its author or by an admin's own laptop, waits no more.
create function winnow.kept_aside() returns setof winnow.quarantine
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    select q.* from winnow.quarantine q
    where not exists (select from winnow.entry e where e.id = q.id and e.hash = q.hash)
$$;

create function winnow.quarantined() returns table (id bytea, subject bytea, kind text, version integer, body bytea,
        person bytea, actor text, device text, at bigint, wall bigint, offered_by text, reason text, received_at bigint)
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
#variable_conflict use_column
begin
    perform winnow.must_be('admin', 'lead');
    return query select uuid_send(q.id), uuid_send(q.subject), q.kind, q.version, q.body, q.person, q.actor, q.device,
        q.at, q.wall, q.offered_by, q.reason, q.received_at
        from winnow.kept_aside() q order by q.received_at, q.id;
end $$;

-- What was kept aside is let in, as brought by whoever decides (the work of somebody revoked alone), or left out.
-- Returns what became of each; what the hub refuses to store stays where it is.
create function winnow.decide(which uuid[], take boolean) returns table (id bytea, became text)
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
#variable_conflict use_column
declare
    m winnow.member := winnow.must_be('admin', 'lead');
    q record;
begin
    if which is null or cardinality(which) > 1000 or not exists (
            select from winnow.quarantine k where k.id = any (which)) then
        raise exception 'Nothing with that id is kept aside.' using errcode = 'WN004';
    elsif take and exists (select from winnow.quarantine k where k.id = any (which) and k.reason <> 'revoked') then
        raise exception 'An id belongs to one entry; the other one can only be left out.' using errcode = 'WN004';
    elsif not take then
        insert into winnow.left_out (id, hash, by)
            select k.id, k.hash, m.name from winnow.quarantine k where k.id = any (which) on conflict do nothing;
        return query delete from winnow.quarantine k where k.id = any (which) returning uuid_send(k.id), 'left out';
        return;
    end if;
    update winnow.quarantine k set let_in_by = m.name where k.id = any (which);
    select array_agg(k.id) as ids, array_agg(k.subject) as subjects, array_agg(k.kind) as kinds,
        array_agg(k.version) as versions, array_agg(k.body) as bodies, array_agg(k.person) as persons,
        array_agg(k.salt) as salts, array_agg(k.digest) as digests, array_agg(k.hash) as hashes,
        array_agg(k.actor) as actors, array_agg(k.device) as devices, array_agg(k.device_seq) as device_seqs,
        array_agg(k.claim_no) as claim_nos, array_agg(k.at) as ats, array_agg(k.wall) as walls,
        array_agg(k.seen) as seens into q
        from (select * from winnow.quarantine k where k.id = any (which) order by k.received_at, k.id) k;
    return query select uuid_send(k.id), coalesce(a.outcome || case when a.why <> '' then ': ' || a.why else '' end, 'stored')
        from unnest(q.ids) with ordinality as k (id, n)
        left join winnow.append('', q.ids, q.subjects, q.kinds, q.versions, q.bodies, q.persons, q.salts, q.digests,
            q.hashes, q.actors, q.devices, q.device_seqs, q.claim_nos, q.ats, q.walls, q.seens) a on a.number = k.n
        order by k.n;
    delete from winnow.quarantine k where k.id = any (which)
        and exists (select from winnow.entry e where e.id = k.id and e.hash = k.hash);
    update winnow.quarantine k set let_in_by = null where k.id = any (which);
end $$;

-- Where entries are that this hub did not store when they were offered: 'waits', 'left out' by whom, 'stored'; of what
-- it does not know there is no row. Whoever asks has them.
create function winnow.fates(which uuid[]) returns table (id bytea, fate text, by text)
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
#variable_conflict use_column
begin
    perform winnow.me();
    if which is null or cardinality(which) > 1000 then
        raise exception 'At most 1000 entries at once.' using errcode = 'WN004';
    end if;
    return query select * from (
        select uuid_send(o.id), case when exists (select from winnow.entry e where e.id = o.id) then 'stored'
                when exists (select from winnow.quarantine q where q.id = o.id) then 'waits'
                when l.by is not null then 'left out' end, coalesce(l.by, '')
        from (select distinct unnest(which)) o (id)
        left join lateral (select l.by from winnow.left_out l where l.id = o.id order by l.at desc limit 1) l on true
    ) told (id, fate, by) where told.fate is not null;
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
grant execute on function winnow.status(), winnow.fates(uuid[]) to "@.member";
grant execute on function winnow.begin_epoch() to "@.admin";
grant execute on function winnow.quarantined(), winnow.decide(uuid[], boolean) to "@.admin", "@.lead";
grant execute on function winnow.set_picking(text, boolean) to "@.admin", "@.lead";
grant execute on function winnow.tend() to "@.admin", "@.lead";
