//! A canary for each secret, looked for in everything that leaves the program. [`Sinks`] is the registry:
//! whatever a later feature writes, shows or sends is to be added to it.

mod sinks;

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use fragalysis_desktop::{
    api::{Client, ClientOptions, OrderOutcome},
    demo::{DemoOptions, DemoSecrets, DemoServer, Faults, Generation},
    model::{DownloadRequest, Preset, Secret, SessionToken, TargetKey, Tas},
};
use tokio::runtime::Runtime;

use self::sinks::{Sinks, catch_log, caught_log, writings};
use crate::harness::{Desk, Setup};

pub(crate) const SECRETS: DemoSecrets = DemoSecrets {
    token: "cAnArYsEsSiOn0123456789abcdefghi",
    csrf: "cAnArYrEqUeSt0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO",
    key: "cAnArYkEy0123456789abc",
    build: "ca7a41e5-0000-4000-8000-00ca7a41e500",
};

#[test]
fn the_canary_would_be_found() {
    let encoded = b"x: Y0FuQXJZc0VzU2lPbjAxMjM0NTY3ODlhYmNkZWZnaGk=".to_vec();
    let found = writings(SECRETS.token)
        .iter()
        .any(|(_, needle)| memchr::memmem::find(&encoded, needle).is_some());
    assert!(found, "base64 is not recognised");
}

fn options(generation: Generation, faults: Faults) -> DemoOptions {
    DemoOptions {
        generation,
        faults,
        rows: Some(120),
        build_time: Duration::from_millis(100),
        secrets: Some(SECRETS),
        ..DemoOptions::default()
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// Runs the program once, signed in, with the fullest log and a backtrace for any panic.
fn run_command(demo: &DemoServer, home: &Path, arguments: &[String]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .args(arguments)
        .args(["--server", demo.address().as_str(), "--token-stdin"])
        .arg("--data-dir")
        .arg(home.join("state"))
        .env("FRAGALYSIS_LOG", "trace")
        .env("HOME", home)
        .env("RUST_BACKTRACE", "full")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pasted = format!("{{\"sessionid\": \"{}\"}}", SECRETS.token);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(pasted.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Runs the commands with the fullest log, in cases that succeed and cases that fail.
fn run_commands(generation: Generation, faults: Faults, home: &Path, count: usize) -> Sinks {
    let mut sinks = Sinks::default();
    std::fs::create_dir(home).unwrap();
    let runtime = Runtime::new().unwrap();
    let demo = runtime
        .block_on(DemoServer::start(options(generation, faults)))
        .unwrap();
    let data = home.join("data").display().to_string();
    let table = |ending: &str| home.join(format!("table.{ending}")).display().to_string();
    let (csv, xlsx) = (table("csv"), table("xlsx"));
    let download = |target, tas, more: &[&'static str]| {
        let mut command = words(&format!("download --target {target} --tas {tas} --to"));
        command.push(data.clone());
        command.extend(more.iter().map(|word| (*word).to_owned()));
        command
    };
    // What may go wrong comes first.
    let commands = [
        download("A71EV2A", "lb32627-66", &[]),
        words("status --why lb32627-66"),
        words("status --json"),
        words("targets --json"),
        ["experiments", "--csv", &csv, "--xlsx", &xlsx, "--json"]
            .map(str::to_owned)
            .to_vec(),
        download("PHIPA", "lb18145-1", &["--keep-archive", "--json"]),
        download("Nope", "lb18145-1", &[]),
    ];
    for arguments in commands.into_iter().take(count) {
        let output = run_command(&demo, home, &arguments);
        sinks.add("standard output", output.stdout);
        sinks.add("log and error reports", output.stderr);
    }
    for heard in demo.other_origin_requests() {
        sinks.add("what another origin received", heard);
    }
    sinks.add("what another origin received", "-");
    sinks
}

/// A window that is used with all secrets: every page, and what it copies, shows and writes.
fn use_window(sinks: &mut Sinks, generation: Generation) {
    let mut desk = Desk::with_demo(
        Setup {
            generation,
            size: (1280.0, 2400.0),
            ..Setup::default()
        },
        options(generation, Faults::default()),
    );
    desk.write("Session token", SECRETS.token);
    desk.click("Keep me signed in");
    sinks.add("accessibility tree", desk.on_screen());
    desk.click("Sign in");
    desk.wait_for_table();
    desk.click("A71EV2A lb32627-66");
    desk.click("Download A71EV2A…");
    desk.wait_to_read("Free space:");
    desk.click("Command line");
    sinks.add("accessibility tree", desk.on_screen());
    desk.click_beginning("Copy the command");
    sinks.add("clipboard", desk.copied().expect("a command"));
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
    desk.click_beginning("Copy the path");
    sinks.add("clipboard", desk.copied().expect("a path"));
    sinks.add("accessibility tree", desk.on_screen());
    desk.click("Status");
    desk.wait_to_read("Your target access strings");
    desk.write("A target or a target access string", "lb99999-1");
    desk.click("Find out");
    desk.click("Copy this for an administrator");
    sinks.add("clipboard", desk.copied().expect("an answer"));
    desk.click("Authenticator statistics, for administrators");
    let address = desk.demo.statistics_address().as_str().to_owned();
    desk.write("Address of the statistics", &address);
    desk.write("Key of the statistics", SECRETS.key);
    desk.click("Save the key in this computer's keychain");
    desk.click("Load statistics");
    desk.wait_to_read("alice (you)");
    sinks.add("accessibility tree", desk.on_screen());
    desk.wait_until("the key in the keychain", |desk| {
        desk.keychain.entries.lock().unwrap().len() == 2
    });
    desk.click("Use saved key");
    desk.wait_to_read("alice (you)");
    desk.click("Settings");
    sinks.add("accessibility tree", desk.on_screen());
    sinks.add("window titles", desk.titles());
    let told = std::fs::read(desk.home.path().join("told")).unwrap_or_default();
    sinks.add("notifications", [told, b"-".to_vec()].concat());
    sinks.add_folder("files of the window", desk.home.path());
    // The statistics got their key, as they should; no one else's secret came there.
    for heard in desk.demo.other_origin_requests() {
        assert!(!heard.contains(SECRETS.token) && !heard.contains(SECRETS.csrf));
    }
}

/// Collects the panic messages of everything that holds a secret.
fn panic_texts(sinks: &mut Sinks) {
    let runtime = Runtime::new().unwrap();
    let texts = runtime.block_on(async {
        let demo = DemoServer::start(options(Generation::G2026, Faults::default()))
            .await
            .unwrap();
        let token = SessionToken::from_pasted(SECRETS.token).unwrap();
        let key = Secret::new(SECRETS.key);
        let client = Client::new(
            demo.address().clone(),
            Some(token.clone()),
            ClientOptions::default(),
        )
        .unwrap();
        let request = DownloadRequest {
            target: TargetKey {
                title: "PHIPA".to_owned(),
                tas: Tas::new("lb18145-1"),
            },
            codes: Vec::new(),
            files: Preset::Structures.files(),
            static_link: false,
        };
        let order = client.order(&request).await.unwrap();
        let mut texts = format!("{client:?} {token:?} {key:?} {order:?}");
        if let OrderOutcome::Building(task) = order {
            let status = client.task_status(&task).await;
            texts.push_str(&format!("{task:?} {status:?}"));
        }
        texts
    });
    let panic = std::panic::catch_unwind(|| panic!("{texts}")).unwrap_err();
    sinks.add("panic messages", panic.downcast_ref::<String>().unwrap());
}

/// Arguments and environment of the process in which the window runs.
#[cfg(target_os = "linux")]
fn children(sinks: &mut Sinks, home: &Path) {
    use std::{path::PathBuf, time::Instant};
    let mut parent = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"))
        .env("FRAGALYSIS_TOKEN", SECRETS.token)
        .env("DISPLAY", "127.0.0.1:97")
        .env("HOME", home)
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = parent.id();
    let list = PathBuf::from(format!("/proc/{id}/task/{id}/children"));
    let end = Instant::now() + Duration::from_secs(30);
    let (mut is_caught, mut is_over) = (false, false);
    while !is_caught && !is_over && Instant::now() < end {
        is_over = parent.try_wait().unwrap().is_some();
        let children = std::fs::read_to_string(&list).unwrap_or_default();
        for child in children.split_whitespace() {
            let read =
                |name: &str| std::fs::read(format!("/proc/{child}/{name}")).unwrap_or_default();
            let (arguments, environment) = (read("cmdline"), read("environ"));
            // Between fork and exec a child still looks like its parent.
            let is_itself = arguments
                .windows(13)
                .any(|window| window == b"--token-stdin");
            if is_itself && !environment.is_empty() {
                sinks.add("arguments of children", arguments);
                sinks.add("environment of children", environment);
                is_caught = true;
            }
        }
    }
    let output = parent.wait_with_output().unwrap();
    sinks.add("error reports without a display", output.stderr);
    assert!(is_caught, "the window's own process was not seen");
}

#[test]
#[expect(clippy::print_stdout, reason = "the figure of the issue")]
fn no_secret_leaks_in_any_encoding() {
    let mut sinks = Sinks::default();
    catch_log();
    let home = tempfile::tempdir().unwrap();
    let mut runs: Vec<_> = Generation::ALL
        .map(|generation| (generation, Faults::default(), 7))
        .into();
    for fault in [
        "broken-lists",
        "not-fragalysis",
        "session-ends",
        "csrf-always",
        "flipped-bit",
        "expired-once",
        "failed-build",
    ] {
        let mut faults = Faults::default();
        assert!(faults.add(fault));
        runs.push((Generation::G2026, faults, 2));
    }
    // At the same time, each in its own folder: most of the time they wait.
    std::thread::scope(|scope| {
        let start = |(place, (generation, faults, count))| {
            let home = home.path().join(format!("run {place}"));
            scope.spawn(move || run_commands(generation, faults, &home, count))
        };
        let running: Vec<_> = runs.into_iter().enumerate().map(start).collect();
        for run in running {
            sinks.merge(run.join().unwrap());
        }
    });
    sinks.add_folder("files of the commands", home.path());
    for generation in Generation::ALL {
        use_window(&mut sinks, generation);
    }
    let log = caught_log();
    assert!(log.windows(5).any(|word| word == b"DEBUG"), "no full log");
    sinks.add("log of the window", log);
    panic_texts(&mut sinks);
    #[cfg(target_os = "linux")]
    children(&mut sinks, home.path());
    let bytes: usize = sinks.0.values().map(Vec::len).sum();
    println!("{} sinks, {bytes} bytes", sinks.0.len());
    for name in sinks.0.keys() {
        println!("  {name}");
    }
    sinks.assert_clean();
}
