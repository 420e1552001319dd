//! The journal of downloads: a small file for each, and beside it a lock that says which running copy of the program
//! owns it.

use std::{
    collections::HashMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{
    dataset::JobId,
    disk::{make_private, read_own, write_private},
    downloads::{Claim, Journal, SavedJob},
};

/// The folder with the records.
#[derive(Debug)]
pub struct JournalFolder {
    folder: PathBuf,
    /// The number of the newest record of each download.
    newest: Mutex<HashMap<JobId, u64>>,
}

impl JournalFolder {
    /// Creates the journal below the program's own folder; neither needs to exist.
    pub fn in_folder(data: &Path) -> Self {
        Self {
            folder: data.join("queue"),
            newest: Mutex::default(),
        }
    }

    fn note_of(&self, id: JobId) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn lock_path(&self, id: JobId) -> PathBuf {
        self.folder.join(format!("{id}.lock"))
    }

    /// Returns the records that can be read. An unreadable one is moved aside, so that it is neither lost nor in the
    /// way.
    fn read(&self) -> Vec<SavedJob> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut records: Vec<SavedJob> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .filter_map(|path| {
                let read = read_own(&path).ok()?;
                match serde_json::from_slice(&read) {
                    Ok(record) => Some(record),
                    Err(error) => {
                        tracing::warn!(%error, "the record of a download cannot be read");
                        fs::rename(&path, path.with_extension("unreadable")).ok();
                        None
                    }
                }
            })
            .collect();
        records.sort_by_key(|record| (record.rank, record.id));
        records
    }

    fn read_one(&self, id: JobId) -> Option<SavedJob> {
        serde_json::from_slice(&read_own(&self.note_of(id)).ok()?).ok()
    }

    /// Runs `write` unless a newer record has been written.
    fn in_order(
        &self,
        id: JobId,
        number: u64,
        write: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let last = newest.entry(id).or_default();
        if number < *last {
            return Ok(());
        }
        *last = number;
        write()
    }
}

impl Journal for JournalFolder {
    fn claim(&self, id: JobId) -> io::Result<Option<Claim>> {
        make_private(&self.folder)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.lock_path(id))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Claim::new(Lock(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn claim_all(&self) -> Vec<(SavedJob, Claim)> {
        let records = self.read().into_iter();
        records
            .filter_map(|record| match self.claim(record.id) {
                // The previous owner may have ended it in the meantime.
                Ok(Some(claim)) => Some((self.read_one(record.id)?, claim)),
                Ok(None) => None,
                Err(error) => {
                    tracing::warn!(%error, "a download could not be claimed");
                    None
                }
            })
            .collect()
    }

    fn why_unread(&self) -> Option<(PathBuf, io::Error)> {
        match fs::read_dir(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Some((self.folder.clone(), error))
            }
            Ok(_) | Err(_) => None,
        }
    }

    fn records(&self) -> Vec<SavedJob> {
        self.read()
    }

    fn all(&self) -> Vec<(SavedJob, bool)> {
        let records = self.read().into_iter();
        records
            .map(|record| {
                let is_elsewhere = matches!(self.claim(record.id), Ok(None));
                (record, is_elsewhere)
            })
            .collect()
    }

    fn unreadable_records(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        paths
            .filter(|path| {
                path.extension()
                    .is_some_and(|ending| ending == "unreadable")
            })
            .collect()
    }

    fn note(&self, record: &SavedJob, number: u64) -> io::Result<()> {
        self.in_order(record.id, number, || {
            make_private(&self.folder)?;
            write_private(&self.note_of(record.id), |file| {
                Ok(serde_json::to_writer_pretty(file, record)?)
            })
        })
    }

    fn forget(&self, id: JobId, number: u64) -> io::Result<()> {
        self.in_order(id, number, || {
            // Once the record is gone, the lock is no longer needed.
            fs::remove_file(self.lock_path(id)).ok();
            match fs::remove_file(self.note_of(id)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            }
        })
    }
}

/// A lock. Its file stays until the download is forgotten: one that is removed while another process waits for it
/// would be held twice.
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.unlock().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        downloads::{Job, SavedStatus},
        model::{DownloadRequest, Preset, TargetKey, Tas},
    };

    fn record(id: u64, rank: i64) -> SavedJob {
        SavedJob {
            id: JobId(id),
            rank,
            job: Job {
                request: DownloadRequest {
                    target: TargetKey {
                        title: "Mpro".to_owned(),
                        tas: Tas::new("lb18145-1"),
                    },
                    codes: vec!["a".to_owned()],
                    files: Preset::Structures.files(),
                    static_link: false,
                },
                parent: "/data".into(),
                unpack: true,
                keep_archive: false,
                in_parts: true,
                placing: crate::downloads::OnExisting::Beside,
                link: None,
                file: None,
                renews: None,
            },
            server: "https://fragalysis.example.org".to_owned(),
            user: Some("alice".to_owned()),
            what: "all".to_owned(),
            noted: SavedStatus::Open,
        }
    }

    #[test]
    fn records_are_claimed_in_order_and_by_one_copy_only() {
        let home = tempfile::tempdir().unwrap();
        let first = JournalFolder::in_folder(home.path());
        first.note(&record(1, 5), 1).unwrap();
        first.note(&record(2, 3), 1).unwrap();
        let claims = first.claim_all();
        let ids: Vec<u64> = claims.iter().map(|(record, _)| record.id.0).collect();
        assert_eq!(ids, [2, 1]);
        let second = JournalFolder::in_folder(home.path());
        assert!(
            second.claim_all().is_empty(),
            "two copies have one download"
        );
        assert!(second.all().iter().all(|(_, is_elsewhere)| *is_elsewhere));
        drop(claims);
        assert_eq!(second.claim_all().len(), 2);
    }

    /// The words of a record are a format: downloads that an earlier version has paused must be found.
    #[test]
    fn the_words_of_a_record_stay_the_same() {
        let json = serde_json::to_string(&record(1, 5)).unwrap();
        for word in ["\"placing\":\"beside\"", "\"noted\":\"open\""] {
            assert!(json.contains(word), "{word} in {json}");
        }
    }

    #[test]
    fn an_older_note_never_replaces_a_newer_one() {
        let home = tempfile::tempdir().unwrap();
        let journal = JournalFolder::in_folder(home.path());
        journal.forget(JobId(1), 7).unwrap();
        journal.note(&record(1, 5), 6).unwrap();
        assert!(journal.claim_all().is_empty());
        journal.note(&record(1, 5), 8).unwrap();
        assert_eq!(journal.claim_all().len(), 1);
    }

    #[test]
    fn an_unreadable_record_is_moved_aside() {
        let home = tempfile::tempdir().unwrap();
        let journal = JournalFolder::in_folder(home.path());
        journal.note(&record(1, 5), 1).unwrap();
        fs::write(home.path().join("queue/0000000000002.json"), "{half").unwrap();
        assert_eq!(journal.claim_all().len(), 1);
        assert!(home.path().join("queue/0000000000002.unreadable").exists());
    }
}
