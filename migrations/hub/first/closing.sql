-- The hub knows its own name; nobody may do anything that was not granted above.

revoke create on schema winnow from "@.gatekeeper", "@.reaper";
revoke all on all tables in schema winnow from public;
revoke all on all sequences in schema winnow from public;
revoke execute on all functions in schema winnow from public;

insert into winnow.state (prefix, identity) values (rtrim('@.', '.'), winnow.this_place());
