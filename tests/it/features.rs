//! Features that the program that ships must have. The tests themselves bring a clipboard, a keychain and dialogs of
//! their own, so that nothing else here notices when one of them falls out of the build.
#![cfg(target_os = "linux")] // it asks cargo, and names the libraries of a Linux desktop

use std::{collections::BTreeMap, process::Command};

/// Packages of the program with their features, without those that only tests need.
fn features() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "no-dev",
            "--prefix",
            "none",
        ])
        .args(["--format", "{p}|{f}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut features: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let Some((package, list)) = line.split_once('|') else {
            continue;
        };
        let name = package.split(' ').next().unwrap_or_default().to_owned();
        let list = list.trim_end_matches(" (*)").split(',');
        features
            .entry(name)
            .or_default()
            .extend(list.map(str::to_owned));
    }
    features
}

#[test]
fn the_clipboard_the_dialogs_the_keychain_and_the_fonts_are_in_the_program_that_ships() {
    let features = features();
    for (package, needed) in [
        (
            "eframe",
            &[
                "accesskit",
                "clipboard",
                "glow",
                "links",
                "system_fonts",
                "wayland",
                "wgpu",
                "x11",
            ][..],
        ),
        (
            "egui-winit",
            &[
                "accesskit",
                "arboard",
                "clipboard",
                "smithay-clipboard",
                "wayland",
                "x11",
            ],
        ),
        ("rfd", &["xdg-portal", "wayland"]),
        ("keyring", &["v1"]),
        (
            "reqwest",
            &["gzip", "rustls-no-provider", "system-proxy", "charset"],
        ),
        // Without a provider every request ends in a panic.
        ("rustls", &["ring"]),
        ("tokio", &["signal"]),
    ] {
        let has = features
            .get(package)
            .unwrap_or_else(|| panic!("{package} is not in the program"));
        for feature in needed {
            assert!(
                has.iter().any(|it| it == feature),
                "{package} lacks {feature}"
            );
        }
    }
    for package in ["arboard", "zbus-secret-service-keyring-store", "fontique"] {
        assert!(
            features.contains_key(package),
            "{package} is not in the program"
        );
    }
}
