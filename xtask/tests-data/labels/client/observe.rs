//! From the wire to the machines: what a status answer says in the neutral terms of `abide-core`.

use abide_core::{Counters, Observation};

use crate::lifecycle;
use crate::types::Batch;

/// What one status answer says.
pub fn observe(batch: &Batch) -> Observation {
    Observation {
        state: lifecycle::state(batch.state.as_str()),
        counters: Counters {
            total: batch.parcels,
            processed: batch.printed.saturating_add(batch.spoilt),
            successful: batch.printed,
            failed: batch.spoilt,
        },
        delivered: Some(batch.labels.len() as u64),
        mark: 0,
    }
}
