//! The same program for the command line of Windows, which neither shows what a program with a window prints nor
//! waits for it. It is installed as `fragalysis-desktop.com` beside `fragalysis-desktop.exe`: anyone who types the
//! name without an ending gets this one.

use std::process::ExitCode;

fn main() -> ExitCode {
    fragalysis_desktop::program::start()
}
