//! Signing in, staying signed in, changing the server, signing out.

use std::hash::BuildHasher as _;

use super::{Remote, Route, Session, State, keychain_queue::KeychainRequest, session};
use crate::{
    model::{Problem, Secret, ServerAddress, SessionToken},
    store::{Entry, TableStore},
};

/// Where a token is from, and which server it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Given by the user, for this session.
    Given,
    /// Given by the user, to be saved in the keychain once it is accepted.
    GivenToKeep,
    /// From the keychain: this program has seen it accepted before.
    Kept,
}

/// A sign-in: the verification of a new session, while it is pending or after it has failed.
#[derive(Default)]
pub struct SignIn {
    /// The verification.
    pub proof: Remote<Session>,
    /// Whether the sign-in page is shown although there is a session.
    pub(super) is_wanted: bool,
    /// The server whose saved token is being read from the keychain.
    pub(super) awaited: Option<ServerAddress>,
    /// The server whose previous session is being verified again.
    proving_again: Option<ServerAddress>,
    /// The token that is saved once it is accepted.
    to_keep: Option<SessionToken>,
    /// Whose token is being saved, for which server.
    pub(super) kept_user: Option<(ServerAddress, Option<String>)>,
}

impl State {
    /// Signs in with the saved token of the server that was named, or of the one used last, if one was
    /// saved. Called at the start of the program.
    pub fn resume_last_session(&mut self) {
        let last = || {
            self.settings
                .server
                .as_deref()
                .and_then(|text| ServerAddress::parse(text).ok())
        };
        if let Some(server) = self.environment.server.clone().or_else(last) {
            self.sign_in_with_saved_token(&server);
        }
    }

    /// Returns `true` while the keychain or the server is being asked who the user is.
    pub fn is_proving(&self) -> bool {
        (self.sign_in.proof.is_loading() && self.sign_in.proving_again.is_none())
            || self.sign_in.awaited.is_some()
    }

    /// Returns `true` while the previous session is being verified again.
    pub fn is_retrying(&self) -> bool {
        let own = self
            .sessions
            .current
            .as_ref()
            .map(|session| &session.server);
        self.sign_in.proving_again.is_some() && self.sign_in.proving_again.as_ref() == own
    }

    /// Returns `true` if the sign-in page is to be shown.
    pub fn is_signing_in(&self) -> bool {
        self.sessions.current.is_none() || self.sign_in.is_wanted
    }

    pub(super) fn sign_in(
        &mut self,
        server: ServerAddress,
        token: Option<SessionToken>,
        origin: Origin,
    ) {
        // A manual sign-in cancels the pending look-up in the keychain and the check of the previous session.
        self.sign_in.awaited = None;
        self.sign_in.proving_again = None;
        self.sign_in.to_keep = token.clone().filter(|_| origin == Origin::GivenToKeep);
        let mark = token.as_ref().map(|token| {
            self.sessions
                .marks
                .hash_one((server.as_str(), token.expose()))
        });
        let was_proven =
            origin == Origin::Kept || mark.is_some_and(|mark| self.sessions.proven.contains(&mark));
        match session::client(server, token, &self.environment.client) {
            Ok(client) => self.sign_in.proof.start(
                &self.environment.worker,
                Session::verify(client, mark, was_proven, self.environment.clock),
            ),
            Err(error) => {
                self.sign_in.proof = Remote::Failed {
                    old: None,
                    problem: error.problem(),
                };
            }
        }
    }

    /// Checks the session again, with the same token, for example after it was renewed in the browser.
    pub(super) fn retry_session(&mut self) {
        if let Some(session) = &self.sessions.current {
            self.revalidate(session.clone());
        }
    }

    /// Switches to another server to which the user is signed in.
    pub(super) fn switch_to(&mut self, server: &ServerAddress) {
        if let Some(session) = self.sessions.others.get(server.as_str()) {
            let host = server.host_text();
            self.revalidate(session.clone());
            self.notices.info(format!("Connecting to {host}…"));
        }
    }

    fn revalidate(&mut self, session: Session) {
        self.sign_in.to_keep = None;
        self.sign_in.proving_again = Some(session.server.clone());
        let proof = Session::verify(
            session.client,
            session.token_hash,
            true,
            self.environment.clock,
        );
        self.sign_in.proof.start(&self.environment.worker, proof);
    }

    /// Starts working as a visitor without having reached the server: with the folders on this disk, the downloads,
    /// and the public table of the last session. What belongs to a user stays locked until the server has verified
    /// the user.
    pub(super) fn work_offline(&mut self, server: &ServerAddress) {
        let problem = match &self.sign_in.proof {
            Remote::Failed { problem, .. } if problem.kind.is_connection_problem() => {
                problem.clone()
            }
            Remote::Failed { .. }
            | Remote::NotRequested
            | Remote::Loading { .. }
            | Remote::Ready(_) => return,
        };
        let made = session::client(server.clone(), None, &self.environment.client);
        self.cancel_sign_in();
        match made {
            Ok(client) => {
                let at = (self.environment.clock)();
                self.begin(Session::offline(client, problem, at));
            }
            Err(error) => self.notices.warn(error.problem().to_string()),
        }
    }

    /// Stops waiting for keychain and server.
    pub(super) fn cancel_sign_in(&mut self) {
        self.sign_in.proof = Remote::NotRequested;
        self.sign_in.awaited = None;
        self.sign_in.proving_again = None;
    }

    /// Processes the answers of the keychain, and the results of signing in.
    pub(super) fn poll_signing(&mut self) {
        while let Some(answered) = self.keys.answer() {
            self.handle_keychain_response(answered);
        }
        if !self.sign_in.proof.poll() {
            return;
        }
        let proven_again = self.sign_in.proving_again.take();
        match (&self.sign_in.proof, proven_again) {
            (Remote::Ready(_), _) => {
                if let Some(session) = self.sign_in.proof.take_value() {
                    self.begin(session);
                }
            }
            (Remote::Failed { problem, .. }, Some(server)) => {
                let problem = problem.clone();
                self.sign_in.proof = Remote::NotRequested;
                self.handle_failed_revalidation(&server, &problem);
            }
            _ => {}
        }
    }

    /// Handles a session that could not be verified again, which may not be the one on screen.
    fn handle_failed_revalidation(&mut self, server: &ServerAddress, problem: &Problem) {
        let sentence = problem.to_string();
        if let Some(session) = self
            .sessions
            .current
            .as_mut()
            .filter(|own| own.server == *server)
        {
            session.note(problem);
            self.notices.info(sentence);
            return;
        }
        let host = server.host_text();
        self.notices
            .warn(format!("Could not switch to {host}. {sentence}"));
        if let Some(other) = self.sessions.others.get_mut(server.as_str()) {
            other.note(problem);
            if other.is_over() {
                self.sessions.others.remove(server.as_str());
            }
        }
    }

    /// Starts working with a verified session.
    fn begin(&mut self, mut session: Session) {
        session.number = self.sessions.next_number();
        self.sessions.proven.extend(session.token_hash);
        let old = self.sessions.current.take();
        let is_same = old.as_ref().is_some_and(|old| old.is_same_person(&session));
        // A session with another server is kept; one with the same server is replaced.
        if let Some(old) = old.filter(|old| old.server != session.server && !old.is_over()) {
            self.sessions
                .others
                .insert(old.server.as_str().to_owned(), old);
        }
        self.sessions.others.remove(session.server.as_str());
        // The demo server ends with this process, so the next start must not try to use it.
        let demo = self.environment.demo.as_ref();
        if !demo.is_some_and(|demo| demo.address == session.server) {
            let address = session.server.as_str().to_owned();
            self.settings.server = Some(address.clone());
            self.settings.servers.insert(address);
        }
        if let Some(token) = self.sign_in.to_keep.take() {
            self.sign_in.kept_user = Some((session.server.clone(), session.user.clone()));
            let entry = Entry::Session(session.server.clone());
            self.keys
                .ask(KeychainRequest::Set(entry, Secret::new(token.expose())));
        }
        self.save_settings();
        tracing::info!(server = %session.server.host_text(), state = session.state.name(), "session started");
        self.sessions.current = Some(session);
        self.sign_in.is_wanted = false;
        if !is_same {
            // Data of another user must not be visible even for a moment.
            self.forget_data();
        }
        self.refresh_experiments();
        self.refresh_status();
        self.resume_waiting_downloads();
    }

    /// Updates the session from an answer: a successful one is known to be the user's own.
    pub(in crate::state) fn learn(&mut self, problem: Option<Problem>, now: jiff::Zoned) {
        let sessions = &mut self.sessions;
        let Some(session) = &mut sessions.current else {
            return;
        };
        if let Some(problem) = problem {
            session.note(&problem);
            return;
        }
        if session.has_ended() {
            // Renewed in the browser: downloads that wait for a session resume with this one.
            sessions.last_number += 1;
            session.number = sessions.last_number;
        }
        session.mark_verified(now);
    }

    /// Forgets the session and its data, and removes the token from the keychain.
    pub(super) fn sign_out(&mut self) {
        let session = self.sessions.current.take();
        self.sign_in.is_wanted = false;
        self.cancel_sign_in();
        self.route = Route::default();
        self.forget_data();
        if let Some(session) = session {
            self.sessions
                .proven
                .retain(|mark| Some(*mark) != session.token_hash);
            self.forget_saved_token(session.server);
        }
    }

    /// Forgets that a server was ever used.
    pub(super) fn forget_server(&mut self, server: ServerAddress) {
        self.settings.servers.remove(server.as_str());
        self.settings.recent.remove(&server.to_string());
        if self.settings.server.as_deref() == Some(server.as_str()) {
            self.settings.server = None;
        }
        self.save_settings();
        self.forget_tables(&server);
        self.forget_saved_token(server);
    }

    /// Removes the saved tables of a server, for all its users.
    pub(super) fn forget_tables(&self, server: &ServerAddress) {
        let tables = TableStore::in_folder(&self.environment.folders.data);
        let name = server.to_string();
        self.environment.worker.runtime.spawn_blocking(move || {
            if let Err(error) = tables.forget(&name) {
                tracing::warn!(%error, "the tables of a server could not be removed");
            }
        });
    }

    fn forget_data(&mut self) {
        self.sessions.changes_of_owner += 1;
        self.notices.forget_removed_stars();
        // The latest notes may not have reached the disk yet.
        let notes = std::mem::take(&mut self.experiments.notes);
        self.experiments = super::Experiments::with_layout(&self.settings);
        self.experiments.notes = notes.without_shown();
        self.pictures.clear();
        self.account.forget();
    }
}
