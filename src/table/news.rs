//! What is new or changed in a table since an earlier one.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{
    NEWS, Sheet,
    columns::NEWS_STATES as STATES,
    values::{Values, Words},
};
use crate::model::{RowId, TargetKey};

/// What the server has added and changed since some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Since when.
    pub since: jiff::Zoned,
    /// Rows that were not there.
    pub added: BTreeSet<RowId>,
    /// Rows of which at least one field has another value.
    pub changed: BTreeSet<RowId>,
}

/// How many rows of a target are new or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewsCount {
    /// Rows that were not there.
    pub added: usize,
    /// Rows of which at least one field has another value.
    pub changed: usize,
}

impl News {
    /// Compares a table with an earlier one of the same server. Takes time that grows with the rows.
    pub fn between(earlier: &Sheet, now: &Sheet, since: jiff::Zoned) -> Self {
        let rows: HashMap<RowId, usize> = (0..earlier.len())
            .map(|row| (earlier.id(row), row))
            .collect();
        let mut news = Self {
            since,
            added: BTreeSet::new(),
            changed: BTreeSet::new(),
        };
        for row in 0..now.len() {
            let id = now.id(row);
            match rows.get(&id) {
                None => {
                    news.added.insert(id);
                }
                Some(before) if earlier.fields_json(*before) != now.fields_json(row) => {
                    news.changed.insert(id);
                }
                Some(_) => {}
            }
        }
        news
    }

    /// Adds what was found earlier: rows that were new then are still new.
    #[must_use]
    pub fn after(mut self, earlier: Self) -> Self {
        self.since = earlier.since;
        self.added.extend(earlier.added);
        self.changed.extend(earlier.changed);
        self.changed.retain(|id| !self.added.contains(id));
        self
    }

    /// Returns the text of a row's cell; empty if the row is unchanged.
    fn state(&self, id: RowId) -> &'static str {
        let is_in = [&self.added, &self.changed].map(|ids| ids.contains(&id));
        let place = is_in.iter().position(|is_in| *is_in);
        place
            .and_then(|place| STATES.get(place))
            .copied()
            .unwrap_or("")
    }
}

impl Sheet {
    /// Returns the same rows with what is new in them, and how much that is for each target.
    #[must_use]
    pub fn with_news(&self, news: &News) -> (Self, HashMap<TargetKey, NewsCount>) {
        let mut words = Words::new(None);
        let mut counts: HashMap<TargetKey, NewsCount> = HashMap::new();
        for row in 0..self.len() {
            let state = news.state(self.id(row));
            if state.is_empty() {
                words.ids.push(0);
                continue;
            }
            words.push(state);
            if let Some(target) = self.target(row) {
                let count = counts.entry(target.clone()).or_default();
                if state == STATES[0] {
                    count.added += 1;
                } else {
                    count.changed += 1;
                }
            }
        }
        let mut sheet = self.clone();
        sheet.replace(NEWS, Values::Words(words));
        (sheet, counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::sheet_of;

    fn day(day: i8) -> jiff::Zoned {
        let date = jiff::civil::date(2026, 11, day).at(12, 0, 0, 0);
        date.to_zoned(jiff::tz::TimeZone::UTC).unwrap()
    }

    fn ids(ids: &[i64]) -> BTreeSet<RowId> {
        ids.iter().copied().map(RowId).collect()
    }

    #[test]
    fn rows_that_were_not_there_are_new_and_rows_with_another_value_have_changed() {
        let earlier = sheet_of(&[
            r#"{"id":1,"code":"a","refinement_rfree":0.25}"#,
            r#"{"id":2,"code":"b","refinement_rfree":0.25}"#,
            r#"{"id":3,"code":"c"}"#,
        ]);
        let now = sheet_of(&[
            r#"{"id":2,"code":"b","refinement_rfree":0.24}"#,
            r#"{"id":4,"code":"d"}"#,
            r#"{"id":1,"refinement_rfree":0.25,"code":"a"}"#,
        ]);
        let news = News::between(&earlier, &now, day(1));
        assert_eq!((&news.added, &news.changed), (&ids(&[4]), &ids(&[2])));
        let (sheet, counts) = now.with_news(&news);
        let place = sheet.place(NEWS).unwrap();
        let cells: Vec<String> = (0..3)
            .map(|row| sheet.text(place, row).into_owned())
            .collect();
        assert_eq!(cells, ["Changed", "New", ""]);
        let count = NewsCount {
            added: 1,
            changed: 1,
        };
        assert_eq!(counts.into_values().collect::<Vec<_>>(), [count]);
        // The next look within the same visit: what was new stays new, whatever else has changed.
        let next = News {
            since: day(2),
            added: ids(&[5]),
            changed: ids(&[1, 4]),
        };
        let both = next.after(news);
        assert_eq!(both.since, day(1));
        assert_eq!((both.added, both.changed), (ids(&[4, 5]), ids(&[1, 2])));
    }

    #[test]
    fn nothing_is_new_in_the_same_table() {
        let sheet = sheet_of(&[
            r#"{"id":1,"code":"a","odd":"value","refinement_rfree":"no number","list":[1,2]}"#,
            r#"{"id":2,"code":"b","data_collection_date":"2023-04-01T00:00:00Z"}"#,
        ]);
        let news = News::between(&sheet, &sheet.clone(), day(1));
        assert!(news.added.is_empty() && news.changed.is_empty());
        assert!(sheet.with_news(&news).1.is_empty());
    }
}
