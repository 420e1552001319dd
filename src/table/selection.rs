//! Which rows are selected.

use std::collections::BTreeSet;

use super::{Sheet, TableView, chosen::SelectionSummary, history::Change};
use crate::model::RowId;

impl TableView {
    /// Selects only one row.
    pub fn select_only(&mut self, sheet: &Sheet, id: RowId) {
        // Moving from row to row needs no undo; replacing a selection of several rows does.
        if self.selected.len() > 1 {
            self.remember(Change::Whole);
        }
        self.selected = BTreeSet::from([id]);
        self.set_anchor(id);
        self.count(sheet);
    }

    /// Sets the row at which a range begins.
    pub fn set_anchor(&mut self, id: RowId) {
        self.anchor = Some(id);
        self.range.clear();
    }

    /// Selects all shown rows from the beginning of the range to this one, replacing the previous range.
    pub fn select_range(&mut self, sheet: &Sheet, id: RowId) {
        let shown: Vec<RowId> = self.shown().map(|row| sheet.id(row)).collect();
        let place = |wanted: RowId| shown.iter().position(|shown| *shown == wanted);
        let Some(end) = place(id) else { return };
        self.remember(Change::Range(self.anchor));
        let start = self.anchor.and_then(place).unwrap_or(end);
        let (first, last) = (start.min(end), start.max(end));
        for id in std::mem::take(&mut self.range) {
            self.selected.remove(&id);
        }
        let range = shown.get(first..=last).unwrap_or_default().iter();
        self.range = range
            .filter(|id| !self.selected.contains(id))
            .copied()
            .collect();
        self.selected.extend(&self.range);
        self.count(sheet);
    }

    /// Selects or deselects a row.
    pub fn toggle(&mut self, sheet: &Sheet, id: RowId) {
        self.remember(Change::Whole);
        self.set_anchor(id);
        if !self.selected.remove(&id) {
            self.selected.insert(id);
        }
        self.count(sheet);
    }

    /// Selects all shown rows, or none if all are selected.
    pub fn toggle_all(&mut self, sheet: &Sheet) {
        self.remember(Change::Whole);
        let shown: BTreeSet<RowId> = self.shown().map(|row| sheet.id(row)).collect();
        if shown.is_subset(&self.selected) {
            self.selected.clear();
        } else {
            self.selected.extend(shown);
        }
        self.range.clear();
        self.count(sheet);
    }

    /// Selects the shown rows that are not selected, and deselects those that are.
    pub fn invert_selection(&mut self, sheet: &Sheet) {
        let shown = self.shown().map(|row| sheet.id(row));
        let others = shown.filter(|id| !self.selected.contains(id)).collect();
        self.select(sheet, others);
    }

    /// Selects exactly these rows.
    pub fn select(&mut self, sheet: &Sheet, ids: BTreeSet<RowId>) {
        if self.selected != ids {
            self.remember(Change::Whole);
        }
        self.selected = ids;
        self.range.clear();
        self.count(sheet);
    }

    /// Updates the summary of the selection, so that no frame has to.
    pub(super) fn count(&mut self, sheet: &Sheet) {
        self.revision += 1;
        let mut chosen = SelectionSummary::default();
        if !self.selected.is_empty() {
            let is_selected = |row: &usize| self.selected.contains(&sheet.id(*row));
            chosen.shown = self.shown().filter(is_selected).count();
            let targets = (0..sheet.len()).filter(is_selected);
            let mut targets = targets.filter_map(|row| sheet.target_place(row));
            let first = targets.next();
            chosen.has_several_targets = targets.any(|place| Some(place) != first);
            chosen.target = first.and_then(|place| sheet.target_at(place)).cloned();
        }
        self.chosen = chosen;
    }

    /// Returns the summary of the selection.
    pub fn chosen(&self) -> &SelectionSummary {
        &self.chosen
    }

    /// Returns `true` if the row is selected.
    pub fn is_selected(&self, id: RowId) -> bool {
        self.selected.contains(&id)
    }

    /// Returns what is selected, including rows that the search hides at the moment.
    pub fn selected(&self) -> &BTreeSet<RowId> {
        &self.selected
    }
}
