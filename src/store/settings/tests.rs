//! What is written into the settings, and what is read from them.

use super::*;

#[test]
fn what_was_written_is_read_again() {
    let home = tempfile::tempdir().unwrap();
    let file = SettingsFile::in_folder(&home.path().join("new"));
    assert_eq!(file.read(), (Settings::default(), None));
    let settings = Settings {
        theme: Theme::Dark,
        unpack: false,
        ..Settings::default()
    };
    file.write(&settings, 2).unwrap();
    file.write(&Settings::default(), 1).unwrap();
    assert_eq!(file.read(), (settings, None));
}

#[test]
fn two_copies_of_the_program_do_not_lose_what_the_other_has_saved() {
    let home = tempfile::tempdir().unwrap();
    let copies = [(); 2].map(|()| SettingsFile::in_folder(home.path()));
    let [mut one, mut other] = [0, 1].map(|copy: usize| copies[copy].read().0);
    one.views.insert("of one".to_owned(), Layout::default());
    one.theme = Theme::Dark;
    copies[0].write(&one, 1).unwrap();
    other
        .views
        .insert("of the other".to_owned(), Layout::default());
    other.unpack = false;
    one.kept.insert("of one".to_owned());
    other.kept.insert("of the other".to_owned());
    copies[0].write(&one, 2).unwrap();
    copies[1].write(&other, 1).unwrap();
    // Each knows nothing of what the other did, and removes what is its own.
    one.views.remove("of one");
    one.views
        .insert("second of one".to_owned(), Layout::default());
    copies[0].write(&one, 3).unwrap();
    let (both, sentence) = SettingsFile::in_folder(home.path()).read();
    assert_eq!(sentence, None);
    let names: Vec<&str> = both.views.keys().map(String::as_str).collect();
    assert_eq!(names, ["of the other", "second of one"]);
    assert_eq!(both.kept.len(), 2);
    assert_eq!((both.theme, both.unpack), (Theme::Dark, false));
    // A file that has become unreadable is replaced as a whole.
    fs::write(home.path().join(FILE), "{half").unwrap();
    copies[1].write(&other, 2).unwrap();
    assert_eq!(SettingsFile::in_folder(home.path()).read().0, other);
}

#[test]
fn an_invalid_entry_is_reset_and_unknown_entries_are_kept() {
    let home = tempfile::tempdir().unwrap();
    let file = SettingsFile::in_folder(home.path());
    fs::write(
        home.path().join(FILE),
        r#"{"theme":"purple","unpack":false,"window_colour":5}"#,
    )
    .unwrap();
    let (settings, sentence) = file.read();
    assert_eq!((settings.theme, settings.unpack), (Theme::System, false));
    assert_eq!(settings.unknown.get("window_colour"), Some(&Value::from(5)));
    assert!(sentence.unwrap().contains("theme"));
}

#[test]
fn an_invalid_view_does_not_affect_others_and_is_repaired() {
    let home = tempfile::tempdir().unwrap();
    let file = SettingsFile::in_folder(home.path());
    fs::write(
        home.path().join(FILE),
        r#"{"theme":"purple","views":{"good":{},"odd":{"columns":"all"}}}"#,
    )
    .unwrap();
    let (mut settings, sentence) = file.read();
    assert!(sentence.unwrap().contains("views"));
    assert_eq!(settings.views.keys().collect::<Vec<_>>(), ["good"]);
    settings.views.insert("new".to_owned(), Layout::default());
    file.write(&settings, 1).unwrap();
    let text = fs::read_to_string(home.path().join(FILE)).unwrap();
    assert!(!text.contains("purple"), "{text}");
    let (settings, _) = SettingsFile::in_folder(home.path()).read();
    assert_eq!(settings.views.keys().collect::<Vec<_>>(), ["good", "new"]);
}

#[test]
fn an_invalid_settings_file_is_moved_aside() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(FILE), "{half of it").unwrap();
    let (settings, sentence) = SettingsFile::in_folder(home.path()).read();
    assert_eq!(settings, Settings::default());
    assert!(sentence.unwrap().contains("settings.json.unreadable"));
    let kept = fs::read_to_string(home.path().join("settings.json.unreadable")).unwrap();
    assert_eq!(kept, "{half of it");
}

#[test]
fn a_settings_file_that_cannot_be_read_is_never_overwritten() {
    let home = tempfile::tempdir().unwrap();
    // A folder of this name: no one can read it as a file, not even root.
    let path = home.path().join(FILE);
    fs::create_dir(&path).unwrap();
    let file = SettingsFile::in_folder(home.path());
    let (settings, sentence) = file.read();
    assert_eq!(settings, Settings::default());
    assert!(sentence.unwrap().contains("Nothing is saved there"));
    assert!(file.write(&settings, 1).is_err());
    assert!(path.is_dir());
    // As soon as it can be read, what it says stays.
    fs::remove_dir(&path).unwrap();
    fs::write(&path, r#"{"speed_limit":1000,"parallel":3}"#).unwrap();
    let changed = Settings {
        parallel: 1,
        ..Settings::default()
    };
    file.write(&changed, 2).unwrap();
    let kept = fs::read_to_string(&path).unwrap();
    assert!(
        kept.contains("1000") && kept.contains(r#""parallel": 1"#),
        "{kept}"
    );
}
