//! What the server thinks of the user.

use super::{Load, Worker};
use crate::{
    api::{ApiError, Client, SessionState},
    model::{Problem, ServerVersion, ServiceState, UserInfo},
};

/// The answers behind the status page.
pub struct Status {
    /// The answer about the user; nothing where the server has none, as older ones do.
    pub user: Option<UserInfo>,
    /// The server's version, where it says it.
    pub version: Option<ServerVersion>,
    /// The services of the stack, where the server lists them.
    pub services: Vec<ServiceState>,
    /// When the answer came.
    pub at: jiff::Zoned,
}

/// Asks all three. Only the first decides: version and services are extras.
pub(super) fn refresh(
    load: &mut Load<Status>,
    worker: &Worker,
    client: Client,
    state: SessionState,
    clock: fn() -> jiff::Zoned,
) {
    load.start(worker, async move {
        let user = match client.user().await {
            Ok(user) => Some(user),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => None,
            Err(error) => return Err(error.problem()),
        };
        if client.has_token() && state == SessionState::SignedIn {
            // A dead session gets somebody else's answer with status 200, so it counts only if the
            // session is still alive after it.
            let check = client.check_session(true).await;
            if let Some(problem) = check.problem {
                return Err(Problem::clone(&problem));
            }
        }
        Ok(Status {
            user,
            version: client.version().await.ok(),
            services: client.services().await.unwrap_or_default(),
            at: clock(),
        })
    });
}
