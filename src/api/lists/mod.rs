//! Lists in one request, decoded while they arrive: rows, totals, and truncated lists.

pub(super) mod pages;
pub(super) mod row_splitter;
mod sinks;
