//! How long the program takes to its first interactive frame, against an eframe hello-world built with the
//! same features; how often it repaints while idle, and its memory; how large it is: `cargo bench --bench start`.
//!
//! Needs a display. Each start is a process of its own; the two take turns, so that a noisy machine
//! disturbs both alike.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench may stop at the first surprise"
)]
#![expect(clippy::print_stdout, reason = "prints what it measured")]

use std::{
    env, fs,
    process::Command,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use eframe::{CreationContext, Frame, NativeOptions, Renderer};
use egui::{CentralPanel, Context, Ui};
use fragalysis_desktop::{
    api::ClientOptions,
    app::App,
    downloads::Timeouts,
    model::LogBook,
    state::{Environment, RefreshInterval, Worker},
    store::{Folders, JournalFolder, SystemKeychain},
};
use tokio::runtime::Runtime;

/// Starts of each kind; the first pair only warms the disk's cache.
const STARTS: usize = 9;
/// Time for the window to come to rest before repaints are counted.
const SETTLE: Duration = Duration::from_secs(3);
/// When a child was started, in nanoseconds since 1970.
const STARTED: &str = "BENCH_STARTED";

fn main() {
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match arguments.first().map(String::as_str) {
        Some("hello") => child(|_| Box::new(Hello), None, repaints),
        Some("ours") => child(ours, None, repaints),
        Some("idle") => child(
            ours,
            Some(Duration::from_secs(arguments[1].parse().unwrap())),
            repaints,
        ),
        Some("hello-memory") => child(|_| Box::new(Hello), Some(SETTLE), memory),
        Some("memory") => child(ours, Some(SETTLE), memory),
        _ => parent(),
    }
}

fn parent() {
    let size = fs::metadata(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .unwrap()
        .len();
    println!(
        "size of the program: {:.1} MB, {:.2} of the limit of 32 MB",
        size as f64 / 1e6,
        size as f64 / 32e6
    );
    if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() {
        println!("start and repaints: not measured, there is no display");
        return;
    }
    let (mut hello, mut ours) = (Vec::new(), Vec::new());
    for turn in 0..STARTS {
        let pair = (run(&["hello"]), run(&["ours"]));
        if turn > 0 {
            hello.push(pair.0);
            ours.push(pair.1);
        }
    }
    let (hello, ours) = (median(hello), median(ours));
    println!(
        "process start to first interactive frame, medians of {}:",
        STARTS - 1
    );
    println!(
        "  eframe hello-world {hello:.0} ms, ours {ours:.0} ms, ratio {:.2} (limit 1.3)",
        ours / hello
    );
    let repaints = run(&["idle", "60"]);
    println!("idle for 60 s: {repaints:.0} repaints (limit 0)");
    let (hello, ours) = (run(&["hello-memory"]), run(&["memory"]));
    println!(
        "memory while idle: eframe hello-world {:.0} MB, ours {:.0} MB, ratio {:.2} (limit 1.2)",
        hello / 1e3,
        ours / 1e3,
        ours / hello
    );
}

/// Runs a child and reads the number that it prints.
fn run(arguments: &[&str]) -> f64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    let output = Command::new(env::current_exe().unwrap())
        .args(arguments)
        .env(STARTED, now.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().parse().expect("the child prints a number")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

type Make = fn(&CreationContext<'_>) -> Box<dyn eframe::App>;

/// What an idle child reports, given how often it was drawn.
type Tell = fn(u32) -> u64;

fn repaints(counted: u32) -> u64 {
    counted.into()
}

/// The memory of this process in thousands of bytes, as far as the system says it.
fn memory(_: u32) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let words = line.unwrap_or_default().split_whitespace().nth(1);
    words.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn child(make: Make, idle: Option<Duration>, tell: Tell) {
    let options = NativeOptions {
        renderer: Renderer::Glow,
        ..NativeOptions::default()
    };
    let creator = move |cc: &CreationContext<'_>| -> Box<dyn eframe::App> {
        Box::new(Watched {
            inner: make(cc),
            frames: 0,
            begun: Instant::now(),
            idle,
            tell,
            counted: 0,
        })
    };
    eframe::run_native("bench", options, Box::new(move |cc| Ok(creator(cc)))).unwrap();
}

/// Runs an app and reports on its frames.
struct Watched {
    inner: Box<dyn eframe::App>,
    frames: u32,
    begun: Instant,
    idle: Option<Duration>,
    tell: Tell,
    counted: u32,
}

impl eframe::App for Watched {
    fn logic(&mut self, ctx: &Context, frame: &mut Frame) {
        self.inner.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame) {
        self.inner.ui(ui, frame);
        self.frames += 1;
        match self.idle {
            // The second frame is the first that can react to something.
            None if self.frames == 2 => {
                let started: u128 = env::var(STARTED).unwrap().parse().unwrap();
                let now = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap()
                    .as_nanos();
                println!("{}", (now - started) / 1_000_000);
                ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
            }
            None if self.frames < 2 => ui.ctx().request_repaint(),
            None => {}
            Some(idle) => self.count(ui.ctx(), idle),
        }
    }
}

impl Watched {
    /// Two frames are the bench's own: one that ends the settling, one that ends the count.
    fn count(&mut self, ctx: &Context, idle: Duration) {
        let age = self.begun.elapsed();
        if age < SETTLE {
            ctx.request_repaint_after(SETTLE.saturating_sub(age));
        } else if age < SETTLE + idle {
            self.counted += 1;
            ctx.request_repaint_after((SETTLE + idle).saturating_sub(age));
        } else {
            if self.idle.take().is_some() {
                // The first of them began the count.
                println!("{}", (self.tell)(self.counted.saturating_sub(1)));
            }
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }
}

struct Hello;

impl eframe::App for Hello {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        CentralPanel::default().show(ui, |ui| ui.button("Hello, world!").clicked());
    }
}

/// Creates the app as `main` does.
fn ours(cc: &CreationContext<'_>) -> Box<dyn eframe::App> {
    let runtime = Runtime::new().unwrap();
    let handle = runtime.handle().clone();
    // The child ends with its window.
    std::mem::forget(runtime);
    let ctx = cc.egui_ctx.clone();
    let home = env::temp_dir().join("fragalysis-bench");
    let environment = Environment {
        worker: Worker {
            runtime: handle,
            waker: Arc::new(move || ctx.request_repaint()),
        },
        folders: Folders {
            config: home.join("config"),
            data: home.join("data"),
            downloads: home.clone(),
        },
        keychain: Arc::new(SystemKeychain),
        client: ClientOptions::default(),
        programs: Vec::new(),
        journal: Arc::new(JournalFolder::in_folder(&home.join("data"))),
        timeouts: Timeouts::default(),
        quiet: RefreshInterval::default(),
        clock: jiff::Zoned::now,
        server: None,
        demo: None,
        renderer: "glow",
        about: String::new(),
        log: LogBook::default(),
        bin: Arc::new(|_| Ok(())),
        dialogs: Arc::new(|_| None),
        releases: None,
        notify: Arc::new(|_| {}),
        free_space: |_| None,
        new_window: Arc::new(|| Ok(())),
    };
    Box::new(App::new(cc, environment, None))
}
