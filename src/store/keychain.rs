//! Secrets in the system's own keychain: one entry each, never a file.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::channel,
    },
    thread::Builder,
    time::Duration,
};

use crate::{
    dataset::JobId,
    model::{Secret, ServerAddress},
};

/// The name under which the system's keychain lists the entries.
const SERVICE: &str = "Fragalysis Desktop";

/// Why the keychain could not be used. Never contains a secret.
#[derive(Debug, thiserror::Error)]
pub enum KeychainError {
    /// This computer has none, or none that this session can reach.
    #[error("this computer has no keychain that can be reached")]
    Missing,
    /// It accepts the request and never answers.
    #[error("the keychain of this computer does not respond")]
    Unresponsive,
    /// It is locked, or refuses.
    #[error("the keychain did not answer: {0}")]
    Refused(String),
}

/// An entry of the keychain. Each has a name of its own, so that no secret is taken for another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// The session token of a server.
    Session(ServerAddress),
    /// The key of the statistics at an address.
    StatisticsKey(ServerAddress),
    /// The password for the user's own proxy.
    ProxyPassword,
    /// The build on a server to which a download can come back.
    Build(JobId),
}

impl Entry {
    /// Returns the name of the entry in the keychain.
    pub fn name(&self) -> String {
        match self {
            Self::Session(server) => server.as_str().to_owned(),
            Self::StatisticsKey(address) => format!("statistics of {address}"),
            Self::ProxyPassword => "password of the proxy".to_owned(),
            Self::Build(id) => format!("build of download {id}"),
        }
    }
}

/// Where secrets are kept when the user asks for it. All functions may block on the user (a keychain may ask for its
/// password), so they must not run on the UI thread.
pub trait Keychain: Send + Sync {
    /// Returns the secret in an entry, if there is one.
    fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError>;
    /// Saves a secret, replacing an earlier one.
    fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError>;
    /// Removes an entry; it is not an error if there is none.
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

/// How long a keychain may take. It may be asking its owner for a password.
const TIMEOUT: Duration = Duration::from_secs(45);

/// A keychain that always answers in the end: if it does not respond, an error is returned instead of waiting for
/// ever.
pub struct KeychainWithTimeout {
    inner: Arc<dyn Keychain>,
    patience: Duration,
    /// Whether an abandoned request is still open.
    is_mute: Arc<AtomicBool>,
}

impl KeychainWithTimeout {
    /// Wraps `inner`, and waits as long as a user may need to unlock it.
    pub fn new(inner: Arc<dyn Keychain>) -> Self {
        Self::with_timeout(inner, TIMEOUT)
    }

    fn with_timeout(inner: Arc<dyn Keychain>, patience: Duration) -> Self {
        Self {
            inner,
            patience,
            is_mute: Arc::default(),
        }
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        if self.is_mute.load(Ordering::Relaxed) {
            return Err(KeychainError::Unresponsive);
        }
        let (sender, answer) = channel();
        let (inner, is_mute) = (Arc::clone(&self.inner), Arc::clone(&self.is_mute));
        let asking = Builder::new().name("keychain".to_owned()).spawn(move || {
            // After the timeout the receiver is gone; at least the keychain responds again.
            if sender.send(question(&*inner)).is_err() {
                is_mute.store(false, Ordering::Relaxed);
            }
        });
        asking.map_err(|error| KeychainError::Refused(error.to_string()))?;
        answer.recv_timeout(self.patience).map_err(|_no_answer| {
            self.is_mute.store(true, Ordering::Relaxed);
            KeychainError::Unresponsive
        })?
    }
}

impl Keychain for KeychainWithTimeout {
    fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        let entry = entry.clone();
        self.ask(move |keychain| keychain.get(&entry))
    }

    fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        let (entry, secret) = (entry.clone(), secret.clone());
        self.ask(move |keychain| keychain.set(&entry, &secret))
    }

    fn remove(&self, entry: &Entry) -> Result<(), KeychainError> {
        let entry = entry.clone();
        self.ask(move |keychain| keychain.remove(&entry))
    }
}

fn open(entry: &Entry) -> Result<keyring::Entry, KeychainError> {
    keyring::Entry::new(SERVICE, &entry.name()).map_err(|error| refused(&error))
}

/// Some errors carry the bytes of the secret; these are reported without them.
fn refused(error: &keyring::Error) -> KeychainError {
    match error {
        keyring::Error::NoDefaultStore => KeychainError::Missing,
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => {
            KeychainError::Refused("its entry cannot be read".to_owned())
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

    /// Answers when it is released.
    struct Slow(std::sync::Mutex<std::sync::mpsc::Receiver<()>>);

    impl Keychain for Slow {
        fn get(&self, _: &Entry) -> Result<Option<Secret>, KeychainError> {
            self.0.lock().unwrap().recv().ok();
            Ok(None)
        }

        fn set(&self, _: &Entry, _: &Secret) -> Result<(), KeychainError> {
            Ok(())
        }

        fn remove(&self, _: &Entry) -> Result<(), KeychainError> {
            Ok(())
        }
    }

    #[test]
    fn an_unresponsive_keychain_times_out() {
        let (go, wait) = channel();
        let slow = Arc::new(Slow(std::sync::Mutex::new(wait)));
        let keychain = KeychainWithTimeout::with_timeout(slow, Duration::from_millis(20));
        let entry = Entry::ProxyPassword;
        assert!(matches!(
            keychain.get(&entry),
            Err(KeychainError::Unresponsive)
        ));
        // While the question is open, no second one is put behind it.
        assert!(matches!(
            keychain.remove(&entry),
            Err(KeychainError::Unresponsive)
        ));
        go.send(()).unwrap();
        while keychain.is_mute.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        assert!(keychain.remove(&entry).is_ok());
    }

    #[test]
    fn no_secret_is_taken_for_another() {
        let server = ServerAddress::parse("https://fragalysis.example.org").unwrap();
        let [token, key] = [Entry::Session(server.clone()), Entry::StatisticsKey(server)];
        assert_ne!(token.name(), key.name());
    }
}
