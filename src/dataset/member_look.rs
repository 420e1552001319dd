//! What is recorded about a member of an archive while its bytes are read: whether its contents match its name, how
//! many molecules it contains, for which order it was built.

use serde::{Deserialize, Serialize};

use super::member_kind::COMBINED;

/// Bytes at the beginning that identify a file type: the magic of a CCP4 map is at byte 208.
const HEAD: usize = 512;
/// Longest read-me that is searched.
const README: usize = 256 * 1024;
/// Ends the coordinates and bonds of a molecule.
const MOLECULE_END: &[u8] = b"M  END";
/// Ends a record of an SDF.
const RECORD_END: &[u8] = b"$$$$";

/// The contents of the combined ligand file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CombinedSdf {
    /// Molecules.
    pub(crate) molecules: usize,
    /// Record separators. Servers of 2024 write none, and then other programs read one molecule only.
    pub(crate) ends: usize,
}

/// The order for which an archive was built, according to the read-me of servers of 2026.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderedFor {
    pub(super) title: String,
    pub(super) target_access_string: String,
}

/// Examines one member.
pub(crate) struct MemberInspector<'a> {
    path: &'a str,
    head: Vec<u8>,
    readme: Option<Vec<u8>>,
    lines: Option<LineCounter>,
}

/// Counts lines that end molecules and records, across chunk boundaries.
#[derive(Default)]
struct LineCounter {
    line: Vec<u8>,
    found: CombinedSdf,
}

impl LineCounter {
    fn feed(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            // Only the beginning of a line matters.
            let room = 16_usize.saturating_sub(self.line.len());
            self.line
                .extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
            if part.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let line = self.line.trim_ascii_end();
        self.found.molecules += usize::from(line == MOLECULE_END);
        self.found.ends += usize::from(line == RECORD_END);
        self.line.clear();
    }
}

impl<'a> MemberInspector<'a> {
    pub(crate) fn new(path: &'a str) -> Self {
        Self {
            path,
            head: Vec::new(),
            readme: (path == "README.md").then(Vec::new),
            lines: (!path.contains('/') && path.ends_with(COMBINED)).then(LineCounter::default),
        }
    }

    /// Processes the next bytes.
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len());
        self.head
            .extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or_default());
        if let Some(readme) = &mut self.readme
            && readme.len() + piece.len() <= README
        {
            readme.extend_from_slice(piece);
        }
        if let Some(lines) = &mut self.lines {
            lines.feed(piece);
        }
    }

    /// Returns `true` if the contents do not match the type.
    pub(crate) fn has_type_mismatch(&self) -> bool {
        !self.head.is_empty() && !is_like(self.path, &self.head)
    }

    /// Returns the contents of the combined ligand file, if this is it.
    pub(crate) fn combined(&mut self) -> Option<CombinedSdf> {
        let mut lines = self.lines.take()?;
        lines.end_line();
        Some(lines.found)
    }

    /// Returns for which order the archive was built, if this is the read-me and says so.
    pub(crate) fn order(&self) -> Option<OrderedFor> {
        let text = String::from_utf8_lossy(self.readme.as_deref()?);
        Some(OrderedFor {
            title: json_value(&text, "target_name")?,
            target_access_string: json_value(&text, "target_access_string")?,
        })
    }
}

/// Returns the text after `"key":` in a piece of JSON within other text.
fn json_value(text: &str, key: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("\"{key}\""))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
    values.next()?.ok()
}

/// Returns `true` if a file begins as its type requires. Only what always holds is checked.
pub(crate) fn is_like(path: &str, head: &[u8]) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let Some((_, ending)) = name.rsplit_once('.') else {
        return true;
    };
    match ending {
        "mtz" => head.starts_with(b"MTZ "),
        "gz" | "tgz" => head.starts_with(&[0x1f, 0x8b]),
        "zip" => head.starts_with(b"PK"),
        // A header that ends before its magic is not one.
        "ccp4" => head.get(208..212) == Some(b"MAP "),
        "pdb" | "sdf" | "mol" | "smi" | "cif" => {
            let text = head.trim_ascii_start();
            // Not blank, no picture, no web page, no message.
            !text.is_empty()
                && !head.contains(&0)
                && !text.starts_with(b"<")
                && !text.starts_with(b"{")
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_types_are_recognised_by_their_fixed_bytes() {
        let mut map = vec![1, 0, 0, 0];
        map.resize(208, 0);
        map.extend(b"MAP DA\0\0");
        assert!(is_like("a/a_event.ccp4", &map));
        assert!(is_like("a/a.mtz", b"MTZ \0\0"));
        assert!(is_like("a/a.pdb", b"HEADER"));
        assert!(is_like("README", b"\0"));
        for (path, head) in [
            ("a/a_event.ccp4", &b"HEADER"[..]),
            ("a/a.mtz", b"HEADER"),
            ("a/a.pdb", &map),
            ("a/a.sdf", b"\n<html>"),
            ("a/a.smi", b"\n"),
            ("a/a.sdf", b"{\"detail\": \"no\"}"),
            ("a/a.pdb", b" \r\n\n"),
        ] {
            assert!(!is_like(path, head), "{path}");
        }
    }

    #[test]
    fn molecules_are_counted_across_chunk_boundaries() {
        let text = b"a\n  x\n\nM  END\r\nb\nM  END\n$$$$\nc\nM  END";
        for size in 1..text.len() {
            let mut look = MemberInspector::new("A_combined.sdf");
            text.chunks(size).for_each(|piece| look.feed(piece));
            let found = look.combined().unwrap();
            assert_eq!((found.molecules, found.ends), (3, 1), "{size}");
        }
    }

    #[test]
    fn the_read_me_says_what_the_archive_was_built_for() {
        let mut look = MemberInspector::new("README.md");
        look.feed(b"# x\n```json\n{\"target_name\": \"A\", \"proteins\": \"\", \"target_access_string\": \"lb1-1\"}\n```\n");
        let order = look.order().unwrap();
        assert_eq!(
            (order.title.as_str(), order.target_access_string.as_str()),
            ("A", "lb1-1")
        );
        let mut look = MemberInspector::new("README.md");
        look.feed(b"# nothing of the kind");
        assert_eq!(look.order(), None);
    }
}
