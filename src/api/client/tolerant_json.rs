//! Repairs JSON with invalid values, so that one of them never discards its row or the list.

use serde::de::DeserializeOwned;

/// Replaces the unreadable parts of a text.
const REPLACEMENT: &str = "\\ufffd";

/// Lists and objects that lie deeper than this are replaced by null: no field of the API is nested, and the reader
/// refuses a whole text that is nested more than 127 deep.
const MAX_DEPTH: usize = 100;

/// Returns the JSON without an HTML comment behind it, which some proxies add to every answer.
pub(in crate::api) fn without_comment(json: &[u8]) -> &[u8] {
    let mut text = json.trim_ascii_end();
    while text.ends_with(b"-->")
        && let Some(begin) = memchr::memmem::rfind(text, b"<!--")
    {
        text = text.get(..begin).unwrap_or_default().trim_ascii_end();
    }
    text
}

/// Returns the same JSON with null for invalid or too large numbers and for what is nested too deeply, and a
/// replacement for lone surrogates, invalid escapes and bytes that are not valid UTF-8.
pub(in crate::api) fn repaired(json: &[u8]) -> String {
    let text = String::from_utf8_lossy(json);
    let mut clean = String::with_capacity(text.len());
    let mut rest = &*text;
    let mut nesting = Nesting::default();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '"' => copy_string(rest, &mut clean),
            letter if is_word_char(letter) => copy_word(rest, &mut clean),
            ',' if ends_here(behind(rest, 1)) => behind(rest, 1),
            _ => {
                clean.push(first);
                nesting.follow(first, &mut clean);
                behind(rest, first.len_utf8())
            }
        };
    }
    clean
}

/// How deep the text is nested that is being copied.
#[derive(Default)]
struct Nesting {
    depth: usize,
    /// Where the copy of what is nested too deeply begins.
    too_deep: Option<usize>,
}

impl Nesting {
    /// Takes note of the character that was copied last. When what was nested too deeply ends, null takes its place.
    fn follow(&mut self, copied: char, clean: &mut String) {
        match copied {
            '[' | '{' => {
                self.depth += 1;
                if self.depth == MAX_DEPTH {
                    self.too_deep = Some(clean.len() - 1);
                }
            }
            ']' | '}' => {
                if self.depth == MAX_DEPTH
                    && let Some(begin) = self.too_deep.take()
                {
                    clean.truncate(begin);
                    clean.push_str("null");
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }
}

fn behind(text: &str, length: usize) -> &str {
    text.get(length..).unwrap_or_default()
}

/// Returns `true` for the characters of numbers and of words such as `NaN`, `undefined` and `1_000`.
fn is_word_char(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '+' | '-' | '.' | '_')
}

/// Returns `true` if a list or an object ends next: a comma before that is a trailing comma.
fn ends_here(text: &str) -> bool {
    text.trim_start().starts_with([']', '}'])
}

/// Copies a number or a word of JSON, or null in place of anything else. Returns what follows.
fn copy_word<'a>(text: &'a str, clean: &mut String) -> &'a str {
    let length = text
        .find(|letter| !is_word_char(letter))
        .unwrap_or(text.len());
    let word = text.get(..length).unwrap_or_default();
    let is_number = || {
        serde_json::from_str::<serde_json::Number>(word)
            .is_ok_and(|number| number.as_f64().is_some_and(f64::is_finite))
    };
    clean.push_str(match word {
        // As Python writes them.
        "True" => "true",
        "False" => "false",
        "true" | "false" => word,
        _ if is_number() => word,
        _ => "null",
    });
    behind(text, length)
}

/// Copies a text with its quotes. Returns what follows.
fn copy_string<'a>(text: &'a str, clean: &mut String) -> &'a str {
    clean.push('"');
    let mut rest = behind(text, 1);
    while let Some(letter) = rest.chars().next() {
        match letter {
            '"' => {
                clean.push('"');
                return behind(rest, 1);
            }
            '\\' => rest = copy_escape(rest, clean),
            // Control characters must be escaped.
            control if control < ' ' => {
                clean.push_str(&format!("\\u{:04x}", u32::from(control)));
                rest = behind(rest, 1);
            }
            other => {
                clean.push(other);
                rest = behind(rest, other.len_utf8());
            }
        }
    }
    rest
}

/// Copies one escape, or two that make one character together. Returns what follows.
fn copy_escape<'a>(text: &'a str, clean: &mut String) -> &'a str {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    match unit(text) {
        Some(0xD800..=0xDBFF) if matches!(unit(behind(text, 6)), Some(0xDC00..=0xDFFF)) => {
            clean.push_str(text.get(..12).unwrap_or_default());
            behind(text, 12)
        }
        Some(0xD800..=0xDFFF) => {
            clean.push_str(REPLACEMENT);
            behind(text, 6)
        }
        Some(_) => {
            clean.push_str(text.get(..6).unwrap_or_default());
            behind(text, 6)
        }
        None => {
            let escaped = behind(text, 1).chars().next();
            if let Some(letter @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) = escaped {
                clean.push('\\');
                clean.push(letter);
                behind(text, 2)
            } else {
                // A backslash that begins no escape is itself escaped.
                clean.push_str("\\\\");
                behind(text, 1)
            }
        }
    }
}

/// Decodes JSON; if that fails, repairs it and tries again.
pub(in crate::api) fn parse_tolerant<T: DeserializeOwned>(
    json: &[u8],
) -> Result<T, serde_json::Error> {
    parse_with_repairs(json, |json| serde_json::from_slice(json))
}

/// Reads JSON; if that fails, tries again with invalid values replaced ([`repaired`]), and then with duplicate
/// keys removed: the last of them counts.
pub(in crate::api) fn parse_with_repairs<T>(
    json: &[u8],
    mut take: impl FnMut(&[u8]) -> Result<T, serde_json::Error>,
) -> Result<T, serde_json::Error> {
    take(json).or_else(|error| {
        let repaired = repaired(json);
        if let Ok(taken) = take(repaired.as_bytes()) {
            return Ok(taken);
        }
        let each_once: serde_json::Value = serde_json::from_str(&repaired)?;
        take(each_once.to_string().as_bytes()).or(Err(error))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(json: &[u8]) -> Value {
        serde_json::from_str(&repaired(json)).unwrap()
    }

    #[test]
    fn an_invalid_value_does_not_affect_its_neighbours() {
        for (text, value) in [
            (
                r#"{"a":NaN,"b":-Infinity,"c":1}"#,
                json!({"a":null,"b":null,"c":1}),
            ),
            (r#"{"a":1e400,"b":-2.5e3}"#, json!({"a":null,"b":-2500.0})),
            (r#"{"a":"x \ud83d","b":2}"#, json!({"a":"x \u{fffd}","b":2})),
            (r#"{"a":"\ud83e\uddec \udead"}"#, json!({"a":"🧬 \u{fffd}"})),
            (
                r#"{"a":"NaN, \"Infinity\"","b":0x1f}"#,
                json!({"a":"NaN, \"Infinity\"","b":null}),
            ),
            (r#"{"a":"c:\xyz \u12"}"#, json!({"a":"c:\\xyz \\u12"})),
            ("{\"a\":\"one\ntwo\"}", json!({"a":"one\ntwo"})),
            (
                r#"{"a":nan,"b":True,"c":undefined,"d":.5,"e":+5,"f":1_000,"g":inf,"h":None}"#,
                json!({"a":null,"b":true,"c":null,"d":null,"e":null,"f":null,"g":null,"h":null}),
            ),
            (
                r#"{"a":[1, ],"b":[{"c":2,},],}"#,
                json!({"a":[1],"b":[{"c":2}]}),
            ),
        ] {
            assert_eq!(read(text.as_bytes()), value, "{text}");
        }
        let odd = [&b"{\"a\":\""[..], &[0xff], b"\",\"b\":1}"].concat();
        assert_eq!(read(&odd), json!({"a":"\u{fffd}","b":1}));
    }

    #[test]
    fn what_is_nested_too_deeply_costs_only_itself() {
        let (open, close) = ("[".repeat(300), "]".repeat(300));
        let text = format!(r#"{{"a":{open}"]"{close},"b":[1,{{"c":2}}]}}"#);
        let value: Value = parse_tolerant(text.as_bytes()).unwrap();
        assert_eq!(value["b"], json!([1, {"c": 2}]));
        assert!(value["a"].is_array());
    }

    #[test]
    fn a_comment_behind_the_json_is_ignored() {
        let json = br#"{"a":"<!-- -->"}"#;
        let with_comment = [&json[..], b"\n<!-- cached by [proxy] \"2\" -->\n"].concat();
        assert_eq!(without_comment(&with_comment), json);
        assert_eq!(without_comment(json), json);
    }

    #[test]
    fn a_duplicate_key_does_not_discard_the_row() {
        #[derive(serde::Deserialize)]
        struct Row {
            id: i64,
        }
        let row: Row = parse_tolerant(br#"{"id":3,"a":NaN,"id":4}"#).unwrap();
        assert_eq!(row.id, 4);
    }

    proptest::proptest! {
        #[test]
        fn valid_json_is_not_changed(text in ".*", number in proptest::num::f64::NORMAL) {
            let value = json!({ "text": text, "number": number, "list": [text, null, true] });
            let json = value.to_string();
            proptest::prop_assert_eq!(read(json.as_bytes()), serde_json::from_str::<Value>(&json).unwrap());
        }
    }
}
