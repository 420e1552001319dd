//! A download and its stages.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    api::ArchiveHandle,
    dataset,
    disk::stored_path,
    model::{DownloadRequest, FileName, MediaFile},
};

/// What happens to a folder that exists where the result goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnExisting {
    /// It stays, and the result gets a name of its own: `… (2)`.
    #[default]
    Beside,
    /// The result takes its name; the folder is renamed.
    Update,
}

/// What to download, and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The request.
    pub request: DownloadRequest,
    /// The folder in which the result gets a folder of its own. Made if missing.
    #[serde(with = "stored_path")]
    pub parent: PathBuf,
    /// Whether the files are unpacked.
    pub unpack: bool,
    /// Whether the archive itself is kept. At least one of the two is always done.
    pub keep_archive: bool,
    /// Whether it is fetched in parts, each of which is kept once it is complete.
    #[serde(default)]
    pub in_parts: bool,
    /// What happens to an existing folder.
    #[serde(default)]
    pub placing: OnExisting,
    /// The link of an earlier build, which is fetched instead of a new one. A secret: never saved.
    #[serde(skip)]
    pub link: Option<ArchiveHandle>,
    /// A single file that is fetched instead of an archive, as it is on the server.
    #[serde(default)]
    pub file: Option<MediaFile>,
    /// A folder to update: what has not changed is reused from it.
    #[serde(default, with = "stored_path::optional")]
    pub renews: Option<PathBuf>,
}

impl Job {
    /// Creates a job for all files of a request, unpacked, in a folder of their own.
    pub fn new(request: DownloadRequest, parent: PathBuf) -> Self {
        Self {
            request,
            parent,
            unpack: true,
            keep_archive: false,
            in_parts: false,
            placing: OnExisting::Beside,
            link: None,
            file: None,
            renews: None,
        }
    }

    /// Returns `true` if archives are to be kept.
    pub(super) fn keeps_archive(&self) -> bool {
        self.keep_archive || !self.unpacks()
    }

    /// Returns `true` if there is anything to unpack, and it is to be unpacked.
    pub(super) fn unpacks(&self) -> bool {
        self.unpack && self.file.is_none()
    }

    /// Returns the name of the result: the whole name of a folder, or the name of a file without its extension.
    pub(super) fn name(&self) -> FileName {
        if let Some(file) = &self.file {
            let name = file.name();
            let stem = Path::new(name.as_str()).file_stem().unwrap_or_default();
            return FileName::sanitize(&stem.to_string_lossy());
        }
        // A folder keeps the name that the user has given it.
        match self.renews.as_deref().and_then(Path::file_name) {
            Some(name) => FileName::sanitize(&name.to_string_lossy()),
            None => dataset::folder_name(&self.request.target),
        }
    }

    /// Returns the extension of a single file, with its dot.
    pub(super) fn ending(&self) -> String {
        let name = self.file.as_ref().map(MediaFile::name);
        let name = name.as_ref().map_or("", FileName::as_str);
        let ending = Path::new(name).extension().unwrap_or_default();
        if ending.is_empty() {
            String::new()
        } else {
            format!(".{}", ending.to_string_lossy())
        }
    }
}

/// Which part of a download that is fetched in parts; the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

/// What a download is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Waiting for another download to finish.
    Waiting,
    /// Asking the server.
    Asking,
    /// The server is too busy, or slow, or unreachable; asking again later.
    WaitingForServer {
        /// Why, in words.
        reason: String,
    },
    /// The server has accepted the request; it is not known yet whether it has started building.
    Ordered,
    /// The server builds the archive.
    Building {
        /// The server's own words.
        message: Option<String>,
        /// How much is done, from 0 to 1, where the server says so.
        fraction: Option<f32>,
    },
    /// The archive is arriving. If its format allows, it is checked and unpacked at the same time.
    Receiving {
        /// Bytes so far.
        received: u64,
        /// Bytes in all, where the server says so.
        total: Option<u64>,
    },
    /// Every file is checked.
    Checking {
        /// Files checked so far.
        files: usize,
    },
    /// Files are written.
    Unpacking {
        /// Files written so far.
        files: usize,
        /// Files in all.
        total: usize,
    },
    /// Parts are merged, and what arrived is compared with what was requested.
    Reporting,
}

impl Stage {
    /// Returns the name of the stage on screen.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Asking => "Asking the server",
            Self::WaitingForServer { .. } => "Waiting for the server",
            Self::Ordered => "Requested",
            Self::Building { .. } => "Being built by the server",
            Self::Receiving { .. } => "Receiving",
            Self::Checking { .. } => "Checking",
            Self::Unpacking { .. } => "Unpacking",
            Self::Reporting => "Writing the report",
        }
    }

    /// Returns how much of the stage is done, from 0 to 1, if that can be known.
    pub fn fraction(&self) -> Option<f32> {
        match self {
            Self::Building { fraction, .. } => *fraction,
            _ => self
                .amount()
                .map(|(done, total)| done as f32 / total as f32),
        }
    }

    /// Returns how much is done and the total, if they can be known; the total is never 0.
    pub fn amount(&self) -> Option<(u64, u64)> {
        let (done, total) = match self {
            Self::Building {
                fraction: Some(fraction),
                ..
            } => (thousandths(*fraction), 1000),
            Self::Receiving {
                received,
                total: Some(total),
            } => (*received, *total),
            Self::Unpacking { files, total } => (*files as u64, *total as u64),
            Self::Waiting
            | Self::Asking
            | Self::WaitingForServer { .. }
            | Self::Ordered
            | Self::Building { .. }
            | Self::Receiving { .. }
            | Self::Checking { .. }
            | Self::Reporting => return None,
        };
        (total > 0).then_some((done, total))
    }

    /// Returns `true` if the two are the same stage, whatever their progress.
    pub(super) fn is_same_step(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0 to 1000"
)]
fn thousandths(fraction: f32) -> u64 {
    (fraction.clamp(0.0, 1.0) * 1000.0) as u64
}

#[cfg(test)]
impl Job {
    /// All of a target `A (lb1-1)`, for tests that look at what is done with a job.
    pub(super) fn sample(parent: &Path) -> Self {
        use crate::model::{FileSelection, TargetKey, Tas};
        let request = DownloadRequest {
            target: TargetKey {
                title: "A".to_owned(),
                tas: Tas::new("lb1-1"),
            },
            codes: Vec::new(),
            files: FileSelection::default(),
            static_link: false,
        };
        Self::new(request, parent.to_owned())
    }
}
