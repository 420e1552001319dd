//! Which kinds of files were chosen, and presets.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{FileGroup, FileKind};

/// Presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The seven aligned structure files.
    Structures,
    /// What is needed to inspect the density: structures, maps, reflections, restraints.
    Coot,
    /// Ligands, tables, no structures.
    Ligands,
    /// All that the server has.
    Everything,
}

impl Preset {
    /// All of them, in the dialog's order.
    pub const ALL: [Self; 4] = [
        Self::Structures,
        Self::Coot,
        Self::Ligands,
        Self::Everything,
    ];

    /// Returns the name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Structures => "Structures only",
            Self::Coot => "For Coot",
            Self::Ligands => "Ligands and metadata",
            Self::Everything => "Everything",
        }
    }

    /// Returns the name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Structures => "structures",
            Self::Coot => "coot",
            Self::Ligands => "ligands",
            Self::Everything => "everything",
        }
    }

    /// Returns its files. Virtual observations are not files of the experiment, so `Everything` leaves them out.
    pub fn files(self) -> FileSelection {
        let mut files = FileSelection::default();
        match self {
            Self::Structures => files.set_group(FileGroup::Aligned, true),
            Self::Coot => {
                files.set_group(FileGroup::Aligned, true);
                for kind in [
                    FileKind::EventFile,
                    FileKind::SigmaaFile,
                    FileKind::DiffFile,
                    FileKind::MtzInfo,
                    FileKind::CifInfo,
                    FileKind::MetadataInfo,
                ] {
                    files.set(kind, true);
                }
            }
            Self::Ligands => {
                for kind in [
                    FileKind::SingleSdfFile,
                    FileKind::MetadataInfo,
                    FileKind::SmilesInfo,
                ] {
                    files.set(kind, true);
                }
            }
            Self::Everything => {
                for kind in FileKind::ALL {
                    files.set(kind, kind != FileKind::IncludeVirtualObservations);
                }
            }
        }
        files
    }
}

/// Which kinds of files were chosen.
///
/// [`FileKind::AllAlignedStructures`] and its seven members are kept consistent: the set is on exactly if all seven
/// are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileSelection(BTreeSet<FileKind>);

impl FileSelection {
    /// Returns `true` if the kind is selected.
    pub fn has(&self, kind: FileKind) -> bool {
        self.0.contains(&kind)
    }

    /// Selects or deselects a kind.
    pub fn set(&mut self, kind: FileKind, on: bool) {
        if kind == FileKind::AllAlignedStructures {
            for member in FileKind::ALIGNED {
                self.put(member, on);
            }
        } else {
            self.put(kind, on);
        }
        let all = FileKind::ALIGNED.into_iter().all(|member| self.has(member));
        self.put(FileKind::AllAlignedStructures, all);
    }

    /// Selects or deselects a whole group.
    pub fn set_group(&mut self, group: FileGroup, on: bool) {
        for kind in group.kinds() {
            self.set(kind, on);
        }
    }

    /// Returns what is downloaded unless something else is chosen: the structures and the metadata table.
    pub fn usual() -> Self {
        let mut files = Preset::Structures.files();
        files.set(FileKind::MetadataInfo, true);
        files
    }

    /// Returns the selected kinds, in the order of the dialog.
    pub fn kinds(&self) -> impl Iterator<Item = FileKind> {
        FileKind::ALL.into_iter().filter(|kind| self.has(*kind))
    }

    /// Returns `true` if no kind is selected.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `true` if some but not all of the aligned structure files were chosen: older servers cannot do that.
    pub fn needs_single_types(&self) -> bool {
        let single = FileKind::ALIGNED.into_iter().chain([FileKind::SdfInfo]);
        !self.has(FileKind::AllAlignedStructures) && single.into_iter().any(|kind| self.has(kind))
    }

    /// Returns `true` if the list of SMILES was chosen without the structures: older servers send it only with them.
    pub fn needs_smiles_alone(&self) -> bool {
        self.has(FileKind::SmilesInfo) && !self.has(FileKind::AllAlignedStructures)
    }

    /// Returns how a server deviates from the choice, as a sentence; `None` if it does not, or if that is not known.
    /// `has_single_types` says whether it has a switch for each structure file.
    pub fn generation_note(&self, has_single_types: Option<bool>) -> Option<&'static str> {
        if has_single_types != Some(false) {
            None
        } else if self.needs_single_types() {
            Some(
                "This server sends the seven structure files only together; those that you did not choose are removed after the download.",
            )
        } else if self.needs_smiles_alone() {
            Some(
                "This server sends the list of SMILES only with all structures; this program makes it from the metadata table.",
            )
        } else {
            None
        }
    }

    /// Returns a short summary of the selection, for lists: the name of a preset, or else the groups.
    pub fn summary(&self) -> String {
        if let Some(preset) = Preset::ALL
            .into_iter()
            .find(|preset| preset.files() == *self)
        {
            return preset.label().to_lowercase().replace("coot", "Coot");
        }
        let mut words = Vec::new();
        if FileKind::ALIGNED.into_iter().any(|kind| self.has(kind)) {
            words.push("structures".to_owned());
        }
        for kind in self.kinds() {
            if kind.group() != FileGroup::Aligned {
                words.push(lower_first(kind.label()));
            }
        }
        match words.len() {
            0 => "nothing".to_owned(),
            1..=4 => join_words(&words),
            _ => format!(
                "{} and {} more",
                words.iter().take(3).cloned().collect::<Vec<_>>().join(", "),
                words.len() - 3
            ),
        }
    }

    fn put(&mut self, kind: FileKind, on: bool) {
        if on {
            self.0.insert(kind);
        } else {
            self.0.remove(&kind);
        }
    }
}

impl FromIterator<FileKind> for FileSelection {
    fn from_iter<I: IntoIterator<Item = FileKind>>(kinds: I) -> Self {
        let mut files = Self::default();
        for kind in kinds {
            files.set(kind, true);
        }
        files
    }
}

/// Converts the first letter to lower case, unless the word is a name such as `PyMOL` or `SoakDB`.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second))
            if first.is_uppercase()
                && second.is_lowercase()
                && !text.starts_with("PyMOL")
                && !text.starts_with("SoakDB") =>
        {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// `a, b and c`.
fn join_words(words: &[String]) -> String {
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_selected_exactly_when_its_seven_members_are() {
        let mut files = FileSelection::default();
        files.set(FileKind::AllAlignedStructures, true);
        assert!(FileKind::ALIGNED.into_iter().all(|kind| files.has(kind)));
        files.set(FileKind::ApoFile, false);
        assert!(!files.has(FileKind::AllAlignedStructures));
        assert!(files.needs_single_types());
        files.set(FileKind::ApoFile, true);
        assert!(files.has(FileKind::AllAlignedStructures));
        assert!(!files.needs_single_types());
    }

    #[test]
    fn a_selection_is_summarised_briefly() {
        assert_eq!(Preset::Coot.files().summary(), "for Coot");
        let files: FileSelection = [FileKind::AllAlignedStructures, FileKind::MetadataInfo]
            .into_iter()
            .collect();
        assert_eq!(files.summary(), "structures and metadata table");
    }
}
