//! Hostile and broken inputs for every parser of text from users and servers. `FUZZ_INPUTS` says how
//! many, `FUZZ_SEED` repeats a run.

use std::time::{SystemTime, UNIX_EPOCH};

use fastrand::Rng;

use super::endpoints::{landing::read_context, statistics};
use crate::model::SessionToken;

/// A hundredth of the long run.
const INPUTS: usize = 100_000;

/// Fragments of which pasted texts are composed.
const PASTED: &[&str] = &[
    "sessionid",
    "=",
    ":",
    "\"",
    "'",
    "“",
    "&quot;",
    "{",
    "}",
    "\n",
    "\t",
    " ",
    ";",
    ",",
    "csrftoken=",
    "abc123",
    "null",
    "None",
    "You need to be logged in",
    "%",
    "&amp;",
    "\u{feff}",
    "ſ",
    "é",
    "𝄞",
    "\0",
];

/// Fragments of which landing pages are composed.
const PAGES: &[&str] = &[
    "DJANGO_CONTEXT",
    "=",
    "{",
    "}",
    "username",
    "authenticated",
    ":",
    "'",
    "\"",
    "true",
    "false",
    ",",
    "alice",
    "NOT_LOGGED_IN",
    "<script>",
    "</script>",
    "\n",
    " ",
    "é",
    "\\'",
    "xusername",
    "𝄞",
    "\0",
];

/// Fragments of which statistics are composed.
const YAML: &[&str] = &[
    "auth",
    "ping",
    "users",
    "user_stats",
    "code_set",
    "memcached",
    "username",
    "tas_count",
    "collected",
    ":",
    ": ",
    "\n",
    "\n  ",
    "\n    ",
    "- ",
    "[]",
    "{}",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "&a ",
    "*a",
    "!!str ",
    "|\n",
    ">\n",
    "%YAML",
    "---\n",
    "...\n",
    "#",
    "12",
    "1e999",
    "no",
    "~",
    "<<: ",
    "\t",
    "é",
    "\\xE9",
    "? ",
    "\0",
];

/// Composes a text of fragments, with a few bytes changed, inserted or removed.
fn invent(rng: &mut Rng, pieces: &[&str]) -> String {
    let mut bytes = Vec::new();
    for _ in 0..rng.usize(0..24) {
        let piece = pieces
            .get(rng.usize(0..pieces.len()))
            .copied()
            .unwrap_or_default();
        bytes.extend_from_slice(piece.as_bytes());
    }
    for _ in 0..rng.usize(0..3) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.usize(0..bytes.len());
        match rng.u8(0..3) {
            0 => bytes[at] = rng.u8(..),
            1 => bytes.insert(at, rng.u8(..)),
            _ => {
                bytes.remove(at);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn no_input_makes_a_parser_panic() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed = number("FUZZ_SEED").unwrap_or(now.as_secs());
    let inputs = number("FUZZ_INPUTS").map_or(INPUTS, |inputs| usize::try_from(inputs).unwrap());
    println!("FUZZ_SEED={seed} FUZZ_INPUTS={inputs}");
    let mut rng = Rng::with_seed(seed);
    for _ in 0..inputs / 2 {
        let text = invent(&mut rng, PASTED);
        if let Ok(token) = SessionToken::from_pasted(&text) {
            // Whatever is found can be sent as a cookie.
            assert!(token.expose().is_ascii() && !token.expose().contains([';', ' ', '\n']));
        }
    }
    for _ in 0..inputs * 4 / 10 {
        let text = invent(&mut rng, PAGES);
        if let Some(landing) = read_context(&text) {
            assert!(landing.authenticated || landing.username.is_none());
        }
    }
    for _ in 0..inputs / 10 {
        let text = invent(&mut rng, YAML);
        if let Some(read) = statistics::read(text.clone()) {
            assert_eq!(read.raw, text);
        }
    }
}
