//! Servers, users, tokens and what they may do.

pub(super) mod address;
pub(super) mod memberships;
pub(super) mod proxy;
pub(super) mod release;
pub(super) mod secret;
pub(super) mod services;
pub(super) mod statistics;
pub(super) mod user;
