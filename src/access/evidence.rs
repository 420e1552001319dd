//! What is known, and what has been checked so far.

use super::{Check, Verdict};
use crate::{
    api::{SessionState, TasStatus},
    model::{Target, Tas, UserInfo},
};

/// What is known about one of the server's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// The answer.
    Yes(T),
    /// The server has no such answer.
    NotOffered,
    /// The request is still running.
    Loading,
    /// The request failed.
    Failed,
}

impl<T: Copy> Known<T> {
    /// Returns the answer, or `None` if there is none.
    pub(super) fn get(&self) -> Option<T> {
        match self {
            Self::Yes(value) => Some(*value),
            Self::NotOffered | Self::Loading | Self::Failed => None,
        }
    }
}

/// The answers that the cause is derived from.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The state of the session.
    pub session: SessionState,
    /// What the server says of the user.
    pub user: Known<&'a UserInfo>,
    /// The targets that the server shows to this user now.
    pub targets: Known<&'a [Target]>,
    /// What the server says about the access string in question; `None` if it was not asked.
    pub tas: Option<TasStatus>,
}

/// The search for a cause, with its findings so far.
pub(super) struct Inquiry<'a> {
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) steps: Vec<Check>,
    pub(super) open_question: Option<Tas>,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(evidence: &'a Evidence<'a>) -> Self {
        Self {
            evidence,
            steps: Vec::new(),
            open_question: None,
        }
    }

    pub(super) fn note(&mut self, finding: impl Into<String>, verdict: Verdict) {
        self.steps.push(Check {
            finding: finding.into(),
            verdict,
        });
    }

    pub(super) fn targets(&self) -> &'a [Target] {
        self.evidence.targets.get().unwrap_or_default()
    }

    /// Returns the titles of the targets that the user sees under an access string.
    pub(super) fn titles_under(&self, tas: &Tas) -> Vec<String> {
        let under = self
            .targets()
            .iter()
            .filter(|target| target.key.tas == *tas);
        under.map(|target| target.key.title.clone()).collect()
    }
}
