//! The status of the user and the server, as the server reports it.

use std::time::{Duration, Instant};

use super::{Remote, Route, State, Worker, keychain_queue::KeychainRequest};
use crate::{
    access::{Evidence, Explanation, Known, explain},
    api::{ApiError, Client, TasStatus, statistics_of},
    model::{
        Memberships, Problem, Secret, ServerAddress, ServerVersion, ServiceState, Statistics, Tas,
        UserInfo,
    },
    store::{Entry, KeychainError},
};

/// The answers behind the status page. Each may be missing independently.
pub struct Status {
    /// The answer about the user; `None` if the server has none, as with older ones.
    pub user: Result<Option<UserInfo>, Problem>,
    /// The user's memberships, as far as the server reports them.
    pub memberships: Memberships,
    /// The server's version, if it reports it.
    pub version: Option<ServerVersion>,
    /// The services of the stack, if the server lists them.
    pub services: Result<Vec<ServiceState>, Problem>,
    /// When the answer arrived.
    pub at: jiff::Zoned,
}

/// What the server reports about the user, as far as it was requested.
#[derive(Default)]
pub struct Account {
    /// The answers of the status page.
    pub status: Remote<Status>,
    /// The authenticator's statistics, for users who have the key.
    pub statistics: Remote<Statistics>,
    /// The latest explanation of why something is not visible.
    pub why: Option<Explanation>,
    /// What the user wants to ask about next, with a number that is new for every question; 0 before the first one.
    pub question: (u64, String),
    /// What the server says about the access string in question, with the question.
    tas_status: Remote<(String, TasStatus)>,
    /// When the status is next refreshed, and the interval until then.
    due: Option<(Instant, Duration)>,
    /// The statistics key that is saved once it is accepted.
    key_to_keep: Option<(ServerAddress, Secret)>,
}

impl Account {
    /// Forgets every answer: they belong to another user.
    pub(super) fn forget(&mut self) {
        self.status = Remote::NotRequested;
        self.why = None;
        self.question.1.clear();
        self.tas_status = Remote::NotRequested;
        self.statistics = Remote::NotRequested;
    }
}

impl State {
    /// Returns `true` if the server lists the access string as one of the user's own.
    pub fn is_member(&self, tas: &Tas) -> bool {
        let status = self.account.status.value();
        status.is_some_and(|status| match &status.memberships {
            Memberships::Listed(own) | Memberships::Private(own) => own.contains(tas),
            Memberships::NotKnown => false,
        })
    }
}

/// Requests the whole status. An answer meant for someone else fails all of it; other errors, only their part.
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
        // An expired session gets a visitor's answer with status 200, so it counts only if the session is
        // still alive after it.
        client.still_signed_in().await?;
        // A visitor's session asks nothing about the user; if no request reached the server, nothing is known.
        if let (Err(problem), Err(_)) = (&user, &services)
            && problem.kind.is_connection_problem()
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
    /// Processes the status, and schedules the next refresh, less often while there is no answer. Returns `true`
    /// if an answer has just arrived.
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

    /// Returns how long the status page waits before it refreshes itself; `None` before the first answer.
    pub fn quiet_wait(&self) -> Option<Duration> {
        self.account.due.map(|(_, wait)| wait)
    }

    /// Refreshes the status while its page is shown. Returns the time until the next refresh.
    pub(super) fn refresh_status_when_due(&mut self) -> Option<Duration> {
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

    /// Explains why something is not visible, and asks the server what only it knows.
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

    /// Adds the server's answer to the open question to the explanation.
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

    /// Queries the statistics service with a key that was typed, and saves the key once it is accepted.
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

    /// Queries the statistics service with the saved key.
    pub(super) fn ask_statistics_as_kept(&mut self, address: ServerAddress) {
        self.keys
            .ask(KeychainRequest::Get(Entry::StatisticsKey(address)));
    }

    pub(super) fn forget_statistics_key(&mut self, address: ServerAddress) {
        self.keys
            .ask(KeychainRequest::Remove(Entry::StatisticsKey(address)));
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
                    .warn("The key for this address is no longer in the keychain. Enter it again.");
                self.settings.statistics_keys.remove(address.as_str());
                self.save_settings();
            }
            Err(error) => self.notices.warn(format!(
                "The key could not be read: {error}. Enter it again."
            )),
        }
    }

    pub(super) fn poll_statistics(&mut self) {
        if self.account.statistics.poll()
            && let Remote::Ready(_) = &self.account.statistics
            && let Some((address, key)) = self.account.key_to_keep.take()
        {
            self.keys
                .ask(KeychainRequest::Set(Entry::StatisticsKey(address), key));
        }
    }
}
