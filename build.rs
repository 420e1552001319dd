//! Facts about the build for "About", and icon, version and manifest for Windows.

use std::{env, process::Command, thread};

/// What Windows calls the program.
const NAME: &str = "Fragalysis Desktop";
/// The application manifest: long paths, per-monitor DPI, UTF-8, no elevation.
const MANIFEST: &str = "assets/packaging/windows/fragalysis-desktop.manifest";
/// With more, each test would have too little memory and processor time for its own time limits.
const MOST_TEST_THREADS: usize = 16;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets/icon.ico");
    println!("cargo::rerun-if-changed={MANIFEST}");
    watch_commit();
    set_test_threads();
    let variable = |name: &str| env::var(name).unwrap_or_else(|_| "unknown".to_owned());
    fact("BUILD_TARGET", &variable("TARGET"));
    // A source archive has no history; then the commit is unknown.
    fact(
        "BUILD_COMMIT",
        &first_line("git", &["describe", "--always", "--dirty"]),
    );
    fact(
        "BUILD_COMPILER",
        &first_line(&variable("RUSTC"), &["--version"]),
    );
    if variable("CARGO_CFG_TARGET_OS") == "windows" {
        // As much as the background threads have; the default is 1 MB, and molecules are parsed recursively.
        println!(
            "cargo::rustc-link-arg-bins={}",
            match variable("CARGO_CFG_TARGET_ENV").as_str() {
                "msvc" => "/STACK:16777216",
                _ => "-Wl,--stack,16777216",
            }
        );
    }
    if variable("CARGO_CFG_TARGET_OS") == "windows"
        && let Err(error) = describe_for_windows()
    {
        // Without them, long paths fail, the window is blurred, and the file has no description.
        println!(
            "cargo::error=No icon, version and manifest for Windows: {error}. Install the resource compiler that belongs to the toolchain: rc.exe of the Windows SDK, or windres of mingw."
        );
    }
}

/// Icon, version and manifest, inside every executable.
fn describe_for_windows() -> std::io::Result<()> {
    let mut resource = winresource::WindowsResource::new();
    resource
        .set_icon("assets/icon.ico")
        .set_manifest_file(MANIFEST)
        .set("ProductName", NAME)
        .set("FileDescription", NAME)
        .set("CompanyName", "The makers of Fragalysis Desktop")
        .set(
            "LegalCopyright",
            "The makers of Fragalysis Desktop. MIT licence.",
        );
    resource.compile()
}

/// Lets two tests run for each processor: most of them wait for a server, a file or a window longer than they compute.
/// Cargo passes what is set here on to the tests; a number that the user has set is left alone.
fn set_test_threads() {
    const NAME: &str = "RUST_TEST_THREADS";
    println!("cargo::rerun-if-env-changed={NAME}");
    if env::var_os(NAME).is_none()
        && let Ok(processors) = thread::available_parallelism()
    {
        let threads = (2 * processors.get()).min(MOST_TEST_THREADS.max(processors.get()));
        println!("cargo::rustc-env={NAME}={threads}");
    }
}

/// Rebuilds after a commit; watching a missing file would cause a rebuild every time.
fn watch_commit() {
    let head = std::fs::read_to_string(".git/HEAD").unwrap_or_default();
    let branch = head
        .strip_prefix("ref:")
        .map(|name| format!(".git/{}", name.trim()));
    for path in [Some(".git/HEAD".to_owned()), branch].into_iter().flatten() {
        if std::path::Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

fn fact(name: &str, value: &str) {
    println!("cargo::rustc-env={name}={value}");
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .ok()
        .filter(|output| output.status.success());
    let text = output.and_then(|output| String::from_utf8(output.stdout).ok());
    let line = text
        .as_deref()
        .and_then(|text| text.lines().next())
        .unwrap_or_default()
        .trim();
    if line.is_empty() {
        "unknown".to_owned()
    } else {
        line.to_owned()
    }
}
