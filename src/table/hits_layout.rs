//! How the hits are shown on the page.

use serde::{Deserialize, Serialize};

use super::ColumnFilter;
use crate::model::TargetKey;

/// What the page of hits shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HitsShape {
    /// A table.
    #[default]
    Table,
    /// A gallery of cards, each with its structure.
    Cards,
    /// Hits that have something in common, together.
    Groups,
    /// Two targets side by side.
    Compare,
}

/// How large a card is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardSize {
    /// Many at once.
    Small,
    /// The default.
    #[default]
    Medium,
    /// For large molecules.
    Large,
}

/// How the hits are shown on the page; saved for the next start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HitsLook {
    /// What is shown.
    pub shape: HitsShape,
    /// How large the cards are.
    pub card: CardSize,
    /// The field by whose values hits are grouped.
    pub group_by: String,
    /// Whether only groups that occur in several targets are shown.
    pub is_shared_only: bool,
    /// The two targets that are compared; `None` until the user chooses them.
    pub compared: Option<[TargetKey; 2]>,
    /// Whether only what both of these targets have is shown.
    pub is_in_both_only: bool,
    /// Whether the pane of sites and tags is shown; `None` until the user chooses: then it depends on the width of
    /// the window.
    pub has_sites: Option<bool>,
    /// From where a click on a group or a pair has led to the table, so that there is a way back.
    #[serde(skip)]
    pub came_from: Option<CameFrom>,
}

/// What has led to the table of hits.
#[derive(Clone, Debug, PartialEq)]
pub struct CameFrom {
    /// The layout in which it was.
    pub shape: HitsShape,
    /// The conditions that were set for it.
    pub set: Vec<ColumnFilter>,
    /// The conditions that these columns had before.
    pub before: Vec<ColumnFilter>,
}

impl Default for HitsLook {
    fn default() -> Self {
        Self {
            shape: HitsShape::Table,
            card: CardSize::Medium,
            group_by: "compound_code".to_owned(),
            is_shared_only: false,
            compared: None,
            is_in_both_only: true,
            has_sites: None,
            came_from: None,
        }
    }
}
