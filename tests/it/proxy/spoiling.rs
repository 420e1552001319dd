//! What is done to an answer.

use std::{io::Write as _, time::Duration};

use fastrand::Rng;
use flate2::{Compression, write::GzEncoder};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Corruption, Plan};

/// The head with another length, or with none, and perhaps with another first line.
pub(super) fn rebuilt(head: &str, length: Option<usize>, status: Option<&str>) -> Vec<u8> {
    let drops = ["content-length:", "connection:", "transfer-encoding:"];
    let mut lines: Vec<String> = head
        .lines()
        .filter(|line| {
            !drops
                .iter()
                .any(|name| line.to_lowercase().starts_with(name))
        })
        .map(str::to_owned)
        .collect();
    if let (Some(status), Some(first)) = (status, lines.first_mut()) {
        *first = format!("HTTP/1.1 {status}");
    }
    lines.extend(length.map(|length| format!("Content-Length: {length}")));
    if !head.contains("X-Stays") {
        lines.push("Connection: close".to_owned());
    }
    format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes()
}

/// The head with another type of JSON, or without one.
fn called(head: &str, kind: &str) -> String {
    let is_type = |line: &str| {
        line.to_lowercase()
            .starts_with("content-type: application/json")
    };
    let lines = head.lines().filter_map(|line| match is_type(line) {
        true if kind.is_empty() => None,
        true => Some(format!("Content-Type: {kind}")),
        false => Some(line.to_owned()),
    });
    lines.collect::<Vec<_>>().join("\r\n")
}

/// An answer of something in between.
fn page(status: &str) -> Vec<u8> {
    let text = "<html><body>Something in between says hello</body></html>";
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html");
    let length = text.len();
    format!("{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}").into_bytes()
}

/// What comes instead of the answer, for what replaces it as a whole.
fn instead(spoil: Corruption) -> Option<Vec<u8>> {
    match spoil {
        Corruption::CloseAtOnce => Some(Vec::new()),
        Corruption::Page => Some(page("200 OK")),
        Corruption::Status(status) => Some(page(&format!("{status} Spoilt"))),
        Corruption::Later(seconds) => Some(page(&format!("503 Spoilt\r\nRetry-After: {seconds}"))),
        Corruption::Raw(bytes) => Some(bytes.as_bytes().to_vec()),
        Corruption::Noise => Some(
            b"\x16\x03\x01 this is not the protocol you are looking for\r\n\r\n".to_vec(),
        ),
        Corruption::Away => Some(
            b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.invalid/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .to_vec(),
        ),
        _ => None,
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// The lines that an answer gets behind its own headers.
fn more_headers(spoil: Corruption) -> String {
    match spoil {
        Corruption::XGzip => "\r\nContent-Encoding: x-gzip".to_owned(),
        Corruption::ManyHeaders(count) => {
            let lines = (0..count).map(|number| format!("\r\nX-Hop-{number}: proxy"));
            lines.collect::<Vec<_>>().concat()
        }
        Corruption::Lines(lines) => format!("\r\n{lines}"),
        Corruption::ClosesLater => "\r\nX-Stays: open".to_owned(),
        _ => String::new(),
    }
}

/// Spoils the bytes of an answer at `at`.
fn spoil_bytes(spoil: Corruption, body: &mut Vec<u8>, at: usize, rng: &mut Rng) {
    let whole = body.len();
    let block = (whole / 8).clamp(1, 512);
    let end = (at + block).min(whole);
    match spoil {
        Corruption::FlipBit => {
            if let Some(byte) = body.get_mut(at) {
                *byte ^= 1 << rng.u8(0..8);
            }
        }
        Corruption::DropByte => drop(body.drain(at..(at + 1).min(whole))),
        Corruption::RepeatByte => {
            if let Some(&byte) = body.get(at) {
                body.insert(at, byte);
            }
        }
        Corruption::RepeatBlock => {
            let copy = body[at..end].to_vec();
            body.splice(end..end, copy);
        }
        Corruption::ZeroBlock => body[at..end].fill(0),
        Corruption::SwapBlocks => {
            let a = at.min(whole.saturating_sub(block));
            let b = rng.usize(0..whole.saturating_sub(block).max(1));
            if a.abs_diff(b) >= block {
                for place in 0..block {
                    body.swap(a + place, b + place);
                }
            }
        }
        Corruption::Shorten | Corruption::ShortenSilently => body.truncate(at),
        Corruption::Trailing => body.extend_from_slice(b"something that does not belong here"),
        Corruption::Empty => body.clear(),
        Corruption::Bom => drop(body.splice(..0, *b"\xef\xbb\xbf")),
        Corruption::XGzip => *body = gzip(body),
        Corruption::OddValues if matches!(body.first(), Some(b'{' | b'[')) => {
            let text = String::from_utf8_lossy(body);
            let odd = "{\"odd\":undefined,\"odd\":[.5,True,],\"";
            *body = text.replace("{\"", odd).into_bytes();
        }
        Corruption::Comment if matches!(body.first(), Some(b'{' | b'[' | b'<')) => {
            body.extend_from_slice(b"\n<!-- cached by [proxy] \"2 -->\n");
        }
        Corruption::Json => *body = b"{\"hello\": [1, 2, 3]}".to_vec(),
        _ => {}
    }
}

pub(super) async fn spoil(
    stream: &mut TcpStream,
    plan: &Plan,
    head: &str,
    mut body: Vec<u8>,
) -> std::io::Result<()> {
    if let Some(bytes) = instead(plan.spoil) {
        return stream.write_all(&bytes).await;
    }
    let mut rng = Rng::with_seed(plan.seed);
    let at = rng.usize(0..body.len().max(1));
    spoil_bytes(plan.spoil, &mut body, at, &mut rng);
    let length = match plan.spoil {
        Corruption::NoLength | Corruption::ShortenSilently => None,
        Corruption::LengthTooLong => Some(body.len() + 1 + rng.usize(0..5000)),
        Corruption::LengthTooShort => Some(at),
        _ => Some(body.len()),
    };
    let head = match plan.spoil {
        Corruption::Called(kind) => called(head, kind),
        _ => format!("{head}{}", more_headers(plan.spoil)),
    };
    stream.write_all(&rebuilt(&head, length, None)).await?;
    match plan.spoil {
        Corruption::Cut | Corruption::Stall => {
            stream.write_all(&body[..at.min(body.len())]).await?;
        }
        Corruption::Drip => {
            for piece in body.chunks(body.len().div_ceil(20).max(1)) {
                stream.write_all(piece).await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        _ => stream.write_all(&body).await?,
    }
    if plan.spoil == Corruption::Stall {
        // Longer than anybody waits here; the other side hangs up.
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    if plan.spoil == Corruption::ClosesLater {
        // The next request is read and not answered.
        stream.read_u8().await.ok();
        return Ok(());
    }
    stream.shutdown().await
}
