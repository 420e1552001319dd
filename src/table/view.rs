//! What of the table is shown, in which order, and what is selected.

use std::collections::BTreeSet;

use super::{Column, Direction, Row, SortKey, all_columns, default_columns, sorted};
use crate::model::{ExperimentId, TargetKey};

/// The shown part of a table. Changed only through its functions, which keep the order up to date.
#[derive(Clone, Debug, Default)]
pub struct TableView {
    /// The columns that are shown, in order.
    pub columns: Vec<Column>,
    target: Option<TargetKey>,
    search: String,
    sort: Vec<SortKey>,
    /// Places of the shown rows.
    order: Vec<u32>,
    selected: BTreeSet<ExperimentId>,
    /// Where a range of selected rows begins.
    anchor: Option<ExperimentId>,
}

impl TableView {
    /// Begins to show `rows`; keeps target, search, sort and selection as far as they still apply.
    pub fn show(&mut self, rows: &[Row]) {
        if self.columns.is_empty() {
            self.columns = default_columns(rows);
            self.sort = vec![SortKey {
                field: "code".to_owned(),
                direction: Direction::Ascending,
            }];
        }
        let ids: BTreeSet<ExperimentId> = rows.iter().map(|row| row.experiment.id).collect();
        self.selected.retain(|id| ids.contains(id));
        self.refresh(rows);
    }

    /// Shows one target, or all.
    pub fn set_target(&mut self, rows: &[Row], target: Option<TargetKey>) {
        if self.target != target {
            self.target = target;
            // What is not in sight must not be downloaded by surprise.
            self.selected.clear();
        }
        self.refresh(rows);
    }

    /// Shows only rows with this text in a shown column.
    pub fn set_search(&mut self, rows: &[Row], search: String) {
        self.search = search;
        self.refresh(rows);
    }

    /// Sorts by a column; a second time turns it round. `is_further` keeps the columns sorted by before.
    pub fn sort_by(&mut self, rows: &[Row], field: &str, is_further: bool) {
        let before = self.sort.iter().position(|key| key.field == field);
        let direction = before
            .and_then(|at| self.sort.get(at))
            .map_or(Direction::Ascending, |key| key.direction.reversed());
        let key = SortKey {
            field: field.to_owned(),
            direction,
        };
        match (is_further, before.and_then(|at| self.sort.get_mut(at))) {
            (true, Some(slot)) => *slot = key,
            (true, None) => self.sort.push(key),
            (false, _) => self.sort = vec![key],
        }
        self.refresh(rows);
    }

    /// Shows or hides the column of a field; a new one stands at its usual place.
    pub fn show_column(&mut self, rows: &[Row], field: &str, is_shown: bool) {
        let mut fields: BTreeSet<String> = self
            .columns
            .iter()
            .map(|column| column.field.to_string())
            .collect();
        if is_shown {
            fields.insert(field.to_owned());
        } else {
            fields.remove(field);
        }
        let all = all_columns(rows);
        self.columns = all
            .into_iter()
            .filter(|column| fields.contains(column.field.as_ref()))
            .collect();
        self.refresh(rows);
    }

    /// Selects one row and nothing else.
    pub fn select_only(&mut self, id: ExperimentId) {
        self.selected = BTreeSet::from([id]);
        self.anchor = Some(id);
    }

    /// Selects all shown rows from the one clicked last to this one.
    pub fn select_range(&mut self, rows: &[Row], id: ExperimentId) {
        let shown: Vec<ExperimentId> = self.shown(rows).map(|row| row.experiment.id).collect();
        let place = |wanted: ExperimentId| shown.iter().position(|shown| *shown == wanted);
        let Some(end) = place(id) else { return };
        let start = self.anchor.and_then(place).unwrap_or(end);
        let (first, last) = (start.min(end), start.max(end));
        self.selected
            .extend(shown.get(first..=last).unwrap_or_default());
    }

    /// Selects a row or takes it out of the selection.
    pub fn toggle(&mut self, id: ExperimentId) {
        self.anchor = Some(id);
        if !self.selected.remove(&id) {
            self.selected.insert(id);
        }
    }

    /// Selects all shown rows, or none if all are selected.
    pub fn toggle_all(&mut self, rows: &[Row]) {
        let shown: Vec<ExperimentId> = self.shown(rows).map(|row| row.experiment.id).collect();
        if shown.iter().all(|id| self.selected.contains(id)) {
            self.selected.clear();
        } else {
            self.selected.extend(shown);
        }
    }

    /// Selects nothing.
    pub fn clear_selection(&mut self) {
        self.selected.clear();
    }

    /// The target that is shown; nothing means all.
    pub fn target(&self) -> Option<&TargetKey> {
        self.target.as_ref()
    }

    /// The text that is searched for.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// The columns it is sorted by, first one first.
    pub fn sort(&self) -> &[SortKey] {
        &self.sort
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The row at a place of the shown order.
    pub fn row<'a>(&self, rows: &'a [Row], place: u64) -> Option<&'a Row> {
        rows.get(*self.order.get(usize::try_from(place).ok()?)? as usize)
    }

    /// The shown rows in order.
    pub fn shown<'a>(&self, rows: &'a [Row]) -> impl Iterator<Item = &'a Row> {
        self.order
            .iter()
            .filter_map(|place| rows.get(*place as usize))
    }

    /// Whether the row is selected.
    pub fn is_selected(&self, id: ExperimentId) -> bool {
        self.selected.contains(&id)
    }

    /// The selected experiments.
    pub fn selected(&self) -> &BTreeSet<ExperimentId> {
        &self.selected
    }

    fn refresh(&mut self, rows: &[Row]) {
        let needle = self.search.trim().to_lowercase();
        let passes = |row: &Row| {
            self.target
                .as_ref()
                .is_none_or(|target| row.target == *target)
                && (needle.is_empty()
                    || self
                        .columns
                        .iter()
                        .any(|column| column.text(row).to_lowercase().contains(&needle)))
        };
        self.order = sorted(rows, &all_columns(rows), &self.sort);
        self.order
            .retain(|place| rows.get(*place as usize).is_some_and(passes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tas;

    fn rows() -> Vec<Row> {
        let row = |id: i64, title: &str| Row {
            experiment: serde_json::from_value(
                serde_json::json!({"id": id, "code": format!("{title}-x{id}")}),
            )
            .unwrap(),
            target: TargetKey {
                title: title.to_owned(),
                tas: Tas::new("lb1-1"),
            },
            compound: None,
        };
        vec![row(10, "A"), row(2, "A"), row(3, "B")]
    }

    fn codes(view: &TableView, rows: &[Row]) -> Vec<String> {
        view.shown(rows)
            .map(|row| row.experiment.code.or_empty().to_owned())
            .collect()
    }

    #[test]
    fn sorting_twice_turns_round_and_searching_narrows() {
        let (rows, mut view) = (rows(), TableView::default());
        view.show(&rows);
        assert_eq!(codes(&view, &rows), ["A-x2", "A-x10", "B-x3"]);
        view.sort_by(&rows, "code", false);
        assert_eq!(codes(&view, &rows), ["B-x3", "A-x10", "A-x2"]);
        view.set_search(&rows, "a-X1".to_owned());
        assert_eq!(codes(&view, &rows), ["A-x10"]);
    }

    #[test]
    fn changing_the_target_leaves_nothing_selected_out_of_sight() {
        let (rows, mut view) = (rows(), TableView::default());
        view.show(&rows);
        view.toggle_all(&rows);
        assert_eq!(view.selected().len(), 3);
        view.set_target(&rows, Some(rows[2].target.clone()));
        assert!(view.selected().is_empty());
        view.toggle_all(&rows);
        assert_eq!(
            view.selected().iter().map(|id| id.0).collect::<Vec<_>>(),
            [3]
        );
        view.toggle_all(&rows);
        assert!(view.selected().is_empty());
    }

    #[test]
    fn a_range_runs_in_the_shown_order_from_the_row_clicked_last() {
        let (rows, mut view) = (rows(), TableView::default());
        view.show(&rows);
        view.select_only(ExperimentId(3));
        view.select_range(&rows, ExperimentId(10));
        assert_eq!(
            view.selected().iter().map(|id| id.0).collect::<Vec<_>>(),
            [3, 10]
        );
    }

    #[test]
    fn a_column_that_is_shown_again_stands_at_its_place() {
        let (rows, mut view) = (rows(), TableView::default());
        view.show(&rows);
        let before: Vec<_> = view
            .columns
            .iter()
            .map(|column| column.field.clone())
            .collect();
        view.show_column(&rows, "code", false);
        assert!(view.columns.iter().all(|column| column.field != "code"));
        view.show_column(&rows, "code", true);
        let after: Vec<_> = view
            .columns
            .iter()
            .map(|column| column.field.clone())
            .collect();
        assert_eq!(before, after);
    }

    #[test]
    fn a_refresh_keeps_what_is_still_there() {
        let (mut rows, mut view) = (rows(), TableView::default());
        view.show(&rows);
        view.toggle(ExperimentId(3));
        view.toggle(ExperimentId(2));
        rows.remove(1);
        view.show(&rows);
        assert_eq!(codes(&view, &rows), ["A-x10", "B-x3"]);
        assert_eq!(
            view.selected().iter().map(|id| id.0).collect::<Vec<_>>(),
            [3]
        );
    }
}
