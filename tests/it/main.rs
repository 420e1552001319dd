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
mod choosing;
mod command_downloads;
mod commands;
mod commands_odd;
mod cut;
mod desk;
mod disk;
mod download_contents;
mod downloads;
mod dropping;
mod faults;
mod features;
mod healing;
mod histories;
mod hits;
mod hits_shapes;
mod hits_use;
mod hits_window;
mod imports;
mod keys;
mod lasting;
mod left_behind;
mod library;
mod lists;
mod lures;
mod network;
mod noting;
mod odd_answers;
mod parts;
mod pictures;
mod plotting;
mod printed;
mod proxy;
mod renewing;
mod renewing_carefully;
mod scripting;
mod scripting_odd;
mod sentences;
mod session_renewal;
mod sessions;
mod signing;
mod single;
mod sizes;
mod support;
mod surviving;
mod surviving_window;
mod system_limits;
mod table;
mod table_keys;
mod taking;
mod taking_back;
mod truth;
mod truth_of_sessions;
mod waiting;
mod window;
mod window_failures;
mod words;
mod workbench;
