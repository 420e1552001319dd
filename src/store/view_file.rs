//! Views of the table as files, with which users can share them.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::{
    model::{ErrorKind, Problem, decoded, visible},
    table::Layout,
};

/// The version of the format, and the key by which such a file is recognised.
const FORMAT: u64 = 1;
const MARK: &str = "fragalysis_desktop_view";
/// Larger than any view, in bytes.
const LARGEST: u64 = 1 << 20;
/// Maximum length of a name, in characters.
const LONGEST_NAME: usize = 60;

/// A view with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewFile {
    /// The name under which it was saved.
    pub name: String,
    /// The view.
    pub layout: Layout,
    /// How many of its columns, sort keys and filters could not be understood, and are left out.
    pub left_out: usize,
}

/// The lists of a view, each of whose entries is read on its own.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Lists {
    columns: Vec<Value>,
    sort: Vec<Value>,
    filters: Vec<Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl ViewFile {
    /// Returns the contents of the file for a view.
    pub fn contents(name: &str, layout: &Layout) -> String {
        let contents = json!({ MARK: FORMAT, "name": name, "view": layout });
        format!("{contents:#}\n")
    }

    /// Returns `true` if a text looks like such a file.
    pub fn is_one(text: &str) -> bool {
        text.trim_start().starts_with('{') && text.contains(MARK)
    }

    /// Reads a file. Blocks on the disk.
    ///
    /// # Errors
    /// A sentence for the user, if the file cannot be read or is not a view.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let shown = path.display();
        let unread = |error: io::Error| {
            let sentence = format!("“{shown}” could not be read ({error})");
            Problem::new(ErrorKind::NotWritable, sentence)
                .with_next_step("Check that you have permission to read it.")
        };
        let about = fs::metadata(path).map_err(unread)?;
        let text = if about.is_file() && about.len() <= LARGEST {
            decoded(&fs::read(path).map_err(unread)?)
        } else {
            None
        };
        Self::parse(text.as_deref().unwrap_or_default()).map_err(|reason| {
            Problem::new(ErrorKind::InvalidRequest, format!("“{shown}” {reason}")).with_next_step(
                "Choose a file that was saved with “Save this view to a file…” in the menu of views.",
            )
        })
    }

    /// Parses the contents of a file, or says why it is not a view.
    fn parse(text: &str) -> Result<Self, &'static str> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            tracing::debug!(%error, "a view could not be read");
            "is not a view"
        })?;
        match value.get(MARK).and_then(Value::as_u64) {
            None => return Err("is not a view"),
            Some(FORMAT) => {}
            Some(_) => return Err("was saved by a newer version of this program"),
        }
        let view = value.get("view").cloned().unwrap_or_default();
        let (layout, left_out) = layout(view).ok_or("is not a view")?;
        let name = value.get("name").and_then(Value::as_str);
        let name: String = visible(name.unwrap_or_default().trim())
            .replace(['\n', '\t'], " ")
            .chars()
            .take(LONGEST_NAME)
            .collect();
        Ok(Self {
            name: if name.is_empty() {
                "Opened view".to_owned()
            } else {
                name
            },
            layout: layout.sanitized(),
            left_out,
        })
    }
}

/// Reads a view; an entry that is not understood is skipped.
fn layout(view: Value) -> Option<(Layout, usize)> {
    let mut lists: Lists = serde_json::from_value(view).ok()?;
    let mut layout: Layout =
        serde_json::from_value(Value::Object(std::mem::take(&mut lists.rest))).unwrap_or_default();
    let mut left_out = 0;
    layout.columns = known(lists.columns, &mut left_out);
    layout.sort = known(lists.sort, &mut left_out);
    layout.filters = known(lists.filters, &mut left_out);
    (!layout.columns.is_empty()).then_some((layout, left_out))
}

fn known<T: DeserializeOwned>(values: Vec<Value>, left_out: &mut usize) -> Vec<T> {
    let read = values.into_iter().filter_map(|value| {
        let read = serde_json::from_value(value);
        *left_out += usize::from(read.is_err());
        read.ok()
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{ColumnFilter, Condition, ShownColumn, Subject};

    fn example() -> Layout {
        Layout {
            columns: vec![ShownColumn {
                field: "code".to_owned(),
                width: Some(90.0),
            }],
            filters: vec![ColumnFilter {
                field: "pdb_code".to_owned(),
                condition: Condition::Present,
            }],
            frozen: 1,
            rows: Some(Subject::Hits),
            ..Layout::default()
        }
    }

    #[test]
    fn a_view_survives_a_round_trip_through_a_file() {
        let text = ViewFile::contents("Mine", &example());
        assert!(ViewFile::is_one(&text));
        let read = ViewFile::parse(&text).unwrap();
        let meant = ViewFile {
            name: "Mine".to_owned(),
            layout: example(),
            left_out: 0,
        };
        assert_eq!(read, meant);
    }

    #[test]
    fn invalid_entries_are_skipped_and_names_are_sanitised() {
        let text = ViewFile::contents("Mi\u{202e}ne\nand more", &example());
        let text = text.replacen(
            "\"filters\": [",
            "\"filters\": [{\"field\": \"x\", \"condition\": {\"glows\": 5}}, 7,",
            1,
        );
        let read = ViewFile::parse(&text).unwrap();
        assert_eq!((read.left_out, &read.layout), (2, &example()));
        assert_eq!(read.name, "Mi\u{fffd}ne and more");
    }

    #[test]
    fn other_files_and_newer_views_are_distinguished() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("it.view.json");
        for (text, reason) in [
            ("", "is not a view"),
            ("x0310\nx0434\n", "is not a view"),
            ("[1, 2]", "is not a view"),
            (r#"{"fragalysis_desktop_view": 1}"#, "is not a view"),
            (
                r#"{"fragalysis_desktop_view": 1, "view": {"columns": [3]}}"#,
                "is not a view",
            ),
            (
                r#"{"fragalysis_desktop_view": 2, "view": {}}"#,
                "a newer version",
            ),
        ] {
            fs::write(&path, text).unwrap();
            let problem = ViewFile::read(&path).unwrap_err().to_string();
            assert!(problem.contains(reason), "{problem}");
        }
        let gone = ViewFile::read(&home.path().join("gone")).unwrap_err();
        assert!(gone.to_string().contains("could not be read"), "{gone}");
        assert!(ViewFile::read(home.path()).is_err());
    }
}
