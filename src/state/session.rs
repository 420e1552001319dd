//! Who the user is for which server, as proven.

use crate::{
    api::{ApiResult, Client, ClientOptions},
    model::{Problem, ServerAddress, SessionToken},
};

pub use crate::api::SessionState;

/// The server one works with, as somebody or as nobody.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) client: Client,
    /// The server.
    pub server: ServerAddress,
    /// What is known of the session.
    pub state: SessionState,
    /// The user's name, where the server says it.
    pub user: Option<String>,
    /// Why the session is not as it should be.
    pub problem: Option<Problem>,
}

impl Session {
    /// Proves a session. Nothing on screen may change before this has succeeded.
    /// `was_proven` says that this program has seen the token accepted before.
    pub(super) async fn prove(client: Client, was_proven: bool) -> Result<Self, Problem> {
        let check = client.check_session(was_proven).await;
        if let Some(problem) = check.obstacle(client.has_token()) {
            return Err(problem.clone());
        }
        Ok(Self {
            server: client.server().clone(),
            state: check.state,
            user: check.user,
            problem: None,
            client,
        })
    }

    /// Whether the server takes the user for the owner of the token, as far as is known.
    pub fn is_signed_in(&self) -> bool {
        self.state == SessionState::SignedIn
    }

    /// The user's name, or what one is without a name.
    pub fn user_text(&self) -> &str {
        match (&self.user, self.state) {
            (Some(user), _) => user,
            (None, SessionState::Anonymous) => "Public data",
            (None, _) => "Signed in",
        }
    }

    /// Takes note of an answer that says that the session has ended.
    pub(super) fn note(&mut self, problem: &Problem) {
        use crate::model::ErrorKind as Kind;
        let state = match problem.kind {
            Kind::Expired => SessionState::Expired,
            Kind::Refused => SessionState::Refused,
            Kind::Ageing => SessionState::Ageing,
            _ => return,
        };
        self.state = state;
        self.problem = Some(problem.clone());
    }
}

/// A client for one server; with a token, as the user it belongs to.
pub(super) fn client(
    server: ServerAddress,
    token: Option<SessionToken>,
    options: &ClientOptions,
) -> ApiResult<Client> {
    Client::new(server, token, options.clone())
}
