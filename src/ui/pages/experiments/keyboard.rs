//! The focused cell, what is dragged, and where the table is to scroll to.

use std::collections::HashSet;

use egui::{Event, EventFilter, Id, Key, Modifiers, Rect, Ui};

use super::{note::star_command, widths::Widths};
use crate::{
    model::RowId,
    state::{Command, ExperimentsCommand, SelectionMode, State, TableCommand},
    table::{Extract, Subject, matches},
};

/// Rows per page until the first page has been drawn.
const PAGE: usize = 20;

/// Where the table is to be scrolled to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scroll {
    /// Stay.
    #[default]
    Nowhere,
    /// To the focused cell.
    ToCell,
    /// To the first row, because the order has changed.
    ToTop,
}

/// What the table remembers between frames.
#[derive(Default)]
pub(super) struct Grid {
    /// Row and column index of the focused cell.
    pub(super) at: Option<(usize, usize)>,
    /// The row of that cell, and whether it is an experiment or a hit, which have numbers of their own. Its index
    /// changes when the table is sorted or filtered.
    on: Option<(Subject, RowId)>,
    /// Where the table is to be scrolled to.
    pub(super) scroll: Scroll,
    /// How many cards are side by side, if hits are shown as cards.
    pub(super) across: Option<usize>,
    /// Rows that were visible in the last frame.
    pub(super) page: usize,
    /// The field whose column is being dragged.
    pub(super) dragged: Option<String>,
    /// The headings that were drawn, with the index of their columns.
    pub(super) headings: Vec<(usize, Rect)>,
    /// Whether the last key press extended the selection.
    extends: bool,
    /// The row that has the focus only because the previous one was hidden.
    not_chosen: Option<RowId>,
    /// Whether the details of a row are wanted.
    pub(super) wants_details: bool,
    /// Whether the note of the row is to be edited.
    pub(super) wants_note: bool,
    /// The widths of columns that the user has not resized.
    pub(super) widths: Widths,
}

/// A movement of the focus.
#[derive(Clone, Copy)]
enum Move {
    By(isize, isize),
    To(Option<usize>, Option<usize>),
}

impl Grid {
    /// Returns the id of the single tab stop of the table.
    pub(super) fn id() -> Id {
        Id::unique("experiments grid")
    }

    /// Handles the keys of the table while it has the keyboard focus.
    pub(super) fn keys(&mut self, ui: &Ui, state: &State, commands: &mut Vec<Command>) {
        let view = &state.experiments.view;
        let (rows, columns) = (view.len(), view.columns().len());
        self.follow(state);
        let has_focus = ui.memory(|memory| memory.has_focus(Self::id()));
        if !has_focus || rows == 0 {
            return;
        }
        ui.memory_mut(|memory| {
            memory.set_focus_lock_filter(
                Self::id(),
                EventFilter {
                    horizontal_arrows: true,
                    vertical_arrows: true,
                    ..EventFilter::default()
                },
            );
        });
        if self.at.is_none() {
            let has_lost = self.on(state).is_some();
            self.focus_cell(state, (0, 0));
            self.not_chosen = self.on(state).filter(|_| has_lost);
        }
        if let Some((go, extends)) = self.requested_move(ui) {
            if extends && !self.extends {
                // The range begins at the row that has the focus before the first step.
                let row = self.row(state);
                let id = row.map(|row| state.experiments.sheet().id(row));
                commands.extend(id.map(|id| Command::Table(TableCommand::SetAnchor(id))));
            }
            self.extends = extends;
            self.go(go, state, (rows, columns));
            if extends {
                self.select_row(state, SelectionMode::Range, commands);
            }
        }
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::COMMAND, Key::A) {
            commands.push(Command::Table(TableCommand::SelectAll));
        }
        if pressed(Modifiers::NONE, Key::Space) {
            self.extends = false;
            self.select_row(state, SelectionMode::Toggle, commands);
        }
        if pressed(Modifiers::NONE, Key::Enter) {
            self.wants_details = true;
        }
        // Not for a row that a filter has just hidden, and only once per key press.
        if self.not_chosen.is_none() && is_pressed_once(ui, Key::S) {
            let star = self.on(state).and_then(|id| star_command(state, id));
            commands.extend(star.map(|(_, command)| command));
        }
        let copies = ui.input(|input| input.events.contains(&Event::Copy));
        if copies && let Some(extract) = selection_or_cell(state, self.at) {
            commands.push(Command::Experiments(ExperimentsCommand::CopyRows {
                has_headings: extract.columns.len() > 1,
                extract,
            }));
        }
    }

    /// Focuses the next or previous cell that contains the search text.
    pub(super) fn find_next(&mut self, state: &State, is_back: bool) {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let places: Vec<usize> = view
            .columns()
            .iter()
            .filter_map(|column| sheet.place(&column.field))
            .collect();
        let cells = view.len() * places.len();
        if cells == 0 || view.search().trim().is_empty() {
            return;
        }
        let columns = places.len();
        let start = self
            .at
            .map_or(cells - 1, |(row, column)| row * columns + column);
        let holds = |cell: usize| {
            let (row, place) = (view.row(cell / columns), places.get(cell % columns));
            row.zip(place).is_some_and(|(row, place)| {
                !matches(&sheet.text(*place, row), view.search()).is_empty()
            })
        };
        let cell = (1..=cells)
            .map(|step| {
                if is_back {
                    (start + cells - step) % cells
                } else {
                    (start + step) % cells
                }
            })
            .find(|cell| holds(*cell));
        if let Some(cell) = cell {
            self.focus_cell(state, (cell / columns, cell % columns));
            self.scroll = Scroll::ToCell;
        }
    }

    /// Returns where the focus is to move, and whether the rows on the way are selected.
    fn requested_move(&self, ui: &Ui) -> Option<(Move, bool)> {
        let page = isize::try_from(if self.page == 0 { PAGE } else { self.page }).unwrap_or(1);
        let keys = [
            (Key::ArrowUp, Move::By(-1, 0)),
            (Key::ArrowDown, Move::By(1, 0)),
            (Key::ArrowLeft, Move::By(0, -1)),
            (Key::ArrowRight, Move::By(0, 1)),
            (Key::PageUp, Move::By(-page, 0)),
            (Key::PageDown, Move::By(page, 0)),
        ];
        ui.input_mut(|input| {
            if input.consume_key(Modifiers::COMMAND, Key::Home) {
                return Some((Move::To(Some(0), None), false));
            }
            if input.consume_key(Modifiers::COMMAND, Key::End) {
                return Some((Move::To(Some(usize::MAX), None), false));
            }
            if input.consume_key(Modifiers::NONE, Key::Home) {
                return Some((Move::To(None, Some(0)), false));
            }
            if input.consume_key(Modifiers::NONE, Key::End) {
                return Some((Move::To(None, Some(usize::MAX)), false));
            }
            for (key, go) in keys {
                if input.consume_key(Modifiers::SHIFT, key) {
                    return Some((go, true));
                }
                if input.consume_key(Modifiers::NONE, key) {
                    return Some((go, false));
                }
            }
            None
        })
    }

    fn go(&mut self, go: Move, state: &State, (rows, columns): (usize, usize)) {
        let (row, column) = self.at.unwrap_or_default();
        let (row, column) = match (go, self.across) {
            // Cards are rows side by side.
            (Move::By(down, right), Some(across)) => {
                let across = isize::try_from(across).unwrap_or(1);
                (row.saturating_add_signed(down * across + right), column)
            }
            (Move::To(to_row, to_column), Some(_)) => (to_row.or(to_column).unwrap_or(row), column),
            (Move::By(down, right), None) => (
                row.saturating_add_signed(down),
                column.saturating_add_signed(right),
            ),
            (Move::To(to_row, to_column), None) => {
                (to_row.unwrap_or(row), to_column.unwrap_or(column))
            }
        };
        self.focus_cell(
            state,
            (row.min(rows - 1), column.min(columns.saturating_sub(1))),
        );
        self.scroll = Scroll::ToCell;
    }

    /// Focuses a cell.
    pub(super) fn focus_cell(&mut self, state: &State, (row, column): (usize, usize)) {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        self.not_chosen = None;
        self.at = Some((row, column));
        self.on = view.row(row).map(|row| (sheet.subject(), sheet.id(row)));
    }

    /// Keeps the focus on the same row after sorting. If the row is no longer shown, no cell has the focus, but its
    /// details stay.
    fn follow(&mut self, state: &State) {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let Some(on) = self.on(state) else {
            if self.on.take().is_some() {
                // The other table is shown, whose cells are elsewhere.
                (self.at, self.not_chosen) = (None, None);
            }
            return;
        };
        let column = self.at.map_or(0, |(_, column)| column);
        let column = column.min(view.columns().len().saturating_sub(1));
        let is_there = |place: usize| view.row(place).is_some_and(|row| sheet.id(row) == on);
        if self.at.is_some_and(|(place, _)| is_there(place)) {
            self.at = self.at.map(|(place, _)| (place, column));
            return;
        }
        let place = sheet.row_of(on).and_then(|row| view.place_of(row));
        self.at = place.map(|place| (place, column));
    }

    /// Returns the id of the row that has or had the focus, unless it is a row of the other table.
    pub(super) fn on(&self, state: &State) -> Option<RowId> {
        let subject = state.experiments.sheet().subject();
        self.on.filter(|(of, _)| *of == subject).map(|(_, id)| id)
    }

    /// Returns the row that has or had the focus; if none has, the only one that is selected, as after a change from
    /// the experiments to their hits.
    pub(super) fn row(&self, state: &State) -> Option<usize> {
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let Some(on) = self.on(state) else {
            let mut selected = view.selected().iter();
            let only = selected.next().filter(|_| selected.next().is_none());
            return only.and_then(|only| sheet.row_of(*only));
        };
        let here = self.at.and_then(|(place, _)| view.row(place));
        here.filter(|row| sheet.id(*row) == on)
            .or_else(|| sheet.row_of(on))
    }

    fn select_row(&self, state: &State, how: SelectionMode, commands: &mut Vec<Command>) {
        if let Some(row) = self.row(state) {
            commands.push(Command::Table(TableCommand::Select(
                state.experiments.sheet().id(row),
                how,
            )));
        }
    }
}

/// Returns `true` if a key was pressed alone, and is not only being held down.
fn is_pressed_once(ui: &Ui, meant: Key) -> bool {
    let is_it = |event: &Event| matches!(event, Event::Key { key, pressed: true, repeat: false, modifiers, .. } if *key == meant && modifiers.is_none());
    ui.input(|input| input.events.iter().any(is_it))
}

/// Returns the shown columns of the selected rows in order; without a selection, the focused cell.
pub(super) fn selection_or_cell(state: &State, at: Option<(usize, usize)>) -> Option<Extract> {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let places = view.columns().iter();
    let places: Vec<usize> = places
        .filter_map(|column| sheet.place(&column.field))
        .collect();
    let number = |row: usize| u32::try_from(row).ok();
    // Rows hidden by a filter come after the shown ones.
    let shown: HashSet<usize> = view.shown().collect();
    let hidden = (0..sheet.len()).filter(|row| !shown.contains(row));
    let rows: Vec<u32> = if view.selected().is_empty() {
        Vec::new()
    } else {
        view.shown()
            .chain(hidden)
            .filter(|row| view.is_selected(sheet.id(*row)))
            .filter_map(number)
            .collect()
    };
    let (columns, rows) = if rows.is_empty() {
        let (row, column) = at?;
        (vec![*places.get(column)?], vec![number(view.row(row)?)?])
    } else {
        (places, rows)
    };
    Some(Extract {
        sheet: sheet.clone(),
        columns,
        rows,
    })
}
