//! What the choices come to: the request, the sentence about it, and why it cannot be sent.

use super::{DownloadDialog, Scope};
use crate::{
    downloads::{Job, folder_name},
    model::{DownloadRequest, FileKind, PROTEINS_LIMIT, byte_text, count_text, plural},
    state::{Observations, State},
    ui::words::first_upper,
};

impl DownloadDialog {
    /// The target's observations, once they are there.
    pub(super) fn observations<'a>(&self, state: &'a State) -> Option<&'a Observations> {
        state.experiments.observations_of(&self.target)?.value()
    }

    /// The short codes of the observations of the selected experiments.
    pub(super) fn selected_codes(&self, state: &State) -> Option<Vec<String>> {
        let observations = self.observations(state)?;
        let is_wanted = |id: &Option<_>| id.is_some_and(|id| self.selected.contains(&id));
        let wanted = observations
            .rows
            .iter()
            .filter(|row| is_wanted(&row.experiment));
        Some(
            wanted
                .filter_map(|row| row.code.get().map(str::to_owned))
                .collect(),
        )
    }

    pub(super) fn request(&self, state: &State) -> DownloadRequest {
        let codes = match self.scope {
            Scope::All => Vec::new(),
            Scope::Selected => self.selected_codes(state).unwrap_or_default(),
        };
        DownloadRequest {
            target: self.target.clone(),
            codes,
            files: self.files.clone(),
            static_link: self.static_link,
        }
    }

    pub(super) fn job(&self, state: &State) -> Job {
        Job {
            request: self.request(state),
            parent: self.folder_path(),
            unpack: self.unpack,
            keep_archive: self.keep_archive || !self.unpack,
        }
    }

    /// Why the download cannot begin, and what to do about it.
    pub(super) fn refusal(&self, state: &State) -> Option<String> {
        if self.files.is_empty() {
            return Some("Nothing would be downloaded. Tick at least one file type.".to_owned());
        }
        if self
            .files
            .kinds()
            .all(|kind| kind == FileKind::IncludeVirtualObservations)
        {
            return Some(
                "Virtual observations alone are no files. Tick at least one file type.".to_owned(),
            );
        }
        if self.folder.trim().is_empty() {
            return Some("Say where the files are to go.".to_owned());
        }
        if self.folder_path().is_relative() {
            return Some(
                "Give the folder with its whole path, from the very beginning.".to_owned(),
            );
        }
        if self.scope == Scope::All {
            return None;
        }
        let Some(codes) = self.selected_codes(state) else {
            return Some(
                match state
                    .experiments
                    .observations_of(&self.target)
                    .and_then(|load| load.problem())
                {
                    Some(problem) => format!(
                        "The observations of the target could not be read: {}. Download all of them, or try again.",
                        problem.message
                    ),
                    None => "One moment: the target's observations are being read.".to_owned(),
                },
            );
        };
        if codes.is_empty() {
            return Some(
                "No ligand was seen bound in any of the selected experiments, so the server has no structures of them to download."
                    .to_owned(),
            );
        }
        let length = self.request(state).proteins().len();
        (length > PROTEINS_LIMIT).then(|| {
            format!(
                "{} are more than the server takes in one go. Select fewer experiments, or download all observations.",
                plural(codes.len(), "observation", "observations")
            )
        })
    }

    /// `all 312 observations`, `9 observations`, as far as is known.
    pub(super) fn amount(&self, state: &State) -> String {
        let observations = self.observations(state);
        match self.scope {
            Scope::All => match observations.filter(|list| list.is_complete) {
                Some(list) => format!(
                    "all {}",
                    plural(list.rows.len(), "observation", "observations")
                ),
                None => "all observations".to_owned(),
            },
            Scope::Selected => {
                let count = self.selected_codes(state).map_or(0, |codes| codes.len());
                plural(count, "observation", "observations")
            }
        }
    }

    /// What will happen.
    pub(super) fn sentence(&self, state: &State) -> String {
        let amount = first_upper(&self.amount(state));
        let name = folder_name(&self.target);
        let place = self.folder_path();
        let result = match (self.unpack, self.keep_archive) {
            (true, false) => format!("into a new folder {}", name.as_str()),
            (true, true) => format!(
                "into a new folder {}, with the archive beside it",
                name.as_str()
            ),
            (false, _) => "as one archive".to_owned(),
        };
        let mut sentence = format!(
            "{amount} of {}: {}, {result} in {}.",
            self.target,
            self.files.summary(),
            place.display()
        );
        let room = state
            .downloads
            .room
            .value()
            .filter(|room| room.folder == place);
        if let Some(free) = room.and_then(|room| room.free) {
            sentence.push_str(&format!(" {} are free there.", byte_text(free)));
        }
        sentence
    }

    /// The text of the button that begins it.
    pub(super) fn primary_text(&self, state: &State) -> String {
        format!("Download {}", self.amount(state))
    }

    /// How many experiments are behind the selected observations.
    pub(super) fn selection_note(&self, state: &State) -> String {
        let experiments = plural(self.selected.len(), "experiment", "experiments");
        match self.selected_codes(state) {
            Some(codes) => format!(
                "{experiments}, {} seen bound",
                plural(codes.len(), "ligand", "ligands")
            ),
            None => experiments,
        }
    }

    /// How many observations all are, as far as is known.
    pub(super) fn all_label(&self, state: &State) -> String {
        match self.observations(state).filter(|list| list.is_complete) {
            Some(list) => format!("All {} observations", count_text(list.rows.len())),
            None => "All observations".to_owned(),
        }
    }
}
