//! Undo and redo: filters, search, sort, columns, and the selection.

use std::collections::BTreeSet;

use super::{
    Layout, Sheet, TableView,
    history::{Change, Step},
};
use crate::model::RowId;

/// Maximum number of steps.
const STEPS: usize = 50;
/// Maximum number of selected rows in all steps together: some 10 MB.
const ROWS: usize = 1_000_000;

impl TableView {
    /// Records the state of the table before it changes.
    pub(super) fn remember(&mut self, change: Change) {
        let is_further = change != Change::Whole && self.history.last.as_ref() == Some(&change);
        self.history.last = Some(change);
        if is_further {
            return;
        }
        let present = self.step();
        let history = &mut self.history;
        history.forward.clear();
        if history.back.last() != Some(&present) {
            history.back.push(present);
        }
        let mut rows: usize = history.back.iter().map(|step| step.selected.len()).sum();
        while history.back.len() > STEPS || (rows > ROWS && history.back.len() > 1) {
            rows -= history.back.remove(0).selected.len();
        }
    }

    /// Makes the next change a step of its own.
    pub(super) fn begin_step(&mut self) {
        self.history.last = None;
    }

    /// Undoes the last change.
    pub fn undo(&mut self, sheet: &Sheet) {
        if let Some(step) = self.history.back.pop() {
            let present = self.step();
            self.history.forward.push(present);
            self.go_to(sheet, step);
        }
    }

    /// Redoes what was last undone.
    pub fn redo(&mut self, sheet: &Sheet) {
        if let Some(step) = self.history.forward.pop() {
            let present = self.step();
            self.history.back.push(present);
            self.go_to(sheet, step);
        }
    }

    /// Returns `true` if there is a change to undo.
    pub fn can_undo(&self) -> bool {
        !self.history.back.is_empty()
    }

    /// Returns `true` if undoing would restore a selection of several rows that a click has replaced.
    pub fn has_lost_selection(&self) -> bool {
        let before = self.history.back.last();
        before.is_some_and(|step| {
            step.selected.len() > 1 && step.selected.difference(&self.selected).nth(1).is_some()
        })
    }

    /// Discards selections of another target: they are not restored, because they would not be visible.
    pub(super) fn forget_selections(&mut self) {
        let steps = self
            .history
            .back
            .iter_mut()
            .chain(&mut self.history.forward);
        steps.for_each(|step| step.selected.clear());
    }

    fn step(&self) -> Step {
        let mut layout = self.layout.clone();
        layout.revision = 0;
        Step {
            layout,
            search: self.search.clone(),
            selected: self.selected.clone(),
            is_chosen: self.is_chosen,
        }
    }

    fn go_to(&mut self, sheet: &Sheet, step: Step) {
        // Counts as a change from outside only if columns differ: the window then takes their widths from here.
        let has_other_columns = step.layout.columns != self.layout.columns;
        let revision = self.layout.revision + u64::from(has_other_columns);
        self.layout = Layout {
            revision,
            ..step.layout
        };
        (self.search, self.selected) = (step.search, step.selected);
        self.is_chosen = step.is_chosen;
        self.history.last = None;
        self.has_changed = true;
        self.range.clear();
        if !self.selected.is_empty() {
            // The table may have been loaded again in the meantime.
            let ids: BTreeSet<RowId> = (0..sheet.len()).map(|row| sheet.id(row)).collect();
            self.selected.retain(|id| ids.contains(id));
        }
        self.refresh(sheet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::sheet_of;

    fn view() -> (Sheet, TableView) {
        let sheet = sheet_of(&[
            r#"{"id":1,"code":"x1"}"#,
            r#"{"id":2,"code":"x2"}"#,
            r#"{"id":3,"code":"x3"}"#,
        ]);
        let mut view = TableView::default();
        view.show(&sheet);
        (sheet, view)
    }

    fn selected(view: &TableView) -> Vec<i64> {
        view.selected().iter().map(|id| id.0).collect()
    }

    #[test]
    fn a_click_that_clears_a_selection_can_be_undone_and_redone() {
        let (sheet, mut view) = view();
        view.toggle(&sheet, RowId(1));
        view.toggle(&sheet, RowId(2));
        view.toggle(&sheet, RowId(3));
        assert!(!view.has_lost_selection());
        view.select_only(&sheet, RowId(2));
        assert!(view.has_lost_selection());
        view.undo(&sheet);
        assert_eq!(selected(&view), [1, 2, 3]);
        for _ in 0..2 {
            view.redo(&sheet);
            assert_eq!(selected(&view), [2]);
        }
    }

    #[test]
    fn moving_between_rows_adds_no_undo_steps() {
        let (sheet, mut view) = view();
        view.sort_by(&sheet, "code", false);
        for id in [1, 2, 3, 2, 1] {
            view.select_only(&sheet, RowId(id));
        }
        view.undo(&sheet);
        view.undo(&sheet);
        assert!(!view.can_undo());
    }

    #[test]
    fn sort_columns_and_typed_letters_are_steps() {
        let (sheet, mut view) = view();
        let before = view.layout().clone();
        view.sort_by(&sheet, "id", false);
        view.show_column(&sheet, "id", true);
        for text in ["x", "x1", "x12"] {
            view.set_search(&sheet, text.to_owned());
        }
        assert_eq!(view.search(), "x12");
        view.undo(&sheet);
        assert_eq!(view.search(), "");
        view.undo(&sheet);
        view.undo(&sheet);
        assert_eq!(view.layout().sort, before.sort);
        assert_eq!(view.layout().columns, before.columns);
    }
}
