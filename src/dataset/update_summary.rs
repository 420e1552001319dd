//! What an update has brought.

use serde::{Deserialize, Serialize};

use super::difference::Difference;
use crate::model::{count_text, plural};

/// How a folder was brought up to date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateSummary {
    /// What was other on the server.
    pub difference: Difference,
    /// Observations whose files were taken over from the previous folder.
    pub kept: usize,
    /// Observations that were fetched again because their files were not as they had been downloaded.
    pub repaired: Vec<String>,
    /// Whether the previous folder had been changed by hand, and so was left as it was.
    pub was_changed_by_hand: bool,
}

impl UpdateSummary {
    /// In words: `Brought up to date: 3 new, 1 changed; 38 taken over`.
    pub fn words(&self) -> String {
        let mut parts = vec![self.difference.words()];
        if !self.repaired.is_empty() {
            let files = plural(self.repaired.len(), "observation", "observations");
            parts.push(format!("{files} repaired"));
        }
        let kept = format!("{} taken over", count_text(self.kept));
        parts.push(if self.kept == 0 {
            "all downloaded again".to_owned()
        } else {
            kept
        });
        parts.retain(|part| !part.is_empty());
        format!("Brought up to date: {}", parts.join("; "))
    }
}
