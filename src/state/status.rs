//! What the server thinks of the user.

use super::{Remote, State, Worker, keys::Ask};
use crate::{
    access::{Evidence, Known, explain},
    api::{ApiError, Client, TasStatus, statistics_of},
    model::{Memberships, Problem, Secret, ServerAddress, ServerVersion, ServiceState, UserInfo},
    store::{Entry, KeychainError},
};

/// The answers behind the status page. Each may be missing for itself.
pub struct Status {
    /// The answer about the user; `None` where the server has none, as older ones do.
    pub user: Result<Option<UserInfo>, Problem>,
    /// The user's memberships, as far as the server tells them.
    pub memberships: Memberships,
    /// The server's version, where it says it.
    pub version: Option<ServerVersion>,
    /// The services of the stack, where the server lists them.
    pub services: Result<Vec<ServiceState>, Problem>,
    /// When the answer came.
    pub at: jiff::Zoned,
}

/// Asks all three. An answer that is someone else's fails the whole; anything else only its part.
pub(super) fn refresh(
    load: &mut Remote<Status>,
    worker: &Worker,
    client: Client,
    clock: fn() -> jiff::Zoned,
) {
    load.start(worker, async move {
        let (user, memberships) = match client.user_and_memberships().await {
            Ok((user, memberships)) => (Ok(user), memberships),
            Err(error) => (Err(error.problem()), Memberships::NotKnown),
        };
        let services = match client.services().await {
            Ok(services) => Ok(services),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.problem()),
        };
        let version = client.version().await.ok();
        // A dead session gets someone else's answer with status 200, so it counts only if the session is
        // still alive after it.
        client.still_signed_in().await?;
        // A visitor's session asks nothing; where no question reached the server, nothing is known.
        if let (Err(problem), Err(_)) = (&user, &services)
            && problem.kind.is_of_the_way()
        {
            return Err(problem.clone());
        }
        Ok(Status {
            user,
            memberships,
            version,
            services,
            at: clock(),
        })
    });
}

impl State {
    /// Explains why something is not seen, and asks the server what only it can tell.
    pub(super) fn ask_why(&mut self, subject: &str) {
        self.tas_status = Remote::NotRequested;
        self.explain_why(subject, None);
        let question = self.why.as_ref().and_then(|why| why.open_question.clone());
        if let (Some(tas), Some(client)) = (question, self.client()) {
            let subject = subject.to_owned();
            self.tas_status.start(&self.environment.worker, async move {
                let status = client.tas_status(&tas).await;
                Ok((subject, status.map_err(|error| error.problem())?))
            });
        }
    }

    /// Takes the server's answer to the open question into the explanation.
    pub(super) fn poll_why(&mut self) {
        if self.tas_status.poll()
            && let Some((subject, status)) = self.tas_status.take_value()
        {
            self.explain_why(&subject, Some(status));
        }
    }

    fn explain_why(&mut self, subject: &str, tas: Option<TasStatus>) {
        let Some(session) = &self.session else { return };
        let user = match (self.status.value(), self.status.is_loading()) {
            (Some(status), _) => match &status.user {
                Ok(Some(info)) => Known::Yes(info),
                Ok(None) => Known::NotOffered,
                Err(_) => Known::Failed,
            },
            (None, true) => Known::Loading,
            (None, false) => Known::Failed,
        };
        let table = &self.experiments.table;
        let targets = match (table.value(), table.is_loading()) {
            (Some(table), _) => Known::Yes(table.targets.as_slice()),
            (None, true) => Known::Loading,
            (None, false) => Known::Failed,
        };
        let evidence = Evidence {
            session: session.state,
            user,
            targets,
            tas,
        };
        self.why = Some(explain(subject, &evidence));
    }

    /// Asks the statistics service with a key that was typed, and keeps the key once it has proven good.
    pub(super) fn ask_statistics(&mut self, address: ServerAddress, key: Secret, keeps: bool) {
        self.key_to_keep = keeps.then(|| (address.clone(), key.clone()));
        let options = self.environment.client.clone();
        let session = self.session.as_ref();
        let user = session.filter(|session| session.has_token());
        let user = user.and_then(|session| session.user.clone());
        self.statistics.start(&self.environment.worker, async move {
            statistics_of(&address, &key, &options, user.as_deref()).await
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
            && let Remote::Ready(_) = &self.statistics
            && let Some((address, key)) = self.key_to_keep.take()
        {
            self.keys.ask(Ask::Set(Entry::StatisticsKey(address), key));
        }
    }
}
