//! Files and folders that are dropped onto the window.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use fragalysis_desktop::demo::{ALICE, Generation};

use crate::{
    harness::{Desk, Setup},
    table::cells,
};

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

fn drop_onto(desk: &mut Desk, path: &Path) {
    let file = Arc::new(Dropped(path.to_owned()));
    desk.window.input_mut().dropped_files = vec![file];
    desk.steps();
    desk.window.input_mut().dropped_files.clear();
    desk.steps();
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_dropped_list_of_codes_opens_the_dialog_with_it_whatever_wrote_it() {
    let mut desk = Desk::new(Setup::from(Generation::G2026));
    desk.sign_in(ALICE);
    desk.click("Mpro lb18145-1");
    let list = desk.home.path().join("codes.txt");
    for bytes in [
        b"m0045a\nm0055a, m0045a\n".to_vec(),
        utf16("m0045a\r\nm0055a\r\n"),
    ] {
        std::fs::write(&list, bytes).unwrap();
        drop_onto(&mut desk, &list);
        desk.wait_to_read("2 observations will be downloaded");
        desk.click("Cancel");
    }
}

#[test]
fn a_dropped_folder_is_added_and_what_is_neither_is_named() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    let program = desk.home.path().join("program");
    std::fs::write(&program, b"\x7fELF\x02\0\0\0\0\0").unwrap();
    drop_onto(&mut desk, &program);
    desk.wait_to_read("is not a list of codes");
    let gone = desk.home.path().join("gone.txt");
    drop_onto(&mut desk, &gone);
    desk.wait_to_read("could not be read");
    let folder = desk.home.path().join("empty");
    std::fs::create_dir(&folder).unwrap();
    drop_onto(&mut desk, &folder);
    desk.wait_to_read("contains no data of a fragment screen");
    // Without a target a list belongs nowhere yet.
    let list = desk.home.path().join("codes.txt");
    std::fs::write(&list, "m0045a").unwrap();
    drop_onto(&mut desk, &list);
    desk.wait_to_read("Choose a target on the left");
}

/// The file of a view that was saved without a dialog: this desk has none.
fn saved_view(desk: &Desk) -> PathBuf {
    let names = crate::harness::files(&desk.downloads()).into_iter();
    let mut views = names.filter(|name| name.ends_with(".view.json"));
    desk.downloads().join(views.next().unwrap())
}

#[test]
fn a_view_is_given_to_someone_else_as_a_file() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    desk.write("Find structures", "c1ccccc1");
    desk.wait_until("a filter", |desk| desk.reads("With c1ccccc1"));
    let shown = cells(&desk, "code");
    desk.click_beginning("Views of the table");
    desk.write("Name of the view", "Phenyls");
    desk.click("Save this view");
    desk.click("Save this view to a file…");
    desk.wait_to_read("Saved the view “Phenyls” to ");
    let view = saved_view(&desk);
    // Someone who looks at experiments drops it, and sees the hits in this way.
    let mut other = Desk::new(Setup::from(Generation::G2025));
    other.sign_in(ALICE);
    drop_onto(&mut other, &view);
    other.wait_to_read("The view “Phenyls” is shown, and has been added to your views.");
    other.wait_until("the hits", |other| other.sees("Cards"));
    other.wait_until("the same rows", |other| cells(other, "code") == shown);
    // The same file adds nothing; another view of that name keeps it.
    drop_onto(&mut other, &view);
    let text = std::fs::read_to_string(&view).unwrap();
    std::fs::write(&view, text.replace("c1ccccc1", "c1ccncc1")).unwrap();
    drop_onto(&mut other, &view);
    other.wait_to_read("The view “Phenyls (2)” is shown");
    let settings = &other.window.state().state().settings;
    let names: Vec<&str> = settings.views.keys().map(String::as_str).collect();
    assert_eq!(names, ["Phenyls", "Phenyls (2)"]);
    // What is left of a damaged file is used, and what is not is said.
    std::fs::write(&view, text.replace("\"part\"", "\"smell\"")).unwrap();
    drop_onto(&mut other, &view);
    other.wait_to_read("1 entry of it could not be understood and is left out.");
    std::fs::write(&view, &text[..text.len() / 2]).unwrap();
    drop_onto(&mut other, &view);
    other.wait_to_read("is not a view");
}
