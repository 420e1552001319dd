//! Compares a folder with what its record says.

use std::{collections::BTreeSet, fs, io, path::Path, sync::atomic::AtomicBool};

use super::{names::MANIFEST, record::Record};
use crate::disk::{self, FileError, walk_but};

/// Files and folders that systems and network drives leave in folders that were opened. In lower case. What Coot
/// leaves is the user's work.
const LITTER: [&str; 16] = [
    ".appledouble",
    ".apdisk",
    ".directory",
    ".ds_store",
    ".fseventsd",
    ".localized",
    ".snapshot",
    ".spotlight-v100",
    ".temporaryitems",
    ".trashes",
    "$recycle.bin",
    "@eadir",
    "desktop.ini",
    "icon\r",
    "lost+found",
    "system volume information",
];
/// Prefixes of such names: `AppleDouble`, Office, `LibreOffice`, Emacs, NFS, FUSE, Samba, GNOME, the bins of Linux,
/// previews of Windows.
const LITTER_PREFIXES: [&str; 12] = [
    "._",
    "~$",
    "~wrl",
    ".~lock.",
    ".#",
    ".nfs",
    ".fuse_hidden",
    ".smbdelete",
    ".goutputstream-",
    ".trash-",
    "ehthumbs",
    "thumbs.db",
];
/// Suffix of such names: the swap file that an editor keeps beside an open file.
const LITTER_SUFFIX: &str = ".swp";

/// Returns `true` if a file or folder was made by the system or by a program, and not by the user.
fn is_litter(name: &str) -> bool {
    let name = name.to_lowercase();
    LITTER.contains(&name.as_str())
        || LITTER_PREFIXES.iter().any(|start| name.starts_with(start))
        || name.ends_with(LITTER_SUFFIX)
}

/// What has changed since the download. Paths within the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalChanges {
    /// Files with different contents.
    pub changed: Vec<String>,
    /// Files that no longer exist.
    pub missing: Vec<String>,
    /// Not from the download: the user has added them.
    pub own: Vec<String>,
}

impl LocalChanges {
    /// Returns `true` if nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.own.is_empty()
    }

    /// Returns the summary on screen: `2 files changed, 1 missing, 3 of your own`.
    pub fn words(&self) -> String {
        let counts = [
            (self.changed.len(), "changed"),
            (self.missing.len(), "missing"),
            (self.own.len(), "of your own"),
        ];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .enumerate()
            .map(|(at, (count, word))| {
                let files = if count == 1 { " file" } else { " files" };
                format!("{count}{} {word}", if at == 0 { files } else { "" })
            })
            .collect();
        parts.join(", ")
    }
}

/// Compares names and lengths only.
pub(super) fn by_hand(folder: &Path, record: &Record) -> Result<LocalChanges, FileError> {
    let mut by_hand = LocalChanges {
        own: others_in(folder, record)?,
        ..LocalChanges::default()
    };
    for file in &record.files {
        let path = folder.join(&file.path);
        match fs::metadata(&path) {
            Ok(data) if data.is_file() && data.len() == file.bytes => {}
            Ok(_) => by_hand.changed.push(file.path.clone()),
            Err(error) if is_absent(&error) => by_hand.missing.push(file.path.clone()),
            Err(error) => return Err(FileError::from_read(&path, error)),
        }
    }
    Ok(by_hand)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Reads every byte of a folder and compares it with what was downloaded. `on_file` is called with the number of
/// files done and the total. Returns `None` if there is no record of what was downloaded.
///
/// # Errors
/// When the folder cannot be read, and [`FileError::Cancelled`].
pub fn verify_dataset(
    folder: &Path,
    cancelled: &AtomicBool,
    on_file: &dyn Fn(usize, usize),
) -> Result<Option<LocalChanges>, FileError> {
    let Some(record) = Record::of(folder)? else {
        return Ok(None);
    };
    let mut by_hand = by_hand(folder, &record)?;
    let is_known: BTreeSet<String> = by_hand
        .changed
        .iter()
        .chain(&by_hand.missing)
        .cloned()
        .collect();
    for (at, file) in record.files.iter().enumerate() {
        on_file(at, record.files.len());
        if is_known.contains(&file.path) {
            continue;
        }
        let path = folder.join(&file.path);
        if !disk::has_digest(&path, file.bytes, &file.sha256, cancelled)? {
            by_hand.changed.push(file.path.clone());
        }
    }
    by_hand.changed.sort();
    Ok(Some(by_hand))
}

/// Files in a folder that its record does not name.
pub(crate) fn others_in(folder: &Path, record: &Record) -> Result<Vec<String>, FileError> {
    let known: BTreeSet<&str> = record.files.iter().map(|file| file.path.as_str()).collect();
    let mut own = Vec::new();
    for entry in walk_but(folder, is_litter) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            continue;
        }
        let inner = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let names = inner.iter().map(|name| name.to_string_lossy());
        let within = names.collect::<Vec<_>>().join("/");
        let is_listed = within == MANIFEST || known.contains(within.as_str());
        if !is_listed {
            own.push(within);
        }
    }
    own.sort();
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_left_by_the_system_are_not_the_users() {
        for litter in [
            "THUMBS.DB",
            "Thumbs.db:encryptable",
            "._m0055a",
            ".fuse_hidden0001",
            "@eaDir",
            ".Trash-1000",
            "$RECYCLE.BIN",
            "System Volume Information",
            ".~lock.metadata.csv#",
            ".notes.txt.swp",
            ".goutputstream-ABC",
        ] {
            assert!(is_litter(litter), "{litter}");
        }
        for own in [
            "notes.txt",
            "my~file.pdb",
            "thumbs",
            "trash",
            "0-coot.state.scm",
            "a.txt~",
        ] {
            assert!(!is_litter(own), "{own}");
        }
    }
}
