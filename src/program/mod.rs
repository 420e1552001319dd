//! Starts the program: arguments, log, runtime, then the window or a command.

mod install_locations;
mod log;

use std::{
    env,
    io::Write as _,
    process::{Command as Process, ExitCode, Stdio},
    sync::Arc,
    time::Duration,
};

use crate::{
    api::ClientOptions,
    app::{
        WindowError, open_window, start_runtime, system_bin, system_dialogs, system_new_window,
        system_notifier,
    },
    cli::{self, Cli, Console, Exit, Records, RendererChoice, TokenSource},
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, STATISTICS_KEY},
    disk::free_space,
    downloads::Timeouts,
    library::LibraryFolder,
    model::{Problem, Secret, ServerAddress},
    state::{DemoHelp, Environment, RefreshInterval, Waker, Worker, report_crashes},
    store::{Folders, JournalFolder, Keychain, KeychainWithTimeout, SettingsFile, SystemKeychain},
};
use eframe::Renderer;
use log::{Log, start_log};
use tokio::runtime::Runtime;

const TOKEN_VARIABLE: &str = "FRAGALYSIS_TOKEN";
/// Address that returns the newest release as `{"version": "1.2.3"}`; set when packages are built.
const RELEASES: Option<&str> = option_env!("FRAGALYSIS_RELEASES");
/// How long to wait for work under way after the window is closed.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);
const LOG_VARIABLE: &str = "FRAGALYSIS_LOG";
const COMMANDS: &str =
    "targets, experiments, status, download and demo work without one (add --help to see how)";

/// Parses the arguments of this process, runs what they request, and returns the exit code.
pub fn start() -> ExitCode {
    let cli = Cli::read(env::args_os()).unwrap_or_else(|error| error.exit());
    let folders = match &cli.data_dir {
        // The program may start itself again from another folder.
        Some(folder) => match std::path::absolute(folder) {
            Ok(folder) => Folders::in_folder(&folder),
            Err(error) => {
                Console::standard().note(&format!("--data-dir cannot be used: {error}."));
                return ExitCode::from(Exit::Usage.code());
            }
        },
        None => Folders::for_current_user(),
    };
    let logs = folders.logs();
    let level = env::var(LOG_VARIABLE).ok();
    // Commands write nothing but their results.
    let log = start_log(
        level.as_deref(),
        (cli.command.is_none() && has_display()).then_some(logs.as_path()),
    );
    let mut console = Console::standard();
    let exit = match run(&cli, folders, &log, &mut console) {
        Ok(exit) => exit.code(),
        Err(sentence) => {
            console.note(&sentence);
            Exit::Failed.code()
        }
    };
    ExitCode::from(exit)
}

fn run(cli: &Cli, folders: Folders, log: &Log, console: &mut Console) -> Result<Exit, String> {
    let environment = match env::var(TOKEN_VARIABLE) {
        Ok(token) => Some(Secret::new(token)),
        Err(env::VarError::NotPresent) => None,
        // Continuing without it would show public data as if they were all the data.
        Err(env::VarError::NotUnicode(_)) => {
            console.note(&format!(
                "The token in {TOKEN_VARIABLE} is not valid UTF-8. Copy it again."
            ));
            return Ok(Exit::Rejected);
        }
    };
    if cli.command.is_none() && cli.demo.is_some() && cli.server.is_some() {
        console.note("Choose one server: --demo and --server cannot be used together.");
        return Ok(Exit::Usage);
    }
    if cli.command.is_none() && !has_display() {
        console.note(&format!(
            "There is no display to open a window on; {COMMANDS}."
        ));
        return Ok(Exit::NoDisplay);
    }
    let mut source = TokenSource { environment };
    if cli.command.is_none() && source.environment.is_some() {
        match std::mem::take(&mut source).read(cli.token_stdin) {
            Ok(Some(token)) => return restart_without_token(token.expose()),
            Ok(None) => {}
            Err(problem) => return Ok(report_invalid_token(console, &problem)),
        }
    }
    let runtime = start_runtime()?;
    if let Some(command) = &cli.command {
        let journal = JournalFolder::in_folder(&folders.data);
        let library = LibraryFolder::in_folder(&folders.data);
        let noting = Records {
            journal: &journal,
            library: &library,
            data: &folders.data,
        };
        let work = cli::run(cli, command, source, &noting, console);
        return Ok(runtime.block_on(work));
    }
    let ended = window(cli, (folders, log), &runtime, source, console);
    // A pending request to the keychain may finish; one that never answers must not keep the program running.
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    ended
}

/// Opens the window and returns when it is closed.
fn window(
    cli: &Cli,
    (folders, log): (Folders, &Log),
    runtime: &Runtime,
    source: TokenSource,
    console: &mut Console,
) -> Result<Exit, String> {
    let token = match source.read(cli.token_stdin) {
        Ok(token) => token,
        Err(problem) => return Ok(report_invalid_token(console, &problem)),
    };
    let demo = start_demo(cli, runtime)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the program starts");
    report_crashes(folders.data.clone(), about_text(), log.book.clone());
    let place = SettingsFile::in_folder(&folders.config).read().0.window;
    let surroundings = EnvironmentSource {
        folders,
        log,
        runtime,
        server: cli.server.clone(),
        demo: demo.as_ref().map(demo_help),
        keychain: Arc::new(KeychainWithTimeout::new(Arc::new(SystemKeychain))),
    };
    let renderers = renderers(cli.renderer);
    let drawn_by = (&*renderers, is_wayland_stale());
    let environment = |waker, renderer| surroundings.environment(waker, renderer);
    match open_window(drawn_by, place, environment, token.as_ref()) {
        Ok(()) => Ok(Exit::Complete),
        Err(error @ WindowError::Crashed) => Err(format!("{error}.")),
        Err(error @ WindowError::NoWindow { .. }) => {
            console.note(&format!("{error}; {COMMANDS}."));
            Ok(Exit::NoDisplay)
        }
    }
}

/// Provides the window's environment; every attempt to open the window creates a new one.
struct EnvironmentSource<'a> {
    folders: Folders,
    log: &'a Log,
    runtime: &'a Runtime,
    server: Option<ServerAddress>,
    demo: Option<DemoHelp>,
    keychain: Arc<dyn Keychain>,
}

impl EnvironmentSource<'_> {
    fn environment(&self, waker: Waker, renderer: &'static str) -> Environment {
        let runtime = self.runtime.handle();
        Environment {
            worker: Worker {
                runtime: runtime.clone(),
                waker,
            },
            folders: self.folders.clone(),
            keychain: Arc::clone(&self.keychain),
            programs: install_locations::program_folders(),
            journal: Arc::new(JournalFolder::in_folder(&self.folders.data)),
            client: ClientOptions::default(),
            timeouts: Timeouts::unattended(),
            quiet: RefreshInterval::default(),
            clock: jiff::Zoned::now,
            server: self.server.clone(),
            demo: self.demo.clone(),
            renderer,
            about: about_text(),
            log: self.log.book.clone(),
            notify: system_notifier(runtime.clone()),
            bin: system_bin(),
            free_space,
            new_window: system_new_window(),
            dialogs: system_dialogs(),
            releases: RELEASES.map(str::to_owned),
        }
    }
}

/// Returns what the sign-in page says about a demo.
fn demo_help(demo: &DemoServer) -> DemoHelp {
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

/// Reports that the given token is not a token.
fn report_invalid_token(console: &mut Console, problem: &Problem) -> Exit {
    console.note(&problem.to_string());
    Exit::Rejected
}

fn start_demo(cli: &Cli, runtime: &Runtime) -> Result<Option<DemoServer>, String> {
    let Some(generation) = cli.demo else {
        return Ok(None);
    };
    let options = DemoOptions {
        generation,
        rows: cli.rows,
        days_ago: cli.days_ago,
        ..DemoOptions::default()
    };
    let started = runtime.block_on(DemoServer::start(options));
    started
        .map(Some)
        .map_err(|error| format!("The demo server could not be started: {error}."))
}

/// Returns the renderers to try, the one that usually works best on this system first.
fn renderers(choice: Option<RendererChoice>) -> Vec<Renderer> {
    match choice {
        Some(RendererChoice::Glow) => vec![Renderer::Glow],
        Some(RendererChoice::Wgpu) => vec![Renderer::Wgpu],
        None if cfg!(target_os = "linux") => vec![Renderer::Glow, Renderer::Wgpu],
        None => vec![Renderer::Wgpu, Renderer::Glow],
    }
}

fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
            .into_iter()
            .any(is_set)
}

/// Returns `true` if the session names a Wayland display that does not answer, and an X11 display as well: what a
/// terminal multiplexer keeps from an earlier session.
#[cfg(target_os = "linux")]
fn is_wayland_stale() -> bool {
    use std::{fs::read_link, os::unix::net::UnixStream, path::PathBuf};
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if set("DISPLAY").is_none() {
        return false;
    }
    // An open connection that the starting program passes on, by its number.
    if let Some(number) = set("WAYLAND_SOCKET") {
        let open = read_link(PathBuf::from("/proc/self/fd").join(number));
        return !open.is_ok_and(|what| what.to_string_lossy().starts_with("socket:"));
    }
    let Some(name) = set("WAYLAND_DISPLAY") else {
        return false;
    };
    // The name may be an absolute path; joining keeps that.
    let socket = PathBuf::from(set("XDG_RUNTIME_DIR").unwrap_or_default()).join(name);
    UnixStream::connect(socket).is_err()
}

#[cfg(not(target_os = "linux"))]
fn is_wayland_stale() -> bool {
    false
}

/// Starts the window in a process without the token in its environment, so that no viewer or dialog that
/// it opens inherits it. The token goes through a pipe.
fn restart_without_token(token: &str) -> Result<Exit, String> {
    let sentence = |error: std::io::Error| format!("The window could not be started: {error}.");
    let mut child = Process::new(env::current_exe().map_err(sentence)?)
        .args(
            env::args_os()
                .skip(1)
                .filter(|argument| argument != "--token-stdin"),
        )
        .arg("--token-stdin")
        .env_remove(TOKEN_VARIABLE)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(sentence)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(token.as_bytes()).map_err(sentence)?;
    }
    let status = child.wait().map_err(sentence)?;
    let exits = [Exit::Complete, Exit::Usage, Exit::NoDisplay, Exit::Rejected];
    let known = exits
        .into_iter()
        .find(|exit| status.code() == Some(i32::from(exit.code())));
    Ok(known.unwrap_or(Exit::Failed))
}

/// Returns program and system in a few lines, for reports.
fn about_text() -> String {
    // Only Linux says in a file what it is.
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = system
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map_or(String::new(), |name| {
            format!(" ({})", name.trim_matches('"'))
        });
    format!(
        "Fragalysis Desktop {} for {}, {}, {}\nSystem: {} {}{name}",
        env!("CARGO_PKG_VERSION"),
        env!("BUILD_TARGET"),
        env!("BUILD_COMMIT"),
        env!("BUILD_COMPILER"),
        env::consts::OS,
        env::consts::ARCH,
    )
}
