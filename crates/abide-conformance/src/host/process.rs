//! The client as a process: started, listened to, and ended with everything that it started.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How much of the end of an output is kept, in bytes.
const TAIL: usize = 4 * 1024;
/// How long an output may stay open after the client has ended: somebody that it started, and that left its process group,
/// may hold it. What was written until then counts. Only where somebody does hold it does this take any time, and a busy
/// machine may be slow to read.
const GRACE: Duration = Duration::from_secs(5);
/// What precedes the word on the last line.
const OUTCOME: &str = "outcome:";

/// A client that runs. Dropped, it and everything that it started are killed.
pub(crate) struct Client {
    child: Child,
    group: Group,
    output: Tail,
    errors: Tail,
}

/// How a client ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) outcome: Option<String>,
    pub(crate) exit: Option<i32>,
    /// Whether its output was still open after the grace, and nothing had come of it: what it said is not known.
    pub(crate) is_unheard: bool,
    /// The last line that it wrote to its standard error.
    pub(crate) last_words: Option<String>,
}

/// What a client is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) credential: &'a str,
    pub(crate) input: &'a Path,
}

impl Client {
    pub(crate) fn start(command: &[OsString], task: Task<'_>) -> io::Result<Self> {
        let (program, arguments) =
            command.split_first().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no command"))?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            // What is meant for this program is none of the client's business.
            .env_remove("CALMYX_API_KEY")
            .env_remove("CALMYX_API_KEY_2")
            .env_remove("HUM_API_TOKEN")
            .env_remove("HUM_API_TOKEN_2")
            .env_remove("ABIDE_SPEED")
            .env("ABIDE_BASE_URL", task.base_url)
            .env("ABIDE_CREDENTIAL", task.credential)
            .env("ABIDE_INPUT", task.input)
            // A proxy of the machine must not stand between the client and its host.
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let group = Group::of(&child);
        let output = Tail::of(child.stdout.take());
        let errors = Tail::of(child.stderr.take());
        Ok(Self { child, group, output, errors })
    }

    /// The number of its first process; none once that has ended.
    pub(crate) fn leader(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits until the client has ended by itself. Whatever it leaves behind is killed.
    pub(crate) async fn exited(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.group.kill();
        Ok(status)
    }

    /// What a client that has ended left to read.
    pub(crate) async fn ending(&mut self, status: ExitStatus) -> Ending {
        let (output, errors) = tokio::join!(self.output.ended(GRACE), self.errors.ended(GRACE));
        Ending {
            outcome: outcome(&output.bytes),
            exit: code(status),
            is_unheard: output.bytes.is_empty() && !output.is_whole,
            last_words: last_line(&errors.bytes),
        }
    }
}

/// What was read of an output, and whether that is all of it.
#[derive(Debug, PartialEq, Eq)]
struct Heard {
    bytes: Vec<u8>,
    is_whole: bool,
}

/// The end of an output, however much there is, read as it comes.
struct Tail {
    kept: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Tail {
    fn of(source: Option<impl AsyncRead + Send + Unpin + 'static>) -> Self {
        let kept = Arc::default();
        let reader = tokio::spawn(read(source, Arc::clone(&kept)));
        Self { kept, reader }
    }

    /// All of it, or what there is after the grace.
    async fn ended(&mut self, grace: Duration) -> Heard {
        let is_whole = timeout(grace, &mut self.reader).await.is_ok();
        self.reader.abort();
        Heard { bytes: std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner)), is_whole }
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn read(source: Option<impl AsyncRead + Unpin>, kept: Arc<Mutex<Vec<u8>>>) {
    let Some(mut source) = source else { return };
    let mut chunk = [0; TAIL];
    while let Ok(read @ 1..) = source.read(&mut chunk).await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let surplus = kept.len().saturating_sub(TAIL);
        kept.drain(..surplus);
    }
}

fn last_line(output: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(output);
    text.lines().map(str::trim).rfind(|line| !line.is_empty()).map(str::to_owned)
}

/// The word of the last line, where it is one.
fn outcome(output: &[u8]) -> Option<String> {
    let line = last_line(output)?;
    let word = line.strip_prefix(OUTCOME)?.trim();
    (!word.is_empty()).then(|| crate::report::safe(word))
}

/// The exit code; of a client that a signal ended, that of a shell: 128 and the signal.
fn code(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        status.code().or_else(|| status.signal().map(|signal| 128 + signal))
    }
    #[cfg(not(unix))]
    status.code()
}

/// A client and everything that it started, as far as it did not leave on purpose.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    #[cfg(not(unix))]
    fn of(_: &Child) -> Self {
        Self {}
    }

    /// The number of a group may belong to somebody else once all of it has ended, so that only the first call counts.
    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader.take() {
            // A group that has ended is as good as killed.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_output_that_somebody_holds_is_not_whole() {
        use tokio::io::AsyncWriteExt as _;

        for (written, is_held) in [("", true), ("outcome: completed", true), ("", false), ("outcome: x", false)] {
            let (mut held, output) = tokio::io::duplex(64);
            let mut tail = Tail::of(Some(output));
            held.write_all(written.as_bytes()).await.unwrap();
            let held = Some(held).filter(|_| is_held);
            let heard = tail.ended(Duration::from_millis(30)).await;
            drop(held);
            assert_eq!(heard, Heard { bytes: written.into(), is_whole: !is_held });
        }
    }

    #[test]
    fn the_last_line_counts() {
        for (output, expected) in [
            ("outcome: completed\n", Some("completed")),
            ("polling\noutcome: gave-up", Some("gave-up")),
            ("outcome: completed\n\n  \n", Some("completed")),
            ("outcome:partial\r\n", Some("partial")),
            ("outcome: completed\nbye\n", None),
            ("completed\n", None),
            ("outcome:\n", None),
            ("", None),
            ("outcome: \u{1b}[31mred\n", Some("[31mred")),
        ] {
            assert_eq!(outcome(output.as_bytes()).as_deref(), expected, "{output:?}");
        }
    }
}
