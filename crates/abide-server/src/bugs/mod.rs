//! Planted bugs: one way, at least, to break each requirement that binds a server.
//!
//! A judge that has never found anything proves nothing. Each bug here is a small change to the calls or replies of the
//! good server, which stays as it is behind it: [`calmyx_calls`], [`calmyx_course`] and the other files are tables of
//! them, one file per group of requirements.

mod calmyx_calls;
mod calmyx_counts;
mod calmyx_course;
mod calmyx_items;
mod calmyx_times;
mod hum_agents;
mod hum_calls;
mod hum_life;
mod hum_replies;

use crate::{
    breakage::{Named, change::Change},
    reply::Api,
};

/// A requirement that is broken along with another one, and why that cannot be otherwise.
pub type Consequence = (&'static str, &'static str);

/// A way to break one requirement.
///
/// ```
/// let bug = abide_server::bugs().find(|bug| bug.requirement() == "CAL-COUNT-SUM").expect("every requirement has one");
/// assert_eq!((bug.name(), bug.api().to_string().as_str()), ("cal-count-sum-off-by-one", "calmyx"));
/// ```
#[derive(Debug)]
pub struct Bug {
    name: &'static str,
    requirement: &'static str,
    also_breaks: &'static [Consequence],
    says: &'static str,
    change: Change,
}

impl Bug {
    /// Its name: the requirement in lower case, and what happens.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The requirement that it breaks, such as `CAL-COUNT-SUM`.
    pub const fn requirement(&self) -> &'static str {
        self.requirement
    }

    /// Further requirements that a server with this bug breaks, because the rules hang together, each with the reason. The
    /// kill matrix holds that all of them, and no others, are found broken.
    pub const fn also_breaks(&self) -> &'static [Consequence] {
        self.also_breaks
    }

    /// What happens, in one sentence.
    pub const fn says(&self) -> &'static str {
        self.says
    }

    /// The API that it is planted in.
    pub fn api(&self) -> Api {
        if self.requirement.starts_with("CAL-") { Api::Calmyx } else { Api::Hum }
    }

    pub(crate) const fn change(&self) -> Change {
        self.change
    }
}

impl Named for Bug {
    const KIND: &'static str = "bug";

    fn name(&self) -> &str {
        self.name
    }
}

/// All planted bugs, in the order of the requirements' groups.
pub fn bugs() -> impl Iterator<Item = &'static Bug> {
    const GROUPS: [&[Bug]; 9] = [
        calmyx_calls::BUGS,
        calmyx_course::BUGS,
        calmyx_counts::BUGS,
        calmyx_items::BUGS,
        calmyx_times::BUGS,
        hum_calls::BUGS,
        hum_replies::BUGS,
        hum_agents::BUGS,
        hum_life::BUGS,
    ];
    GROUPS.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_begin_with_their_requirement_and_are_unique() {
        let mut names = HashSet::new();
        for bug in bugs() {
            let prefix = format!("{}-", bug.requirement.to_lowercase());
            assert!(bug.name.starts_with(&prefix), "{}", bug.name);
            assert!(names.insert(bug.name), "{} is there twice", bug.name);
            assert!(bug.says.ends_with('.') && !bug.says.contains(". "), "{}: one sentence", bug.name);
            for (also, because) in bug.also_breaks {
                assert!(*also != bug.requirement && !because.ends_with('.') && !because.is_empty(), "{}", bug.name);
            }
        }
    }
}
