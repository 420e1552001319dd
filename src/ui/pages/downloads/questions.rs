//! Questions that are asked before something is lost.

use std::path::Path;

use egui::Ui;

use super::library_entry;
use crate::{state::Download, ui::question::Question};

/// Asks before a folder is moved to the bin. Returns `None` until it is answered.
pub(super) fn confirm_bin_ui(ui: &Ui, place: &Path) -> Option<bool> {
    let name = library_entry::folder_name(place);
    let text = format!(
        "“{name}” and everything in it, including your own files. You can restore it from the bin."
    );
    let question = Question {
        id: "to the bin",
        title: "Move this folder to the bin?",
        text: &text,
        yes: "Move to the bin",
        no: "Keep it",
    };
    question.question_ui(ui)
}

/// Asks before a download is cancelled. Returns `None` until it is answered.
pub(super) fn confirm_cancel_ui(ui: &Ui, download: &Download) -> Option<bool> {
    let title = format!("Cancel the download of {}?", download.job.request.target);
    let question = Question {
        id: "cancel a download",
        title: &title,
        text: "The data received so far is deleted. To continue later, pause it instead.",
        yes: "Cancel download",
        no: "Keep it",
    };
    question.question_ui(ui)
}
