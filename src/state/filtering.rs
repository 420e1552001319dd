//! Structure filters: computed in the background for large tables, with results shown as they arrive.

use super::{Remote, Worker, experiments::Experiments};
use crate::table::{ColumnFilter, Condition, Sheet, TableView};

/// Up to this many rows a search takes less than a frame.
const AT_ONCE: usize = 2_000;

impl Experiments {
    /// Sets or removes the condition on a column. A slow one applies as soon as it has its first results.
    pub(super) fn filter(&mut self, worker: &Worker, field: &str, condition: Option<Condition>) {
        self.search.stop();
        let filter = condition.map(|condition| ColumnFilter {
            field: field.to_owned(),
            condition,
        });
        match filter {
            Some(filter) if filter.is_slow() && self.sheet().len() > AT_ONCE => {
                let sheet = self.sheet().clone();
                self.search.asked = Some(filter.clone());
                self.search.start(worker, sheet, vec![filter]);
            }
            filter => self.set_filter(field, filter),
        }
    }

    /// Returns `true` while molecules are being searched.
    pub fn is_searching(&self) -> bool {
        self.search.running.is_loading()
    }

    /// Shows the results so far, and starts the searches that the conditions of the view need.
    pub(super) fn poll_search(&mut self, worker: &Worker) {
        if self.search.poll() {
            if let Some(filter) = self.search.asked.take() {
                let field = filter.field.clone();
                self.set_filter(&field, Some(filter));
            } else if self.view.is_unfinished() {
                self.change_view(TableView::show_further);
            }
        }
        // A newly chosen view, or an undone step, may need a search that has never been run.
        let can_start = matches!(
            self.search.running,
            Remote::NotRequested | Remote::Ready(())
        );
        if self.view.is_unfinished() && can_start {
            let (sheet, filters) = (self.sheet().clone(), slow_filters(&self.view));
            self.search.start(worker, sheet, filters);
        }
    }

    fn set_filter(&mut self, field: &str, filter: Option<ColumnFilter>) {
        self.change_view(|view, sheet| view.set_filter(sheet, field, filter));
    }
}

/// Computes what the conditions of a view need for new rows, before they are shown.
pub(super) fn prepare(sheet: &Sheet, filters: &[ColumnFilter]) {
    sheet.prepare();
    for filter in filters {
        filter.prepare(sheet, &mut || true);
    }
}

/// Returns the conditions of a view that are slow to evaluate.
pub(super) fn slow_filters(view: &TableView) -> Vec<ColumnFilter> {
    let filters = view.filters().iter();
    filters.filter(|filter| filter.is_slow()).cloned().collect()
}
