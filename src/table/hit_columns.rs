//! The columns of hits: one row for each observation, with what is known of its experiment, its site and its
//! compound (server-api 1.10).

use super::{
    ColumnGroup as G, ColumnKind as K,
    column::Encoding as F,
    columns::{CONFIDENCE, STARRED, STATUS, Spec, VISIBLE},
};

/// The columns that are shown by default.
pub(super) const DEFAULT: &[&str] = &[
    "code",
    "structure",
    "target",
    "site",
    "compound_code",
    "refinement_resolution",
    "ligand_confidence",
    "pose",
    "pose_role",
    "tags",
    "experiment",
    "heavy_atoms",
    "clogp",
    "pdb_code",
    "files",
];

/// The column whose cells are molecules.
pub const STRUCTURE: &str = "structure";

/// Whether an observation is the main one of its pose.
pub(super) const ROLES: &[&str] = &["Main", "Other"];

/// Yes before no.
const YES_NO: &[&str] = &["Yes", "No"];

#[rustfmt::skip]
pub(super) const SPECS: &[Spec] = &[
    Spec("code", "Code", None, G::Identity, K::Code, 112.0, F::Text, "The observation's short code, by which a download can be restricted"),
    Spec("structure", "Structure", None, G::Compound, K::Text, 120.0, F::Joined, "The ligand, drawn on this computer from its SMILES"),
    Spec("longcode", "Long code", None, G::Identity, K::Code, 190.0, F::Text, "The observation's long code"),
    Spec("version", "Version", None, G::Identity, K::Whole, 72.0, F::Number, "How many times the observation was remodelled"),
    Spec("target", "Target", None, G::Identity, K::Code, 96.0, F::Joined, "The protein, by its title"),
    Spec("tas", "TAS", None, G::Identity, K::Code, 88.0, F::Joined, "Target access string: decides who may see it"),
    Spec("open", "Visible to", None, G::Identity, K::Category(VISIBLE), 88.0, F::Joined, "Whether it is public, or visible only to members of its target access string"),
    Spec("target_name", "Target, in full", None, G::Identity, K::Text, 160.0, F::Joined, "The name that the server shows for the target"),
    Spec("experiment", "Experiment", None, G::Identity, K::Code, 120.0, F::Text, "The crystal in which it was seen; virtual observations have none"),
    Spec("experiment_status", "Status", None, G::Identity, K::Category(STATUS), 184.0, F::Text, "Progress of the analysis of the crystal"),
    Spec("pdb_code", "PDB code", None, G::Identity, K::Code, 64.0, F::Text, "Code of the crystal in the Protein Data Bank"),
    Spec("star", "Star", None, G::Own, K::Category(STARRED), 72.0, F::Joined, "The hits of experiments that you have starred; kept on this computer"),
    Spec("note", "Your note", None, G::Own, K::Text, 180.0, F::Joined, "Your own note on the experiment; kept on this computer"),
    Spec("site", "Site", None, G::Ligand, K::Code, 150.0, F::Text, "The site on the protein, by its name or number"),
    Spec("site_residues", "Residues of the site", None, G::Ligand, K::List, 220.0, F::List, "The residues that line the site"),
    Spec("conformer_site", "Conformer site", None, G::Ligand, K::Code, 170.0, F::Text, "The conformation of the site, named after an observation"),
    Spec("crystal_form_site", "Crystal form site", None, G::Ligand, K::Code, 170.0, F::Text, "The site within the crystal form"),
    Spec("pose", "Pose", None, G::Ligand, K::Code, 88.0, F::Text, "The pose: observations in which one compound binds in the same way"),
    Spec("pose_role", "Role in pose", None, G::Ligand, K::Category(ROLES), 80.0, F::Text, "Whether it is the main observation of its pose"),
    Spec("tags", "Tags", None, G::Ligand, K::List, 180.0, F::List, "Its tags; sites have columns of their own"),
    Spec("ligand_confidence", "Ligand confidence", None, G::Ligand, K::Category(CONFIDENCE), 136.0, F::Text, "The crystallographer's confidence in the ligand"),
    Spec("superseded", "Superseded", None, G::Ligand, K::Category(YES_NO), 88.0, F::Text, "Whether a later version has replaced it"),
    Spec("virtual_name", "Virtual", None, G::Ligand, K::Text, 108.0, F::Text, "Name of an observation that was computed and not measured"),
    Spec("refinement_resolution", "Resolution", Some("Å"), G::Refinement, K::Number(2), 84.0, F::Number, "High-resolution limit of the crystal's refinement"),
    Spec("refinement_rfree", "R-free", None, G::Refinement, K::Number(3), 64.0, F::Number, "R-free of the crystal's refinement, a fraction"),
    Spec("compound_code", "Compound", None, G::Compound, K::Code, 120.0, F::Text, "The compound's code"),
    Spec("compound_names", "Also called", None, G::Compound, K::List, 140.0, F::List, "Other identifiers of the compound"),
    Spec("smiles", "SMILES", None, G::Compound, K::Text, 200.0, F::Text, "Structure of the ligand"),
    Spec("scaffold", "Scaffold", None, G::Compound, K::Text, 160.0, F::Text, "Its Bemis–Murcko scaffold (rings and linkers), as SMILES"),
    Spec("heavy_atoms", "Heavy atoms", None, G::Compound, K::Whole, 72.0, F::Number, "Number of non-hydrogen atoms"),
    Spec("weight", "Weight", Some("g/mol"), G::Compound, K::Number(1), 88.0, F::Number, "Mean molecular weight"),
    Spec("clogp", "cLogP", None, G::Compound, K::Number(1), 64.0, F::Number, "Calculated octanol–water partition coefficient (Crippen)"),
    Spec("tpsa", "TPSA", Some("Å²"), G::Compound, K::Number(0), 72.0, F::Number, "Topological polar surface area"),
    Spec("donors", "Donors", None, G::Compound, K::Whole, 64.0, F::Number, "Hydrogen-bond donors"),
    Spec("acceptors", "Acceptors", None, G::Compound, K::Whole, 80.0, F::Number, "Hydrogen-bond acceptors"),
    Spec("rotatable_bonds", "Rotatable bonds", None, G::Compound, K::Whole, 80.0, F::Number, "Number of rotatable bonds"),
    Spec("rings", "Rings", None, G::Compound, K::Whole, 56.0, F::Number, "Rings"),
    Spec("charge", "Charge", None, G::Compound, K::Whole, 64.0, F::Number, "Sum of the formal charges"),
    Spec("files", "Files", None, G::Files, K::List, 156.0, F::List, "Which files the server has for this observation"),
    Spec("id", "Observation number", None, G::Bookkeeping, K::Whole, 96.0, F::Number, "The server's number for the observation"),
    Spec("experiment_id", "Experiment number", None, G::Bookkeeping, K::Whole, 96.0, F::Number, "The server's number for the experiment"),
];
