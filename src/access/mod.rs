//! Why something is not seen: the causes in order, with the evidence for each.
//!
//! Servers answer "not found" where they mean "not for you", so the cause is found from several answers: the session,
//! the memberships, the targets that are shown, and what the server says of the access string itself.

mod answer;
mod evidence;
mod explain;
mod subject;
mod suggest;
#[cfg(test)]
mod tests;

pub use answer::{Verdict, Why, WhyStep};
pub use evidence::{Evidence, Known};
pub use explain::explain;
