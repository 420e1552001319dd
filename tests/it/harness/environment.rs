//! The environment of a window: the disk, the keychain, and the notifications that it sends.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use fragalysis_desktop::{
    api::ClientOptions,
    downloads::Timeouts,
    model::{LogBook, ServerAddress},
    state::{Bin, DemoHelp, Environment, NewWindow, Notifier, Waker, Worker},
    store::{Folders, JournalFolder, Keychain},
};
use tokio::runtime::Runtime;

use super::{Setup, TestKeychain};

/// A bin of the test's own.
fn bin(bin: PathBuf) -> Bin {
    Arc::new(move |folder| {
        fs::create_dir_all(&bin).unwrap();
        let name = folder.file_name().unwrap();
        fs::rename(folder, bin.join(name)).map_err(|error| error.to_string())
    })
}

/// Writes notifications into a file: the window tells; a test reads.
fn notify(told: PathBuf) -> Notifier {
    Arc::new(move |sentence| {
        let before = fs::read_to_string(&told).unwrap_or_default();
        fs::write(&told, before + &sentence + "\n").unwrap();
    })
}

/// The world around a window: what is on the disk and in the keychain.
pub(super) fn environment(
    setup: Setup,
    runtime: &Runtime,
    home: &Path,
    keychain: &Arc<TestKeychain>,
    server: Option<ServerAddress>,
    demo: Option<DemoHelp>,
) -> (Environment, Receiver<()>) {
    // A build of minutes is one that stays under way while a test looks; it must not time out.
    let haste = if setup.build_time < Duration::from_mins(1) {
        0.005
    } else {
        0.2
    };
    let (sender, wakes) = channel();
    let sender = Mutex::new(sender);
    let environment = Environment {
        worker: Worker {
            runtime: runtime.handle().clone(),
            // The other end is gone only when the window is.
            waker: Arc::new(move || sender.lock().unwrap().send(()).unwrap_or(())) as Waker,
        },
        folders: Folders {
            config: home.join("config"),
            data: home.join("data"),
            downloads: home.join("downloads"),
        },
        keychain: Arc::clone(keychain) as Arc<dyn Keychain>,
        programs: vec![home.join("programs")],
        journal: Arc::new(JournalFolder::in_folder(&home.join("data"))),
        client: ClientOptions {
            connect_timeout: Duration::from_secs(5),
            retry_pause: Duration::from_millis(20),
            ..ClientOptions::default()
        },
        timeouts: Timeouts::shortened(haste),
        quiet: setup.quiet,
        clock: || "2026-11-23T10:42:00+00:00[UTC]".parse().unwrap(),
        server,
        demo,
        renderer: "a test",
        about: "Fragalysis Desktop, tests".to_owned(),
        log: LogBook::default(),
        bin: bin(home.join("bin")),
        // This computer has no dialog, whatever the machine of the tests has.
        dialogs: Arc::new(|_| None),
        // Only where a test has put a file for it.
        releases: fs::read_to_string(home.join("releases")).ok(),
        notify: notify(home.join("told")),
        // The same on every machine, for the pictures.
        free_space: |_| Some(118_000_000_000),
        new_window: new_window(home.join("windows")),
    };
    (environment, wakes)
}

/// Writes down how often a further window was asked for; fails where it cannot.
fn new_window(file: PathBuf) -> NewWindow {
    Arc::new(move || {
        let mut file = fs::File::options().create(true).append(true).open(&file)?;
        std::io::Write::write_all(&mut file, b"one more\n")
    })
}
