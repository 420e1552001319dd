//! A stand-in for Fragalysis: a real server on a loopback port with invented data.
//!
//! It ships in the program, because newcomers, courses and every test need one. It answers as recorded servers of its
//! generation do, including statuses, bodies, headers and quirks, and misbehaves on request ([`Faults`]).

mod analysis_status;
mod archive;
mod archive_writer;
mod builds;
mod chemistry;
mod content_negotiation;
mod drawing;
mod every_request;
mod faults;
mod files;
mod history;
mod large_world;
mod lists;
mod maps;
mod media;
mod misleading_archives;
mod options;
mod orders;
mod other_host;
mod pages;
mod paging;
mod records;
mod routes;
mod server;
mod sessions;
mod shared;
mod site_lists;
mod sites;
mod structures;
mod transfer;
mod uploads;
mod virtual_rows;
mod world;

pub use archive::Member;
pub use faults::{ArchiveLie, BrokenList, Faults, HostileMember, StatisticsFault};
pub use options::{DemoOptions, DemoSecrets, StandIn};
pub use server::DemoServer;
pub use sessions::{AGEING, ALICE, BOB, STATISTICS_KEY};
pub use world::World;

/// Which generation of the server is imitated (server-api 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// October 2024: the order waits for the zip; no token or user endpoint; a third of the fields.
    G2024,
    /// October 2025: builds run in the background, tar.gz, token and user endpoints; no single file types.
    G2025,
    /// July 2026 and later: single file types, a busy answer, failures with reasons.
    G2026,
}

impl Generation {
    /// All of them, oldest first.
    pub const ALL: [Self; 3] = [Self::G2024, Self::G2025, Self::G2026];

    /// Returns the year as text.
    pub fn name(self) -> &'static str {
        match self {
            Self::G2024 => "2024",
            Self::G2025 => "2025",
            Self::G2026 => "2026",
        }
    }

    /// Finds a generation by its year.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|generation| generation.name() == name)
    }
}
