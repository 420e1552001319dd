//! Actions available everywhere: the command palette, keyboard shortcuts, and the text size.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use fragalysis_desktop::{demo::ALICE, state::Route};

use crate::harness::{Desk, Setup};

fn desk() -> Desk {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk
}

fn route(desk: &Desk) -> Route {
    desk.window.state().state().route
}

#[test]
fn every_command_is_found_by_its_words_and_done_by_enter() {
    let mut desk = desk();
    desk.press(Modifiers::COMMAND, Key::K);
    desk.wait_until("the palette", |desk| desk.sees("Find a command"));
    // The terms of the glossary would bury the commands.
    assert!(desk.sees("Glossary") && !desk.reads("Glossary: "));
    desk.write("Find a command", "go stat");
    assert!(desk.sees("Go to Status") && !desk.sees("Go to Settings"));
    desk.press(Modifiers::NONE, Key::Enter);
    desk.wait_until("the status", |desk| route(desk) == Route::Status);
    assert!(!desk.sees("Find a command"));
    desk.click("All commands");
    desk.write("Find a command", "nonsense");
    desk.wait_to_read("No command matches these words.");
    desk.press(Modifiers::NONE, Key::Escape);
    desk.wait_until("no palette", |desk| !desk.sees("Find a command"));
    assert_eq!(route(&desk), Route::Status);
    // A word of the field is explained there too, and the others are a search away.
    desk.press(Modifiers::COMMAND, Key::K);
    desk.write("Find a command", "event map");
    desk.press(Modifiers::NONE, Key::Enter);
    desk.wait_to_read("It is the primary evidence for a fragment");
    assert!(!desk.reads("Pan-Dataset Density Analysis"));
    desk.clear("Find a word");
    desk.write("Find a word", "Morgan");
    desk.wait_to_read("How much two molecules have in common");
    desk.press(Modifiers::NONE, Key::Escape);
    // A target, chosen with the arrows.
    desk.press(Modifiers::COMMAND, Key::K);
    desk.write("Find a command", "show lb18145");
    desk.press(Modifiers::NONE, Key::ArrowDown);
    desk.press(Modifiers::NONE, Key::Enter);
    desk.wait_until("the second one", |desk| {
        let target = desk.window.state().state().experiments.view.target();
        target.is_some_and(|target| target.to_string() == "Mpro (lb18145-1)")
    });
    assert_eq!(route(&desk), Route::Experiments);
}

#[test]
fn shortcuts_open_pages_and_the_dialog_which_then_receives_all_keys() {
    let mut desk = desk();
    for (key, page) in [
        (Key::Num2, Route::Downloads),
        (Key::Num3, Route::Status),
        (Key::Num4, Route::Settings),
        (Key::Num1, Route::Experiments),
    ] {
        desk.press(Modifiers::COMMAND, key);
        desk.wait_until("the page", |desk| route(desk) == page);
    }
    desk.press(Modifiers::COMMAND, Key::D);
    desk.wait_to_read("Choose a target on the left");
    desk.click("PHIPA lb18145-1");
    desk.press(Modifiers::COMMAND, Key::D);
    desk.wait_to_read("Download from PHIPA");
    desk.press(Modifiers::COMMAND, Key::Num3);
    assert_eq!(route(&desk), Route::Experiments);
    desk.press(Modifiers::NONE, Key::Escape);
    desk.wait_until("no dialog", |desk| !desk.reads("Download from PHIPA"));
    desk.press(Modifiers::COMMAND, Key::P);
    desk.wait_to_read("drag to select");
    desk.press(Modifiers::COMMAND, Key::P);
    desk.press(Modifiers::COMMAND, Key::I);
    desk.wait_until("the details", |desk| !desk.reads("drag to select"));
    desk.press(Modifiers::COMMAND, Key::F);
    let field = |desk: &Desk| {
        desk.window
            .query_by_label("Find in the table")
            .is_some_and(|node| node.is_focused())
    };
    desk.wait_until("the field for finding", field);
}

#[test]
fn a_shortcut_opens_another_window_and_a_failure_is_reported() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let windows = desk.home.path().join("windows");
    std::fs::create_dir(&windows).unwrap();
    desk.press(Modifiers::COMMAND, Key::N);
    desk.wait_to_read("A further window could not be opened");
    std::fs::remove_dir(&windows).unwrap();
    // A key that is held down is one request.
    for _ in 0..5 {
        desk.press(Modifiers::COMMAND, Key::N);
    }
    assert_eq!(std::fs::read_to_string(&windows).unwrap(), "one more\n");
}

#[test]
fn the_list_of_keys_opens_with_f1_also_before_signing_in() {
    let mut desk = Desk::new(Setup::default());
    desk.press(Modifiers::NONE, Key::F1);
    desk.wait_to_read("Larger text");
    assert!(desk.reads("Select all shown rows"));
    assert!(!desk.reads("Go to Status"));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.wait_until("no list", |desk| !desk.reads("Larger text"));
}

#[test]
fn text_grows_by_keys_and_buttons_stays_so_and_has_bounds() {
    let mut desk = desk();
    let size = |desk: &Desk| desk.window.state().state().settings.text_size;
    desk.press(Modifiers::COMMAND, Key::Plus);
    desk.press(Modifiers::COMMAND, Key::Equals);
    desk.wait_until("larger text", |desk| (size(desk) - 1.2).abs() < 0.001);
    let zoom = desk.window.ctx.zoom_factor();
    assert!((zoom - 1.2).abs() < 0.001, "{zoom}");
    desk.click("Settings");
    desk.click("Larger text");
    desk.wait_to_read("130 %");
    let path = desk.home.path().join("config/settings.json");
    desk.wait_until("the settings on the disk", |_| {
        std::fs::read_to_string(&path).is_ok_and(|text| text.contains("\"text_size\": 1.3"))
    });
    let mut desk = desk.restart();
    desk.wait_until("the size of before", |desk| {
        (size(desk) - 1.3).abs() < 0.001
    });
    desk.press(Modifiers::COMMAND, Key::Num0);
    desk.wait_until("the usual size", |desk| (size(desk) - 1.0).abs() < 0.001);
    for _ in 0..4 {
        desk.press(Modifiers::COMMAND, Key::Minus);
    }
    assert!((size(&desk) - 0.8).abs() < 0.001);
}

#[test]
fn text_does_not_grow_beyond_what_the_window_has_room_for() {
    let mut desk = Desk::new(Setup {
        size: (1920.0, 1080.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Settings");
    let size = |desk: &Desk| desk.window.state().state().settings.text_size;
    for _ in 0..20 {
        desk.press(Modifiers::COMMAND, Key::Plus);
    }
    desk.wait_until("the largest text", |desk| (size(desk) - 3.0).abs() < 0.001);
    // The window becomes as small as it can be: points are larger where text is.
    let ctx = desk.window.ctx.clone();
    for _ in 0..3 {
        desk.window
            .set_size(egui::vec2(800.0, 600.0) / ctx.zoom_factor());
        desk.window.step();
    }
    let zoom = ctx.zoom_factor();
    assert!((zoom - 1.5).abs() < 0.001, "{zoom}");
    assert!(desk.reads("150 %") && desk.reads("300 % in a larger window"));
    desk.press(Modifiers::COMMAND, Key::Plus);
    desk.wait_to_read("Make the window larger first");
    assert!((size(&desk) - 3.0).abs() < 0.001, "what was wanted is kept");
    // Smaller than what is seen.
    desk.press(Modifiers::COMMAND, Key::Minus);
    desk.wait_until("smaller text", |desk| (size(desk) - 1.4).abs() < 0.001);
}

/// A slow machine hands over a whole "Shift down, click, Shift up" in one frame, by whose end Shift is up again.
#[test]
fn what_is_pressed_with_shift_within_one_frame_is_pressed_with_shift() {
    let mut desk = desk();
    desk.click("A71EV2A lb32627-66");
    desk.click("Code");
    desk.click("A71EV2A-x0010");
    let pos = desk.place("A71EV2A-x0014").center();
    let click = |pressed, modifiers| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers,
    };
    desk.window.input_mut().events.extend([
        egui::Event::PointerMoved(pos),
        egui::Event::ModifiersChanged(Modifiers::SHIFT),
        click(true, Modifiers::SHIFT),
        click(false, Modifiers::SHIFT),
        egui::Event::ModifiersChanged(Modifiers::NONE),
    ]);
    desk.wait_until("five rows", |desk| crate::table::selected(desk) == 5);

    let insert = |pressed| egui::Event::Key {
        key: Key::Insert,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::SHIFT,
    };
    desk.window.input_mut().events.extend([
        egui::Event::ModifiersChanged(Modifiers::SHIFT),
        insert(true),
        insert(false),
        egui::Event::ModifiersChanged(Modifiers::NONE),
    ]);
    desk.window.step();
    let asked = |desk: &Desk| {
        let outputs = &desk.window.output().viewport_output;
        outputs.values().any(|output| {
            output
                .commands
                .contains(&egui::ViewportCommand::RequestPaste)
        })
    };
    // On Windows the window library listens to these keys by itself.
    assert!(
        cfg!(windows) || asked(&desk),
        "the window is asked for what the clipboard holds"
    );
}

#[test]
fn overlays_receive_the_keys() {
    let mut desk = desk();
    desk.click("A71EV2A lb32627-66");
    for button in ["Add a filter", "Choose columns"] {
        desk.click(button);
        desk.window.step();
        let event = egui::Event::Text("no such column".to_owned());
        desk.window.input_mut().events.push(event);
        desk.wait_to_read("No column has this name.");
        desk.press(Modifiers::NONE, Key::Escape);
        desk.wait_until("it is closed", |desk| {
            !desk.reads("No column has this name.")
        });
    }
    desk.click("Filter Resolution");
    desk.window.step();
    let event = egui::Event::Text("1.2".to_owned());
    desk.window.input_mut().events.push(event);
    desk.wait_to_read("Resolution at least 1.20 Å");
}
