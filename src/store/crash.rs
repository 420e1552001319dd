//! Crash reports, so that the next start can show them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::disk::{make_private, write_private};

const PREFIX: &str = "crash-";
/// Longer reports are truncated, so that they fit into an e-mail.
const LONGEST: usize = 200_000;

/// A crash report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Writes a report into the program's own folder.
///
/// # Errors
/// When the disk refuses.
pub fn write_crash(data: &Path, at: &jiff::Zoned, text: &str) -> io::Result<PathBuf> {
    make_private(data)?;
    let name = at.strftime("%Y-%m-%d-%H%M%S");
    let path = data.join(format!("{PREFIX}{name}.txt"));
    write_private::<io::Error>(&path, |file| io::Write::write_all(file, text.as_bytes()))?;
    Ok(path)
}

/// Returns the newest report that has not been dealt with.
pub fn newest_crash(data: &Path) -> Option<Crash> {
    let path = crashes(data).pop()?;
    let text = fs::read(&path).ok()?;
    let end = text.len().min(LONGEST);
    let text = String::from_utf8_lossy(text.get(..end)?).into_owned();
    Some(Crash { path, text })
}

/// Removes all reports.
///
/// # Errors
/// When the disk refuses.
pub fn forget_crashes(data: &Path) -> io::Result<()> {
    crashes(data).iter().try_for_each(fs::remove_file)
}

/// Returns the paths of the crash reports, oldest first.
fn crashes(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.strip_prefix(PREFIX)
                .is_some_and(|rest| rest.strip_suffix(".txt").is_some())
        })
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_report_is_found_and_all_are_forgotten_together() {
        let home = tempfile::tempdir().unwrap();
        let at = |text: &str| text.parse::<jiff::Zoned>().unwrap();
        assert_eq!(newest_crash(home.path()), None);
        write_crash(home.path(), &at("2026-11-23T10:42:00+00:00[UTC]"), "first").unwrap();
        write_crash(home.path(), &at("2026-11-24T09:00:00+00:00[UTC]"), "second").unwrap();
        fs::write(home.path().join("other.txt"), "stays").unwrap();
        assert_eq!(newest_crash(home.path()).unwrap().text, "second");
        forget_crashes(home.path()).unwrap();
        assert_eq!(newest_crash(home.path()), None);
        assert!(home.path().join("other.txt").exists());
    }
}
