//! The matrix for people and programs.

mod grid;
mod markdown;
mod text;

pub use markdown::markdown;
pub use text::text;

use crate::matrix::Matrix;
use crate::trial::Kind;

/// A line for each kind.
fn summary(matrix: &Matrix) -> impl Iterator<Item = String> {
    Kind::ALL.into_iter().filter_map(|kind| {
        let tally = matrix.tally(kind);
        let (right, all) = (tally.right, tally.all);
        let what = match kind {
            Kind::Bug | Kind::ClientFault => format!(
                "{right} of {all} caught by their own requirement; {} more findings follow from them, each with its reason",
                tally.explained
            ),
            Kind::Variation | Kind::LegalClient | Kind::GoodServer => format!("{right} of {all} without a finding"),
        };
        (all > 0).then(|| format!("{kind}: {what}"))
    })
}
