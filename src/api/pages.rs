//! Reads a list completely, or says that it could not.
//!
//! The servers' paging is unordered: successive pages overlap and miss rows (server-api 7), so a list is
//! asked for in one page that is a little longer than the count. `next` is followed only where a server
//! caps the page.

use std::collections::BTreeSet;

use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    ApiError, ApiResult, Client,
    request::{Session, Want},
    rows::{RowSplitter, parse_tolerant},
};
use crate::model::{TargetId, Whole};

/// More rows than the count said: some may be added between the two questions.
const SLACK: u64 = 1000;
/// A list that does not add up is asked for once more.
const TRIES: usize = 2;
/// Most pages of a server that caps them.
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

/// Told while a list arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows so far.
    pub received: usize,
    /// Rows that the server says it has.
    pub expected: Option<u64>,
}

/// Rows of one try, with what is needed to judge it.
struct Page<T> {
    rows: Vec<T>,
    ids: BTreeSet<i64>,
    unreadable: usize,
    count: Option<u64>,
    next: Option<String>,
}

// Written by hand because a derived one would ask for `T: Default`.
impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            ids: BTreeSet::new(),
            unreadable: 0,
            count: None,
            next: None,
        }
    }
}

/// The one field by which every list tells its rows apart.
#[derive(Deserialize)]
struct Id {
    #[serde(default)]
    id: Whole,
}

impl Client {
    /// The list at `path`, of one target or of all that the user may see.
    pub(super) async fn list_of<T: DeserializeOwned>(
        &self,
        path: &str,
        target: Option<TargetId>,
        on_progress: impl FnMut(Progress),
    ) -> ApiResult<ListAnswer<T>> {
        let target = target.map(|id| id.to_string());
        let query: Vec<(&str, &str)> = target.iter().map(|id| ("target", id.as_str())).collect();
        self.list(path, &query, on_progress).await
    }

    /// Reads the whole list at `path`. `on_progress` is called now and then, from this task.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        mut on_progress: impl FnMut(Progress),
    ) -> ApiResult<ListAnswer<T>> {
        let mut count = self.count(path, query).await?;
        let mut best: Option<ListAnswer<T>> = None;
        for _ in 0..TRIES {
            let page = self.read_all(path, query, count, &mut on_progress).await?;
            count = page.count.or(count);
            let complete =
                page.unreadable == 0 && count.is_none_or(|count| page.ids.len() as u64 == count);
            let answer = ListAnswer {
                rows: page.rows,
                complete,
                unreadable: page.unreadable,
            };
            if complete {
                return Ok(answer);
            }
            if best
                .as_ref()
                .is_none_or(|best| best.rows.len() < answer.rows.len())
            {
                best = Some(answer);
            }
        }
        best.ok_or(ApiError::NotFragalysis)
    }

    /// How many rows there are; nothing when the server sends a bare list.
    pub(super) async fn count(&self, path: &str, query: &[(&str, &str)]) -> ApiResult<Option<u64>> {
        let mut page = Page::<serde_json::Value>::default();
        let first = [query, &[("limit", "1")]].concat();
        self.read_page(path, &first, &mut page, None, &mut |_| {})
            .await?;
        Ok(page.count)
    }

    /// One page for everything, and the following ones only if the server would not give everything.
    async fn read_all<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        count: Option<u64>,
        on_progress: &mut impl FnMut(Progress),
    ) -> ApiResult<Page<T>> {
        let limit = count.map(|count| (count + SLACK).to_string());
        let mut first = query.to_vec();
        if let Some(limit) = &limit {
            first.push(("limit", limit));
        }
        let mut page = Page::default();
        self.read_page(path, &first, &mut page, count, on_progress)
            .await?;
        let mut offset = 0;
        for _ in 0..MAX_PAGES {
            let missing = page
                .count
                .is_some_and(|count| (page.ids.len() as u64) < count);
            let Some(next) = page.next.take().filter(|_| missing) else {
                break;
            };
            let Some((next_offset, query)) = next_query(&next) else {
                break;
            };
            if next_offset <= offset {
                break;
            }
            offset = next_offset;
            let query: Vec<(&str, &str)> = query
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect();
            self.read_page(path, &query, &mut page, count, on_progress)
                .await?;
        }
        Ok(page)
    }

    /// Adds one page to what is already there, while it arrives.
    async fn read_page<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        page: &mut Page<T>,
        expected: Option<u64>,
        on_progress: &mut impl FnMut(Progress),
    ) -> ApiResult<()> {
        let mut response = self.get(path, query, Session::Yes, Want::Data).await?;
        if !super::request::is_json(response.headers()) {
            return Err(ApiError::NotFragalysis);
        }
        let mut splitter = RowSplitter::default();
        while let Some(piece) = response.chunk().await.map_err(ApiError::from_transport)? {
            splitter.feed(&piece, |row| page.take(row));
            on_progress(Progress {
                received: page.rows.len(),
                expected,
            });
        }
        let had_rows = splitter.has_rows();
        let envelope = splitter.finish().ok_or(if had_rows {
            ApiError::CutShort
        } else {
            ApiError::NotFragalysis
        })?;
        page.count = envelope.count;
        page.next = envelope.next;
        Ok(())
    }
}

impl<T: DeserializeOwned> Page<T> {
    /// Keeps a row unless its id is already there: overlapping pages send rows twice.
    fn take(&mut self, json: &[u8]) {
        let id = parse_tolerant::<Id>(json).ok().and_then(|row| row.id.0);
        // Rows without an id (2026's uploads) cannot be told apart; each counts by its place.
        let id = id.unwrap_or_else(|| -1 - i64::try_from(self.ids.len()).unwrap_or_default());
        if !self.ids.insert(id) {
            return;
        }
        match parse_tolerant(json) {
            Ok(row) => self.rows.push(row),
            Err(error) => {
                tracing::warn!(%error, "a row of a list could not be read");
                self.unreadable += 1;
            }
        }
    }
}

/// The offset and the whole query of a `next` link. Its scheme and host are not to be trusted.
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
