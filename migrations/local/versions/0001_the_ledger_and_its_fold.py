"""The ledger, the tables that are folded from it, and what is not folded."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE ledger (
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    person BLOB,
    salt BLOB,
    digest BLOB NOT NULL,
    hash BLOB NOT NULL,
    actor TEXT NOT NULL,
    device TEXT NOT NULL,
    device_seq INTEGER NOT NULL,
    claim_no INTEGER NOT NULL,
    at BIGINT NOT NULL,
    wall BIGINT NOT NULL,
    seen TEXT NOT NULL,
    received_at BIGINT,
    pos BIGINT,
    brought_by TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE (id)
)""",
    """CREATE INDEX ledger_rare ON ledger (kind) WHERE kind NOT IN ('captured', 'called', 'disposed', 'corrected')""",
    "CREATE INDEX ledger_subject ON ledger (subject)",
    """CREATE TABLE inquiry (
    num INTEGER NOT NULL,
    id TEXT NOT NULL,
    stage TEXT DEFAULT '' NOT NULL,
    result TEXT DEFAULT '' NOT NULL,
    blocked BIGINT DEFAULT '0' NOT NULL,
    calling_class TEXT DEFAULT '' NOT NULL,
    since BIGINT DEFAULT '0' NOT NULL,
    not_before BIGINT DEFAULT '0' NOT NULL,
    promised_at BIGINT,
    promised_by TEXT DEFAULT '' NOT NULL,
    first_name TEXT DEFAULT '' NOT NULL,
    last_name TEXT DEFAULT '' NOT NULL,
    company TEXT DEFAULT '' NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    phone TEXT DEFAULT '' NOT NULL,
    phone_valid BIGINT DEFAULT '0' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    country TEXT DEFAULT '' NOT NULL,
    zone TEXT DEFAULT '' NOT NULL,
    source TEXT DEFAULT '' NOT NULL,
    captured_at BIGINT DEFAULT '0' NOT NULL,
    asked_anew BIGINT DEFAULT '0' NOT NULL,
    attempts BIGINT DEFAULT '0' NOT NULL,
    attempts_allowed BIGINT DEFAULT '0' NOT NULL,
    last_outcome TEXT DEFAULT '' NOT NULL,
    first_called_at BIGINT,
    reached BIGINT DEFAULT '0' NOT NULL,
    disposition TEXT DEFAULT '' NOT NULL,
    score INTEGER,
    first_decided_at BIGINT,
    decided_at BIGINT,
    decided_by TEXT DEFAULT '' NOT NULL,
    sold_at BIGINT,
    reviewed_at BIGINT,
    accepted_at BIGINT,
    was_accepted BIGINT DEFAULT '0' NOT NULL,
    was_prospect BIGINT DEFAULT '0' NOT NULL,
    until BIGINT,
    track TEXT DEFAULT '' NOT NULL,
    for_member TEXT DEFAULT '' NOT NULL,
    erase_at BIGINT,
    contested BIGINT DEFAULT '0' NOT NULL,
    closed_at BIGINT,
    won INTEGER,
    amount TEXT DEFAULT '' NOT NULL,
    currency TEXT DEFAULT '' NOT NULL,
    owner TEXT DEFAULT '' NOT NULL,
    return_by BIGINT,
    PRIMARY KEY (num),
    UNIQUE (id)
)""",
    "CREATE INDEX inquiry_decided ON inquiry (decided_at) WHERE decided_at IS NOT NULL",
    "CREATE INDEX inquiry_erase ON inquiry (erase_at) WHERE erase_at IS NOT NULL",
    """CREATE INDEX inquiry_leads ON inquiry (sold_at) WHERE stage IN ('sell', 'accepted', 'prospect')""",
    """CREATE INDEX inquiry_next ON inquiry (calling_class, since, id)
    WHERE stage = 'waiting' AND blocked = 0 AND promised_at IS NULL""",
    "CREATE INDEX inquiry_objected ON inquiry (id) WHERE blocked = 2",
    "CREATE INDEX inquiry_promised ON inquiry (promised_at) WHERE promised_at IS NOT NULL",
    "CREATE INDEX inquiry_skipped ON inquiry (not_before) WHERE not_before > 0",
    """CREATE INDEX inquiry_waiting ON inquiry (since, id) WHERE stage IN ('waiting', 'objected')""",
    """CREATE TABLE attempt (
    entry TEXT NOT NULL,
    inquiry TEXT DEFAULT '' NOT NULL,
    called_at BIGINT DEFAULT '0' NOT NULL,
    outcome TEXT DEFAULT '' NOT NULL,
    actor TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (entry)
)
 WITHOUT ROWID""",
    "CREATE INDEX attempt_called ON attempt (called_at)",
    "CREATE INDEX attempt_inquiry ON attempt (inquiry)",
    """CREATE TABLE phone (
    number TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    PRIMARY KEY (number, inquiry)
)
 WITHOUT ROWID""",
    "CREATE INDEX phone_inquiry ON phone (inquiry)",
    """CREATE TABLE email (
    address TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    PRIMARY KEY (address, inquiry)
)
 WITHOUT ROWID""",
    "CREATE INDEX email_inquiry ON email (inquiry)",
    """CREATE TABLE joined (
    subject TEXT NOT NULL,
    inquiry TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (subject)
)
 WITHOUT ROWID""",
    "CREATE INDEX joined_inquiry ON joined (inquiry)",
    """CREATE TABLE suppression (
    "key" TEXT NOT NULL,
    entry TEXT NOT NULL,
    inquiry TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY ("key", entry)
)
 WITHOUT ROWID""",
    "CREATE INDEX suppression_inquiry ON suppression (inquiry)",
    """CREATE TABLE imported_row (
    "key" TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    PRIMARY KEY ("key", inquiry)
)
 WITHOUT ROWID""",
    "CREATE INDEX imported_row_inquiry ON imported_row (inquiry)",
    """CREATE TABLE source (
    id TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    limit_hours FLOAT,
    working_hours INTEGER,
    PRIMARY KEY (id)
)
 WITHOUT ROWID""",
    """CREATE TABLE source_cost (
    entry TEXT NOT NULL,
    source TEXT DEFAULT '' NOT NULL,
    amount TEXT DEFAULT '' NOT NULL,
    currency TEXT DEFAULT '' NOT NULL,
    at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (entry)
)
 WITHOUT ROWID""",
    """CREATE TABLE publication (
    entry TEXT NOT NULL,
    what TEXT DEFAULT '' NOT NULL,
    "key" TEXT DEFAULT '' NOT NULL,
    number BIGINT DEFAULT '0' NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (entry)
)
 WITHOUT ROWID""",
    """CREATE TABLE search (
    num INTEGER NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    digits TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (num)
)""",
    """CREATE TABLE setting (
    "key" TEXT NOT NULL,
    value TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY ("key")
)
 WITHOUT ROWID""",
    """CREATE TABLE cursor (
    "key" TEXT NOT NULL,
    value BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY ("key")
)
 WITHOUT ROWID""",
    """CREATE TABLE secret (
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (name)
)
 WITHOUT ROWID""",
    """CREATE TABLE draft (
    inquiry TEXT NOT NULL,
    content BLOB NOT NULL,
    saved_at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (inquiry)
)
 WITHOUT ROWID""",
    """CREATE TABLE claim (
    inquiry TEXT NOT NULL,
    holder TEXT DEFAULT '' NOT NULL,
    member TEXT DEFAULT '' NOT NULL,
    claim_no BIGINT DEFAULT '0' NOT NULL,
    expires_at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (inquiry)
)
 WITHOUT ROWID""",
)

NAMES = (
    "claim",
    "draft",
    "secret",
    "cursor",
    "setting",
    "search",
    "publication",
    "source_cost",
    "source",
    "imported_row",
    "suppression",
    "joined",
    "email",
    "phone",
    "attempt",
    "inquiry",
    "ledger",
)

# External content, since tables without content keep the tokens of what was deleted; secure-delete wipes those too.
INDEXES = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        words, content='search', content_rowid='num', prefix='2',
        tokenize="unicode61 remove_diacritics 0 tokenchars '@._-+'"
    )""",
    """CREATE VIRTUAL TABLE search_grams USING fts5(
        words, digits, content='search', content_rowid='num', tokenize='trigram', detail='full'
    )""",
    "INSERT INTO search_words(search_words, rank) VALUES('secure-delete', 1)",
    "INSERT INTO search_grams(search_grams, rank) VALUES('secure-delete', 1)",
)


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)


def downgrade() -> None:
    for index in ("search_grams", "search_words"):
        op.execute(f"DROP TABLE {index}")
    for name in NAMES:
        op.execute(f"DROP TABLE {name}")
