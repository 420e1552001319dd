//! Handles the keychain's responses: saved tokens, keys and passwords.

use super::{
    State,
    keychain_queue::{KeychainRequest, KeychainResponse},
    signing::Origin,
};
use crate::{
    model::{Secret, ServerAddress, SessionToken},
    store::{Entry, KeychainError},
};

impl State {
    /// Signs in with the saved token of a server, if one was saved.
    pub(super) fn sign_in_with_saved_token(&mut self, server: &ServerAddress) {
        if self.settings.kept.contains(server.as_str()) {
            self.sign_in.awaited = Some(server.clone());
            self.keys
                .ask(KeychainRequest::Get(Entry::Session(server.clone())));
        }
    }

    /// Remembers that the keychain has the token of a server, and whose it is.
    fn record_saved_token(&mut self, server: &ServerAddress) {
        let address = server.as_str().to_owned();
        let user = self.sign_in.kept_user.take();
        match user.filter(|(of, _)| of == server) {
            Some((_, Some(user))) => self.settings.kept_users.insert(address.clone(), user),
            Some((_, None)) | None => self.settings.kept_users.remove(&address),
        };
        self.settings.kept.insert(address);
        self.save_settings();
    }

    /// Processes one answer of the keychain.
    pub(super) fn handle_keychain_response(&mut self, answered: KeychainResponse) {
        match answered {
            KeychainResponse::Got(Entry::Session(server), found) => {
                if self.sign_in.awaited.as_ref() == Some(&server) {
                    self.sign_in.awaited = None;
                    self.sign_in_with(server, found);
                }
            }
            KeychainResponse::Set(Entry::Session(server), Ok(())) => {
                self.record_saved_token(&server);
            }
            KeychainResponse::Removed(Entry::Session(server), Ok(())) => {
                self.settings.kept.remove(server.as_str());
                self.settings.kept_users.remove(server.as_str());
                self.save_settings();
            }
            KeychainResponse::Set(Entry::Session(server), Err(error)) => {
                self.notices.warn(format!(
                    "Your token for {} could not be saved: {error}. You are signed in for this session only.",
                    server.host_text()
                ));
            }
            KeychainResponse::Removed(entry, Err(error)) => self.notices.warn(format!(
                "“{}” could not be removed from the keychain: {error}. Try again, or remove it there yourself.",
                entry.name()
            )),
            KeychainResponse::Got(Entry::StatisticsKey(address), found) => {
                self.take_statistics_key(address, found);
            }
            KeychainResponse::Set(Entry::StatisticsKey(address), Ok(())) => {
                self.settings.statistics_keys.insert(address.as_str().to_owned());
                self.save_settings();
            }
            KeychainResponse::Removed(Entry::StatisticsKey(address), Ok(())) => {
                self.settings.statistics_keys.remove(address.as_str());
                self.save_settings();
            }
            KeychainResponse::Got(Entry::ProxyPassword, found) => self.take_proxy_password(found),
            KeychainResponse::Set(Entry::ProxyPassword, Err(error)) => self.notices.warn(format!(
                "The password for the proxy could not be saved: {error}. It applies until the program is closed."
            )),
            // The downloads manage builds themselves; for the password there is nothing left to do.
            KeychainResponse::Set(Entry::ProxyPassword, Ok(()))
            | KeychainResponse::Got(Entry::Build(_), _)
            | KeychainResponse::Set(Entry::Build(_), _)
            | KeychainResponse::Removed(Entry::ProxyPassword | Entry::Build(_), Ok(())) => {}
            KeychainResponse::Set(Entry::StatisticsKey(_), Err(error)) => self
                .notices
                .warn(format!("The key could not be saved: {error}.")),
        }
    }

    /// Continues with the token that the keychain returned for a server.
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
                    "Your token for {host} could not be read: {error}. Paste the token to sign in."
                ));
                return;
            }
        };
        if let Some(token) = token {
            self.sign_in(server, Some(token), Origin::Kept);
        } else {
            self.notices.warn(format!(
                "Your token for {host} is no longer in the keychain. Paste the token to sign in."
            ));
            self.forget_saved_token(server);
        }
    }

    /// Removes the token of a server from the keychain; its session ends too, unless it is the current one.
    pub(super) fn forget_saved_token(&mut self, server: ServerAddress) {
        self.sessions.others.remove(server.as_str());
        let entry = Entry::Session(server);
        let is_kept = |name: &str| self.settings.kept.contains(name);
        // A token that is just being saved is removed after that.
        if is_kept(&entry.name()) || self.keys.is_pending(&entry) {
            self.keys.ask(KeychainRequest::Remove(entry));
        }
    }
}
