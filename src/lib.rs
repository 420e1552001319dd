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
//! | `state`     | all of the above                         | poll-promise (`remote.rs`)       |
//! | `ui`        | model, access, table, downloads, store, state | egui, `egui_table`, rfd   |
//! | `app`       | model, state, ui                         | eframe, trash                  |
//! | `cli`       | all but state, ui and app                | clap, indicatif                |
//! | `demo`      | model                                    | axum                           |
//!
//! Values go down as calls and up as return values and channels. Work runs on one tokio runtime that `main`
//! makes; the window never waits. What comes from outside (folders, clock, runtime, server) is a parameter,
//! so that tests drive the program that ships.
//!
//! # Five walks through the code
//!
//! **From "Refresh" to a cell.** `ui::pages::experiments` returns a [`state::Command`]. [`state::State::apply`] hands
//! it to `state::experiments`, which starts `state::reading` in the background. [`api`] asks for targets and pages,
//! and gives each row's bytes to [`table::SheetBuilder`], which writes every value into its typed column without
//! anything in between. The finished [`table::Sheet`] arrives in [`state::State::poll`]; the next frame draws only
//! the rows in sight.
//!
//! **From an order to checked files.** The dialog makes a [`downloads::Job`]; the window starts it through
//! [`downloads::Queue`], the command line through [`downloads::run`]. `downloads::engine` names the steps: plan the
//! parts, order each from the server, receive it, check and unpack it while it arrives, keep it in a hidden folder
//! (`work_dir`), put all parts together, compare what arrived with what was asked (`coverage`, `report`), write the
//! record, and give the folder its name in one step.
//!
//! **A session token.** `ui::pages::sign_in` pastes it into a [`model::SessionToken`], which nothing prints.
//! `state::signing` proves it with [`api::Client::check_session`] before the window changes; `state::keys` puts it into
//! the keychain if the user wants that; only [`api`] ever sends it, and only to its own origin.
//!
//! **Bringing a folder up to date.** [`store::look`] lists the folders on this disk, [`downloads::check`] compares them
//! with the server, and an update is an order like any other whose job names the old folder: `downloads::renew`
//! decides which files are reused after every byte was verified.
//!
//! **"Why can't I see …?"** [`api`] collects what the server says of the session, the memberships, the targets and
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
//! | code, long code | the names of an observation: short within its target, long everywhere |
//! | generation | the year of the server's software: 2024, 2025, 2026 differ in what they offer |
//! | order, build | what is asked of the server, and its work until there is an archive |
//! | part | some observations of a download, fetched and kept on their own |
//! | complete | every file asked for has arrived and was checked, or the server says that it lacks it |
//! | record | `fragalysis-download.json`: what was asked and what arrived, beside the data |
//! | journal | the notes about downloads that survive the end of the program |
//! | the demo | a server inside this program, for trying and for every test |

pub mod access;
pub mod api;
pub mod app;
pub mod cli;
pub mod dataset;
pub mod demo;
pub mod disk;
pub mod downloads;
pub mod library;
pub mod model;
pub mod state;
pub mod store;
pub mod table;
pub mod ui;
