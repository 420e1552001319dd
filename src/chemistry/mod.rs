//! Molecules on this computer: parsed from SMILES, laid out for drawing, described, and searched by substructure and
//! by similarity. Nothing leaves the computer.
//!
//! The crate behind it follows RDKit function by function, but only where its documentation says so; which functions
//! agree was found by testing, and the tests hold RDKit's answers. It recurses: everything here must run on a thread
//! with at least [`STACK`] bytes of stack, and texts are limited before they are parsed.

mod canvas;
mod drawing;
#[cfg(test)]
mod fuzz;
mod layout;
mod molfile;
mod parallel;
mod properties;
mod query;
mod similarity;
mod structure;
mod svg;
#[cfg(test)]
mod tests;

pub use canvas::{Align, Canvas, Ink, Placed, Point, TextBox};
pub use drawing::{Drawing, DrawnAtom, DrawnBond, Label, Lines, Side, Stereo};
pub(crate) use parallel::for_each_in_parallel;
pub use properties::Properties;
pub use query::{Query, QueryError, SearchResult};
pub use similarity::Fingerprint;
pub use structure::{Structure, StructureError};

/// Bytes of stack that a thread that works with molecules needs.
pub const STACK: usize = 16 << 20;
