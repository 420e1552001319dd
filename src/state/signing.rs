//! Signing in, staying signed in, changing the server, signing out.

use std::hash::BuildHasher as _;

use super::{Remote, Route, Session, State, keys::Ask, session};
use crate::{
    model::{Problem, Secret, ServerAddress, SessionToken},
    store::{Entry, KeptTables},
};

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

/// A sign-in: the proof of a new session, while it is under way or after it has failed.
#[derive(Default)]
pub struct SignIn {
    /// The proof.
    pub proof: Remote<Session>,
    /// Whether the sign-in page is shown although there is a session.
    pub(super) is_wanted: bool,
    /// The server whose kept token is waited for.
    pub(super) awaited: Option<ServerAddress>,
    /// The server for which a previous session is being proven again.
    proving_again: Option<ServerAddress>,
    /// Waits for its proof before it is kept.
    to_keep: Option<SessionToken>,
}

impl State {
    /// Signs in with the kept token of the server that was named, else of the one used last, if the user has
    /// ever asked for that. For the start of the program.
    pub fn sign_in_as_last_time(&mut self) {
        let last = || {
            self.settings
                .server
                .as_deref()
                .and_then(|text| ServerAddress::parse(text).ok())
        };
        if let Some(server) = self.environment.server.clone().or_else(last) {
            self.sign_in_as_kept(&server);
        }
    }

    /// Whether the keychain or the server is being asked who the user is.
    pub fn is_proving(&self) -> bool {
        (self.sign_in.proof.is_loading() && self.sign_in.proving_again.is_none())
            || self.sign_in.awaited.is_some()
    }

    /// Whether the previous session is being proven again.
    pub fn is_retrying(&self) -> bool {
        let own = self
            .sessions
            .current
            .as_ref()
            .map(|session| &session.server);
        self.sign_in.proving_again.is_some() && self.sign_in.proving_again.as_ref() == own
    }

    /// Whether the sign-in page is to be shown.
    pub fn is_signing_in(&self) -> bool {
        self.sessions.current.is_none() || self.sign_in.is_wanted
    }

    pub(super) fn sign_in(
        &mut self,
        server: ServerAddress,
        token: Option<SessionToken>,
        origin: Origin,
    ) {
        // Anyone who signs in by hand does not wait for the keychain any more, nor for the previous session.
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
                Session::prove(client, mark, was_proven, self.environment.clock),
            ),
            Err(error) => {
                self.sign_in.proof = Remote::Failed {
                    old: None,
                    problem: error.problem(),
                };
            }
        }
    }

    /// Asks the server again who the user is, with the previous token: for after the session was renewed in
    /// the browser.
    pub(super) fn retry_session(&mut self) {
        if let Some(session) = &self.sessions.current {
            self.prove_again(session.clone());
        }
    }

    /// Goes to another server that one is signed in to.
    pub(super) fn switch_to(&mut self, server: &ServerAddress) {
        if let Some(session) = self.sessions.others.get(server.as_str()) {
            let host = server.host_text();
            self.prove_again(session.clone());
            self.notices.tell(format!("Asking {host}…"));
        }
    }

    fn prove_again(&mut self, session: Session) {
        self.sign_in.to_keep = None;
        self.sign_in.proving_again = Some(session.server.clone());
        let proof = Session::prove(session.client, session.mark, true, self.environment.clock);
        self.sign_in.proof.start(&self.environment.worker, proof);
    }

    /// Begins to work as a visitor without having reached the server: with the folders on this disk, the downloads,
    /// and the public table of the last time. What belongs to a user stays locked until the server knows who it is.
    pub(super) fn work_offline(&mut self, server: &ServerAddress) {
        let problem = match &self.sign_in.proof {
            Remote::Failed { problem, .. } if problem.kind.is_of_the_way() => problem.clone(),
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

    /// Takes in what the keychain has answered, and what came of signing in.
    pub(super) fn poll_signing(&mut self) {
        while let Some(answered) = self.keys.answer() {
            self.take_answer(answered);
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
                self.could_not_prove_again(&server, &problem);
            }
            _ => {}
        }
    }

    /// A session that was good is not, or no one can say: it may be another one than the one on screen.
    fn could_not_prove_again(&mut self, server: &ServerAddress, problem: &Problem) {
        let sentence = problem.to_string();
        if let Some(session) = self
            .sessions
            .current
            .as_mut()
            .filter(|own| own.server == *server)
        {
            session.note(problem);
            self.notices.tell(sentence);
            return;
        }
        let host = server.host_text();
        self.notices
            .warn(format!("You stay where you are. {host}: {sentence}"));
        if let Some(other) = self.sessions.others.get_mut(server.as_str()) {
            other.note(problem);
            if other.is_over() {
                self.sessions.others.remove(server.as_str());
            }
        }
    }

    /// Begins to work with a session that has been proven.
    fn begin(&mut self, mut session: Session) {
        session.number = self.sessions.next_number();
        self.sessions.proven.extend(session.mark);
        let old = self.sessions.current.take();
        let is_same = old.as_ref().is_some_and(|old| old.is_same_person(&session));
        // A session of another server lives on; one of the same server is replaced.
        if let Some(old) = old.filter(|old| old.server != session.server && !old.is_over()) {
            self.sessions
                .others
                .insert(old.server.as_str().to_owned(), old);
        }
        self.sessions.others.remove(session.server.as_str());
        // The demo of this run is gone with it: the next start is to be as if there had been none.
        let demo = self.environment.demo.as_ref();
        if !demo.is_some_and(|demo| demo.address == session.server) {
            let address = session.server.as_str().to_owned();
            self.settings.server = Some(address.clone());
            self.settings.servers.insert(address);
        }
        if let Some(token) = self.sign_in.to_keep.take() {
            let entry = Entry::Session(session.server.clone());
            self.keys.ask(Ask::Set(entry, Secret::new(token.expose())));
        }
        self.save_settings();
        tracing::info!(server = %session.server.host_text(), state = session.state.name(), "work with a server begins");
        self.sessions.current = Some(session);
        self.sign_in.is_wanted = false;
        if !is_same {
            // No one may see for a moment what belongs to someone else.
            self.forget_data();
        }
        self.refresh_experiments();
        self.refresh_status();
        self.let_downloads_go_on();
    }

    /// Learns from an answer how things stand with the session: a good one was proven to be the user's own.
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
            // Renewed in the browser: what waits for a session continues with this one.
            sessions.last_number += 1;
            session.number = sessions.last_number;
        }
        session.is_proven(now);
    }

    /// Forgets the session and its data, and takes the token out of the keychain.
    pub(super) fn sign_out(&mut self) {
        let session = self.sessions.current.take();
        self.sign_in.is_wanted = false;
        self.cancel_sign_in();
        self.route = Route::default();
        self.forget_data();
        if let Some(session) = session {
            self.sessions
                .proven
                .retain(|mark| Some(*mark) != session.mark);
            self.forget_kept(session.server);
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
        self.forget_kept(server);
    }

    /// Removes the tables that were kept of a server, of all its users.
    pub(super) fn forget_tables(&self, server: &ServerAddress) {
        let tables = KeptTables::in_folder(&self.environment.folders.data);
        let name = server.to_string();
        self.environment.worker.runtime.spawn_blocking(move || {
            if let Err(error) = tables.forget(&name) {
                tracing::warn!(%error, "the tables of a server could not be removed");
            }
        });
    }

    fn forget_data(&mut self) {
        self.experiments = super::Experiments::shown_as(&self.settings);
        self.pictures.clear();
        self.account.forget();
    }
}
