//! Which kind of file a member of an archive is, according to its path (server-api 2.3).
//!
//! Layouts differ between generations and between versions of the aligner (`_apo`, `_delig`; `.mol`, `.sdf`), so only
//! what they have in common is used.

use crate::model::FileKind;

/// Suffix of the empty marker files for files that the server lacks.
pub(super) const MARKER: &str = "_FILE_NOT_IN_UPLOAD";

/// Folder of the files of one observation each.
pub(crate) const ALIGNED: &str = "aligned_files/";
/// Folder of the files of one crystal each.
pub(super) const CRYSTALLOGRAPHIC: &str = "crystallographic_files/";

/// Kinds for which every observation has a file of its own, or a statement by the server that it lacks it.
pub(crate) const OF_AN_OBSERVATION: [FileKind; 11] = [
    FileKind::BoundFile,
    FileKind::ApoFile,
    FileKind::ApoSolvFile,
    FileKind::ApoDesolvFile,
    FileKind::LigandPdb,
    FileKind::LigandSdf,
    FileKind::LigandSmiles,
    FileKind::SdfInfo,
    FileKind::EventFile,
    FileKind::SigmaaFile,
    FileKind::DiffFile,
];

/// Kinds for which every crystal has a file of its own.
pub(crate) const OF_A_CRYSTAL: [FileKind; 4] = [
    FileKind::PdbInfo,
    FileKind::MtzInfo,
    FileKind::CifInfo,
    FileKind::MapInfo,
];

/// Returns `true` if a file belongs to a kind, for counting: tolerates unknown layouts.
pub(super) fn is_of_kind(path: &str, kind: FileKind) -> bool {
    let ends = |ending: &str| path.ends_with(ending);
    let is_aligned = path.starts_with(ALIGNED);
    let is_crystallographic = path.starts_with(CRYSTALLOGRAPHIC);
    let is_apo = path.contains("_apo") || path.contains("_delig");
    match kind {
        FileKind::BoundFile => is_aligned && ends(".pdb") && !is_apo && !ends("_ligand.pdb"),
        FileKind::ApoFile => is_aligned && is_apo && ends(".pdb") && !ends("solv.pdb"),
        FileKind::ApoSolvFile => is_aligned && ends("-solv.pdb"),
        FileKind::ApoDesolvFile => is_aligned && ends("-desolv.pdb"),
        FileKind::LigandPdb => is_aligned && ends("_ligand.pdb"),
        FileKind::LigandSdf => is_aligned && (ends(".sdf") || ends("_ligand.mol")),
        FileKind::LigandSmiles => is_aligned && ends("_ligand.smi"),
        FileKind::EventFile => is_aligned && path.contains("_event"),
        FileKind::SigmaaFile => is_aligned && path.contains("_sigmaa"),
        FileKind::DiffFile => is_aligned && path.contains("_diff"),
        FileKind::TransMatrixInfo => ends("_transforms.yaml"),
        FileKind::PdbInfo => is_crystallographic && ends(".pdb"),
        FileKind::CifInfo => is_crystallographic && ends(".cif"),
        FileKind::MtzInfo => is_crystallographic && ends(".mtz"),
        FileKind::MapInfo => is_crystallographic && ends(".ccp4"),
        FileKind::SingleSdfFile => ends(COMBINED),
        FileKind::MetadataInfo => path == "metadata.csv",
        FileKind::SdfInfo => is_aligned && ends(".sdf"),
        FileKind::SmilesInfo => path == "smiles.smi",
        FileKind::CompoundSets => path.starts_with("virtual_hits/"),
        FileKind::SoakdbFiles => path.contains("soakdb"),
        FileKind::YamlFiles => path.starts_with("yaml_files/"),
        FileKind::ExtraFiles => path.starts_with("extra_files"),
        FileKind::PymolScripts => path.starts_with("scripts/"),
        FileKind::Readme => path.starts_with("README"),
        FileKind::AllAlignedStructures | FileKind::IncludeVirtualObservations => false,
    }
}

/// Suffix of the combined ligand file.
pub(crate) const COMBINED: &str = "_combined.sdf";

/// Returns the kinds that a file of an observation counts for. `name` is its name without the folders; it must begin
/// with the observation's own code, otherwise it is a file of something else.
pub(crate) fn kinds_of_aligned(code: &str, name: &str) -> &'static [FileKind] {
    let Some(rest) = name.strip_prefix(code) else {
        return &[];
    };
    match rest {
        ".pdb" => &[FileKind::BoundFile],
        "_ligand.pdb" => &[FileKind::LigandPdb],
        // Two names for the same contents (server-api 2.3); which of them is sent depends on the generation.
        "_ligand.sdf" | "_ligand.mol" | ".sdf" => &[FileKind::LigandSdf, FileKind::SdfInfo],
        "_ligand.smi" => &[FileKind::LigandSmiles],
        _ => kinds_of_variant(rest),
    }
}

/// Returns the kinds of a name whose middle depends on the aligner's version or on the map.
fn kinds_of_variant(rest: &str) -> &'static [FileKind] {
    if let Some(stem) = rest.strip_suffix(".pdb") {
        let Some(word) = stem.strip_prefix('_') else {
            return &[];
        };
        return match word.split_once('-') {
            Some((_, "solv")) => &[FileKind::ApoSolvFile],
            Some((_, "desolv")) => &[FileKind::ApoDesolvFile],
            Some(_) => &[],
            None => &[FileKind::ApoFile],
        };
    }
    if ![".ccp4", ".map", ".mrc"]
        .iter()
        .any(|ending| rest.ends_with(ending))
    {
        return &[];
    }
    // The second map, in the crystal's own frame, is a companion: some servers never say whether they lack it.
    if rest.contains("_crystallographic") {
        return &[];
    }
    if rest.starts_with("_event") {
        &[FileKind::EventFile]
    } else if rest.starts_with("_sigmaa") {
        &[FileKind::SigmaaFile]
    } else if rest.starts_with("_diff") {
        &[FileKind::DiffFile]
    } else {
        &[]
    }
}

/// Returns the kind of a crystal's own file.
pub(super) fn kind_of_crystal(name: &str) -> Option<FileKind> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending {
        "pdb" => Some(FileKind::PdbInfo),
        "cif" => Some(FileKind::CifInfo),
        "mtz" => Some(FileKind::MtzInfo),
        "ccp4" => Some(FileKind::MapInfo),
        _ => None,
    }
}

/// Returns the kinds that the server lacks according to a line of `errors.csv`, or a marker. `parameter` is its first
/// column.
pub(super) fn kinds_lacking(parameter: &str, path: &str) -> Vec<FileKind> {
    let name = path.rsplit('/').next().unwrap_or_default();
    if parameter.ends_with("_crystallographic") || name.contains("_crystallographic") {
        return Vec::new();
    }
    // Names of the server's own fields, which are not those of its switches.
    if ["sdf_files", "sdf_info", "ligand_mol", "ligand_sdf"].contains(&parameter)
        || ["sdf_info", "ligand_mol", "ligand_sdf"].contains(&name)
    {
        return vec![FileKind::LigandSdf, FileKind::SdfInfo];
    }
    let named = FileKind::ALL
        .into_iter()
        .find(|kind| kind.parameter() == parameter || kind.parameter() == name);
    if let Some(kind) = named {
        return vec![kind];
    }
    if let Some((code, name)) = path
        .strip_prefix(ALIGNED)
        .and_then(|path| path.split_once('/'))
    {
        return kinds_of_aligned(code, name).to_vec();
    }
    if path.starts_with(CRYSTALLOGRAPHIC) {
        return kind_of_crystal(name).into_iter().collect();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_of_every_generation_has_its_kind_and_a_strange_name_has_none() {
        use FileKind as K;
        for (name, kinds) in [
            ("A1a.pdb", &[K::BoundFile][..]),
            ("A1a_apo.pdb", &[K::ApoFile]),
            ("A1a_delig.pdb", &[K::ApoFile]),
            ("A1a_delig-solv.pdb", &[K::ApoSolvFile]),
            ("A1a_apo-desolv.pdb", &[K::ApoDesolvFile]),
            ("A1a_ligand.pdb", &[K::LigandPdb]),
            ("A1a_ligand.mol", &[K::LigandSdf, K::SdfInfo]),
            ("A1a.sdf", &[K::LigandSdf, K::SdfInfo]),
            ("A1a_ligand.smi", &[K::LigandSmiles]),
            ("A1a_event.ccp4", &[K::EventFile]),
            ("A1a_event_crystallographic.ccp4", &[]),
            ("A2a.pdb", &[]),
            ("other.txt", &[]),
        ] {
            assert_eq!(kinds_of_aligned("A1a", name), kinds, "{name}");
        }
        // The code of an observation that someone made by hand.
        let code = "Mpro-x0107_fake_P1-a";
        let name = "Mpro-x0107_fake_P1-a_delig-solv.pdb";
        assert_eq!(kinds_of_aligned(code, name), [K::ApoSolvFile]);
    }

    #[test]
    fn lines_and_markers_name_what_the_server_lacks() {
        use FileKind as K;
        for (parameter, path, kinds) in [
            (
                "event_file",
                "aligned_files/a/event_file",
                &[K::EventFile][..],
            ),
            (
                "event_file_crystallographic",
                "aligned_files/a/a_event_crystallographic.ccp4",
                &[],
            ),
            (
                "mtz_info",
                "crystallographic_files/A-x1/mtz_info",
                &[K::MtzInfo],
            ),
            ("sdf_info", "", &[K::LigandSdf, K::SdfInfo]),
            ("sdf_files", "missing", &[K::LigandSdf, K::SdfInfo]),
            ("", "aligned_files/a/a_delig.pdb", &[K::ApoFile]),
            ("", "crystallographic_files/A-x1/A-x1.mtz", &[K::MtzInfo]),
            ("", "aligned_files/a/apo_file", &[K::ApoFile]),
        ] {
            assert_eq!(kinds_lacking(parameter, path), kinds, "{parameter} {path}");
        }
    }
}
