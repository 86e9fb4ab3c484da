-- Who may call whom, now. A claim has a lease by the hub's clock and a number that grows; who comes late with a lower
-- one changes nothing here. No telephone number is held twice, whoever it belongs to.

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
create index claim_holder on claim (member, device) where member is not null;

-- The same lease, for each keyed hash of a number that was ever offered.
create table claim_number (
    key text primary key,
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

-- The first free ones of some candidates, in their order. Nothing waits for a row that somebody else is just taking:
-- they are passed over. Only rows that are not there yet are waited for; they are made in order, for all candidates at
-- once and so once in a while, and therefore nobody waits in a circle.
create function take(
    m member, this_device text, inquiries uuid[], keys text[], key_of integer[], want integer, until_ms bigint,
    as_pack boolean) returns setof claim
    language plpgsql set search_path = pg_catalog, winnow, pg_temp
as $$
declare
    era bigint := (select s.era from winnow.state s);
    t bigint := winnow.now_ms();
    made boolean := false;
    again boolean := true;
    taken uuid[] := '{}';
    c record;
    held winnow.claim;
    free integer;
begin
    while again and cardinality(taken) < want loop
        again := false;
        for c in
            select o.inquiry, h.inquiry is not null as known, array(
                    select distinct k.key from unnest(keys, key_of) as k (key, of) where k.of = o.ord) as numbers
            from unnest(inquiries) with ordinality as o (inquiry, ord)
            left join winnow.claim h on h.inquiry = o.inquiry
            where h.inquiry is null or h.expires_at <= t or (h.member = m.name and h.device = this_device)
            order by o.ord
        loop
            exit when cardinality(taken) >= want;
            continue when c.inquiry = any (taken);
            held := null;
            free := -1;
            if c.known then
                select h.* into held from winnow.claim h
                    where h.inquiry = c.inquiry
                      and (h.expires_at <= t or (h.member = m.name and h.device = this_device and (as_pack or not h.pack)))
                    for update skip locked;
                continue when not found;
                perform from winnow.claim_number n
                    where n.key = any (c.numbers) and (n.expires_at <= t or n.claim_no = held.claim_no)
                    for update skip locked;
                get diagnostics free = row_count;
            end if;
            if free < cardinality(c.numbers) then
                continue when made or (c.known and not exists (
                    select from unnest(c.numbers) as k (key)
                    where not exists (select from winnow.claim_number n where n.key = k.key)));
                insert into winnow.claim (inquiry) select distinct o.id from unnest(inquiries) as o (id)
                    where not exists (select from winnow.claim h where h.inquiry = o.id)
                    order by o.id on conflict do nothing;
                insert into winnow.claim_number (key) select distinct k.key from unnest(keys) as k (key)
                    where not exists (select from winnow.claim_number n where n.key = k.key)
                    order by k.key on conflict do nothing;
                made := true;
                again := true;
                exit;
            end if;
            update winnow.claim_number n set expires_at = 0
                where n.key = any (held.numbers) and n.claim_no = held.claim_no and not n.key = any (c.numbers);
            held.claim_no := (era << 40) + nextval('winnow.claim_count');
            held.member := m.name;
            held.device := this_device;
            held.expires_at := until_ms;
            held.pack := as_pack;
            held.since := t;
            held.numbers := c.numbers;
            update winnow.claim h
                set (claim_no, member, device, expires_at, pack, since, numbers) = (
                    held.claim_no, held.member, held.device, held.expires_at, held.pack, held.since, held.numbers)
                where h.inquiry = c.inquiry;
            update winnow.claim_number n set claim_no = held.claim_no, expires_at = until_ms
                where n.key = any (c.numbers);
            taken := taken || c.inquiry;
            return next held;
        end loop;
    end loop;
end $$;

create function check_candidates(inquiries uuid[], keys text[], key_of integer[], most integer) returns void
    language plpgsql immutable set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    if inquiries is null or keys is null or key_of is null or cardinality(inquiries) > most
       or cardinality(keys) > most * 20 or cardinality(keys) <> cardinality(key_of)
       or array_position(inquiries, null) is not null or array_position(keys, null) is not null
       or (select max(octet_length(k.key)) from unnest(keys) as k (key)) > 200 then
        raise exception 'At most % candidates at once, each with its numbers.', most using errcode = 'WN004';
    end if;
end $$;

create function claim_first(
    this_device text, inquiries uuid[], keys text[], key_of integer[], want integer, lease_ms bigint)
    returns table (inquiry bytea, claim_no bigint, expires_at bigint, pack boolean)
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
#variable_conflict use_column
declare
    m winnow.member := winnow.claimant(this_device);
    rule winnow.claim_rule;
    has integer;
begin
    perform winnow.check_candidates(inquiries, keys, key_of, 200);
    select * into rule from winnow.claim_rule;
    perform from winnow.member k where k.name = m.name for no key update;  -- two devices of one member count together
    select count(*) into has from winnow.claim h
        where h.member = m.name and not h.pack and h.expires_at > winnow.now_ms() and not h.inquiry = any (inquiries);
    return query select uuid_send(h.inquiry), h.claim_no, h.expires_at, h.pack
        from winnow.take(m, this_device, inquiries, keys, key_of, least(want, rule.held - has),
            winnow.now_ms() + greatest(rule.shortest_ms, least(lease_ms, rule.longest_ms)), false) h;
end $$;

create function take_pack(
    this_device text, inquiries uuid[], keys text[], key_of integer[], want integer, until_ms bigint)
    returns table (inquiry bytea, claim_no bigint, expires_at bigint, pack boolean)
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
#variable_conflict use_column
declare
    m winnow.member := winnow.claimant(this_device);
    rule winnow.claim_rule;
    has integer;
begin
    perform winnow.check_candidates(inquiries, keys, key_of, 5000);
    select * into rule from winnow.claim_rule;
    if until_ms is null or until_ms <= winnow.now_ms()
       or until_ms > winnow.now_ms() + rule.pack_days * 86400000::bigint + 60000 then
        raise exception 'A pack is taken for at most % days.', rule.pack_days using errcode = 'WN004';
    end if;
    perform from winnow.member k where k.name = m.name for no key update;
    select count(*) into has from winnow.claim h
        where h.member = m.name and h.pack and h.expires_at > winnow.now_ms() and not h.inquiry = any (inquiries);
    return query select uuid_send(h.inquiry), h.claim_no, h.expires_at, h.pack
        from winnow.take(m, this_device, inquiries, keys, key_of, least(want, rule.packed - has), until_ms, true) h;
end $$;

-- A sign of life: what is still held, goes on for so long; a pack keeps its day. Returns what is still held.
create function renew(this_device text, claim_nos bigint[], lease_ms bigint) returns setof bigint
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
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
        where h.member = m.name and h.device = this_device and h.claim_no = any (claim_nos)
          and h.expires_at > winnow.now_ms()
        order by h.inquiry for update
    loop
        if c.pack then
            return next c.claim_no;
            continue;
        end if;
        until_ms := winnow.now_ms() + greatest(rule.shortest_ms, least(lease_ms, rule.longest_ms));
        update winnow.claim_number n set expires_at = until_ms where n.key = any (c.numbers) and n.claim_no = c.claim_no;
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

create function let_go(whose text, which_device text, claim_nos bigint[]) returns integer
    language plpgsql set search_path = pg_catalog, winnow, pg_temp
as $$
declare c record; many integer := 0;
begin
    for c in
        select h.inquiry, h.claim_no, h.numbers from winnow.claim h
        where h.member = whose and (which_device is null or h.device = which_device)
          and (claim_nos is null or h.claim_no = any (claim_nos))
        order by h.inquiry for update
    loop
        update winnow.claim_number n set expires_at = 0 where n.key = any (c.numbers) and n.claim_no = c.claim_no;
        update winnow.claim h set member = null, device = null, expires_at = 0, pack = false where h.inquiry = c.inquiry;
        many := many + 1;
    end loop;
    return many;
end $$;

-- These are free again; a number that somebody else has got since is not touched.
create function release(this_device text, claim_nos bigint[]) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
declare m winnow.member := winnow.me();
begin
    return winnow.let_go(m.name, this_device, coalesce(claim_nos, '{}'));
end $$;

-- A team lead takes back what a colleague holds, packs too: a laptop that was lost, somebody who fell ill.
create function take_back(whose text) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
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
grant execute on function winnow.claim_first(text, uuid[], text[], integer[], integer, bigint),
    winnow.take_pack(text, uuid[], text[], integer[], integer, bigint), winnow.renew(text, bigint[], bigint),
    winnow.release(text, bigint[]) to "@.member";
grant execute on function winnow.take_back(text) to "@.lead", "@.admin";
