//! The folders of this program. Looked up once at the start and passed on from there.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::disk::make_private;

/// The folders of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// Settings.
    pub config: PathBuf,
    /// The program's own data, such as the journal of downloads.
    pub data: PathBuf,
    /// Where downloads are saved unless the user chose another folder.
    pub downloads: PathBuf,
}

/// Returns the home folder of the user, or `None` if it is unknown.
pub fn home_folder() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

/// Creates the folder of the log, readable by its owner only.
///
/// # Errors
/// When the disk refuses.
pub fn make_log_folder(folder: &Path) -> io::Result<()> {
    make_private(folder)
}

impl Folders {
    /// Returns the folder of the log files.
    pub fn logs(&self) -> PathBuf {
        self.data.join("log")
    }

    /// Puts everything that the program remembers into one folder: for portable installations, and for tests.
    /// Downloads are still saved in the user's download folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            config: folder.join("config"),
            data: folder.join("data"),
            ..Self::for_current_user()
        }
    }

    /// Returns the usual folders of the current user; below the working folder if there is no home folder.
    pub fn for_current_user() -> Self {
        let dirs = directories::ProjectDirs::from("", "", "fragalysis-desktop");
        let (config, data) = dirs.map_or_else(
            || {
                let own = PathBuf::from(".fragalysis-desktop");
                (own.clone(), own)
            },
            |dirs| {
                (
                    dirs.config_dir().to_owned(),
                    dirs.data_local_dir().to_owned(),
                )
            },
        );
        let downloads = directories::UserDirs::new().map_or_else(
            || PathBuf::from("Fragalysis"),
            |dirs| {
                dirs.download_dir()
                    .unwrap_or_else(|| dirs.home_dir())
                    .join("Fragalysis")
            },
        );
        Self {
            config,
            data,
            downloads,
        }
    }
}
