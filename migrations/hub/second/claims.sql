-- Who may call whom, now. A claim has a lease by the hub's clock and a number that grows; who comes late with a lower
-- one changes nothing here. No telephone number is held twice, whoever it belongs to. Plans are kept whatever the
-- parameters are (plan_cache_mode): making them anew would take longer than all the rest.

set local role "@.owner";
set local search_path = winnow, pg_catalog;

create sequence claim_count;

-- One row for each inquiry that was ever offered; it is held while the lease runs.
create table claim (
    inquiry uuid primary key,
    claim_no bigint not null default 0,   -- of the holder, or of the last one
    member text,
    device text,
    expires_at bigint not null default 0, -- milliseconds UTC, by this server's clock
    pack boolean not null default false,  -- checked out for days, to be called without a network
    since bigint not null default 0,
    numbers text[] not null default '{}'  -- keyed hashes of their telephone numbers
) with (fillfactor = 60);
create index claim_holder on claim (pack, member, device) where member is not null;

-- The same lease, for each keyed hash of a number that was ever offered.
create table claim_number (
    key text primary key,  -- 1 to 200 bytes; make_rows looks, since a check here would be made ready at every claim
    claim_no bigint not null default 0,
    expires_at bigint not null default 0
) with (fillfactor = 60);

-- How much one member may hold. One row; an admin of the server changes it.
create table claim_rule (
    one boolean primary key default true check (one),
    held integer not null default 12,     -- at once, packs apart, on all devices together
    packed integer not null default 500,
    pack_days integer not null default 14,
    shortest_ms bigint not null default 1000,
    longest_ms bigint not null default 3600000
);
insert into claim_rule default values;

create function now_ms() returns bigint language sql volatile set search_path = pg_catalog, winnow, pg_temp
as $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint $$;

-- Who may claim: the member, if its role calls and its version is not too old.
create function claimant(this_device text) returns member
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member := winnow.must_be('caller', 'lead', 'marketing', 'admin'); spoken integer;
begin
    select d.protocol into spoken from winnow.device d where d.member = m.name and d.id = this_device;
    if spoken is null then
        raise exception 'This device has not said hello.' using errcode = 'WN004';
    elsif spoken < (select s.oldest_protocol from winnow.state s) then
        raise exception 'This Winnow is too old to claim; what happened is still taken. Update it.'
            using errcode = 'WN005';
    end if;
    return m;
end $$;

-- Rows for whoever was never offered before: for all candidates at once and so once in a while, and in order, so that
-- nobody waits in a circle.
create function make_rows(inquiries uuid[], keys text[]) returns void
    language plpgsql set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    if exists (select from unnest(keys) as k (key) where octet_length(k.key) not between 1 and 200) then
        raise exception 'A number is known by 1 to 200 bytes.' using errcode = 'WN004';
    end if;
    insert into winnow.claim (inquiry) select distinct o.id from unnest(inquiries) as o (id)
        where not exists (select from winnow.claim h where h.inquiry = o.id)
        order by o.id on conflict do nothing;
    insert into winnow.claim_number (key) select distinct k.key from unnest(keys) as k (key)
        where not exists (select from winnow.claim_number n where n.key = k.key)
        order by k.key on conflict do nothing;
end $$;

-- The first `want` free ones of some candidates, in their order, are the device's: for a lease, or as a pack until a
-- day (`until_ms`). Nothing waits for a row that somebody else is just taking; they are passed over. What the device
-- holds already it gets again under a new number: perhaps it never heard the answer. `keys` has a line for each
-- candidate, its numbers' keys between blanks; those of `let_go_of` count as given back already. Each caller
-- asks this after every call, so it is a few small statements: to begin one costs more than what it does, and to begin
-- a large one most. Rows are made before anybody is let go or taken: who makes rows waits for others that make the
-- same, and these for whoever is changing one of theirs.
create function claim(
    this_device text, inquiries uuid[], keys text, want integer, lease_ms bigint, until_ms bigint, let_go_of bigint[])
    returns bigint[]
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s' set plan_cache_mode = force_generic_plan
as $$
declare
    as_pack constant boolean := until_ms is not null;
    most constant integer := case when as_pack then 5000 else 400 end;
    size constant integer := cardinality(inquiries);
    t constant bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
    me record;
    c record;
    passed uuid[] := '{}';  -- whom colleagues hold for certain, and who is taken
    few constant integer := 16;
    room integer;           -- for so many more, by the rule
    free_at bigint;         -- what ends until then is free; -1: nothing is, for want of room
    given_up boolean;
    again boolean;          -- what the device holds already
    behind integer := 0;    -- the place up to which candidates were looked at
    mine text[];            -- keys of the one who is being taken
    unheld integer;
    my_no bigint;
    got integer := 0;
    answer bigint[];        -- until when, and for each who is taken their place and their number
    made boolean := false;
    letting_go boolean := cardinality(let_go_of) > 0;
begin
    -- The member's row is locked: all devices of one member count together.
    select m.name, case when as_pack then r.packed else r.held end as cap, r.pack_days, r.shortest_ms, r.longest_ms,
            s.era::bigint << 40 as era into me
        from winnow.member m, winnow.state s, winnow.claim_rule r, winnow.device d
        where m.login = session_user and m.revoked_at is null and m.joined_at is not null
          and m.role in ('caller', 'lead', 'marketing', 'admin')
          and d.member = m.name and d.id = this_device and d.protocol >= s.oldest_protocol
        for no key update of m;
    if not found then
        perform winnow.claimant(this_device);  -- says why not
        raise exception 'This member claims nobody.' using errcode = 'WN003';
    end if;
    if size is null or size > most or octet_length(keys) > most * 1000 then
        raise exception 'At most % candidates at once, each with its numbers.', most using errcode = 'WN004';
    end if;
    if not as_pack then
        until_ms := t + greatest(me.shortest_ms, least(lease_ms, me.longest_ms));
    elsif until_ms <= t or until_ms > t + me.pack_days * 86400000::bigint + 60000 then
        raise exception 'A pack is taken for at most % days.', me.pack_days using errcode = 'WN004';
    end if;
    answer := array[until_ms];
    if size > few and not as_pack then  -- many are offered because many are held: these are read at once
        select me.cap - count(*) filter (where k.member = me.name
                and (k.device = this_device and k.claim_no = any (let_go_of)) is not true),
                array_agg(k.inquiry) filter (where k.member <> me.name) into room, passed
            from winnow.claim k where not k.pack and k.member is not null and k.expires_at > t;
        passed := coalesce(passed[: most], '{}');
    else
        room := me.cap - (select count(*) from winnow.claim k
            where k.pack = as_pack and k.member = me.name and k.expires_at > t
              and (k.device = this_device and k.claim_no = any (let_go_of)) is not true);
    end if;
    free_at := case when room > 0 then t else -1 end;
    while got < want loop
        -- One after the other, whatever the planner believes: the first who has no row yet, or is free, and locked now.
        select h.inquiry, h.claim_no, h.expires_at, h.pack, h.device, h.numbers into c
            from (select unnest(inquiries[behind + 1 :]) as inquiry) f
            left join lateral (
                select k.inquiry, k.expires_at <= free_at or k.member = me.name as free
                    from winnow.claim k where k.inquiry = f.inquiry offset 0) known on true
            left join lateral (
                select k.inquiry, k.claim_no, k.expires_at, k.pack, k.device, k.numbers from winnow.claim k
                where k.inquiry = f.inquiry and known.free and (k.expires_at <= free_at or k.member = me.name)
                for update skip locked) h on true
            where not f.inquiry = any (passed) and (known.inquiry is null or h.inquiry is not null)
            limit 1;
        exit when not found;
        if c.inquiry is null then
            perform winnow.make_rows(inquiries, array_remove(string_to_array(translate(keys, E'\n', ' '), ' '), ''));
            made := true;
            continue;
        end if;
        behind := array_position(inquiries, c.inquiry, behind + 1);
        given_up := (c.claim_no = any (let_go_of)) is true;
        again := c.expires_at > t and c.pack = as_pack and not given_up;
        continue when c.expires_at > t and (c.device <> this_device or c.pack and not as_pack and not given_up)
            or room <= 0 and not again;
        if letting_go then
            perform winnow.let_go(me.name, this_device, let_go_of);
            letting_go := false;
        end if;
        mine := string_to_array(split_part(keys, E'\n', behind), ' ');
        perform from winnow.claim_number n
            where n.key = any (mine) and (n.expires_at <= t or n.claim_no = c.claim_no) for update skip locked;
        get diagnostics unheld = row_count;
        if unheld < cardinality(mine) then
            if not made and exists (select from unnest(mine) as k (key)
                                    where not exists (select from winnow.claim_number n where n.key = k.key)) then
                perform winnow.make_rows(inquiries, array_remove(string_to_array(translate(keys, E'\n', ' '), ' '), ''));
                made := true;
                behind := behind - 1;
            end if;
            continue;  -- else somebody has one of the numbers
        end if;
        my_no := me.era + nextval('winnow.claim_count');
        update winnow.claim_number n set claim_no = my_no, expires_at = until_ms where n.key = any (mine);
        update winnow.claim h
            set claim_no = my_no, member = me.name, device = this_device, expires_at = until_ms, pack = as_pack,
                since = t, numbers = mine
            where h.inquiry = c.inquiry;
        if c.expires_at > t and not c.numbers <@ mine then
            update winnow.claim_number n set expires_at = 0
                where n.key = any (c.numbers) and n.claim_no = c.claim_no and not n.key = any (mine);
        end if;
        if not again then
            room := room - 1;
            free_at := case when room > 0 then t else -1 end;
        end if;
        passed := passed || c.inquiry;
        got := got + 1;
        answer := answer || behind::bigint || my_no;
    end loop;
    if letting_go then
        perform winnow.let_go(me.name, this_device, let_go_of);
    end if;
    return answer;
end $$;

-- A sign of life: what is still held, goes on for so long; a pack keeps its day. Returns what is still held.
create function renew(this_device text, claim_nos bigint[], lease_ms bigint) returns setof bigint
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s' set plan_cache_mode = force_generic_plan
as $$
declare
    m winnow.member := winnow.claimant(this_device);
    rule winnow.claim_rule;
    until_ms bigint;
    c record;
    still integer;
begin
    select * into rule from winnow.claim_rule;
    for c in
        select h.inquiry, h.claim_no, h.numbers, h.pack from winnow.claim h
        where h.pack = any ('{f,t}') and h.member = m.name and h.device = this_device and h.claim_no = any (claim_nos)
          and h.expires_at > winnow.now_ms()
        order by h.inquiry for update
    loop
        if c.pack then
            return next c.claim_no;
            continue;
        end if;
        until_ms := winnow.now_ms() + greatest(rule.shortest_ms, least(lease_ms, rule.longest_ms));
        update winnow.claim_number n set expires_at = until_ms
            where n.key = any (c.numbers) and n.claim_no = c.claim_no;
        get diagnostics still = row_count;
        if still = cardinality(c.numbers) then
            update winnow.claim h set expires_at = until_ms where h.inquiry = c.inquiry;
            return next c.claim_no;
        else  -- it ran out in this moment, and somebody took one of the numbers
            update winnow.claim_number n set expires_at = 0 where n.key = any (c.numbers) and n.claim_no = c.claim_no;
            update winnow.claim h set member = null, device = null, expires_at = 0 where h.inquiry = c.inquiry;
        end if;
    end loop;
end $$;

-- Only functions ask this, whose search_path it has: setting it once more would take as long as the rest.
create function let_go(whose text, which_device text, claim_nos bigint[]) returns integer
    language plpgsql
as $$
declare gone record; keys text[] := '{}'; numbers bigint[] := '{}';
begin
    for gone in
        update winnow.claim h set member = null, device = null, expires_at = 0, pack = false
        where h.pack = any ('{f,t}') and h.member = whose and (which_device is null or h.device = which_device)
          and (claim_nos is null or h.claim_no = any (claim_nos))
        returning h.claim_no, h.numbers
    loop
        keys := keys || gone.numbers;
        numbers := numbers || gone.claim_no;
    end loop;
    update winnow.claim_number n set expires_at = 0 where n.key = any (keys) and n.claim_no = any (numbers);
    return cardinality(numbers);
end $$;

-- These are free again; a number that somebody else has got since is not touched.
create function release(this_device text, claim_nos bigint[]) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s' set plan_cache_mode = force_generic_plan
as $$
declare m winnow.member := winnow.me();
begin
    return winnow.let_go(m.name, this_device, coalesce(claim_nos, '{}'));
end $$;

-- A team lead takes back what a colleague holds, packs too: a laptop that was lost, somebody who fell ill.
create function take_back(whose text) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s' set plan_cache_mode = force_generic_plan
as $$
begin
    perform winnow.must_be('lead', 'admin');
    return winnow.let_go(whose, null, null);
end $$;

create function end_claims() returns trigger
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    perform winnow.let_go(new.name, null, null);
    return null;
end $$;

-- Somebody who was revoked, or who calls no more, holds nobody.
create trigger claims_of_the_gone after update of revoked_at, role on member
    for each row when (new.revoked_at is not null or new.role not in ('caller', 'lead', 'marketing', 'admin'))
    execute function end_claims();

reset role;
grant execute on function winnow.claim(text, uuid[], text, integer, bigint, bigint, bigint[]),
    winnow.renew(text, bigint[], bigint),
    winnow.release(text, bigint[]) to "@.member";
grant execute on function winnow.take_back(text) to "@.lead", "@.admin";
