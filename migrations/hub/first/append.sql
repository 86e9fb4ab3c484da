-- The only way in. One call takes many entries; one poison entry stops no other.

set local role "@.owner";

-- Why an entry of a kind with a condition may not be appended; null when it may. What it names has to be here by now.
create function winnow.condition_of(
    m winnow.member, how text, automatic boolean, kind text, subject uuid, at bigint, facts jsonb
) returns text
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare target winnow.entry; said jsonb;
begin
    if kind = 'erased' and automatic then
        select * into target from winnow.entry e where e.id = winnow.id_in(facts, 'disposition');
        said := winnow.facts(target.body);
        if target.id is null
           or not (target.kind = 'disposed' and said ->> 'disposition' = 'discard'
                   or target.kind = 'reviewed' and said ->> 'verdict' = 'discard'
                   or target.kind = 'erased' and target.actor <> 'winnow') then
            return 'The hub has no discard that this completes.';
        elsif target.kind <> 'erased' and exists (select from winnow.taken_back t where t.target = target.id)
              and not exists (select from winnow.gone g where g.subject = target.subject) then
            return 'The discard that this completes was taken back.';
        elsif how <> 'may' and not subject = any (winnow.taken_along(target.subject, target.received_at)) then
            return 'The hub knows of nothing that joins them.';
        end if;
    elsif kind = 'erased' and facts ? 'disposition' and facts ->> 'disposition' <> '' and how <> 'may' then
        return 'Only a requested erasure has an author.';
    elsif kind = 'undone' and how = 'own' then
        if not exists (select from winnow.entry e where e.id = winnow.id_in(facts, 'entry') and e.actor = m.name) then
            return 'Only one''s own entry is taken back; a team lead takes back others''.';
        end if;
    elsif kind = 'lifted' and how = 'own' then
        select * into target from winnow.entry e where e.id = winnow.id_in(facts, 'objection');
        if target.id is null or target.actor <> m.name then
            return 'Only its author or a team lead lifts an objection.';
        elsif at - target.at > 3600000::bigint << 16 or at < target.at
              or (extract(epoch from clock_timestamp()) * 1000)::bigint - (target.received_at >> 16) > 30 * 86400000::bigint then
            return 'After an hour only a team lead lifts an objection.';
        end if;
    end if;
    return null;
end $$;

-- Who has left an entry out; null: nobody.
create function winnow.left_out_by(which uuid, its_hash bytea) returns text
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    select l.by from winnow.left_out l where l.id = which and l.hash = its_hash
$$;

-- Keeps an entry aside for a team lead, once, and not what one of them has left out.
create function winnow.put_aside(
    m winnow.member, reason text, id uuid, subject uuid, kind text, version integer, body bytea, person bytea,
    salt bytea, digest bytea, hash bytea, actor text, device text, device_seq bigint, claim_no bigint, at bigint,
    wall bigint, seen text, received_at bigint
) returns void
    language sql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    insert into winnow.quarantine (id, subject, at, wall, received_at, device_seq, claim_no, version, kind, actor,
        device, seen, brought_by, hash, digest, body, person, salt, reason, offered_by)
    select id, put_aside.subject, at, wall, received_at, device_seq, claim_no, version, kind, actor, device, seen,
        case when actor <> m.name then m.name end, hash, digest, body,
        case when g.subject is null then person end, case when g.subject is null then salt end, reason, m.name
    from (values (1)) one left join winnow.gone g on g.subject = put_aside.subject
    where winnow.left_out_by(id, hash) is null
    on conflict do nothing
$$;

-- What one call offers, row by row. This and the next are no functions when they run but parts of the statements that
-- name them (having neither settings nor another's rights, they are put in there): nothing is kept in between.
create function winnow.offered(
    ids uuid[], subjects uuid[], kinds text[], versions integer[], bodies bytea[], persons bytea[], salts bytea[],
    digests bytea[], hashes bytea[], actors text[], devices text[], device_seqs bigint[], claim_nos bigint[],
    ats bigint[], walls bigint[], seens text[]
) returns table (n integer, id uuid, subject uuid, kind text, version integer, body bytea, person bytea, salt bytea,
    digest bytea, hash bytea, actor text, device text, device_seq bigint, claim_no bigint, at bigint, wall bigint, seen text)
    language sql immutable
as $$
    select generate_series(1, cardinality(ids)), unnest(ids), unnest(subjects), unnest(kinds), unnest(versions),
        unnest(bodies), unnest(persons), unnest(salts), unnest(digests), unnest(hashes), unnest(actors), unnest(devices),
        unnest(device_seqs), unnest(claim_nos), unnest(ats), unnest(walls), unnest(seens)
$$;

-- Why an entry may not be stored, whatever else is here; null: it may.
create function winnow.flaw_of(
    my_name text, my_role text, how text, automatic boolean, id uuid, subject uuid, kind text, version integer,
    body bytea, person bytea, salt bytea, digest bytea, hash bytea, actor text, device text, device_seq bigint,
    claim_no bigint, at bigint, wall bigint, seen text
) returns text
    language sql immutable
as $$
    select case
        when id is null or subject is null or kind is null or version is null or body is null or digest is null
            or hash is null or actor is null or device is null or device_seq is null or claim_no is null or at is null
            or wall is null or seen is null then 'It is not complete.'
        when octet_length(hash) <> 32 or octet_length(digest) not in (0, 32)
            or (how is null and kind !~ '^[a-z][a-z0-9_]{0,62}$')
            or version < 0 or device_seq < 0 or claim_no < 0 or at < 0 or wall < 0
            or actor = '' or (person is null) <> (salt is null) then 'It is no entry.'
        when octet_length(body) > 1048576 or octet_length(person) > 262144 or octet_length(salt) > 64
            or octet_length(seen) > 65536 or octet_length(actor) > 200 or octet_length(device) > 200
            then 'It is too large.'
        when person is not null and sha256(salt || person) <> digest
            then 'Its person part is not the one that its author wrote.'
        when actor <> my_name and hash <> winnow.hash_of(id, subject, kind, body, version, digest, actor, device,
            device_seq, claim_no, at, wall, seen, automatic) then 'It is not what its author wrote.'
        when my_role = 'viewer' then 'A viewer appends nothing.'
        when automatic
            then case when my_role = 'intake' and kind <> 'merged' then 'Booth staff may not append ' || kind || '.' end
        when how = 'never' or (how is null and my_role = 'intake')
            then 'The role ' || my_role || ' may not append ' || kind || '.'
    end
$$;

-- Stores what may be stored, and returns what became of every entry that was not simply stored: its number in the
-- call (from 1), the outcome of app.services.team.link.Receipt, and why. `moves`: what is new goes into the feed at
-- once, if nothing waits for that already; all else is moved by `advance`, which the caller calls next.
create function winnow.append(
    this_device text, ids uuid[], subjects uuid[], kinds text[], versions integer[], bodies bytea[], persons bytea[],
    salts bytea[], digests bytea[], hashes bytea[], actors text[], devices text[], device_seqs bigint[],
    claim_nos bigint[], ats bigint[], walls bigint[], seens text[], moves boolean default false
) returns table (number bigint, outcome text, why text)
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '8s' set jit = off
    set plan_cache_mode = force_generic_plan  -- planning for these very arrays copies them, and finds nothing better
as $$
#variable_conflict use_column
declare
    conditional constant text[] := array['erased', 'undone', 'lifted', 'merged'];
    automatic_kinds constant text[] := array['erased', 'merged', 'woken', 'lead_assigned'];
    m winnow.member := winnow.me();
    s winnow.state;
    my_name constant text := m.name;
    my_role constant text := m.role;
    size constant integer := cardinality(ids);
    clocks text[];
    rights jsonb;
    verdicts text[];
    sources text[];
    later bigint[] := '{}';  -- the numbers of those with a condition
    let_in uuid[] := '{}';  -- those of them that are stored
    stored uuid[];
    taken integer;
    others boolean;
    careful boolean;  -- each is looked at before any is stored
    base bigint;
    erased uuid[] := '{}';
    r record;
    body_facts jsonb;
    verdict text;
begin
    if size > 5000 or least(cardinality(subjects), cardinality(kinds), cardinality(versions), cardinality(bodies),
        cardinality(persons), cardinality(salts), cardinality(digests), cardinality(hashes), cardinality(actors),
        cardinality(devices), cardinality(device_seqs), cardinality(claim_nos), cardinality(ats), cardinality(walls),
        cardinality(seens)) <> size or size is null then
        raise exception 'At most 5000 entries at once, each complete.' using errcode = 'WN004';
    elsif current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'Entries are handed in under read committed.' using errcode = 'WN004';
    end if;
    if size = 0 then
        return;
    end if;
    perform winnow.renew_epoch();
    if current_setting('synchronous_commit') = 'off' then  -- what is acknowledged is on the disk, whatever was set
        perform set_config('synchronous_commit', 'on', true);
    end if;
    -- An erasure waits until whoever stores now is done, and then finds all of it; and nobody stores meanwhile.
    if kinds && conditional then
        lock table winnow.gone in exclusive mode;
        select array_agg(o.n) into later
            from (select unnest(kinds) as kind, generate_series(1, size) as n) o where o.kind = any (conditional);
    else
        lock table winnow.gone in row share mode;
    end if;

    -- The hub's stamp: by its clock, growing for each device, and behind all that anybody was told: also when its clock
    -- was put back nobody's decision comes before the one that they had read.
    base := greatest((extract(epoch from clock_timestamp()) * 1000)::bigint << 16,
        (select max(f.stamp) from winnow.feed f) + 5000);
    if devices[1] = all (devices) then
        insert into winnow.clock as c (device, received) values (left(devices[1], 200), base + size)
            on conflict (device) do update set received = greatest(c.received + 1, base) + size
            returning received - size into base;
    else
        clocks := array(
            select distinct left(each, 200) as d from unnest(devices) each where each is not null order by d);
        insert into winnow.clock as c (device, received) select each, base from unnest(clocks) each
            on conflict (device) do update set received = greatest(c.received + 1, excluded.received);
        select coalesce(max(c.received), base) into base from winnow.clock c where c.device = any (clocks);
        update winnow.clock c set received = base + size where c.device = any (clocks);
    end if;

    -- Nearly always everything is new and as it should be, and one statement checks and stores it. Where it does not take
    -- all, it has taken nothing.
    verdicts := array_fill(null::text, array[size]);
    others := not actors <@ array[my_name, 'winnow'];
    careful := others and my_role <> 'admin' or exists (  -- what this role may append is looked at once for each kind
        select from (
            select o.kind, (select k.how from winnow.kind_right k where k.kind = o.kind and k.role = my_role) as how
            from (select distinct unnest(kinds) as kind) o offset 0
        ) k
        where k.how = 'never' or k.how is null and (my_role = 'intake' or k.kind !~ '^[a-z][a-z0-9_]{0,62}$'));
    if not careful then
        begin
            insert into winnow.entry (id, subject, at, wall, received_at, device_seq, claim_no, version, kind, actor,
                device, seen, brought_by, source, hash, digest, body, person, salt)
            select o.id, o.subject, o.at, o.wall, base + o.n, o.device_seq, o.claim_no, o.version, o.kind, o.actor,
                o.device, o.seen,
                case when o.actor <> my_name and not (o.actor = 'winnow' and o.kind = any (automatic_kinds))
                    then my_name end,
                case when o.kind = 'captured' then convert_from(o.body, 'UTF8')::jsonb ->> 'source' end,
                o.hash, o.digest, o.body,
                case when g.subject is null then o.person end, case when g.subject is null then o.salt end
            from winnow.offered(ids, subjects, kinds, versions, bodies, persons, salts, digests, hashes, actors,
                devices, device_seqs, claim_nos, ats, walls, seens) o
            left join lateral (select g.subject from winnow.gone g where g.subject = o.subject offset 0) g on true
            where not o.kind = any (conditional) and winnow.flaw_of(my_name, my_role, 'may',
                o.actor = 'winnow' and o.kind = any (automatic_kinds), o.id, o.subject, o.kind, o.version, o.body, o.person,
                o.salt, o.digest, o.hash, o.actor, o.device, o.device_seq, o.claim_no, o.at, o.wall, o.seen) is null;
            get diagnostics taken = row_count;
            if taken + cardinality(later) < size then
                raise sqlstate 'WN000';
            end if;
        exception when unique_violation or data_exception or program_limit_exceeded or sqlstate 'WN000' then
            careful := true;  -- one of them is here, or comes twice; cannot be read; is not allowed
        end;
    end if;
    if careful or cardinality(later) > 0 then
        select coalesce(jsonb_object_agg(k.kind, k.how), '{}') into rights from winnow.kind_right k where k.role = my_role;
    end if;
    if careful then
        -- First everything that needs no look at what it names.
        select array_agg(winnow.flaw_of(my_name, my_role, rights ->> o.kind,
                o.actor = 'winnow' and o.kind = any (automatic_kinds), o.id, o.subject, o.kind, o.version, o.body, o.person, o.salt, o.digest, o.hash, o.actor, o.device,
                o.device_seq, o.claim_no, o.at, o.wall, o.seen) order by o.n) into verdicts
        from winnow.offered(ids, subjects, kinds, versions, bodies, persons, salts, digests, hashes, actors, devices,
            device_seqs, claim_nos, ats, walls, seens) o;

        -- Whose people they are is told by what was captured.
        if 'captured' = any (kinds) then
            begin
                select array_agg(case when o.kind = 'captured' then convert_from(o.body, 'UTF8')::jsonb ->> 'source' end
                    order by o.n) into sources from unnest(kinds, bodies) with ordinality as o (kind, body, n);
            exception when others then
                select array_agg(case when o.kind = 'captured' then winnow.facts(o.body) ->> 'source' end order by o.n),
                       array_agg(case when o.kind = 'captured' and o.verdict is null and winnow.facts(o.body) is null
                           then 'Its body cannot be read.' else o.verdict end order by o.n)
                    into sources, verdicts
                from unnest(kinds, bodies, verdicts) with ordinality as o (kind, body, verdict, n);
            end;
        else
            sources := array_fill(null::text, array[size]);
        end if;

        -- What somebody wrote who was revoked waits for a team lead; that somebody objected to calls counts at once.
        if others and my_role <> 'admin' then
            for r in
                select o.* from winnow.offered(ids, subjects, kinds, versions, bodies, persons, salts, digests, hashes,
                    actors, devices, device_seqs, claim_nos, ats, walls, seens) o
                where o.actor <> my_name and verdicts[o.n] is null and o.kind <> 'objected'
                  and exists (select from winnow.member k where k.name = o.actor and k.revoked_at is not null)
                  and not exists (select from winnow.entry e where e.id = o.id)
                  and not exists (select from winnow.quarantine q
                      where q.id = o.id and q.hash = o.hash and q.let_in_by = my_name)
            loop
                perform winnow.put_aside(m, 'revoked', r.id, r.subject, r.kind, r.version, r.body, r.person, r.salt,
                    r.digest, r.hash, r.actor, r.device, r.device_seq, r.claim_no, r.at, r.wall, r.seen, base + r.n);
                verdicts[r.n] := 'waits';
                return query select r.n::bigint, 'held', coalesce(winnow.left_out_by(r.id, r.hash) || ' has left it out.',
                    r.actor || ' was revoked; a team lead decides.');
            end loop;
        end if;

        with put as (
            insert into winnow.entry (id, subject, at, wall, received_at, device_seq, claim_no, version, kind, actor,
                device, seen, brought_by, source, hash, digest, body, person, salt)
            select o.id, o.subject, o.at, o.wall, base + o.n, o.device_seq, o.claim_no, o.version, o.kind, o.actor,
                o.device, o.seen,
                case when o.actor <> my_name and not (o.actor = 'winnow' and o.kind = any (automatic_kinds))
                    then my_name end,
                sources[o.n], o.hash, o.digest, o.body,
                case when g.subject is null then o.person end, case when g.subject is null then o.salt end
            from winnow.offered(ids, subjects, kinds, versions, bodies, persons, salts, digests, hashes, actors,
                devices, device_seqs, claim_nos, ats, walls, seens) o
            left join lateral (select g.subject from winnow.gone g where g.subject = o.subject offset 0) g on true  -- in order
            where verdicts[o.n] is null and not o.kind = any (conditional)
            on conflict (id) do nothing
            returning id
        )
        select coalesce(array_agg(put.id), '{}') into stored from put;
    end if;

    -- Then, one by one and in their order, what depends on what is here.
    if cardinality(later) > 0 then
        for r in
            select o.*, rights ->> o.kind as how, o.actor = 'winnow' and o.kind = any (automatic_kinds) as automatic,
                case when careful then verdicts[o.n] else winnow.flaw_of(my_name, my_role, rights ->> o.kind,
                    o.actor = 'winnow' and o.kind = any (automatic_kinds), o.id, o.subject, o.kind, o.version, o.body,
                    o.person, o.salt, o.digest, o.hash, o.actor, o.device, o.device_seq, o.claim_no, o.at, o.wall,
                    o.seen) end as flaw
            from (
                select n, ids[n] as id, subjects[n] as subject, kinds[n] as kind, versions[n] as version,
                    bodies[n] as body, persons[n] as person, salts[n] as salt, digests[n] as digest, hashes[n] as hash,
                    actors[n] as actor, devices[n] as device, device_seqs[n] as device_seq, claim_nos[n] as claim_no,
                    ats[n] as at, walls[n] as wall, seens[n] as seen
                from unnest(later) n
            ) o
            where not exists (select from winnow.entry e where e.id = o.id)
            order by o.n
        loop
            if r.flaw is not null then
                verdicts[r.n] := r.flaw;
                continue;
            end if;
            body_facts := winnow.facts(r.body);
            verdict := case when r.version = 1 and body_facts is null then 'Its body cannot be read.'
                else winnow.condition_of(m, r.how, r.automatic, r.kind, r.subject, r.at, body_facts) end;
            if verdict is not null then
                verdicts[r.n] := verdict;
                continue;
            end if;
            insert into winnow.entry (id, subject, at, wall, received_at, device_seq, claim_no, version, kind, actor,
                device, seen, brought_by, hash, digest, body, person, salt)
            select r.id, r.subject, r.at, r.wall, base + r.n, r.device_seq, r.claim_no, r.version, r.kind, r.actor,
                r.device, r.seen, case when r.actor <> m.name and not r.automatic then m.name end, r.hash, r.digest,
                r.body, case when g.subject is null then r.person end, case when g.subject is null then r.salt end
            from (values (1)) one left join winnow.gone g on g.subject = r.subject
            on conflict (id) do nothing;
            continue when not found;  -- twice in this call
            let_in := let_in || r.id;
            continue when r.version <> 1;
            if r.kind = 'erased' then
                insert into winnow.gone (subject) values (r.subject) on conflict do nothing;
                erased := erased || r.subject;
            elsif r.kind = 'merged' and winnow.id_in(body_facts, 'other') is not null then
                insert into winnow.link (merge, a, b) values (r.id, r.subject, winnow.id_in(body_facts, 'other'));
            elsif r.kind = 'undone' and winnow.id_in(body_facts, 'entry') is not null then
                insert into winnow.taken_back (id, target) values (r.id, winnow.id_in(body_facts, 'entry'));
            end if;
        end loop;
        perform winnow.forget(erased) where cardinality(erased) > 0;
    end if;

    if taken = size then
        stored := ids;
    elsif not careful then  -- all others are
        stored := array(
            select o.id from (select unnest(ids) as id, unnest(kinds) as kind) o where not o.kind = any (conditional));
    end if;
    stored := stored || let_in;
    perform winnow.heard_from(my_name, this_device, ids, devices, device_seqs, stored);
    if moves and cardinality(stored) = size then
        select * into s from winnow.state for update skip locked;  -- behind all that is waited for: others wait for this
    end if;
    if s.pos is not null and not exists (select from winnow.fresh) then
        insert into winnow.feed (pos, stamp, ids) values (s.pos + 1, base, stored);
        update winnow.state set pos = s.pos + size;
        perform pg_notify('winnow', '');
    elsif cardinality(stored) > 0 then
        insert into winnow.fresh (xid, stamp, ids) values (pg_current_xact_id(), base, stored);
    end if;

    if cardinality(stored) = size then
        return;  -- nothing but new ones
    end if;

    -- Their author confirms what somebody else had brought. It goes through the feed once more, for whoever has read it.
    for r in
        select o.n, o.id, e.received_at from unnest(ids, hashes, actors, verdicts) with ordinality
            as o (id, hash, actor, verdict, n)
        cross join lateral (select * from winnow.entry e where e.id = o.id offset 0) e
        where o.verdict is null and o.actor = m.name and e.actor = o.actor and e.hash = o.hash
          and e.brought_by is not null
        order by o.n
    loop
        update winnow.entry e set brought_by = null where e.id = r.id and e.brought_by is not null;
        if found then
            insert into winnow.fresh (xid, stamp, ids)
                values (pg_current_xact_id(), r.received_at - 1, array[r.id]);
        end if;
        verdicts[r.n] := 'confirmed';
    end loop;

    -- What is here already is known, whoever offers it. Every home has the same scripts by Winnow itself, under the same
    -- ids and with the same bodies, and each home has hashed them with a moment and a device of its own.
    for r in
        select o.n from unnest(ids, subjects, kinds, bodies, hashes, actors, verdicts) with ordinality
            as o (id, subject, kind, body, hash, actor, verdict, n)
        cross join lateral (select * from winnow.entry e where e.id = o.id offset 0) e
        where o.verdict is distinct from 'confirmed' and o.verdict is distinct from 'waits'
          and (o.verdict is not null or o.id not in (select unnest(stored)))
          and (e.hash = o.hash or (o.actor = 'winnow' and e.actor = 'winnow' and e.subject = o.subject
                                   and e.kind = o.kind and e.body = o.body))
    loop
        verdicts[r.n] := 'known';
    end loop;

    -- The same id with another hash is never stored, and never forgotten.
    for r in
        select o.* from unnest(ids, subjects, kinds, versions, bodies, persons, salts, digests, hashes, actors, devices,
            device_seqs, claim_nos, ats, walls, seens, verdicts) with ordinality as o (id, subject, kind, version, body,
            person, salt, digest, hash, actor, device, device_seq, claim_no, at, wall, seen, verdict, n)
        cross join lateral (select * from winnow.entry e where e.id = o.id offset 0) e
        where o.verdict is null and e.hash <> o.hash
    loop
        perform winnow.put_aside(m, 'hash', r.id, r.subject, r.kind, r.version, r.body, r.person, r.salt, r.digest,
            r.hash, r.actor, r.device, r.device_seq, r.claim_no, r.at, r.wall, r.seen, base + r.n);
        verdicts[r.n] := 'waits';
        return query select r.n, 'quarantined', 'The hub has another entry with this id.';
    end loop;

    return query
        select o.n, case when o.verdict in ('confirmed', 'known') then o.verdict when o.verdict is not null then 'refused'
                         else 'known' end,
            case when o.verdict is null or o.verdict in ('confirmed', 'known') then '' else o.verdict end
        from (select each.*, row_number() over (partition by each.id order by each.n) > 1 as again
              from unnest(ids, verdicts) with ordinality as each (id, verdict, n)) o
        where o.verdict is distinct from 'waits'
          and (o.verdict is not null or o.id not in (select unnest(stored)) or o.again)
        order by o.n;
end $$;

-- Keeps the registry of devices, and notices a copied home: the same count of the same device, under another id. For
-- `append` alone, with whose rights it runs.
create function winnow.heard_from(
    member_name text, this_device text, ids uuid[], devices text[], device_seqs bigint[], stored uuid[]
) returns void
    language plpgsql
as $$
declare
    known bigint;
    highest bigint;
    lowest bigint;
    clashes boolean := false;
begin
    if cardinality(stored) = cardinality(ids) and this_device = all (devices) then
        update winnow.device d set last_seen = now(), last_seq = o.highest
            from (select max(seq) as highest, min(seq) as lowest from unnest(device_seqs) seq) o
            where d.member = member_name and d.id = this_device and d.last_seq < o.lowest;
        if found then
            return;  -- the usual case: it has counted on
        end if;
    end if;
    select max(o.seq), min(o.seq) into highest, lowest
        from (select unnest(ids) as id, unnest(devices) as device, unnest(device_seqs) as seq) o
        where o.device = this_device
          and (cardinality(stored) = cardinality(ids) or o.id in (select unnest(stored)));
    select d.last_seq into known from winnow.device d where d.member = member_name and d.id = this_device for update;
    if known is null then
        return;  -- it has not said hello
    elsif lowest <= known then
        select exists (
            select from unnest(ids, devices, device_seqs) as o (id, device, seq)
            join winnow.entry e on e.device = o.device and e.device_seq = o.seq and e.id <> o.id
            where o.device = this_device and o.id in (select unnest(stored))
        ) into clashes;
    end if;
    update winnow.device d set last_seen = now(), last_seq = greatest(known, highest),
        clash_at = case when clashes then now() else d.clash_at end
        where d.member = member_name and d.id = this_device;
end $$;

reset role;
grant execute on function winnow.append(text, uuid[], uuid[], text[], integer[], bytea[], bytea[], bytea[], bytea[],
    bytea[], text[], text[], bigint[], bigint[], bigint[], bigint[], text[], boolean) to "@.member";
