//! The command that goes on waiting for sessions which were left alive.

use crate::arguments::ApiArguments;
use crate::problem::Api;
use crate::safe_text::harmless_text;

/// Makes the command from the arguments of the one that stops.
pub(crate) struct Rewatch {
    command: String,
}

impl Rewatch {
    pub(crate) fn new(api: Api, arguments: &ApiArguments) -> Self {
        let mut command = match api {
            Api::Calmyx => "abide calmyx watch".to_owned(),
            Api::Hum => "abide hum watch".to_owned(),
        };
        if let Some(base_url) = &arguments.base_url {
            command.push_str(&format!(" --base-url {}", shell_word(base_url)));
        }
        if let Some(file) = &arguments.credential_file {
            command.push_str(&format!(" --credential-file {}", shell_word(&file.to_string_lossy())));
        }
        if arguments.speed.get() > 1 {
            command.push_str(&format!(" --speed {}", arguments.speed));
        }
        Self { command }
    }

    /// The line for sessions that may still live; `None` where there are none.
    pub(crate) fn line(&self, sessions: &[String]) -> Option<String> {
        Some(format!("still running: {}", self.command(sessions)?))
    }

    /// The command for these sessions; `None` where there are none.
    pub(crate) fn command(&self, sessions: &[String]) -> Option<String> {
        if sessions.is_empty() {
            return None;
        }
        let end_of_options = if sessions.iter().any(|session| session.starts_with('-')) { " --" } else { "" };
        let words: Vec<String> = sessions.iter().map(|session| shell_word(session)).collect();
        Some(format!("{}{end_of_options} {}", self.command, words.join(" ")))
    }
}

/// One word for a shell. Ids come from a server: pasted, they must stay words.
pub(crate) fn shell_word(text: &str) -> String {
    let safe = harmless_text(text);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !safe.is_empty() && safe.chars().all(plain) { safe } else { format!("'{}'", safe.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sessions: &[&str], expected: Option<&str>) {
        let arguments = ApiArguments {
            base_url: Some("http://127.0.0.1:8080".into()),
            credential_file: Some("my key".into()),
            speed: std::num::NonZeroU32::new(10).unwrap(),
        };
        let sessions: Vec<String> = sessions.iter().map(|&session| session.to_owned()).collect();
        assert_eq!(Rewatch::new(Api::Hum, &arguments).line(&sessions).as_deref(), expected);
    }

    #[test]
    fn lines() {
        check(&[], None);
        check(
            &["a1", "$(reboot)", "it's"],
            Some(
                r"still running: abide hum watch --base-url http://127.0.0.1:8080 --credential-file 'my key' --speed 10 a1 '$(reboot)' 'it'\''s'",
            ),
        );
        check(
            &["-x"],
            Some(
                "still running: abide hum watch --base-url http://127.0.0.1:8080 --credential-file 'my key' --speed 10 -- -x",
            ),
        );
    }
}
