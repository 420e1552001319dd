//! What can be undone for a few seconds: lists that were cleared, and what was deleted with one click.

use std::path::PathBuf;

use super::State;
use crate::{
    model::FileSelection,
    table::{ExperimentKey, Layout},
};

/// What a message offers to undo.
#[derive(Clone, Debug, PartialEq)]
pub enum Undo {
    /// The list of finished downloads was cleared.
    ClearedDownloads,
    /// A folder was removed from the list of those on this disk.
    ForgottenFolder(PathBuf),
    /// Stars of experiments were removed.
    RemovedStars(Vec<ExperimentKey>),
    /// A view of the table was deleted.
    DeletedView {
        /// Its name.
        name: String,
        /// What it was.
        view: Box<Layout>,
    },
    /// A preset of file types was deleted.
    DeletedPreset {
        /// Its name.
        name: String,
        /// What it was.
        files: FileSelection,
    },
}

impl State {
    pub(super) fn delete_view(&mut self, name: &str) {
        if let Some(view) = self.settings.views.remove(name) {
            self.save_settings();
            let undo = Undo::DeletedView {
                name: name.to_owned(),
                view: Box::new(view),
            };
            let told = format!("The view “{name}” was deleted.");
            self.notices.offer_undo(told, undo);
        }
    }

    pub(super) fn delete_preset(&mut self, name: String) {
        if let Some(files) = self.settings.presets.remove(&name) {
            let told = format!("The preset “{name}” was deleted.");
            let undo = Undo::DeletedPreset { name, files };
            self.notices.offer_undo(told, undo);
        }
    }

    pub(super) fn clear_finished_downloads(&mut self) {
        if let Some(session) = &self.sessions.current
            && self.downloads.clear_finished(session) > 0
        {
            let told = "The list of finished downloads was cleared. All files are kept.";
            self.notices.offer_undo(told, Undo::ClearedDownloads);
        }
    }
}
