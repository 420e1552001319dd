//! What the keychain answers: tokens, keys and passwords that it keeps for the user.

use super::{
    State,
    keys::{Answered, Ask},
    signing::Origin,
};
use crate::{
    model::{Secret, ServerAddress, SessionToken},
    store::{Entry, KeychainError},
};

impl State {
    /// Signs in with the token kept for a server, if the user has ever asked for that.
    pub(super) fn sign_in_as_kept(&mut self, server: &ServerAddress) {
        if self.settings.kept.contains(server.as_str()) {
            self.sign_in.awaited = Some(server.clone());
            self.keys.ask(Ask::Get(Entry::Session(server.clone())));
        }
    }

    /// Takes in one answer of the keychain.
    pub(super) fn take_answer(&mut self, answered: Answered) {
        match answered {
            Answered::Got(Entry::Session(server), found) => {
                if self.sign_in.awaited.as_ref() == Some(&server) {
                    self.sign_in.awaited = None;
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

    /// Takes the token of a server out of the keychain; its session, if there is another one, ends too.
    pub(super) fn forget_kept(&mut self, server: ServerAddress) {
        self.sessions.others.remove(server.as_str());
        let entry = Entry::Session(server);
        let is_kept = |name: &str| self.settings.kept.contains(name);
        // A token that is just being put in is taken out behind it.
        if is_kept(&entry.name()) || self.keys.is_asked_for(&entry) {
            self.keys.ask(Ask::Remove(entry));
        }
    }
}
