-- What a member's device reads.

set local role "@.owner";

create function winnow.hello(this_device text, its_protocol integer) returns table (
    epoch text, head bigint, now_ms bigint, member text, role text, sources text[], scope integer,
    oldest_protocol integer, may_pick boolean)
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
#variable_conflict use_column
declare m winnow.member := winnow.me();
begin
    if this_device is null or octet_length(this_device) not between 1 and 64 then
        raise exception 'A device has an id of 1 to 64 characters.' using errcode = 'WN004';
    elsif (select count(*) from winnow.device d where d.member = m.name) >= 100
          and not exists (select from winnow.device d where d.member = m.name and d.id = this_device) then
        raise exception 'No member works on more than 100 devices.' using errcode = 'WN004';
    end if;
    perform winnow.renew_epoch();
    perform winnow.reap();  -- whoever holds a transaction open makes others wait
    insert into winnow.device as d (member, id, protocol) values (m.name, this_device, its_protocol)
        on conflict (member, id) do update set last_seen = now(), protocol = excluded.protocol;
    return query select replace(s.epoch::text, '-', ''), s.pos, (extract(epoch from clock_timestamp()) * 1000)::bigint,
        m.name, m.role, m.sources, m.scope, s.oldest_protocol, m.role = any(s.picking) from winnow.state s;
end $$;

-- The feed behind a position; the first row tells only how far it goes (`pos`), the epoch (`kind`), the member's scope
-- (`version`) and whether something waits to be moved into it (`device_seq`): whoever reads notices that something else
-- holds now, and says hello again. With `persons_only`, what has a person
-- part that this member may read. What may not be read is missing, as if it had been erased.
create function winnow.page(this_device text, after_pos bigint, size integer, persons_only boolean default false)
    returns table (pos bigint, id bytea, subject bytea, kind text, version integer, body bytea, person bytea, salt bytea,
        digest bytea, hash bytea, actor text, device text, device_seq bigint, claim_no bigint, at bigint, wall bigint,
        seen text, received_at bigint, brought_by text)
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s' set jit = off
as $$
#variable_conflict use_column
declare
    m winnow.member := winnow.me();
    head bigint;
    due boolean;  -- how far the device has read is written down again: not at every look
    reads_all boolean := m.role in ('lead', 'admin') or (m.role in ('caller', 'sales', 'marketing') and m.sources is null);
    by_source boolean := m.role in ('caller', 'sales', 'marketing') and m.sources is not null;
    own boolean := m.role = 'intake';
    most constant integer := least(size, 5000);
    told integer := 0;
    came integer;
    behind bigint := after_pos;
begin
    version := m.scope;
    device_seq := (exists (select from winnow.fresh))::integer;
    select s.pos, replace(s.epoch::text, '-', ''),
            d.last_seen < now() - case when d.cursor <> after_pos then interval '10 seconds' else interval '1 minute' end
        into head, kind, due
        from winnow.state s left join winnow.device d on d.member = m.name and d.id = this_device;
    if due and not persons_only then
        -- How far a device has read it tells again: nobody waits for the disk because of it. What else is in this same
        -- transaction is waited for.
        if pg_current_xact_id_if_assigned() is null then
            perform set_config('synchronous_commit', 'off', true);
        end if;
        update winnow.device d set cursor = after_pos, last_seen = now() where d.member = m.name and d.id = this_device;
    end if;
    pos := head;
    return next;
    while behind < head and most > 0 loop  -- what is looked for in all of the feed, until there is a page of it
        return query
            select f.pos, uuid_send(e.id), uuid_send(e.subject), e.kind, e.version, e.body,
                case when may.read then e.person end, case when may.read then e.salt end, e.digest, e.hash, e.actor,
                e.device, e.device_seq, e.claim_no, e.at, e.wall, e.seen, e.received_at, coalesce(e.brought_by, '')
            from (
                select f.pos + generate_series(0, cardinality(f.ids) - 1) as pos, unnest(f.ids) as id
                from winnow.feed f
                where f.pos >= (select max(b.pos) from winnow.feed b where b.pos <= behind + 1)
                  and f.pos <= least(behind + most, head)
                order by 1 offset 0
            ) f  -- entry by entry, whatever the planner believes of tables that grow faster than they are looked at
            cross join lateral (select * from winnow.entry e where e.id = f.id offset 0) e
            cross join lateral (select reads_all or (own and e.actor = m.name) or (by_source and exists (
                select from winnow.entry c where c.subject = e.subject and c.source = any (m.sources) offset 0))) may (read)
            where f.pos > behind and f.pos <= least(behind + most, head)
              and (not persons_only or (e.person is not null and may.read))
            order by f.pos
            limit most - told;
        get diagnostics came = row_count;
        told := told + came;
        behind := behind + most;
        exit when not persons_only or told >= most;
    end loop;
end $$;

-- Everything in the feed about some subjects, as `page` tells it. Neither is compiled: that takes a hundred times as long
-- as finding the rows, and a planner that has not counted its tables yet would do it at every call.
create function winnow.about(subjects uuid[])
    returns table (pos bigint, id bytea, subject bytea, kind text, version integer, body bytea, person bytea, salt bytea,
        digest bytea, hash bytea, actor text, device text, device_seq bigint, claim_no bigint, at bigint, wall bigint,
        seen text, received_at bigint, brought_by text)
    language plpgsql stable security definer
    set search_path = pg_catalog, winnow, pg_temp set jit = off
as $$
#variable_conflict use_column
declare
    m winnow.member := winnow.me();
    reads_all boolean := m.role in ('lead', 'admin') or (m.role in ('caller', 'sales', 'marketing') and m.sources is null);
    by_source boolean := m.role in ('caller', 'sales', 'marketing') and m.sources is not null;
    own boolean := m.role = 'intake';
begin
    if cardinality(subjects) > 1000 then
        raise exception 'At most 1000 subjects at once.' using errcode = 'WN004';
    end if;
    return query
        select f.pos, uuid_send(e.id), uuid_send(e.subject), e.kind, e.version, e.body,
            case when may.read then e.person end, case when may.read then e.salt end, e.digest, e.hash, e.actor,
            e.device, e.device_seq, e.claim_no, e.at, e.wall, e.seen, e.received_at, coalesce(e.brought_by, '')
        from (select distinct unnest(subjects) as subject) s  -- one by one, whatever the planner believes
        cross join lateral (select * from winnow.entry e where e.subject = s.subject offset 0) e
        cross join lateral (  -- of all calls together few were stamped in the same thirteenth of a millisecond
            select max(f.pos + place.n - 1) as pos
            from (select * from winnow.feed f where f.stamp between e.received_at - 5000 and e.received_at - 1 offset 0) f
            cross join lateral (select case when f.ids[(e.received_at - f.stamp)::integer] = e.id
                then e.received_at - f.stamp else array_position(f.ids, e.id) end) place (n)
        ) f
        cross join lateral (select reads_all or (own and e.actor = m.name) or (by_source and exists (
            select from winnow.entry c where c.subject = e.subject and c.source = any (m.sources) offset 0))) may (read)
        where f.pos is not null  -- stored, and not yet in the feed
        order by f.pos;
end $$;

create function winnow.hash_keys() returns table (id text, key bytea)
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
#variable_conflict use_column
begin
    perform winnow.me();
    return query select k.id, k.key from winnow.hash_key k order by k.id;
end $$;

create function winnow.add_hash_keys(ids text[], keys bytea[]) returns void
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member := winnow.me();
begin
    if m.role = 'viewer' or cardinality(ids) > 100 or (select count(*) from winnow.hash_key) > 1000 then
        raise exception 'These keys cannot be added.' using errcode = 'WN003';
    end if;
    insert into winnow.hash_key (id, key, added_by)
        select o.id, o.key, m.name from unnest(ids, keys) as o (id, key) on conflict do nothing;
exception when check_violation or not_null_violation then
    raise exception 'A key has an id and 16 to 128 bytes.' using errcode = 'WN004';
end $$;

reset role;
grant execute on function winnow.hello(text, integer), winnow.page(text, bigint, integer, boolean), winnow.about(uuid[]),
    winnow.hash_keys(), winnow.add_hash_keys(text[], bytea[]), winnow.advance() to "@.member";
