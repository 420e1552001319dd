//! The download dialog: what, which files, where to; and a sentence that says what will happen.

mod by_site;
mod destination;
mod draft;
mod files;
mod footer;
mod names;
mod rows;
mod scope;
mod scripts;

use std::{collections::BTreeSet, path::PathBuf};

use egui::{Area, Frame, Id, Key, Label, Margin, Modal, Order, ScrollArea, Ui, Vec2};
use scripts::Script;

use super::{FilePicker, Picked, UNAVAILABLE};
use crate::{
    dataset::JobId,
    downloads::OnExisting,
    model::{FileSelection, PastedCodes, RowId, TargetKey},
    state::{AppCommand, Command, Download, DownloadsCommand, State},
    table::Subject,
    ui::{
        dialogs::download::names::{ResolvedList, visible_rows},
        theme::{Icon, Tokens, Type, icon_text},
        widgets::{Button, hairline_ui},
    },
};

const WIDTH: f32 = 888.0;
/// Constant, so that the dialog does not jump when a section opens.
const BODY: f32 = 720.0;

/// The heights of what does not scroll, in points.
struct Heights {
    head: f32,
    /// The sentence that says what will happen: two or three lines.
    summary: f32,
    foot: f32,
    /// Above and below the choices, and between them.
    margin: i8,
    gap: f32,
}

impl Heights {
    /// Returns the heights for a window of this height. The less there is, the more of it the choices need.
    fn of(room: f32) -> Self {
        let usual = Self {
            head: 56.0,
            summary: 80.0,
            foot: 60.0,
            margin: 16,
            gap: 12.0,
        };
        match room {
            // 800 points at a text size of 200 %.
            ..460.0 => Self {
                head: 40.0,
                summary: 62.0,
                foot: 46.0,
                margin: 8,
                gap: 8.0,
            },
            ..620.0 => Self {
                summary: 54.0,
                ..usual
            },
            _ => usual,
        }
    }

    /// Returns the height of what does not scroll.
    fn fixed(&self) -> f32 {
        self.head + self.summary + self.foot + 2.0
    }

    /// Returns the largest height of the choices, which scroll.
    fn body(&self, room: f32) -> f32 {
        (room - self.fixed()).clamp(100.0, BODY)
    }

    /// Returns how far below the top of the window the dialog begins: where it does at its full height, so that it
    /// grows only downwards, and what is above a change stays in place.
    fn above(&self, room: f32) -> f32 {
        let rest = room - self.fixed() - self.body(room);
        (MARGIN + rest / 2.0).max(MARGIN).floor()
    }
}

/// Returns the area of the dialog, this far below the top of the window.
fn area(above: f32) -> Area {
    Area::new(Id::unique("download dialog"))
        .kind(egui::UiKind::Modal)
        .sense(egui::Sense::hover())
        .anchor(egui::Align2::CENTER_TOP, Vec2::new(0.0, above))
        .order(Order::Foreground)
        .interactable(true)
}

/// Least space between the dialog and the edges of the window.
const MARGIN: f32 = 12.0;

/// Which observations of the target are downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    All,
    Shown,
    Selected,
    BySite,
    Listed,
}

/// The dialog with all the choices made in it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent tick box or collapsible section"
)]
pub(crate) struct DownloadDialog {
    /// Whose observations these are, by [`State::changes_of_owner`].
    owner: u64,
    target: TargetKey,
    /// Whether the chosen rows are experiments or hits.
    of: Subject,
    selected: BTreeSet<RowId>,
    /// The rows that filters and search show, if they hide some.
    shown: BTreeSet<RowId>,
    scope: Scope,
    by_site: by_site::BySite,
    /// A pasted list of codes, as it was pasted.
    list: String,
    listed: PastedCodes,
    /// The observations that the pasted names refer to.
    meant: ResolvedList,
    files: FileSelection,
    /// The name under which to save the choice of files, while it is being entered.
    preset_name: Option<String>,
    /// Whether the field for that name should take the focus.
    wants_preset_name: bool,
    folder: String,
    unpack: bool,
    keep_archive: bool,
    in_parts: bool,
    /// Whether the new folder takes the name of an existing one.
    updates: bool,
    /// The link of an earlier build, as it was pasted.
    link: String,
    script: Script,
    /// Creates a permanent file on the server; needs a confirmation.
    static_link: bool,
    wants_static_link: bool,
    /// The failed download whose choices are being edited. It is cancelled in favour of the new one.
    instead_of: Option<JobId>,
    picker: FilePicker,
    picker_note: Option<&'static str>,
    shows_extras: bool,
    shows_advanced: bool,
    reveals_advanced: bool,
    shows_scripts: bool,
    /// Just expanded, so it is to be scrolled into view.
    reveals_scripts: bool,
    /// Whether Enter is meant for the dialog: it was already open, and no control in it had the focus.
    takes_enter: bool,
    is_new: bool,
}

impl DownloadDialog {
    /// Creates a dialog with the choices of the last one.
    pub(crate) fn new(target: TargetKey, selected: BTreeSet<RowId>, state: &State) -> Self {
        let shown = visible_rows(&target, state);
        // The visible rows are the likeliest choice.
        let scope = match (selected.is_empty(), shown.is_empty()) {
            (false, _) => Scope::Selected,
            (true, false) => Scope::Shown,
            (true, true) => Scope::All,
        };
        // The files last chosen for this target, or else for any target.
        let of_target = state.settings.files_of.get(&target.to_string());
        let files = of_target
            .or(state.settings.files.as_ref())
            .cloned()
            .unwrap_or_else(FileSelection::usual);
        Self {
            owner: state.changes_of_owner(),
            target,
            of: state.experiments.subject,
            selected,
            shown,
            scope,
            by_site: by_site::BySite::default(),
            list: String::new(),
            listed: PastedCodes::default(),
            meant: ResolvedList::default(),
            files,
            preset_name: None,
            wants_preset_name: false,
            folder: state.download_folder().display().to_string(),
            unpack: state.settings.unpack,
            keep_archive: false,
            in_parts: false,
            updates: false,
            link: String::new(),
            script: Script::default(),
            static_link: false,
            wants_static_link: false,
            instead_of: None,
            picker: FilePicker::default(),
            picker_note: None,
            shows_extras: false,
            shows_advanced: false,
            reveals_advanced: false,
            shows_scripts: false,
            reveals_scripts: false,
            takes_enter: false,
            is_new: true,
        }
    }

    /// Creates a dialog for editing the choices of a download that failed.
    pub(crate) fn edit_failed(download: &Download, state: &State) -> Self {
        let job = &download.job;
        let mut dialog = Self::new(job.request.target.clone(), BTreeSet::new(), state);
        dialog.scope = Scope::All;
        if !job.request.codes.is_empty() {
            dialog.scope = Scope::Listed;
            dialog.list = job.request.codes.join("\n");
            dialog.read_list();
        }
        dialog.files = job.request.files.clone();
        dialog.folder = job.parent.display().to_string();
        (dialog.unpack, dialog.keep_archive) = (job.unpack, job.keep_archive);
        dialog.in_parts = job.in_parts;
        dialog.updates = job.placing == OnExisting::Update;
        dialog.instead_of = Some(download.id);
        dialog
    }

    /// Draws the dialog. Returns `false` if it is to be closed.
    pub(crate) fn dialog_ui(
        &mut self,
        ui: &Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> bool {
        if self.owner != state.changes_of_owner() {
            let why = "The download dialog was closed: its target belongs to the account or server before.";
            commands.push(Command::App(AppCommand::Notify(why.to_owned())));
            return false;
        }
        self.take_folder(commands);
        self.resolve_names(state);
        // Read before a field gives up the focus because Enter was pressed in it.
        let is_new = std::mem::take(&mut self.is_new);
        self.takes_enter = !is_new && ui.memory(|memory| memory.focused().is_none());
        let tokens = Tokens::of(ui);
        let room = ui.ctx().content_rect().size() - Vec2::splat(2.0 * MARGIN);
        let width = WIDTH.min(room.x);
        let heights = Heights::of(room.y);
        let height = heights.body(room.y);
        let mut stays = true;
        let modal = Modal::new(Id::unique("download dialog"))
            .area(area(heights.above(room.y)))
            .backdrop_color(tokens.scrim)
            .frame(crate::ui::modal_frame(ui));
        let shown = modal.show(ui.ctx(), |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 0.0;
            stays &= self.header_ui(ui, heights.head);
            hairline_ui(ui);
            // The full height from the first frame on: a dialog that grows moves its buttons under the pointer.
            let body = ScrollArea::vertical()
                .max_height(height)
                .min_scrolled_height(height);
            body.show(ui, |ui| {
                Frame::new()
                    .inner_margin(Margin::symmetric(24, heights.margin))
                    .show(ui, |ui| {
                        ui.set_width(width - 48.0);
                        ui.spacing_mut().item_spacing.y = heights.gap;
                        self.body_ui(ui, state, commands);
                    });
            });
            hairline_ui(ui);
            self.summary_ui(ui, heights.summary, state);
            stays &= self.footer_ui(ui, heights.foot, state, commands);
        });
        // Escape closes it; a click outside it does not, because that would lose the choices.
        stays && !(shown.is_top_modal && ui.ctx().input(|input| input.key_pressed(Key::Escape)))
    }

    fn header_ui(&self, ui: &mut Ui, height: f32) -> bool {
        let tokens = Tokens::of(ui);
        let mut stays = true;
        Frame::new()
            .inner_margin(Margin::symmetric(24, 0))
            .show(ui, |ui| {
                ui.set_height(height);
                ui.horizontal_centered(|ui| {
                    let title = format!("Download from {}", self.target.title);
                    ui.label(Type::Title.text(title, tokens.text));
                    ui.label(Type::Body.text(self.target.tas.as_str(), tokens.muted));
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        stays = !ui.add(Button::quiet_icon(Icon::CROSS, "Close")).clicked();
                    });
                });
            });
        stays
    }

    fn body_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        self.scope_ui(ui, state, commands);
        self.presets_ui(ui, state, commands);
        self.file_groups_ui(ui);
        self.destination_ui(ui, state, commands);
        self.advanced_ui(ui);
        if self.shows_scripts {
            self.scripts_ui(ui, state, commands);
        }
    }

    fn summary_ui(&self, ui: &mut Ui, height: f32, state: &State) {
        let tokens = Tokens::of(ui);
        let (icon, colour, sentence) = match self.refusal(state) {
            Some(reason) if self.is_choice_open() => (Icon::INFO, tokens.accent_text, reason),
            Some(reason) => (Icon::ALERT, tokens.err, reason),
            None => match self.caution(state) {
                Some(caution) => {
                    let sentence = format!("{caution} {}", self.sentence(state));
                    (Icon::ALERT, tokens.warn, sentence)
                }
                None => (Icon::INFO, tokens.accent_text, self.sentence(state)),
            },
        };
        // Always this high, so that the buttons below do not move while something is ticked.
        Frame::new()
            .fill(tokens.sunken)
            .inner_margin(Margin::symmetric(24, 10))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.set_height(height - 20.0);
                ScrollArea::vertical().id_salt("summary").show(ui, |ui| {
                    ui.horizontal_top(|ui| {
                        ui.label(icon_text(icon, 16.0, colour));
                        ui.add(Label::new(Type::Body.text(sentence, tokens.text)).wrap());
                    });
                });
            });
    }

    fn take_folder(&mut self, commands: &mut Vec<Command>) {
        self.picker_note = match self.picker.poll() {
            None => return,
            Some(Picked::Path(folder)) => {
                self.folder = folder.display().to_string();
                commands.push(Command::Downloads(DownloadsCommand::MeasureFolder(folder)));
                None
            }
            Some(Picked::Cancelled) => None,
            Some(Picked::Unavailable) => Some(UNAVAILABLE),
        };
    }

    fn folder_path(&self) -> PathBuf {
        PathBuf::from(self.folder.trim())
    }
}
