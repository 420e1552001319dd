//! Processes the bytes of an archive as they arrive: hashes them, stores them if that can be useful, and checks and
//! unpacks what can be unpacked from front to back. Runs on a thread of its own.

use std::{
    cell::{Cell, RefCell},
    fs::File,
    io::{self, BufRead, Read, Write as _},
    path::PathBuf,
    rc::Rc,
    sync::Arc,
};

use bytes::{Buf as _, Bytes, BytesMut};
use sha2::{Digest as _, Sha256};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    task::JoinHandle,
};

use super::single;
use crate::{
    dataset::{FileRecord, Tables},
    disk::{self, write_atomic},
    downloads::{
        DownloadError, Engine, Stage,
        archive::{self, unpack::Unpacker},
        format::Format,
        work_dir::records::PartRecord,
    },
};

/// Chunks that may wait to be unpacked; beyond that the network waits. A chunk may be half a megabyte.
const WAITING: usize = 12;
/// Bytes that identify an archive: the magic of a tar is near the end of its first block.
const MAGIC: usize = 512;
/// Size of the chunks in which a stored archive is read again.
const PIECE: usize = 256 * 1024;

/// Bytes of a single file between two syncs to disk.
const SYNC_INTERVAL: u64 = 8 << 20;

/// Where the bytes are written.
#[derive(Clone, Debug)]
pub(in crate::downloads) struct IngestTarget {
    /// Where the files go; `None` means that they are only checked.
    pub(in crate::downloads) tree: Option<PathBuf>,
    /// Where the archive is stored.
    pub(in crate::downloads) archive: PathBuf,
    /// Whether a tar.gz is stored as well. A zip always is: its central directory is at its end.
    pub(in crate::downloads) stores: bool,
    /// Bytes at the beginning that are stored already.
    pub(in crate::downloads) stored: u64,
    /// Where it is recorded how much has been synced to disk; for data without checksums of its own.
    pub(in crate::downloads) certain: Option<PathBuf>,
}

/// A worker that processes bytes.
#[derive(Debug)]
pub(in crate::downloads) struct Ingest {
    sender: mpsc::Sender<Bytes>,
    worker: JoinHandle<Result<PartRecord, DownloadError>>,
}

impl Ingest {
    /// Starts the worker. `place` is released when it has ended.
    pub(in crate::downloads) fn start(
        engine: &Arc<Engine>,
        spot: IngestTarget,
        place: OwnedSemaphorePermit,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let engine = Arc::clone(engine);
        let worker = tokio::task::spawn_blocking(move || {
            let result = work(&engine, &spot, receiver);
            drop(place);
            result
        });
        Self { sender, worker }
    }

    /// Passes a chunk on. Returns `false` if the worker has ended; [`Self::finish`] says why.
    pub(in crate::downloads) async fn take(&mut self, piece: Bytes) -> bool {
        self.sender.send(piece).await.is_ok()
    }

    /// Signals the end of the data, and waits until everything is checked.
    pub(in crate::downloads) async fn finish(self) -> Result<PartRecord, DownloadError> {
        drop(self.sender);
        self.worker.await.unwrap_or_else(|error| {
            tracing::error!(%error, "unpacking ended unexpectedly");
            Err(DownloadError::Crashed)
        })
    }
}

/// The bytes as the worker reads them: first those that were stored before, then the new ones.
struct StreamReader {
    receiver: mpsc::Receiver<Bytes>,
    stored: Option<File>,
    current: Bytes,
    hasher: Sha256,
    /// Bytes read so far; shared with code that needs them for a limit.
    read: Rc<Cell<u64>>,
    store: Option<File>,
    /// Where it is recorded how much would survive a power cut, and how much that is.
    certain: Option<(PathBuf, u64)>,
    path: PathBuf,
    /// An error of the disk, which is not damage of the archive.
    trouble: Rc<RefCell<Option<DownloadError>>>,
}

impl StreamReader {
    /// Returns the next chunk; an empty one at the end.
    fn next(&mut self) -> io::Result<Bytes> {
        if let Some(file) = &mut self.stored {
            let mut piece = BytesMut::zeroed(PIECE);
            let count = file.read(&mut piece)?;
            if count > 0 {
                piece.truncate(count);
                return Ok(piece.freeze());
            }
            self.stored = None;
        }
        let piece = self.receiver.blocking_recv().unwrap_or_default();
        if let Some(store) = &mut self.store {
            store.write_all(&piece)?;
        }
        let length = self.read.get() + piece.len() as u64;
        let is_due = |(_, certain): &(PathBuf, u64)| length >= certain + SYNC_INTERVAL;
        if self.certain.as_ref().is_some_and(is_due) {
            self.sync(length)?;
        }
        Ok(piece)
    }

    /// Syncs what has arrived to disk, and records how much that is.
    fn sync(&mut self, length: u64) -> io::Result<()> {
        if let (Some(store), Some((note, certain))) = (&self.store, &mut self.certain) {
            store.sync_data()?;
            write_atomic(note, length.to_string().as_bytes()).map_err(io::Error::other)?;
            *certain = length;
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.current.is_empty() {
            let piece = self.next().map_err(|error| {
                let again = io::Error::from(error.kind());
                *self.trouble.borrow_mut() = Some(DownloadError::from_write(&self.path, error));
                again
            })?;
            if piece.is_empty() {
                return Ok(());
            }
            self.hasher.update(&piece);
            self.read.set(self.read.get() + piece.len() as u64);
            self.current = piece;
        }
        Ok(())
    }

    /// Returns the first bytes without consuming them.
    fn head(&mut self) -> io::Result<Bytes> {
        self.fill()?;
        while self.current.len() < MAGIC {
            let start = std::mem::take(&mut self.current);
            self.fill()?;
            if self.current.is_empty() {
                self.current = start;
                break;
            }
            self.current = [start, std::mem::take(&mut self.current)].concat().into();
        }
        Ok(self.current.clone())
    }
}

impl Read for StreamReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for StreamReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill()?;
        Ok(&self.current)
    }

    fn consume(&mut self, amount: usize) {
        self.current.advance(amount.min(self.current.len()));
    }
}

fn work(
    engine: &Engine,
    spot: &IngestTarget,
    receiver: mpsc::Receiver<Bytes>,
) -> Result<PartRecord, DownloadError> {
    let refused = |source| DownloadError::from_write(&spot.archive, source);
    let stored = (spot.stored > 0)
        .then(|| {
            // What follows may never have reached the disk.
            let file = File::options().read(true).write(true).open(&spot.archive)?;
            file.set_len(spot.stored)?;
            Ok(file)
        })
        .transpose()
        .map_err(refused)?;
    let trouble = Rc::new(RefCell::new(None));
    let read = Rc::new(Cell::new(0));
    let mut incoming = StreamReader {
        receiver,
        stored,
        current: Bytes::new(),
        hasher: Sha256::new(),
        read: Rc::clone(&read),
        store: None,
        certain: spot.certain.clone().map(|note| (note, spot.stored)),
        path: spot.archive.clone(),
        trouble: Rc::clone(&trouble),
    };
    let result = ingest_all(engine, spot, &mut incoming, &read);
    // Interrupted or stopped: another run resumes it. Failing to record that changes nothing else.
    incoming.sync(read.get()).ok();
    // An error of the disk appears as damage of the archive, because it occurred while reading it.
    match (result, trouble.take()) {
        (Err(_), Some(trouble)) => Err(trouble),
        (result, _) => result,
    }
}

/// Opens the file in which the bytes are stored as they arrive: begins it with `head`, or appends to what is there.
fn open_store(spot: &IngestTarget, head: &[u8]) -> io::Result<File> {
    if spot.stored > 0 {
        return File::options().append(true).open(&spot.archive);
    }
    let mut store = File::create(&spot.archive)?;
    store.write_all(head)?;
    Ok(store)
}

/// Adds what the server says in what it sent instead of an archive.
fn quoting(engine: &Engine, head: &[u8], error: DownloadError) -> DownloadError {
    match (error, engine.client.message_of(head)) {
        (DownloadError::NotAnArchive { what }, Some(said)) => DownloadError::NotAnArchive {
            what: format!("{what}. It said: “{said}”").into(),
        },
        (error, _) => error,
    }
}

fn ingest_all(
    engine: &Engine,
    spot: &IngestTarget,
    incoming: &mut StreamReader,
    read: &Cell<u64>,
) -> Result<PartRecord, DownloadError> {
    let refused = |source| DownloadError::from_write(&spot.archive, source);
    let head = incoming.head().map_err(refused)?;
    let format = match &engine.job.file {
        Some(file) => single::look(file, &head)?,
        None => Format::sniff(&head).map_err(|error| quoting(engine, &head, error))?,
    };
    if spot.stores || !matches!(format, Format::TarGz | Format::Tar) {
        incoming.store = Some(open_store(spot, &head).map_err(refused)?);
    }
    let (files, tables) = match format {
        Format::TarGz | Format::Tar => {
            let on_file = |_| {};
            let mut unpacker = Unpacker::new(spot.tree.as_deref(), &on_file);
            let mut take = |name: &_, contents: &mut dyn Read| unpacker.take(name, contents);
            let stop = &engine.cancelled;
            let walked = if format == Format::Tar {
                archive::walk_tar(&mut *incoming, read, stop, &mut take)?
            } else {
                archive::walk_tar_gz(&mut *incoming, read, stop, &mut take)?
            };
            unpacker.finish(walked, archive::max_unpacked(read.get()), &engine.cancelled)?
        }
        Format::Zip => {
            io::copy(incoming, &mut io::sink()).map_err(refused)?;
            unzip(engine, spot, read.get())?
        }
        Format::File => {
            io::copy(incoming, &mut io::sink()).map_err(refused)?;
            (Vec::new(), Tables::default())
        }
    };
    // Any data after the archive is part of the announced length.
    io::copy(incoming, &mut io::sink()).map_err(refused)?;
    if let Some(store) = &incoming.store {
        store.sync_all().map_err(refused)?;
    }
    let (bytes, sha256) = (
        read.get(),
        hex::encode(std::mem::take(&mut incoming.hasher).finalize()),
    );
    let single = engine.job.file.as_ref().map(|file| FileRecord {
        path: file.name().to_string(),
        bytes,
        sha256: sha256.clone(),
    });
    Ok(PartRecord {
        format,
        bytes,
        sha256,
        files: files.into_iter().chain(single).collect(),
        tables,
    })
}

/// Unpacks a zip that has arrived completely.
fn unzip(
    engine: &Engine,
    spot: &IngestTarget,
    length: u64,
) -> Result<(Vec<FileRecord>, Tables), DownloadError> {
    let (total, bytes) = archive::zip_totals(&spot.archive)?;
    let free = spot.tree.as_deref().and_then(disk::free_space);
    if free.is_some_and(|free| bytes > free) {
        return Err(DownloadError::DiskFull {
            need: Some(bytes),
            free,
        });
    }
    let has_tree = spot.tree.is_some();
    let on_file = |files| {
        engine.stage(if has_tree {
            Stage::Unpacking { files, total }
        } else {
            Stage::Checking { files }
        });
    };
    let mut unpacker = Unpacker::new(spot.tree.as_deref(), &on_file);
    let walked = archive::walk_zip(&spot.archive, &engine.cancelled, &mut |name, contents| {
        unpacker.take(name, contents)
    })?;
    unpacker.finish(walked, archive::max_unpacked(length), &engine.cancelled)
}
