//! Draws every page in both themes at four sizes into PNG files: `cargo bench --bench shots -- DIR [NAME [SIZE]]`.
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
use egui::{Key, Modifiers};
use fragalysis_desktop::demo::{ALICE, BOB, DemoOptions, Faults, STATISTICS_KEY};

/// Width and height in pixels, and how many of them make a point.
const SIZES: [(f32, f32, f32); 4] = [
    (800.0, 600.0, 1.0),
    (1280.0, 800.0, 1.0),
    (1920.0, 1080.0, 1.0),
    (3840.0, 2160.0, 2.0),
];

/// The smallest window in points in which every scene can be played.
const LEAST: (f32, f32) = (800.0, 600.0);

/// A page in one of its states: name, the world, how to get there.
struct Scene(&'static str, Start, fn(&mut Desk));

/// What the world is like.
enum Start {
    Usual,
    Faults(Faults),
    /// The server builds for minutes.
    SlowBuild,
    /// The clock of the server is turned back.
    MonthAgo,
}

#[expect(clippy::too_many_lines, reason = "a list")]
fn scenes() -> Vec<Scene> {
    let none = Faults::default();
    vec![
        Scene("sign-in", Start::Usual, |_| {}),
        Scene("sign-in-refused", Start::Usual, |desk| {
            desk.write("Session token", "abcdefghijklmnopqrstuvwxyz123456");
            desk.click("Sign in");
            desk.wait_to_read("mistyped or expired");
        }),
        Scene(
            "sign-in-unreachable",
            Start::Faults(Faults {
                hangs_up: true,
                ..none
            }),
            ask_in_vain,
        ),
        Scene(
            "network-window",
            Start::Faults(Faults {
                hangs_up: true,
                ..none
            }),
            |desk| {
                ask_in_vain(desk);
                desk.click("Network settings");
                desk.click("My own");
            },
        ),
        Scene(
            "experiments-loading",
            Start::Faults(Faults {
                slow_lists: true,
                ..none
            }),
            |desk| {
                desk.click(ALICE);
                desk.click("Sign in");
                desk.wait_until("the page", |desk| desk.sees("All commands"));
            },
        ),
        Scene("experiments", Start::Usual, |desk| desk.sign_in(ALICE)),
        Scene("experiments-selected", Start::Usual, |desk| {
            desk.sign_in_to_target();
            for row in [3, 5, 6] {
                let code = code_in_row(desk, row);
                desk.click(&format!("Select {code}"));
            }
        }),
        Scene("experiments-details", Start::Usual, |desk| {
            desk.sign_in_to_target();
            let code = code_in_row(desk, 1);
            desk.click(&code);
            desk.click("Show the details of an experiment");
            desk.wait_until("its observations", |desk| {
                desk.reads("Download Structure with ligand of")
            });
        }),
        Scene("experiments-plot", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Show a plot");
        }),
        Scene("experiments-filter", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Filter Resolution");
            desk.write("From", "1.4");
        }),
        Scene("experiments-filter-values", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Add a filter");
            desk.write("Find a column to filter", "library");
            desk.click("Library");
            desk.click("MiniFrags");
        }),
        Scene("experiments-nothing-found", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.write("Find in the table", "no such thing");
        }),
        Scene(
            "experiments-no-targets",
            Start::Faults(Faults {
                no_targets: true,
                ..none
            }),
            |desk| {
                desk.click(BOB);
                desk.click("Sign in");
                desk.wait_to_read("no targets");
            },
        ),
        Scene(
            "experiments-broken",
            Start::Faults(Faults {
                broken_lists: true,
                ..none
            }),
            |desk| {
                desk.click("Browse public data without signing in");
                desk.wait_to_read("could not be read");
            },
        ),
        Scene("columns", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Choose columns");
        }),
        Scene("download", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("Free space:");
        }),
        Scene("download-unfolded", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("Free space:");
            desk.click("For Coot");
            desk.click("Command line");
        }),
        Scene("downloads", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.click_beginning("Download all ");
            desk.wait_to_read("Complete");
        }),
        Scene(
            "downloads-failed",
            Start::Faults(Faults {
                flipped_bit: true,
                ..none
            }),
            |desk| {
                desk.sign_in_to_target();
                desk.click("Download A71EV2A…");
                desk.click_beginning("Download all ");
                desk.wait_to_read("Not downloaded");
            },
        ),
        Scene("status", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.wait_to_read("My target access strings");
        }),
        Scene(
            "status-not-ok",
            Start::Faults(Faults {
                authenticator_down: true,
                ..none
            }),
            |desk| {
                desk.sign_in(BOB);
                desk.click("Status");
                desk.wait_to_read("they are not lost");
            },
        ),
        Scene("status-why", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.wait_to_read("Authenticator");
            desk.write("A target or a target access string", "lb29658-3");
            desk.click("Find out");
            desk.wait_to_read("If you were added today");
        }),
        Scene("status-statistics", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.click("Authenticator statistics, for administrators");
            let address = desk.demo.statistics_address().as_str().to_owned();
            desk.write("Address of the statistics", &address);
            desk.write("Key of the statistics", STATISTICS_KEY);
            desk.click("Load statistics");
            desk.wait_to_read("alice (you)");
        }),
        Scene("session-ended", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.demo.set_session(ALICE, false);
            desk.click("Refresh");
            desk.wait_to_read("Sign in again with a new token");
        }),
        Scene("settings", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.click("Settings");
        }),
        Scene("settings-own-proxy", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.click("Settings");
            desk.click("My own");
            desk.scroll_down();
        }),
        Scene("sign-in-own-server", Start::Usual, |desk| {
            desk.click("Other…");
            desk.write("Address of the server", "http://fragalysis.example.org");
        }),
        Scene("downloads-running", Start::SlowBuild, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.click_beginning("Download all ");
            desk.wait_to_read("Being built");
            desk.click("Experiments");
            desk.click("Download A71EV2A…");
            desk.click_beginning("Download all ");
        }),
        Scene("downloads-newer", Start::MonthAgo, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.click_beginning("Download all ");
            desk.wait_to_read("Up to date");
            desk.demo.advance_days();
            desk.click("Check for updates");
            desk.wait_to_read("Newer data on the server");
            desk.click("Clear the list");
            desk.click("Show the details of A71EV2A (lb32627-66)");
        }),
        Scene(
            "failure-with-details",
            Start::Faults(Faults {
                broken_lists: true,
                ..none
            }),
            |desk| {
                desk.click("Browse public data without signing in");
                desk.wait_to_read("could not be read");
                desk.click("Details");
            },
        ),
        Scene("palette", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::COMMAND, Key::K);
        }),
        Scene("keys", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::NONE, Key::F1);
        }),
        Scene("log", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::COMMAND, Key::K);
            desk.write("Find a command", "show the log");
            desk.press(Modifiers::NONE, Key::Enter);
            desk.wait_until("the log", |desk| desk.sees("Close the log"));
        }),
        Scene("licences", Start::Usual, |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::COMMAND, Key::K);
            desk.write("Find a command", "licences");
            desk.press(Modifiers::NONE, Key::Enter);
            desk.wait_to_read("Inter, a typeface");
        }),
        Scene("largest-text", Start::Usual, |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("Free space:");
            desk.press(Modifiers::NONE, Key::Escape);
            for _ in 0..20 {
                desk.press(Modifiers::COMMAND, Key::Plus);
            }
        }),
        Scene("largest-text-download", Start::Usual, |desk| {
            desk.sign_in_to_target();
            for _ in 0..20 {
                desk.press(Modifiers::COMMAND, Key::Plus);
            }
            desk.press(Modifiers::COMMAND, Key::D);
            desk.wait_to_read("Free space:");
        }),
        Scene("larger-text", Start::Usual, |desk| {
            desk.sign_in_to_target();
            for _ in 0..5 {
                desk.press(Modifiers::COMMAND, Key::Plus);
            }
        }),
    ]
}

fn ask_in_vain(desk: &mut Desk) {
    desk.click("Browse public data without signing in");
    desk.wait_to_read("The server could not be reached");
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
    let sizes = arguments
        .get(2)
        .map_or(SIZES.to_vec(), |size| vec![size_of(size)]);
    std::fs::create_dir_all(&folder).unwrap();
    let begin = Instant::now();
    let mut count = 0;
    for scene in scenes() {
        if only.is_some_and(|only| !scene.0.contains(only.as_str())) {
            continue;
        }
        for is_dark in [false, true] {
            for size in &sizes {
                shoot(&scene, is_dark, *size, &folder);
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

/// Reads `800x600`, or `800x600@2` for a window in which everything is twice as large.
fn size_of(text: &str) -> (f32, f32, f32) {
    let (size, scale) = text.split_once('@').unwrap_or((text, "1"));
    let (width, height) = size.split_once('x').unwrap();
    let number = |text: &str| text.parse().unwrap();
    (number(width), number(height), number(scale))
}

fn shoot(scene: &Scene, is_dark: bool, (width, height, scale): (f32, f32, f32), folder: &Path) {
    let Scene(name, start, play) = scene;
    // What these show lies below the fold of a small window, so the small window is a tall one.
    let is_long = matches!(*name, "status-why" | "status-statistics");
    let height = if is_long && height < 1000.0 {
        1700.0
    } else {
        height
    };
    let (wide, high) = (width / scale, height / scale);
    let setup = Setup {
        // In a very small window not everything that is clicked on the way is in sight.
        size: (wide.max(LEAST.0), high.max(LEAST.1)),
        scale,
        is_dark,
        build_time: Duration::from_millis(20),
        ..Setup::default()
    };
    let mut desk = match *start {
        Start::Usual => Desk::new(setup),
        Start::Faults(faults) => Desk::new(Setup { faults, ..setup }),
        Start::SlowBuild => Desk::new(Setup {
            build_time: Duration::from_mins(5),
            ..setup
        }),
        Start::MonthAgo => Desk::with_demo(
            setup,
            DemoOptions {
                days_ago: 30,
                rows: Some(300),
                build_time: setup.build_time,
                ..DemoOptions::default()
            },
        ),
    };
    play(&mut desk);
    if (wide, high) != setup.size {
        desk.window.set_size(egui::vec2(wide, high));
        desk.window.run();
    }
    for _ in 0..6 {
        desk.window.step();
    }
    let theme = if is_dark { "dark" } else { "light" };
    let path = folder.join(format!("{name}-{theme}-{width}x{height}.png"));
    desk.picture().save(path).unwrap();
}
