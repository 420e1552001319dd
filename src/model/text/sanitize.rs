//! Text from outside, made harmless for display: no server can control a terminal.

use std::borrow::Cow;

/// Returns `true` if a character does something other than being visible: moves the cursor, changes colours, reverses
/// the writing direction.
pub fn is_control(letter: char) -> bool {
    (letter.is_control() && !matches!(letter, '\n' | '\t'))
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns the text with a visible replacement for every character that would control a terminal. Line breaks and
/// tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let letters = text.chars();
    Cow::Owned(
        letters
            .map(|letter| {
                if is_control(letter) {
                    '\u{fffd}'
                } else {
                    letter
                }
            })
            .collect(),
    )
}

/// Returns JSON in which those characters are escaped. They occur only in its strings.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_control) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_control(letter) {
            safe.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_terminal_control_characters_remain() {
        assert_eq!(
            visible("Mpro\u{1b}[2J\u{9b}31m\u{202e}x\n"),
            "Mpro\u{fffd}[2J\u{fffd}31m\u{fffd}x\n"
        );
        assert_eq!(visible("Å 主 🧬"), "Å 主 🧬");
        let json = serde_json::to_string("a\u{9b}\u{7f}\u{202e}\u{1b}").unwrap();
        let safe = visible_json(&json);
        assert!(safe.is_ascii(), "{safe}");
        assert_eq!(
            serde_json::from_str::<String>(&safe).unwrap(),
            "a\u{9b}\u{7f}\u{202e}\u{1b}"
        );
    }
}
