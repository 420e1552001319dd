//! Signing in, staying signed in, signing out.

use std::sync::Arc;

use super::{Load, Route, Session, State, session};
use crate::{
    model::{ErrorKind, Problem, Secret, ServerAddress, SessionToken},
    store::KeychainError,
};

/// What the keychain was asked for.
#[derive(Debug)]
pub(super) enum Kept {
    /// The token of a server; nothing where it has none any more.
    Token(ServerAddress, Option<Secret>),
    /// A token was put in or taken out.
    Changed,
}

/// Where a token comes from, and where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Given by the user, for this session.
    Given,
    /// Given by the user, to be kept in the keychain once it has proven good.
    GivenToKeep,
    /// Out of the keychain: this program has seen it accepted before.
    Kept,
}

impl State {
    /// Signs in with the token kept for a server, if the user has ever asked for that.
    pub(super) fn sign_in_as_kept(&mut self, server: &ServerAddress) {
        if !self.settings.kept.contains(server.as_str()) {
            return;
        }
        let (keychain, server) = (Arc::clone(&self.surroundings.keychain), server.clone());
        self.ask_keychain(move || {
            let token = keychain.get(&server)?;
            Ok(Kept::Token(server, token))
        });
    }

    pub(super) fn sign_in(
        &mut self,
        server: ServerAddress,
        token: Option<SessionToken>,
        origin: Origin,
    ) {
        self.to_keep = token.clone().filter(|_| origin == Origin::GivenToKeep);
        match session::client(server, token, &self.surroundings.client) {
            Ok(client) => self.signing_in.start(
                &self.surroundings.worker,
                Session::prove(client, origin == Origin::Kept),
            ),
            Err(error) => {
                self.signing_in = Load::Failed {
                    old: None,
                    problem: error.problem(),
                };
            }
        }
    }

    /// Takes in what the keychain has answered, and what came of signing in.
    pub(super) fn poll_signing(&mut self) {
        if self.keychain.poll() {
            match &self.keychain {
                Load::Ready(Kept::Token(server, Some(token))) => {
                    let (server, token) = (
                        server.clone(),
                        SessionToken::from_pasted(token.expose()).ok(),
                    );
                    self.sign_in(server, token, Origin::Kept);
                }
                Load::Failed { problem, .. } => self.notices.warn(problem.message.clone()),
                _ => {}
            }
        }
        if self.signing_in.poll()
            && let Load::Ready(_) = self.signing_in
            && let Some(session) = self.signing_in.take_value()
        {
            self.begin(session);
        }
    }

    /// Begins to work with a session that has been proven.
    fn begin(&mut self, session: Session) {
        let is_same = self
            .session
            .as_ref()
            .is_some_and(|old| old.server == session.server && old.user == session.user);
        self.settings.server = Some(session.server.as_str().to_owned());
        if let Some(token) = self.to_keep.take() {
            self.settings
                .kept
                .insert(session.server.as_str().to_owned());
            let (keychain, server) = (
                Arc::clone(&self.surroundings.keychain),
                session.server.clone(),
            );
            let token = Secret::new(token.expose());
            self.ask_keychain(move || keychain.set(&server, &token).map(|()| Kept::Changed));
        }
        self.save_settings();
        self.session = Some(session);
        self.wants_sign_in = false;
        if !is_same {
            // Nobody may see for a moment what belongs to somebody else.
            self.forget_data();
        }
        self.refresh_experiments();
        self.refresh_status();
        if let Some(client) = self.client() {
            self.downloads.go_on(&client);
        }
    }

    /// Forgets the session and its data, and takes the token out of the keychain.
    pub(super) fn sign_out(&mut self) {
        let session = self.session.take();
        self.wants_sign_in = false;
        self.signing_in = Load::NotAsked;
        self.route = Route::default();
        self.forget_data();
        if let Some(session) = session {
            self.forget_kept(session.server);
        }
    }

    /// Takes the token of a server out of the keychain.
    pub(super) fn forget_kept(&mut self, server: ServerAddress) {
        if self.settings.kept.remove(server.as_str()) {
            self.save_settings();
            let keychain = Arc::clone(&self.surroundings.keychain);
            self.ask_keychain(move || keychain.remove(&server).map(|()| Kept::Changed));
        }
    }

    fn forget_data(&mut self) {
        self.experiments = super::Experiments::default();
        self.status = Load::NotAsked;
        self.why = None;
        self.statistics = Load::NotAsked;
    }

    fn ask_keychain(
        &mut self,
        question: impl FnOnce() -> Result<Kept, KeychainError> + Send + 'static,
    ) {
        self.keychain.start(&self.surroundings.worker, async move {
            let problem = |reason: String| Problem {
                kind: ErrorKind::NotWritable,
                message: format!(
                    "Staying signed in is not possible: {reason}. You are signed in for this session only."
                ),
            };
            match tokio::task::spawn_blocking(question).await {
                Ok(answer) => answer.map_err(|error| problem(error.to_string())),
                Err(error) => Err(problem(error.to_string())),
            }
        });
    }
}
