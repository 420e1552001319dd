//! Fragalysis Desktop.

pub mod api;
pub mod cli;
pub mod demo;
pub mod downloads;
pub mod model;
pub mod table;
