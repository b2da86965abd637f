//! Clients, judged by what their host saw.

use super::Check;

pub(super) const CALMYX: &[(&str, Check)] = &[];
pub(super) const HUM: &[(&str, Check)] = &[];
