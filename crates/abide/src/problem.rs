//! What stops a command: one sentence that says what, where and what to do, and the exit code.

use std::error::Error;

use abide_core::LifecycleError;

use crate::exit::Exit;
use crate::input::InputErrors;
use crate::journal::JournalError;
use crate::output::OutputError;
use crate::safe_text::Safe;
use crate::throttled::Unanswered;

/// Which API a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    Calmyx,
    Hum,
}

impl Api {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Calmyx => "Calmyx",
            Self::Hum => "Hum",
        }
    }

    /// The same for the judge, who has a name of its own for it.
    pub(crate) fn judged(self) -> abide_conformance::catalogue::Api {
        match self {
            Self::Calmyx => abide_conformance::catalogue::Api::Calmyx,
            Self::Hum => abide_conformance::catalogue::Api::Hum,
        }
    }

    /// The environment variable that holds the credential.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Calmyx => "CALMYX_API_KEY",
            Self::Hum => "HUM_API_TOKEN",
        }
    }
}

/// Why a command cannot go on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    exit: Exit,
    /// `None`: there is nobody to tell.
    message: Option<String>,
}

impl Problem {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: Some(message.into()) }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Somebody stopped a call, which may have been carried out all the same once it was sent.
    fn interrupted(sent: bool, doubt: &str) -> Self {
        let what = if sent { doubt } else { "nothing was done" };
        Self::new(Exit::Interrupted, format!("interrupted before the answer came; {what}"))
    }

    /// The sentence; empty where there is nobody to tell.
    pub(crate) fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) fn show(&self) {
        if let Some(message) = &self.message {
            eprintln!("error: {message}");
        }
    }

    /// A call of the Calmyx client without an answer; `doubt` is what nobody knows if it was interrupted.
    pub(crate) fn calmyx_unanswered(unanswered: &Unanswered<calmyx_client::Error>, doubt: &str) -> Self {
        match unanswered {
            Unanswered::Error(error) => Self::calmyx(error),
            Unanswered::Interrupted { sent } => Self::interrupted(*sent, doubt),
        }
    }

    /// A call of the Hum client without an answer; `doubt` is what nobody knows if it was interrupted.
    pub(crate) fn hum_unanswered(unanswered: &Unanswered<hum_client::Error>, doubt: &str) -> Self {
        match unanswered {
            Unanswered::Error(error) => Self::hum(error),
            Unanswered::Interrupted { sent } => Self::interrupted(*sent, doubt),
        }
    }

    /// A failed call of the Calmyx client.
    pub(crate) fn calmyx(error: &calmyx_client::Error) -> Self {
        Self::new(Exit::Error, call(Api::Calmyx, error, error.request()))
    }

    /// A failed call of the Hum client.
    pub(crate) fn hum(error: &hum_client::Error) -> Self {
        let exit = if error.is_gone() { Exit::Gone } else { Exit::Error };
        Self::new(exit, call(Api::Hum, error, error.request()))
    }
}

impl From<LifecycleError> for Problem {
    fn from(error: LifecycleError) -> Self {
        Self::usage(format!("this wait cannot be: {error}"))
    }
}

impl From<InputErrors> for Problem {
    fn from(errors: InputErrors) -> Self {
        Self::usage(with_cause(&errors))
    }
}

impl From<OutputError> for Problem {
    fn from(error: OutputError) -> Self {
        if error.is_broken_pipe() {
            return Self { exit: Exit::Error, message: None };
        }
        let exit = match &error {
            OutputError::Unwritable { .. } | OutputError::Folder { .. } | OutputError::NoCoordinates => Exit::Usage,
            OutputError::Failed { .. } | OutputError::BrokenPipe | OutputError::RowWidth { .. } => Exit::Error,
        };
        Self::new(exit, with_cause(&error))
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        let exit = if error.is_unusable() { Exit::Error } else { Exit::Usage };
        Self::new(exit, with_cause(&error))
    }
}

impl From<abide_server::ServerError> for Problem {
    fn from(error: abide_server::ServerError) -> Self {
        let exit = if error.is_usage() || error.is_database() || error.is_listen() { Exit::Usage } else { Exit::Error };
        Self::new(exit, with_cause(&error))
    }
}

/// An error and the innermost of its causes, which is the one that says what really happened.
pub(crate) fn with_cause(error: &dyn Error) -> String {
    let mut innermost = None;
    let mut next = error.source();
    while let Some(cause) = next {
        innermost = Some(cause.to_string());
        next = cause.source();
    }
    match innermost {
        Some(cause) => format!("{error}: {}", Safe(&cause)),
        None => error.to_string(),
    }
}

/// A failed call in one sentence: what happened, what the server said, what to do.
pub(crate) fn call(api: Api, error: &dyn Error, request: Option<&abide_http::Error>) -> String {
    let mut sentence = with_cause(error);
    let Some(request) = request else { return sentence };
    if let Some(message) = request.server_message() {
        sentence.push_str(&format!(" (the server says: {})", Safe(message)));
    }
    if let Some(wait) = request.retry_after() {
        sentence.push_str(&format!(", and asks to be left alone for {} s", wait.as_secs()));
    }
    let Some(advice) = advice(api, request) else { return sentence };
    sentence.push_str("; ");
    sentence.push_str(&advice);
    sentence
}

/// What somebody can do about it.
fn advice(api: Api, request: &abide_http::Error) -> Option<String> {
    if request.is_denied() {
        Some(format!("check {} or --credential-file", api.variable()))
    } else if request.is_unreachable() {
        Some("is the server running, and is --base-url right?".to_owned())
    } else if request.is_undecodable() {
        Some(format!("is --base-url the {} API?", api.name()))
    } else if request.is_not_found() {
        Some(match request.operation() {
            "createSession" => format!("is --base-url the {} API?", api.name()),
            "deleteListing" | "deleteListings" => "no such listing for this credential".to_owned(),
            _ => "no such session for this credential; check the id and --base-url".to_owned(),
        })
    } else {
        None
    }
}
