//! All columns: every field of the documentation, with words, unit and type; unknown fields at the end.

use std::{borrow::Cow, collections::BTreeSet};

use super::{Cell, Column, ColumnGroup as G, ColumnKind as K, Row, column::Reader};
use crate::model::{Link, Moment, Number, Text};

/// Field, heading, unit, group, type, width in points, cell, meaning.
struct Spec(
    &'static str,
    &'static str,
    Option<&'static str>,
    G,
    K,
    f32,
    fn(&Row) -> Cell<'_>,
    &'static str,
);

/// From nothing to certain.
const CONFIDENCE: &[&str] = &[
    "No ligand modelled",
    "Low confidence",
    "Unexpected ligand",
    "Correct ligand, but weak density",
    "High confidence",
];

/// From the beginning to the end of the work.
const STATUS: &[&str] = &[
    "Experiment pending",
    "No data collected",
    "Data collection failed",
    "Analysis pending",
    "Analysis in progress",
    "Structure analysed and rejected",
    "Refinement in progress",
    "CompChem ready",
    "Structure deposited",
];

/// The columns that are shown at first.
const DEFAULT: [&str; 13] = [
    "code",
    "target",
    "refinement_resolution",
    "refinement_rfree",
    "refinement_rwork",
    "ligand_confidence",
    "space_group",
    "experiment_status",
    "data_collection_date",
    "pdb_code",
    "compound",
    "files",
    "high_resolution",
];

#[rustfmt::skip]
const SPECS: &[Spec] = &[
    Spec("code", "Code", None, G::Identity, K::Text, 132.0, |row| text(&row.experiment.code), "The crystal's code"),
    Spec("target", "Target", None, G::Identity, K::Text, 96.0, |row| Cell::text(&row.target.title), "The protein, by its title"),
    Spec("tas", "TAS", None, G::Identity, K::Text, 88.0, |row| Cell::text(row.target.tas.as_str()), "Target access string: decides who may see it"),
    Spec("id", "Experiment number", None, G::Bookkeeping, K::Whole, 80.0, |row| Cell::whole(Some(row.experiment.id.0)), "The server's number for the experiment"),
    Spec("refinement_resolution", "Resolution", Some("Å"), G::Refinement, K::Number(2), 84.0, |row| number(row.experiment.refinement_resolution), "High-resolution limit of the refinement"),
    Spec("refinement_rfree", "R-free", None, G::Refinement, K::Number(3), 64.0, |row| number(row.experiment.refinement_rfree), "R-free of the refinement, a fraction"),
    Spec("refinement_rwork", "R-work", None, G::Refinement, K::Number(3), 64.0, |row| number(row.experiment.refinement_rwork), "R-work of the refinement, a fraction"),
    Spec("ligand_confidence", "Ligand confidence", None, G::Ligand, K::Category(CONFIDENCE), 136.0, |row| text(&row.experiment.ligand_confidence), "How sure the crystallographer was of the ligand"),
    Spec("space_group", "Space group", None, G::Collection, K::Text, 76.0, |row| text(&row.experiment.space_group), "Space group of the crystal"),
    Spec("experiment_status", "Status", None, G::Identity, K::Category(STATUS), 184.0, |row| text(&row.experiment.experiment_status), "How far the analysis has come"),
    Spec("data_collection_date", "Collected", None, G::Collection, K::Moment, 104.0, |row| moment(&row.experiment.data_collection_date), "When the data were collected"),
    Spec("pdb_code", "PDB code", None, G::Identity, K::Text, 64.0, |row| text(&row.experiment.pdb_code), "Code in the Protein Data Bank"),
    Spec("compound", "Compound", None, G::Compound, K::Text, 108.0, |row| Cell::maybe_text(row.compound.as_deref()), "Codes of the compounds connected to the experiment"),
    Spec("files", "Files", None, G::Files, K::Text, 156.0, files, "Which files the server has of this experiment"),
    Spec("high_resolution", "Data resolution", Some("Å"), G::Quality, K::Number(2), 84.0, |row| number(row.experiment.high_resolution), "High-resolution limit of the data"),
    Spec("completeness_overall", "Completeness", Some("%"), G::Quality, K::Number(1), 96.0, |row| number(row.experiment.completeness_overall), "Completeness over all data"),
    Spec("completeness_high_res_shell", "Completeness, outer shell", Some("%"), G::Quality, K::Number(1), 112.0, |row| number(row.experiment.completeness_high_res_shell), "Completeness in the shell of highest resolution"),
    Spec("cchalf_overall", "CC1/2", None, G::Quality, K::Number(3), 64.0, |row| number(row.experiment.cchalf_overall), "CC1/2 over all data, a fraction"),
    Spec("cchalf_high_res_shell", "CC1/2, outer shell", None, G::Quality, K::Number(3), 80.0, |row| number(row.experiment.cchalf_high_res_shell), "CC1/2 in the shell of highest resolution, a fraction"),
    Spec("isig_i_overall", "Mean I/σ(I)", None, G::Quality, K::Number(1), 80.0, |row| number(row.experiment.isig_i_overall), "Mean signal over noise of all data"),
    Spec("isig_i_high_res_shell", "Mean I/σ(I), outer shell", None, G::Quality, K::Number(2), 96.0, |row| number(row.experiment.isig_i_high_res_shell), "Mean signal over noise in the shell of highest resolution"),
    Spec("unit_cell_dimensions", "Unit cell", Some("Å, °"), G::Collection, K::Text, 240.0, unit_cell, "a, b, c and α, β, γ"),
    Spec("data_collection_outcome", "Data collection", None, G::Collection, K::Text, 180.0, |row| text(&row.experiment.data_collection_outcome), "What came of data collection"),
    Spec("crystal_mounting_result", "Mounting", None, G::Collection, K::Text, 180.0, |row| text(&row.experiment.crystal_mounting_result), "What came of mounting the crystal"),
    Spec("processing_pipeline", "Processed with", None, G::Collection, K::Text, 96.0, |row| text(&row.experiment.processing_pipeline), "Program that processed the data"),
    Spec("dimple_rfree", "First R-free", None, G::Refinement, K::Number(3), 72.0, |row| number(row.experiment.dimple_rfree), "R-free of the automatic first refinement (Dimple)"),
    Spec("dimple_rwork", "First R-work", None, G::Refinement, K::Number(3), 72.0, |row| number(row.experiment.dimple_rwork), "R-work of the automatic first refinement (Dimple)"),
    Spec("refinement_comment", "Refinement comment", None, G::Refinement, K::Text, 180.0, |row| text(&row.experiment.refinement_comment), "Free text"),
    Spec("date_refined", "Refined", None, G::Refinement, K::Moment, 104.0, |row| moment(&row.experiment.date_refined), "When it was refined"),
    Spec("ligand_correlation_coefficient", "Ligand correlation", None, G::Ligand, K::Number(2), 88.0, |row| parsed(&row.experiment.ligand_correlation_coefficient), "Correlation of ligand and density"),
    Spec("modelled_smiles", "SMILES", None, G::Compound, K::Text, 180.0, |row| text(&row.experiment.modelled_smiles), "Structure of the compound as modelled"),
    Spec("library", "Library", None, G::Compound, K::Text, 96.0, |row| text(&row.experiment.library), "The compound library"),
    Spec("library_plate", "Plate", None, G::Compound, K::Text, 108.0, |row| text(&row.experiment.library_plate), "The plate of the library"),
    Spec("source_well", "Well", None, G::Compound, K::Text, 56.0, |row| text(&row.experiment.source_well), "Well of the plate"),
    Spec("final_compound_concentration_mm", "Concentration", Some("mM"), G::Compound, K::Number(1), 100.0, |row| number(row.experiment.final_compound_concentration_mm), "Concentration of the compound in the soak"),
    Spec("soaking_time", "Soaking time", None, G::Compound, K::Duration, 96.0, soaking, "How long the crystal soaked"),
    Spec("experiment_type", "Experiment type", None, G::Compound, K::Text, 108.0, |row| text(&row.experiment.experiment_type), "Soak or co-crystallisation"),
    Spec("experiment_start_date", "Started", None, G::Compound, K::Moment, 104.0, |row| moment(&row.experiment.experiment_start_date), "When the soak began"),
    Spec("experiment_comments", "Comments", None, G::Identity, K::Text, 180.0, |row| text(&row.experiment.experiment_comments), "Free text"),
    Spec("pdb_info", "Coordinates", None, G::Files, K::Text, 180.0, |row| link(&row.experiment.pdb_info), "Address of the coordinates, not aligned"),
    Spec("mtz_info", "Reflections", None, G::Files, K::Text, 180.0, |row| link(&row.experiment.mtz_info), "Address of the reflections"),
    Spec("cif_info", "Restraints", None, G::Files, K::Text, 180.0, |row| link(&row.experiment.cif_info), "Address of the ligand restraints"),
    Spec("map_info", "Maps", None, G::Files, K::Whole, 56.0, |row| count(row.experiment.map_info.as_deref()), "How many map files the server lists"),
    Spec("pdb_info_source_file", "Coordinates came from", None, G::Files, K::Text, 240.0, |row| text(&row.experiment.pdb_info_source_file), "Path in Diamond's file system"),
    Spec("mtz_info_source_file", "Reflections came from", None, G::Files, K::Text, 240.0, |row| text(&row.experiment.mtz_info_source_file), "Path in Diamond's file system"),
    Spec("cif_info_source_file", "Restraints came from", None, G::Files, K::Text, 240.0, |row| text(&row.experiment.cif_info_source_file), "Path in Diamond's file system"),
    Spec("map_info_source_files", "Maps came from", None, G::Files, K::Text, 240.0, |row| joined(row.experiment.map_info_source_files.as_deref()), "Paths in Diamond's file system"),
    Spec("panddarun", "PanDDA run", None, G::Files, K::Text, 240.0, |row| text(&row.experiment.panddarun), "Where the PanDDA analysis lay"),
    Spec("code_prefix", "Code prefix", None, G::Bookkeeping, K::Text, 64.0, |row| text(&row.experiment.code_prefix), "Prefix of the short codes of its observations"),
    Spec("prefix_tooltip", "Prefix means", None, G::Bookkeeping, K::Text, 180.0, |row| text(&row.experiment.prefix_tooltip), "Explanation of the prefix"),
    Spec("type", "Made by", None, G::Bookkeeping, K::Text, 108.0, made_by, "Model building or by hand"),
    Spec("status", "Upload state", None, G::Bookkeeping, K::Text, 88.0, upload_state, "What the last upload did to it"),
    Spec("experiment_upload", "Upload", None, G::Bookkeeping, K::Whole, 64.0, |row| Cell::whole(row.experiment.experiment_upload.0), "Number of the upload it came with"),
    Spec("xtalform", "Crystal form", None, G::Bookkeeping, K::Whole, 72.0, |row| Cell::whole(row.experiment.xtalform.0), "Number of its crystal form"),
    Spec("soakdb_entry", "SoakDB entry", None, G::Bookkeeping, K::Text, 120.0, |row| text(&row.experiment.soakdb_entry), "Entry in the laboratory's database"),
    Spec("date_model_last_updated", "Model changed", None, G::Bookkeeping, K::Moment, 104.0, |row| moment(&row.experiment.date_model_last_updated), "When the model was last changed"),
    Spec("date_status_updated", "Status changed", None, G::Bookkeeping, K::Moment, 104.0, |row| moment(&row.experiment.date_status_updated), "When the status was last changed"),
    Spec("model_last_updated_by", "Model changed by", None, G::Bookkeeping, K::Whole, 88.0, |row| Cell::whole(row.experiment.model_changed_by().0), "Number of the user"),
    Spec("refined_by", "Refined by", None, G::Bookkeeping, K::Whole, 72.0, |row| Cell::whole(row.experiment.refined_by.0), "Number of the user"),
    Spec("refinement_outcome", "Refinement outcome", None, G::Bookkeeping, K::Whole, 88.0, |row| Cell::whole(row.experiment.refinement_outcome.0), "Number of the outcome; apparently never set"),
    Spec("compounds", "Compound numbers", None, G::Bookkeeping, K::Text, 108.0, compound_numbers, "The server's numbers of its compounds"),
    Spec("pdb_sha256", "Checksum", None, G::Bookkeeping, K::Text, 120.0, |row| text(&row.experiment.pdb_sha256), "Checksum of the coordinates; no server fills it"),
];

/// Every column, known ones first, then one for each field that only these rows have.
pub fn all_columns(rows: &[Row]) -> Vec<Column> {
    let known = SPECS.iter().map(|spec| Column {
        field: Cow::Borrowed(spec.0),
        heading: Cow::Borrowed(spec.1),
        unit: spec.2,
        group: spec.3,
        kind: spec.4,
        width: spec.5,
        reader: Reader::Known(spec.6),
        help: Cow::Borrowed(spec.7),
    });
    let fields: BTreeSet<&String> = rows
        .iter()
        .flat_map(|row| row.experiment.unknown.keys())
        .collect();
    let unknown = fields.into_iter().map(|field| Column {
        field: Cow::Owned(field.clone()),
        heading: Cow::Owned(field.replace('_', " ")),
        unit: None,
        group: G::Unknown,
        kind: K::Text,
        width: 120.0,
        reader: Reader::Unknown,
        help: Cow::Borrowed("A field that this program does not know yet"),
    });
    known.chain(unknown).collect()
}

/// The columns to begin with: the default ones that have a value in at least one row, so that a server
/// without the newer fields does not show a dozen empty columns.
pub fn default_columns(rows: &[Row]) -> Vec<Column> {
    let all = all_columns(rows);
    DEFAULT
        .iter()
        .filter_map(|field| all.iter().find(|column| column.field == *field))
        .filter(|column| rows.is_empty() || rows.iter().any(|row| !column.cell(row).is_empty()))
        .cloned()
        .collect()
}

fn text(value: &Text) -> Cell<'_> {
    Cell::maybe_text(value.get())
}

fn number(value: Number) -> Cell<'static> {
    Cell::number(value.0)
}

fn link(value: &Link) -> Cell<'_> {
    Cell::maybe_text(value.get())
}

fn moment(value: &Moment) -> Cell<'_> {
    match value.at {
        Some(at) => Cell::Moment(at),
        None => Cell::maybe_text(value.raw.get()),
    }
}

/// A number that the server sends as text.
fn parsed(value: &Text) -> Cell<'_> {
    match value.get().map(str::parse) {
        Some(Ok(number)) => Cell::Number(number),
        Some(Err(_)) => text(value),
        None => Cell::Empty,
    }
}

fn count<T>(list: Option<&[T]>) -> Cell<'static> {
    match list.map_or(0, <[T]>::len) {
        0 => Cell::Empty,
        count => Cell::Number(count as f64),
    }
}

fn joined(list: Option<&[Text]>) -> Cell<'_> {
    let texts: Vec<&str> = list.into_iter().flatten().filter_map(Text::get).collect();
    if texts.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(texts.join(", ").into())
    }
}

fn compound_numbers(row: &Row) -> Cell<'_> {
    let texts: Vec<String> = row
        .experiment
        .compound_ids()
        .map(|id| id.to_string())
        .collect();
    if texts.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(texts.join(", ").into())
    }
}

/// With all its decimals; [`Column::text`] rounds it for the eye.
fn unit_cell(row: &Row) -> Cell<'_> {
    let values = row.experiment.unit_cell_dimensions.iter().flatten();
    let texts: Vec<String> = values
        .map(|value| {
            value
                .0
                .map_or_else(|| "–".to_owned(), |value| value.to_string())
        })
        .collect();
    if texts.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(texts.join("  ").into())
    }
}

/// Which files can be had, in the order in which people ask for them.
fn files(row: &Row) -> Cell<'_> {
    let experiment = &row.experiment;
    let has_map = experiment
        .map_info_source_files
        .iter()
        .flatten()
        .any(|path| path.get().is_some());
    let names: Vec<&str> = [
        ("PDB", experiment.pdb_info.get().is_some()),
        ("MTZ", experiment.mtz_info.get().is_some()),
        ("CIF", experiment.cif_info.get().is_some()),
        ("map", has_map),
    ]
    .into_iter()
    .filter_map(|(name, is_there)| is_there.then_some(name))
    .collect();
    if names.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(names.join(" ").into())
    }
}

fn made_by(row: &Row) -> Cell<'_> {
    match row.experiment.kind.0 {
        Some(0) => Cell::text("model building"),
        Some(1) => Cell::text("hand"),
        Some(other) => Cell::Text(other.to_string().into()),
        None => Cell::Empty,
    }
}

fn upload_state(row: &Row) -> Cell<'_> {
    match row.experiment.status.0 {
        Some(0) => Cell::text("new"),
        Some(1) => Cell::text("deprecated"),
        Some(2) => Cell::text("superseded"),
        Some(3) => Cell::text("unchanged"),
        Some(other) => Cell::Text(other.to_string().into()),
        None => Cell::Empty,
    }
}

fn soaking(row: &Row) -> Cell<'_> {
    let Some(raw) = row.experiment.soaking_time.get() else {
        return Cell::Empty;
    };
    seconds(raw).map_or(Cell::text(raw), Cell::Number)
}

/// `[days ]hours:minutes:seconds`, in seconds.
pub(super) fn seconds(raw: &str) -> Option<f64> {
    let (days, clock) = raw.split_once(' ').unwrap_or(("0", raw));
    let parts: Option<Vec<f64>> = clock.split(':').map(|part| part.parse().ok()).collect();
    match (days.parse::<f64>(), parts.as_deref()) {
        (Ok(days), Some([hours, minutes, seconds])) => {
            Some(((days * 24.0 + hours) * 60.0 + minutes) * 60.0 + seconds)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TargetKey, Tas};

    fn row(json: &str) -> Row {
        Row {
            experiment: serde_json::from_str(json).unwrap(),
            target: TargetKey {
                title: "Mpro".to_owned(),
                tas: Tas::new("lb1-1"),
            },
            compound: None,
        }
    }

    #[test]
    fn every_documented_field_has_a_column() {
        let row = row(r#"{"id":1}"#);
        let json = serde_json::to_value(&row.experiment).unwrap();
        let columns = all_columns(&[]);
        for field in json.as_object().unwrap().keys() {
            assert!(
                columns.iter().any(|column| column.field == *field),
                "{field}"
            );
        }
    }

    #[test]
    fn a_field_of_the_future_stands_at_the_end() {
        let rows = [row(r#"{"id":1,"beam_energy_kev":12.7}"#)];
        let columns = all_columns(&rows);
        let last = columns.last().unwrap();
        assert_eq!(
            (last.heading.as_ref(), last.text(&rows[0]).as_ref()),
            ("beam energy kev", "12.7")
        );
    }

    #[test]
    fn cells_read_as_people_write_them() {
        let row = row(
            r#"{"id":1,"refinement_rfree":0.19874,"soaking_time":"1 02:13:45","ligand_correlation_coefficient":"0.9",
                "data_collection_date":"2024-03-14T12:00:00Z","experiment_comments":"None","pdb_info":"http://x/a.pdb"}"#,
        );
        let text = |field: &str| {
            let columns = all_columns(&[]);
            columns
                .iter()
                .find(|column| column.field == field)
                .unwrap()
                .text(&row)
                .into_owned()
        };
        assert_eq!(text("refinement_rfree"), "0.199");
        assert_eq!(text("soaking_time"), "26 h 14 min");
        assert_eq!(text("ligand_correlation_coefficient"), "0.90");
        assert_eq!(text("data_collection_date"), "14 Mar 2024");
        assert_eq!(text("experiment_comments"), "");
        assert_eq!(text("files"), "PDB");
    }

    #[test]
    fn columns_without_any_value_are_not_among_the_first() {
        let rows = [row(r#"{"id":1,"code":"x"}"#)];
        let fields: Vec<String> = default_columns(&rows)
            .iter()
            .map(|column| column.field.to_string())
            .collect();
        assert_eq!(fields, ["code", "target"]);
    }
}
