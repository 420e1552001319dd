//! What is new in the table of experiments since the last visit.

use std::collections::HashMap;

use super::{Remote, Worker};
use crate::{
    model::TargetKey,
    store::{SavedTable, TableStore},
    table::{News, NewsCount, Sheet},
};

/// Whose table it is, and where it is saved.
#[derive(Clone)]
pub(super) struct CacheKey {
    pub(super) tables: TableStore,
    pub(super) server: String,
    /// `None` for public data.
    pub(super) user: Option<String>,
}

/// What is new since the last visit, once it is known.
#[derive(Default)]
pub struct NewsState {
    asked: Remote<Option<News>>,
    news: Option<News>,
    counts: HashMap<TargetKey, NewsCount>,
    /// Whether the user has dismissed the message.
    pub is_dismissed: bool,
}

impl NewsState {
    /// Returns how much is new in a target, or in all of them, and since when; `None` if nothing is.
    pub fn of(&self, target: Option<&TargetKey>) -> Option<(&jiff::Zoned, NewsCount)> {
        let news = self.news.as_ref()?;
        let counts = self.counts.iter();
        let mut all = NewsCount::default();
        for (_, count) in counts.filter(|(key, _)| target.is_none_or(|target| target == *key)) {
            all.added += count.added;
            all.changed += count.changed;
        }
        (all != NewsCount::default()).then_some((&news.since, all))
    }

    /// Saves a table, and compares it with the one that was saved before.
    pub(super) fn request(&mut self, worker: &Worker, keeping: CacheKey, table: SavedTable) {
        self.asked.start(worker, async move {
            let saved = tokio::task::spawn_blocking(move || {
                let user = keeping.user.as_deref();
                keeping.tables.replace(&keeping.server, user, table)
            });
            let news = saved.await.unwrap_or_else(|error| Err(error.into()));
            if let Err(error) = &news {
                // It is only a convenience; the data are on the server.
                tracing::warn!(%error, "the table could not be saved for the next start");
            }
            Ok(news.ok().flatten())
        });
    }

    /// Returns `true` if it has just become known what is new.
    pub(super) fn poll(&mut self) -> bool {
        let has_come = self.asked.poll();
        if has_come && let Some(news) = self.asked.take_value().flatten() {
            self.news = Some(news);
            return true;
        }
        false
    }

    /// Returns the rows with the new and changed ones marked.
    pub(super) fn mark(&mut self, sheet: &Sheet) -> Sheet {
        let Some(news) = &self.news else {
            return sheet.clone();
        };
        let (sheet, counts) = sheet.with_news(news);
        self.counts = counts;
        sheet
    }
}
