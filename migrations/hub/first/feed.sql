-- The sequencer: moves what is stored from `fresh` into the dense feed, whoever commits late.

set local role "@.owner";

-- Returns 0 when everything that was stored is in the feed, 1 when somebody else is about to move the rest.
create function winnow.advance() returns integer
    language plpgsql security definer
    set search_path = pg_catalog, winnow, pg_temp set lock_timeout = '5s'
as $$
declare
    calls constant integer := 500;
    s winnow.state;
    horizon xid8;
    moved integer;
    told_of integer;
    before bigint;
begin
    perform winnow.me();
    if not exists (select from winnow.fresh) then
        return 0;  -- the usual case of a poll, and it writes nothing
    end if;
    if exists (select from winnow.fresh f where f.xid is distinct from pg_current_xact_id_if_assigned()) then
        perform winnow.renew_epoch();  -- whoever has stored in this transaction has looked
    end if;
    select * into s from winnow.state for update skip locked;
    if not found then
        perform winnow.reap();  -- somebody else does it; or holds the row and sleeps
        return 1;
    end if;
    before := s.pos;
    loop
        -- Rows are taken out, so one that commits late is simply taken later: no open transaction holds the feed up.
        -- The horizon only spares looking at what was there before: no row can appear below it any more. It has to be
        -- older than the look.
        horizon := pg_snapshot_xmin(pg_current_snapshot());
        with next_calls as (
            select f.xid, f.n from winnow.fresh f where f.xid >= s.last_xid
            order by f.xid, f.n limit calls
        ), taken as (
            delete from winnow.fresh f using next_calls c where f.xid = c.xid and f.n = c.n
            returning f.xid, f.n, f.stamp, f.ids
        ), told as (
            insert into winnow.feed (pos, stamp, ids)
            select s.pos + 1 - cardinality(taken.ids) + sum(cardinality(taken.ids)) over (order by taken.xid, taken.n),
                taken.stamp, taken.ids
            from taken
            returning cardinality(ids) as size
        )
        select count(*), coalesce(sum(size), 0) into moved, told_of from told;
        s.pos := s.pos + told_of;
        exit when moved < calls;
    end loop;
    update winnow.state set pos = s.pos, last_xid = horizon where pos <> s.pos or last_xid <> horizon;
    if s.pos > before then
        perform pg_notify('winnow', '');
    end if;
    return exists (select from winnow.fresh)::integer;
end $$;

reset role;
