//! The experiments page: targets on the left, the table beside them, the download button below.

mod calendar;
mod cell;
mod chips;
mod column_commands;
mod column_header;
mod column_list;
mod compared;
mod counts;
mod details;
pub(super) mod drawing;
mod export_menu;
mod filter;
mod footer;
mod gallery;
mod groups;
mod histogram;
mod hits;
mod hits_bar;
mod key_facts;
mod keyboard;
mod nearest;
mod no_matches;
mod note;
mod pasted_values;
mod plot;
mod range_filter;
mod row_menu;
mod select;
mod sites;
mod structure;
mod structure_menu;
mod structure_search;
mod table;
mod table_banners;
mod target_menu;
mod target_rows;
mod targets;
mod toolbar;
mod value_filter;
mod views_menu;
mod widths;

use egui::{CentralPanel, Frame, Rangef, Ui};
use no_matches::{is_filtered_out, no_matches_ui};
use table_banners::{is_shown_above, loading_table_ui, table_banners_ui};

use crate::{
    state::{Command, ExperimentsCommand, Remote, State},
    table::{HitsShape, Subject},
    ui::{
        dialogs::DownloadDialog,
        remedy::failure_ui,
        theme::{Icon, Tokens, size},
        widgets::{Edge, Pane, empty_state_ui},
    },
};

/// Below this width, the list of targets becomes a menu in the title.
const WIDE: f32 = 920.0;
/// Below this width, in points, the details are shown instead of the table and not beside it: with text at 200 % a
/// screen of 1280 pixels has 560 left.
const DETAILS_BESIDE: f32 = 600.0;
/// Below this width of the page, in points, the toolbar is above the details and not beside them.
const TOOLBAR_BESIDE: f32 = 940.0;
/// Below this height, in points, the plot is shown instead of the table and its filters, and not below them.
const PLOT_BESIDE: f32 = 424.0;

/// What the page remembers between frames.
#[derive(Default)]
pub(crate) struct ExperimentsPage {
    targets: targets::TargetPane,
    find_row: String,
    /// The search text when the state was last read.
    last_search: String,
    find_column: String,
    views: views_menu::ViewsMenu,
    grid: keyboard::Grid,
    draft: filter::FilterDraft,
    chips: chips::Chips,
    details: details::Details,
    plot: plot::PlotPane,
    /// Whether the plot replaces the table, because there is no space below it.
    is_plot_alone: bool,
    part: structure_search::StructureDraft,
    sites: sites::SitesPane,
    groups: groups::Groups,
    compared: compared::Compared,
    take: export_menu::ExportMenu,
    /// Whether the search field is to take the focus.
    wants_find: bool,
}

impl ExperimentsPage {
    /// Returns the download dialog for what is shown or selected.
    pub(crate) fn begin_download(
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<DownloadDialog> {
        footer::begin(state, commands)
    }

    /// Focuses the search field of the table.
    pub(crate) fn find(&mut self) {
        self.wants_find = true;
    }

    /// Shows or hides the details.
    pub(crate) fn toggle_details(&mut self) {
        self.details.is_open = !self.details.is_open;
    }

    /// Shows or hides the plot.
    pub(crate) fn toggle_plot(&mut self) {
        self.plot.is_open = !self.plot.is_open;
    }

    /// Draws the page. Returns a download dialog if one is to be opened.
    pub(crate) fn page_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<DownloadDialog> {
        let tokens = Tokens::of(ui);
        let is_wide = ui.available_width() + crate::ui::theme::size::RAIL >= WIDE;
        if is_wide {
            let pane = Pane {
                name: "targets",
                what: "the targets",
                edge: Edge::Left,
                usual: 204.0,
                range: Rangef::new(160.0, 320.0),
            };
            pane.show(ui, state, commands, |ui, commands| {
                targets::target_pane_ui(ui, &mut self.targets, state, commands);
            });
        }
        self.follow(state);
        if self.details.is_open && ui.available_width() < DETAILS_BESIDE {
            return self.details_alone_ui(ui, state, commands);
        }
        let draft = self.panes_ui(ui, !is_wide, state, commands);
        CentralPanel::no_frame()
            .frame(Frame::new().fill(tokens.surface))
            .show(ui, |ui| self.content_ui(ui, state, commands));
        draft
    }

    /// Draws the table, or why there is none; or the plot in its place, where there is no room for both.
    fn content_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        if self.is_plot_alone {
            Frame::new().inner_margin(8).show(ui, |ui| {
                self.plot.plot_ui(ui, &mut self.grid, state, commands);
            });
            return;
        }
        table_banners_ui(ui, state, commands);
        if state.experiments.subject == Subject::Hits && state.experiments.table.value().is_some() {
            self.hits_ui(ui, state, commands);
            return;
        }
        match &state.experiments.table {
            Remote::Loading { old: None, .. } if !state.experiments.sheet().is_empty() => {
                self.table_or_reason_ui(ui, state, commands);
            }
            Remote::NotRequested | Remote::Loading { old: None, .. } => {
                loading_table_ui(ui, state);
            }
            Remote::Failed { old: None, problem } if is_shown_above(state, problem) => {
                let cause = "See above for what to do. Your downloads and folders are on the Downloads page.";
                let title = match state.experiments.subject {
                    Subject::Experiments => "The experiments cannot be loaded at the moment",
                    Subject::Hits => "The hits cannot be loaded at the moment",
                };
                empty_state_ui(ui, Icon::TABLE, title, cause, None);
            }
            Remote::Failed { old: None, problem } => {
                let again = Command::Experiments(ExperimentsCommand::Refresh);
                let title = match state.experiments.subject {
                    Subject::Experiments => "The experiments could not be loaded",
                    Subject::Hits => "The hits could not be loaded",
                };
                failure_ui(ui, title, problem, again, state, commands);
            }
            Remote::Ready(_) | Remote::Loading { .. } | Remote::Failed { .. } => {
                self.table_or_reason_ui(ui, state, commands);
            }
        }
    }

    /// Draws the details in place of the table, where there is no room for both.
    fn details_alone_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<DownloadDialog> {
        // The table is not there to select a row in.
        if self.grid.row(state).is_none() {
            self.grid.focus_cell(state, (0, 0));
        }
        let draft = footer::footer_ui(ui, &mut self.take, &self.grid, state, commands);
        CentralPanel::no_frame()
            .frame(Frame::new().fill(Tokens::of(ui).surface))
            .show(ui, |ui| {
                self.details.details_ui(ui, &mut self.grid, state, commands);
            });
        draft
    }

    /// Shows the bars and panes around the table. Returns the download dialog if it was opened.
    fn panes_ui(
        &mut self,
        ui: &mut Ui,
        is_narrow: bool,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> Option<DownloadDialog> {
        let draft = footer::footer_ui(ui, &mut self.take, &self.grid, state, commands);
        if std::mem::take(&mut self.grid.wants_details) {
            self.details.is_open = true;
        }
        // Beside the details there may be no room for all of its buttons.
        let is_above = self.details.is_open && ui.available_width() < TOOLBAR_BESIDE;
        let mut is_layout_above = is_above && self.toolbar_ui(ui, is_narrow, state, commands);
        if self.details.is_open {
            Pane::DETAILS.show(ui, state, commands, |ui, commands| {
                self.details.details_ui(ui, &mut self.grid, state, commands);
            });
        }
        let shows_hits = hits_bar::shows_hits(state);
        let shows_sites = shows_hits && hits_bar::shows_sites(ui, state);
        if !is_above {
            is_layout_above = self.toolbar_ui(ui, is_narrow, state, commands);
        }
        // Below the toolbar, which stays where it is when the hits are chosen in it.
        if shows_sites {
            Pane::SITES.show(ui, state, commands, |ui, commands| {
                self.sites.sites_ui(ui, state, commands);
            });
        }
        // Decided once: if the plot is already shown, there is always little space below it.
        self.is_plot_alone = self.plot.is_open && ui.available_height() < PLOT_BESIDE;
        if !self.is_plot_alone {
            let filters = (&mut self.chips, &mut self.draft);
            let hits = shows_hits.then_some(hits_bar::HitsTools {
                draft: &mut self.part,
                is_sites_shown: shows_sites,
                is_layout_above,
            });
            chips::chips_ui(ui, filters, hits, state, commands);
        }
        if self.plot.is_open && !self.is_plot_alone {
            Pane::plot(ui.available_height()).show(ui, state, commands, |ui, commands| {
                self.plot.plot_ui(ui, &mut self.grid, state, commands);
            });
        }
        draft
    }

    /// Draws the toolbar. Returns `true` if it has the choice of the layout of hits.
    fn toolbar_ui(
        &mut self,
        ui: &mut Ui,
        is_narrow: bool,
        state: &State,
        commands: &mut Vec<Command>,
    ) -> bool {
        let page = toolbar::Toolbar {
            find: &mut self.find_row,
            find_column: &mut self.find_column,
            views: &mut self.views,
            grid: &mut self.grid,
            details: &mut self.details,
            plot: &mut self.plot,
            wants_find: std::mem::take(&mut self.wants_find),
        };
        toolbar::toolbar_ui(ui, page, is_narrow, state, commands)
    }

    /// Draws the table of hits, or the progress of loading it.
    fn hits_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let hits = &state.experiments.hits;
        match &hits.table {
            Remote::NotRequested => {
                commands.push(Command::Experiments(ExperimentsCommand::LoadHits));
            }
            Remote::Loading { old: None, .. } => hits::loading_hits_ui(ui, state),
            Remote::Failed { old: None, problem } => {
                let again = Command::Experiments(ExperimentsCommand::LoadHits);
                let title = "The hits could not be loaded";
                failure_ui(ui, title, problem, again, state, commands);
            }
            Remote::Ready(_) | Remote::Loading { .. } | Remote::Failed { .. } => {
                hits::hits_notes_ui(ui, state);
                let shape = state.settings.hits_look.shape;
                match shape {
                    // The headings of the table belong to the table.
                    HitsShape::Cards | HitsShape::Groups | HitsShape::Compare
                        if is_filtered_out(state) =>
                    {
                        no_matches_ui(ui, &mut self.find_row, state, commands);
                    }
                    _ if state.experiments.view.is_empty() => {
                        self.table_or_reason_ui(ui, state, commands);
                    }
                    HitsShape::Table => self.table_or_reason_ui(ui, state, commands),
                    HitsShape::Cards => gallery::gallery_ui(ui, &mut self.grid, state, commands),
                    HitsShape::Groups => self.groups.groups_ui(ui, state, commands),
                    HitsShape::Compare => self.compared.compared_ui(ui, state, commands),
                }
            }
        }
    }

    fn table_or_reason_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let view = &state.experiments.view;
        if state.experiments.is_partial() && !view.is_empty() {
            table::table_ui(ui, &mut self.grid, &mut self.draft, state, commands);
        } else if !state.experiments.is_partial() && state.experiments.targets().is_empty() {
            let cause = if state.session().is_some_and(|session| session.has_token()) {
                "The server lists no targets for you. The Status page shows which target access strings you have."
            } else {
                "This server shows no data to users who are not signed in."
            };
            if empty_state_ui(
                ui,
                Icon::TABLE,
                "No targets are visible to you",
                cause,
                Some("Try again"),
            ) {
                commands.push(Command::Experiments(ExperimentsCommand::Refresh));
            }
        } else if is_filtered_out(state) {
            // The headings stay: the user may be typing a filter in one of them. Without rows there is nothing to
            // scroll.
            let headings = egui::Vec2::new(ui.available_width(), size::HEADING_ROW + 20.0);
            ui.allocate_ui(headings, |ui| {
                let bars = &mut ui.spacing_mut().scroll;
                (bars.bar_width, bars.floating_width) = (0.0, 0.0);
                (bars.bar_inner_margin, bars.bar_outer_margin) = (0.0, 0.0);
                table::table_ui(ui, &mut self.grid, &mut self.draft, state, commands);
            });
            no_matches_ui(ui, &mut self.find_row, state, commands);
        } else if view.is_empty() {
            let (title, cause) = match state.experiments.subject {
                Subject::Experiments => (
                    "This target has no experiments",
                    "The server lists the target, but no experiments in it.",
                ),
                Subject::Hits => (
                    "This target has no hits",
                    "The server lists no bound ligands for this target.",
                ),
            };
            empty_state_ui(ui, Icon::TABLE, title, cause, None);
        } else {
            table::table_ui(ui, &mut self.grid, &mut self.draft, state, commands);
        }
    }

    /// Polls the system's save dialog, whatever page is shown.
    pub(crate) fn poll(&mut self, state: &State, commands: &mut Vec<Command>) {
        self.take.poll(state, commands);
        self.views.poll(state, commands);
    }

    /// Updates the field when the search was changed elsewhere: by undo, or by clearing all.
    fn follow(&mut self, state: &State) {
        let search = state.experiments.view.search();
        if self.last_search != search {
            search.clone_into(&mut self.last_search);
            if self.find_row != search {
                search.clone_into(&mut self.find_row);
            }
        }
    }
}
