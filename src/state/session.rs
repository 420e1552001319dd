//! Who the user is on which server, as verified.

use std::{
    collections::{BTreeMap, HashSet},
    hash::RandomState,
};

use crate::{
    api::{ApiResult, Client, ClientOptions},
    model::{ErrorKind, Problem, ServerAddress, SessionToken},
};

pub use crate::api::SessionState;

/// A session with a server, as a user or as a visitor.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) client: Client,
    /// Distinguishes this session from earlier and later ones.
    pub(super) number: u64,
    /// A hash of the token, so that the same one is recognised; reveals nothing about it.
    pub(super) token_hash: Option<u64>,
    /// The server.
    pub server: ServerAddress,
    /// The state of the session.
    pub state: SessionState,
    /// The user's name, if the server reports it.
    pub user: Option<String>,
    /// Why the session is not valid.
    pub problem: Option<Problem>,
    /// When it was last verified.
    pub proven: jiff::Zoned,
}

/// The current session, those with other servers, and the tokens that were accepted in this run.
#[derive(Default)]
pub(super) struct Sessions {
    /// The session; `None` before the first one.
    pub(super) current: Option<Session>,
    /// Sessions with other servers, by address, to return to.
    pub(super) others: BTreeMap<String, Session>,
    /// Hashes of the tokens that were accepted in this run.
    pub(super) proven: HashSet<u64>,
    /// Seeds the hashes; different in every run.
    pub(super) marks: RandomState,
    /// The number of the newest session.
    pub(super) last_number: u64,
    /// How often what is on screen has changed its owner: to another user, or another server.
    pub(super) changes_of_owner: u64,
}

impl Sessions {
    /// Returns a number that no session of this run has had.
    pub(super) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }
}

impl Session {
    /// Verifies a session. Nothing on screen may change before this has succeeded. `was_proven` says that this
    /// program has seen the token accepted before.
    pub(super) async fn verify(
        client: Client,
        mark: Option<u64>,
        was_proven: bool,
        clock: fn() -> jiff::Zoned,
    ) -> Result<Self, Problem> {
        let check = client.check_session(was_proven).await;
        if let Some(problem) = check.obstacle(client.has_token()) {
            return Err(problem.clone());
        }
        Ok(Self {
            number: 0,
            token_hash: mark,
            server: client.server().clone(),
            state: check.state,
            user: check.user,
            problem: None,
            proven: clock(),
            client,
        })
    }

    /// Creates a visitor's session with a server that could not be reached. Nothing about it is verified.
    pub(super) fn offline(client: Client, problem: Problem, at: jiff::Zoned) -> Self {
        Self {
            number: 0,
            token_hash: None,
            server: client.server().clone(),
            state: SessionState::Unreachable,
            user: None,
            problem: Some(problem),
            proven: at,
            client,
        }
    }

    /// Returns the number that distinguishes this session from earlier and later ones.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns `true` if it is a user's and not a visitor's, whatever its state is now.
    pub fn has_token(&self) -> bool {
        self.token_hash.is_some()
    }

    /// Returns `true` if the server recognises the user, as far as is known.
    pub fn is_signed_in(&self) -> bool {
        self.state == SessionState::SignedIn
    }

    /// Returns `true` if the server has said that it no longer accepts the token.
    pub fn has_ended(&self) -> bool {
        self.state.is_rejected()
    }

    /// Returns `true` if the token is no longer of any use, as opposed to one that only has to be renewed.
    pub(super) fn is_over(&self) -> bool {
        self.has_ended() && self.state != SessionState::Ageing
    }

    /// Returns `true` if both belong to the same user on the same server: then what is on screen may stay.
    pub(super) fn is_same_person(&self, other: &Self) -> bool {
        let same_token = self.token_hash.is_some() && self.token_hash == other.token_hash;
        let same_name = self.token_hash.is_some()
            && other.token_hash.is_some()
            && self.user.is_some()
            && self.user == other.user;
        let both_nobody = self.token_hash.is_none() && other.token_hash.is_none();
        self.server == other.server && (same_token || same_name || both_nobody)
    }

    /// Returns whose session it is, or was; `None` for public data.
    pub(super) fn owner(&self) -> Option<&str> {
        self.token_hash.map(|_| self.user_text())
    }

    /// Returns the user's name, or a description if there is no name.
    pub fn user_text(&self) -> &str {
        match (&self.user, self.token_hash) {
            (Some(user), _) => user,
            (None, None) => "Public data",
            (None, Some(_)) => "Signed in",
        }
    }

    /// Updates the state from a problem.
    pub(super) fn note(&mut self, problem: &Problem) {
        let kind = problem.kind;
        let state = if kind == ErrorKind::Expired {
            SessionState::Expired
        } else if kind == ErrorKind::Refused {
            SessionState::Refused
        } else if kind == ErrorKind::Ageing {
            SessionState::Ageing
        } else if kind == ErrorKind::Unreachable && self.problem.is_none() {
            // What is known about the session stays known while the server is unreachable.
            SessionState::Unreachable
        } else {
            return;
        };
        self.state = state;
        if state != SessionState::Unreachable {
            self.problem = Some(problem.clone());
        }
    }

    /// Updates the state from an answer that is known to be the user's own.
    pub(super) fn mark_verified(&mut self, at: jiff::Zoned) {
        self.state = if self.token_hash.is_some() {
            SessionState::SignedIn
        } else {
            SessionState::Anonymous
        };
        self.problem = None;
        self.proven = at;
    }
}

/// Creates a client for one server; with a token, as the user it belongs to.
pub(super) fn client(
    server: ServerAddress,
    token: Option<SessionToken>,
    options: &ClientOptions,
) -> ApiResult<Client> {
    Client::new(server, token, options.clone())
}
