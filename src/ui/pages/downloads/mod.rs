//! The downloads page: what needs attention, what is under way, what has ended.

mod buttons;
mod done;
mod head;
mod library;
mod library_columns;
mod library_entry;
mod library_menu;
mod library_sort;
mod questions;
mod row;
mod running;

use egui::{CentralPanel, Frame, ScrollArea, Ui};
use library::LibraryList;
use row::download_ui;

use crate::{
    dataset::JobId,
    state::{
        AppCommand, Command, Download, DownloadStatus, DownloadsCommand, ExperimentsCommand,
        LibraryCommand, State,
    },
    ui::{
        dialogs::DownloadDialog,
        pages::downloads::questions::{confirm_bin_ui, confirm_cancel_ui},
        theme::{Icon, Tokens},
        widgets::{Button, empty_state_ui, hairline_ui, section_ui},
    },
};

/// The title of the section with ended downloads.
const FINISHED: &str = "Finished";

/// The page, and what it remembers between frames.
#[derive(Default)]
pub(crate) struct DownloadsPage {
    library: LibraryList,
    /// The download to cancel, once that has been confirmed.
    cancelling: Option<JobId>,
}

/// Requests from the rows to the page.
struct RowRequests<'a> {
    /// The download whose choices are to be edited.
    change: &'a mut Option<JobId>,
    /// The download to cancel, once that has been confirmed.
    cancel: &'a mut Option<JobId>,
}

impl DownloadsPage {
    /// Draws the page. Returns the dialog for editing the choices of a download, if one is to be opened.
    pub(crate) fn page_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<DownloadDialog> {
        let tokens = Tokens::of(ui);
        let mut change = None;
        head::head_ui(ui, state, commands);
        let frame = Frame::new().fill(tokens.surface);
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let list: Vec<&Download> = match state.session() {
                Some(session) => state.downloads.of(session).collect(),
                None => Vec::new(),
            };
            let shelf = state.library.entries.value();
            if list.is_empty() && shelf.is_none_or(Vec::is_empty) {
                self.empty_page_ui(ui, state, commands);
                return;
            }
            ScrollArea::vertical()
                .id_salt("downloads")
                .auto_shrink(false)
                .show(ui, |ui| {
                    let mut wishes = RowRequests {
                        change: &mut change,
                        cancel: &mut self.cancelling,
                    };
                    sections_ui(ui, &list, state, commands, &mut wishes);
                    self.library.library_ui(ui, state, commands);
                });
        });
        self.questions_ui(ui, state, commands);
        let mut all = state.downloads.list.iter();
        let changed = all.find(|one| change == Some(one.id))?;
        let request = &changed.job.request;
        commands.push(Command::Experiments(ExperimentsCommand::LoadObservations(
            request.target.clone(),
        )));
        commands.push(Command::Downloads(DownloadsCommand::MeasureFolder(
            changed.job.parent.clone(),
        )));
        Some(DownloadDialog::edit_failed(changed, state))
    }

    /// Draws the question that precedes what cannot be undone, and carries out the answer.
    fn questions_ui(&mut self, ui: &Ui, state: &State, commands: &mut Vec<Command>) {
        if let Some(place) = &self.library.to_bin
            && let Some(is_meant) = confirm_bin_ui(ui, place)
        {
            if is_meant {
                let command = LibraryCommand::ToBin(place.clone());
                commands.push(Command::Library(command));
            }
            self.library.to_bin = None;
        }
        let mut running = state.downloads.list.iter().filter(|one| !one.has_ended());
        let Some(download) = running.find(|one| self.cancelling == Some(one.id)) else {
            // It has ended in the meantime.
            self.cancelling = None;
            return;
        };
        if let Some(is_meant) = confirm_cancel_ui(ui, download) {
            if is_meant {
                let command = DownloadsCommand::Cancel(download.id);
                commands.push(Command::Downloads(command));
            }
            self.cancelling = None;
        }
    }

    /// Draws the empty page: how data get onto it.
    fn empty_page_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        self.library.head_ui(ui, state, commands);
        if state.library.entries.is_loading() {
            return;
        }
        let cause = "Choose a target on the Experiments page, or select experiments there, then download. You can also add existing folders.";
        let title = "No data folders yet";
        if empty_state_ui(
            ui,
            Icon::DOWNLOAD,
            title,
            cause,
            Some("Go to the experiments"),
        ) {
            commands.push(Command::App(AppCommand::Go(
                crate::state::Route::Experiments,
            )));
        }
    }
}

fn sections_ui(
    ui: &mut Ui,
    list: &[&Download],
    state: &State,
    commands: &mut Vec<Command>,
    wishes: &mut RowRequests<'_>,
) {
    let part_of = |is_in: fn(&Download) -> bool| list.iter().copied().filter(move |one| is_in(one));
    let is_under_way = |one: &Download| one.is_running() && !one.is_waiting();
    let waits = |one: &Download| one.is_waiting() || matches!(one.status, DownloadStatus::Paused);
    let mut list = |title, downloads: Vec<&Download>| {
        downloads_section_ui(ui, title, &downloads, state, commands, wishes);
    };
    list("Needs attention", part_of(Download::needs_user).collect());
    list("In progress", part_of(is_under_way).collect());
    list("Waiting and paused", part_of(waits).collect());
    list(FINISHED, part_of(Download::has_ended).rev().collect());
}

fn downloads_section_ui(
    ui: &mut Ui,
    title: &str,
    downloads: &[&Download],
    state: &State,
    commands: &mut Vec<Command>,
    wishes: &mut RowRequests<'_>,
) {
    if downloads.is_empty() {
        return;
    }
    section_ui(ui, title, downloads.len(), |ui| {
        if title == FINISHED && ui.add(Button::quiet("Clear the list")).clicked() {
            commands.push(Command::Downloads(DownloadsCommand::ClearFinished));
        }
    });
    for download in downloads {
        ui.push_id(download.id, |ui| {
            download_ui(ui, download, state, commands, wishes);
        });
        hairline_ui(ui);
    }
}
