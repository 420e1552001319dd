//! What the server thinks of the user.

use std::time::{Duration, Instant};

use super::{Remote, Route, State, Worker, keys::Ask};
use crate::{
    access::{Evidence, Known, Why, explain},
    api::{ApiError, Client, TasStatus, statistics_of},
    model::{
        Memberships, Problem, Secret, ServerAddress, ServerVersion, ServiceState, Statistics,
        UserInfo,
    },
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

/// What the server thinks of the user, as far as it was asked.
#[derive(Default)]
pub struct Account {
    /// The answers of the status page.
    pub status: Remote<Status>,
    /// The authenticator's statistics, for those who hold the key.
    pub statistics: Remote<Statistics>,
    /// The answer to the last question why something is not seen.
    pub why: Option<Why>,
    /// What the server says of the access string that was asked about, with the question.
    tas_status: Remote<(String, TasStatus)>,
    /// When the status is asked for again by itself, and how long the wait before it was.
    due: Option<(Instant, Duration)>,
    /// The key that is kept once it has proven good.
    key_to_keep: Option<(ServerAddress, Secret)>,
}

impl Account {
    /// Forgets every answer: they belong to another user.
    pub(super) fn forget(&mut self) {
        self.status = Remote::NotRequested;
        self.why = None;
        self.tas_status = Remote::NotRequested;
        self.statistics = Remote::NotRequested;
    }
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
    /// Takes in the status, and sets the time of the next question: later and later while there is no answer.
    /// True when an answer has just come.
    pub(super) fn poll_status(&mut self) -> bool {
        if !self.account.status.poll() {
            return false;
        }
        let quiet = self.environment.quiet;
        let has_failed = match &self.account.status {
            Remote::Failed { .. } => true,
            Remote::Ready(status) => status.user.is_err(),
            Remote::NotRequested | Remote::Loading { .. } => false,
        };
        let wait = match self.account.due {
            Some((_, before)) if has_failed => (before * 2).min(quiet.longest),
            _ => quiet.usual,
        };
        self.account.due = Some((Instant::now() + wait, wait));
        true
    }

    /// How long the status page waits before it asks by itself; `None` before the first answer.
    pub fn quiet_wait(&self) -> Option<Duration> {
        self.account.due.map(|(_, wait)| wait)
    }

    /// Asks for the status again while its page is shown. Says how long that still takes.
    pub(super) fn refresh_quietly(&mut self) -> Option<Duration> {
        let (due, _) = self.account.due?;
        if self.route != Route::Status
            || self.sessions.current.is_none()
            || self.account.status.is_loading()
        {
            return None;
        }
        let wait = due.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            self.refresh_status();
            return None;
        }
        Some(wait)
    }

    /// Explains why something is not seen, and asks the server what only it can tell.
    pub(super) fn ask_why(&mut self, subject: &str) {
        self.account.tas_status = Remote::NotRequested;
        self.explain_why(subject, None);
        let question = self
            .account
            .why
            .as_ref()
            .and_then(|why| why.open_question.clone());
        if let (Some(tas), Some(client)) = (question, self.client()) {
            let subject = subject.to_owned();
            self.account
                .tas_status
                .start(&self.environment.worker, async move {
                    let status = client.tas_status(&tas).await;
                    Ok((subject, status.map_err(|error| error.problem())?))
                });
        }
    }

    /// Takes the server's answer to the open question into the explanation.
    pub(super) fn poll_why(&mut self) {
        if self.account.tas_status.poll()
            && let Some((subject, status)) = self.account.tas_status.take_value()
        {
            self.explain_why(&subject, Some(status));
        }
    }

    fn explain_why(&mut self, subject: &str, tas: Option<TasStatus>) {
        let Some(session) = &self.sessions.current else {
            return;
        };
        let user = match (
            self.account.status.value(),
            self.account.status.is_loading(),
        ) {
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
        self.account.why = Some(explain(subject, &evidence));
    }

    /// Asks the statistics service with a key that was typed, and keeps the key once it has proven good.
    pub(super) fn ask_statistics(&mut self, address: ServerAddress, key: Secret, keeps: bool) {
        self.account.key_to_keep = keeps.then(|| (address.clone(), key.clone()));
        let options = self.environment.client.clone();
        let session = self.sessions.current.as_ref();
        let user = session.filter(|session| session.has_token());
        let user = user.and_then(|session| session.user.clone());
        self.account
            .statistics
            .start(&self.environment.worker, async move {
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
        if self.account.statistics.poll()
            && let Remote::Ready(_) = &self.account.statistics
            && let Some((address, key)) = self.account.key_to_keep.take()
        {
            self.keys.ask(Ask::Set(Entry::StatisticsKey(address), key));
        }
    }
}
