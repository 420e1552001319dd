//! Session tokens in the system's own keychain: one entry a server, never a file.

use crate::model::{Secret, ServerAddress};

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

/// Where tokens are kept when the user asks for it. All functions may wait for the user (a keychain may ask
/// for its password), so they are nothing for the window's own thread.
pub trait Keychain: Send + Sync {
    /// The token kept for a server, if there is one.
    fn get(&self, server: &ServerAddress) -> Result<Option<Secret>, KeychainError>;
    /// Keeps a token, in place of an earlier one.
    fn set(&self, server: &ServerAddress, token: &Secret) -> Result<(), KeychainError>;
    /// Removes the token; it is no failure if there is none.
    fn remove(&self, server: &ServerAddress) -> Result<(), KeychainError>;
}

/// The keychain of the system: Keychain on macOS, the Credential Manager on Windows, the Secret Service on
/// Linux.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn get(&self, server: &ServerAddress) -> Result<Option<Secret>, KeychainError> {
        match entry(server)?.get_password() {
            Ok(token) => Ok(Some(Secret::new(token))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn set(&self, server: &ServerAddress, token: &Secret) -> Result<(), KeychainError> {
        entry(server)?
            .set_password(token.expose())
            .map_err(|error| refused(&error))
    }

    fn remove(&self, server: &ServerAddress) -> Result<(), KeychainError> {
        match entry(server)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }
}

fn entry(server: &ServerAddress) -> Result<keyring::Entry, KeychainError> {
    keyring::Entry::new(SERVICE, server.as_str()).map_err(|error| refused(&error))
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
}
