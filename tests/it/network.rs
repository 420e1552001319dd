//! The network settings: a custom proxy with its password, certificate authorities; and
//! forgetting what this computer remembers.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::mpsc,
    time::Duration,
};

use fragalysis_desktop::{
    api::{Client, ClientOptions, Network},
    demo::ALICE,
    model::{ProxyAddress, ProxyChoice, Secret, ServerAddress},
};

use crate::harness::{Desk, Setup};

/// Listens as a proxy, returns the request of the first client, and refuses it.
fn proxy() -> (String, mpsc::Receiver<Vec<String>>) {
    proxy_with("502 Bad Gateway")
}

/// Like [`proxy`], with this answer.
fn proxy_with(status: &'static str) -> (String, mpsc::Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = mpsc::channel();
    std::thread::Builder::new()
        .spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = Vec::new();
            for line in BufReader::new(stream.try_clone().unwrap()).lines() {
                let line = line.unwrap();
                if line.is_empty() {
                    break;
                }
                lines.push(line);
            }
            sender.send(lines).unwrap();
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
        })
        .unwrap();
    (address, asked)
}

fn asked(lines: &mpsc::Receiver<Vec<String>>) -> Vec<String> {
    lines.recv_timeout(Duration::from_secs(20)).unwrap()
}

#[tokio::test]
async fn a_server_is_asked_through_the_users_own_proxy_which_alone_gets_its_password() {
    let (address, lines) = proxy();
    let options = ClientOptions {
        network: Network {
            proxy: ProxyChoice::Own {
                address: ProxyAddress::parse(&address).unwrap(),
                user: Some("me".to_owned()),
            },
            password: Some(Secret::new("of the proxy")),
            ..Network::default()
        },
        ..ClientOptions::default()
    };
    let server = ServerAddress::parse("https://fragalysis.example.org").unwrap();
    let client = Client::new(server, None, options).unwrap();
    let error = client.targets().await.unwrap_err();
    let lines = asked(&lines);
    assert_eq!(lines[0], "CONNECT fragalysis.example.org:443 HTTP/1.1");
    // The user and the password as such lines hold them.
    let sign_in = "Basic bWU6b2YgdGhlIHByb3h5";
    let is_sign_in = |line: &String| {
        let (name, value) = line.split_once(": ").unwrap_or_default();
        name.eq_ignore_ascii_case("proxy-authorization") && value == sign_in
    };
    assert!(lines.iter().any(is_sign_in), "{lines:?}");
    assert!(!format!("{client:?} {error:?} {error}").contains("of the proxy"));
}

#[tokio::test]
async fn a_proxy_that_requires_a_password_is_named_with_where_to_enter_it() {
    let (address, _lines) = proxy_with("407 Proxy Authentication Required");
    let options = ClientOptions {
        network: Network {
            proxy: ProxyChoice::Own {
                address: ProxyAddress::parse(&address).unwrap(),
                user: None,
            },
            ..Network::default()
        },
        ..ClientOptions::default()
    };
    let server = ServerAddress::parse("https://fragalysis.example.org").unwrap();
    let client = Client::new(server, None, options).unwrap();
    let problem = client.targets().await.unwrap_err().problem();
    assert_eq!(
        (problem.message.as_str(), problem.next_step()),
        (
            "The proxy of this network requires a user name and a password",
            "Enter them under Settings, Network."
        )
    );
}

/// Opens the settings at the fields for a custom proxy.
fn at_own_proxy() -> Desk {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 2200.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    desk.click("Settings");
    desk.click("Custom");
    desk
}

#[test]
fn a_proxy_is_set_in_the_settings_holds_at_once_and_again_at_the_next_start() {
    let (address, lines) = proxy();
    let mut desk = at_own_proxy();
    desk.write("Address of the proxy", "http://me:secret@proxy");
    desk.wait_to_read("they have fields of their own");
    desk.clear("Address of the proxy");
    desk.write("Address of the proxy", &address);
    desk.write("User of the proxy", "me");
    desk.write("Password of the proxy", "of the proxy");
    desk.click("Use this proxy");
    desk.wait_until("the password in the keychain", |desk| {
        let entries = desk.keychain.entries.lock().unwrap();
        entries.values().any(|value| value == "of the proxy")
    });
    let path = desk.home.path().join("config/settings.json");
    desk.wait_until("the settings on the disk", |_| {
        fs::read_to_string(&path).is_ok_and(|text| text.contains(&address))
    });
    assert!(!fs::read_to_string(&path).unwrap().contains("of the proxy"));
    // The demo is this computer, which is asked directly: work continues.
    desk.click("Status");
    desk.wait_to_read("lb32627");
    let mut desk = desk.restart();
    let network = |desk: &Desk| {
        let state = desk.window.state().state();
        state.environment.client.network.password.is_some()
    };
    desk.wait_until("the password from the keychain", network);
    desk.click("Other…");
    desk.write("Address of the server", "https://fragalysis.example.org");
    desk.click("Browse public data without signing in");
    let first = asked(&lines).remove(0);
    assert_eq!(first, "CONNECT fragalysis.example.org:443 HTTP/1.1");
}

#[test]
fn a_file_that_holds_no_certificate_is_refused_and_changes_nothing() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 2200.0),
        ..Setup::default()
    });
    desk.sign_in(ALICE);
    let wrong = desk.home.path().join("ca.pem");
    fs::write(&wrong, "no certificate").unwrap();
    desk.click("Settings");
    // There is no dialog here, so the path is typed.
    desk.click("Choose a certificate…");
    desk.write("File with the certificate", wrong.to_str().unwrap());
    desk.click("Use this file");
    desk.wait_to_read("contains no certificates");
    assert_eq!(desk.window.state().state().settings.authorities, None);
}

#[test]
fn stored_data_are_deleted_after_confirmation() {
    let mut desk = Desk::new(Setup {
        size: (1280.0, 2200.0),
        ..Setup::default()
    });
    desk.click(ALICE);
    desk.click("Keep me signed in");
    desk.click("Sign in");
    desk.wait_for_table();
    let kept = |desk: &Desk| desk.keychain.entries.lock().unwrap().len();
    desk.wait_until("the token in the keychain", |desk| kept(desk) == 1);
    // A folder of which nothing is known yet: anyone who looks writes it down, also while it is to be forgotten.
    let folder = desk.downloads().join("A71EV2A_old/aligned_files/A1");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("A1.pdb"), "END").unwrap();
    std::fs::write(
        desk.downloads().join("A71EV2A_old/metadata.csv"),
        "Code\nA1\n",
    )
    .unwrap();
    desk.click("Downloads");
    desk.click("Scan again");
    desk.wait_to_read("A71EV2A_old");
    desk.click("Settings");
    desk.wait_to_read("1 token in the keychain");
    desk.click("Forget everything…");
    desk.click("Keep it");
    assert_eq!(kept(&desk), 1);
    desk.click("Forget everything…");
    desk.click("Yes, forget it");
    desk.wait_until("an empty keychain", |desk| kept(desk) == 0);
    desk.wait_until("no token any more", |desk| !desk.reads("in the keychain"));
    let of = |name: &str| desk.home.path().join("data").join(name);
    let (tables, library) = (of("tables"), of("library"));
    desk.wait_until("no tables", |_| !tables.exists());
    desk.wait_until("no notes of folders", |_| !library.exists());
    desk.click("Experiments");
    desk.wait_for_table();
}

#[test]
fn a_password_for_one_proxy_is_sent_to_no_other() {
    let (address, lines) = proxy();
    let mut desk = at_own_proxy();
    desk.write("Address of the proxy", "http://first.example.org:8080");
    desk.write("User of the proxy", "me");
    desk.write("Password of the proxy", "of the proxy");
    desk.click("Use this proxy");
    let kept = |desk: &Desk| {
        let entries = desk.keychain.entries.lock().unwrap();
        entries.values().any(|value| value == "of the proxy")
    };
    desk.wait_until("the password in the keychain", kept);
    desk.clear("Address of the proxy");
    desk.write("Address of the proxy", &address);
    desk.click("Use this proxy");
    desk.wait_until("no password in the keychain", |desk| !kept(desk));
    desk.click("alice, Demo");
    desk.click("Switch account…");
    desk.click("Other…");
    desk.write("Address of the server", "https://fragalysis.example.org");
    desk.click("Browse public data without signing in");
    let lines = asked(&lines);
    // “me” and nothing behind the colon.
    let sign_in = lines.iter().find_map(|line| line.split_once("Basic "));
    assert!(
        sign_in.is_none_or(|(_, sign_in)| sign_in == "bWU6"),
        "{lines:?}"
    );
}
