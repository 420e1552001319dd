//! What the server says about targets, experiments and observations.

pub(super) mod compound;
pub(super) mod crystal;
pub(super) mod experiment;
pub(super) mod ids;
pub(super) mod lookups;
pub(super) mod media;
pub(super) mod observation;
pub(super) mod rows;
pub(super) mod shortfalls;
pub(super) mod site;
pub(super) mod sites;
pub(super) mod target;
pub(super) mod tas;
