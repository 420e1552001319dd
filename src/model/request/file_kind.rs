//! The kinds of files in a download, as the server names them and as users do.

use serde::{Deserialize, Serialize};

/// One switch of a download request.
///
/// The names are the server's parameter names; defaults differ between documentation and servers, so
/// every one of them is always sent (server-api 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// All seven aligned structure files at once; older servers offer only this.
    AllAlignedStructures,
    /// Protein with its ligand.
    BoundFile,
    /// Protein with the ligand removed.
    ApoFile,
    /// Only the solvent.
    ApoSolvFile,
    /// Protein without ligand and solvent.
    ApoDesolvFile,
    /// Ligand coordinates.
    LigandPdb,
    /// Ligand with its bond orders.
    LigandSdf,
    /// Ligand as text.
    LigandSmiles,
    /// `PanDDA` event maps.
    EventFile,
    /// 2Fo-Fc maps.
    SigmaaFile,
    /// Fo-Fc maps.
    DiffFile,
    /// How each structure was aligned.
    TransMatrixInfo,
    /// Coordinates as refined, not aligned.
    PdbInfo,
    /// Ligand restraints.
    CifInfo,
    /// Reflections and map coefficients.
    MtzInfo,
    /// Real-space maps, not aligned.
    MapInfo,
    /// All ligands in one file.
    SingleSdfFile,
    /// The table of all observations.
    MetadataInfo,
    /// Ligand SDF beside each structure under the observation's own name.
    SdfInfo,
    /// SMILES of all ligands in one file.
    SmilesInfo,
    /// Computed poses that were uploaded for the target.
    CompoundSets,
    /// The laboratory's database of soaks.
    SoakdbFiles,
    /// The aligner's own records.
    YamlFiles,
    /// Additional files from the uploader.
    ExtraFiles,
    /// Scripts for `PyMOL`.
    PymolScripts,
    /// Explanation of the archive's contents.
    Readme,
    /// Virtual observations next to the measured ones.
    IncludeVirtualObservations,
}

/// The groups of the download dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileGroup {
    /// Structures aligned to a common reference frame.
    Aligned,
    /// Maps aligned to the same reference frame.
    Maps,
    /// Files as uploaded, before alignment.
    Crystallographic,
    /// Ligands and tables.
    Ligands,
    /// Metadata, scripts and notes.
    Extras,
}

impl FileGroup {
    /// All groups in the dialog's order.
    pub const ALL: [Self; 5] = [
        Self::Aligned,
        Self::Ligands,
        Self::Maps,
        Self::Crystallographic,
        Self::Extras,
    ];

    /// Returns the heading on screen.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Aligned => "Aligned structures",
            Self::Maps => "Maps, aligned",
            Self::Crystallographic => "Crystallographic files, not aligned",
            Self::Ligands => "Ligands and tables",
            Self::Extras => "SoakDB, scripts and notes",
        }
    }

    /// Returns its kinds, in order.
    pub fn kinds(self) -> Vec<FileKind> {
        FileKind::ALL
            .into_iter()
            .filter(|kind| kind.group() == self)
            .collect()
    }
}

impl FileKind {
    /// Every switch, in the order of the dialog; [`Self::AllAlignedStructures`] first.
    pub const ALL: [Self; 27] = [
        Self::AllAlignedStructures,
        Self::BoundFile,
        Self::ApoFile,
        Self::ApoSolvFile,
        Self::ApoDesolvFile,
        Self::LigandPdb,
        Self::LigandSdf,
        Self::LigandSmiles,
        Self::SingleSdfFile,
        Self::MetadataInfo,
        Self::SdfInfo,
        Self::SmilesInfo,
        Self::CompoundSets,
        Self::EventFile,
        Self::SigmaaFile,
        Self::DiffFile,
        Self::TransMatrixInfo,
        Self::PdbInfo,
        Self::MtzInfo,
        Self::CifInfo,
        Self::MapInfo,
        Self::SoakdbFiles,
        Self::YamlFiles,
        Self::ExtraFiles,
        Self::PymolScripts,
        Self::Readme,
        Self::IncludeVirtualObservations,
    ];

    /// The seven kinds for which [`Self::AllAlignedStructures`] stands.
    pub const ALIGNED: [Self; 7] = [
        Self::BoundFile,
        Self::ApoFile,
        Self::ApoSolvFile,
        Self::ApoDesolvFile,
        Self::LigandPdb,
        Self::LigandSdf,
        Self::LigandSmiles,
    ];

    /// Returns the server's parameter name.
    pub fn parameter(self) -> &'static str {
        self.row().0
    }

    /// Returns the name for users.
    pub fn label(self) -> &'static str {
        self.row().1
    }

    /// Returns a note: a file type, or a warning about its size.
    pub fn note(self) -> &'static str {
        self.row().2
    }

    /// Returns `true` if files of this kind are so large that the dialog warns.
    pub fn is_very_large(self) -> bool {
        matches!(self, Self::MapInfo)
    }

    /// Returns its group in the dialog.
    pub fn group(self) -> FileGroup {
        match self {
            Self::AllAlignedStructures
            | Self::BoundFile
            | Self::ApoFile
            | Self::ApoSolvFile
            | Self::ApoDesolvFile
            | Self::LigandPdb
            | Self::LigandSdf
            | Self::LigandSmiles => FileGroup::Aligned,
            Self::EventFile | Self::SigmaaFile | Self::DiffFile | Self::TransMatrixInfo => {
                FileGroup::Maps
            }
            Self::PdbInfo | Self::CifInfo | Self::MtzInfo | Self::MapInfo => {
                FileGroup::Crystallographic
            }
            Self::SingleSdfFile
            | Self::MetadataInfo
            | Self::SdfInfo
            | Self::SmilesInfo
            | Self::CompoundSets => FileGroup::Ligands,
            Self::SoakdbFiles
            | Self::YamlFiles
            | Self::ExtraFiles
            | Self::PymolScripts
            | Self::Readme
            | Self::IncludeVirtualObservations => FileGroup::Extras,
        }
    }

    /// Finds a kind by the server's parameter name.
    pub fn from_parameter(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.parameter() == name)
    }

    /// Parameter name, label, note.
    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::AllAlignedStructures => (
                "all_aligned_structures",
                "Aligned structures",
                "7 file types",
            ),
            Self::BoundFile => ("bound_file", "Protein with its ligand", "PDB"),
            Self::ApoFile => ("apo_file", "Protein, ligand removed (apo)", "PDB"),
            Self::ApoSolvFile => ("apo_solv_file", "Apo, solvent only", "PDB"),
            Self::ApoDesolvFile => ("apo_desolv_file", "Apo, desolvated", "PDB"),
            Self::LigandPdb => ("ligand_pdb", "Ligand coordinates", "PDB"),
            Self::LigandSdf => ("ligand_sdf", "Ligand with bond orders", "SDF"),
            Self::LigandSmiles => ("ligand_smiles", "Ligand as text", "SMILES"),
            Self::EventFile => (
                "event_file",
                "Event maps (PanDDA)",
                "primary evidence, large",
            ),
            Self::SigmaaFile => ("sigmaa_file", "2Fo-Fc maps", "large"),
            Self::DiffFile => ("diff_file", "Fo-Fc maps", "large"),
            Self::TransMatrixInfo => (
                "trans_matrix_info",
                "Transformations",
                "how each was aligned",
            ),
            Self::PdbInfo => ("pdb_info", "Coordinates", "PDB"),
            Self::CifInfo => ("cif_info", "Restraints", "CIF"),
            Self::MtzInfo => ("mtz_info", "Reflections and map coefficients", "MTZ"),
            Self::MapInfo => ("map_info", "Real-space maps", "very large"),
            Self::SingleSdfFile => ("single_sdf_file", "All ligands in one file", "SDF"),
            Self::MetadataInfo => ("metadata_info", "Metadata table", "CSV, every observation"),
            Self::SdfInfo => ("sdf_info", "Ligand beside each structure", "SDF"),
            Self::SmilesInfo => ("smiles_info", "All ligands as text", "SMILES"),
            Self::CompoundSets => ("compound_sets", "Compound sets", "computed poses"),
            Self::SoakdbFiles => ("soakdb_files", "SoakDB", "with the uploader's files"),
            Self::YamlFiles => ("yaml_files", "Alignment records", "YAML"),
            Self::ExtraFiles => ("extra_files", "The uploader's files", "any type"),
            Self::PymolScripts => (
                "pymol_scripts",
                "PyMOL scripts",
                "text, never run by this app",
            ),
            Self::Readme => ("readme", "Read-me", "PDF, text"),
            Self::IncludeVirtualObservations => (
                "include_virtual_observations",
                "Virtual observations",
                "not measured",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_parameter_has_a_tick_box() {
        let documented = "all_aligned_structures pdb_info cif_info mtz_info diff_file event_file sigmaa_file map_info single_sdf_file metadata_info trans_matrix_info";
        for name in documented.split(' ') {
            let kind = FileKind::from_parameter(name).unwrap();
            assert!(kind.group().kinds().contains(&kind));
        }
    }

    #[test]
    fn the_name_for_the_server_is_the_name_for_serde() {
        for kind in FileKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.parameter());
        }
    }
}
