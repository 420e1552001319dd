//! What the rows of a table represent.

use serde::{Deserialize, Serialize};

use super::{Column, columns, hit_columns};

/// What the rows of a table represent.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Crystals that were soaked and measured.
    #[default]
    Experiments,
    /// Observations: ligands seen bound.
    Hits,
}

impl Subject {
    /// Returns what the rows are, as a title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Experiments => "Experiments",
            Self::Hits => "Hits",
        }
    }

    /// Returns what the rows are, inside a sentence.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Experiments => "experiments",
            Self::Hits => "hits",
        }
    }

    /// Returns the known columns, in the order of the chooser.
    pub(super) fn columns(self) -> Vec<Column> {
        columns::of_specs(match self {
            Self::Experiments => columns::SPECS,
            Self::Hits => hit_columns::SPECS,
        })
    }

    /// Returns the fields whose columns are shown by default.
    pub(super) fn default_fields(self) -> &'static [&'static str] {
        match self {
            Self::Experiments => columns::DEFAULT,
            Self::Hits => hit_columns::DEFAULT,
        }
    }
}
