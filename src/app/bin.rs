//! The system's bin.

use std::sync::Arc;

use crate::state::Bin;

/// Moves folders to the system's bin, from which they can be restored.
pub fn system_bin() -> Bin {
    Arc::new(|folder| {
        trash::delete(folder).map_err(|error| {
            tracing::warn!(%error, "a folder could not be moved to the bin");
            error.to_string()
        })
    })
}
