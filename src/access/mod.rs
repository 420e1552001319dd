//! Why something is not visible: the possible causes in order, with the evidence for each.
//!
//! Servers answer "not found" when they mean "not for you", so the cause is derived from several answers: the
//! session, the memberships, the visible targets, and what the server says about the access string itself.

mod answer;
mod evidence;
mod explain;
mod subject;
mod suggest;
#[cfg(test)]
mod tests;

pub use answer::{Check, Explanation, Verdict};
pub use evidence::{Evidence, Known};
pub use explain::explain;
