//! Secrets in the system's own keychain: one entry each, never a file.

use crate::{
    downloads::JobId,
    model::{Secret, ServerAddress},
};

/// The name under which the system's keychain lists the entries.
const SERVICE: &str = "Fragalysis Desktop";

/// Why the keychain could not be used. Never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum KeychainError {
    /// This computer has none, or none that this session can reach.
    #[error("this computer has no keychain that can be reached")]
    Missing,
    /// It is locked, or refuses.
    #[error("the keychain did not answer: {0}")]
    Refused(String),
}

/// What is kept. Each has a name of its own, so that no secret is taken for another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// The session token of a server.
    Session(ServerAddress),
    /// The key of the statistics at an address.
    StatisticsKey(ServerAddress),
    /// The password for the user's own proxy.
    ProxyPassword,
    /// The build at a server that a download can come back to.
    Build(JobId),
}

impl Entry {
    /// The name of the entry.
    pub fn name(&self) -> String {
        match self {
            Self::Session(server) => server.as_str().to_owned(),
            Self::StatisticsKey(address) => format!("statistics of {address}"),
            Self::ProxyPassword => "password of the proxy".to_owned(),
            Self::Build(id) => format!("build of download {id}"),
        }
    }
}

/// Where secrets are kept when the user asks for it. All functions may wait for the user (a keychain may ask
/// for its password), so they are nothing for the window's own thread.
pub trait Keychain: Send + Sync {
    /// What is kept in an entry, if there is one.
    fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError>;
    /// Keeps a secret, in place of an earlier one.
    fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError>;
    /// Removes an entry; it is no failure if there is none.
    fn remove(&self, entry: &Entry) -> Result<(), KeychainError>;
}

/// The keychain of the system: Keychain on macOS, the Credential Manager on Windows, the Secret Service on
/// Linux.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        match open(entry)?.get_password() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        open(entry)?
            .set_password(secret.expose())
            .map_err(|error| refused(&error))
    }

    fn remove(&self, entry: &Entry) -> Result<(), KeychainError> {
        match open(entry)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }
}

fn open(entry: &Entry) -> Result<keyring::Entry, KeychainError> {
    keyring::Entry::new(SERVICE, &entry.name()).map_err(|error| refused(&error))
}

/// Some errors carry the secret's bytes; those are named without them.
fn refused(error: &keyring::Error) -> KeychainError {
    match error {
        keyring::Error::NoDefaultStore => KeychainError::Missing,
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => {
            KeychainError::Refused("what it keeps cannot be read".to_owned())
        }
        other => KeychainError::Refused(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_entry_is_named_without_its_bytes() {
        let error = refused(&keyring::Error::BadEncoding(b"demo-alice".to_vec()));
        assert!(!format!("{error} {error:?}").contains("demo"), "{error:?}");
        assert!(matches!(
            refused(&keyring::Error::NoDefaultStore),
            KeychainError::Missing
        ));
    }

    #[test]
    fn no_secret_is_taken_for_another() {
        let server = ServerAddress::parse("https://fragalysis.example.org").unwrap();
        let [token, key] = [Entry::Session(server.clone()), Entry::StatisticsKey(server)];
        assert_ne!(token.name(), key.name());
    }
}
