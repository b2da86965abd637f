//! How long the threads of one name have kept processors busy: unlike a rate, it does not depend on who else is busy.

use std::{fs, path::Path, time::Duration};

/// The sum over all threads of this process with that name; `None` where the system does not tell (it is Linux that does).
pub fn busy(thread_name: &str) -> Option<Duration> {
    let threads = fs::read_dir("/proc/self/task").ok()?;
    threads.filter_map(|thread| busy_thread(&thread.ok()?.path(), thread_name)).reduce(|sum, one| sum + one)
}

fn busy_thread(folder: &Path, thread_name: &str) -> Option<Duration> {
    let name = fs::read_to_string(folder.join("comm")).ok()?;
    if name.trim_end() != thread_name {
        return None;
    }
    let times = fs::read_to_string(folder.join("schedstat")).ok()?;
    Some(Duration::from_nanos(times.split_whitespace().next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_busy_under_an_unknown_name() {
        assert_eq!(busy("no such thread"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_busy_thread_is_counted() {
        let busy = std::thread::Builder::new().name("worker".to_owned()).spawn(|| {
            let mut sum = 0_u64;
            for number in 0..1_000_000_u64 {
                sum = std::hint::black_box(sum.wrapping_add(number));
            }
            (sum, busy("worker"))
        });
        assert!(busy.unwrap().join().unwrap().1.is_some_and(|busy| busy > Duration::ZERO));
    }
}
