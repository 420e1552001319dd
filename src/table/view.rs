//! What of the table is shown, in which order, and what is selected.

use std::collections::BTreeSet;

use super::{
    ColumnFilter, Direction, Sheet, SortKey,
    chosen::Chosen,
    find::Needle,
    history::{Change, History},
    layout::{Layout, NAMES_OF_TARGET, ShownColumn},
    sort_rows,
};
use crate::model::{RowId, TargetKey};

/// The shown part of a table. Changed only through its functions, which keep the order up to date.
#[derive(Clone, Debug, Default)]
pub struct TableView {
    pub(super) layout: Layout,
    /// The shown columns that this table has.
    columns: Vec<ShownColumn>,
    target: Option<TargetKey>,
    pub(super) search: String,
    /// Places of the shown rows.
    order: Vec<u32>,
    pub(super) selected: BTreeSet<RowId>,
    /// What is selected, in numbers.
    pub(super) chosen: Chosen,
    /// Where a range of selected rows begins, and what it has added to the selection.
    pub(super) anchor: Option<RowId>,
    pub(super) range: BTreeSet<RowId>,
    /// What can be undone.
    pub(super) history: History,
    /// The order of the first look, as long as no one has chosen another.
    usual_sort: Vec<SortKey>,
    /// Whether someone has chosen the columns; else they are the ones that have values.
    pub(super) is_chosen: bool,
    /// Whether anything was changed that is worth keeping.
    pub(super) has_changed: bool,
    pub(super) revision: u64,
}

impl TableView {
    /// Begins to show a table; keeps target, search, sort, filters and selection as far as they still apply.
    pub fn show(&mut self, sheet: &Sheet) {
        if !self.is_chosen && !sheet.is_empty() {
            let usual = Layout::of_fields(sheet, sheet.subject().default_fields());
            self.layout.columns = usual.columns;
            self.layout.hides_target = usual.hides_target;
            if self.layout.frozen == 0 {
                self.layout.frozen = usual.frozen;
            }
            // Rows that come later may have what the first ones lack.
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
            // What is not in sight must not be downloaded by surprise.
            self.selected.clear();
            self.forget_selections();
        }
        self.refresh(sheet);
    }

    /// Shows only rows with this text in a shown column.
    pub fn set_search(&mut self, sheet: &Sheet, search: String) {
        // Letters that are typed one after the other are one step back.
        if self.search.is_empty() || search.is_empty() {
            self.begin_step();
        }
        self.remember(Change::Search);
        self.search = search;
        self.refresh(sheet);
    }

    /// Puts a condition on a column in place of the one that is there; nothing takes it away.
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

    /// Takes all conditions and the search away.
    pub fn clear_filters(&mut self, sheet: &Sheet) {
        self.remember(Change::Whole);
        self.has_changed = true;
        self.layout.filters.clear();
        self.search.clear();
        self.refresh(sheet);
    }

    /// Sorts by a column; a second time turns it round. `is_further` keeps the columns sorted by before.
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

    /// Shows or hides the column of a field; a new one stands at its usual place.
    pub fn show_column(&mut self, sheet: &Sheet, field: &str, is_shown: bool) {
        self.remember(Change::Whole);
        self.is_chosen = true;
        self.layout.show(sheet, field, is_shown);
        self.refresh(sheet);
    }

    /// Moves a shown column to before the one that is shown at a place now, or to the end.
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
        self.heed_layout();
    }

    /// Takes over the columns of the layout, as far as they were shown already.
    fn heed_layout(&mut self) {
        let known: BTreeSet<String> = self.columns.drain(..).map(|column| column.field).collect();
        let columns = self.layout.columns.iter();
        let columns = columns.filter(|column| known.contains(&column.field));
        self.columns = columns.cloned().collect();
    }

    /// Remembers the width of a column, in points.
    pub fn set_width(&mut self, field: &str, width: f32) {
        self.is_chosen = true;
        self.layout.set_width(field, width);
        self.heed_layout();
    }

    /// Makes a column so wide, and lets the table know.
    pub fn give_width(&mut self, field: &str, width: f32) {
        self.remember(Change::Width(field.to_owned()));
        self.set_width(field, width);
        self.layout.revision += 1;
    }

    /// Keeps the first columns in sight while the others are moved sideways.
    pub fn set_frozen(&mut self, columns: usize) {
        self.remember(Change::Whole);
        self.has_changed = true;
        self.layout.frozen = columns;
    }

    /// Whether someone has chosen the columns; else they are the usual ones that have values.
    pub fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// Begins with columns, sort and filters of before.
    pub fn begin_with(&mut self, layout: Layout) {
        self.is_chosen = !layout.columns.is_empty();
        self.layout = layout;
    }

    /// What is to be kept for the next start; `None` as long as no one has changed anything.
    pub fn to_keep(&self) -> Option<Layout> {
        let mut layout = (self.is_chosen || self.has_changed).then(|| self.layout.clone())?;
        if !self.is_chosen {
            // Another server may have others of the usual columns.
            layout.columns.clear();
        }
        layout.revision = 0;
        Some(layout)
    }

    /// Another number whenever something else is shown or selected.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes over columns, sort and filters. Columns that this table does not have are left out.
    pub fn set_layout(&mut self, sheet: &Sheet, layout: Layout) {
        self.remember(Change::Whole);
        self.is_chosen = true;
        let revision = self.layout.revision + 1;
        self.layout = Layout { revision, ..layout };
        self.refresh(sheet);
    }

    /// Columns, sort and filters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The columns that are shown, in order.
    pub fn columns(&self) -> &[ShownColumn] {
        &self.columns
    }

    /// The conditions on columns.
    pub fn filters(&self) -> &[ColumnFilter] {
        &self.layout.filters
    }

    /// The condition on a column.
    pub fn filter(&self, field: &str) -> Option<&ColumnFilter> {
        self.filters().iter().find(|filter| filter.field == field)
    }

    /// The target that is shown; `None` means all.
    pub fn target(&self) -> Option<&TargetKey> {
        self.target.as_ref()
    }

    /// The text that is searched for.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// The columns it is sorted by, first one first.
    pub fn sort(&self) -> &[SortKey] {
        &self.layout.sort
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
    pub fn row(&self, place: usize) -> Option<usize> {
        self.order.get(place).map(|row| *row as usize)
    }

    /// The place of a row in the shown order.
    pub fn place_of(&self, row: usize) -> Option<usize> {
        let row = u32::try_from(row).ok()?;
        self.order.iter().position(|shown| *shown == row)
    }

    /// The shown rows in order.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = usize> {
        self.order.iter().map(|row| *row as usize)
    }

    /// The rows that would be shown without the condition on one column: what its values are counted among.
    pub fn rows_but_for(&self, sheet: &Sheet, field: &str) -> Vec<usize> {
        let passing = self.passing(sheet, Some(field)).into_iter().enumerate();
        passing
            .filter(|(_, is_in)| *is_in)
            .map(|(row, _)| row)
            .collect()
    }

    pub(super) fn refresh(&mut self, sheet: &Sheet) {
        // Within one target its name stands above the table already.
        let hides_target = self.layout.hides_target && self.target.is_some();
        let is_said = |field: &str| hides_target && NAMES_OF_TARGET.contains(&field);
        let columns = self
            .layout
            .columns
            .iter()
            .filter(|column| sheet.place(&column.field).is_some() && !is_said(&column.field));
        self.columns = columns.cloned().collect();
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

    /// Which rows pass target, conditions and search; `but_for` leaves the condition on one column out.
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
