//! Reads a list completely, or reports that it could not.
//!
//! The servers' paging is unordered: successive pages overlap and miss rows (server-api 7), so a list is
//! asked for in one page that is a little longer than the count. `next` is followed only where a server
//! caps the page, or gives no count.

use serde::de::DeserializeOwned;
use url::Url;

use super::{
    row_splitter::{Envelope, RowSplitter},
    sinks::{Collected, Counted},
};
use crate::{
    api::{
        ApiError, ApiResult, Client,
        client::{
            body::{TextChunks, only_json},
            tolerant_json::parse_with_repairs,
            wire::{Session, Want},
        },
    },
    model::{RowSink, TargetId},
};

/// More rows than the count said: some may be added between the two requests.
const SLACK: u64 = 1000;
/// A list that does not add up is requested once more.
const TRIES: usize = 2;
/// How often one page is requested again if its connection was lost.
const PAGE_TRIES: usize = 4;
/// No Fragalysis server has lists as long as this; a small answer can expand to any number of empty rows.
const MAX_ROWS: usize = 5_000_000;
/// Maximum number of pages of a server that caps them.
const MAX_PAGES: usize = 10_000;

/// A list as the server gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAnswer<T> {
    /// The rows, each id once, in the server's order.
    pub rows: Vec<T>,
    /// Whether these are all the rows that the server says it has.
    pub complete: bool,
    /// How many rows could not be read at all.
    pub unreadable: usize,
}

/// The outcome of a list whose rows went into a sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSummary {
    /// Whether these are all the rows that the server says it has.
    pub complete: bool,
    /// How many rows could not be read at all.
    pub unreadable: usize,
}

/// The progress of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows so far.
    pub received: usize,
    /// Rows that the server says it has.
    pub expected: Option<u64>,
}

/// Everything but the rows of one attempt.
#[derive(Default)]
struct PagesRead {
    unreadable: usize,
    count: Option<u64>,
    next: Option<String>,
    /// Whether there was more than one page.
    is_paged: bool,
}

impl PagesRead {
    /// Returns `true` if `rows` different rows are all that the server has. Pages overlap and miss rows, so without a
    /// count only a single page can be known to be all.
    fn is_all(&self, count: Option<u64>, rows: u64) -> bool {
        self.next.is_none() && count.map_or(!self.is_paged, |count| count == rows)
    }
}

impl Client {
    /// Reads the list at `path`, of one target or of all that the user may see.
    pub(in crate::api) async fn list_of<T: DeserializeOwned + Send>(
        &self,
        path: &str,
        target: Option<TargetId>,
        on_progress: impl FnMut(Progress),
    ) -> ApiResult<ListAnswer<T>> {
        let target = target.map(|id| id.to_string());
        let query: Vec<(&str, &str)> = target.iter().map(|id| ("target", id.as_str())).collect();
        self.list(path, &query, None, on_progress).await
    }

    /// Reads the whole list at `path`. `guess` is its approximate length, if it is known: that saves a request.
    /// `on_progress` is called periodically, from this task.
    pub(in crate::api) async fn list<T: DeserializeOwned + Send>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        guess: Option<u64>,
        mut on_progress: impl FnMut(Progress),
    ) -> ApiResult<ListAnswer<T>> {
        let mut collected = Collected::default();
        let tell = |_: &mut Collected<T>, progress| on_progress(progress);
        let received = self
            .list_into(path, query, guess, &mut collected, tell)
            .await?;
        Ok(ListAnswer {
            rows: collected.rows.into_iter().map(|(_, row)| row).collect(),
            complete: received.complete,
            unreadable: received.unreadable,
        })
    }

    /// Reads the whole list at `path` into a sink. A list that does not add up is requested once more, and the
    /// contents of the two answers are merged.
    pub(in crate::api) async fn list_into<S: RowSink>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        guess: Option<u64>,
        sink: &mut S,
        mut on_progress: impl FnMut(&mut S, Progress),
    ) -> ApiResult<ListSummary> {
        let mut count = match guess {
            // Only the number of rows to ask for: the answer says how many there are.
            Some(_) => None,
            None => self.count(path, query).await?,
        };
        let mut unreadable = 0;
        for _ in 0..TRIES {
            sink.start_attempt();
            let around = self
                .read_all(path, query, count.or(guess), sink, &mut on_progress)
                .await?;
            count = around.count.or(count);
            unreadable = around.unreadable;
            if unreadable == 0 && around.is_all(count, sink.distinct()) {
                sink.commit_attempt();
                return Ok(ListSummary {
                    complete: true,
                    unreadable,
                });
            }
        }
        Ok(ListSummary {
            complete: false,
            unreadable,
        })
    }

    /// Returns how many rows there are; `None` if the server sends a bare list.
    pub(in crate::api) async fn count(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> ApiResult<Option<u64>> {
        let mut around = PagesRead::default();
        let first = [query, &[("limit", "1")]].concat();
        let mut sink = Counted::default();
        self.read_page(path, &first, &mut around, None, &mut sink, &mut |_, _| {})
            .await?;
        Ok(around.count)
    }

    /// Requests one page with everything, and further ones only if the server does not send everything.
    async fn read_all<S: RowSink>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        count: Option<u64>,
        sink: &mut S,
        on_progress: &mut impl FnMut(&mut S, Progress),
    ) -> ApiResult<PagesRead> {
        let limit = count.map(|count| count.saturating_add(SLACK).to_string());
        let mut first = query.to_vec();
        if let Some(limit) = &limit {
            first.push(("limit", limit));
        }
        let mut around = PagesRead::default();
        self.read_page(path, &first, &mut around, count, sink, on_progress)
            .await?;
        let mut offset = 0;
        for _ in 0..MAX_PAGES {
            // Without a count, the end is where there is no next page.
            let may_miss = around.count.is_none_or(|count| sink.distinct() < count);
            let next = around.next.as_deref().filter(|_| may_miss);
            // A page that cannot be asked for stays in `next`: the list is incomplete.
            let following = next
                .and_then(next_query)
                .filter(|(next_offset, _)| *next_offset > offset);
            let Some((next_offset, query)) = following else {
                break;
            };
            offset = next_offset;
            around.is_paged = true;
            let query: Vec<(&str, &str)> = query
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect();
            self.read_page(path, &query, &mut around, count, sink, on_progress)
                .await?;
        }
        Ok(around)
    }

    /// Appends one page to the list while it is being received.
    async fn read_page<S: RowSink>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        around: &mut PagesRead,
        expected: Option<u64>,
        sink: &mut S,
        on_progress: &mut impl FnMut(&mut S, Progress),
    ) -> ApiResult<()> {
        let mut tries = 0;
        loop {
            let read = self
                .read_page_once(path, query, expected, sink, on_progress)
                .await;
            match read {
                Ok((envelope, unreadable)) => {
                    around.unreadable += unreadable;
                    around.count = envelope.count;
                    around.next = envelope.next;
                    return Ok(());
                }
                // Repeated rows are recognised by their ids; only the page is requested again.
                Err(error @ (ApiError::Interrupted(_) | ApiError::CutShort))
                    if tries < PAGE_TRIES =>
                {
                    tracing::debug!(%error, "a page is requested again");
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads one page. Returns what surrounds its rows, and how many of them could not be read.
    async fn read_page_once<S: RowSink>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        expected: Option<u64>,
        sink: &mut S,
        on_progress: &mut impl FnMut(&mut S, Progress),
    ) -> ApiResult<(Envelope, usize)> {
        let response = self.get(path, query, Session::Yes, Want::Data).await?;
        let mut response = only_json(response).await?;
        let mut splitter = RowSplitter::default();
        let mut pieces = TextChunks::of(&response);
        let (mut unreadable, mut has_any) = (0, false);
        while let Some(piece) = response.chunk().await.map_err(ApiError::from_transport)? {
            let text = pieces.next(&piece)?;
            has_any |= !text.trim_ascii().is_empty();
            unreadable += feed(&mut splitter, &text, sink);
            let received = sink.rows();
            if received > MAX_ROWS {
                return Err(ApiError::NotFragalysis);
            }
            on_progress(sink, Progress { received, expected });
        }
        let message = splitter.message().and_then(|said| self.message_in(&said));
        let (had_rows, is_odd) = (splitter.has_rows(), splitter.is_odd());
        let envelope = splitter.finish().ok_or(match (had_rows, has_any) {
            (true, _) if is_odd => ApiError::NotFragalysis,
            (true, _) => ApiError::CutShort,
            (false, true) if message.is_some() => ApiError::Unexpected { message },
            (false, true) => ApiError::NotFragalysis,
            (false, false) => ApiError::Empty,
        })?;
        Ok((envelope, unreadable))
    }
}

/// Passes on the rows of a chunk. Returns how many could not be read.
fn feed(splitter: &mut RowSplitter, piece: &[u8], sink: &mut impl RowSink) -> usize {
    let mut unreadable = 0;
    splitter.feed(piece, |row| {
        if let Err(error) = parse_with_repairs(row, |row| sink.take(row)) {
            tracing::warn!(%error, "a row of a list could not be read");
            unreadable += 1;
        }
    });
    unreadable
}

/// Reads a list that does not come from a server, such as one saved in a file, chunk by chunk.
///
/// # Errors
/// [`ApiError::CutShort`] if the chunks are not a complete list.
pub fn read_list<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    sink: &mut impl RowSink,
) -> ApiResult<ListSummary> {
    let mut splitter = RowSplitter::default();
    let mut unreadable = 0;
    for piece in pieces {
        unreadable += feed(&mut splitter, piece, sink);
    }
    let envelope = splitter.finish().ok_or(ApiError::CutShort)?;
    let read = PagesRead {
        next: envelope.next,
        ..PagesRead::default()
    };
    Ok(ListSummary {
        complete: unreadable == 0 && read.is_all(envelope.count, sink.distinct()),
        unreadable,
    })
}

/// Returns the offset and the whole query of a `next` link. Its scheme and host cannot be trusted.
fn next_query(next: &str) -> Option<(u64, Vec<(String, String)>)> {
    let base = Url::parse("https://any.invalid").ok()?;
    let url = base.join(next).ok()?;
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let offset = query
        .iter()
        .find(|(key, _)| key == "offset")?
        .1
        .parse()
        .ok()?;
    Some((offset, query))
}
