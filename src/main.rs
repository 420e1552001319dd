//! The program with its window. On Windows it is built without a console, so that none opens beside the window; for
//! the command line there is another executable, from `console.rs`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    fragalysis_desktop::program::start()
}
