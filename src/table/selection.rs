//! Which rows are selected.

use std::collections::BTreeSet;

use super::{Sheet, TableView, chosen::Chosen, history::Change};
use crate::model::RowId;

impl TableView {
    /// Selects one row and nothing else.
    pub fn select_only(&mut self, sheet: &Sheet, id: RowId) {
        // Who walks from row to row loses nothing; who had ticked several may want them back.
        if self.selected.len() > 1 {
            self.remember(Change::Whole);
        }
        self.selected = BTreeSet::from([id]);
        self.set_anchor(id);
        self.count(sheet);
    }

    /// Lets a range begin at a row.
    pub fn set_anchor(&mut self, id: RowId) {
        self.anchor = Some(id);
        self.range.clear();
    }

    /// Selects all shown rows from where the range begins to this one, in place of what the range held before.
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

    /// Selects a row or takes it out of the selection.
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

    /// Selects all shown rows that are not, and none that is.
    pub fn invert_selection(&mut self, sheet: &Sheet) {
        let shown = self.shown().map(|row| sheet.id(row));
        let others = shown.filter(|id| !self.selected.contains(id)).collect();
        self.select(sheet, others);
    }

    /// Selects these and nothing else.
    pub fn select(&mut self, sheet: &Sheet, ids: BTreeSet<RowId>) {
        if self.selected != ids {
            self.remember(Change::Whole);
        }
        self.selected = ids;
        self.range.clear();
        self.count(sheet);
    }

    /// Counts what is selected, so that no frame has to.
    pub(super) fn count(&mut self, sheet: &Sheet) {
        self.revision += 1;
        let mut chosen = Chosen::default();
        if !self.selected.is_empty() {
            let is_selected = |row: &usize| self.selected.contains(&sheet.id(*row));
            chosen.shown = self.shown().filter(is_selected).count();
            let targets = (0..sheet.len()).filter(is_selected);
            let mut targets = targets.filter_map(|row| sheet.target_place(row));
            let first = targets.next();
            chosen.is_of_several = targets.any(|place| Some(place) != first);
            chosen.target = first.and_then(|place| sheet.target_at(place)).cloned();
        }
        self.chosen = chosen;
    }

    /// What is selected, in numbers.
    pub fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// Whether the row is selected.
    pub fn is_selected(&self, id: RowId) -> bool {
        self.selected.contains(&id)
    }

    /// What is selected, also what the search does not show at the moment.
    pub fn selected(&self) -> &BTreeSet<RowId> {
        &self.selected
    }
}
