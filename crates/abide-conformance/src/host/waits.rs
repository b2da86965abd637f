//! What the processes of a client have waited for a processor, as Linux counts it under `/proc`.
//!
//! A host that is woken in time says nothing about its client: a scheduler prefers who slept to who works, and a process
//! that starts up works. Where there is no `/proc`, a look shows nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A look goes no further, should a client have started this many processes.
const MOST_PROCESSES: usize = 256;
/// Where `/proc/PID/stat` counts the page faults of ended children, counted from the state, which follows the name.
const FAULTS_OF_CHILDREN: usize = 8;

/// What one look at a client and everything that it started showed. Times are microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// What each thread has waited in its life.
    pub(crate) waited: BTreeMap<u32, u64>,
    /// By process, a number that grows whenever one of its children has ended.
    pub(crate) ended: BTreeMap<u32, u64>,
    /// For how long, since the machine started, anybody was waiting for a processor.
    pub(crate) pressure: u64,
}

impl Look {
    /// Looks at the descendants of a process under the folder `/proc`; who left them on purpose is not among them.
    pub(crate) fn at(proc: &Path, leader: u32) -> Self {
        let mut look = Self { pressure: pressure(proc).unwrap_or(0), ..Self::default() };
        let mut left = vec![leader];
        while let Some(process) = left.pop() {
            if look.ended.len() < MOST_PROCESSES && !look.ended.contains_key(&process) {
                left.extend(look.enter(&proc.join(process.to_string()), process));
            }
        }
        look
    }

    /// Enters a process, and gives its children. One that ended meanwhile has none.
    fn enter(&mut self, folder: &Path, process: u32) -> Vec<u32> {
        let Some(ended) = faults_of_children(folder) else { return Vec::new() };
        self.ended.insert(process, ended);
        let mut children = Vec::new();
        for thread in fs::read_dir(folder.join("task")).into_iter().flatten().flatten() {
            let id = thread.file_name().to_str().and_then(|name| name.parse().ok());
            if let Some((id, waited)) = id.zip(waited(&thread.path())) {
                self.waited.insert(id, waited);
            }
            let listed = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            children.extend(listed.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        children
    }
}

/// The second number of `schedstat`, in nanoseconds there.
fn waited(thread: &Path) -> Option<u64> {
    let text = fs::read_to_string(thread.join("schedstat")).ok()?;
    let nanoseconds: u64 = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(nanoseconds / 1000)
}

/// Every program that ran has made some.
fn faults_of_children(process: &Path) -> Option<u64> {
    let text = fs::read(process.join("stat")).ok()?;
    let text = String::from_utf8_lossy(&text);
    let (_, after_name) = text.rsplit_once(')')?;
    after_name.split_whitespace().nth(FAULTS_OF_CHILDREN)?.parse().ok()
}

fn pressure(proc: &Path) -> Option<u64> {
    let text = fs::read_to_string(proc.join("pressure/cpu")).ok()?;
    let some = text.lines().find(|line| line.starts_with("some "))?;
    some.rsplit_once("total=")?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes files below a folder that stands for `/proc`.
    fn look(files: &[(&str, &str)], leader: u32) -> Look {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Look::at(folder.path(), leader)
    }

    const STAT: &str = "7 (a ) b) S 1 7 7 0 -1 4194560 210 55 0 0 1 2";

    #[test]
    fn a_process_with_its_threads_and_children() {
        let pressure =
            "some avg10=1.00 avg60=0.00 avg300=0.00 total=4321\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9";
        let all = look(
            &[
                ("pressure/cpu", pressure),
                ("7/stat", STAT),
                ("7/task/7/schedstat", "100 2000000 3\n"),
                ("7/task/7/children", "9 "),
                ("7/task/8/schedstat", "100 5000 3\n"),
                ("7/task/8/children", ""),
                ("9/stat", "9 (sh) R 7 7 7 0 -1 0 1 66 0"),
                ("9/task/9/schedstat", "1 1000 1"),
                // In a circle, should numbers be given out anew.
                ("9/task/9/children", "7 10"),
                ("11/stat", STAT),
                ("11/task/11/schedstat", "1 1000 1"),
            ],
            7,
        );
        let waited = [(7, 2000), (8, 5), (9, 1)].into();
        assert_eq!(all, Look { waited, ended: [(7, 55), (9, 66)].into(), pressure: 4321 });
    }

    #[test]
    fn what_cannot_be_read_shows_nothing() {
        for files in [
            &[][..],
            &[("7/stat", ""), ("7/task/7/schedstat", "1 2000 3")],
            &[("7/stat", "7 (a) S 1 7"), ("7/task/7/schedstat", "1 2000 3")],
            &[("pressure/cpu", "some"), ("pressure/memory", "some total=3")],
            &[("pressure/cpu", "some total=x")],
        ] {
            assert_eq!(look(files, 7), Look::default(), "{files:?}");
        }
        for text in ["", "1", "1 x 3", "1 -5 3"] {
            let of_one = look(&[("7/stat", STAT), ("7/task/7/schedstat", text)], 7);
            assert_eq!(of_one, Look { ended: [(7, 55)].into(), ..Look::default() }, "{text:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_on_this_machine() {
        let look = Look::at(Path::new("/proc"), std::process::id());
        assert!(look.ended.contains_key(&std::process::id()), "{look:?}");
    }
}
