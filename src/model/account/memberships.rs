//! The target access strings of which the user is a member, and how that is known.

use crate::model::{Project, Tas, UserInfo};

/// The access strings that the user sees as a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Memberships {
    /// Not known: no user is signed in, or the server does not list them.
    #[default]
    NotKnown,
    /// All of them, as the server lists them (`target_access` of `/api/user/`).
    Listed(Vec<Tas>),
    /// The target access strings that are not open, but visible to this user (`/api/projects/`).
    /// Older servers list no memberships; whether the user is also a member of an open string is unknown.
    Private(Vec<Tas>),
}

impl Memberships {
    /// Reads them from the server's answer about the user.
    pub fn listed(info: &UserInfo) -> Self {
        Self::Listed(info.target_access.clone())
    }

    /// Infers them from the projects that a signed-in user is shown.
    pub fn from_projects(projects: &[Project]) -> Self {
        let private = projects
            .iter()
            .filter(|project| project.open_to_public == Some(false));
        let mut strings: Vec<Tas> = private
            .map(|project| project.target_access_string.clone())
            .collect();
        strings.sort();
        strings.dedup();
        Self::Private(strings)
    }

    /// Returns the target access strings, as far as they are known.
    pub fn strings(&self) -> &[Tas] {
        match self {
            Self::NotKnown => &[],
            Self::Listed(strings) | Self::Private(strings) => strings,
        }
    }
}
