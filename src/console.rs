//! The same program for the Windows command line, which neither shows the output of a windowed program nor waits for
//! it. It is installed as `fragalysis-desktop.com` beside `fragalysis-desktop.exe`, so that typing the name without
//! an extension starts this one.

use std::process::ExitCode;

fn main() -> ExitCode {
    fragalysis_desktop::program::start()
}
