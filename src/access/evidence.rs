//! What is known, and what was looked at on the way to the cause.

use super::{Verdict, WhyStep};
use crate::{
    api::{SessionState, TasStatus},
    model::{Target, Tas, UserInfo},
};

/// What is known of an answer of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// The answer.
    Yes(T),
    /// The server has no such answer.
    NotOffered,
    /// The answer is still awaited.
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

/// The answers from which the cause is decided.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The state of the session.
    pub session: SessionState,
    /// What the server says of the user.
    pub user: Known<&'a UserInfo>,
    /// The targets that the server shows to this user now.
    pub targets: Known<&'a [Target]>,
    /// What the server says of the access string in question; `None` if it was not asked.
    pub tas: Option<TasStatus>,
}

/// The search for a cause, with its findings so far.
pub(super) struct Inquiry<'a> {
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) steps: Vec<WhyStep>,
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
        self.steps.push(WhyStep {
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
