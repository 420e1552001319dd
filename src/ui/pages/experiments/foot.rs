//! The bar below the table: how many are selected and shown, and the page's one main action.

use egui::{Align, Frame, Layout, Margin, Panel, Ui};

use crate::{
    model::{TargetKey, count_text},
    state::{Command, State},
    ui::{
        dialogs::DownloadDialog,
        theme::{Icon, Tokens, Type, size},
        widgets::Button,
    },
};

pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    wishes: &mut Vec<Command>,
) -> Option<DownloadDialog> {
    let tokens = Tokens::of(ui);
    let mut draft = None;
    Panel::bottom("table foot")
        .exact_size(size::FOOTER)
        .resizable(false)
        .frame(
            Frame::new()
                .fill(tokens.panel)
                .inner_margin(Margin::symmetric(12, 0)),
        )
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                counts(ui, state, wishes);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    draft = main_action(ui, state, wishes);
                });
            });
        });
    draft
}

fn counts(ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let view = &state.experiments.view;
    let selected = view.selected().len();
    let of = match view.target() {
        Some(target) => {
            let counts = state.experiments.table.value().map(|table| &table.counts);
            counts
                .and_then(|counts| counts.get(target))
                .copied()
                .unwrap_or(0)
        }
        None => state.experiments.sheet().len(),
    };
    ui.label(Type::Heading.text(format!("{} selected", count_text(selected)), tokens.text));
    let shown = format!("· {} of {} shown", count_text(view.len()), count_text(of));
    ui.label(Type::Body.text(shown, tokens.muted));
    if selected > 0
        && ui
            .add(Button::quiet("Clear").named("Clear the selection"))
            .clicked()
    {
        wishes.push(Command::ClearSelection);
    }
}

fn main_action(ui: &mut Ui, state: &State, wishes: &mut Vec<Command>) -> Option<DownloadDialog> {
    let view = &state.experiments.view;
    let selected = view.selected();
    let (target, refusal) = match target_to_download(state) {
        Ok(target) => (Some(target), None),
        Err(reason) => (None, Some(reason)),
    };
    let text = match (selected.len(), &target) {
        (0, Some(target)) => format!("Download {}…", target.title),
        (0, None) => "Download…".to_owned(),
        (count, _) => format!("Download {} selected…", count_text(count)),
    };
    let button = Button::primary(&text)
        .with_icon(Icon::DOWNLOAD)
        .refused(refusal);
    if !ui.add(button).clicked() {
        return None;
    }
    let target = target?;
    wishes.push(Command::NeedObservations(target.clone()));
    wishes.push(Command::MeasureFolder(state.download_folder().to_owned()));
    Some(DownloadDialog::new(target, selected.clone(), state))
}

/// The one target that the selection lies in, or the one that is shown; else why there is none.
fn target_to_download(state: &State) -> Result<TargetKey, &'static str> {
    let view = &state.experiments.view;
    if let Some(target) = view.target() {
        return Ok(target.clone());
    }
    let sheet = state.experiments.sheet();
    let selected = (0..sheet.len()).filter(|row| view.is_selected(sheet.id(*row)));
    let mut targets = selected.filter_map(|row| sheet.target(row));
    match targets.next() {
        None => Err("Choose a target at the left, or select experiments"),
        Some(first) if targets.all(|target| target == first) => Ok(first.clone()),
        Some(_) => {
            Err("The selected experiments belong to several targets; choose one target at the left")
        }
    }
}
