//! Pages of lists, as unordered as the real ones.

use std::collections::HashMap;

use serde_json::json;

use super::lists::{Lists, Row};

/// Rows per page if no number is requested.
const DEFAULT_PAGE: usize = 5000;

impl Lists<'_> {
    /// Returns the address of another page of the same list.
    fn link_to(
        &self,
        path: &str,
        query: &HashMap<String, String>,
        limit: usize,
        offset: usize,
    ) -> String {
        let target = query.get("target");
        let target = target.map(|id| format!("&target={id}")).unwrap_or_default();
        // The link to the very first page names no offset.
        let offset = if offset == 0 {
            String::new()
        } else {
            format!("&offset={offset}")
        };
        format!("{}{path}?limit={limit}{offset}{target}", self.origin)
    }

    /// Cuts a page out of the rows. Because the database does not order them, each page is cut from another order, so
    /// pages overlap and miss rows; only a page that contains everything is right.
    ///
    /// Passes the text on chunk by chunk, as long as there is a receiver.
    pub(super) fn page(
        &self,
        path: &str,
        query: &HashMap<String, String>,
        rows: &[Row<'_>],
        send: &mut dyn FnMut(String) -> bool,
    ) {
        let number = |key: &str| query.get(key).and_then(|text| text.parse::<usize>().ok());
        let count = rows.len();
        let mut limit = number("limit")
            .filter(|limit| *limit > 0)
            .unwrap_or(DEFAULT_PAGE);
        let is_capped = self.faults.page_cap > 0;
        if is_capped {
            limit = limit.min(self.faults.page_cap);
        }
        let offset = number("offset").unwrap_or(0);
        let mut order: Vec<usize> = (0..count).rev().collect();
        if limit < count && !is_capped {
            fastrand::Rng::with_seed((limit * 31 + offset) as u64).shuffle(&mut order);
        }
        let link = |offset: usize| self.link_to(path, query, limit, offset);
        let has_next = offset + limit < count;
        let next = has_next.then(|| link(offset + limit));
        let previous = (offset > 0).then(|| link(offset.saturating_sub(limit)));
        let (next, previous) = (json!(next), json!(previous));
        let announced = json!((!self.faults.no_count).then_some(count));
        let mut text = format!(
            "{{\"count\":{announced},\"next\":{next},\"previous\":{previous},\"results\":["
        );
        let mut has_words = !self.faults.nan;
        let is_odd = (self.faults.odd_observation && path == "/api/site_observations/")
            || (self.faults.odd_compound && path == "/api/compounds/");
        for (index, place) in order.into_iter().skip(offset).take(limit).enumerate() {
            if index > 0 {
                text.push(',');
            }
            if is_odd && place == 0 {
                text.push_str("{\"id\":null}");
            } else if let Some(row) = rows.get(place) {
                text.push_str(&row().to_string());
            }
            if text.len() >= PIECE {
                let piece = std::mem::take(&mut text);
                if !send(with_nan(piece, &mut has_words)) {
                    return;
                }
            }
        }
        text.push_str("]}");
        send(with_nan(text, &mut has_words));
    }
}

/// Length of a chunk in bytes.
const PIECE: usize = 256 * 1024;

/// Puts `NaN` into the first rows, once.
fn with_nan(text: String, has_words: &mut bool) -> String {
    if std::mem::replace(has_words, true) {
        return text;
    }
    text.replacen("\"pdb_sha256\":null", "\"pdb_sha256\":NaN", 3)
}
