-- Deliveries go; what the ledger says about them stays.

set local role "@.owner";
drop function winnow.replay_deliveries(text, uuid[]),
    winnow.settle_delivery(text, text, uuid, bigint, text, bigint, text),
    winnow.take_deliveries(text, text, uuid[], bigint), winnow.courier();
drop table winnow.delivery;
drop sequence winnow.delivery_count;
reset role;
