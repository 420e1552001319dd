//! Failures and settings in the window: each has its sentence and its button.

use crate::harness::{Desk, Setup, files};
use crate::window::IDLE;
use fragalysis_desktop::{
    demo::{ALICE, Faults, HostileMember},
    model::{FileKind, ProxyChoice},
    state::DownloadStatus,
};

/// Closing the window while a download is under way asks first, and can wait for it.
#[test]
fn a_window_with_downloads_under_way_is_closed_when_they_are_done() {
    let mut desk = Desk::new(Setup {
        build_time: std::time::Duration::from_secs(2),
        ..Setup::default()
    });
    desk.begin_a_public_download();
    desk.wait_until("a download under way", |desk| {
        desk.window.state().state().downloads.running() == 1
    });
    desk.ask_to_close();
    desk.wait_to_read("A download is under way");
    desk.click("Keep open");
    assert!(!desk.reads("A download is under way"));
    desk.ask_to_close();
    desk.click("Close when done");
    desk.wait_to_read("The window closes when the downloads are done");
    desk.wait_until("a closing window", Desk::closes);
    assert!(desk.window.state().state().downloads.running() == 0);
}

#[test]
fn a_damaged_archive_leaves_nothing_and_can_be_tried_again() {
    let faults = Faults {
        flipped_bit: true,
        ..Faults::default()
    };
    let mut desk = Desk::new(faults.into());
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Not downloaded");
    assert!(
        desk.reads("Nothing damaged was kept"),
        "{}",
        desk.on_screen()
    );
    assert!(desk.sees("Download PHIPA again"));
    assert_eq!(files(&desk.downloads()), Vec::<String>::new());
}

#[test]
fn a_failure_has_the_button_that_its_message_mentions() {
    // A list that cannot be read: the details go to someone who can mend it.
    let mut desk = Desk::new(Setup::from(Faults {
        broken_lists: true,
        ..Faults::default()
    }));
    desk.click("Browse public data without signing in");
    desk.wait_to_read("The experiments could not be loaded");
    assert!(!desk.reads("Copy the details"));
    desk.click("Details");
    desk.click("Copy the details");
    let copied = desk.copied().unwrap();
    assert!(
        copied.contains("Fragalysis Desktop ") && copied.contains("127.0.0.1"),
        "{copied}"
    );
    desk.demo.set_faults(Faults::default());
    desk.click("Try again");
    desk.wait_for_table();
    // A build that fails: its choices are changed where they were made, and the download that failed is given up.
    desk.demo.set_faults(Faults {
        failed_build: true,
        ..Faults::default()
    });
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click("For Coot");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Not downloaded");
    assert!(desk.reads("choose fewer files"), "{}", desk.on_screen());
    desk.demo.set_faults(Faults::default());
    desk.click("Change files… (PHIPA (lb18145-1))");
    desk.wait_to_read("Download from PHIPA");
    desk.wait_to_read("Free space:");
    let files = |desk: &Desk| {
        let list = &desk.window.state().state().downloads.list;
        list.iter()
            .map(|one| one.job.request.files.summary())
            .collect::<Vec<_>>()
    };
    desk.click("Structures only");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    desk.wait_until("the failed one to be given up", |desk| {
        !desk.reads("Not downloaded") && desk.reads("Stopped")
    });
    let files = files(&desk);
    assert!(files.len() == 2 && files[0] != files[1], "{files:?}");
}

#[test]
fn who_was_sent_an_unsafe_archive_can_report_it() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in_to_target();
    desk.demo.set_faults(Faults {
        hostile_member: Some(HostileMember::ParentFolder),
        ..Faults::default()
    });
    desk.click("PHIPA lb18145-1");
    desk.click("Download PHIPA…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Not downloaded");
    desk.click("Copy a report (PHIPA (lb18145-1))");
    let report = desk.copied().unwrap();
    assert!(report.contains("Text size: 100 %"), "{report}");
    // What failed and why, for someone who asks.
    assert!(!desk.reads("unsafe_archive"));
    desk.click("Details (PHIPA (lb18145-1))");
    desk.click("Copy the details");
    let copied = desk.copied().unwrap();
    assert!(copied.contains("unsafe_archive"), "{copied}");
    desk.click("Details (PHIPA (lb18145-1))");
    assert!(!desk.sees("Copy the details"));
}

#[test]
fn who_cannot_reach_the_server_is_led_to_the_network() {
    let mut desk = Desk::new(Setup::from(Faults {
        hangs_up: true,
        ..Faults::default()
    }));
    desk.click("Browse public data without signing in");
    desk.wait_to_read("The server closed the connection without an answer");
    // No one has come through yet, so there is no page of settings: the way to servers opens over this page.
    desk.click("Network settings");
    desk.wait_to_read("Most institutes do not need this");
    desk.click("None");
    let proxy = |desk: &Desk| desk.window.state().state().settings.proxy.clone();
    desk.wait_until("no proxy", |desk| proxy(desk) == ProxyChoice::None);
    desk.click("Close");
    assert!(!desk.reads("Most institutes do not need this"));
    desk.demo.set_faults(Faults::default());
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    // Later it is among the settings.
    desk.click("Settings");
    desk.wait_to_read("Most institutes do not need this");
    assert!(!desk.sees("Close"));
}

#[test]
fn two_downloads_under_way_do_not_draw_the_window_more_often_than_one() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in_to_target();
    desk.begin_two_slow_downloads();
    // The first check may find changes from before.
    desk.observe(std::time::Duration::from_millis(500));
    let (frames, _) = desk.observe(std::time::Duration::from_secs(6));
    assert!((1..=25).contains(&frames), "{frames} frames in 6 s");
}

#[test]
fn all_downloads_are_paused_with_one_button_and_the_free_space_is_told() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in_to_target();
    desk.begin_two_slow_downloads();
    desk.wait_to_read("118.0 GB free on this disk");
    desk.click("Pause all");
    desk.wait_until("both to be paused", |desk| {
        let downloads = &desk.window.state().state().downloads.list;
        downloads
            .iter()
            .filter(|one| matches!(one.status, DownloadStatus::Paused))
            .count()
            == 2
    });
    assert!(!desk.sees("Pause all"));
}

#[test]
fn a_stopped_download_leaves_nothing() {
    let build_time = std::time::Duration::from_mins(10);
    let mut desk = Desk::new(Setup {
        build_time,
        ..Setup::default()
    });
    desk.begin_a_public_download();
    desk.click("Cancel the download of PHIPA");
    desk.click("Cancel download");
    desk.wait_to_read("Cancelled. No incomplete files were kept");
    assert_eq!(files(&desk.downloads()), Vec::<String>::new());
}

#[test]
fn every_documented_file_type_has_a_tick_box() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 1100.0),
        ..Setup::default()
    });
    desk.click("Browse public data without signing in");
    desk.wait_for_table();
    desk.click("Mpro lb18145-1");
    desk.click("Download Mpro…");
    desk.click("Show 6 choices");
    for kind in FileKind::ALL {
        assert!(desk.sees(kind.label()), "{} is missing", kind.label());
    }
    desk.click("Advanced");
    desk.click("Create a permanent link on the server");
    assert!(desk.reads("stays on the server permanently"));
    assert!(desk.sees("Create a permanent link"));
}

#[test]
fn an_idle_window_repaints_nothing() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    for page in ["Experiments", "Downloads", "Status", "Settings"] {
        desk.click(page);
        // News that were under way have come when no page wants another frame within the next minute.
        desk.wait_until("silence", |desk| desk.next_repaint() >= IDLE);
        for _ in 0..5 {
            desk.window.step();
            assert!(desk.next_repaint() >= IDLE, "{page} repaints without news");
        }
    }
}

#[test]
fn both_themes_are_drawn_and_differ() {
    let brightness = |is_dark| {
        let mut desk = Desk::new(Setup {
            is_dark,
            size: (800.0, 600.0),
            ..Setup::default()
        });
        desk.wait_to_read("Where do I find my token?");
        let picture = desk.picture();
        let sum: u64 = picture.pixels().map(|pixel| u64::from(pixel.0[1])).sum();
        sum / u64::from(picture.width() * picture.height())
    };
    let (light, dark) = (brightness(false), brightness(true));
    assert!(light > 200 && dark < 60, "light {light}, dark {dark}");
}

#[test]
fn the_settings_say_how_many_downloads_run_and_how_fast_and_are_kept() {
    let mut desk = Desk::new(Setup::default());
    desk.sign_in(ALICE);
    desk.click("Settings");
    desk.click("1");
    desk.click("5 MB/s");
    desk.wait_to_read("at most 5.0 MB per second");
    desk.write("Another limit in MB/s", "as fast as it goes");
    desk.click("Use this limit");
    assert!(
        desk.reads("at most 5.0 MB per second"),
        "nonsense is refused"
    );
    desk.clear("Another limit in MB/s");
    desk.write("Another limit in MB/s", "2,5");
    desk.click("Use this limit");
    desk.wait_to_read("at most 2.5 MB per second");
    let path = desk.home.path().join("config/settings.json");
    desk.wait_until("the settings on the disk", |_| {
        std::fs::read_to_string(&path).is_ok_and(|text| text.contains("2500000"))
    });
    let mut desk = desk.restart_as_demo();
    desk.sign_in(ALICE);
    desk.click("Settings");
    assert!(desk.reads("at most 2.5 MB per second"));
    let settings = &desk.window.state().state().settings;
    assert_eq!(settings.parallel, 1);
}
