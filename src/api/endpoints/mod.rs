//! One file per endpoint: its requests, and what its answers mean.

pub(super) mod access_string;
pub(super) mod compounds;
pub(super) mod experiments;
pub(super) mod handles;
pub(super) mod images;
pub(super) mod landing;
pub(super) mod lookups;
pub(super) mod media;
pub(super) mod observations;
pub(super) mod plain_svg;
pub(super) mod release;
pub(super) mod services;
pub(super) mod session;
pub(super) mod sites;
pub(super) mod statistics;
pub(super) mod structures;
pub(super) mod targets;
pub(super) mod tasks;
pub(super) mod uploads;
pub(super) mod user;
