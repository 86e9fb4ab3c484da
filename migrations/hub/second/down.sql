-- Claims, presence and absences go; the ledger and its members stay.

set local role "@.owner";
drop trigger claims_of_the_gone on winnow.member;
drop function winnow.be_there(text, bigint, bigint), winnow.be_away(text, bigint, bigint), winnow.may_plan(text),
    winnow.absences(), winnow.present(), winnow.tell(text, text, uuid, bigint), winnow.end_claims(),
    winnow.take_back(text), winnow.release(text, bigint[]), winnow.let_go(text, text, bigint[]),
    winnow.renew(text, bigint[], bigint),
    winnow.claim(text, uuid[], text, integer, bigint, bigint, bigint[]),
    winnow.make_rows(uuid[], text[]), winnow.claimant(text),
    winnow.now_ms();
drop table winnow.absence, winnow.presence, winnow.claim_rule, winnow.claim_number, winnow.claim;
drop sequence winnow.claim_count;
reset role;
