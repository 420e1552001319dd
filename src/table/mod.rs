//! The table of experiments without a window: typed columns, sorting, filtering, selecting, exporting.
//! Pure and fast; nothing here draws, waits or talks to anybody.

mod column;
mod columns;
mod export;
mod filter;
mod natural;
mod sort;
mod view;

pub use column::{Cell, Column, ColumnGroup, ColumnKind};
pub use columns::{all_columns, default_columns};
pub use export::{ExportError, export_csv, export_json, export_xlsx};
pub use filter::{Filter, FilterError, server_name};
pub use natural::natural_cmp;
pub use sort::{Direction, SortKey, sorted};
pub use view::TableView;

use std::collections::HashMap;

use crate::model::{CompoundId, Experiment, TargetKey};

/// One line of the table: an experiment, with what is joined to it from other lists.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The experiment.
    pub experiment: Experiment,
    /// The target it belongs to. The server's rows do not say; they were asked for target by target.
    pub target: TargetKey,
    /// Names of its compounds, as far as they are known.
    pub compound: Option<String>,
}

impl Row {
    /// Joins an experiment with its target and the names of its compounds.
    pub fn new(
        experiment: Experiment,
        target: TargetKey,
        compounds: &HashMap<CompoundId, String>,
    ) -> Self {
        let names: Vec<&str> = experiment
            .compound_ids()
            .filter_map(|id| compounds.get(&CompoundId(id)).map(String::as_str))
            .collect();
        let compound = (!names.is_empty()).then(|| names.join(", "));
        Self {
            experiment,
            target,
            compound,
        }
    }
}
