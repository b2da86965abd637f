//! Who may call, and how a caller is recognised without keeping the secret.

use std::fmt;

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::{error::ServerError, ids, noise::digest};

/// The two keys of each API: the second exists so that "not your session" can be tried.
///
/// ```
/// use abide_server::Credentials;
///
/// let credentials = Credentials::generate()?;
/// assert!(credentials.calmyx[0].starts_with("abide_calmyx_"));
/// assert!(!format!("{credentials:?}").contains(&credentials.hum[1]), "secrets are not printed");
/// # Ok::<(), abide_server::ServerError>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    /// Calmyx API keys, sent bare in `Authorization` (CAL-AUTH).
    pub calmyx: [String; 2],
    /// Hum API tokens, sent as `Authorization: Bearer` (HUM-AUTH).
    pub hum: [String; 2],
}

impl Credentials {
    /// Fresh ones from the operating system's random source, with prefixes that tell what leaked if they ever leak.
    pub fn generate() -> Result<Self, ServerError> {
        let fresh = |prefix: &str| ids::random_id().map(|id| format!("{prefix}{id}"));
        Ok(Self {
            calmyx: [fresh("abide_calmyx_")?, fresh("abide_calmyx_")?],
            hum: [fresh("abide_hum_")?, fresh("abide_hum_")?],
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// SHA-256 of a key: what stands for its holder in memory and in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Owner(pub(crate) [u8; 32]);

impl Owner {
    fn of(secret: &[u8]) -> Self {
        Self(digest(&[secret]))
    }
}

/// The callers that one API knows.
#[derive(Debug)]
pub(crate) struct Callers([Owner; 2]);

impl Callers {
    /// `name` says in an error whose secrets these are.
    pub(crate) fn new(name: &'static str, secrets: &[String; 2]) -> Result<Self, ServerError> {
        let [first, second] = secrets;
        for secret in secrets {
            if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
                let problem = "must be visible ASCII characters without spaces, at least one";
                return Err(ServerError::Credential { name, problem });
            }
        }
        if first == second {
            return Err(ServerError::Credential { name, problem: "must differ from the second one" });
        }
        Ok(Self([Owner::of(first.as_bytes()), Owner::of(second.as_bytes())]))
    }

    /// The holder of the first secret.
    pub(crate) const fn first(&self) -> Owner {
        let [first, _] = self.0;
        first
    }

    /// Whose secret this is, in a time that does not depend on how much of it is right.
    pub(crate) fn recognise(&self, secret: &[u8]) -> Option<Owner> {
        let offered = Owner::of(secret);
        let mut known = Choice::from(0);
        let mut owner = [0; 32];
        for candidate in &self.0 {
            let same = candidate.0.ct_eq(&offered.0);
            for (to, from) in owner.iter_mut().zip(&candidate.0) {
                to.conditional_assign(from, same);
            }
            known |= same;
        }
        bool::from(known).then_some(Owner(owner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(first: &str, second: &str) -> [String; 2] {
        [first.to_owned(), second.to_owned()]
    }

    #[test]
    fn unusable_secrets_are_refused_by_name_only() {
        for (first, second) in [("", "x"), ("x", ""), ("a b", "x"), ("x", "y\n"), ("ключ", "x"), ("same", "same")] {
            let error = Callers::new("Calmyx key", &pair(first, second)).unwrap_err();
            assert!(error.is_usage());
            assert!(error.to_string().starts_with("the Calmyx key must"), "{error}");
        }
    }

    #[test]
    fn only_the_exact_secret_is_recognised() {
        let callers = Callers::new("key", &pair("alpha", "beta")).unwrap();
        for (offered, expected) in [
            ("", None),
            ("alph", None),
            ("alphaa", None),
            ("Alpha", None),
            ("Bearer alpha", None),
            ("alpha", Some(Owner::of(b"alpha"))),
            ("beta", Some(Owner::of(b"beta"))),
        ] {
            assert_eq!(callers.recognise(offered.as_bytes()), expected, "{offered:?}");
        }
    }

    #[test]
    fn generated_ones_differ_and_are_not_printed() {
        let credentials = Credentials::generate().unwrap();
        let all = [&credentials.calmyx[0], &credentials.calmyx[1], &credentials.hum[0], &credentials.hum[1]];
        for (index, secret) in all.iter().enumerate() {
            assert!(!all[..index].contains(secret));
            assert!(!format!("{credentials:?}").contains(secret.as_str()));
        }
    }
}
