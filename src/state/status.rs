//! What the server thinks of the user.

use super::{Load, State, Worker};
use crate::{
    api::{ApiError, Client, statistics},
    model::{Problem, Secret, ServerAddress, ServerVersion, ServiceState, UserInfo},
    store::{Entry, KeychainError},
};

use super::keys::Ask;

/// The answers behind the status page. Each may be missing for itself.
pub struct Status {
    /// The answer about the user; nothing where the server has none, as older ones do.
    pub user: Result<Option<UserInfo>, Problem>,
    /// The server's version, where it says it.
    pub version: Option<ServerVersion>,
    /// The services of the stack, where the server lists them.
    pub services: Result<Vec<ServiceState>, Problem>,
    /// When the answer came.
    pub at: jiff::Zoned,
}

impl Status {
    /// The answer about the user, if there is one.
    pub fn info(&self) -> Option<&UserInfo> {
        self.user.as_ref().ok()?.as_ref()
    }
}

/// Asks all three. An answer that is somebody else's fails the whole; anything else only its part.
pub(super) fn refresh(
    load: &mut Load<Status>,
    worker: &Worker,
    client: Client,
    clock: fn() -> jiff::Zoned,
) {
    load.start(worker, async move {
        let user = match client.user().await {
            Ok(user) => Ok(Some(user)),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.problem()),
        };
        let services = match client.services().await {
            Ok(services) => Ok(services),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.problem()),
        };
        let version = client.version().await.ok();
        // A dead session gets somebody else's answer with status 200, so it counts only if the session is
        // still alive after it.
        client.still_signed_in().await?;
        Ok(Status {
            user,
            version,
            services,
            at: clock(),
        })
    });
}

impl State {
    /// Asks the statistics service with a key that was typed, and keeps the key once it has proven good.
    pub(super) fn ask_statistics(&mut self, address: ServerAddress, key: Secret, keeps: bool) {
        self.key_to_keep = keeps.then(|| (address.clone(), key.clone()));
        let options = self.surroundings.client.clone();
        self.statistics
            .start(&self.surroundings.worker, async move {
                statistics(&address, &key, &options).await
            });
    }

    /// Asks it with the key in the keychain.
    pub(super) fn ask_statistics_as_kept(&mut self, address: ServerAddress) {
        self.keys.ask(Ask::Get(Entry::StatisticsKey(address)));
    }

    pub(super) fn forget_statistics_key(&mut self, address: ServerAddress) {
        self.keys.ask(Ask::Remove(Entry::StatisticsKey(address)));
    }

    pub(super) fn take_statistics_key(
        &mut self,
        address: ServerAddress,
        found: Result<Option<Secret>, KeychainError>,
    ) {
        match found {
            Ok(Some(key)) => self.ask_statistics(address, key, false),
            Ok(None) => {
                self.notices
                    .warn("The keychain has no key for this address any more. Write it again.");
                self.settings.statistics_keys.remove(address.as_str());
                self.save_settings();
            }
            Err(error) => self.notices.warn(format!(
                "The key could not be read: {error}. Write it again."
            )),
        }
    }

    pub(super) fn poll_statistics(&mut self) {
        if self.statistics.poll()
            && let Load::Ready(_) = &self.statistics
            && let Some((address, key)) = self.key_to_keep.take()
        {
            self.keys.ask(Ask::Set(Entry::StatisticsKey(address), key));
        }
    }
}
