-- Small words that the larger functions are made of.

set local role "@.owner";

-- Where this database is: another one after a restore into another server or database, or to a point in time.
-- Asked for with everything that is stored: a function in SQL would be parsed and planned anew each time. This and the
-- next are called by the owner's functions alone, and run with the rights and the path of those.
create function winnow.this_place() returns text
    language plpgsql stable
as $$
begin
    return (select system_identifier from pg_control_system()) || '/' ||
           (select timeline_id from pg_control_checkpoint()) || '/' ||
           (select oid from pg_database where datname = current_database());
end $$;

-- Begins a new epoch when the hub finds itself somewhere else, or when `anyway`.
create function winnow.renew_epoch(anyway boolean default false) returns void
    language plpgsql
as $$
declare here text := winnow.this_place();
begin
    if not anyway and exists (select from winnow.state s where s.identity = here) then
        return;
    end if;
    perform from winnow.state s where anyway or s.identity <> here for update;
    if not found then
        return;  -- somebody else was faster
    end if;
    -- Transactions are numbered anew after a restore: what waits for the feed counts as stored now.
    update winnow.fresh set xid = pg_current_xact_id();
    update winnow.state s set epoch = gen_random_uuid(), era = s.era + 1, identity = here, last_xid = '0';
    update winnow.device set cursor = 0;
    perform pg_notify('winnow', '');
end $$;

-- A body as JSON; null when it is none.
create function winnow.facts(body bytea) returns jsonb
    language plpgsql immutable set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    return convert_from(body, 'UTF8')::jsonb;
exception when others then
    return null;
end $$;

-- An id in JSON; null when it is none.
create function winnow.id_in(facts jsonb, key text) returns uuid
    language plpgsql immutable set search_path = pg_catalog, winnow, pg_temp
as $$
begin
    return (facts ->> key)::uuid;
exception when others then
    return null;
end $$;

-- MessagePack, for the hash of an entry that its author did not hand in.
create function winnow.packed_int(n bigint) returns bytea language sql immutable
    set search_path = pg_catalog, winnow, pg_temp
as $$
    select case when n < 128 then substr(int8send(n), 8)
                when n < 256 then '\xcc'::bytea || substr(int8send(n), 8)
                when n < 65536 then '\xcd'::bytea || substr(int8send(n), 7)
                when n < 4294967296 then '\xce'::bytea || substr(int8send(n), 5)
                else '\xcf'::bytea || int8send(n) end
$$;

create function winnow.packed_text(t text) returns bytea language sql immutable
    set search_path = pg_catalog, winnow, pg_temp
as $$
    select case when n < 32 then substr(int4send(160 + n), 4)
                when n < 256 then '\xd9'::bytea || substr(int4send(n), 4)
                when n < 65536 then '\xda'::bytea || substr(int4send(n), 3)
                else '\xdb'::bytea || int4send(n) end || convert_to(t, 'UTF8')
    from octet_length(convert_to(t, 'UTF8')) n
$$;

create function winnow.packed_bytes(b bytea) returns bytea language sql immutable
    set search_path = pg_catalog, winnow, pg_temp
as $$
    select case when n < 256 then '\xc4'::bytea || substr(int4send(n), 4)
                when n < 65536 then '\xc5'::bytea || substr(int4send(n), 3)
                else '\xc6'::bytea || int4send(n) end || b
    from octet_length(b) n
$$;

create function winnow.packed_ids(ids text) returns bytea language sql immutable
    set search_path = pg_catalog, winnow, pg_temp
as $$
    select case when n < 16 then substr(int4send(144 + n), 4)
                when n < 65536 then '\xdc'::bytea || substr(int4send(n), 3)
                else '\xdd'::bytea || int4send(n) end
           || coalesce((select string_agg(winnow.packed_text(part), ''::bytea order by at)
                        from unnest(parts) with ordinality as each (part, at)), ''::bytea)
    from (select case when ids = '' then '{}'::text[] else string_to_array(ids, ' ') end) listed (parts),
         lateral cardinality(parts) n
$$;

create function winnow.hash_of(
    id uuid, subject uuid, kind text, body bytea, version integer, digest bytea, actor text, device text,
    device_seq bigint, claim_no bigint, at bigint, wall bigint, seen text, automatic boolean
) returns bytea language sql immutable set search_path = pg_catalog, winnow, pg_temp
as $$
    select sha256(case when automatic then '\x94'::bytea else '\x9d'::bytea end
        || winnow.packed_text(replace(id::text, '-', '')) || winnow.packed_text(replace(subject::text, '-', ''))
        || winnow.packed_text(kind) || winnow.packed_bytes(body)
        || case when automatic then ''::bytea else
            winnow.packed_int(version) || winnow.packed_bytes(digest) || winnow.packed_text(actor)
            || winnow.packed_text(device) || winnow.packed_int(device_seq) || winnow.packed_int(claim_no)
            || winnow.packed_int(at) || winnow.packed_int(wall) || winnow.packed_ids(seen) end)
$$;

reset role;
