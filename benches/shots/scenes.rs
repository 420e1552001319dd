//! The pages in their states, and how to get to each.

use egui::{Key, Modifiers};
use fragalysis_desktop::demo::{ALICE, BOB, Faults, STATISTICS_KEY};

use super::harness::Desk;

/// A page in one of its states: name, the world, how to get there.
pub(crate) struct Scene(
    pub(crate) &'static str,
    pub(crate) Start,
    pub(crate) fn(&mut Desk),
);

/// The state in which a scene starts.
pub(crate) enum Start {
    Usual,
    Faults(Faults),
    /// The server builds for minutes.
    SlowBuild,
    /// The clock of the server is turned back.
    MonthAgo,
}

fn usual(name: &'static str, play: fn(&mut Desk)) -> Scene {
    Scene(name, Start::Usual, play)
}

fn faulty(name: &'static str, set: fn(&mut Faults), play: fn(&mut Desk)) -> Scene {
    let mut faults = Faults::default();
    set(&mut faults);
    Scene(name, Start::Faults(faults), play)
}

pub(crate) fn scenes() -> Vec<Scene> {
    [
        sign_in(),
        experiments(),
        unusual_experiments(),
        dialogs(),
        downloads(),
        status(),
        settings(),
        overlays(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn sign_in() -> Vec<Scene> {
    vec![
        usual("sign-in", |_| {}),
        usual("sign-in-refused", |desk| {
            desk.write("Session token", "abcdefghijklmnopqrstuvwxyz123456");
            desk.click("Sign in");
            desk.wait_to_read("mistyped or expired");
        }),
        faulty(
            "sign-in-unreachable",
            |it| it.hangs_up = true,
            fail_to_connect,
        ),
        faulty(
            "network-window",
            |it| it.hangs_up = true,
            |desk| {
                fail_to_connect(desk);
                desk.click("Network settings");
                desk.click("My own");
            },
        ),
        usual("session-ended", |desk| {
            desk.sign_in_to_target();
            desk.demo.set_session(ALICE, false);
            desk.click("Refresh");
            desk.wait_to_read("Sign in again with a new token");
        }),
        usual("sign-in-own-server", |desk| {
            desk.click("Other…");
            desk.write("Address of the server", "http://fragalysis.example.org");
        }),
    ]
}

fn experiments() -> Vec<Scene> {
    vec![
        faulty(
            "experiments-loading",
            |it| it.slow_lists = true,
            |desk| {
                desk.click(ALICE);
                desk.click("Sign in");
                desk.wait_until("the page", |desk| desk.sees("All commands"));
            },
        ),
        usual("experiments", |desk| desk.sign_in(ALICE)),
        usual("experiments-selected", |desk| {
            desk.sign_in_to_target();
            for row in [3, 5, 6] {
                let code = code_in_row(desk, row);
                desk.click(&format!("Select {code}"));
            }
        }),
        usual("experiments-details", |desk| {
            desk.sign_in_to_target();
            let code = code_in_row(desk, 1);
            desk.click(&code);
            desk.click("Show the details of an experiment");
            desk.wait_until("its observations", |desk| {
                desk.reads("Download Structure with ligand of")
            });
        }),
        usual("experiments-plot", |desk| {
            desk.sign_in_to_target();
            desk.click("Show a plot");
        }),
        usual("experiments-filter", |desk| {
            desk.sign_in_to_target();
            desk.click("Filter Resolution");
            desk.write("From", "1.4");
        }),
        usual("experiments-filter-values", |desk| {
            desk.sign_in_to_target();
            desk.click("Add a filter");
            desk.write("Find a column to filter", "library");
            desk.click("Library");
            desk.click("MiniFrags");
        }),
    ]
}

fn unusual_experiments() -> Vec<Scene> {
    vec![
        usual("experiments-nothing-found", |desk| {
            desk.sign_in_to_target();
            desk.write("Find in the table", "no such thing");
        }),
        faulty(
            "experiments-no-targets",
            |it| it.no_targets = true,
            |desk| {
                desk.click(BOB);
                desk.click("Sign in");
                desk.wait_to_read("no targets");
            },
        ),
        faulty(
            "experiments-broken",
            |it| it.broken_lists = true,
            |desk| {
                desk.click("Browse public data without signing in");
                desk.wait_to_read("could not be loaded");
            },
        ),
    ]
}

fn dialogs() -> Vec<Scene> {
    vec![
        usual("columns", |desk| {
            desk.sign_in_to_target();
            desk.click("Choose columns");
        }),
        usual("download", |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("Free space:");
        }),
        usual("download-unfolded", |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("Free space:");
            desk.click("For Coot");
            desk.click("Command line");
        }),
        faulty(
            "failure-with-details",
            |it| it.broken_lists = true,
            |desk| {
                desk.click("Browse public data without signing in");
                desk.wait_to_read("could not be loaded");
                desk.click("Details");
            },
        ),
        usual("largest-text", |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.wait_to_read("Free space:");
            desk.press(Modifiers::NONE, Key::Escape);
            for _ in 0..20 {
                desk.press(Modifiers::COMMAND, Key::Plus);
            }
        }),
        usual("largest-text-download", |desk| {
            desk.sign_in_to_target();
            for _ in 0..20 {
                desk.press(Modifiers::COMMAND, Key::Plus);
            }
            desk.press(Modifiers::COMMAND, Key::D);
            desk.wait_to_read("Free space:");
        }),
        usual("larger-text", |desk| {
            desk.sign_in_to_target();
            for _ in 0..5 {
                desk.press(Modifiers::COMMAND, Key::Plus);
            }
        }),
    ]
}

fn downloads() -> Vec<Scene> {
    vec![
        usual("downloads", |desk| {
            desk.sign_in_to_target();
            desk.click("Download A71EV2A…");
            desk.click_beginning("Download all ");
            desk.wait_to_read("Complete");
        }),
        faulty(
            "downloads-failed",
            |it| it.flipped_bit = true,
            |desk| {
                desk.sign_in_to_target();
                desk.click("Download A71EV2A…");
                desk.click_beginning("Download all ");
                desk.wait_to_read("Not downloaded");
            },
        ),
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
    ]
}

fn status() -> Vec<Scene> {
    vec![
        usual("status", |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.wait_to_read("Your target access strings");
        }),
        faulty(
            "status-not-ok",
            |it| it.authenticator_down = true,
            |desk| {
                desk.sign_in(BOB);
                desk.click("Status");
                desk.wait_to_read("they are not lost");
            },
        ),
        usual("status-why", |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.wait_to_read("Authenticator");
            desk.write("A target or a target access string", "lb29658-3");
            desk.click("Find out");
            desk.wait_to_read("If you were added today");
        }),
        usual("status-statistics", |desk| {
            desk.sign_in(ALICE);
            desk.click("Status");
            desk.click("Authenticator statistics, for administrators");
            let address = desk.demo.statistics_address().as_str().to_owned();
            desk.write("Address of the statistics", &address);
            desk.write("Key of the statistics", STATISTICS_KEY);
            desk.click("Load statistics");
            desk.wait_to_read("alice (you)");
        }),
    ]
}

fn settings() -> Vec<Scene> {
    vec![
        usual("settings", |desk| {
            desk.sign_in(ALICE);
            desk.click("Settings");
        }),
        usual("settings-own-proxy", |desk| {
            desk.sign_in(ALICE);
            desk.click("Settings");
            desk.click("My own");
            desk.scroll_down();
        }),
    ]
}

fn overlays() -> Vec<Scene> {
    vec![
        usual("palette", |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::COMMAND, Key::K);
        }),
        usual("keys", |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::NONE, Key::F1);
        }),
        usual("log", |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::COMMAND, Key::K);
            desk.write("Find a command", "show the log");
            desk.press(Modifiers::NONE, Key::Enter);
            desk.wait_until("the log", |desk| desk.sees("Close the log"));
        }),
        usual("licences", |desk| {
            desk.sign_in(ALICE);
            desk.press(Modifiers::COMMAND, Key::K);
            desk.write("Find a command", "licences");
            desk.press(Modifiers::NONE, Key::Enter);
            desk.wait_to_read("Inter, a typeface");
        }),
    ]
}

fn fail_to_connect(desk: &mut Desk) {
    desk.click("Browse public data without signing in");
    desk.wait_to_read("The server could not be reached");
}

fn code_in_row(desk: &Desk, row: usize) -> String {
    let experiments = &desk.window.state().state().experiments;
    let row = experiments.view.row(row).unwrap();
    experiments.sheet().code(row).into_owned()
}
