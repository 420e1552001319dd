//! The folders of this program. Asked of the system once, at the start, and handed down from there.

use std::path::PathBuf;

/// Where things lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// Settings.
    pub config: PathBuf,
    /// Where downloads go unless the user chose another place.
    pub downloads: PathBuf,
}

impl Folders {
    /// The usual folders of the user who runs the program; below the working folder where there is no home.
    pub fn of_this_user() -> Self {
        let config = directories::ProjectDirs::from("", "", "fragalysis-desktop").map_or_else(
            || PathBuf::from(".fragalysis-desktop"),
            |dirs| dirs.config_dir().to_owned(),
        );
        let downloads = directories::UserDirs::new().map_or_else(
            || PathBuf::from("Fragalysis"),
            |dirs| {
                dirs.download_dir()
                    .unwrap_or_else(|| dirs.home_dir())
                    .join("Fragalysis")
            },
        );
        Self { config, downloads }
    }
}
