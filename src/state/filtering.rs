//! Structure filters: computed in the background for large tables, with results shown as they arrive.

use super::{Remote, TableCommand, Worker, experiments::Experiments};
use crate::table::{ColumnFilter, Condition, Sheet, TableView};

/// Up to this many rows a search takes less than a frame.
const AT_ONCE: usize = 2_000;

impl Experiments {
    /// Sets or removes the condition on a column. A slow one applies as soon as it has its first results; until then
    /// it is kept beside the view, whatever is changed there.
    pub(super) fn filter(&mut self, worker: &Worker, field: &str, condition: Option<Condition>) {
        let filter = condition.map(|condition| ColumnFilter {
            field: field.to_owned(),
            condition,
        });
        let is_other = |asked: &ColumnFilter| asked.field != field;
        if let Some(asked) = self.search.asked.take_if(|asked| is_other(asked)) {
            if filter.as_ref().is_none_or(|filter| !filter.is_slow()) {
                self.set_filter(field, filter);
                self.search.asked = Some(asked);
                return;
            }
            // Only one is awaited: the earlier one joins the view as it is.
            let earlier = asked.field.clone();
            self.set_filter(&earlier, Some(asked));
        }
        self.search.stop();
        match filter {
            Some(filter) if filter.is_slow() && self.sheet().len() > AT_ONCE => {
                let sheet = self.sheet().clone();
                self.search.asked = Some(filter.clone());
                self.search.start(worker, sheet, vec![filter]);
            }
            filter => self.set_filter(field, filter),
        }
    }

    /// Stops a search that the command makes obsolete. Returns `true` if it had not been shown yet: then it is the
    /// change to undo.
    pub(super) fn end_search(&mut self, command: &TableCommand) -> bool {
        let is_awaited = self.awaits_change();
        let asked = self.search.asked.as_ref();
        // A condition that is set now replaces one on the same column that is still awaited.
        let is_replaced = match (command, asked) {
            (TableCommand::FilterAll { filters, without }, Some(asked)) => {
                without.contains(&asked.field)
                    || filters.iter().any(|filter| filter.field == asked.field)
            }
            _ => false,
        };
        if is_replaced {
            self.search.stop();
        }
        if command.ends_search() {
            self.search.stop();
            self.hits.filter_when_known = false;
        }
        is_awaited
    }

    /// Returns `true` if a change has been asked for that has not been shown yet.
    pub fn awaits_change(&self) -> bool {
        self.search.asked.is_some() || self.hits.filter_when_known
    }

    /// Returns the condition on a column that was set last: the one in the view, or one that awaits its first results.
    pub fn wanted_filter(&self, field: &str) -> Option<&ColumnFilter> {
        let asked = self.search.asked.as_ref();
        let asked = asked.filter(|asked| asked.field == field);
        asked.or_else(|| self.view.filter(field))
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
