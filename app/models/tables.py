"""The tables of the local store: the ledger, the cache of its fold, and what is not folded.

Everything in `FOLDED` can be thrown away and made again from the ledger, row for row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData()


def _text(name: str, **options: object) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", **options)  # type: ignore[arg-type]


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _moment(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=True)


def _written() -> list[Column[Any]]:
    """What an author writes into an entry, beside its id."""
    return [
        Column("subject", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("person", LargeBinary),
        Column("salt", LargeBinary),
        Column("digest", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column("actor", Text, nullable=False),
        Column("device", Text, nullable=False),
        Column("device_seq", Integer, nullable=False),
        Column("claim_no", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("wall", BigInteger, nullable=False),
    ]


ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True),  # arrival in this store; the fold never looks at it
    Column("id", Text, nullable=False, unique=True),
    *_written(),
    Column("seen", Text, nullable=False),  # ids, joined by spaces
    Column("received_at", BigInteger),
    Column("pos", BigInteger),
    Column("brought_by", Text, nullable=False, server_default=""),
    Index("ledger_subject", "subject"),
    Index("ledger_rare", "kind", sqlite_where=text("kind NOT IN ('captured', 'called', 'disposed', 'corrected')")),
    Index("ledger_pos", "pos", sqlite_where=text("pos IS NOT NULL")),
)

inquiry = Table(
    "inquiry",
    metadata,
    Column("num", Integer, primary_key=True),  # seq of its first entry; the row of its search text
    Column("id", Text, nullable=False, unique=True),
    _text("stage"),
    _text("result"),
    _number("blocked"),  # why the facts forbid a call: app.services.store.projection.Block
    _text("calling_class"),  # who shares the same hours
    _number("since"),
    _number("not_before"),
    _moment("promised_at"),
    _text("promised_by"),
    _text("first_name"),
    _text("last_name"),
    _text("company"),
    _text("title"),
    _text("phone"),
    _number("phone_valid"),
    _text("email"),
    _text("country"),
    _text("zone"),
    _text("source"),
    _number("captured_at"),
    _number("asked_anew"),
    _number("attempts"),
    _number("attempts_allowed"),
    _text("last_outcome"),
    _moment("first_called_at"),
    _number("reached"),
    _text("disposition"),
    Column("score", Integer),
    _moment("first_decided_at"),
    _moment("decided_at"),
    _text("decided_by"),
    _moment("sold_at"),
    _moment("reviewed_at"),
    _moment("accepted_at"),
    _number("was_accepted"),
    _number("was_prospect"),
    _moment("until"),
    _text("track"),
    _text("for_member"),
    _moment("erase_at"),
    _number("contested"),
    _moment("closed_at"),
    Column("won", Integer),
    _text("amount"),
    _text("currency"),
    _text("owner"),
    _moment("return_by"),
    _moment("held_since"),
    # sales: 0005
    _moment("lead_return_by"),
    _moment("answered_at"),  # sales' first answer since it was sold
    _moment("step_at"),  # of a lead that was accepted: the next step; without one, when it was accepted
    _moment("planned_at"),
    _text("planned_step"),
    _text("row_key"),  # of the imported row, where its numbers and e-mails find it; else in `imported_row`
    # nurture: 0008
    _moment("wakes_at"),  # of whom waits in nurture alone; far away: not by itself
    _text("reason"),  # why they wait
    _text("consents"),  # what is given, as app.models.consent.kept writes it
    # the next to call, an index seek for each class of hours; whose are past their day to return counts as nobody's
    Index(
        "inquiry_next", "owner", "calling_class", "since", "id", "return_by", "source",
        sqlite_where=text("stage = 'waiting' AND blocked = 0 AND promised_at IS NULL"),
    ),
    Index(
        "inquiry_returned", "return_by", "calling_class", "since", "id", "owner", "not_before",
        sqlite_where=text("stage = 'waiting' AND blocked = 0 AND promised_at IS NULL AND return_by IS NOT NULL"),
    ),
    # everybody who waits, oldest first
    Index("inquiry_waiting", "since", "id", sqlite_where=text("stage IN ('waiting', 'objected')")),
    Index("inquiry_promised", "promised_at", sqlite_where=text("promised_at IS NOT NULL")),
    Index("inquiry_leads", "sold_at", sqlite_where=text("stage IN ('sell', 'accepted', 'prospect')")),
    # the lists of sales, a walk for each member
    Index("inquiry_new_leads", "for_member", "score", "sold_at", "id", sqlite_where=text("stage = 'sell'")),
    Index("inquiry_prospects", "for_member", "step_at", "id", sqlite_where=text("stage IN ('accepted', 'prospect')")),
    Index("inquiry_closed", "for_member", "closed_at", "id", sqlite_where=text("stage IN ('won', 'lost')")),
    Index("inquiry_given", "lead_return_by", "sold_at", sqlite_where=text("stage = 'sell' AND for_member <> ''")),
    Index("inquiry_sold", "sold_at", "answered_at", sqlite_where=text("sold_at IS NOT NULL")),
    # who waits in nurture, by day: all, those of a track, those whom sales returned
    Index("inquiry_wakes", "wakes_at", "id", sqlite_where=text("stage = 'nurture'")),
    Index("inquiry_track", "track", "wakes_at", "id", "reviewed_at", sqlite_where=text("stage = 'nurture'")),
    Index(
        "inquiry_given_back", "wakes_at", "id",
        sqlite_where=text("stage = 'nurture' AND track = '' AND reviewed_at IS NOT NULL"),
    ),
    Index("inquiry_erase", "erase_at", sqlite_where=text("erase_at IS NOT NULL")),
    Index("inquiry_objected", "id", sqlite_where=text("blocked = 2")),
    Index("inquiry_skipped", "not_before", sqlite_where=text("not_before > 0")),
    Index("inquiry_decided", "decided_at", sqlite_where=text("decided_at IS NOT NULL")),
    # how many of a source have waited how long, and who has how many: counted without a look at the rows
    Index("inquiry_ages", "source", "since", sqlite_where=text("stage = 'waiting'")),
    Index(
        "inquiry_in_hand", "owner", "source", "since", "return_by",
        sqlite_where=text("owner <> '' AND stage = 'waiting'"),
    ),
    Index("inquiry_held", "held_since", "id", sqlite_where=text("held_since IS NOT NULL AND stage = 'waiting'")),
    Index("inquiry_contested", "decided_at", "id", sqlite_where=text("contested = 1")),
)  # fmt: skip

# how many of these there are, kept with the rows: see app.services.store.tallies

tally_age = Table(
    "tally_age",
    metadata,
    Column("stage", Text, primary_key=True),  # waiting, objected
    Column("source", Text, primary_key=True),
    Column("span", BigInteger, primary_key=True),  # since >> 24: hours that are counted together
    _number("n"),
    sqlite_with_rowid=False,
)

tally_next = Table(
    "tally_next",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("calling_class", Text, primary_key=True),
    _number("n"),
    sqlite_with_rowid=False,
)

attempt = Table(
    "attempt",
    metadata,
    Column("entry", Text, primary_key=True),
    _text("inquiry"),
    _number("called_at"),
    _text("outcome"),
    _text("actor"),
    Index("attempt_inquiry", "inquiry"),
    Index("attempt_called", "called_at"),
    sqlite_with_rowid=False,
)

phone = Table(
    "phone",
    metadata,
    Column("number", Text, primary_key=True),  # E.164
    Column("inquiry", Text, primary_key=True),
    Index("phone_inquiry", "inquiry"),
    sqlite_with_rowid=False,
)

email = Table(
    "email",
    metadata,
    Column("address", Text, primary_key=True),  # case-folded; role addresses are not here: they identify nobody
    Column("inquiry", Text, primary_key=True),
    Index("email_inquiry", "inquiry"),
    sqlite_with_rowid=False,
)

joined = Table(
    "joined",
    metadata,
    Column("subject", Text, primary_key=True),
    _text("inquiry"),
    Index("joined_inquiry", "inquiry"),
    sqlite_with_rowid=False,
)

suppression = Table(
    "suppression",
    metadata,
    Column("key", Text, primary_key=True),  # keyed hash of an e-mail, a number, or a number with a surname
    Column("entry", Text, primary_key=True),
    _text("inquiry"),
    _text("reason"),  # objection, discard, erasure
    _number("at"),
    Index("suppression_inquiry", "inquiry"),
    sqlite_with_rowid=False,
)

imported_row = Table(
    "imported_row",
    metadata,
    Column("key", Text, primary_key=True),  # of rows that `inquiry.row_key` does not have
    Column("inquiry", Text, primary_key=True),  # two laptops may have imported the same row apart
    Index("imported_row_inquiry", "inquiry"),
    sqlite_with_rowid=False,
)

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    Column("limit_hours", Float),
    Column("working_hours", Integer),
    Column("returns", Integer),
    sqlite_with_rowid=False,
)

track = Table(
    "track",
    metadata,
    Column("id", Text, primary_key=True),
    _text("key"),  # what entries on people call it: its name when it was new
    _text("name"),
    Column("wake_days", Integer),
    _text("wake_on"),
    _text("purpose"),
    _number("retired"),
    sqlite_with_rowid=False,
)

source_cost = Table(
    "source_cost",
    metadata,
    Column("entry", Text, primary_key=True),
    _text("source"),
    _text("amount"),
    _text("currency"),
    _number("at"),
    sqlite_with_rowid=False,
)

publication = Table(
    "publication",
    metadata,
    Column("entry", Text, primary_key=True),
    _text("what"),  # script, scorecard
    _text("key"),
    _number("number"),
    Column("document", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

search = Table(
    "search",
    metadata,
    Column("num", Integer, primary_key=True),
    _text("words"),  # folded; Chinese, Japanese and Korean characters stand alone
    _text("digits"),  # the digits of every number, and as typed
)

setting = Table("setting", metadata, Column("key", Text, primary_key=True), _text("value"), sqlite_with_rowid=False)
cursor = Table("cursor", metadata, Column("key", Text, primary_key=True), _number("value"), sqlite_with_rowid=False)
secret = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

draft = Table(
    "draft",
    metadata,
    Column("inquiry", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # JSON of app.services.drafts.Draft
    _number("saved_at"),
    sqlite_with_rowid=False,
)

claim = Table(
    "claim",
    metadata,
    Column("inquiry", Text, primary_key=True),
    _text("holder"),  # one window or one terminal command
    _text("member"),
    _number("claim_no"),
    _number("expires_at"),
    sqlite_with_rowid=False,
)

# what this computer holds from the hub, and what it has let go of and not yet told
hub_claim = Table(
    "hub_claim",
    metadata,
    Column("inquiry", Text, primary_key=True),
    _number("claim_no"),
    _number("expires_at"),  # by this computer's clock, never later than by the hub's
    _number("pack"),  # checked out for days
    _text("state"),  # held, lost (somebody else may have it), released (and the hub not told yet)
    sqlite_with_rowid=False,
)

# what the hub tells about the team, as it was heard last

member = Table(
    "member",
    metadata,
    Column("name", Text, primary_key=True),
    _text("role"),
    Column("sources", Text),  # JSON; NULL: every source
    _number("revoked"),
    sqlite_with_rowid=False,
)

presence = Table(
    "presence",
    metadata,
    Column("device", Text, primary_key=True),
    _text("member"),
    _text("role"),
    _number("seen_at"),
    _number("online"),
    _text("doing"),
    _text("inquiry"),
    _moment("since"),
    _number("held"),
    sqlite_with_rowid=False,
)

absence = Table(
    "absence",
    metadata,
    Column("member", Text, primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("end", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

# of this computer alone

stroke = Table(
    "stroke",
    metadata,
    Column("entry", Text, primary_key=True),
    _text("stroke"),  # entries of one stroke are taken back together
    _number("at"),
    Index("stroke_entries", "stroke"),
    sqlite_with_rowid=False,
)

told = Table(
    "told",
    metadata,
    Column("inquiry", Text, primary_key=True),
    Column("what", Text, primary_key=True),  # near, over
    _number("since"),  # of the wait that it was told of
    sqlite_with_rowid=False,
)

channel = Table(
    "channel",
    metadata,
    Column("name", Text, primary_key=True),
    _text("kind"),
    Column("content", LargeBinary, nullable=False),  # JSON of app.services.team.channels.base.Channel
    _number("enabled"),
    _text("problem"),  # why it is off, or what the receiver said last
    _number("not_before"),  # the receiver asked to wait until then
    sqlite_with_rowid=False,
)

delivery = Table(
    "delivery",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("cause", Text, primary_key=True),  # the entry that makes it necessary
    _text("subject"),
    _text("decision"),  # the one that shows after that entry
    _text("lead"),  # under which id the receiver knows them
    _text("what"),  # sell, nurture, withdrawn, erase
    _text("replaces"),  # the cause of what this channel was told before
    _text("root"),  # the cause with which the lead began
    _number("made_at"),
    _text("state"),  # waiting, delivering, delivered, failed, gone
    _number("attempts"),
    _number("next_at"),
    _text("leased_by"),
    _number("leased_until"),
    _number("fence"),  # grows with every lease
    Column("body", LargeBinary),  # as it is sent, from the first attempt to the end
    _text("number"),  # the receiver's own
    _text("problem"),
    _moment("settled_at"),
    Index("delivery_due", "next_at", "made_at", sqlite_where=text("state IN ('waiting', 'delivering')")),
    Index("delivery_subject", "subject"),
    Index("delivery_replaces", "replaces", "channel", sqlite_where=text("replaces <> ''")),  # what comes after one
)

# what this store and its hub know of each other: see app.services.team

team = Table("team", metadata, Column("key", Text, primary_key=True), _text("value"), sqlite_with_rowid=False)

arrival = Table(
    "arrival",
    metadata,
    Column("subject", Text, primary_key=True),
    _number("unfolded"),  # its entries are in the ledger, its rows are still to be made
    _number("newcomer"),  # somebody captured elsewhere, to be compared with who is known here
    Index("arrival_unfolded", "subject", sqlite_where=text("unfolded > 0")),
    sqlite_with_rowid=False,
)

turned_away = Table(
    "turned_away",
    metadata,
    Column("entry", Text, primary_key=True),  # an entry of this store that the hub did not take
    _text("outcome"),  # refused, quarantined
    _text("why"),
    _number("at"),
    sqlite_with_rowid=False,
)

held_back = Table(  # by somebody who was revoked: as in the ledger, and not in it until the hub lets it in
    "held_back",
    metadata,
    Column("id", Text, primary_key=True),
    *_written(),
    Column("seen", Text, nullable=False),
    _text("why"),
    _number("held_at"),
    _number("left_out"),  # 1: a team lead has left it out
    Index("held_back_subject", "subject"),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("pos", BigInteger, primary_key=True),  # an entry of the hub that this store could not take
    _text("entry"),
    _text("kind"),
    _text("actor"),
    _text("why"),
    Column("content", LargeBinary, nullable=False),  # MessagePack of the entry without its person part
    _number("at"),
    sqlite_with_rowid=False,
)

alerted = Table(  # what was told beside the window
    "alerted",
    metadata,
    Column("key", Text, primary_key=True),
    _number("at"),
    sqlite_with_rowid=False,
)

FOLDED = (
    inquiry, tally_age, tally_next, attempt, phone, email, joined, suppression, imported_row, source, track,
    source_cost, publication, search,
)  # fmt: skip
"""Made from the ledger alone; the full-text indexes follow `search`."""
