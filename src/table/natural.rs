//! Natural order of texts: numbers within them are compared as numbers, and case and accents are ignored unless all
//! else is equal.

use std::cmp::Ordering;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Begins a run of digits in a key: sorts like a digit.
const DIGITS: u8 = b'0';

/// Returns a key whose bytes sort in natural order. Equal only for equal texts.
pub(super) fn key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() + 8);
    push_key(&mut key, text);
    key
}

/// Adds the key of a text.
pub(super) fn push_key(key: &mut Vec<u8>, text: &str) {
    let text = text.trim_start();
    let start = key.len();
    if text.is_ascii() {
        push_ascii(key, text.as_bytes());
    } else {
        push_ascii(key, folded(text).as_bytes());
    }
    // Texts that differ only in case, accents or leading zeros still get different keys.
    let is_plain = key.get(start..).is_some_and(|key| key == text.as_bytes());
    if !is_plain {
        key.push(0);
        key.extend_from_slice(text.as_bytes());
    }
}

fn push_ascii(key: &mut Vec<u8>, mut bytes: &[u8]) {
    while let Some((&byte, rest)) = bytes.split_first() {
        if !byte.is_ascii_digit() {
            key.push(byte.to_ascii_lowercase());
            bytes = rest;
            continue;
        }
        let end = bytes.iter().position(|byte| !byte.is_ascii_digit());
        let (digits, behind) = bytes.split_at(end.unwrap_or(bytes.len()));
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        let digits = digits.get(zeros..).unwrap_or_default();
        // Without leading zeros the longer number is the larger one.
        key.push(DIGITS);
        let mut length = digits.len();
        while length >= 255 {
            key.push(255);
            length -= 255;
        }
        key.push(u8::try_from(length).unwrap_or(u8::MAX));
        key.extend_from_slice(digits);
        bytes = behind;
    }
}

/// Returns the text in lower case and without accents.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let normalizer = DecomposingNormalizerBorrowed::new_nfd();
    let letters = normalizer.normalize_iter(text.chars());
    letters
        .filter(|letter| !is_accent(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns `true` for combining marks.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Compares in natural order: `x2` before `x10`, `Mpro-x0045` before `mpro-x0046`.
pub fn natural_cmp(a: &str, b: &str) -> Ordering {
    key(a).cmp(&key(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers_and_capitals_and_accents_come_last() {
        let mut names = [
            "x10",
            "x2",
            "X2",
            "x02",
            "a",
            "ä",
            "Ab",
            "b",
            "z",
            "é",
            "e",
            "x2a",
            "x",
            "9",
            "10",
            "-",
            "A71EV2A-x0310",
            "A71EV2A-x1310",
            "",
        ];
        names.sort_by(|a, b| natural_cmp(a, b));
        assert_eq!(
            names,
            [
                "",
                "-",
                "9",
                "10",
                "a",
                "ä",
                "A71EV2A-x0310",
                "A71EV2A-x1310",
                "Ab",
                "b",
                "e",
                "é",
                "x",
                "X2",
                "x02",
                "x2",
                "x2a",
                "x10",
                "z",
            ]
        );
        let long = "9".repeat(600);
        assert_eq!(natural_cmp(&long, &format!("1{long}")), Ordering::Less);
    }

    proptest::proptest! {
        #[test]
        fn only_equal_texts_are_equal(a in "[ -~äÄé]{0,6}", b in "[ -~äÄé]{0,6}") {
            let is_equal = natural_cmp(&a, &b).is_eq();
            proptest::prop_assert_eq!(is_equal, a.trim_start() == b.trim_start());
            proptest::prop_assert_eq!(natural_cmp(&a, &b), natural_cmp(&b, &a).reverse());
        }
    }
}
