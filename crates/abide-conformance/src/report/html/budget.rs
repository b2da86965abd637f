//! How much of the page a part of it may take: a page of many megabytes helps nobody.

/// So many bytes of pictures.
const PICTURES: usize = 520_000;
/// So many bytes of proofs.
const PROOFS: usize = 280_000;

/// A number of bytes to be spent.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    /// For the pictures of runs.
    pub(super) const fn of_pictures() -> Self {
        Self(PICTURES)
    }

    /// For exchanges and commands.
    pub(super) const fn of_proofs() -> Self {
        Self(PROOFS)
    }

    /// The text, where there is still room for it. Smaller ones may still fit after one that did not.
    pub(super) fn spend(&mut self, text: String) -> Option<String> {
        self.0 = self.0.checked_sub(text.len())?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_costs_nothing() {
        let mut budget = Budget(5);
        assert_eq!(budget.spend("abcdef".to_owned()), None);
        assert_eq!(budget.spend("abc".to_owned()).as_deref(), Some("abc"));
        assert_eq!(budget.spend("abc".to_owned()), None);
        assert_eq!(budget.spend("ab".to_owned()).as_deref(), Some("ab"));
    }
}
