//! One process of the program: how it is started, watched, signalled and waited for.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::folder::Folder;

/// No command of these tests takes longer, not even on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);
/// How often a process is looked at that a test waits for.
const LOOK: Duration = Duration::from_millis(4);
/// What a person may have set: the tests start from none of it.
const OWN_VARIABLES: [&str; 3] = ["CALMYX_", "HUM_", "ABIDE_"];
const FOREIGN_VARIABLES: [&str; 8] =
    ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "COLUMNS", "RUST_BACKTRACE"];

/// A command line of the program, not started yet.
pub(crate) struct Abide {
    line: String,
    command: Command,
    /// Texts that no output may hold, and whether that is looked at.
    secrets: Vec<String>,
}

impl Abide {
    /// `line` is what stands behind `abide`, as typed into a shell: words, and `'quoted words'`.
    pub(crate) fn new(line: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_abide"));
        command.args(words(line)).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars_os() {
            if OWN_VARIABLES.iter().any(|own| name.to_string_lossy().starts_with(own)) {
                command.env_remove(name);
            }
        }
        for name in FOREIGN_VARIABLES {
            command.env_remove(name);
        }
        Self { line: line.to_owned(), command, secrets: Vec::new() }
    }

    /// Runs in this folder, so that file names can be short.
    pub(crate) fn within(mut self, folder: &Folder) -> Self {
        self.command.current_dir(folder.path());
        self
    }

    /// Reads a file of a folder as standard input.
    pub(crate) fn stdin(mut self, folder: &Folder, name: &str) -> Self {
        self.command.stdin(File::open(folder.path().join(name)).unwrap());
        self
    }

    pub(crate) fn arguments<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn environment(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// A variable whose value must never be printed.
    pub(crate) fn secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.push(value.to_owned());
        self.environment(name, value)
    }

    pub(crate) fn start(mut self) -> Running {
        let mut child = self.command.spawn().unwrap();
        let stdout = Captured::of(child.stdout.take().unwrap());
        let stderr = Captured::of(child.stderr.take().unwrap());
        Running { line: self.line, child, stdout, stderr, secrets: self.secrets }
    }

    /// Runs it to its end.
    #[track_caller]
    pub(crate) fn run(self) -> Finished {
        self.start().finish()
    }

    /// Runs it and expects this exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Finished {
        let finished = self.run();
        assert_eq!(finished.code, Some(code), "{finished:#?}");
        finished
    }
}

/// A started process; dropped, it is killed.
pub(crate) struct Running {
    line: String,
    child: Child,
    stdout: Captured,
    stderr: Captured,
    secrets: Vec<String>,
}

impl Running {
    /// What it has written to standard output once that satisfies `enough`.
    #[track_caller]
    pub(crate) fn stdout_once(&mut self, enough: impl Fn(&str) -> bool) -> String {
        self.once(|running| running.stdout.text(), enough)
    }

    /// What it has written to standard error once that satisfies `enough`.
    #[track_caller]
    pub(crate) fn stderr_once(&mut self, enough: impl Fn(&str) -> bool) -> String {
        self.once(|running| running.stderr.text(), enough)
    }

    /// Sends a signal by its name: `INT`, `TERM`.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success(), "{}: no signal {name}", self.line);
    }

    /// Whether it has ended by now.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn finish(self) -> Finished {
        self.finish_within(LIMIT)
    }

    /// Waits for its end, which must come within `limit`.
    #[track_caller]
    pub(crate) fn finish_within(mut self, limit: Duration) -> Finished {
        let deadline = Instant::now() + limit;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "abide {}: does not end; {}", self.line, self.output());
            std::thread::sleep(LOOK);
        };
        self.stdout.end();
        self.stderr.end();
        let (stdout, stderr) = (self.stdout.text(), self.stderr.text());
        assert!(!stderr.contains("panicked"), "abide {}: {stderr}", self.line);
        for secret in &self.secrets {
            let is_out = stdout.contains(secret) || stderr.contains(secret);
            assert!(!is_out, "abide {}: printed a credential", self.line);
        }
        Finished { line: self.line.clone(), code: status.code(), stdout, stderr }
    }

    #[track_caller]
    fn once(&mut self, text: impl Fn(&Self) -> String, enough: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + LIMIT;
        loop {
            let ended = self.child.try_wait().unwrap();
            let so_far = text(self);
            if enough(&so_far) {
                return so_far;
            }
            assert!(ended.is_none(), "abide {}: ended before that ({ended:?}); {}", self.line, self.output());
            assert!(Instant::now() < deadline, "abide {}: waited in vain; {}", self.line, self.output());
            std::thread::sleep(LOOK);
        }
    }

    fn output(&self) -> String {
        format!("stdout: {}\nstderr: {}", self.stdout.text(), self.stderr.text())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of a process.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) line: String,
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// The words of the last line on standard error that begins with `still running: abide`, without `abide`.
    #[track_caller]
    pub(crate) fn command_for_the_rest(&self) -> &str {
        let mut lines = self.stderr.lines().rev();
        lines.find_map(|line| line.strip_prefix("still running: abide ")).unwrap_or_else(|| panic!("{self:#?}"))
    }

    /// For a snapshot: the command, standard output behind bars, standard error and the exit code, without what differs
    /// from run to run.
    pub(crate) fn transcript(&self, name: &str, hosts: &[&str]) -> String {
        let code = self.code.map_or("a signal".to_owned(), |code| code.to_string());
        let stdout: String = self.stdout.lines().map(|line| format!("| {line}\n")).collect();
        // How often progress is told depends on the time that passes.
        let told = self.stderr.lines().filter(|line| !is_progress(line));
        let stderr: String = told.map(|line| format!("{line}\n")).collect();
        let mut text = format!("# {name}\n$ abide {}\n{stdout}{stderr}exit {code}\n\n", self.line);
        for host in hosts {
            text = text.replace(host, "[HOST]");
        }
        let text = replaced(&text, " polls in ", " s", " polls in [SECONDS] s");
        // An error has another number on another system.
        replaced(&text, " (os error ", ")", "")
    }
}

/// `17/500 locations`, and the like.
fn is_progress(line: &str) -> bool {
    let counted = line.split_once(' ').and_then(|(counts, _)| counts.split_once('/'));
    counted.is_some_and(|(done, total)| done.parse::<u64>().is_ok() && total.parse::<u64>().is_ok())
}

/// The text with everything from `start` to the next `end`, both included, replaced.
fn replaced(text: &str, start: &str, end: &str, with: &str) -> String {
    let mut parts = text.split(start);
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(with);
        rest.push_str(part.split_once(end).map_or(part, |(_, behind)| behind));
    }
    rest
}

/// What a stream of a process has brought so far.
struct Captured {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Captured {
    fn of(mut stream: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&bytes);
        let reader = std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(length @ 1..) = stream.read(&mut part) {
                sink.lock().unwrap().extend_from_slice(&part[..length]);
            }
        });
        Self { bytes, reader: Some(reader) }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    fn end(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }
}

/// The words of a command line; a pair of `'` holds one together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 0 {
            words.extend(part.split_whitespace().map(str::to_owned));
        } else {
            words.push(part.to_owned());
        }
    }
    words
}
