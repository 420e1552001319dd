//! Fragalysis Desktop: a native window onto crystallographic fragment screens.
//!
//! The crate is built in layers; each uses only those below it. `tests/it/architecture.rs` enforces the table.
//!
//! ```text
//! floor 7   program      arguments, log, runtime, then the window or a command: what the executables start
//! floor 6   app          polls the state, draws the window, carries out its commands
//! floor 5   ui           pages, dialogs, widgets, theme: reads &State, returns Vec<Command>
//! floor 4   state        all that is on screen, and the only code that changes it
//! floor 3   store        settings, tables and the queue of downloads on the disk, secrets in the keychain
//! floor 2   hits         observations with their sites, tags, poses and compounds, in one table
//!           downloads    from a request to checked files: plan, order, transfer, archive, work_dir, finish
//!           library      folders with data on this computer, and what is newer on the server
//! floor 1   dataset      what a finished folder is: its record, its report, its tables, and how they are read
//!           access       why something is not visible: the causes in order, with their evidence
//!           table        typed columns, sorting by ranks, finding, filters, views, exports
//! floor 0   api          one async function per endpoint, typed answers, errors by what to do about them
//!           disk         files with their paths in every error: atomic writes, checksums, safe names
//!           chemistry    molecules: read, laid out, described, searched
//!           model        plain data: ids, rows, file kinds, secrets; no input, no output, no clock
//! beside    demo         a server of three generations, in the program and for every test
//!           cli          the commands: the same without a window
//! ```
//!
//! | module      | may use from this crate                        | outside crates reserved for it |
//! |-------------|------------------------------------------------|--------------------------------|
//! | `model`     | –                                              |                                |
//! | `disk`      | model                                          | tempfile                       |
//! | `api`       | model                                          | reqwest                        |
//! | `access`    | model, api                                     |                                |
//! | `picture`   | –                                              | resvg, skrifa                  |
//! | `chemistry` | picture                                        | chematic                       |
//! | `table`     | model, picture, chemistry                      |                                |
//! | `hits`      | model, api, table                              |                                |
//! | `dataset`   | model, disk, api                               | sha2, with disk and downloads  |
//! | `library`   | model, disk, api, dataset                      |                                |
//! | `downloads` | model, disk, api, dataset                      | zip, tar, flate2               |
//! | `store`     | model, disk, table, dataset, downloads         | directories, keyring, flate2   |
//! | `state`     | all of the above                               | poll-promise (`remote.rs`)     |
//! | `ui`        | all but disk and api                           | egui, `egui_table`, rfd        |
//! | `app`       | model, state, store, ui                        | eframe, trash                  |
//! | `cli`       | all but state, ui and app                      | clap, indicatif                |
//! | `demo`      | model                                          | axum                           |
//! | `program`   | all but table, access and ui                   | `tracing_subscriber`           |
//!
//! No files of a folder, and no folders of a folder, import each other in a circle; a folder's `mod.rs` names what is
//! in it and stands above.
//!
//! Values go down as calls and up as return values and channels. Work runs on one tokio runtime that
//! [`program`] makes; the window never waits. What comes from outside (folders, clock, runtime, server) is a parameter,
//! so that tests drive the program that ships.
//!
//! # Five paths through the code
//!
//! **From "Refresh" to a cell.** `ui::pages::experiments` returns a [`state::Command`]. [`state::State::apply`] hands
//! it to `state::experiments`, which starts `state::loading` in the background. [`api`] asks for targets and pages,
//! and gives each row's bytes to [`table::SheetBuilder`], which writes every value into its typed column without an
//! intermediate form. The finished [`table::Sheet`] arrives in [`state::State::poll`]; the next frame draws only the
//! visible rows.
//!
//! **From an order to checked files.** The dialog makes a [`downloads::Job`]; the window starts it through
//! [`downloads::Runner`], and so does the command line. `downloads::run` is the only file that names the steps: `plan`
//! the parts, `order` each from the server, `transfer` it, check and unpack the `archive` while it arrives, keep it in
//! a hidden folder (`work_dir`), and `finish`: put all parts together, compare what arrived with what was asked
//! ([`dataset::Report`]), write the record, and give the folder its name in one step. Each step is handed the context
//! (`downloads::context`) and the hidden folder.
//!
//! **A session token.** `ui::pages::sign_in` pastes it into a [`model::SessionToken`], which nothing prints.
//! `state::signing` checks it with [`api::Client::check_session`] before the window changes; `state::keychain_queue`
//! puts it into the keychain if the user wants that; only [`api`] ever sends it, and only to its own origin.
//!
//! **Updating a folder.** [`library::scan()`] lists the folders on this disk, [`library::check_for_updates()`]
//! compares them with the server, and an update is an order like any other whose job names the old folder:
//! `downloads::plan` decides which files are reused after every byte was verified.
//!
//! **"Why can't I see …?"** [`api`] collects what the server says about the session, the memberships, the targets and
//! the access string; [`access::explain()`] goes through the causes in order and gives the first that fits, with its
//! evidence.
//!
//! # Words
//!
//! | word | meaning |
//! |------|---------|
//! | target | a protein under study; its title alone is not unique, its title and access string are |
//! | target access string (TAS) | the proposal and visit that decide who may see a target, as `lb18145-1` |
//! | experiment | one crystal: measured, perhaps with a model, perhaps with ligands |
//! | observation | one ligand seen bound in a crystal, with a short code such as `x0310a` |
//! | hit | a row of the table of observations, with what is known of its experiment, site and compound |
//! | site, pose, tag | where on the protein it binds, how it binds, and how users label it |
//! | code, long code | the names of an observation: short within its target, long everywhere |
//! | generation | the year of the server's software: 2024, 2025, 2026 differ in what they offer |
//! | order, build | a request to the server for an archive, and the server's work to create it |
//! | part | some observations of a download, fetched and kept on their own |
//! | complete | every requested file has arrived and was checked, or the server says that it does not have it |
//! | record | `fragalysis-download.json`: what was requested and what arrived, beside the data |
//! | journal | the records of downloads, which survive a restart of the program |
//! | the demo | a server built into this program, for trying it out and for every test |

pub mod access;
pub mod api;
pub mod app;
pub mod chemistry;
pub mod cli;
pub mod dataset;
pub mod demo;
pub mod disk;
pub mod downloads;
pub mod hits;
pub mod library;
pub mod model;
pub mod picture;
pub mod program;
pub mod state;
pub mod store;
pub mod table;
pub mod ui;
