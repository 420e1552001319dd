//! A desk to try the program at: a demo server, a home of its own, and the real window without a display.
//!
//! Nothing sleeps: waiting ends with the program's own wake-up call or with a bound, and then says what
//! was on screen.

pub(crate) mod cpu_renderer;
pub(crate) mod likeness;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

use egui_kittest::{
    Harness, Node,
    kittest::{NodeT as _, Queryable as _},
};
use fragalysis_desktop::{
    api::ClientOptions,
    app::App,
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, Faults, Generation, STATISTICS_KEY},
    downloads::Timeouts,
    model::{DownloadRequest, LogBook, Secret, ServerAddress},
    state::{DemoHelp, Environment, Quiet, Waker, Worker},
    store::{Entry, Folders, JournalFolder, Keychain, KeychainError},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Longest wait for anything; far more than a slow machine needs.
const BOUND: Duration = Duration::from_mins(1);
/// A window that shows news only now and then is looked at as often as this.
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
    pub(crate) quiet: Quiet,
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
            quiet: Quiet::default(),
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

/// The program in front of someone.
pub(crate) struct Desk {
    pub(crate) window: Harness<'static, App>,
    pub(crate) demo: DemoServer,
    pub(crate) home: TempDir,
    pub(crate) keychain: Arc<TestKeychain>,
    clipboard: Option<String>,
    titles: Vec<String>,
    wakes: Receiver<()>,
    runtime: Runtime,
    setup: Setup,
}

/// A keychain in memory; may be missing.
#[derive(Default)]
pub(crate) struct TestKeychain {
    pub(crate) entries: Mutex<BTreeMap<String, String>>,
    pub(crate) is_missing: AtomicBool,
}

impl TestKeychain {
    fn open(&self) -> Result<MutexGuard<'_, BTreeMap<String, String>>, KeychainError> {
        if self.is_missing.load(Ordering::Relaxed) {
            return Err(KeychainError::Missing);
        }
        Ok(self.entries.lock().unwrap())
    }
}

impl Keychain for TestKeychain {
    fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        Ok(self.open()?.get(&entry.name()).map(Secret::new))
    }

    fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        self.open()?
            .insert(entry.name(), secret.expose().to_owned());
        Ok(())
    }

    fn remove(&self, entry: &Entry) -> Result<(), KeychainError> {
        self.open()?.remove(&entry.name());
        Ok(())
    }
}

/// The settings file of a new desk; written before the program starts.
fn settings(home: &Path, is_dark: bool) {
    let folder = home.join("config");
    std::fs::create_dir_all(&folder).unwrap();
    let theme = if is_dark { "dark" } else { "light" };
    std::fs::write(
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

/// The world around a window: what is on the disk and in the keychain.
fn environment(
    setup: Setup,
    runtime: &Runtime,
    home: &Path,
    keychain: &Arc<TestKeychain>,
    server: Option<ServerAddress>,
    demo: Option<DemoHelp>,
) -> (Environment, Receiver<()>) {
    // A build of minutes is one that stays under way while a test looks; no one must lose patience with it.
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
        patience: Timeouts::shortened(haste),
        quiet: setup.quiet,
        clock: || "2026-11-23T10:42:00+00:00[UTC]".parse().unwrap(),
        server,
        demo,
        renderer: "a test",
        about: "Fragalysis Desktop, tests".to_owned(),
        log: LogBook::default(),
        bin: {
            let bin = home.join("bin");
            Arc::new(move |folder| {
                std::fs::create_dir_all(&bin).unwrap();
                let name = folder.file_name().unwrap();
                std::fs::rename(folder, bin.join(name)).map_err(|error| error.to_string())
            })
        },
        // This computer has no dialog, whatever the machine of the tests has.
        dialogs: Arc::new(|_| None),
        // Only where a test has put a file for it.
        releases: std::fs::read_to_string(home.join("releases")).ok(),
        notify: {
            let told = home.join("told");
            // The window tells; a test reads.
            Arc::new(move |sentence| {
                let before = std::fs::read_to_string(&told).unwrap_or_default();
                std::fs::write(&told, before + &sentence + "\n").unwrap();
            })
        },
    };
    (environment, wakes)
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

    /// The demo is as someone else wants it.
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

    /// Goes to a second server as a visitor, and gives it back with its host.
    pub(crate) fn go_to_second_server(&mut self, generation: Generation) -> (DemoServer, String) {
        let second = self.run(DemoServer::start(DemoOptions {
            generation,
            rows: Some(60),
            ..DemoOptions::default()
        }));
        let second = second.unwrap();
        let host = second.address().host_text();
        self.click("alice, Demo");
        self.click("Sign in as another user…");
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

    /// Whether a control or text with exactly this name is on screen.
    pub(crate) fn sees(&self, label: &str) -> bool {
        self.window.query_all_by_label(label).next().is_some()
    }

    /// Runs something on the desk's own runtime.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The text that the last steps have put on the clipboard.
    pub(crate) fn copied(&mut self) -> Option<String> {
        self.clipboard.take()
    }

    /// Every title that the window was given.
    pub(crate) fn titles(&self) -> String {
        self.titles.join("\n")
    }

    /// Pressing, releasing, and drawing what came of it.
    pub(crate) fn steps(&mut self) {
        for _ in 0..4 {
            self.step();
        }
    }

    /// One frame; keeps what leaves the window with it.
    fn step(&mut self) {
        self.window.step();
        let output = self.window.output();
        for command in &output.platform_output.commands {
            if let egui::OutputCommand::CopyText(text) = command {
                self.clipboard = Some(text.clone());
            }
        }
        // One step may be several frames, of which only the last one leaves its commands here.
        let title = self.window.state().title();
        if self.titles.last().is_none_or(|last| last != title) {
            self.titles.push(title.to_owned());
        }
    }

    /// After how long the window wants to be drawn again if nothing happens.
    pub(crate) fn next_repaint(&self) -> Duration {
        let outputs = &self.window.output().viewport_output;
        outputs
            .values()
            .map(|output| output.repaint_delay)
            .min()
            .unwrap_or(Duration::MAX)
    }

    /// Where the first control or text with this name is.
    pub(crate) fn place(&self, label: &str) -> egui::Rect {
        self.window.query_all_by_label(label).next().unwrap().rect()
    }

    /// Whether a text that holds this is on screen.
    pub(crate) fn reads(&self, part: &str) -> bool {
        self.window
            .query_all_by_label_contains(part)
            .next()
            .is_some()
    }

    /// Clicks the control with this name, once it is there.
    pub(crate) fn click(&mut self, label: &str) {
        self.wait_until(&format!("a control “{label}”"), |desk| {
            desk.control(label).is_some()
        });
        // What has just appeared may still find its place.
        let rect = |desk: &Self| desk.control(label).map(|control| control.rect());
        let mut before = None;
        while before.is_none() || before != rect(self) {
            before = rect(self);
            self.step();
        }
        self.control(label).unwrap().click();
        self.steps();
    }

    /// A right click, wherever.
    pub(crate) fn click_secondary(&mut self, at: egui::Pos2) {
        let click = |pressed| egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Secondary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        self.window.event(egui::Event::PointerMoved(at));
        self.step();
        for pressed in [true, false] {
            self.window.event(click(pressed));
            self.step();
        }
        self.steps();
    }

    /// Brings a control into sight, as a wheel does.
    pub(crate) fn scroll_to(&mut self, label: &str) {
        self.control(label).unwrap().scroll_to_me();
        for _ in 0..20 {
            self.step();
        }
    }

    /// Types into the field with this name.
    pub(crate) fn write(&mut self, field: &str, text: &str) {
        self.click(field);
        self.control(field).unwrap().type_text(text);
        for _ in 0..3 {
            self.step();
        }
    }

    /// Types behind what is in the field that has the focus.
    pub(crate) fn write_further(&mut self, field: &str, text: &str) {
        self.control(field).unwrap().type_text(text);
        for _ in 0..3 {
            self.step();
        }
    }

    /// Asks the window to close, as its own button does.
    pub(crate) fn ask_to_close(&mut self) {
        let viewports = &mut self.window.input_mut().viewports;
        let window = viewports.entry(egui::ViewportId::ROOT).or_default();
        window.events.push(egui::ViewportEvent::Close);
        self.step();
        // The event is of that one frame.
        let viewports = &mut self.window.input_mut().viewports;
        let window = viewports.entry(egui::ViewportId::ROOT).or_default();
        window.events.clear();
        self.step();
    }

    /// Whether the window wants to be closed now.
    pub(crate) fn closes(&self) -> bool {
        let outputs = &self.window.output().viewport_output;
        outputs.values().any(|output| {
            let commands = output.commands.iter();
            commands
                .into_iter()
                .any(|command| matches!(command, egui::ViewportCommand::Close))
        })
    }

    /// Clicks the first control whose name begins like this, and says what its whole name was.
    pub(crate) fn click_beginning(&mut self, start: &str) -> String {
        let find = |desk: &Self| {
            let nodes = desk.window.query_all_by_label_contains(start);
            let names = nodes.filter_map(|node| {
                let inner = node.accesskit_node();
                (inner.role() != egui::Role::Label)
                    .then(|| inner.label())
                    .flatten()
            });
            names.into_iter().find(|name| name.starts_with(start))
        };
        self.wait_until(&format!("a control “{start}…”"), |desk| {
            find(desk).is_some()
        });
        // A name that counts something changes when the count comes.
        let mut before = None;
        while before.is_none() || before != find(self) {
            before = find(self);
            for _ in 0..3 {
                self.step();
            }
        }
        let name = find(self).unwrap();
        self.click(&name);
        name
    }

    /// Empties the field with this name.
    pub(crate) fn clear(&mut self, field: &str) {
        self.click(field);
        self.window
            .key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        self.step();
        self.window.key_press(egui::Key::Delete);
        for _ in 0..3 {
            self.step();
        }
    }

    /// Begins two downloads that are received for more than a minute.
    pub(crate) fn begin_two_slow_downloads(&mut self) {
        self.click("Settings");
        self.write("Another limit in MB/s", "0.4");
        self.click("Use this limit");
        for _ in 0..2 {
            self.click("Experiments");
            self.click("Download A71EV2A…");
            self.click("Everything");
            self.click_beginning("Download all ");
        }
        self.wait_until("both to be received", |desk| {
            let receiving = desk.window.query_all_by_label_contains("Receiving");
            receiving
                .filter(|node| node.accesskit_node().role() == egui::Role::Label)
                .count()
                >= 2
        });
    }

    /// Looks on for a while, and draws only when the program asks for it. How often that was, and how long it took
    /// in all.
    pub(crate) fn look_on(&mut self, time: Duration) -> (u32, Duration) {
        let (mut frames, mut busy) = (0, Duration::ZERO);
        let end = Instant::now() + time;
        while let Some(rest) = end.checked_duration_since(Instant::now()) {
            if self.wakes.recv_timeout(rest).is_err() {
                break;
            }
            // What has come meanwhile is drawn with it.
            while self.wakes.try_recv().is_ok() {}
            let begun = Instant::now();
            self.window.step();
            let shapes = self.window.output().shapes.clone();
            drop(self.window.ctx.tessellate(shapes, 1.0));
            busy += begun.elapsed();
            frames += 1;
        }
        (frames, busy)
    }

    /// Waits until a text that holds this is on screen.
    pub(crate) fn wait_to_read(&mut self, part: &str) {
        self.wait_until(&format!("the text “{part}”"), |desk| desk.reads(part));
    }

    /// Waits for something, with a bound.
    pub(crate) fn wait_until(&mut self, what: &str, is_true: impl Fn(&Self) -> bool) {
        let end = Instant::now() + BOUND;
        loop {
            self.step();
            if is_true(self) {
                return;
            }
            assert!(
                Instant::now() < end,
                "waited in vain for {what}; on screen was:\n{}",
                self.on_screen()
            );
            match self.wakes.recv_timeout(LOOK) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("the program is gone"),
            }
        }
    }

    /// Everything with a name that is on screen, one line each.
    pub(crate) fn on_screen(&self) -> String {
        let mut lines = Vec::new();
        let mut nodes: Vec<Node<'_>> = vec![self.window.root()];
        while let Some(node) = nodes.pop() {
            let inner = node.accesskit_node();
            if let Some(label) = inner.label().or_else(|| inner.value()) {
                lines.push(format!("{:?} “{label}”", inner.role()));
            }
            nodes.extend(node.children());
        }
        lines.reverse();
        lines.join("\n")
    }

    /// Signs in to the demo with one of its tokens.
    pub(crate) fn sign_in(&mut self, token: &str) {
        self.click(token);
        self.click("Sign in");
        self.wait_for_table();
    }

    /// Signs in and shows one target: it stands at the left, or in a menu where the window is narrow.
    pub(crate) fn sign_in_to_target(&mut self) {
        self.sign_in(ALICE);
        if !self.sees("A71EV2A lb32627-66") {
            self.click("All targets");
        }
        self.click("A71EV2A lb32627-66");
    }

    /// Signs in and opens the statistics of the authenticator, with their address filled in.
    pub(crate) fn open_statistics(&mut self) {
        self.sign_in(ALICE);
        self.click("Status");
        self.click("Authenticator statistics, for administrators");
        let address = self.demo.statistics_address().as_str().to_owned();
        self.write("Address of the statistics", &address);
    }

    /// Waits until all experiments are there.
    pub(crate) fn wait_for_table(&mut self) {
        self.wait_until("experiments", |desk| {
            let is_partial = desk.window.state().state().experiments.is_partial();
            desk.sees("Select all shown") && !is_partial
        });
    }

    /// Presses a key, and draws what comes of it.
    pub(crate) fn press(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.window.key_press_modifiers(modifiers, key);
        for _ in 0..4 {
            self.step();
        }
    }

    /// Turns the wheel over the middle of the window until the page is at its end.
    pub(crate) fn scroll_down(&mut self) {
        let middle = self.window.ctx.content_rect().center();
        self.window.event(egui::Event::PointerMoved(middle));
        self.window.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -5000.0),
            modifiers: egui::Modifiers::NONE,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
        });
        for _ in 0..4 {
            self.step();
        }
    }

    /// What the keys for copying do.
    pub(crate) fn press_copy(&mut self) {
        self.window.event(egui::Event::Copy);
        self.step();
    }

    /// Looks at the window.
    pub(crate) fn picture(&mut self) -> image::RgbaImage {
        self.window.render().unwrap()
    }

    /// Compares a folder on disk with what the server meant to send, byte by byte.
    pub(crate) fn assert_folder_is(&self, folder: &Path, request: &DownloadRequest) {
        assert_folder_is(&self.demo, folder, request);
    }

    /// The control with this name; texts do not count.
    fn control<'a>(&'a self, label: &'a str) -> Option<Node<'a>> {
        let is_text = |node: &Node<'_>| node.accesskit_node().role() == egui::Role::Label;
        self.window
            .query_all_by_label(label)
            .find(|node| !is_text(node))
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
        let on_disk = std::fs::read(folder.join(&member.path)).unwrap();
        assert!(on_disk == member.bytes, "{} differs", member.path);
    }
}

/// Files of a folder that its record says were made on this computer.
pub(crate) fn made_here(folder: &Path) -> Vec<String> {
    let record = std::fs::read_to_string(folder.join("fragalysis-download.json")).unwrap();
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
        let Ok(entries) = std::fs::read_dir(&next) else {
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
