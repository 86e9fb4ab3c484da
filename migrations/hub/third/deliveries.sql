-- Which courier delivers what to the systems of sales and marketing. The hub keeps no word of what is delivered: who
-- takes a delivery gets a lease by this server's clock and a fence that grows; who comes late with a lower one can only
-- say that it was received after all.

set local role "@.owner";
set local search_path = winnow, pg_catalog;

create sequence delivery_count;

create table delivery (
    channel text not null check (octet_length(channel) between 1 and 200),
    cause uuid not null,                       -- the entry that makes it necessary
    state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed', 'gone')),
    fence bigint not null default 0,
    attempts integer not null default 0,
    member text,
    device text,
    leased_until bigint not null default 0,    -- milliseconds UTC, by this server's clock
    next_at bigint not null default 0,         -- not before
    number text not null default '' check (octet_length(number) <= 800),  -- the receiver's own
    primary key (channel, cause)
) with (fillfactor = 60);

create function courier() returns member
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    return winnow.must_be('lead', 'sales', 'marketing', 'admin');
end $$;

-- Asks for some deliveries; each gets an answer. Nobody waits for a row that somebody else is just taking.
create function take_deliveries(this_device text, this_channel text, causes uuid[], lease_ms bigint)
    returns table (cause bytea, outcome text, fence bigint, attempts integer, wait_ms bigint, number text)
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
#variable_conflict use_column
declare
    m winnow.member := winnow.courier();
    era bigint := (select s.era from winnow.state s);
    t bigint;
    one uuid;
    d winnow.delivery;
begin
    if causes is null or cardinality(causes) > 200 or array_position(causes, null) is not null
       or this_device is null or this_channel is null or octet_length(this_channel) not between 1 and 200 then
        raise exception 'At most 200 deliveries of one channel at once.' using errcode = 'WN004';
    end if;
    insert into winnow.delivery (channel, cause)
        select this_channel, c.id from (select distinct unnest(causes) as id) c
        where exists (select from winnow.entry e where e.id = c.id)
          and not exists (select from winnow.delivery k where k.channel = this_channel and k.cause = c.id)
        order by c.id on conflict do nothing;
    for one in select distinct c.id from unnest(causes) as c (id) order by c.id loop
        t := winnow.now_ms();
        select k.* into d from winnow.delivery k where k.channel = this_channel and k.cause = one
            for update skip locked;
        if not found then  -- taken at this moment, or the decision has not been handed in yet
            return query select uuid_send(one), 'busy', 0::bigint, 0, 2000::bigint, '';
        elsif d.state <> 'waiting' then
            return query select uuid_send(one), d.state, d.fence, d.attempts, 0::bigint, d.number;
        elsif d.leased_until > t and (d.member, d.device) is distinct from (m.name, this_device) then
            return query select uuid_send(one), 'busy', 0::bigint, d.attempts, d.leased_until - t, d.number;
        elsif d.next_at > t then
            return query select uuid_send(one), 'busy', 0::bigint, d.attempts, d.next_at - t, d.number;
        else
            update winnow.delivery k
                set fence = (era << 40) + nextval('winnow.delivery_count'), attempts = d.attempts + 1,
                    member = m.name, device = this_device,
                    leased_until = t + greatest(1000, least(lease_ms, 900000))
                where k.channel = this_channel and k.cause = one
                returning k.* into d;
            return query select uuid_send(one), 'granted', d.fence, d.attempts, 0::bigint, d.number;
        end if;
    end loop;
end $$;

-- What became of one. A success counts under any lease that was ever given, everything else under the last one alone.
create function settle_delivery(
    this_device text, this_channel text, this_cause uuid, this_fence bigint, outcome text, wait_ms bigint,
    this_number text) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
declare
    m winnow.member := winnow.courier();
    d winnow.delivery;
begin
    if outcome is null or outcome not in ('delivered', 'failed', 'gone', 'waiting', 'given_back') then
        raise exception 'A delivery ends in no such way.' using errcode = 'WN004';
    end if;
    select k.* into d from winnow.delivery k where k.channel = this_channel and k.cause = this_cause for update;
    if not found or this_fence is null or this_fence < 1 or this_fence > d.fence then
        return false;
    end if;
    if outcome = 'delivered' then
        update winnow.delivery k set state = 'delivered', number = left(coalesce(this_number, ''), 200), leased_until = 0
            where k.channel = this_channel and k.cause = this_cause and k.state <> 'delivered';
        return true;
    end if;
    if d.state <> 'waiting' or d.fence <> this_fence or (d.member, d.device) is distinct from (m.name, this_device) then
        return false;
    end if;
    update winnow.delivery k set
        state = case when outcome in ('failed', 'gone') then outcome else 'waiting' end,
        attempts = d.attempts - (outcome in ('gone', 'given_back'))::integer,
        next_at = winnow.now_ms() + greatest(0, least(coalesce(wait_ms, 0), 172800000)),
        leased_until = 0
        where k.channel = this_channel and k.cause = this_cause;
    return true;
end $$;

-- What was given up may be taken again, under the same id.
create function replay_deliveries(this_channel text, causes uuid[]) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
declare many integer;
begin
    perform winnow.courier();
    update winnow.delivery k set state = 'waiting', attempts = 1, next_at = 0, leased_until = 0
        where k.channel = this_channel and k.state = 'failed' and k.cause = any (causes);
    get diagnostics many = row_count;
    return many;
end $$;

reset role;
revoke execute on function winnow.courier(), winnow.take_deliveries(text, text, uuid[], bigint),
    winnow.settle_delivery(text, text, uuid, bigint, text, bigint, text),
    winnow.replay_deliveries(text, uuid[]) from public;
revoke all on winnow.delivery, winnow.delivery_count from public;
grant execute on function winnow.take_deliveries(text, text, uuid[], bigint),
    winnow.settle_delivery(text, text, uuid, bigint, text, bigint, text),
    winnow.replay_deliveries(text, uuid[]) to "@.lead", "@.sales", "@.marketing", "@.admin";
