//! A test fixture: a demo server, a separate home folder, and the real window without a display.
//!
//! Nothing sleeps: waiting ends with the program's own wake-up call or with a bound, and then says what
//! was on screen.

pub(crate) mod cpu_renderer;
mod environment;
mod hands;
mod keychain;
pub(crate) mod likeness;

pub(crate) use keychain::TestKeychain;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, mpsc::Receiver},
    time::Duration,
};

use egui_kittest::Harness;
use fragalysis_desktop::{
    app::App,
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, Faults, Generation, STATISTICS_KEY},
    model::{DownloadRequest, ServerAddress},
    state::{DemoHelp, RefreshInterval},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::environment::environment;

/// Longest wait for anything; far more than a slow machine needs.
const BOUND: Duration = Duration::from_mins(1);
/// How often a window that repaints only occasionally is checked.
const LOOK: Duration = Duration::from_millis(50);

/// How the desk is set up.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    pub(crate) generation: Generation,
    pub(crate) faults: Faults,
    /// In points.
    pub(crate) size: (f32, f32),
    /// Pixels of the screen in a point.
    pub(crate) scale: f32,
    pub(crate) is_dark: bool,
    /// Experiments that the demo invents.
    pub(crate) rows: Option<usize>,
    pub(crate) build_time: Duration,
    /// How often the status page asks again by itself.
    pub(crate) quiet: RefreshInterval,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            generation: Generation::G2026,
            faults: Faults::default(),
            size: (1280.0, 800.0),
            scale: 1.0,
            is_dark: false,
            rows: None,
            build_time: Duration::from_millis(50),
            quiet: RefreshInterval::default(),
        }
    }
}

impl From<Faults> for Setup {
    fn from(faults: Faults) -> Self {
        Self {
            faults,
            ..Self::default()
        }
    }
}

impl From<Generation> for Setup {
    fn from(generation: Generation) -> Self {
        Self {
            generation,
            ..Self::default()
        }
    }
}

/// The program as a user has it on screen.
pub(crate) struct Desk {
    pub(crate) window: Harness<'static, App>,
    pub(crate) demo: DemoServer,
    pub(crate) home: TempDir,
    pub(crate) keychain: Arc<TestKeychain>,
    clipboard: Option<String>,
    copied_picture: Option<egui::ColorImage>,
    titles: Vec<String>,
    wakes: Receiver<()>,
    runtime: Runtime,
    setup: Setup,
}

/// The settings file of a new desk; written before the program starts.
fn settings(home: &Path, is_dark: bool) {
    let folder = home.join("config");
    fs::create_dir_all(&folder).unwrap();
    let theme = if is_dark { "dark" } else { "light" };
    fs::write(
        folder.join("settings.json"),
        format!(r#"{{"theme":"{theme}"}}"#),
    )
    .unwrap();
}

/// What the demo's sign-in page shows.
fn help(demo: &DemoServer) -> DemoHelp {
    DemoHelp {
        address: demo.address().clone(),
        tokens: vec![
            (ALICE, "member of a private target access string"),
            (BOB, "member of none"),
            (AGEING, "needs renewal in the browser"),
        ],
        statistics: demo.statistics_address().clone(),
        statistics_key: STATISTICS_KEY,
    }
}

/// Opens a window over what is on the disk and in the keychain.
fn open(
    setup: Setup,
    runtime: &Runtime,
    home: &Path,
    keychain: &Arc<TestKeychain>,
    server: Option<ServerAddress>,
    demo: Option<DemoHelp>,
) -> (Harness<'static, App>, Receiver<()>) {
    let (environment, wakes) = environment(setup, runtime, home, keychain, server, demo);
    let window = Harness::builder()
        .with_size(setup.size)
        .with_pixels_per_point(setup.scale)
        .with_render_cursor(false)
        .renderer(cpu_renderer::CpuRenderer::default())
        .build_eframe(move |cc| App::new(cc, environment, None));
    (window, wakes)
}

impl Desk {
    pub(crate) fn new(setup: Setup) -> Self {
        Self::with_server(setup, None)
    }

    /// The window begins at another server than the demo.
    pub(crate) fn with_server(setup: Setup, server: Option<&str>) -> Self {
        let options = DemoOptions {
            generation: setup.generation,
            faults: setup.faults,
            rows: setup.rows,
            build_time: setup.build_time,
            ..DemoOptions::default()
        };
        Self::with_all(setup, options, server)
    }

    /// Opens the window with a demo that has these options.
    pub(crate) fn with_demo(setup: Setup, options: DemoOptions) -> Self {
        Self::with_all(setup, options, None)
    }

    fn with_all(setup: Setup, options: DemoOptions, server: Option<&str>) -> Self {
        let home = tempfile::tempdir().unwrap();
        settings(home.path(), setup.is_dark);
        let runtime = Runtime::new().unwrap();
        let demo = runtime.block_on(DemoServer::start(options)).unwrap();
        let keychain = Arc::new(TestKeychain::default());
        let help = server.is_none().then(|| help(&demo));
        let server = server.map(|server| ServerAddress::parse(server).unwrap());
        let (window, wakes) = open(setup, &runtime, home.path(), &keychain, server, help);
        Self {
            window,
            demo,
            home,
            keychain,
            clipboard: None,
            copied_picture: None,
            titles: vec!["Fragalysis Desktop".to_owned()],
            wakes,
            runtime,
            setup,
        }
    }

    /// Begins to download a public target without signing in, until the server builds its archive.
    pub(crate) fn begin_a_public_download(&mut self) {
        self.click("Browse public data without signing in");
        self.wait_for_table();
        self.click("PHIPA lb18145-1");
        self.click("Download PHIPA…");
        self.click_beginning("Download all ");
        self.wait_to_read("Being built by the server");
    }

    /// Closes the window and opens it again as someone does who names no server: with what is on the disk
    /// and in the keychain.
    pub(crate) fn restart(self) -> Self {
        self.opened_again(None, |_| {})
    }

    /// Closes the window and opens it again with the same demo.
    pub(crate) fn restart_as_demo(self) -> Self {
        self.restart_as_demo_after(|_| {})
    }

    /// The same; `between` is done with the folder of the user while no window is open.
    pub(crate) fn restart_as_demo_after(self, between: impl FnOnce(&Path)) -> Self {
        let help = help(&self.demo);
        self.opened_again(Some(help), between)
    }

    fn opened_again(mut self, demo: Option<DemoHelp>, between: impl FnOnce(&Path)) -> Self {
        // The old window lets go of everything before the new one looks for it.
        self.window = Harness::builder().build_eframe(|cc| {
            let home = tempfile::tempdir().unwrap();
            App::new(
                cc,
                environment(
                    self.setup,
                    &self.runtime,
                    home.path(),
                    &self.keychain,
                    None,
                    None,
                )
                .0,
                None,
            )
        });
        between(self.home.path());
        let (window, wakes) = open(
            self.setup,
            &self.runtime,
            self.home.path(),
            &self.keychain,
            None,
            demo,
        );
        (self.window, self.wakes) = (window, wakes);
        self
    }

    /// Switches to a second server as a visitor, and returns it with its host.
    pub(crate) fn go_to_second_server(&mut self, generation: Generation) -> (DemoServer, String) {
        let second = self.run(DemoServer::start(DemoOptions {
            generation,
            rows: Some(60),
            ..DemoOptions::default()
        }));
        let second = second.unwrap();
        let host = second.address().host_text();
        self.click("alice, Demo");
        self.click("Switch account…");
        self.click("Other…");
        self.write("Address of the server", second.address().as_str());
        self.click("Browse public data without signing in");
        self.wait_for_table();
        (second, host)
    }

    /// Where downloads go.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.home.path().join("downloads")
    }
}

/// A plain client, beside those of the program, which choose the provider of cryptography themselves.
pub(crate) fn plain_http() -> reqwest::ClientBuilder {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    reqwest::Client::builder()
}

/// Compares a folder on disk with what the server meant to send, byte by byte.
pub(crate) fn assert_folder_is(demo: &DemoServer, folder: &Path, request: &DownloadRequest) {
    let mut meant = demo.members(request);
    assert!(!meant.is_empty(), "the demo means to send nothing");
    meant.sort_by(|a, b| a.path.cmp(&b.path));
    let mut found = files(folder);
    let manifest = found
        .iter()
        .position(|path| path == "fragalysis-download.json");
    found.remove(manifest.expect("the folder explains itself"));
    let made = made_here(folder);
    found.retain(|path| !made.contains(path));
    let names: Vec<&str> = meant.iter().map(|member| member.path.as_str()).collect();
    assert_eq!(found, names);
    for member in &meant {
        let on_disk = fs::read(folder.join(&member.path)).unwrap();
        assert!(on_disk == member.bytes, "{} differs", member.path);
    }
}

/// Files of a folder that its record says were made on this computer.
pub(crate) fn made_here(folder: &Path) -> Vec<String> {
    let record = fs::read_to_string(folder.join("fragalysis-download.json")).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let made = record["report"]["made_here"].as_array().cloned();
    let paths = made.unwrap_or_default();
    paths
        .iter()
        .map(|path| path.as_str().unwrap().to_owned())
        .collect()
}

/// All files below a folder, with slashes, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inner = path.strip_prefix(folder).unwrap();
                found.push(inner.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}
