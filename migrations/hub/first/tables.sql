set local role "@.owner";
set local search_path = winnow, pg_catalog;

-- What this hub is. One row, which no member can reach.
create table state (
    one boolean primary key default true check (one),
    prefix text not null,                 -- of the names of its roles
    epoch uuid not null default gen_random_uuid(),  -- changes when the hub was restored or copied
    era integer not null default 1,       -- how many epochs there have been
    identity text not null,               -- of server and database, as they were in this epoch
    pos bigint not null default 0,        -- the newest position of the feed
    last_xid xid8 not null default '0',   -- everything that was stored below is in the feed
    oldest_protocol integer not null default 1,
    picking text[] not null default '{caller,sales,marketing,lead,admin}',  -- roles that may call out of order
    reaped_at timestamptz not null default '-infinity'
) with (fillfactor = 50);

create table member (
    name text primary key check (name = btrim(name) and octet_length(name) between 1 and 100 and name <> 'winnow'),
    login text not null unique,
    role text not null check (role in ('caller', 'lead', 'sales', 'marketing', 'admin', 'intake', 'viewer')),
    sources text[],                       -- whose people may be read; null: every source
    scope integer not null default 1,     -- grows whenever what may be read changes
    invited_at timestamptz not null default now(),
    invited_by text,
    joined_at timestamptz,                -- null: the one-time password has not been changed yet
    revoked_at timestamptz
);

create unique index member_name on member (lower(name));

create table device (
    member text not null references member,
    id text not null,
    first_seen timestamptz not null default now(),
    last_seen timestamptz not null default now(),
    protocol integer not null default 1,
    cursor bigint not null default 0,     -- what it has read, as it said last
    last_seq bigint not null default 0,   -- of its own entries
    clash_at timestamptz,                 -- the same count came twice: a copy of the home is at work
    primary key (member, id)
) with (fillfactor = 70);

-- The last stamp given to entries of a device, so that its stamps only grow.
create table clock (
    device text primary key,
    received bigint not null
) with (fillfactor = 50);

create table entry (
    id uuid primary key,
    subject uuid not null,
    at bigint not null,                   -- the author's hybrid logical clock: milliseconds << 16 | counter
    wall bigint not null,
    received_at bigint not null,          -- the hub's stamp, on the scale of `at`
    device_seq bigint not null,
    claim_no bigint not null,
    version integer not null,
    kind text not null,
    actor text not null,
    device text not null,
    seen text not null,                   -- ids, joined by spaces
    brought_by text,                      -- who handed it in, when that was not its author
    source text,                          -- of a captured one: decides who may read the person
    hash bytea not null,
    digest bytea not null,
    body bytea not null,
    person bytea,
    salt bytea
);
create index entry_subject on entry (subject);

-- Stored, and not yet in the feed: what one call stored, in its author's order.
create table fresh (
    xid xid8 not null,
    n bigint generated always as identity,
    stamp bigint not null,                -- the last before theirs: `received_at` counts on from it
    ids uuid[] not null,
    primary key (xid, n)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
alter table fresh alter column ids set storage external;  -- ids do not compress

-- What the feed tells: a row for what one call stored, whose positions follow each other. An entry comes a second time, in
-- a row of its own, when its author confirmed what somebody else had brought. An entry is found in it by its stamp.
create table feed (
    pos bigint primary key,               -- of the first of them
    stamp bigint not null,
    ids uuid[] not null
);
create index feed_stamp on feed (stamp);
alter table feed alter column ids set storage external;

-- The same id with another hash, or the work of somebody who was revoked: kept aside until a team lead decides.
create table quarantine (
    like entry,
    reason text not null check (reason in ('hash', 'revoked')),
    offered_by text not null,
    let_in_by text,                       -- while it is being let in
    primary key (id, hash)
);

-- What a team lead has left out: nobody is asked about it again.
create table left_out (
    id uuid not null,
    hash bytea not null,
    by text not null,
    at timestamptz not null default now(),
    primary key (id, hash)
);

create table hash_key (
    id text primary key check (octet_length(id) between 1 and 100),
    key bytea not null check (octet_length(key) between 16 and 128),
    added_by text not null,
    added_at timestamptz not null default now()
);

-- Sessions of members that the hub has ended, since they held up others.
create table ended (member text not null, at timestamptz not null default clock_timestamp());

-- Who may append what: 'may', 'own' (only about one's own entry), 'never'. A kind without rows is unknown to the hub.
create table kind_right (
    kind text not null,
    role text not null,
    how text not null check (how in ('may', 'own', 'never')),
    primary key (kind, role)
);

-- What erasure may follow: who was ever joined with whom, and which discards were taken back.
create table link (merge uuid primary key, a uuid not null, b uuid not null);
create index link_a on link (a);
create index link_b on link (b);
create table taken_back (id uuid primary key, target uuid not null);
create index taken_back_target on taken_back (target);

-- Subjects whose persons are not kept: each is the subject of an `erased` entry.
create table gone (subject uuid primary key);

reset role;
