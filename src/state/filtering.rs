//! Filters that search in molecules: computed in the background if there are many.

use super::{Remote, Worker, experiments::Experiments};
use crate::table::{ColumnFilter, Condition, Sheet, TableView};

/// Up to this many rows a search takes less than a frame.
const AT_ONCE: usize = 2_000;

impl Experiments {
    /// Sets or removes the condition on a column. A slow one applies once its result is there.
    pub(super) fn filter(&mut self, worker: &Worker, field: &str, condition: Option<Condition>) {
        self.search = Remote::NotRequested;
        let filter = condition.map(|condition| ColumnFilter {
            field: field.to_owned(),
            condition,
        });
        match filter {
            Some(filter) if filter.is_slow() && self.sheet().len() > AT_ONCE => {
                let sheet = self.sheet().clone();
                self.search.start(worker, async move {
                    let prepared = tokio::task::spawn_blocking(move || {
                        filter.prepare(&sheet);
                        filter
                    });
                    prepared
                        .await
                        .map_err(|error| super::export::crashed(&error))
                });
            }
            filter => self.set_filter(field, filter),
        }
    }

    /// Returns `true` while molecules are being searched.
    pub fn is_searching(&self) -> bool {
        self.search.is_loading()
    }

    /// Applies the condition whose result has arrived.
    pub(super) fn poll_search(&mut self) {
        if self.search.poll()
            && let Some(filter) = self.search.take_value()
        {
            let field = filter.field.clone();
            self.set_filter(&field, Some(filter));
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
        filter.prepare(sheet);
    }
}

/// Returns the conditions of a view that take a moment.
pub(super) fn slow_filters(view: &TableView) -> Vec<ColumnFilter> {
    let filters = view.filters().iter();
    filters.filter(|filter| filter.is_slow()).cloned().collect()
}
