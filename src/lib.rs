//! Fragalysis Desktop: a native window onto crystallographic fragment screens.

pub mod api;
pub mod app;
pub mod cli;
pub mod demo;
pub mod downloads;
pub mod model;
pub mod state;
pub mod store;
pub mod table;
pub mod ui;
