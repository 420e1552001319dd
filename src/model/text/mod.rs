//! Texts, dates, names and messages: from outside, and for users.

pub(super) mod date;
pub(super) mod file_name;
pub(super) mod io_cause;
pub(super) mod log_book;
pub(super) mod problem;
pub(super) mod sanitize;
pub(super) mod shortfall;
pub(super) mod sizes;
pub(super) mod tolerant;
