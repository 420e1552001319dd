//! Draws every page in both themes at two sizes into PNG files: `cargo bench --bench shots -- DIR`.
//!
//! No graphics card and no display are needed, so anybody can look at the whole program in a minute.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a picture that cannot be made should stop it all"
)]
#![expect(clippy::print_stdout, reason = "says where the pictures are")]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/it/desk/mod.rs"]
mod desk;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use desk::{Desk, Setup};
use fragalysis_desktop::demo::{ALICE, BOB, Faults, STATISTICS_KEY};

const SIZES: [(f32, f32); 2] = [(800.0, 600.0), (1920.0, 1080.0)];

/// A page in one of its states: name, faults of the server, how to get there.
struct Scene(&'static str, Faults, fn(&mut Desk));

#[expect(clippy::too_many_lines, reason = "a list")]
fn scenes() -> Vec<Scene> {
    let none = Faults::default();
    vec![
        Scene("sign-in", none, |_| {}),
        Scene("sign-in-refused", none, |desk| {
            desk.write("Session token", "abcdefghijklmnopqrstuvwxyz123456");
            desk.click("Sign in");
            desk.wait_to_read("mistyped or expired");
        }),
        Scene("experiments", none, |desk| desk.sign_in(ALICE)),
        Scene("experiments-selected", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Resolution");
            for row in [3, 5, 6] {
                let code = code_in_row(desk, row);
                desk.click(&format!("Select {code}"));
            }
        }),
        Scene("experiments-details", none, |desk| {
            desk.sign_in_to_target();
            desk.click("A71EV2A-x0015");
            desk.click("Show the details of an experiment");
            desk.wait_until("the drawing and its observations", |desk| {
                desk.reads("Download Structure with ligand of") && desk.reads("Structure c")
            });
        }),
        Scene("experiments-plot", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Show a plot");
        }),
        Scene("experiments-filter", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Filter Resolution");
            desk.write("From", "1.4");
        }),
        Scene("experiments-filter-values", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Add a filter");
            desk.write("Find a column to filter", "library");
            desk.click("Library");
            desk.click("MiniFrags");
        }),
        Scene("experiments-nothing-found", none, |desk| {
            desk.sign_in_to_target();
            desk.write("Find in the table", "no such thing");
        }),
        Scene(
            "experiments-no-targets",
            Faults {
                no_targets: true,
                ..none
            },
            |desk| {
                desk.click(BOB);
                desk.click("Sign in");
                desk.wait_to_read("no targets");
            },
        ),
        Scene(
            "experiments-broken",
            Faults {
                broken_lists: true,
                ..none
            },
            |desk| {
                desk.click("Browse public data without signing in");
                desk.wait_to_read("could not be read");
            },
        ),
        Scene("columns", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Choose columns");
        }),
        Scene("download", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("are free there");
        }),
        Scene("download-unfolded", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("are free there");
            desk.click("For Coot");
            desk.click("For scripts");
        }),
        Scene("downloads", none, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.click_beginning("Download all ");
            desk.wait_to_read("Complete");
        }),
        Scene(
            "downloads-failed",
            Faults {
                flipped_bit: true,
                ..none
            },
            |desk| {
                desk.sign_in_to_target();
                desk.click("Download A71EV2A…");
                desk.click_beginning("Download all ");
                desk.wait_to_read("Not downloaded");
            },
        ),
        Scene("status", none, |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.wait_to_read("My target access strings");
        }),
        Scene(
            "status-not-ok",
            Faults {
                authenticator_down: true,
                ..none
            },
            |desk| {
                desk.sign_in(BOB);
                desk.click("Status");
                desk.wait_to_read("they are not lost");
            },
        ),
        Scene("status-why", none, |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.wait_to_read("Authenticator");
            desk.write("A target or a target access string", "lb29658-3");
            desk.click("Find out");
            desk.wait_to_read("If you were added today");
        }),
        Scene("status-statistics", none, |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.click("Authenticator statistics, for administrators");
            let address = desk.demo.statistics_address().as_str().to_owned();
            desk.write("Address of the statistics", &address);
            desk.write("Key of the statistics", STATISTICS_KEY);
            desk.click("Ask for the statistics");
            desk.wait_to_read("alice (you)");
        }),
        Scene("session-ended", none, |desk| {
            desk.sign_in_to_target();
            desk.demo.set_session(ALICE, false);
            desk.click("Read again from the server");
            desk.wait_to_read("Sign in again with a new token");
        }),
        Scene("settings", none, |desk| {
            desk.sign_in(ALICE);
            desk.click("Settings");
        }),
    ]
}

fn code_in_row(desk: &Desk, row: usize) -> String {
    let experiments = &desk.window.state().state().experiments;
    let row = experiments.view.row(row).unwrap();
    experiments.sheet().code(row).into_owned()
}

fn main() {
    // cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let folder = arguments
        .first()
        .map_or_else(|| PathBuf::from("shots"), PathBuf::from);
    let only = arguments.get(1);
    std::fs::create_dir_all(&folder).unwrap();
    let begin = Instant::now();
    let mut count = 0;
    for scene in scenes() {
        if only.is_some_and(|only| !scene.0.contains(only.as_str())) {
            continue;
        }
        for is_dark in [false, true] {
            for size in SIZES {
                shoot(&scene, is_dark, size, &folder);
                count += 1;
            }
        }
    }
    println!(
        "{count} pictures in {}, {:.0} s",
        folder.display(),
        begin.elapsed().as_secs_f32()
    );
}

fn shoot(scene: &Scene, is_dark: bool, size: (f32, f32), folder: &Path) {
    let Scene(name, faults, play) = scene;
    // What these show lies below the fold of a small window, so the small window is a tall one.
    let is_long = matches!(*name, "status-why" | "status-statistics");
    let size = if is_long && size.1 < 1000.0 {
        (size.0, 1700.0)
    } else {
        size
    };
    let build_time = Duration::from_millis(20);
    let mut desk = Desk::new(Setup {
        faults: *faults,
        size,
        is_dark,
        build_time,
        ..Setup::default()
    });
    play(&mut desk);
    for _ in 0..6 {
        desk.window.step();
    }
    let theme = if is_dark { "dark" } else { "light" };
    let path = folder.join(format!("{name}-{theme}-{}x{}.png", size.0, size.1));
    desk.picture().save(path).unwrap();
}
