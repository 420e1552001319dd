//! The layers of the crate: which module may use which, and which modules may use reserved external crates.

use std::{collections::BTreeMap, fs, path::Path};

use crate::imports::Imports;

/// Module, and the modules of this crate that it may use.
/// `main.rs` and `console.rs` only start what `program` is.
const FLOORS: [(&str, &[&str]); 20] = [
    ("main", &["program"]),
    ("console", &["program"]),
    ("model", &[]),
    ("picture", &[]),
    ("chemistry", &["picture"]),
    ("disk", &["model"]),
    ("api", &["model"]),
    ("access", &["model", "api"]),
    ("table", &["model", "picture", "chemistry"]),
    ("hits", &["model", "api", "table"]),
    ("dataset", &["model", "disk", "api"]),
    ("library", &["model", "disk", "api", "dataset"]),
    ("downloads", &["model", "disk", "api", "dataset"]),
    ("store", &["model", "disk", "table", "dataset", "downloads"]),
    (
        "state",
        &[
            "model",
            "disk",
            "api",
            "access",
            "chemistry",
            "picture",
            "table",
            "hits",
            "dataset",
            "library",
            "downloads",
            "store",
        ],
    ),
    (
        "ui",
        &[
            "model",
            "chemistry",
            "picture",
            "access",
            "table",
            "dataset",
            "library",
            "downloads",
            "store",
            "state",
        ],
    ),
    (
        "app",
        &["model", "chemistry", "picture", "state", "store", "ui"],
    ),
    (
        "cli",
        &[
            "model",
            "chemistry",
            "hits",
            "disk",
            "api",
            "access",
            "table",
            "dataset",
            "library",
            "downloads",
            "store",
            "demo",
        ],
    ),
    ("demo", &["model"]),
    (
        "program",
        &[
            "model",
            "api",
            "app",
            "cli",
            "demo",
            "dataset",
            "disk",
            "downloads",
            "library",
            "state",
            "store",
        ],
    ),
];

/// Outside crate, and the modules that may name it.
const RESERVED: [(&str, &[&str]); 25] = [
    ("chematic", &["chemistry"]),
    ("chematic_core", &["chemistry"]),
    ("resvg", &["picture", "table/tests/picture.rs"]),
    ("skrifa", &["picture"]),
    ("reqwest", &["api"]),
    ("axum", &["demo"]),
    ("egui", &["ui", "app"]),
    ("egui_extras", &["ui"]),
    ("egui_table", &["ui"]),
    ("eframe", &["app", "program"]),
    ("winit", &["app"]),
    ("rfd", &["ui/dialogs/file_picker.rs"]),
    (
        "poll_promise",
        &["state/remote.rs", "ui/dialogs/file_picker.rs"],
    ),
    ("directories", &["store"]),
    ("keyring", &["store"]),
    ("serde_saphyr", &["api"]),
    (
        "tempfile",
        &[
            "disk",
            "downloads/archive/tests.rs",
            "downloads/hostile/mod.rs",
            "downloads/transfer/tests.rs",
            "downloads/work_dir/tests.rs",
            "library/scan/tests.rs",
            "store/settings/tests.rs",
        ],
    ),
    ("zip", &["downloads", "demo", "table/tests/leaving.rs"]),
    ("tar", &["downloads", "demo"]),
    (
        "flate2",
        &["downloads", "demo", "store/tables.rs", "api/client/body.rs"],
    ),
    ("sha2", &["disk", "dataset", "downloads"]),
    ("trash", &["app"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("tracing_subscriber", &["program"]),
];

/// Path below `src`, with slashes, and the part of the text that is not tests.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    crate::harness::files(&root)
        .into_iter()
        .filter(|path| {
            Path::new(path)
                .extension()
                .is_some_and(|ending| ending == "rs")
                && path != "lib.rs"
        })
        .map(|path| {
            let text = fs::read_to_string(root.join(&path)).unwrap();
            // Only tests at the end of a file are left out: a `#[cfg(test)]` further up says nothing of what follows.
            let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
            (path, code.to_owned())
        })
        .collect()
}

fn module(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap()
}

/// Lines of code without comments.
fn code(text: &str) -> String {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    text.lines().filter(is_code).collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that a text names after `crate::`, also in braces.
fn used(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for marker in ["crate::", "fragalysis_desktop::"] {
        for rest in text.split(marker).skip(1) {
            if let Some(inner) = rest.strip_prefix('{') {
                found.extend(first_words(inner));
            } else {
                found.push(word(rest));
            }
        }
    }
    found
}

/// The first word of each entry at the outer level of a list in braces.
fn first_words(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut words = vec![word(list.trim_start())];
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => words.push(word(list[at + 1..].trim_start())),
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn every_module_uses_only_floors_below_it() {
    let floors: BTreeMap<&str, &[&str]> = FLOORS.into_iter().collect();
    for (path, text) in sources() {
        let own = module(&path);
        let allowed = floors
            .get(own)
            .unwrap_or_else(|| panic!("{path} belongs to no known module"));
        for name in used(&code(&text)) {
            let is_known = floors.contains_key(name.as_str());
            assert!(
                !is_known || name == own || allowed.contains(&name.as_str()),
                "src/{path} uses `{name}`, which is not below `{own}`"
            );
        }
    }
}

#[test]
fn outside_crates_stay_where_they_belong() {
    for (path, text) in sources() {
        let text = code(&text);
        for (name, places) in RESERVED {
            let is_named = text.match_indices(&format!("{name}::")).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            });
            let may = places
                .iter()
                .any(|place| path == *place || module(&path) == *place);
            assert!(!is_named || may, "src/{path} names the crate `{name}`");
        }
    }
}

#[test]
fn no_files_of_a_folder_import_each_other_in_a_circle() {
    let sources = sources()
        .into_iter()
        .map(|(path, text)| (path, code(&text)))
        .filter(|(path, _)| !["main.rs", "console.rs"].contains(&path.as_str()))
        .collect();
    let circles = Imports::read(&sources).circles();
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn reading_lists_in_braces_finds_every_module() {
    assert_eq!(
        used("use crate::{api::{Client, x}, model::Y,\n state};"),
        ["api", "model", "state"]
    );
    assert_eq!(used("crate::model::Text"), ["model"]);
}

#[test]
fn the_top_level_is_the_one_agreed_upon() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let agreed = [
        "Cargo.toml",
        "src",
        "assets",
        "tests",
        "README.md",
        "build.rs",
        "Cargo.lock",
        ".gitignore",
        "LICENSE",
        "CHANGELOG.md",
        "benches",
        ".ci",
    ];
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap();
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_ignored = name == ".git"
            || ignored
                .lines()
                .any(|line| line.trim_start_matches('/') == name);
        assert!(
            is_ignored || agreed.contains(&name.as_str()),
            "{name} is not part of the agreed top level"
        );
    }
}
