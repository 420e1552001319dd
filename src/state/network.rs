//! Network settings: the proxy and the certificate authorities that the user has set. A change applies at once.

use std::{fs, path::PathBuf};

use super::{State, export::crashed, keychain_queue::KeychainRequest};
use crate::{
    api::{Authorities, Network},
    model::{ErrorKind, Problem, ProxyChoice, Secret, plural},
    store::{Entry, KeychainError},
};

/// Upper bound on the size of a certificate file, in bytes.
const LARGEST: u64 = 4 << 20;

impl State {
    /// Applies the settings. Called at the start of the program, before there is a window that would have to wait.
    pub(super) fn begin_network(&mut self) {
        self.environment.client.network.proxy = self.settings.proxy.clone();
        if let ProxyChoice::Own { user: Some(_), .. } = &self.settings.proxy {
            self.keys.ask(KeychainRequest::Get(Entry::ProxyPassword));
            self.awaits_proxy_password = true;
        }
        if let Some(path) = self.settings.authorities.clone() {
            match read(&path) {
                Ok(authorities) => self.environment.client.network.authorities = authorities,
                Err(problem) => self.notices.warn(problem.to_string()),
            }
        }
        self.use_network();
    }

    pub(super) fn set_proxy(&mut self, proxy: ProxyChoice, password: Option<Secret>) {
        // The keychain may still be locked: what it says later is meant for the proxy before.
        self.awaits_proxy_password = false;
        let network = &mut self.environment.client.network;
        let before = std::mem::replace(&mut network.proxy, proxy.clone());
        let had_user = matches!(before, ProxyChoice::Own { user: Some(_), .. });
        match (&proxy, password) {
            (ProxyChoice::Own { user: Some(_), .. }, Some(password)) => {
                network.password = Some(password.clone());
                self.keys
                    .ask(KeychainRequest::Set(Entry::ProxyPassword, password));
            }
            // A password is sent only to the proxy and user for which it was meant.
            _ if had_user && before != proxy => {
                network.password = None;
                self.keys.ask(KeychainRequest::Remove(Entry::ProxyPassword));
            }
            _ => {}
        }
        self.settings.proxy = proxy;
        self.save_settings();
        self.use_network();
        self.notices
            .info("The new proxy setting applies from now on.");
    }

    /// Reads the file in the background: it may be on a slow disk.
    pub(super) fn set_authorities(&mut self, path: Option<PathBuf>) {
        self.authorities
            .start(&self.environment.worker, async move {
                let Some(path) = path else {
                    return Ok((None, Authorities::default()));
                };
                let read = tokio::task::spawn_blocking(move || {
                    let authorities = read(&path)?;
                    Ok((Some(path), authorities))
                });
                read.await.map_err(|error| crashed(&error))?
            });
    }

    pub(super) fn poll_authorities(&mut self) {
        if !self.authorities.poll() {
            return;
        }
        if let Some(problem) = self.authorities.problem() {
            self.notices.warn(problem.to_string());
        }
        let Some((path, authorities)) = self.authorities.take_value() else {
            return;
        };
        self.notices.info(match authorities.len() {
            0 => "Only the system's certificate authorities are trusted.".to_owned(),
            count => format!(
                "{} trusted in addition to the system's.",
                plural(count, "authority is", "authorities are")
            ),
        });
        self.environment.client.network.authorities = authorities;
        self.settings.authorities = path;
        self.save_settings();
        self.use_network();
    }

    pub(super) fn take_proxy_password(&mut self, found: Result<Option<Secret>, KeychainError>) {
        if !std::mem::take(&mut self.awaits_proxy_password) {
            return;
        }
        match found {
            Ok(Some(password)) => {
                self.environment.client.network.password = Some(password);
                self.use_network();
            }
            Ok(None) => self.notices.warn(
                "The password for the proxy is no longer in the keychain. Enter it again in the settings.",
            ),
            Err(error) => self.notices.warn(format!(
                "The password for the proxy could not be read: {error}. Enter it again in the settings."
            )),
        }
    }

    /// Applies the network settings to everything that is open; requests under way keep the old settings.
    fn use_network(&mut self) {
        let network: Network = self.environment.client.network.clone();
        self.downloads.use_network(&network);
        let sessions = self
            .sessions
            .current
            .iter_mut()
            .chain(self.sessions.others.values_mut());
        for session in sessions {
            match session.client.with_network(network.clone()) {
                Ok(client) => session.client = client,
                Err(error) => self.notices.warn(error.problem().to_string()),
            }
        }
    }
}

/// Reads a file of certificate authorities.
fn read(path: &std::path::Path) -> Result<Authorities, Problem> {
    let refused = |message: String| Problem::new(ErrorKind::Tls, message);
    let shown = path.display();
    let unread = |error: std::io::Error| refused(format!("{shown} could not be read ({error})"));
    let length = fs::metadata(path).map_err(unread)?.len();
    let bytes = if length > LARGEST {
        Vec::new()
    } else {
        fs::read(path).map_err(unread)?
    };
    Authorities::read(&bytes).ok_or_else(|| {
        refused(format!(
            "{shown} contains no certificates. Choose the certificate file of your institute, with a name such as “ca.pem” or “ca.crt”"
        ))
    })
}
