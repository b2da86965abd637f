//! From arguments to a client: where, with which credential, at which pace.

use std::io::Read;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use abide_core::{Lifecycle, Options};
use abide_http::{BaseUrl, Credential};
use abide_watch::{Budget, random_seed};

use crate::arguments::ApiArguments;
use crate::problem::{Api, Problem};
use crate::recording::Recording;

/// The largest credential file that is read, in bytes: a key is short, and a wrong path may name anything.
const CREDENTIAL_FILE_LIMIT: u64 = 64 * 1024;

/// How a command waits: the documented rules at the chosen speed, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) lifecycle: Lifecycle,
    pub(crate) max_wait: Duration,
    speed: NonZeroU32,
}

impl Pace {
    /// `fallback` is the longest wait where neither the person nor the documents name one; it is real time. Who names a
    /// longest wait means it, also beyond the documented one.
    pub(crate) fn new(
        documented: &Lifecycle,
        speed: NonZeroU32,
        max_wait: Option<Duration>,
        fallback: Duration,
    ) -> Self {
        let mut lifecycle = documented.sped_up(speed);
        if let Some(max_wait) = max_wait {
            lifecycle.cap = None;
            return Self { lifecycle, max_wait, speed };
        }
        Self { lifecycle, max_wait: lifecycle.cap.unwrap_or(fallback), speed }
    }

    /// Options for sessions that somebody names.
    pub(crate) fn options(&self) -> Options {
        Options::new(self.max_wait, random_seed())
    }

    /// Options for sessions created a moment ago, which not every part of a server may know yet.
    pub(crate) fn options_of_young(&self) -> Options {
        Options { max_not_found_before_first_reply: 3, ..self.options() }
    }

    /// What all sessions of a command may ask for together.
    pub(crate) fn budget(&self) -> Budget {
        let budget = Budget::default();
        Budget { period: budget.period / self.speed.get(), ..budget }
    }
}

/// A Calmyx client from the arguments.
pub(crate) fn calmyx(arguments: &ApiArguments) -> Result<calmyx_client::Client, Problem> {
    let base = base_url(Api::Calmyx, arguments)?;
    let credential = credential(arguments, Api::Calmyx)?;
    calmyx_client::Client::new(base, credential).map_err(|error| Problem::calmyx(&error))
}

/// The same, with every exchange recorded where a file is named.
pub(crate) fn calmyx_recorded(
    arguments: &ApiArguments,
    record: Option<&Path>,
) -> Result<(calmyx_client::Client, Recording), Problem> {
    let base = base_url(Api::Calmyx, arguments)?;
    let (credential, recording) = recorded(arguments, Api::Calmyx, &base, record)?;
    let client = match recording.observer() {
        None => calmyx_client::Client::new(base, credential),
        Some(observer) => calmyx_client::Client::observed(base, credential, observer),
    };
    Ok((client.map_err(|error| Problem::calmyx(&error))?, recording))
}

/// A Hum client from the arguments.
pub(crate) fn hum(arguments: &ApiArguments) -> Result<hum_client::Client, Problem> {
    let base = base_url(Api::Hum, arguments)?;
    let credential = credential(arguments, Api::Hum)?;
    hum_client::Client::new(base, credential).map_err(|error| Problem::hum(&error))
}

/// The same, with every exchange recorded where a file is named.
pub(crate) fn hum_recorded(
    arguments: &ApiArguments,
    record: Option<&Path>,
) -> Result<(hum_client::Client, Recording), Problem> {
    let base = base_url(Api::Hum, arguments)?;
    let (credential, recording) = recorded(arguments, Api::Hum, &base, record)?;
    let client = match recording.observer() {
        None => hum_client::Client::new(base, credential),
        Some(observer) => hum_client::Client::observed(base, credential, observer),
    };
    Ok((client.map_err(|error| Problem::hum(&error))?, recording))
}

/// The pace of Calmyx sessions.
pub(crate) fn calmyx_pace(speed: NonZeroU32, max_wait: Option<Duration>) -> Pace {
    Pace::new(&calmyx_client::lifecycle::LIFECYCLE, speed, max_wait, calmyx_client::DEFAULT_MAX_WAIT)
}

/// The pace of Hum sessions.
pub(crate) fn hum_pace(speed: NonZeroU32, max_wait: Option<Duration>) -> Pace {
    Pace::new(&hum_client::lifecycle::LIFECYCLE, speed, max_wait, Duration::MAX)
}

/// Where an API is.
pub(crate) fn base_url(api: Api, arguments: &ApiArguments) -> Result<BaseUrl, Problem> {
    let documented = match api {
        Api::Calmyx => calmyx_client::DEFAULT_BASE_URL,
        Api::Hum => hum_client::DEFAULT_BASE_URL,
    };
    let text = arguments.base_url.as_deref().unwrap_or(documented);
    let base = BaseUrl::parse(text).map_err(|error| Problem::usage(format!("--base-url: {error}")))?;
    if arguments.speed.get() > 1 && !base.is_loopback() {
        return Err(Problem::usage(format!(
            "--speed {} (or ABIDE_SPEED) polls faster than documented, which only a server on this machine may be asked \
             for; {base} is another one",
            arguments.speed
        )));
    }
    Ok(base)
}

/// The credential, and a recording that knows what it must not write.
fn recorded(
    arguments: &ApiArguments,
    api: Api,
    base: &BaseUrl,
    record: Option<&Path>,
) -> Result<(Credential, Recording), Problem> {
    let (text, origin) = credential_text(arguments.credential_file.as_deref(), api)?;
    let credential = Credential::new(text.clone()).map_err(|error| Problem::usage(format!("{origin}: {error}")))?;
    let recording = match record {
        None => Recording::default(),
        Some(path) => Recording::begin(path, api.judged(), base.as_str(), &text, arguments.speed.get())?,
    };
    Ok((credential, recording))
}

fn credential(arguments: &ApiArguments, api: Api) -> Result<Credential, Problem> {
    let (text, origin) = credential_text(arguments.credential_file.as_deref(), api)?;
    Credential::new(text).map_err(|error| Problem::usage(format!("{origin}: {error}")))
}

/// The text of a credential as it was given, and where it was found.
pub(crate) fn credential_text(file: Option<&Path>, api: Api) -> Result<(String, String), Problem> {
    if let Some(file) = file {
        return Ok((read_credential(file)?, format!("--credential-file {}", file.display())));
    }
    let variable = api.variable();
    let text = std::env::var(variable).map_err(|_| {
        Problem::usage(format!("no {} credential: set {variable} or give --credential-file FILE", api.name()))
    })?;
    Ok((text, variable.to_owned()))
}

fn read_credential(file: &Path) -> Result<String, Problem> {
    let wrong = |why: &str| Problem::usage(format!("--credential-file {}: {why}", file.display()));
    let open = std::fs::File::open(file).map_err(|cause| wrong(&cause.to_string()))?;
    let mut text = String::new();
    // One byte more than the limit tells that there is more; a device would go on for ever.
    open.take(CREDENTIAL_FILE_LIMIT + 1).read_to_string(&mut text).map_err(|cause| wrong(&cause.to_string()))?;
    if text.len() as u64 > CREDENTIAL_FILE_LIMIT {
        return Err(wrong("the file is too large to be a credential"));
    }
    Ok(text)
}
