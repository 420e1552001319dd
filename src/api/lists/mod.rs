//! Lists in one request, decoded while they arrive: rows, totals, and lists that are cut short.

pub(super) mod pages;
pub(super) mod row_splitter;
