-- Who is there, on a call with whom (an id, no person), and who is away when.

set local role "@.owner";
set local search_path = winnow, pg_catalog;

create table presence (
    member text not null references member,
    device text not null,
    doing text not null check (doing in ('', 'call', 'between', 'away')),
    inquiry uuid,
    since bigint,
    said_at bigint not null,
    primary key (member, device)
) with (fillfactor = 50);

create table absence (
    member text not null references member,
    starts bigint not null,
    ends bigint not null,
    set_by text not null,
    primary key (member, starts),
    check (ends > starts)
);

create function tell(this_device text, what text, with_inquiry uuid, from_ms bigint) returns void
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
declare m winnow.member := winnow.me(); t bigint := winnow.now_ms();
begin
    if not exists (select from winnow.device d where d.member = m.name and d.id = this_device) then
        raise exception 'This device has not said hello.' using errcode = 'WN004';
    end if;
    perform set_config('synchronous_commit', 'off', true);  -- it is said again before it counts as old
    insert into winnow.presence as p (member, device, doing, inquiry, since, said_at)
        values (m.name, this_device, what, with_inquiry, least(from_ms, t), t)
        on conflict (member, device) do update set doing = excluded.doing, inquiry = excluded.inquiry,
            since = excluded.since, said_at = excluded.said_at;
exception when check_violation or not_null_violation then
    raise exception 'Somebody is on a call, between calls, or away.' using errcode = 'WN004';
end $$;

-- Everybody whom the hub has heard of; online is who gave a sign of life within two minutes.
create function present() returns table (member text, role text, device text, seen_at bigint, online boolean,
        doing text, inquiry bytea, since bigint, held integer)
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp set jit = off
as $$
#variable_conflict use_column
declare t bigint := winnow.now_ms();
begin
    perform winnow.me();
    return query
        select d.member, m.role, d.id, seen.at, seen.at > t - 120000,
            case when seen.at > t - 120000 then coalesce(p.doing, '') else '' end,
            case when seen.at > t - 120000 then uuid_send(p.inquiry) end,
            case when seen.at > t - 120000 then p.since end,
            coalesce(h.held, 0)
        from winnow.device d
        join winnow.member m on m.name = d.member and m.revoked_at is null
        left join winnow.presence p on p.member = d.member and p.device = d.id
        left join (
            select c.member, c.device, count(*)::integer as held from winnow.claim c
            where c.member is not null and c.expires_at > t group by c.member, c.device
        ) h on h.member = d.member and h.device = d.id
        cross join lateral (select greatest((extract(epoch from d.last_seen) * 1000)::bigint, p.said_at)) seen (at)
        where d.last_seen > now() - interval '90 days'
        order by lower(d.member) collate "C", d.id collate "C";
end $$;

create function absences() returns table (member text, starts bigint, ends bigint)
    language plpgsql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
#variable_conflict use_column
begin
    perform winnow.me();
    return query select a.member, a.starts, a.ends from winnow.absence a
        where a.ends > winnow.now_ms() order by a.starts, a.member;
end $$;

create function may_plan(whose text) returns member
    language plpgsql stable set search_path = pg_catalog, winnow, pg_temp
as $$
declare m winnow.member := winnow.me();
begin
    if m.name <> whose and m.role not in ('lead', 'admin') then
        raise exception 'Only a team lead says when a colleague is away.' using errcode = 'WN003';
    elsif not exists (select from winnow.member k where k.name = whose and k.revoked_at is null) then
        raise exception 'There is no member %.', whose using errcode = 'WN004';
    end if;
    return m;
end $$;

-- Away from then to then; spans of the same member that touch it become one with it.
create function be_away(whose text, from_ms bigint, to_ms bigint) returns void
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
declare m winnow.member := winnow.may_plan(whose); t bigint := winnow.now_ms(); first bigint; last bigint;
begin
    if from_ms is null or to_ms is null or to_ms <= from_ms or to_ms > t + 3 * 366 * 86400000::bigint
       or (select count(*) from winnow.absence a where a.member = whose and a.ends > t) >= 200 then
        raise exception 'An absence ends after it begins, within three years.' using errcode = 'WN004';
    end if;
    perform from winnow.member k where k.name = whose for no key update;
    select least(from_ms, min(a.starts)), greatest(to_ms, max(a.ends)) into first, last
        from winnow.absence a where a.member = whose and a.starts <= to_ms and a.ends >= from_ms;
    delete from winnow.absence a where a.member = whose and (a.ends <= t or (a.starts <= to_ms and a.ends >= from_ms));
    insert into winnow.absence (member, starts, ends, set_by) values (whose, first, last, m.name);
end $$;

-- There after all in that span; what is left of an absence before and after it stays.
create function be_there(whose text, from_ms bigint, to_ms bigint) returns void
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
declare m winnow.member := winnow.may_plan(whose); gone record;
begin
    perform from winnow.member k where k.name = whose for no key update;
    for gone in delete from winnow.absence a where a.member = whose and a.starts < to_ms and a.ends > from_ms
        returning a.starts, a.ends
    loop
        insert into winnow.absence (member, starts, ends, set_by)
            select whose, span.starts, span.ends, m.name
            from (values (gone.starts, from_ms), (to_ms, gone.ends)) as span (starts, ends) where span.ends > span.starts;
    end loop;
end $$;

reset role;
grant execute on function winnow.tell(text, text, uuid, bigint), winnow.present(), winnow.absences(),
    winnow.be_away(text, bigint, bigint), winnow.be_there(text, bigint, bigint) to "@.member";
