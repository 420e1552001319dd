//! Molecules on this computer: read from SMILES, laid out for drawing, described, and searched by substructure and
//! by likeness. Nothing of it leaves the computer.
//!
//! The crate that does the work follows RDKit function by function, but only where its functions say so; which of
//! them agree was tried out, and the tests hold what RDKit answered. It recurses: everything here is to run on a
//! thread with at least [`STACK`] bytes of stack, and texts are limited before they are read.

mod drawing;
#[cfg(test)]
mod fuzz;
mod layout;
mod likeness;
mod molfile;
mod properties;
mod query;
mod structure;
#[cfg(test)]
mod tests;

pub use drawing::{Drawing, DrawnAtom, DrawnBond, Label, Lines, Side, Stereo};
pub use likeness::Fingerprint;
pub use properties::Properties;
pub use query::{Found, Query, QueryError};
pub use structure::{Structure, Unreadable};

/// Bytes of stack that a thread needs that works with molecules.
pub const STACK: usize = 16 << 20;
