//! What is asked before something is lost.

use std::path::Path;

use egui::Ui;

use super::held;
use crate::{state::Download, ui::question::Question};

/// Asks before a folder goes to the bin. True for yes, false for no.
pub(super) fn confirm_bin(ui: &Ui, place: &Path) -> Option<bool> {
    let name = held::folder_name(place);
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
    question.ask(ui)
}

/// Asks before a download is cancelled. True for yes, false for no.
pub(super) fn confirm_cancel(ui: &Ui, download: &Download) -> Option<bool> {
    let title = format!("Cancel the download of {}?", download.job.request.target);
    let question = Question {
        id: "cancel a download",
        title: &title,
        text: "What has arrived of it so far is removed. To go on later, pause it instead.",
        yes: "Cancel download",
        no: "Keep it",
    };
    question.ask(ui)
}
