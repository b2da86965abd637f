-- A database as layout 2 had it: that of layout_1.sql, which was brought to it, after which one listing was deleted.
-- It is what files out there look like, and is never edited.
PRAGMA journal_mode = WAL;
PRAGMA application_id = 0x61626964;
PRAGMA user_version = 2;
CREATE TABLE calmyx_account (
        account   INTEGER PRIMARY KEY,
        owner     BLOB NOT NULL UNIQUE,
        deletions INTEGER NOT NULL DEFAULT 0,  -- listings deleted, ever
        scored    INTEGER NOT NULL DEFAULT 0,  -- locations sent in the month below
        month     INTEGER NOT NULL DEFAULT 0   -- when that month began
    ) STRICT;
INSERT INTO calmyx_account VALUES (
    1,X'BF4928AE665D8B3A5149B252C9AD712D27C16091EEC506DC7ED12CA6D24F2642',1,3,1767225600000000);
CREATE TABLE calmyx_listing (
        account    INTEGER NOT NULL,
        lat        INTEGER NOT NULL,  -- microdegrees
        lng        INTEGER NOT NULL,
        created_at INTEGER NOT NULL,  -- in the future while its session is at work
        listing_id BLOB NOT NULL,     -- the 16 bytes of the UUID
        PRIMARY KEY (account, lat, lng, created_at, listing_id)
    ) STRICT, WITHOUT ROWID;
INSERT INTO calmyx_listing VALUES (1,37774900,-122419400,1768473004060156,X'2F41405E0BFC4C2F8F29B514147DCFD7');
INSERT INTO calmyx_listing VALUES (1,-500000,179999999,1768473006001823,X'C42FAE654A424778B3C0E5595E6B3A51');
CREATE TABLE calmyx_session (
        session_id   TEXT PRIMARY KEY,
        owner        BLOB NOT NULL,     -- SHA-256 of the key that created it
        secret       BLOB NOT NULL,     -- 16 random bytes: pace and listing ids derive from them
        submitted_at INTEGER NOT NULL,  -- microseconds since 1970, as all times here
        speed        INTEGER NOT NULL,  -- durations of this session are divided by it
        allowance    INTEGER,           -- listings that it may create; NULL is any number
        locations    BLOB NOT NULL      -- latitude and longitude, two little-endian doubles each
    ) STRICT;
INSERT INTO calmyx_session VALUES (
    'sess_7EQuDAPno1QjByCL1CZecA',X'BF4928AE665D8B3A5149B252C9AD712D27C16091EEC506DC7ED12CA6D24F2642',
    X'28EAC76024F15A5A11EAA45CF56F99CA',1768473000000000,1,100,
    X'D0D556EC2FE3424050FC1873D79A5EC05E4BC8073D5B4440AAF1D24D628052C0000000000000E0BF0C21E7FDFF7F6640');
CREATE TABLE clock (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        moved    INTEGER NOT NULL,  -- microseconds by which the clock was moved on purpose
        shown    INTEGER NOT NULL   -- no answer has spoken of a later moment
    ) STRICT;
INSERT INTO clock VALUES (1,0,1768473020000000);
CREATE TABLE hum_session (
        token         TEXT PRIMARY KEY,
        owner         BLOB NOT NULL,
        created_at    INTEGER NOT NULL,
        speed         INTEGER NOT NULL,
        last_activity INTEGER NOT NULL,
        ended_at      INTEGER,          -- when it was closed, or first seen to be expired
        street1       TEXT NOT NULL,
        street2       TEXT,
        city          TEXT,
        state         TEXT,
        zip           TEXT,
        latitude      REAL,
        longitude     REAL,
        campaign_id   TEXT
    , analytics_id BLOB) STRICT;
INSERT INTO hum_session VALUES (
    '0VCHl6dZkGkoAEJo2ooIL5',X'A654EA5F9EC3D90674139041BB7C135C73AAC6901936C40CD46297BF810B5615',1768473000000000,1,
    1768473020000000,NULL,'29090 Tiffany Drive E',NULL,'Southfield','MI','48034',NULL,NULL,NULL,
    X'222F319276114C288EDC2997479D0EC4');
INSERT INTO hum_session VALUES (
    '0aMGiMifrAyGL6SlOo9StC',X'A654EA5F9EC3D90674139041BB7C135C73AAC6901936C40CD46297BF810B5615',1768473000000000,1,
    1768473020000000,1768473020000000,'29090 Tiffany Drive E',NULL,'Southfield','MI','48034',NULL,NULL,NULL,
    X'E4F7CF1064984C6EB62C52ED10371FE9');
CREATE UNIQUE INDEX calmyx_listing_by_id ON calmyx_listing (listing_id);
CREATE UNIQUE INDEX hum_session_by_analytics_id ON hum_session (analytics_id);
CREATE INDEX hum_session_by_owner ON hum_session (owner, created_at);
