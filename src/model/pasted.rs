//! A pasted list of codes, or the request that the web page's dialog copies.

use std::collections::HashSet;

use serde_json::Value;

use super::{FileKind, FileSelection};

/// What was found in a pasted text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastedCodes {
    /// The codes, each once, in their order.
    pub codes: Vec<String>,
    /// The file types, where the text is a whole request.
    pub files: Option<FileSelection>,
    /// The target's title, where the text is a whole request.
    pub title: Option<String>,
}

impl PastedCodes {
    /// Reads codes with anything between them, or the JSON of a request.
    pub fn read(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim();
        match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(map)) => {
                let text_of = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
                let is_on = |kind: &FileKind| {
                    let value = map.get(kind.parameter());
                    value.is_some_and(|value| match value {
                        Value::Bool(on) => *on,
                        Value::String(text) => text.eq_ignore_ascii_case("true"),
                        _ => false,
                    })
                };
                let files: FileSelection = FileKind::ALL.into_iter().filter(is_on).collect();
                Self {
                    codes: codes(text_of("proteins")),
                    files: (!files.is_empty()).then_some(files),
                    title: Some(text_of("target_name").to_owned())
                        .filter(|title| !title.is_empty()),
                }
            }
            _ => Self {
                codes: codes(text),
                ..Self::default()
            },
        }
    }
}

fn codes(text: &str) -> Vec<String> {
    let mut seen: HashSet<&str> = HashSet::new();
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '[' | ']');
    text.split(is_between)
        .filter(|code| !code.is_empty() && seen.insert(code))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_whatever_stands_between_them() {
        for text in [
            "a1, a2;a1\n a3",
            "[\"a1\", 'a2', \"a3\"]",
            "a1\ta2\r\na3\r\n",
            "\u{feff}a1 a2 a3",
        ] {
            assert_eq!(PastedCodes::read(text).codes, ["a1", "a2", "a3"], "{text}");
        }
        assert!(PastedCodes::read(" \n").codes.is_empty());
    }

    #[test]
    fn the_request_of_the_web_page_s_dialog_is_taken_over() {
        let text = r#"{"target_name":"Mpro","proteins":"a1,a2","all_aligned_structures":true,"event_file":"True","mtz_info":false,"use_zip":true}"#;
        let read = PastedCodes::read(text);
        assert_eq!(read.codes, ["a1", "a2"]);
        assert_eq!(read.title.as_deref(), Some("Mpro"));
        let files = read.files.unwrap();
        assert!(files.has(FileKind::BoundFile) && files.has(FileKind::EventFile));
        assert!(!files.has(FileKind::MtzInfo));
    }
}
