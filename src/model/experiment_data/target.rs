//! Targets, the projects that control access to them, and the uploads that created them.

use serde::{Deserialize, Serialize};

use crate::model::{Integer, Link, ProjectId, TargetId, Tas, Text, TimestampText, or_none};

/// What identifies a target: the same title may exist under several target access strings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TargetKey {
    /// The title, which the server expects in requests.
    pub title: String,
    /// The target access string it was uploaded under.
    pub tas: Tas,
}

/// A protein that was screened, with what is known about who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The server's number for it.
    pub id: TargetId,
    /// Title and target access string.
    pub key: TargetKey,
    /// The name to show; the title where the server has no other.
    pub display_name: String,
    /// Whether it is public; `None` if the server did not say.
    pub open: Option<bool>,
}

/// A row of `/api/projects/`: one target access string.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Project {
    /// The server's number for it.
    pub id: ProjectId,
    /// Its target access string.
    pub target_access_string: Tas,
    /// Whether its data are public.
    #[serde(default, deserialize_with = "or_none")]
    pub open_to_public: Option<bool>,
}

/// A row of `/api/target_experiment_uploads/`, of either shape (2024: `file`; 2026: `tarball`, no id).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Upload {
    /// The server's number for it; not reported by servers of 2026.
    #[serde(default)]
    pub id: Integer,
    /// The target it belongs to.
    pub target: TargetId,
    /// The number of the upload among those of its target.
    #[serde(default)]
    pub upload_version: Integer,
    /// When it was committed.
    #[serde(default)]
    pub commit_datetime: TimestampText,
    /// The uploaded file; the server's address of it is not always right.
    #[serde(default, alias = "file")]
    pub tarball: Link,
    /// Major version of the data (2026).
    #[serde(default)]
    pub data_version_major: Integer,
    /// Who uploaded it (2026).
    #[serde(default)]
    pub committer_name: Text,
}

impl std::fmt::Display for TargetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.title, self.tas)
    }
}
