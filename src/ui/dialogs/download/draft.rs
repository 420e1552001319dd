//! Turns the choices into a request, a sentence about it, and the reason why it cannot be sent.

use std::collections::BTreeSet;

use super::{DownloadDialog, Scope};
use crate::{
    dataset::folder_name,
    downloads::{EarlierLink, Job, OnExisting},
    library::{EstimateBasis, estimated_size},
    model::{
        DownloadRequest, FileKind, Observation, PROTEINS_LIMIT, RowId, byte_text, count_text,
        knows_single_types, plural,
    },
    state::{DestinationInfo, Observations, State},
    table::Subject,
    ui::words::first_upper,
};

impl DownloadDialog {
    /// Returns the target's observations once they are loaded.
    pub(super) fn observations<'a>(&self, state: &'a State) -> Option<&'a Observations> {
        state.experiments.observations_of(&self.target)?.value()
    }

    /// Returns the short codes of the observations in some rows of the table.
    pub(super) fn codes_of(&self, rows: &BTreeSet<RowId>, state: &State) -> Option<Vec<String>> {
        let observations = self.observations(state)?;
        let is_wanted = |row: &Observation| match self.of {
            Subject::Hits => rows.contains(&RowId(row.id.0)),
            Subject::Experiments => row.experiment.is_some_and(|id| rows.contains(&RowId(id.0))),
        };
        let wanted = observations.rows.iter().filter(|row| is_wanted(row));
        Some(
            wanted
                .filter_map(|row| row.code.get().map(str::to_owned))
                .collect(),
        )
    }

    /// Returns why observations may be missing from the choice; `None` if it is known to have all of them.
    pub(super) fn caution(&self, state: &State) -> Option<String> {
        let is_complete = match self.scope {
            // The server decides what all of them are, and a list is compared with the archive.
            Scope::All | Scope::Listed => true,
            Scope::Shown | Scope::Selected => {
                self.observations(state).is_none_or(|list| list.is_complete)
            }
            Scope::BySite => {
                let hits = state.experiments.hits.table.value();
                let mut targets = state.experiments.targets().iter();
                let id = targets.find(|target| target.key == self.target);
                let id = id.map(|target| target.id);
                hits.is_none_or(|hits| id.is_none_or(|id| !hits.incomplete_targets.contains(&id)))
            }
        };
        (!is_complete).then(|| {
            format!(
                "The server’s list of observations of {} could not be read completely, so some of those chosen may be \
                 missing. To have them for certain, download all observations.",
                self.target.title
            )
        })
    }

    /// Returns the experiments chosen by a selection or by what is shown.
    fn chosen(&self) -> Option<&BTreeSet<RowId>> {
        match self.scope {
            Scope::Shown => Some(&self.shown),
            Scope::Selected => Some(&self.selected),
            Scope::All | Scope::BySite | Scope::Listed => None,
        }
    }

    pub(super) fn request(&self, state: &State) -> DownloadRequest {
        let codes = match self.scope {
            Scope::All => Vec::new(),
            Scope::Shown => self.codes_of(&self.shown, state).unwrap_or_default(),
            Scope::Selected => self.codes_of(&self.selected, state).unwrap_or_default(),
            Scope::BySite => self.by_site.codes(&self.target, state).unwrap_or_default(),
            Scope::Listed => self.listed_codes().to_vec(),
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
            unpack: self.unpack,
            keep_archive: self.keep_archive || !self.unpack,
            in_parts: self.in_parts,
            placing: if self.updates && self.folder_exists(state) {
                OnExisting::Update
            } else {
                OnExisting::Beside
            },
            link: EarlierLink::from_pasted(&self.link),
            ..Job::new(self.request(state), self.folder_path())
        }
    }

    /// Returns `true` if the destination folder already exists.
    pub(super) fn folder_exists(&self, state: &State) -> bool {
        let name = folder_name(&self.target);
        self.destination_info(state)
            .is_some_and(|room| room.names.contains(name.as_str()))
    }

    /// Returns the name that the new folder gets beside one that already exists.
    fn name_beside(&self, state: &State) -> Option<String> {
        let name = folder_name(&self.target);
        self.destination_info(state)?.name_beside(name.as_str())
    }

    /// Returns what is known about the destination folder.
    fn destination_info<'a>(&self, state: &'a State) -> Option<&'a DestinationInfo> {
        let room = state.downloads.destination.value();
        room.filter(|room| room.folder == self.folder_path())
    }

    /// Returns why the observations of the target are not available.
    fn missing_observations(&self, state: &State) -> String {
        let observations = state.experiments.observations_of(&self.target);
        match observations.and_then(|load| load.problem()) {
            Some(problem) => format!(
                "The observations of the target could not be read: {}. Download all of them, or try again.",
                problem.message
            ),
            None => "Loading the target's observations…".to_owned(),
        }
    }

    /// Returns `true` while nothing has been chosen in a scope that starts empty, which is not an error.
    pub(super) fn is_choice_open(&self) -> bool {
        match self.scope {
            Scope::Listed => self.listed_codes().is_empty(),
            Scope::BySite => self.by_site.filters().is_empty(),
            Scope::All | Scope::Shown | Scope::Selected => false,
        }
    }

    /// Returns why the download cannot start and what to do about it; `None` if it can.
    pub(super) fn refusal(&self, state: &State) -> Option<String> {
        if self.files.is_empty() {
            return Some("Nothing would be downloaded. Tick at least one file type.".to_owned());
        }
        let is_alone = |kind| kind == FileKind::IncludeVirtualObservations;
        if self.files.kinds().all(is_alone) {
            let sentence =
                "Virtual observations alone contain no files. Tick at least one file type.";
            return Some(sentence.to_owned());
        }
        if self.folder.trim().is_empty() {
            return Some("Choose a destination folder.".to_owned());
        }
        if self.folder_path().is_relative() {
            return Some("Enter the full path of the folder.".to_owned());
        }
        if !self.link.trim().is_empty() {
            return EarlierLink::from_pasted(&self.link).is_none().then(|| {
                "This is not a download link: it should end in .zip or .tar.gz. Clear the field to start a new download.".to_owned()
            });
        }
        match self.scope {
            Scope::Listed if self.listed_codes().is_empty() => {
                return Some("Paste at least one code of this target's observations.".to_owned());
            }
            Scope::BySite => {
                return match self.by_site.codes(&self.target, state) {
                    None => Some("Loading the target's sites and tags…".to_owned()),
                    Some(codes) if codes.is_empty() => {
                        Some("Tick at least one site or tag that has observations.".to_owned())
                    }
                    Some(_) => None,
                };
            }
            Scope::All | Scope::Listed | Scope::Shown | Scope::Selected => {}
        }
        let chosen = self.chosen()?;
        let Some(codes) = self.codes_of(chosen, state) else {
            return Some(self.missing_observations(state));
        };
        if codes.is_empty() {
            if let Some(caution) = self.caution(state) {
                return Some(format!("No observation of these rows is known. {caution}"));
            }
            return Some(
                match self.of {
                    Subject::Experiments => "None of these experiments has a bound ligand, so the server has no structures of them to download.",
                    Subject::Hits => "None of these hits is an observation of the target any more. Refresh the table.",
                }
                .to_owned(),
            );
        }
        None
    }

    /// Returns the number of observations, or `None` while it is not known.
    fn count(&self, state: &State) -> Option<usize> {
        match self.scope {
            Scope::All => {
                let all = self.observations(state);
                let all = all.filter(|list| list.is_complete);
                all.map(|list| list.rows.len())
            }
            Scope::Shown | Scope::Selected => {
                let codes = self
                    .chosen()
                    .and_then(|chosen| self.codes_of(chosen, state));
                Some(codes.map_or(0, |codes| codes.len()))
            }
            Scope::BySite => {
                let codes = self.by_site.codes(&self.target, state);
                Some(codes.unwrap_or_default().len())
            }
            Scope::Listed => Some(self.listed_codes().len()),
        }
    }

    /// Returns the amount in words: `all 312 observations`, `9 observations`.
    pub(super) fn amount(&self, state: &State) -> String {
        let all = if self.scope == Scope::All { "all " } else { "" };
        match self.count(state) {
            Some(count) => format!("{all}{}", plural(count, "observation", "observations")),
            None => "all observations".to_owned(),
        }
    }

    /// Returns a sentence about the size of the download, if it can be estimated from earlier ones.
    fn size_sentence(&self, state: &State) -> Option<String> {
        if !self.link.trim().is_empty() {
            return None;
        }
        let entries = state.library.entries.value()?;
        let count = self.count(state).filter(|count| *count > 0)?;
        let size = estimated_size(entries, &self.target, &self.files, count)?;
        let least = if size.has_all_kinds { "" } else { "more than " };
        let of = match size.basis {
            EstimateBasis::SameTarget => "this target",
            EstimateBasis::OtherTargets => "other targets",
        };
        Some(format!(
            " Probably {least}about {}, judging by earlier downloads of {of}.",
            byte_text(size.bytes).replace(".0 ", " ")
        ))
    }

    /// Returns the sentence that says what will happen.
    pub(super) fn sentence(&self, state: &State) -> String {
        let amount = first_upper(&self.amount(state));
        let place = self.folder_path();
        let makes_folder = self.unpack && self.link.trim().is_empty();
        let other = self.name_beside(state).filter(|_| makes_folder);
        let folder = match &other {
            Some(name) if !self.updates => format!("{name}, beside the existing one"),
            _ => folder_name(&self.target).as_str().to_owned(),
        };
        let result = match (self.unpack, self.keep_archive) {
            (true, false) => format!("into a new folder {folder},"),
            (true, true) => format!("into a new folder {folder}, with the archive beside it,"),
            (false, _) => "as one archive".to_owned(),
        };
        let mut sentence = if self.link.trim().is_empty() {
            format!(
                "{amount} of {}: {}, {result} in {}.",
                self.target,
                self.files.summary(),
                place.display()
            )
        } else {
            format!(
                "The earlier archive behind the link, with whatever it contains, {result} in {}.",
                place.display()
            )
        };
        let parts = self
            .request(state)
            .proteins()
            .len()
            .div_ceil(PROTEINS_LIMIT);
        if self.in_parts || parts > 1 {
            sentence.push_str(
                " It is downloaded in parts, and completed parts are not downloaded again.",
            );
        }
        if let Some(note) = self.generation_note(state) {
            sentence.push(' ');
            sentence.push_str(note);
        }
        if other.is_some() && self.updates {
            sentence.push_str(" The existing folder of this name is renamed, not deleted.");
        }
        sentence.push_str(&self.size_sentence(state).unwrap_or_default());
        if let Some(free) = self.destination_info(state).and_then(|room| room.free) {
            sentence.push_str(&format!(" Free space: {}.", byte_text(free)));
        }
        sentence
    }

    /// Returns how this server deviates from the choice, if it is known to.
    fn generation_note(&self, state: &State) -> Option<&'static str> {
        if !self.link.trim().is_empty() || !self.unpack {
            return None;
        }
        let status = state.account.status.value()?;
        let has_user = status.user.as_ref().ok().map(Option::is_some);
        let has_single_types = knows_single_types(status.version.as_ref(), has_user);
        self.files.generation_note(has_single_types)
    }

    /// Returns the text of the download button.
    pub(super) fn primary_text(&self, state: &State) -> String {
        if self.link.trim().is_empty() {
            format!("Download {}", self.amount(state))
        } else {
            "Download the earlier archive".to_owned()
        }
    }

    /// Returns how many experiments and observations are chosen, in words.
    pub(super) fn scope_note(&self, chosen: &BTreeSet<RowId>, state: &State) -> String {
        if self.of == Subject::Hits {
            return plural(chosen.len(), "hit", "hits");
        }
        let experiments = plural(chosen.len(), "experiment", "experiments");
        match self.codes_of(chosen, state) {
            Some(codes) => format!(
                "{experiments}, {} seen bound",
                plural(codes.len(), "ligand", "ligands")
            ),
            None => experiments,
        }
    }

    /// Returns the label for all observations, with their number once it is known.
    pub(super) fn all_label(&self, state: &State) -> String {
        match self.observations(state).filter(|list| list.is_complete) {
            Some(list) => format!("All {} observations", count_text(list.rows.len())),
            None => "All observations".to_owned(),
        }
    }
}
