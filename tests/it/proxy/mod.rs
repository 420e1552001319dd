//! A line that misbehaves: stands between the program and the demo server and spoils the answers that it is
//! told to spoil, byte by byte.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use fragalysis_desktop::model::ServerAddress;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Which answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// The answer to an order.
    Order,
    /// How far a build is.
    Status,
    /// The archive.
    Archive,
    /// The codes of a target.
    Codes,
}

/// How an answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoil {
    /// The connection is closed in the middle.
    Cut,
    /// The connection is closed before the first byte.
    CloseAtOnce,
    /// Nothing more comes, and the connection stays open.
    Stall,
    /// It comes slowly.
    Drip,
    /// One bit is turned over.
    FlipBit,
    /// One byte is missing, and the length says so.
    DropByte,
    /// One byte is there twice, and the length says so.
    RepeatByte,
    /// A block comes twice.
    RepeatBlock,
    /// A block is zeros.
    ZeroBlock,
    /// Two blocks have changed places.
    SwapBlocks,
    /// It ends early, and the length says so.
    Shorten,
    /// It ends early, and no length says anything.
    ShortenSilently,
    /// No length, but all of it.
    NoLength,
    /// The length says more than comes.
    LengthTooLong,
    /// The length says less than is there.
    LengthTooShort,
    /// Something stands behind it.
    Trailing,
    /// A web page with status 200.
    Page,
    /// Nothing, with status 200.
    Empty,
    /// Some JSON with status 200.
    Json,
    /// No HTTP at all.
    Noise,
    /// A redirect to another host.
    Away,
    /// A status with a web page.
    Status(u16),
    /// Down, with the seconds after which to ask again. Not among [`Self::ALL`]: honest servers do it.
    Later(u32),
    /// These very bytes. Not among [`Self::ALL`]: what they are decides how it must end.
    Raw(&'static str),
}

impl Spoil {
    pub(crate) const ALL: [Self; 29] = [
        Self::Cut,
        Self::CloseAtOnce,
        Self::Stall,
        Self::Drip,
        Self::FlipBit,
        Self::DropByte,
        Self::RepeatByte,
        Self::RepeatBlock,
        Self::ZeroBlock,
        Self::SwapBlocks,
        Self::Shorten,
        Self::ShortenSilently,
        Self::NoLength,
        Self::LengthTooLong,
        Self::LengthTooShort,
        Self::Trailing,
        Self::Page,
        Self::Empty,
        Self::Json,
        Self::Noise,
        Self::Away,
        Self::Status(403),
        Self::Status(404),
        Self::Status(408),
        Self::Status(429),
        Self::Status(500),
        Self::Status(502),
        Self::Status(503),
        Self::Status(504),
    ];
}

/// What is to go wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) spot: Spot,
    pub(crate) spoil: Spoil,
    /// How many answers are spoilt; later ones are as they should be.
    pub(crate) times: usize,
    pub(crate) seed: u64,
}

/// The line. Dropping it ends it.
pub(crate) struct Proxy {
    address: ServerAddress,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    upstream: String,
    plan: Plan,
    spoilt: AtomicUsize,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    pub(crate) async fn start(server: &ServerAddress, plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            upstream: server.host_text(),
            plan,
            spoilt: AtomicUsize::new(0),
        });
        let line = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let line = Arc::clone(&line);
                tokio::spawn(async move {
                    // A side that has gone away has its reasons.
                    serve(stream, &line).await.ok();
                });
            }
        });
        Self {
            address: ServerAddress::parse(&address).unwrap(),
            shared,
            task,
        }
    }

    pub(crate) fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// How many answers were spoilt.
    pub(crate) fn spoilt(&self) -> usize {
        self.shared.spoilt.load(Ordering::Relaxed)
    }
}

/// Reads until the end of the head, then as much as the length says.
async fn read_message(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
            let mut body = bytes.split_off(at + 4);
            let length = header(&head, "content-length").and_then(|text| text.parse().ok());
            while body.len() < length.unwrap_or(0) {
                if stream.read_buf(&mut body).await? == 0 {
                    break;
                }
            }
            return Ok((head, body));
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
}

fn spot(request: &str) -> Option<Spot> {
    let line = request.lines().next().unwrap_or_default();
    if line.starts_with("POST ") {
        Some(Spot::Order)
    } else if line.starts_with("GET /viewer/task_status/") {
        Some(Spot::Status)
    } else if line.starts_with("GET /api/download_structures/") {
        Some(Spot::Archive)
    } else if line.starts_with("GET /api/site_observations/") {
        Some(Spot::Codes)
    } else {
        None
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let (head, body) = read_message(&mut stream).await?;
    let mut upstream = TcpStream::connect(&shared.upstream).await?;
    // One question a connection: what is spoilt then spoils nothing else.
    let lines: Vec<&str> = head
        .lines()
        .filter(|line| !line.to_lowercase().starts_with("connection:"))
        .collect();
    let forwarded = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    upstream.write_all(forwarded.as_bytes()).await?;
    upstream.write_all(&body).await?;
    let (answer, mut contents) = read_message(&mut upstream).await?;
    upstream.read_to_end(&mut contents).await?;
    let spot = spot(&head);
    let is_planned = spot == Some(shared.plan.spot)
        && shared
            .spoilt
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
                (count < shared.plan.times).then_some(count + 1)
            })
            .is_ok();
    if is_planned {
        return spoil(&mut stream, &shared.plan, &answer, contents).await;
    }
    stream
        .write_all(&rebuilt(&answer, Some(contents.len()), None))
        .await?;
    stream.write_all(&contents).await?;
    stream.shutdown().await
}

/// The head with another length, or with none, and perhaps with another first line.
fn rebuilt(head: &str, length: Option<usize>, status: Option<&str>) -> Vec<u8> {
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
    lines.push("Connection: close".to_owned());
    format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes()
}

/// An answer of something in between.
fn page(status: &str) -> Vec<u8> {
    let text = "<html><body>Something in between says hello</body></html>";
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html");
    let length = text.len();
    format!("{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}").into_bytes()
}

/// What comes instead of the answer, for what replaces it as a whole.
fn instead(spoil: Spoil) -> Option<Vec<u8>> {
    match spoil {
        Spoil::CloseAtOnce => Some(Vec::new()),
        Spoil::Page => Some(page("200 OK")),
        Spoil::Status(status) => Some(page(&format!("{status} Spoilt"))),
        Spoil::Later(seconds) => Some(page(&format!("503 Spoilt\r\nRetry-After: {seconds}"))),
        Spoil::Raw(bytes) => Some(bytes.as_bytes().to_vec()),
        Spoil::Noise => Some(
            b"\x16\x03\x01 this is not the protocol you are looking for\r\n\r\n".to_vec(),
        ),
        Spoil::Away => Some(
            b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.invalid/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .to_vec(),
        ),
        _ => None,
    }
}

/// Spoils the bytes of an answer at `at`.
fn spoil_bytes(spoil: Spoil, body: &mut Vec<u8>, at: usize, rng: &mut Rng) {
    let whole = body.len();
    let block = (whole / 8).clamp(1, 512);
    let end = (at + block).min(whole);
    match spoil {
        Spoil::FlipBit => {
            if let Some(byte) = body.get_mut(at) {
                *byte ^= 1 << rng.u8(0..8);
            }
        }
        Spoil::DropByte => drop(body.drain(at..(at + 1).min(whole))),
        Spoil::RepeatByte => {
            if let Some(&byte) = body.get(at) {
                body.insert(at, byte);
            }
        }
        Spoil::RepeatBlock => {
            let copy = body[at..end].to_vec();
            body.splice(end..end, copy);
        }
        Spoil::ZeroBlock => body[at..end].fill(0),
        Spoil::SwapBlocks => {
            let a = at.min(whole.saturating_sub(block));
            let b = rng.usize(0..whole.saturating_sub(block).max(1));
            if a.abs_diff(b) >= block {
                for place in 0..block {
                    body.swap(a + place, b + place);
                }
            }
        }
        Spoil::Shorten | Spoil::ShortenSilently => body.truncate(at),
        Spoil::Trailing => body.extend_from_slice(b"something that does not belong here"),
        Spoil::Empty => body.clear(),
        Spoil::Json => *body = b"{\"hello\": [1, 2, 3]}".to_vec(),
        _ => {}
    }
}

async fn spoil(
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
        Spoil::NoLength | Spoil::ShortenSilently => None,
        Spoil::LengthTooLong => Some(body.len() + 1 + rng.usize(0..5000)),
        Spoil::LengthTooShort => Some(at),
        _ => Some(body.len()),
    };
    stream.write_all(&rebuilt(head, length, None)).await?;
    match plan.spoil {
        Spoil::Cut | Spoil::Stall => stream.write_all(&body[..at.min(body.len())]).await?,
        Spoil::Drip => {
            for piece in body.chunks(body.len().div_ceil(20).max(1)) {
                stream.write_all(piece).await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        _ => stream.write_all(&body).await?,
    }
    if plan.spoil == Spoil::Stall {
        // Longer than anybody waits here; the other side hangs up.
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    stream.shutdown().await
}
