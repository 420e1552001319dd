//! Which columns are shown, how wide, in which order and with which filters: the contents of a named view.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ColumnFilter, ColumnGroup, Direction, Sheet, SortKey, Subject};

/// A column that is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownColumn {
    /// The server's name of the field.
    pub field: String,
    /// Its width, in points; `None` means the default width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<f32>,
}

/// How a table is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The columns that are shown, in order.
    pub columns: Vec<ShownColumn>,
    /// The columns by which it is sorted, in order of priority.
    pub sort: Vec<SortKey>,
    /// The conditions on columns.
    pub filters: Vec<ColumnFilter>,
    /// How many columns on the left stay in view.
    pub frozen: usize,
    /// Whether the columns that name the target are left out while one target is shown: its name is shown above.
    #[serde(default)]
    pub hides_target: bool,
    /// Which rows it is for; views that were saved before there were hits do not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Subject>,
    /// Counts how often columns or widths were set from outside: then the window discards its own.
    #[serde(skip)]
    pub revision: u64,
}

/// Columns that have the same value in every row of a target.
pub(super) const NAMES_OF_TARGET: [&str; 2] = ["target", "tas"];

/// The built-in views of experiments.
const BUILT_IN: [(&str, &[&str]); 5] = [
    ("Overview", super::columns::DEFAULT),
    (
        "Data quality",
        &[
            "code",
            "target",
            "high_resolution",
            "completeness_overall",
            "completeness_high_res_shell",
            "cchalf_overall",
            "cchalf_high_res_shell",
            "isig_i_overall",
            "isig_i_high_res_shell",
            "space_group",
            "unit_cell_dimensions",
            "processing_pipeline",
            "data_collection_outcome",
            "data_collection_date",
        ],
    ),
    (
        "Refinement",
        &[
            "code",
            "target",
            "refinement_resolution",
            "refinement_rfree",
            "refinement_rwork",
            "dimple_rfree",
            "dimple_rwork",
            "experiment_status",
            "date_refined",
            "date_model_last_updated",
            "refinement_comment",
            "pdb_code",
            "files",
        ],
    ),
    (
        "Ligands",
        &[
            "code",
            "target",
            "compound",
            "compound_smiles",
            "ligand_confidence",
            "ligand_correlation_coefficient",
            "observations",
            "library",
            "library_plate",
            "source_well",
            "final_compound_concentration_mm",
            "soaking_time",
            "refinement_resolution",
        ],
    ),
    ("Everything", &[]),
];

/// The built-in views of hits.
const OF_HITS: [(&str, &[&str]); 4] = [
    ("Overview", super::hit_columns::DEFAULT),
    (
        "Sites and poses",
        &[
            "code",
            "target",
            "site",
            "conformer_site",
            "crystal_form_site",
            "pose",
            "pose_role",
            "tags",
            "experiment",
            "version",
        ],
    ),
    (
        "Chemistry",
        &[
            "code",
            "structure",
            "compound_code",
            "compound_names",
            "heavy_atoms",
            "weight",
            "clogp",
            "tpsa",
            "donors",
            "acceptors",
            "rotatable_bonds",
            "rings",
            "charge",
            "scaffold",
            "smiles",
        ],
    ),
    ("Everything", &[]),
];

/// Returns the built-in views, each with the fields that it shows.
pub fn built_in_views(subject: Subject) -> &'static [(&'static str, &'static [&'static str])] {
    match subject {
        Subject::Experiments => &BUILT_IN,
        Subject::Hits => &OF_HITS,
    }
}

/// Returns the default order: rows with a model first, best resolution at the top. A target has hundreds of
/// experiments of which nothing is known except that they were tried.
fn first_sort(sheet: &Sheet) -> SortKey {
    let field = "refinement_resolution";
    let has_models = sheet
        .place(field)
        .is_some_and(|place| !sheet.is_column_empty(place));
    SortKey {
        field: if has_models { field } else { "code" }.to_owned(),
        direction: Direction::Ascending,
    }
}

impl Layout {
    /// Returns a layout with the columns of these fields that have a value in at least one row, so that a server
    /// without the newer fields does not show a dozen empty ones; rows with a model first.
    pub fn of_fields(sheet: &Sheet, fields: &[&str]) -> Self {
        let has_values = |field: &&&str| {
            let place = sheet.place(field);
            place.is_some_and(|place| !sheet.is_column_empty(place))
        };
        let mut fields: Vec<&str> = fields.iter().filter(has_values).copied().collect();
        if let Some(target) = fields.iter().position(|field| *field == "target")
            && sheet.has_duplicate_titles()
            && !fields.contains(&"tas")
        {
            fields.insert(target + 1, "tas");
        }
        let columns = fields.into_iter().map(|field| ShownColumn {
            field: field.to_owned(),
            width: None,
        });
        Self {
            columns: columns.collect(),
            sort: vec![first_sort(sheet)],
            filters: Vec::new(),
            frozen: 1,
            hides_target: true,
            rows: None,
            revision: 0,
        }
    }

    /// Returns a built-in view.
    pub fn built_in(sheet: &Sheet, name: &str) -> Option<Self> {
        let mut views = built_in_views(sheet.subject()).iter();
        let (_, fields) = views.find(|(known, _)| *known == name)?;
        if !fields.is_empty() {
            return Some(Self::of_fields(sheet, fields));
        }
        let mut columns: Vec<_> = sheet.columns().iter().collect();
        // What users look for first, and what only programs need last.
        columns.sort_by_key(|column| (column.field != "code", column.group));
        let all: Vec<&str> = columns.iter().map(|column| column.field.as_ref()).collect();
        Some(Self::of_fields(sheet, &all))
    }

    /// Returns `true` if the same columns are shown in the same order, however wide they are.
    pub fn has_same_columns(&self, other: &Self) -> bool {
        let fields = |layout: &Self| {
            let columns = layout.columns.iter();
            columns
                .map(|column| column.field.clone())
                .collect::<Vec<_>>()
        };
        fields(self) == fields(other)
    }

    /// Returns `true` if a field's column is shown.
    pub fn has(&self, field: &str) -> bool {
        self.columns.iter().any(|column| column.field == field)
    }

    /// Shows or hides a column; a new one goes after the columns that precede it in the chooser.
    pub(super) fn show(&mut self, sheet: &Sheet, field: &str, is_shown: bool) {
        if NAMES_OF_TARGET.contains(&field) {
            // The user has decided explicitly about these columns.
            self.hides_target = false;
        }
        if !is_shown {
            self.columns.retain(|column| column.field != field);
            return;
        }
        if self.has(field) {
            return;
        }
        let order = sheet.subject().default_fields();
        let rank = |field: &str| {
            let first = order.iter().position(|known| *known == field);
            let place = sheet.place(field);
            let group = place
                .and_then(|place| sheet.column(place))
                .map_or(ColumnGroup::Unknown, |column| column.group);
            (first.unwrap_or(order.len()), group, place)
        };
        let own = rank(field);
        let at = self
            .columns
            .iter()
            .position(|column| rank(&column.field) > own);
        let column = ShownColumn {
            field: field.to_owned(),
            width: None,
        };
        self.columns
            .insert(at.unwrap_or(self.columns.len()), column);
    }

    pub(super) fn move_to(&mut self, field: &str, to: usize) {
        let Some(from) = self.columns.iter().position(|column| column.field == field) else {
            return;
        };
        let column = self.columns.remove(from);
        let to = if to > from { to - 1 } else { to };
        self.columns.insert(to.min(self.columns.len()), column);
    }

    pub(super) fn set_width(&mut self, field: &str, width: f32) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.field == field) {
            column.width = Some(width);
        }
    }

    /// Removes duplicates, and entries that no file of ours contains.
    #[must_use]
    pub fn sanitized(mut self) -> Self {
        let mut seen = BTreeSet::new();
        self.columns
            .retain(|column| seen.insert(column.field.clone()));
        for column in &mut self.columns {
            column.width = column
                .width
                .filter(|width| width.is_finite() && *width > 0.0);
        }
        let mut seen = BTreeSet::new();
        self.sort.retain(|key| seen.insert(key.field.clone()));
        let mut seen = BTreeSet::new();
        self.filters
            .retain(|filter| seen.insert(filter.field.clone()));
        self
    }
}
