//! File names that are safe on every system.

use std::fmt;

use super::sanitize::is_control;

/// A single path component that can be created on Linux, macOS and Windows alike.
///
/// The only way to make one is [`Self::sanitize`], so it can always be joined to a folder without leaving that
/// folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName(String);

/// Windows opens devices under these names, whatever the extension.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Longest component that common file systems accept, minus space for ` (2)` and `.part`.
const MAX_BYTES: usize = 200;

impl FileName {
    /// Replaces everything that some system would reject; an empty name becomes `unnamed`.
    pub fn sanitize(text: &str) -> Self {
        let mut name: String = text
            .chars()
            .map(|c| if Self::is_refused_char(c) { '_' } else { c })
            .collect();
        while name.len() > MAX_BYTES {
            name.pop();
        }
        let mut name = name.trim_end_matches(['.', ' ']).trim_start().to_owned();
        if name.is_empty() {
            "unnamed".clone_into(&mut name);
        }
        if Self::is_reserved(&name) {
            name.insert(0, '_');
        }
        Self(name)
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` if some system does not allow the character in a name.
    pub fn is_refused_char(c: char) -> bool {
        // Some characters reverse the text after them, so that a name seems to have another ending.
        is_control(c)
            || matches!(c, '\n' | '\t')
            || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
    }

    /// Returns `true` if Windows reserves the name for a device (`con`, `nul.txt`, `COM1` …).
    pub fn is_reserved(name: &str) -> bool {
        let stem = name
            .split('.')
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_lowercase();
        let (letters, digit) = match stem.char_indices().nth(3) {
            Some((at, digit)) if stem.chars().count() == 4 => {
                (stem.get(..at).unwrap_or_default(), Some(digit))
            }
            _ => (stem.as_str(), None),
        };
        if matches!(stem.as_str(), "conin$" | "conout$") {
            return true;
        }
        // Superscript digits count too.
        let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
        RESERVED.contains(&letters)
            && match digit {
                None => stem.len() == 3 && !matches!(letters, "com" | "lpt"),
                Some(digit) => matches!(letters, "com" | "lpt") && is_digit(digit),
            }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_and_names_are_replaced() {
        for (from, to) in [
            ("Mpro_lb18145-1", "Mpro_lb18145-1"),
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("a/b\\c:d", "a_b_c_d"),
            ("name. . ", "name"),
            ("", "unnamed"),
            ("..", "unnamed"),
            ("NUL.txt", "_NUL.txt"),
            ("com1", "_com1"),
            ("common", "common"),
            ("console", "console"),
            ("tab\tnew\nline", "tab_new_line"),
            // Shown as "axe.pdb" by some programs.
            ("a\u{202e}bdp.exe", "a_bdp.exe"),
        ] {
            assert_eq!(FileName::sanitize(from).as_str(), to, "{from:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_becomes_one_component(text in ".*") {
            let name = FileName::sanitize(&text);
            let path = std::path::Path::new(name.as_str());
            proptest::prop_assert_eq!(path.components().count(), 1);
            proptest::prop_assert!(path.file_name().is_some());
            proptest::prop_assert!(name.as_str().len() <= MAX_BYTES + 1);
        }
    }
}
