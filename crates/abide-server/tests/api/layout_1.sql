-- A database as layout 1 had it: one Calmyx session, one Hum session that is open and one that was closed.
-- It is what files out there look like, and is never edited.
PRAGMA journal_mode = WAL;
PRAGMA application_id = 0x61626964;
PRAGMA user_version = 1;
CREATE TABLE calmyx_session (
        session_id   TEXT PRIMARY KEY,
        owner        BLOB NOT NULL,     -- SHA-256 of the key that created it
        secret       BLOB NOT NULL,     -- 16 random bytes: pace and listing ids derive from them
        submitted_at INTEGER NOT NULL,  -- microseconds since 1970, as all times here
        speed        INTEGER NOT NULL,  -- durations of this session are divided by it
        allowance    INTEGER,           -- listings that it may create; NULL is any number
        listings     INTEGER NOT NULL,  -- listings that it does create
        locations    BLOB NOT NULL      -- latitude and longitude, two little-endian doubles each
    ) STRICT;
INSERT INTO calmyx_session VALUES (
    'sess_7EQuDAPno1QjByCL1CZecA',X'BF4928AE665D8B3A5149B252C9AD712D27C16091EEC506DC7ED12CA6D24F2642',
    X'28EAC76024F15A5A11EAA45CF56F99CA',1768473000000000,1,100,3,X'D0D556EC2FE3424050FC1873D79A5EC05E4BC8073D5B4440AAF1D24D628052C0000000000000E0BF0C21E7FDFF7F6640');
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
    ) STRICT;
INSERT INTO hum_session VALUES (
    '0VCHl6dZkGkoAEJo2ooIL5',X'A654EA5F9EC3D90674139041BB7C135C73AAC6901936C40CD46297BF810B5615',
    1768473000000000,1,1768473020000000,NULL,'29090 Tiffany Drive E',NULL,'Southfield','MI','48034',NULL,NULL,NULL);
INSERT INTO hum_session VALUES (
    '0aMGiMifrAyGL6SlOo9StC',X'A654EA5F9EC3D90674139041BB7C135C73AAC6901936C40CD46297BF810B5615',
    1768473000000000,1,1768473020000000,1768473020000000,'29090 Tiffany Drive E',NULL,'Southfield','MI','48034',NULL,NULL,NULL);
CREATE INDEX calmyx_session_by_owner ON calmyx_session (owner, listings);
