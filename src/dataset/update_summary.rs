//! The result of an update.

use serde::{Deserialize, Serialize};

use super::difference::Difference;
use crate::model::{count_text, plural};

/// How a folder was updated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateSummary {
    /// What was different on the server.
    pub difference: Difference,
    /// Number of observations whose files were reused from the previous folder.
    pub kept: usize,
    /// Observations that were fetched again because their files had changed since the download.
    pub repaired: Vec<String>,
    /// Whether the previous folder had local changes, and so was left unchanged.
    pub was_changed_by_hand: bool,
    /// Whether nothing came that the previous folder lacks, so that it stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_without_gain: bool,
}

impl UpdateSummary {
    /// Returns the summary in words: `Updated: 3 new, 1 changed; 38 reused`.
    pub fn words(&self) -> String {
        if self.is_without_gain {
            return "Asked again: nothing more came, and the folder is as it was".to_owned();
        }
        let mut parts = vec![self.difference.words()];
        if !self.repaired.is_empty() {
            let files = plural(self.repaired.len(), "observation", "observations");
            parts.push(format!("{files} repaired"));
        }
        let kept = format!("{} reused", count_text(self.kept));
        parts.push(if self.kept == 0 {
            "all downloaded again".to_owned()
        } else {
            kept
        });
        parts.retain(|part| !part.is_empty());
        format!("Updated: {}", parts.join("; "))
    }
}
