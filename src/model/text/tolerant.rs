//! Tolerant types for values as the servers really send them: each reads what three generations have been seen to
//! write.
//!
//! Parsing never fails because of one odd value: unreadable values are empty, and so are links that name no file.

use std::fmt;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        self, DeserializeOwned, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use serde_json::Value;

/// A string; empty if the server has none.
///
/// The laboratory's database is copied unchanged, so the word `None`, spaces and empty texts occur and all mean that
/// there is no value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(pub Option<Box<str>>);

impl Text {
    /// Returns the text, or `None`.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Returns the text, or an empty one.
    pub fn or_empty(&self) -> &str {
        self.get().unwrap_or_default()
    }

    fn clean(raw: &str) -> Self {
        let text = raw.trim();
        Self((!text.is_empty() && text != "None" && text != "null").then(|| text.into()))
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::clean(raw)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyText)
    }
}

/// Reads any value as text. Texts themselves, by far the most frequent, are not copied twice.
struct AnyText;

impl<'de> Visitor<'de> for AnyText {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text::clean(text))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text::clean(&value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text::clean(&value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text::clean(&value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text::clean(&Value::from(value).to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Text, A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(Text::clean(&value.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Text::clean(&value.to_string()))
    }
}

/// A finite number; empty if the server has none; numbers in quotes are read too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Number(pub Option<f64>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        Ok(Self(number.filter(|number| number.is_finite())))
    }
}

/// A whole number; empty if the server has none; also read from text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Integer(pub Option<i64>);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_i64().or_else(|| whole(&number)),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }))
    }
}

/// Returns a number such as `39.0`, which some programs write for a whole one.
fn whole(number: &serde_json::Number) -> Option<i64> {
    let number = number.as_f64()?;
    // Beyond this, neighbouring whole numbers are one.
    let is_exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be exact")]
    is_exact.then_some(number as i64)
}

/// Reads a value, for `deserialize_with`; an invalid one is `None`, and the rest is kept.
pub fn or_none<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// A boolean; other ways to say yes are read as well, and anything unreadable is `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Bool(is_so) => is_so,
            Value::Number(number) => number.as_f64() == Some(1.0),
            Value::String(text) => matches!(&*text.trim().to_lowercase(), "true" | "yes" | "1"),
            Value::Null | Value::Array(_) | Value::Object(_) => false,
        }))
    }
}

/// The address of a file on the server; empty if there is no file.
///
/// A file that was missing at upload is sent as `…/media/None` or `…/media/currently%20missing`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Link(pub Option<Box<str>>);

impl Link {
    /// Returns the address, or `None`.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let missing = |address: &str| {
            let last = address.rsplit('/').next().unwrap_or_default();
            matches!(
                last,
                "None" | "currently missing" | "currently%20missing" | ""
            )
        };
        Ok(Self(
            Text::deserialize(deserializer)?
                .0
                .filter(|address| !missing(address)),
        ))
    }
}

/// A point in time, with the text that the server sent.
///
/// Times without a zone come from the laboratory's database and are read as UTC, as the server does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimestampText {
    /// The instant, when the text could be read as one.
    pub at: Option<Timestamp>,
    /// What the server wrote.
    pub raw: Text,
}

impl TimestampText {
    fn read(raw: Text) -> Self {
        let at = raw.get().and_then(|text| {
            text.parse::<Timestamp>().ok().or_else(|| {
                let civil = text.parse::<DateTime>().ok()?;
                civil
                    .to_zoned(TimeZone::UTC)
                    .ok()
                    .map(|zoned| zoned.timestamp())
            })
        });
        Self { at, raw }
    }
}

impl<'de> Deserialize<'de> for TimestampText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(Self::read)
    }
}

impl Serialize for TimestampText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_word_none_and_blanks_are_empty_texts() {
        for json in ["null", "\"None\"", "\"\"", "\"  \""] {
            assert_eq!(read::<Text>(json).get(), None, "{json}");
        }
        assert_eq!(read::<Text>("\" C121 \"").get(), Some("C121"));
        for (json, text) in [
            ("7", "7"),
            ("-7", "-7"),
            ("0.50", "0.5"),
            ("1e2", "100.0"),
            ("true", "true"),
            ("[1, \"a\"]", "[1,\"a\"]"),
            ("{\"a\": null}", "{\"a\":null}"),
            ("\"a\\u0062\\n\"", "ab"),
        ] {
            assert_eq!(read::<Text>(json).get(), Some(text), "{json}");
        }
    }

    #[test]
    fn numbers_are_read_from_text_and_never_infinite() {
        assert_eq!(read::<Number>("\"0.93\"").0, Some(0.93));
        assert_eq!(read::<Number>("\"nan\"").0, None);
        assert_eq!(read::<Number>("\"inf\"").0, None);
        assert_eq!(read::<Number>("null").0, None);
        assert_eq!(read::<Integer>("\"2\"").0, Some(2));
    }

    #[test]
    fn a_link_to_a_missing_file_is_none() {
        for json in [
            "null",
            "\"https://x.example/media/None\"",
            "\"https://x.example/media/currently%20missing\"",
        ] {
            assert_eq!(read::<Link>(json).get(), None, "{json}");
        }
        assert!(
            read::<Link>("\"https://x.example/media/a%2Bb.pdb\"")
                .get()
                .is_some()
        );
    }

    #[test]
    fn times_without_a_zone_are_utc_and_unreadable_ones_keep_their_text() {
        let with = read::<TimestampText>("\"2022-11-03T14:22:10Z\"");
        let without = read::<TimestampText>("\"2022-11-03T14:22:10\"");
        assert!(with.at.is_some());
        assert_eq!(with.at, without.at);
        let odd = read::<TimestampText>("\"3rd of May\"");
        assert_eq!((odd.at, odd.raw.get()), (None, Some("3rd of May")));
    }
}
