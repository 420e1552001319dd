//! A pasted list of codes, or the request that the web page's dialog copies.

use std::collections::HashSet;

use serde_json::Value;

use crate::model::{FileKind, FileSelection, is_invisible};

/// What was found in a pasted text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastedCodes {
    /// The codes, each once, in their order.
    pub codes: Vec<String>,
    /// The file types, if the text is a whole request.
    pub files: Option<FileSelection>,
    /// The target's title, if the text is a whole request.
    pub title: Option<String>,
}

impl PastedCodes {
    /// Reads a file of codes, in the encoding of the program that wrote it; `None` if it is not text.
    pub fn read_file(bytes: &[u8]) -> Option<Self> {
        decoded(bytes).map(|text| Self::read(&text))
    }

    /// Reads codes with any separators between them, or the JSON of a request.
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
                codes: codes_of_table(text).unwrap_or_else(|| codes(text)),
                ..Self::default()
            },
        }
    }
}

/// Decodes the text of a file: UTF-8, or UTF-16 as `PowerShell` writes it, or a single-byte encoding as older
/// programs write.
pub fn decoded(bytes: &[u8]) -> Option<String> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes
            .chunks_exact(2)
            .filter_map(|pair| Some(unit(pair.try_into().ok()?)));
        String::from_utf16(&units.collect::<Vec<_>>()).ok()
    };
    let utf32 = |bytes: &[u8], unit: fn([u8; 4]) -> u32| {
        let letters = bytes.chunks_exact(4).map(|four| {
            let number = unit(four.try_into().ok()?);
            char::from_u32(number)
        });
        letters.collect::<Option<String>>()
    };
    match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes),
        [0, 0, 0xfe, 0xff, rest @ ..] => utf32(rest, u32::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Without a byte order mark: every second byte of plain letters is zero.
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, first, ..] if *first != 0 => utf16(bytes, u16::from_be_bytes),
        _ if bytes.contains(&0) => None,
        _ => Some(match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_not_utf8) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        }),
    }
}

/// Headings of the column of codes in lists that programs write; the preferred ones first.
const HEADINGS: [&str; 11] = [
    "code",
    "codes",
    "shortcode",
    "short code",
    "observation code",
    "observation",
    "observations",
    "longcode",
    "long code",
    "experiment code",
    "experiment",
];

/// Returns the codes of a table with headings: those of one of its columns; `None` if the text is not such a table.
fn codes_of_table(text: &str) -> Option<Vec<String>> {
    let is_comment = |line: &&str| line.trim().is_empty() || line.starts_with('#');
    let heading = text.lines().find(|line| !is_comment(line))?;
    let delimiter = ['\t', ';', ',']
        .into_iter()
        .find(|it| heading.contains(*it));
    let delimiter = u8::try_from(delimiter?).ok()?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(text.as_bytes());
    let named = |cell: &str| cell.trim().to_lowercase().replace('_', " ");
    let headings: Vec<String> = reader.headers().ok()?.iter().map(named).collect();
    let place = HEADINGS
        .iter()
        .find_map(|name| headings.iter().position(|heading| heading == name))?;
    let mut all = Vec::new();
    for row in reader.records() {
        all.extend(codes(row.ok()?.get(place).unwrap_or_default()));
    }
    let mut seen = HashSet::new();
    all.retain(|code| seen.insert(code.clone()));
    // On a single line, a heading followed by codes is a list.
    (!all.is_empty()).then_some(all)
}

fn codes(text: &str) -> Vec<String> {
    let mut seen: HashSet<&str> = HashSet::new();
    let is_between = |c: char| {
        // Control characters: old editors end a file with one.
        c.is_whitespace()
            || c.is_control()
            || is_invisible(c)
            || matches!(c, ',' | ';' | '"' | '\'' | '[' | ']')
    };
    // What follows `#` is a comment, as in scripts.
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    let all = lines
        .flat_map(|line| line.split(is_between))
        .filter(|code| !code.is_empty());
    all.enumerate()
        .filter(|(at, code)| *at > 0 || !HEADINGS.contains(&code.to_lowercase().as_str()))
        .filter(|(_, code)| seen.insert(code))
        .map(|(_, code)| code.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_with_any_separator() {
        for text in [
            "a1, a2;a1\n a3",
            "[\"a1\", 'a2', \"a3\"]",
            "a1\ta2\r\na3\r\n",
            "\u{feff}a1 a2 a3",
        ] {
            assert_eq!(PastedCodes::read(text).codes, ["a1", "a2", "a3"], "{text}");
        }
        assert!(PastedCodes::read(" \n").codes.is_empty());
        assert_eq!(PastedCodes::read("a1\n\u{1a}").codes, ["a1"]);
        let list = "Code\n# mine\na1 # the first\na2\u{200b}\u{a0}a3\na1\n";
        assert_eq!(PastedCodes::read(list).codes, ["a1", "a2", "a3"]);
    }

    #[test]
    fn the_code_column_of_a_table_with_headings_is_used() {
        for text in [
            "Observation code,Compound\na1,Z1\na2,Z2\n",
            "# mine\nLong code;Code\nMpro-a1+A+1;a1\nMpro-a2+A+1;a2\n",
            "smiles\tcode\n\"C,C\"\ta1\nCC\ta2\nCCC\ta1\n",
            "smiles,code,note\n\"C,C\",a1,\"two\nlines\"\nCC,a2\n",
        ] {
            assert_eq!(PastedCodes::read(text).codes, ["a1", "a2"], "{text}");
        }
        assert_eq!(PastedCodes::read("Code, a1, a2").codes, ["a1", "a2"]);
        // A list whose first code is not a heading is read as a list.
        let list = PastedCodes::read("a1,codec,a2").codes;
        assert_eq!(list, ["a1", "codec", "a2"]);
    }

    #[test]
    fn a_file_is_read_in_the_encoding_in_which_it_was_written() {
        let text = "a1\r\na2\r\n";
        let wide = |unit: fn(u16) -> [u8; 2], mark: &[u8]| {
            let units = text.encode_utf16().flat_map(unit);
            mark.iter().copied().chain(units).collect::<Vec<u8>>()
        };
        let wider = |unit: fn(u32) -> [u8; 4], mark: &[u8]| {
            let letters = text.chars().flat_map(|letter| unit(u32::from(letter)));
            mark.iter().copied().chain(letters).collect::<Vec<u8>>()
        };
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            wide(u16::to_le_bytes, &[0xff, 0xfe]),
            wide(u16::to_be_bytes, &[0xfe, 0xff]),
            wide(u16::to_le_bytes, &[]),
            wide(u16::to_be_bytes, &[]),
            wider(u32::to_le_bytes, &[0xff, 0xfe, 0, 0]),
            wider(u32::to_be_bytes, &[0, 0, 0xfe, 0xff]),
        ] {
            assert_eq!(PastedCodes::read_file(&bytes).unwrap().codes, ["a1", "a2"]);
        }
        assert_eq!(PastedCodes::read_file(b"\x7fELF\x02\0\0\0"), None);
    }

    #[test]
    fn a_request_copied_from_the_web_dialog_is_read() {
        let text = r#"{"target_name":"Mpro","proteins":"a1,a2","all_aligned_structures":true,"event_file":"True","mtz_info":false,"use_zip":true}"#;
        let read = PastedCodes::read(text);
        assert_eq!(read.codes, ["a1", "a2"]);
        assert_eq!(read.title.as_deref(), Some("Mpro"));
        let files = read.files.unwrap();
        assert!(files.has(FileKind::BoundFile) && files.has(FileKind::EventFile));
        assert!(!files.has(FileKind::MtzInfo));
    }
}
