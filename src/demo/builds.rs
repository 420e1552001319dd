//! What was ordered from the demo server, and what was built for it.

use std::{collections::BTreeSet, time::Instant};

use crate::model::FileKind;

/// An archive that was ordered.
#[derive(Debug)]
pub(super) struct Build {
    pub(crate) id: String,
    pub(crate) order: Order,
    pub(crate) file_name: String,
    pub(crate) begun: Instant,
    pub(crate) bytes: bytes::Bytes,
    /// How often it was fetched.
    pub(crate) sent: usize,
}

/// All orders so far, and which one-time faults have occurred.
#[derive(Debug, Default)]
pub(super) struct Builds {
    pub(super) list: Vec<Build>,
    pub(crate) busy_told: bool,
    pub(crate) expired_told: bool,
    /// The codes of every order so far.
    pub(super) ordered: Vec<Vec<String>>,
    /// Single files that were fetched so far.
    pub(super) files: BTreeSet<String>,
}

impl Build {
    /// Returns the server-side path of the archive, which is also the secret that gives access to it.
    pub(super) fn handle(&self) -> String {
        format!("/code/media/downloads/{}/{}", self.id, self.file_name)
    }

    pub(crate) fn task(&self) -> String {
        format!("/viewer/task_status/{}/", self.id)
    }
}

/// An order that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) wanted: Wanted,
    pub(super) title: String,
    pub(super) project: i64,
    /// Whether its contents are public.
    pub(super) is_open: bool,
    /// Whether the archive is to be permanent.
    pub(super) is_static: bool,
}

/// What an accepted order asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) target: i64,
    /// Ids of observations.
    pub(super) observations: Vec<i64>,
    pub(super) kinds: Vec<FileKind>,
}
