//! Cuts the rows out of a JSON list while it arrives, so that long lists need not be held twice and one odd row does
//! not affect the others.

use serde::{Deserialize, Deserializer};

use crate::{
    api::client::tolerant_json::{parse_tolerant, without_comment},
    model::{Integer, or_none},
};

/// What surrounds the rows of a list.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Envelope {
    /// How many rows the server has; `None` for a bare list, and for what is not a number of rows.
    #[serde(default, deserialize_with = "count_or_none")]
    pub(in crate::api) count: Option<u64>,
    /// Where the next page is.
    #[serde(default, deserialize_with = "or_none")]
    pub(in crate::api) next: Option<String>,
}

/// Reads a number of rows, also from text.
fn count_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let count = Integer::deserialize(deserializer)?.0;
    Ok(count.and_then(|count| u64::try_from(count).ok()))
}

/// Splits `{"count":…,"results":[{…},{…}]}`, or a bare `[{…},{…}]`, into rows.
///
/// Feed it chunks of any size; rows come out as soon as they are complete.
#[derive(Debug, Default)]
pub(super) struct RowSplitter {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// Depth inside the array of rows, once it has started.
    rows_depth: Option<u32>,
    /// The last text outside the rows: the name of what comes next.
    last_text: Vec<u8>,
    row: Vec<u8>,
    is_row_too_long: bool,
    /// Where in `around` the JSON ended: a comment of a proxy that follows is no part of it.
    end: Option<usize>,
    /// Everything but the rows.
    around: Vec<u8>,
    found: Found,
}

/// What has been found of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Found {
    /// Not its beginning yet.
    #[default]
    Nothing,
    /// Its beginning.
    Begun,
    /// A row, so that it is a list, whatever else is in it.
    Rows,
    /// Only values other than rows: it is some other text that contains brackets.
    Oddities,
}

/// Longest text outside the rows that is recorded.
const MAX_NAME: usize = 64;
/// A longer row is not one of a Fragalysis server, in bytes: it counts as unreadable, and is not kept.
const LONGEST_ROW: usize = 4 << 20;
/// All that surrounds the rows is no longer than this, in bytes.
const LONGEST_AROUND: usize = 64 << 10;

impl RowSplitter {
    /// Processes the next chunk and passes on each row that is now complete.
    pub(super) fn feed(&mut self, piece: &[u8], mut on_row: impl FnMut(&[u8])) {
        let mut at = 0;
        while let Some(&byte) = piece.get(at) {
            let is_between = self.rows_depth.is_some_and(|rows| self.depth == rows);
            let opens = is_between && !self.in_string && matches!(byte, b'{' | b'[');
            if opens {
                self.depth += 1;
                self.found = Found::Rows;
            }
            if self.rows_depth.is_some_and(|rows| self.depth > rows) {
                let of_row = piece.get(at..).unwrap_or_default();
                let (length, is_whole) = self.through_row(of_row, usize::from(opens));
                let of_row = of_row.get(..length).unwrap_or_default();
                at += length;
                match (is_whole, self.row.is_empty()) {
                    (true, true) => on_row(of_row),
                    (true, false) => {
                        self.keep_of_row(of_row);
                        on_row(&self.row);
                        self.row.clear();
                        self.is_row_too_long = false;
                    }
                    (false, _) => self.keep_of_row(of_row),
                }
                continue;
            }
            let is_usual = byte.is_ascii_whitespace() || matches!(byte, b',' | b']');
            if is_between && !is_usual && self.found == Found::Begun {
                self.found = Found::Oddities;
            }
            self.step(byte);
            // Spaces and commas between rows are ignored; what opens or closes the list is outside it.
            if (!is_between || self.rows_depth.is_none()) && self.around.len() <= LONGEST_AROUND {
                self.around.push(byte);
            }
            at += 1;
        }
    }

    /// Keeps the next part of a row. Of one that is too long only one byte stays, which no reader takes for a row.
    fn keep_of_row(&mut self, part: &[u8]) {
        if self.row.len() + part.len() > LONGEST_ROW {
            self.row.clear();
            self.row.push(b'{');
            self.is_row_too_long = true;
        }
        if !self.is_row_too_long {
            self.row.extend_from_slice(part);
        }
    }

    /// Scans the bytes of a row, the first of which are already known. Returns how many belong to it, and whether it
    /// is complete with them.
    fn through_row(&mut self, bytes: &[u8], known: usize) -> (usize, bool) {
        let mut at = known;
        while let Some(&byte) = bytes.get(at) {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    at += 1;
                    continue;
                }
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(offset) = memchr::memchr2(b'"', b'\\', rest) else {
                    return (bytes.len(), false);
                };
                self.escaped = rest.get(offset) == Some(&b'\\');
                self.in_string = self.escaped;
                at += offset + 1;
                continue;
            }
            at += 1;
            match byte {
                b'"' => self.in_string = true,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.rows_depth.is_some_and(|rows| self.depth == rows) {
                        return (at, true);
                    }
                }
                _ => {}
            }
        }
        (bytes.len(), false)
    }

    /// Returns what surrounded the rows, or `None` if the list ended too early or was not one.
    pub(super) fn finish(self) -> Option<Envelope> {
        let is_list = matches!(self.found, Found::Begun | Found::Rows);
        let is_whole = is_list && self.depth == 0 && !self.in_string && !self.is_around_too_long();
        if !is_whole {
            return None;
        }
        let text = String::from_utf8_lossy(without_comment(&self.around));
        // A bare list leaves only its own brackets.
        if text.trim_start().starts_with('[') {
            let rest = text.replace(char::is_whitespace, "");
            return (rest == "[]").then(Envelope::default);
        }
        parse_tolerant(text.as_bytes()).ok()
    }

    /// Returns what the server says in an object that holds no list: `{"detail": "database is locked"}`.
    pub(super) fn message(&self) -> Option<serde_json::Value> {
        let is_object =
            self.found == Found::Nothing && self.around.trim_ascii_start().starts_with(b"{");
        let said = is_object.then(|| parse_tolerant(&self.around).ok());
        said.flatten()
    }

    /// Returns `true` if what looked like a list of rows is not one: `[ERROR] upstream timed out`.
    pub(super) fn is_odd(&self) -> bool {
        self.found == Found::Oddities || self.is_around_too_long()
    }

    fn is_around_too_long(&self) -> bool {
        self.around.len() > LONGEST_AROUND
    }

    /// Returns `true` if the list of rows was found.
    pub(super) fn has_rows(&self) -> bool {
        self.found != Found::Nothing
    }

    /// Processes one byte outside the rows.
    fn step(&mut self, byte: u8) {
        if self.end.is_some() {
            return;
        }
        if self.in_string {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
            }
            if self.in_string && self.depth <= 1 && self.last_text.len() < MAX_NAME {
                self.last_text.push(byte);
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth <= 1 {
                    self.last_text.clear();
                }
            }
            b'[' | b'{' => {
                let begins = byte == b'['
                    && self.rows_depth.is_none()
                    && self.found == Found::Nothing
                    && ((self.depth == 0 && self.around.trim_ascii().is_empty())
                        || (self.depth == 1 && self.last_text == b"results"));
                self.depth += 1;
                if begins {
                    self.rows_depth = Some(self.depth);
                    self.found = Found::Begun;
                }
            }
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.end = (self.depth == 0).then_some(self.around.len());
                if self.rows_depth.is_some_and(|rows| self.depth < rows) {
                    self.rows_depth = None;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::client::tolerant_json::{parse_tolerant, repaired};

    fn split(json: &str, size: usize) -> (Vec<String>, Option<Envelope>) {
        let mut splitter = RowSplitter::default();
        let mut rows = Vec::new();
        for piece in json.as_bytes().chunks(size) {
            splitter.feed(piece, |row| {
                rows.push(String::from_utf8(row.to_vec()).unwrap());
            });
        }
        (rows, splitter.finish())
    }

    #[test]
    fn a_comment_behind_a_list_is_not_part_of_it() {
        for json in [r#"{"count":1,"results":[{"id":1}]}"#, r#"[{"id":1}]"#] {
            let (rows, envelope) = split(&format!("{json}<!-- [it's \" 1 -->\n"), 3);
            assert_eq!((rows.len(), envelope.is_some()), (1, true), "{json}");
            let (_, other) = split(&format!("{json} and more"), 3);
            assert_eq!(other, None, "{json}");
        }
    }

    #[test]
    fn rows_are_complete_for_any_chunk_size() {
        let json = r#"{"count":2,"next":"http://x/?a=[1]","previous":null,"results":[{"id":1,"t":"a}\"]{","l":[{"x":[]}]}, {"id":2}]}"#;
        for size in 1..json.len() {
            let (rows, envelope) = split(json, size);
            assert_eq!(
                rows,
                [r#"{"id":1,"t":"a}\"]{","l":[{"x":[]}]}"#, r#"{"id":2}"#]
            );
            let envelope = envelope.unwrap();
            assert_eq!(
                (envelope.count, envelope.next.as_deref()),
                (Some(2), Some("http://x/?a=[1]"))
            );
        }
    }

    #[test]
    fn a_bare_list_and_an_empty_one_are_lists_too() {
        assert_eq!(
            split("[{\"id\":1}]", 3),
            (vec!["{\"id\":1}".to_owned()], Some(Envelope::default()))
        );
        assert_eq!(split("[]", 1).1, Some(Envelope::default()));
        let (rows, envelope) = split(r#"{"results":[],"count":0,"next":null}"#, 4);
        assert!(rows.is_empty());
        assert_eq!(envelope.unwrap().count, Some(0));
        for (count, read) in [
            (r#""45""#, Some(45)),
            ("-1", None),
            ("null", None),
            ("[]", None),
        ] {
            let json = format!(r#"{{"count":{count},"next":"n","results":[]}}"#);
            let envelope = split(&json, 4).1.unwrap();
            assert_eq!(
                (envelope.count, envelope.next.as_deref()),
                (read, Some("n"))
            );
        }
    }

    #[test]
    fn a_truncated_list_is_not_taken_for_a_complete_one() {
        let json = r#"{"count":2,"results":[{"id":1},{"id":2}]}"#;
        for end in 0..json.len() {
            assert_eq!(split(&json[..end], 7).1, None, "{}", &json[..end]);
        }
        assert_eq!(split(r#"{"detail":"no"}"#, 7).1, None);
        // One unexpected value does not affect the rows.
        for text in [
            r#"[null,{"id":1}]"#,
            r#"{"results":[{"id":1},null,"x"],"count":1}"#,
        ] {
            let (rows, envelope) = split(text, 5);
            assert_eq!(rows, [r#"{"id":1}"#], "{text}");
            assert!(envelope.is_some(), "{text}");
        }
        // A log or a page that contains brackets is not an empty list.
        for text in [
            "[ERROR] upstream timed out",
            "<p>a[1]</p>",
            "[] and more",
            "[1,2]",
        ] {
            assert_eq!(split(text, 5).1, None, "{text}");
        }
        let mut splitter = RowSplitter::default();
        splitter.feed(br#"{"detail":"database is locked"}"#, |_| {});
        assert_eq!(splitter.message().unwrap()["detail"], "database is locked");
    }

    #[test]
    fn number_words_of_javascript_become_null_but_not_inside_texts() {
        let value: serde_json::Value =
            parse_tolerant(br#"{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN \" Infinity"}"#).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"a":null,"b":[null,null],"c":"NaN \" Infinity"})
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(0u8..=255, 0..200)) {
            let mut splitter = RowSplitter::default();
            splitter.feed(&bytes, |_| {});
            splitter.finish();
            repaired(&bytes);
        }
    }

    #[test]
    fn a_row_that_is_too_long_counts_as_unreadable_and_is_not_kept() {
        let long = "x".repeat(LONGEST_ROW);
        let json = format!(r#"{{"count":3,"results":[{{"id":1}},{{"t":"{long}"}},{{"id":3}}]}}"#);
        let mut splitter = RowSplitter::default();
        let (mut lengths, mut longest) = (Vec::new(), 0);
        for piece in json.as_bytes().chunks(64 << 10) {
            splitter.feed(piece, |row| lengths.push(row.len()));
            longest = longest.max(splitter.row.len());
        }
        assert_eq!(lengths, [8, 1, 8]);
        assert!(longest <= LONGEST_ROW);
        assert_eq!(splitter.finish().unwrap().count, Some(3));
        // The same with next to everything in one piece.
        let (begin, end) = json.as_bytes().split_at(json.len() - 20);
        let mut splitter = RowSplitter::default();
        let mut lengths = Vec::new();
        splitter.feed(begin, |row| lengths.push(row.len()));
        splitter.feed(end, |row| lengths.push(row.len()));
        assert_eq!(lengths, [8, 1, 8]);
    }

    #[test]
    fn what_surrounds_the_rows_without_end_is_not_a_list() {
        let json = format!(
            r#"{{"results":[{{"id":1}}],"t":"{}"}}"#,
            "x".repeat(1 << 20)
        );
        let mut splitter = RowSplitter::default();
        for piece in json.as_bytes().chunks(1 << 10) {
            splitter.feed(piece, |_| {});
        }
        assert!(splitter.around.len() <= LONGEST_AROUND + 1);
        assert!(splitter.is_odd());
        assert_eq!(splitter.finish(), None);
    }
}
