//! Support features, and the saved state of the window.

use std::{
    fs, panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use egui::ViewportEvent;
use fragalysis_desktop::{
    demo::ALICE,
    model::{LogBook, LogLevel, LogLine},
    state::{Route, report_crashes},
};

use crate::harness::{Desk, Setup, files};

fn line(level: LogLevel, text: &str) -> LogLine {
    LogLine {
        at: "2026-11-23T10:41:00+00:00[UTC]".parse().unwrap(),
        level,
        text: text.to_owned(),
    }
}

#[test]
fn the_log_is_shown_by_levels_and_a_report_tells_what_matters_and_no_secret() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 2200.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    let book = desk.window.state().state().environment.log.clone();
    book.push(line(LogLevel::Information, "a quiet line"));
    book.push(line(LogLevel::Warning, "a transfer was interrupted"));
    desk.click("Settings");
    desk.click("Show the log");
    desk.wait_to_read("a quiet line");
    desk.click("Errors and warnings");
    desk.wait_until("only the grave ones", |desk| !desk.reads("a quiet line"));
    assert!(desk.reads("a transfer was interrupted"));
    desk.click("Errors");
    desk.wait_to_read("No log entries of this level.");
    desk.click("Close the log");
    desk.click("Copy a report for support");
    desk.wait_to_read("The report has been copied.");
    let report = desk.copied().unwrap();
    for part in [
        "Fragalysis Desktop",
        "127.0.0.1",
        "signed_in",
        "a transfer was interrupted",
    ] {
        assert!(report.contains(part), "{part} is missing in {report}");
    }
    for secret in [ALICE, "alice", "a quiet line"] {
        assert!(!report.contains(secret), "{secret} is in {report}");
    }
}

#[test]
fn a_crash_leaves_a_report_that_the_next_start_offers() {
    let desk = Desk::new(Setup::default());
    let data = desk.home.path().join("data");
    let book = LogBook::default();
    book.push(line(LogLevel::Warning, "the line before"));
    report_crashes(data.clone(), "Version 0".to_owned(), book);
    panic::catch_unwind(|| panic!("a fault that was made for this test")).unwrap_err();
    let reports = |data: &std::path::Path| {
        let names = files(data).into_iter();
        names
            .filter(|name| name.starts_with("crash-"))
            .collect::<Vec<_>>()
    };
    let text = fs::read_to_string(data.join(&reports(&data)[0])).unwrap();
    for part in ["Version 0", "made for this test", "the line before"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let mut desk = desk.restart_as_demo();
    desk.wait_to_read("closed unexpectedly last time");
    desk.click("Copy the report");
    desk.wait_to_read("The crash report has been copied.");
    assert!(desk.copied().unwrap().contains("made for this test"));
    desk.click("Dismiss");
    desk.wait_until("no bar", |desk| {
        !desk.reads("closed unexpectedly last time")
    });
    desk.wait_until("no report", |_| reports(&data).is_empty());
}

#[test]
fn size_and_page_of_the_window_are_there_again() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Downloads");
    let mut change = |size: (f32, f32), set: fn(&mut egui::ViewportInfo)| {
        desk.window.set_size(size.into());
        // No rectangle: under Wayland a window does not know where it is.
        let viewports = &mut desk.window.input_mut().viewports;
        set(viewports.entry(egui::ViewportId::ROOT).or_default());
        desk.window.step();
    };
    change((1111.0, 777.0), |_| {});
    // Neither a window that fills the screen nor one that is away says how large it is otherwise.
    change((1920.0, 1080.0), |window| window.maximized = Some(true));
    change((1920.0, 1080.0), |window| {
        (window.maximized, window.minimized) = (Some(false), Some(true));
    });
    change((1920.0, 1080.0), |window| {
        window.events.push(ViewportEvent::Close);
    });
    let path = desk.home.path().join("config/settings.json");
    let text = fs::read_to_string(path).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        settings["window"]["size"],
        serde_json::json!([1111.0, 777.0])
    );
    assert_eq!(settings["window"]["is_maximised"], true);
    assert_eq!(settings["page"], "downloads");
    let desk = desk.restart();
    assert_eq!(desk.window.state().state().route, Route::Downloads);
}

#[test]
fn a_newer_release_is_told_only_to_those_who_want_to_know() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let address = format!("http://{}/newest.json", listener.local_addr().unwrap());
    runtime.spawn(async move {
        let answer = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            async { axum::Json(serde_json::json!({"version": "99.0.0", "script": "rm"})) }
        };
        let routes = axum::Router::new().route("/newest.json", axum::routing::get(answer));
        axum::serve(listener, routes).await.unwrap();
    });
    let mut desk = Desk::new(Setup::default());
    fs::write(desk.home.path().join("releases"), &address).unwrap();
    desk = desk.restart_as_demo();
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("Settings");
    assert_eq!(asked.load(Ordering::Relaxed), 0, "nobody has allowed it");
    desk.click("Check for a newer release at every start");
    desk.wait_to_read("Version 99.0.0 is available.");
    let mut desk = desk.restart_as_demo();
    desk.wait_to_read("Version 99.0.0 of this program is available");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[test]
fn the_licences_of_everything_inside_are_shown_and_found() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 2200.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Settings");
    desk.click("Third-party licences");
    desk.wait_to_read("Inter, a typeface");
    desk.wait_to_read("SIL OPEN FONT LICENSE");
    desk.write("Find a component by name", "resvg");
    desk.wait_until("the licence of resvg only", |desk| {
        desk.reads("resvg 0.") && !desk.reads("Inter, a typeface")
    });
    desk.click("Copy");
    let copied = desk.copied().unwrap();
    assert!(copied.contains("resvg 0.") && copied.contains("Permission is hereby granted"));
    desk.write("Find a component by name", " of nobody");
    desk.wait_to_read("No component has this name.");
    desk.click("Close the licences");
    assert!(!desk.sees("Find a component by name"));
}

/// Waits until the settings on the disk have this width of the pane with the targets, in points.
fn wait_for_width(desk: &mut Desk, width: u32) {
    let settings = desk.home.path().join("config/settings.json");
    let entry = format!("\"targets\": {width}.0");
    desk.wait_until("the width on the disk", |_| {
        fs::read_to_string(&settings).unwrap().contains(&entry)
    });
}

#[test]
fn panes_are_as_wide_as_they_were_left() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let edge = |desk: &Desk| desk.place("Size of the pane with the targets").center();
    let before = edge(&desk);
    crate::export::drag(&mut desk, before, before + egui::vec2(60.0, 0.0));
    let after = edge(&desk);
    assert!(
        (after.x - before.x - 60.0).abs() < 2.0,
        "{before:?} {after:?}"
    );
    wait_for_width(&mut desk, 264);
    let mut desk = desk.restart_as_demo();
    desk.sign_in(ALICE);
    assert!((edge(&desk).x - after.x).abs() < 2.0);
}

#[test]
fn the_edge_of_a_pane_moves_with_the_arrow_keys() {
    use egui_kittest::kittest::Queryable as _;
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let name = "Size of the pane with the targets";
    let edge = |desk: &Desk| desk.place(name).center();
    let before = edge(&desk);
    desk.window.get_by_label(name).focus();
    desk.steps();
    for _ in 0..3 {
        desk.press(egui::Modifiers::NONE, egui::Key::ArrowRight);
    }
    desk.press(egui::Modifiers::NONE, egui::Key::ArrowLeft);
    let after = edge(&desk);
    assert!(
        (after.x - before.x - 32.0).abs() < 1.0,
        "{before:?} {after:?}"
    );
    wait_for_width(&mut desk, 236);
}
