//! Signing in, staying signed in, changing the server, signing out.

use std::hash::BuildHasher as _;

use super::{
    Remote, Route, Session, State,
    keys::{Answered, Ask},
    session,
};
use crate::{
    model::{Problem, Secret, ServerAddress, SessionToken},
    store::{Entry, KeptTables, KeychainError},
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

impl State {
    /// Signs in with the token kept for a server, if the user has ever asked for that.
    pub(super) fn sign_in_as_kept(&mut self, server: &ServerAddress) {
        if self.settings.kept.contains(server.as_str()) {
            self.awaited = Some(server.clone());
            self.keys.ask(Ask::Get(Entry::Session(server.clone())));
        }
    }

    pub(super) fn sign_in(
        &mut self,
        server: ServerAddress,
        token: Option<SessionToken>,
        origin: Origin,
    ) {
        // Anyone who signs in by hand does not wait for the keychain any more, nor for the previous session.
        self.awaited = None;
        self.proving_again = None;
        self.to_keep = token.clone().filter(|_| origin == Origin::GivenToKeep);
        let mark = token
            .as_ref()
            .map(|token| self.marks.hash_one((server.as_str(), token.expose())));
        let was_proven =
            origin == Origin::Kept || mark.is_some_and(|mark| self.proven.contains(&mark));
        match session::client(server, token, &self.environment.client) {
            Ok(client) => self.signing_in.start(
                &self.environment.worker,
                Session::prove(client, mark, was_proven, self.environment.clock),
            ),
            Err(error) => {
                self.signing_in = Remote::Failed {
                    old: None,
                    problem: error.problem(),
                };
            }
        }
    }

    /// Asks the server again who the user is, with the previous token: for after the session was renewed in
    /// the browser.
    pub(super) fn retry_session(&mut self) {
        if let Some(session) = &self.session {
            self.prove_again(session.clone());
        }
    }

    /// Goes to another server that one is signed in to.
    pub(super) fn switch_to(&mut self, server: &ServerAddress) {
        if let Some(session) = self.others.get(server.as_str()) {
            let host = server.host_text();
            self.prove_again(session.clone());
            self.notices.tell(format!("Asking {host}…"));
        }
    }

    fn prove_again(&mut self, session: Session) {
        self.to_keep = None;
        self.proving_again = Some(session.server.clone());
        let proof = Session::prove(session.client, session.mark, true, self.environment.clock);
        self.signing_in.start(&self.environment.worker, proof);
    }

    /// Begins to work as a visitor without having reached the server: with the folders on this disk, the downloads,
    /// and the public table of the last time. What belongs to a user stays locked until the server knows who it is.
    pub(super) fn work_offline(&mut self, server: &ServerAddress) {
        let problem = match &self.signing_in {
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
        self.signing_in = Remote::NotRequested;
        self.awaited = None;
        self.proving_again = None;
    }

    /// Takes in what the keychain has answered, and what came of signing in.
    pub(super) fn poll_signing(&mut self) {
        while let Some(answered) = self.keys.answer() {
            self.take_answer(answered);
        }
        if !self.signing_in.poll() {
            return;
        }
        let proven_again = self.proving_again.take();
        match (&self.signing_in, proven_again) {
            (Remote::Ready(_), _) => {
                if let Some(session) = self.signing_in.take_value() {
                    self.begin(session);
                }
            }
            (Remote::Failed { problem, .. }, Some(server)) => {
                let problem = problem.clone();
                self.signing_in = Remote::NotRequested;
                self.could_not_prove_again(&server, &problem);
            }
            _ => {}
        }
    }

    /// A session that was good is not, or no one can say: it may be another one than the one on screen.
    fn could_not_prove_again(&mut self, server: &ServerAddress, problem: &Problem) {
        let sentence = problem.to_string();
        if let Some(session) = self.session.as_mut().filter(|own| own.server == *server) {
            session.note(problem);
            self.notices.tell(sentence);
            return;
        }
        let host = server.host_text();
        self.notices
            .warn(format!("You stay where you are. {host}: {sentence}"));
        if let Some(other) = self.others.get_mut(server.as_str()) {
            other.note(problem);
            if other.is_over() {
                self.others.remove(server.as_str());
            }
        }
    }

    fn take_answer(&mut self, answered: Answered) {
        match answered {
            Answered::Got(Entry::Session(server), found) => {
                if self.awaited.as_ref() == Some(&server) {
                    self.awaited = None;
                    self.sign_in_with(server, found);
                }
            }
            Answered::Set(Entry::Session(server), Ok(())) => {
                self.settings.kept.insert(server.as_str().to_owned());
                self.save_settings();
            }
            Answered::Removed(Entry::Session(server), Ok(())) => {
                self.settings.kept.remove(server.as_str());
                self.save_settings();
            }
            Answered::Set(Entry::Session(server), Err(error)) => self.notices.warn(format!(
                "Staying signed in to {} is not possible: {error}. You are signed in for this session only.",
                server.host_text()
            )),
            Answered::Removed(entry, Err(error)) => self.notices.warn(format!(
                "“{}” could not be taken out of the keychain: {error}. Try again, or remove it there yourself.",
                entry.name()
            )),
            Answered::Got(Entry::StatisticsKey(address), found) => {
                self.take_statistics_key(address, found);
            }
            Answered::Set(Entry::StatisticsKey(address), Ok(())) => {
                self.settings.statistics_keys.insert(address.as_str().to_owned());
                self.save_settings();
            }
            Answered::Removed(Entry::StatisticsKey(address), Ok(())) => {
                self.settings.statistics_keys.remove(address.as_str());
                self.save_settings();
            }
            Answered::Got(Entry::ProxyPassword, found) => self.take_proxy_password(found),
            Answered::Set(Entry::ProxyPassword, Err(error)) => self.notices.warn(format!(
                "The password for the proxy could not be kept: {error}. It holds until the program is closed."
            )),
            // Builds are kept by the downloads themselves; of the password there is nothing more to note.
            Answered::Set(Entry::ProxyPassword, Ok(()))
            | Answered::Got(Entry::Build(_), _)
            | Answered::Set(Entry::Build(_), _)
            | Answered::Removed(Entry::ProxyPassword | Entry::Build(_), Ok(())) => {}
            Answered::Set(Entry::StatisticsKey(_), Err(error)) => self
                .notices
                .warn(format!("The key could not be kept: {error}.")),
        }
    }

    /// Continues with what the keychain had for a server.
    fn sign_in_with(
        &mut self,
        server: ServerAddress,
        found: Result<Option<Secret>, KeychainError>,
    ) {
        let host = server.host_text();
        let token = match found {
            Ok(Some(secret)) => SessionToken::from_pasted(secret.expose()).ok(),
            Ok(None) => None,
            Err(error) => {
                self.notices.warn(format!(
                    "Your token for {host} could not be read: {error}. Sign in with the token itself."
                ));
                return;
            }
        };
        if let Some(token) = token {
            self.sign_in(server, Some(token), Origin::Kept);
        } else {
            self.notices.warn(format!(
                "The keychain has no token for {host} any more. Sign in with the token itself."
            ));
            self.forget_kept(server);
        }
    }

    /// Begins to work with a session that has been proven.
    fn begin(&mut self, mut session: Session) {
        self.last_session += 1;
        session.number = self.last_session;
        self.proven.extend(session.mark);
        let old = self.session.take();
        let is_same = old.as_ref().is_some_and(|old| old.is_same_person(&session));
        // A session of another server lives on; one of the same server is replaced.
        if let Some(old) = old.filter(|old| old.server != session.server && !old.is_over()) {
            self.others.insert(old.server.as_str().to_owned(), old);
        }
        self.others.remove(session.server.as_str());
        // The demo of this run is gone with it: the next start is to be as if there had been none.
        let demo = self.environment.demo.as_ref();
        if !demo.is_some_and(|demo| demo.address == session.server) {
            let address = session.server.as_str().to_owned();
            self.settings.server = Some(address.clone());
            self.settings.servers.insert(address);
        }
        if let Some(token) = self.to_keep.take() {
            let entry = Entry::Session(session.server.clone());
            self.keys.ask(Ask::Set(entry, Secret::new(token.expose())));
        }
        self.save_settings();
        tracing::info!(server = %session.server.host_text(), state = session.state.name(), "work with a server begins");
        self.session = Some(session);
        self.wants_sign_in = false;
        if !is_same {
            // No one may see for a moment what belongs to someone else.
            self.forget_data();
        }
        self.refresh_experiments();
        self.refresh_status();
        self.let_downloads_go_on();
    }

    /// Forgets the session and its data, and takes the token out of the keychain.
    pub(super) fn sign_out(&mut self) {
        let session = self.session.take();
        self.wants_sign_in = false;
        self.cancel_sign_in();
        self.route = Route::default();
        self.forget_data();
        if let Some(session) = session {
            self.proven.retain(|mark| Some(*mark) != session.mark);
            self.forget_kept(session.server);
        }
    }

    /// Takes the token of a server out of the keychain; its session, if there is another one, ends too.
    pub(super) fn forget_kept(&mut self, server: ServerAddress) {
        self.others.remove(server.as_str());
        let entry = Entry::Session(server);
        let is_kept = |name: &str| self.settings.kept.contains(name);
        // A token that is just being put in is taken out behind it.
        if is_kept(&entry.name()) || self.keys.is_asked_for(&entry) {
            self.keys.ask(Ask::Remove(entry));
        }
    }

    /// Forgets that a server was ever used.
    pub(super) fn forget_server(&mut self, server: ServerAddress) {
        self.settings.servers.remove(server.as_str());
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
        self.status = Remote::NotRequested;
        self.why = None;
        self.tas_status = Remote::NotRequested;
        self.statistics = Remote::NotRequested;
    }
}
