//! A panic of somebody else's code as an error, without its noise on standard error.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; a panic in it becomes the words of the panic.
///
/// The hook is set once and looks at a flag of its thread, so that panics elsewhere are reported as ever.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    outcome.map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_panic() {
        assert_eq!(catch(|| 1), Ok(1));
        assert_eq!(catch(|| -> u8 { panic!("one {}", 1) }), Err("one 1".to_owned()));
        assert_eq!(catch(|| -> u8 { panic!("literal") }), Err("literal".to_owned()));
        assert_eq!(catch(|| -> u8 { std::panic::panic_any(7) }), Err("no message".to_owned()));
    }

    /// Runs this test once more in a process of its own, whose standard error can be looked at.
    #[test]
    fn no_noise() {
        const CHILD: &str = "ABIDE_XTASK_QUIET_PANIC";
        if std::env::var_os(CHILD).is_some() {
            catch(|| -> u8 { panic!("a loud word") }).unwrap_err();
            return;
        }
        let name = "generate::quiet_panic::tests::no_noise";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let output = child.args(["--exact", name, "--nocapture"]).env(CHILD, "1").output().unwrap();
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("a loud word"));
    }
}
