//! Which part of the table is shown, in which order, and what is selected.

use std::collections::BTreeSet;

use super::{
    ColumnFilter, Direction, Sheet, SortKey,
    chosen::SelectionSummary,
    find::Needle,
    history::{Change, History},
    layout::{Layout, NAMES_OF_TARGET, ShownColumn},
    sort_rows,
};
use crate::model::{RowId, TargetKey};

/// The shown part of a table. Changed only through its methods, which keep the order up to date.
#[derive(Clone, Debug, Default)]
pub struct TableView {
    pub(super) layout: Layout,
    /// The shown columns that this table has.
    columns: Vec<ShownColumn>,
    target: Option<TargetKey>,
    pub(super) search: String,
    /// Indices of the shown rows.
    order: Vec<u32>,
    pub(super) selected: BTreeSet<RowId>,
    /// A summary of the selection.
    pub(super) chosen: SelectionSummary,
    /// Where a range of selected rows begins, and what it has added to the selection.
    pub(super) anchor: Option<RowId>,
    pub(super) range: BTreeSet<RowId>,
    /// The undo history.
    pub(super) history: History,
    /// The default order, until the user chooses another.
    usual_sort: Vec<SortKey>,
    /// Whether the user has chosen the columns; otherwise those with values are shown.
    pub(super) is_chosen: bool,
    /// Whether anything worth saving has changed.
    pub(super) has_changed: bool,
    pub(super) revision: u64,
    /// Whether a condition has not been tested on all rows yet.
    is_unfinished: bool,
}

impl TableView {
    /// Shows a table; keeps target, search, sort, filters and selection as far as they still apply.
    pub fn show(&mut self, sheet: &Sheet) {
        if !self.is_chosen && !sheet.is_empty() {
            let usual = Layout::of_fields(sheet, sheet.subject().default_fields());
            self.layout.columns = usual.columns;
            self.layout.hides_target = usual.hides_target;
            if self.layout.frozen == 0 {
                self.layout.frozen = usual.frozen;
            }
            // Later rows may have values that the first ones lack.
            if self.layout.sort == self.usual_sort {
                self.layout.sort.clone_from(&usual.sort);
                self.usual_sort = usual.sort;
            }
        }
        if !self.selected.is_empty() {
            let ids: BTreeSet<RowId> = (0..sheet.len()).map(|row| sheet.id(row)).collect();
            self.selected.retain(|id| ids.contains(id));
        }
        self.refresh(sheet);
    }

    /// Shows one target, or all.
    pub fn set_target(&mut self, sheet: &Sheet, target: Option<TargetKey>) {
        if self.target != target {
            self.target = target;
            // Rows that are not visible must not be downloaded unintentionally.
            self.selected.clear();
            self.forget_selections();
        }
        self.refresh(sheet);
    }

    /// Shows only rows that contain this text in a shown column.
    pub fn set_search(&mut self, sheet: &Sheet, search: String) {
        // Consecutive key presses are one undo step.
        if self.search.is_empty() || search.is_empty() {
            self.begin_step();
        }
        self.remember(Change::Search);
        self.search = search;
        self.refresh(sheet);
    }

    /// Sets the condition on a column, replacing the present one; `None` removes it.
    pub fn set_filter(&mut self, sheet: &Sheet, field: &str, filter: Option<ColumnFilter>) {
        let before = self
            .layout
            .filters
            .iter()
            .find(|known| known.field == field);
        if before == filter.as_ref() {
            return;
        }
        if filter.is_none() {
            self.begin_step();
        }
        self.remember(Change::Filter(field.to_owned()));
        if filter.is_none() {
            self.begin_step();
        }
        self.has_changed = true;
        let filters = &mut self.layout.filters;
        match (
            filters.iter_mut().find(|known| known.field == field),
            filter,
        ) {
            (Some(known), Some(filter)) => *known = filter,
            (None, Some(filter)) => filters.push(filter),
            (_, None) => filters.retain(|known| known.field != field),
        }
        self.refresh(sheet);
    }

    /// Sets the conditions on several columns, as one step; columns of `without` get none.
    pub fn set_filters(&mut self, sheet: &Sheet, filters: Vec<ColumnFilter>, without: &[String]) {
        self.remember(Change::Whole);
        self.has_changed = true;
        let is_replaced = |field: &String| {
            without.contains(field) || filters.iter().any(|filter| filter.field == *field)
        };
        let known = &mut self.layout.filters;
        known.retain(|known| !is_replaced(&known.field));
        known.extend(filters);
        self.refresh(sheet);
    }

    /// Applies the conditions again: a search has found further rows.
    pub fn show_further(&mut self, sheet: &Sheet) {
        self.refresh(sheet);
    }

    /// Returns `true` if a condition has not been tested on all rows yet.
    pub fn is_unfinished(&self) -> bool {
        self.is_unfinished
    }

    /// Removes all conditions and the search.
    pub fn clear_filters(&mut self, sheet: &Sheet) {
        self.remember(Change::Whole);
        self.has_changed = true;
        self.layout.filters.clear();
        self.search.clear();
        self.refresh(sheet);
    }

    /// Sorts by a column; a second time reverses it. `is_further` keeps the previous sort columns.
    pub fn sort_by(&mut self, sheet: &Sheet, field: &str, is_further: bool) {
        self.remember(Change::Whole);
        self.has_changed = true;
        let sort = &mut self.layout.sort;
        let before = sort.iter().position(|key| key.field == field);
        let direction = before
            .and_then(|at| sort.get(at))
            .map_or(Direction::Ascending, |key| key.direction.reversed());
        let key = SortKey {
            field: field.to_owned(),
            direction,
        };
        match (is_further, before.and_then(|at| sort.get_mut(at))) {
            (true, Some(slot)) => *slot = key,
            (true, None) => sort.push(key),
            (false, _) => *sort = vec![key],
        }
        self.refresh(sheet);
    }

    /// Sorts by a column alone, in this direction.
    pub fn sort_in(&mut self, sheet: &Sheet, field: &str, direction: Direction) {
        let wanted = vec![SortKey {
            field: field.to_owned(),
            direction,
        }];
        if self.layout.sort != wanted {
            self.remember(Change::Whole);
            self.has_changed = true;
            self.layout.sort = wanted;
            self.refresh(sheet);
        }
    }

    /// Shows or hides the column of a field; a new one goes to its usual position.
    pub fn show_column(&mut self, sheet: &Sheet, field: &str, is_shown: bool) {
        self.remember(Change::Whole);
        self.is_chosen = true;
        self.layout.show(sheet, field, is_shown);
        self.refresh(sheet);
    }

    /// Moves a shown column before the one at an index, or to the end.
    pub fn move_column(&mut self, field: &str, to: usize) {
        self.remember(Change::Whole);
        self.is_chosen = true;
        let before = self.columns.get(to).map(|column| column.field.clone());
        let place = |field: &String| {
            let mut columns = self.layout.columns.iter();
            columns.position(|column| column.field == *field)
        };
        let to = before.as_ref().and_then(place);
        self.layout
            .move_to(field, to.unwrap_or(self.layout.columns.len()));
        self.adopt_shown_columns();
    }

    /// Treats the columns of the layout as chosen, as far as they were shown already.
    fn adopt_shown_columns(&mut self) {
        let known: BTreeSet<String> = self.columns.drain(..).map(|column| column.field).collect();
        let columns = self.layout.columns.iter();
        let columns = columns.filter(|column| known.contains(&column.field));
        self.columns = columns.cloned().collect();
    }

    /// Records the width of a column, in points.
    pub fn set_width(&mut self, field: &str, width: f32) {
        self.is_chosen = true;
        self.layout.set_width(field, width);
        self.adopt_shown_columns();
    }

    /// Sets the width of a column, and notifies the window.
    pub fn set_width_from_outside(&mut self, field: &str, width: f32) {
        self.remember(Change::Width(field.to_owned()));
        self.set_width(field, width);
        self.layout.revision += 1;
    }

    /// Keeps the first columns in view while the others scroll sideways.
    pub fn set_frozen(&mut self, columns: usize) {
        self.remember(Change::Whole);
        self.has_changed = true;
        self.layout.frozen = columns;
    }

    /// Returns `true` if the user has chosen the columns; otherwise the default ones with values are shown.
    pub fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// Starts with the saved columns, sort and filters.
    pub fn restore(&mut self, layout: Layout) {
        self.is_chosen = !layout.columns.is_empty();
        self.layout = layout;
    }

    /// Returns the layout to save for the next start; `None` if the user has changed nothing.
    pub fn layout_to_save(&self) -> Option<Layout> {
        let mut layout = (self.is_chosen || self.has_changed).then(|| self.layout.clone())?;
        if !self.is_chosen {
            // Another server may have other default columns.
            layout.columns.clear();
        }
        layout.revision = 0;
        Some(layout)
    }

    /// Returns a number that changes whenever what is shown or selected changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Applies columns, sort and filters. Columns that this table does not have are left out.
    pub fn set_layout(&mut self, sheet: &Sheet, layout: Layout) {
        self.remember(Change::Whole);
        self.is_chosen = true;
        let revision = self.layout.revision + 1;
        self.layout = Layout { revision, ..layout };
        self.refresh(sheet);
    }

    /// Returns the columns, sort and filters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Returns the visible columns in order.
    pub fn columns(&self) -> &[ShownColumn] {
        &self.columns
    }

    /// Returns the filters of the columns.
    pub fn filters(&self) -> &[ColumnFilter] {
        &self.layout.filters
    }

    /// Returns the filter of a column, or `None` if it has none.
    pub fn filter(&self, field: &str) -> Option<&ColumnFilter> {
        self.filters().iter().find(|filter| filter.field == field)
    }

    /// Returns the target that is shown; `None` means all.
    pub fn target(&self) -> Option<&TargetKey> {
        self.target.as_ref()
    }

    /// Returns the search text.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// Returns the columns by which it is sorted, in order of priority.
    pub fn sort(&self) -> &[SortKey] {
        &self.layout.sort
    }

    /// Returns the number of visible rows.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Returns `true` if no row is visible.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Returns the row at an index of the shown order.
    pub fn row(&self, place: usize) -> Option<usize> {
        self.order.get(place).map(|row| *row as usize)
    }

    /// Returns the index of a row in the shown order.
    pub fn place_of(&self, row: usize) -> Option<usize> {
        let row = u32::try_from(row).ok()?;
        self.order.iter().position(|shown| *shown == row)
    }

    /// Returns the visible rows in order.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = usize> {
        self.order.iter().map(|row| *row as usize)
    }

    /// Returns the rows that would be shown without the condition on one column: those among which its values are
    /// counted.
    pub fn rows_ignoring_filter(&self, sheet: &Sheet, field: &str) -> Vec<usize> {
        let passing = self.passing(sheet, Some(field)).into_iter().enumerate();
        passing
            .filter(|(_, is_in)| *is_in)
            .map(|(row, _)| row)
            .collect()
    }

    pub(super) fn refresh(&mut self, sheet: &Sheet) {
        // If one target is chosen, its name is already shown above the table.
        let hides_target = self.layout.hides_target && self.target.is_some();
        let is_said = |field: &str| hides_target && NAMES_OF_TARGET.contains(&field);
        let columns = self
            .layout
            .columns
            .iter()
            .filter(|column| sheet.place(&column.field).is_some() && !is_said(&column.field));
        self.columns = columns.cloned().collect();
        // Asked before the rows are: what is found in between is shown the next time.
        let mut filters = self.layout.filters.iter();
        self.is_unfinished = filters.any(|filter| filter.is_unfinished(sheet));
        let marks = self.passing(sheet, None);
        let is_marked = |row: &u32| marks.get(*row as usize).copied().unwrap_or(false);
        let rows: Vec<u32> = if self.layout.sort.is_empty() {
            (0_u32..).take(marks.len()).filter(is_marked).collect()
        } else {
            sheet.by_code().iter().copied().filter(is_marked).collect()
        };
        self.order = sort_rows(sheet, &self.layout.sort, rows);
        self.count(sheet);
    }

    /// Returns which rows pass target, conditions and search; `but_for` leaves out the condition on one column.
    fn passing(&self, sheet: &Sheet, but_for: Option<&str>) -> Vec<bool> {
        let mut marks = vec![true; sheet.len()];
        if let Some(target) = &self.target {
            let place = sheet
                .targets()
                .iter()
                .position(|known| known.key == *target);
            let place = place.and_then(|place| u32::try_from(place).ok());
            for (mark, own) in marks.iter_mut().zip(sheet.target_places()) {
                *mark = Some(*own) == place;
            }
        }
        let filters = self.layout.filters.iter();
        for filter in filters.filter(|filter| Some(filter.field.as_str()) != but_for) {
            filter.apply(sheet, &mut marks);
        }
        if let Some(needle) = Needle::new(&self.search) {
            let mut found = vec![false; sheet.len()];
            let places = self.layout.columns.iter();
            for place in places.filter_map(|column| sheet.place(&column.field)) {
                if let Some(index) = sheet.index(place) {
                    index.mark(sheet.values(place), &needle, &mut found);
                }
            }
            for (mark, found) in marks.iter_mut().zip(found) {
                *mark &= found;
            }
        }
        marks
    }
}
