//! All columns: every field of the documentation (server-api 3), with heading, unit and type, and what is joined from
//! other lists.

use std::borrow::Cow;

use super::{
    Column, ColumnGroup as G, ColumnKind as K,
    column::Encoding::{self, self as F},
};

/// Field, heading, unit, group, type, width in points, form, meaning.
pub(super) struct Spec(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) Option<&'static str>,
    pub(super) G,
    pub(super) K,
    pub(super) f32,
    pub(super) Encoding,
    pub(super) &'static str,
);

/// From "no ligand" to "certain".
pub(super) const CONFIDENCE: &[&str] = &[
    "No ligand modelled",
    "Low confidence",
    "Unexpected ligand",
    "Correct ligand, but weak density",
    "High confidence",
];

/// From the beginning to the end of the work.
pub(super) const STATUS: &[&str] = &[
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

/// The columns that are shown by default.
pub(super) const DEFAULT: &[&str] = &[
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

/// Who may see it.
pub(super) const VISIBLE: &[&str] = &["Everybody", "Members"];

/// How it was made.
const MADE_BY: &[(&str, &str)] = &[("0", "model building"), ("1", "hand")];

/// What the last upload did to it.
const UPLOAD_STATE: &[(&str, &str)] = &[
    ("0", "new"),
    ("1", "deprecated"),
    ("2", "superseded"),
    ("3", "unchanged"),
];

/// The column that says whether a row is new.
pub const NEWS: &str = "news";

/// What a starred experiment shows in the column of stars.
pub(super) const STARRED: &[&str] = &["Starred"];

/// New before changed.
pub(super) const NEWS_STATES: &[&str] = &["New", "Changed"];

/// The column that counts what was seen bound in a crystal.
pub const OBSERVATIONS: &str = "observations";

#[rustfmt::skip]
pub(super) const SPECS: &[Spec] = &[
    Spec("code", "Code", None, G::Identity, K::Code, 132.0, F::Text, "The crystal's code"),
    Spec("target", "Target", None, G::Identity, K::Code, 96.0, F::Joined, "The protein, by its title"),
    Spec("tas", "TAS", None, G::Identity, K::Code, 88.0, F::Joined, "Target access string: decides who may see it"),
    Spec("open", "Visible to", None, G::Identity, K::Category(VISIBLE), 88.0, F::Joined, "Whether it is public, or visible only to members of its target access string"),
    Spec("target_name", "Target, in full", None, G::Identity, K::Text, 160.0, F::Joined, "The name that the server shows for the target"),
    Spec("id", "Experiment number", None, G::Bookkeeping, K::Whole, 80.0, F::Number, "The server's number for the experiment"),
    Spec("refinement_resolution", "Resolution", Some("Å"), G::Refinement, K::Number(2), 84.0, F::Number, "High-resolution limit of the refinement"),
    Spec("refinement_rfree", "R-free", None, G::Refinement, K::Number(3), 64.0, F::Number, "R-free of the refinement, a fraction"),
    Spec("refinement_rwork", "R-work", None, G::Refinement, K::Number(3), 64.0, F::Number, "R-work of the refinement, a fraction"),
    Spec("ligand_confidence", "Ligand confidence", None, G::Ligand, K::Category(CONFIDENCE), 136.0, F::Text, "The crystallographer's confidence in the ligand"),
    Spec("space_group", "Space group", None, G::Collection, K::Category(&[]), 76.0, F::Text, "Space group of the crystal"),
    Spec("experiment_status", "Status", None, G::Identity, K::Category(STATUS), 184.0, F::Text, "Progress of the analysis"),
    Spec("data_collection_date", "Collected", None, G::Collection, K::Moment, 104.0, F::Time, "When the data were collected"),
    Spec("pdb_code", "PDB code", None, G::Identity, K::Code, 64.0, F::Text, "Code in the Protein Data Bank"),
    Spec("compound", "Compound", None, G::Compound, K::Code, 108.0, F::Joined, "Codes of the compounds connected to the experiment"),
    Spec("compound_smiles", "Compound SMILES", None, G::Compound, K::Text, 180.0, F::Joined, "Structures of the compounds connected to the experiment"),
    Spec("files", "Files", None, G::Files, K::List, 156.0, F::Joined, "Which files the server has for this experiment"),
    Spec("news", "New", None, G::Identity, K::Category(NEWS_STATES), 80.0, F::Joined, "Whether the server has added or changed it since your last visit"),
    Spec("star", "Star", None, G::Own, K::Category(STARRED), 72.0, F::Joined, "The experiments that you have starred; kept on this computer"),
    Spec("note", "Your note", None, G::Own, K::Text, 180.0, F::Joined, "Your own note on the experiment; kept on this computer"),
    Spec("observations", "Observations", None, G::Ligand, K::Whole, 88.0, F::JoinedNumber, "How many ligands were seen bound; known for the targets whose observations have been read"),
    Spec("high_resolution", "Data resolution", Some("Å"), G::Quality, K::Number(2), 84.0, F::Number, "High-resolution limit of the data"),
    Spec("completeness_overall", "Completeness", Some("%"), G::Quality, K::Number(1), 96.0, F::Number, "Completeness over all data"),
    Spec("completeness_high_res_shell", "Completeness, outer shell", Some("%"), G::Quality, K::Number(1), 112.0, F::Number, "Completeness in the highest-resolution shell"),
    Spec("cchalf_overall", "CC1/2", None, G::Quality, K::Number(3), 64.0, F::Number, "CC1/2 over all data, a fraction"),
    Spec("cchalf_high_res_shell", "CC1/2, outer shell", None, G::Quality, K::Number(3), 80.0, F::Number, "CC1/2 in the highest-resolution shell, a fraction"),
    Spec("isig_i_overall", "Mean I/σ(I)", None, G::Quality, K::Number(1), 80.0, F::Number, "Mean signal-to-noise ratio over all data"),
    Spec("isig_i_high_res_shell", "Mean I/σ(I), outer shell", None, G::Quality, K::Number(2), 96.0, F::Number, "Mean signal-to-noise ratio in the highest-resolution shell"),
    Spec("unit_cell_dimensions", "Unit cell", Some("Å, °"), G::Collection, K::UnitCell, 240.0, F::Cell, "a, b, c and α, β, γ"),
    Spec("data_collection_outcome", "Data collection", None, G::Collection, K::Category(&[]), 180.0, F::Text, "Outcome of data collection"),
    Spec("crystal_mounting_result", "Mounting", None, G::Collection, K::Text, 180.0, F::Text, "Outcome of mounting the crystal"),
    Spec("processing_pipeline", "Processed with", None, G::Collection, K::Category(&[]), 96.0, F::Text, "Program that processed the data"),
    Spec("dimple_rfree", "First R-free", None, G::Refinement, K::Number(3), 72.0, F::Number, "R-free of the initial automatic refinement (DIMPLE)"),
    Spec("dimple_rwork", "First R-work", None, G::Refinement, K::Number(3), 72.0, F::Number, "R-work of the initial automatic refinement (DIMPLE)"),
    Spec("refinement_comment", "Refinement comment", None, G::Refinement, K::Text, 180.0, F::Text, "Free text"),
    Spec("date_refined", "Refined", None, G::Refinement, K::Moment, 104.0, F::Time, "When it was refined"),
    Spec("ligand_correlation_coefficient", "Ligand correlation", None, G::Ligand, K::Number(2), 88.0, F::Parsed, "Correlation between ligand and electron density"),
    Spec("modelled_smiles", "SMILES", None, G::Compound, K::Text, 180.0, F::Text, "Structure of the compound as modelled"),
    Spec("library", "Library", None, G::Compound, K::Category(&[]), 96.0, F::Text, "The compound library"),
    Spec("library_plate", "Plate", None, G::Compound, K::Code, 108.0, F::Text, "The plate of the library"),
    Spec("source_well", "Well", None, G::Compound, K::Code, 56.0, F::Text, "Well of the plate"),
    Spec("final_compound_concentration_mm", "Concentration", Some("mM"), G::Compound, K::Number(1), 100.0, F::Number, "Concentration of the compound in the soak"),
    Spec("soaking_time", "Soaking time", None, G::Compound, K::Duration, 96.0, F::Length, "How long the crystal was soaked"),
    Spec("experiment_type", "Experiment type", None, G::Compound, K::Category(&[]), 108.0, F::Text, "Soak or co-crystallisation"),
    Spec("experiment_start_date", "Started", None, G::Compound, K::Moment, 104.0, F::Time, "When the soak began"),
    Spec("experiment_comments", "Comments", None, G::Identity, K::Text, 180.0, F::Text, "Free text"),
    Spec("pdb_info", "Coordinates", None, G::Files, K::Link, 180.0, F::Link, "Address of the coordinates, not aligned"),
    Spec("mtz_info", "Reflections", None, G::Files, K::Link, 180.0, F::Link, "Address of the reflections"),
    Spec("cif_info", "Restraints", None, G::Files, K::Link, 180.0, F::Link, "Address of the ligand restraints"),
    Spec("map_info", "Maps", None, G::Files, K::Whole, 56.0, F::Count, "How many map files the server lists"),
    Spec("pdb_info_source_file", "Source of coordinates", None, G::Files, K::Text, 240.0, F::Text, "Path in Diamond's file system"),
    Spec("mtz_info_source_file", "Source of reflections", None, G::Files, K::Text, 240.0, F::Text, "Path in Diamond's file system"),
    Spec("cif_info_source_file", "Source of restraints", None, G::Files, K::Text, 240.0, F::Text, "Path in Diamond's file system"),
    Spec("map_info_source_files", "Source of maps", None, G::Files, K::List, 240.0, F::List, "Paths in Diamond's file system"),
    Spec("panddarun", "PanDDA run", None, G::Files, K::Text, 240.0, F::Text, "Path of the PanDDA analysis"),
    Spec("code_prefix", "Code prefix", None, G::Bookkeeping, K::Category(&[]), 64.0, F::Text, "Prefix of the short codes of its observations"),
    Spec("prefix_tooltip", "Meaning of prefix", None, G::Bookkeeping, K::Text, 180.0, F::Text, "Explanation of the prefix"),
    Spec("type", "Made by", None, G::Bookkeeping, K::Category(&[]), 108.0, F::Named(MADE_BY), "Model building or by hand"),
    Spec("status", "Upload state", None, G::Bookkeeping, K::Category(&[]), 88.0, F::Named(UPLOAD_STATE), "What the last upload did to it"),
    Spec("experiment_upload", "Upload", None, G::Bookkeeping, K::Whole, 64.0, F::Number, "Number of the upload it belongs to"),
    Spec("upload_version", "Upload version", None, G::Bookkeeping, K::Whole, 112.0, F::JoinedNumber, "Which version of the target's data it came with, counted from 1; servers of 2026 do not say so"),
    Spec("xtalform", "Crystal form", None, G::Bookkeeping, K::Whole, 72.0, F::Number, "Number of its crystal form"),
    Spec("soakdb_entry", "SoakDB entry", None, G::Bookkeeping, K::Code, 120.0, F::Text, "Entry in the laboratory's database"),
    Spec("date_model_last_updated", "Model changed", None, G::Bookkeeping, K::Moment, 104.0, F::Time, "When the model was last changed"),
    Spec("date_status_updated", "Status changed", None, G::Bookkeeping, K::Moment, 104.0, F::Time, "When the status was last changed"),
    Spec("model_last_updated_by", "Model changed by", None, G::Bookkeeping, K::Whole, 88.0, F::Number, "Number of the user"),
    Spec("refined_by", "Refined by", None, G::Bookkeeping, K::Whole, 72.0, F::Number, "Number of the user"),
    Spec("refinement_outcome", "Refinement outcome", None, G::Bookkeeping, K::Whole, 88.0, F::Number, "Number of the outcome; apparently never set"),
    Spec("compounds", "Compound numbers", None, G::Bookkeeping, K::List, 108.0, F::List, "The server's numbers of its compounds"),
    Spec("pdb_sha256", "Checksum", None, G::Bookkeeping, K::Text, 120.0, F::Text, "Checksum of the coordinates; no server fills it"),
];

/// Returns the columns of these descriptions, in the order of the chooser.
pub(super) fn of_specs(specs: &[Spec]) -> Vec<Column> {
    specs
        .iter()
        .map(|spec| Column {
            field: Cow::Borrowed(spec.0),
            heading: Cow::Borrowed(spec.1),
            unit: spec.2,
            group: spec.3,
            kind: spec.4,
            width: spec.5,
            form: spec.6,
            help: Cow::Borrowed(spec.7),
        })
        .collect()
}

/// Returns the column of a field that this program does not know yet.
pub(super) fn unknown_column(field: &str) -> Column {
    Column {
        field: Cow::Owned(field.to_owned()),
        heading: Cow::Owned(field.replace('_', " ")),
        unit: None,
        group: G::Unknown,
        kind: K::Text,
        width: 120.0,
        form: F::Unknown,
        help: Cow::Borrowed("A field that this program does not know yet"),
    }
}
