//! The folders of this program. Asked of the system once, at the start, and handed down from there.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::disk::make_private;

/// Where things lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// Settings.
    pub config: PathBuf,
    /// What the program keeps for itself: the journal of downloads.
    pub data: PathBuf,
    /// Where downloads go unless the user chose another place.
    pub downloads: PathBuf,
}

/// The home folder of the user who runs the program.
pub fn home_folder() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

/// Makes the folder of the log, for its owner's eyes only.
///
/// # Errors
/// When the disk refuses.
pub fn make_log_folder(folder: &Path) -> io::Result<()> {
    make_private(folder)
}

impl Folders {
    /// Where the files of the log are.
    pub fn logs(&self) -> PathBuf {
        self.data.join("log")
    }

    /// Everything that the program remembers in one folder: for portable installations, and for tests. Downloads
    /// still go where the user's downloads go.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            config: folder.join("config"),
            data: folder.join("data"),
            ..Self::of_this_user()
        }
    }

    /// The usual folders of the user who runs the program; below the working folder where there is no home.
    pub fn of_this_user() -> Self {
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
