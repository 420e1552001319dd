//! All tests that need more than one module: the real program, the real window, a real server on a port.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod access;
mod architecture;
mod canary;
mod cautious_updates;
mod command_downloads;
mod commands;
mod commands_odd;
mod crash_safety;
mod crash_safety_window;
mod disk;
mod download_contents;
mod download_selection;
mod downloads;
mod drag_and_drop;
mod export;
mod failed_lists;
mod faults;
mod features;
mod filter_menus;
mod fixtures;
mod focus;
mod harness;
mod histories;
mod hits;
mod hits_shapes;
mod hits_use;
mod hits_window;
mod hostile_redirects;
mod imports;
mod incomplete_lists;
mod keys;
mod library;
mod lists;
mod network;
mod notes;
mod odd_answers;
mod orphaned_folders;
mod parts;
mod pictures;
mod plotting;
mod positions;
mod printed;
mod protected_files;
mod proxy;
mod recovery;
mod resuming;
mod scripting;
mod scripting_odd;
mod searches;
mod sentences;
mod session_owners;
mod session_renewal;
mod session_state;
mod sessions;
mod sign_in_form;
mod signing;
mod single;
mod sizes;
mod support;
mod system_limits;
mod table;
mod table_keys;
mod truncated_text;
mod undo;
mod updates;
mod versions;
mod waiting;
mod window;
mod window_failures;
mod words;
