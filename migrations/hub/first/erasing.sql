-- Whose persons are not kept, and how far an erasure reaches.

set local role "@.owner";

-- After an erasure: nothing stays of what describes these subjects; what comes later is kept without (append.sql).
create function winnow.forget(erased uuid[]) returns void
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare each uuid;
begin
    foreach each in array erased loop  -- one by one, whatever the planner believes of a table that grows
        update winnow.entry e set person = null, salt = null where e.subject = each and e.person is not null;
    end loop;
    update winnow.quarantine q set person = null, salt = null where q.subject = any (erased) and q.person is not null;
end $$;

-- Whom an erasure of `seed` may take along, as app.models.erasing says: joins that somebody answers for, and those that
-- Winnow wrote itself before the hub had the cause of the erasure. Also joins that ended since: whoever completes
-- the erasure may not have read that yet, and all laptops have to end with the same.
create function winnow.taken_along(seed uuid, before bigint) returns uuid[]
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    with recursive reached (subject) as (
        select seed
        union
        select case when l.a = r.subject then l.b else l.a end
        from reached r
        join winnow.link l on l.a = r.subject or l.b = r.subject
        join winnow.entry e on e.id = l.merge and (e.actor <> 'winnow' or e.received_at < before)
    )
    select array_agg(subject) from reached
$$;

reset role;
