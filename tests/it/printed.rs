//! What the command line prints, word for word: the help of every command, and JSON in its shape. Scripts and people
//! depend on both. `INSTA_UPDATE=always cargo test --test it printed` writes the files in `snapshots` again.

use fragalysis_desktop::demo::{ALICE, Faults, Generation};
use insta::assert_snapshot;
use serde_json::Value;

use crate::{
    commands::{TestServer, code, errors, json, run},
    crash_safety::program,
};

/// Elements of a list that are kept; the others have the same shape.
const KEPT: usize = 2;

/// Cuts lists, and replaces what differs from run to run.
fn redacted(value: Value, replaced: &[(&str, &str)]) -> Value {
    match value {
        Value::Array(all) => {
            let left = all.len().saturating_sub(KEPT);
            let kept = all.into_iter().take(KEPT);
            let mut kept: Vec<Value> = kept.map(|one| redacted(one, replaced)).collect();
            if left > 0 {
                kept.push(Value::from("and more"));
            }
            Value::Array(kept)
        }
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let is_time = key == "downloaded" && value.is_string();
                let value = if is_time { "TIME".into() } else { value };
                (key, redacted(value, replaced))
            });
            Value::Object(fields.collect())
        }
        Value::String(mut text) => {
            for (what, by) in replaced {
                text = text.replace(what, by);
            }
            if text.starts_with("FOLDER") {
                text = text.replace('\\', "/");
            }
            Value::String(text)
        }
        other => other,
    }
}

#[test]
fn the_help_of_every_command_is_as_it_was_read() {
    let help = |arguments: &[&str]| {
        let output = run(arguments, None);
        assert_eq!(code(&output), 0, "{}", errors(&output));
        String::from_utf8(output.stdout)
            .unwrap()
            .replace("fragalysis-desktop.exe", "fragalysis-desktop")
    };
    let mut all = help(&["--help"]);
    let (_, commands) = all.split_once("\nCommands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let names = commands
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names.iter().filter(|name| *name != "help") {
        all += &format!("\n# {name}\n\n{}", help(&[name, "--help"]));
    }
    // No place on the screen renders Markdown.
    assert!(
        !all.contains("\"`"),
        "an example with backticks, which no one can type"
    );
    assert_snapshot!("help", all);
}

#[test]
fn json_has_the_shape_that_scripts_read() {
    for generation in Generation::ALL {
        let beside = TestServer::new(generation, Faults::default());
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().to_str().unwrap();
        let server = beside.demo.address().as_str();
        let replaced = [(server, "SERVER"), (folder, "FOLDER")];
        let target = ["--target", "A71EV2A", "--tas", "lb18145-1"];
        let commands: [&[&str]; 7] = [
            &["targets"],
            &["experiments"],
            &["hits"],
            &["status"],
            &["status", "--why", "lb32627-66"],
            &["download", "--to", folder],
            &["library", "--in", folder, "--check"],
        ];
        let mut all = String::new();
        for command in commands {
            let mut arguments = command.to_vec();
            let has_target = ["experiments", "hits", "download"].contains(&command[0]);
            if has_target {
                arguments.extend(target);
            }
            all += &format!("# {}\n", command.join(" ").replace(folder, "FOLDER"));
            arguments.extend(["--json", "--server", server]);
            let mut program = program(home.path(), &arguments);
            let output = program.env("FRAGALYSIS_TOKEN", ALICE).output().unwrap();
            let value = redacted(json(&output), &replaced);
            all += &format!("exit code {}\n", code(&output));
            all += &serde_json::to_string_pretty(&value).unwrap();
            all += "\n\n";
        }
        assert_snapshot!(format!("json_{}", generation.name()), all);
    }
}
