-- Who is joined with whom, and whose persons are not kept.

set local role "@.owner";

create function winnow.joined_with(seed uuid) returns uuid[]
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    with recursive
    reached (subject) as (
        select seed
        union
        select case when l.a = r.subject then l.b else l.a end
        from reached r join winnow.link l on l.a = r.subject or l.b = r.subject
        where not exists (select from winnow.taken_back t where t.target = l.merge)
          and not exists (select from winnow.parting p where p.merge = l.merge
                          and not exists (select from winnow.taken_back u where u.target = p.id))
    )
    select array_agg(subject) from reached
$$;

-- After an erasure, or after a change of who is joined: takes persons away, and says of whom later ones are not kept.
create function winnow.forget(seeds uuid[]) returns void
    language plpgsql security definer set search_path = pg_catalog, winnow, pg_temp
as $$
declare seed uuid; them uuid[]; done uuid[] := '{}';
begin
    foreach seed in array seeds loop
        continue when seed is null or seed = any (done);
        them := winnow.joined_with(seed);
        done := done || them;
        if exists (select from winnow.gone g where g.subject = any (them) and g.direct) then
            insert into winnow.gone (subject, direct) select unnest(them), false on conflict do nothing;
            update winnow.entry e set person = null, salt = null
                where e.subject = any (them) and e.person is not null;
            update winnow.quarantine q set person = null, salt = null
                where q.subject = any (them) and q.person is not null;
        else
            delete from winnow.gone g where g.subject = any (them);
        end if;
    end loop;
end $$;

-- The subjects whose joining hangs on an entry: a merge, or the parting of one.
create function winnow.joined_by(what uuid) returns uuid[]
    language sql stable security definer set search_path = pg_catalog, winnow, pg_temp
as $$
    select array_agg(each) from winnow.link l
        cross join lateral unnest(array[l.a, l.b]) each
        where l.merge = what or l.merge = (select p.merge from winnow.parting p where p.id = what)
$$;

reset role;
