//! Fragalysis Desktop: a native window onto crystallographic fragment screens.
//!
//! The crate is built in floors; each uses only what lies below it. `tests/it/architecture.rs` enforces the
//! table.
//!
//! ```text
//! floor 4   app          polls the state, draws the window, carries out its commands
//! floor 3   ui           pages, dialogs, widgets, theme: reads &State, gives back Vec<Command>
//! floor 2   state        all that is on screen, and the only code that changes it
//! floor 1   downloads    from a request to checked files: order, fetch, check, unpack, report; what is on the
//!                        disk, what is new since, and bringing the one up to the other
//!           table        typed columns, sorting by ranks, finding, filters, views, exports
//!           store        settings, tables and the queue of downloads on the disk, secrets in the keychain
//! floor 0   access       why something is not seen: the causes in order, with their evidence
//!           api          one async function per endpoint, typed answers, errors by what to do about them
//!           model        plain data: ids, rows, file kinds, secrets; no input, no output, no clock
//! beside    demo         a server of three generations, in the program and for every test
//!           cli          the same floors 0 and 1 without a window
//! ```
//!
//! | module      | may use from this crate                  | outside crates reserved for it |
//! |-------------|------------------------------------------|--------------------------------|
//! | `model`     | –                                        |                                |
//! | `api`       | model                                    | reqwest                        |
//! | `access`    | model, api                               |                                |
//! | `table`     | model                                    |                                |
//! | `downloads` | model, api                               | zip, tar, flate2, sha2         |
//! | `store`     | model, table, downloads                  | directories, keyring, flate2   |
//! | `state`     | all of the above                         | poll-promise (`load.rs`)       |
//! | `ui`        | model, access, table, downloads, store, state | egui, `egui_table`, rfd   |
//! | `app`       | model, state, ui                         | eframe, trash                  |
//! | `cli`       | all but state, ui and app                | clap, indicatif                |
//! | `demo`      | model                                    | axum                           |
//!
//! Values go down as calls and up as return values and channels. Work runs on one tokio runtime that `main`
//! makes; the window never waits. What comes from outside (folders, clock, runtime, server) is a parameter,
//! so that tests drive the program that ships.

pub mod access;
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
