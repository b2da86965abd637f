//! The one error type of the crate.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why a server could not start, go on or stop.
///
/// No variant holds a credential, a body or a query; the cause, where there is one, is the `source()`.
///
/// ```
/// use abide_server::Plan;
///
/// let error = "gold".parse::<Plan>().err();
/// assert!(error.is_some_and(|error| error.is_usage()));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// A plan name that does not exist.
    #[error("unknown plan {name:?}; use one of unlimited, trial, insight, intelligence, enterprise")]
    UnknownPlan {
        /// What was asked for.
        name: String,
    },
    /// A rate limit that cannot be read.
    #[error("{text:?} is no rate limit; write calls and seconds, such as 30/60 (at least 1/1, a day at the most)")]
    RateLimit {
        /// What was asked for.
        text: String,
    },
    /// An address that other machines reach, which nobody allowed.
    #[error(
        "other machines could reach {address}, over plain HTTP, and that was not allowed; \
         listen on 127.0.0.1, or allow it"
    )]
    Remote {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// A bug, fault, variation or scenario that does not exist.
    #[error("there is no {kind} {name:?}; abide serve --list {kind}s names all")]
    UnknownBreakage {
        /// What was asked for: bug, fault, variation or scenario.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A scenario that cannot be read, or that cannot be.
    #[error("{name} is no scenario; abide serve --help says what one holds")]
    Scenario {
        /// The file, or whatever the caller calls it.
        name: String,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A fault whose probability or path cannot be read.
    #[error("{text:?} is no fault: write NAME, NAME:PROBABILITY with a number from 0 to 1, or NAME:PROBABILITY@/PATH")]
    FaultSyntax {
        /// What was asked for.
        text: String,
    },
    /// A credential that could never be sent, or that two callers would share.
    #[error("the {name} {problem}")]
    Credential {
        /// Which credential, in words; never its value.
        name: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; choose another address, or port 0 for any free port")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// The database file cannot be created, opened or written.
    #[error("cannot write the database {}; choose a file in a folder that exists and that you may write to", path.display())]
    DatabaseUnwritable {
        /// The file that was asked for.
        path: PathBuf,
        /// The reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file exists and is not a database of this server.
    #[error("{} is not a database of this server; choose another file (this one was left as it is)", path.display())]
    NotADatabase {
        /// The file that was asked for.
        path: PathBuf,
        /// SQLite's reason; `None` when it is a sound SQLite file of another program.
        source: Option<rusqlite::Error>,
    },
    /// The file was written by another version of this server.
    #[error(
        "the database {} has layout {found}, this program reads layout {supported}; \
         use the program version that wrote it, or another file", path.display()
    )]
    DatabaseVersion {
        /// The file that was asked for.
        path: PathBuf,
        /// The layout number in the file.
        found: i64,
        /// The layout number that this program writes.
        supported: i64,
    },
    /// Another server has the file open.
    #[error(
        "the database {} is in use by another server{}; stop that one, or choose another file",
        path.display(), process.map_or_else(String::new, |process| format!(" (process {process})"))
    )]
    DatabaseInUse {
        /// The file that was asked for.
        path: PathBuf,
        /// The process that has it, where it could be found out.
        process: Option<u32>,
    },
    /// The file is this server's and cannot be trusted any more.
    #[error(
        "the database {} is damaged and was left as it is; choose another file, put a copy of it back, \
         or save what is readable with `sqlite3 FILE .recover`", path.display()
    )]
    DatabaseDamaged {
        /// The file that was asked for.
        path: PathBuf,
        /// What was found.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database failed while it was in use.
    #[error("the database failed; what was acknowledged before is stored")]
    Storage(#[source] rusqlite::Error),
    /// There is no room to store anything more.
    #[error("the disk is full; what was acknowledged before is stored, and more can be once there is room")]
    StorageFull(#[source] rusqlite::Error),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random(#[from] getrandom::Error),
    /// An answer could not be written as JSON.
    #[error("an answer could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A task of the server ended before it was told to.
    #[error("the server stopped by itself")]
    Stopped(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<rusqlite::Error> for ServerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::StorageFull(error),
            _ => Self::Storage(error),
        }
    }
}

impl ServerError {
    /// Whether the caller asked for something that does not exist: nothing was touched.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::UnknownPlan { .. }
                | Self::RateLimit { .. }
                | Self::Remote { .. }
                | Self::UnknownBreakage { .. }
                | Self::Scenario { .. }
                | Self::FaultSyntax { .. }
                | Self::Credential { .. }
        )
    }

    /// Whether it is about the database file, so that another file would help.
    pub fn is_database(&self) -> bool {
        matches!(
            self,
            Self::DatabaseUnwritable { .. }
                | Self::NotADatabase { .. }
                | Self::DatabaseVersion { .. }
                | Self::DatabaseInUse { .. }
                | Self::DatabaseDamaged { .. }
                | Self::Storage(_)
                | Self::StorageFull(_)
        )
    }

    /// Whether the address would let other machines in, which nobody allowed.
    pub fn is_remote(&self) -> bool {
        matches!(self, Self::Remote { .. })
    }

    /// Whether it is about the address, so that another address would help.
    pub fn is_listen(&self) -> bool {
        matches!(self, Self::Listen { .. })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn the_cause_is_chained_and_not_repeated() {
        let cause = io::Error::other("the cause");
        let error = ServerError::Listen { address: ([127, 0, 0, 1], 80).into(), source: cause };
        assert!(!error.to_string().contains("the cause"));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the cause"));
        assert!(error.is_listen() && !error.is_database() && !error.is_usage());
    }
}
