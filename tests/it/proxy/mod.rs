//! A faulty proxy between the program and the demo server, which corrupts the answers that it is
//! told to corrupt, byte by byte.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use fragalysis_desktop::model::ServerAddress;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use spoiling::{rebuilt, spoil};

mod spoiling;

/// Which answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerKind {
    /// The answer to an order.
    Order,
    /// How far a build is.
    Status,
    /// The archive.
    Archive,
    /// The codes of a target.
    Codes,
    /// A single file.
    Media,
    /// Any answer at all.
    Any,
}

/// How an answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Corruption {
    /// The connection is closed in the middle.
    Cut,
    /// The connection is closed before the first byte.
    CloseAtOnce,
    /// No more data arrives, and the connection stays open.
    Stall,
    /// It arrives slowly.
    Drip,
    /// One bit is flipped.
    FlipBit,
    /// One byte is missing, and the length is adjusted.
    DropByte,
    /// One byte is duplicated, and the length is adjusted.
    RepeatByte,
    /// A block comes twice.
    RepeatBlock,
    /// A block is zeros.
    ZeroBlock,
    /// Two blocks are swapped.
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
    /// Extra data follows it.
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
    /// A byte order mark stands before it. Not among [`Self::ALL`], nor are the next six: all is there.
    Bom,
    /// Compressed, and the method has its older name.
    XGzip,
    /// With as many headers as this besides its own.
    ManyHeaders(usize),
    /// With these lines in its head.
    Lines(&'static str),
    /// JSON is sent with this content type; without one if it is empty.
    Called(&'static str),
    /// Each object of JSON has members more, which are there twice and have values that JSON does not know.
    OddValues,
    /// A comment follows each web page and each JSON, as some proxies add it.
    Comment,
    /// The connection stays open until the next request comes, and is closed then.
    ClosesLater,
    /// These very bytes. Not among [`Self::ALL`]: what they are decides how it must end.
    Raw(&'static str),
}

impl Corruption {
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
    pub(crate) spot: AnswerKind,
    pub(crate) spoil: Corruption,
    /// How many answers are spoilt; later ones are as they should be.
    pub(crate) times: usize,
    pub(crate) seed: u64,
}

/// A running proxy. Dropping it stops it.
pub(crate) struct Proxy {
    address: ServerAddress,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    upstream: String,
    plan: Plan,
    spoilt: AtomicUsize,
    is_mended: AtomicBool,
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
            is_mended: AtomicBool::new(false),
        });
        let line = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let line = Arc::clone(&line);
                tokio::spawn(async move {
                    // Either side may close the connection.
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

    /// From now on nothing is spoilt.
    pub(crate) fn mend(&self) {
        self.shared.is_mended.store(true, Ordering::Relaxed);
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

fn spot(request: &str) -> Option<AnswerKind> {
    let line = request.lines().next().unwrap_or_default();
    if line.starts_with("POST ") {
        Some(AnswerKind::Order)
    } else if line.starts_with("GET /viewer/task_status/") {
        Some(AnswerKind::Status)
    } else if line.starts_with("GET /api/download_structures/") {
        Some(AnswerKind::Archive)
    } else if line.starts_with("GET /api/site_observations/") {
        Some(AnswerKind::Codes)
    } else if line.starts_with("GET /media/") {
        Some(AnswerKind::Media)
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
    let is_meant = shared.plan.spot == AnswerKind::Any || spot(&head) == Some(shared.plan.spot);
    let is_planned = is_meant
        && !shared.is_mended.load(Ordering::Relaxed)
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
