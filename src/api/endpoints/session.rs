//! Who am I? Decided by pure functions over the server's answers, because the answers are misleading: a bad token
//! gets 200 with public data, and an anonymous user gets someone's name.

use serde::Serialize;

use crate::{
    api::{ApiError, ApiResult, Client, Landing},
    model::{ErrorKind, Problem},
};

/// The state of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// No token was given.
    Anonymous,
    /// The server says that the token is valid.
    SignedIn,
    /// The session must be renewed in the browser.
    Ageing,
    /// The token was valid before and is no longer.
    Expired,
    /// The token was never valid here: mistyped or expired, the server does not say which.
    Refused,
    /// The server did not respond.
    Unreachable,
    /// An answer that says nothing about the session.
    Unknown,
}

/// The result of a check, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCheck {
    /// The state.
    pub state: SessionState,
    /// The user's name, if signed in and the server reports it.
    pub user: Option<String>,
    /// Why the session is not valid.
    pub problem: Option<Problem>,
}

impl SessionState {
    /// Returns the fixed name for scripts and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::SignedIn => "signed_in",
            Self::Ageing => "ageing",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        }
    }

    /// Returns `true` if a token was given and is not accepted: no answer may then be taken for the user's own data.
    pub fn is_rejected(self) -> bool {
        match self {
            Self::Ageing | Self::Expired | Self::Refused => true,
            Self::Anonymous | Self::SignedIn | Self::Unreachable | Self::Unknown => false,
        }
    }

    /// Returns the state in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Anonymous => "not signed in",
            Self::SignedIn => "signed in",
            Self::Ageing => "needs renewal in the browser",
            Self::Expired => "expired",
            Self::Refused => "token not accepted",
            Self::Unreachable => "server not reached",
            Self::Unknown => "not known",
        }
    }
}

impl SessionCheck {
    /// Returns what prevents working with this session. Without a token, a server whose landing page fails may still
    /// have lists; with one, only the verification counts.
    pub fn obstacle(&self, has_token: bool) -> Option<&Problem> {
        self.problem.as_ref().filter(|problem| {
            has_token
                || self.state != SessionState::Unknown
                || problem.kind == ErrorKind::NotFragalysis
        })
    }
}

impl Client {
    /// Verifies the session. `proven_before` says whether this app has seen this token accepted.
    ///
    /// `/api/token/` decides where it exists, the landing page's context where not (server-api 1.3).
    pub async fn check_session(&self, proven_before: bool) -> SessionCheck {
        if !self.has_token() {
            return anonymous(self.landing().await);
        }
        let token = self.token().await;
        let landing = match &token {
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Some(self.landing().await),
            Ok(()) | Err(_) => None,
        };
        let mut check = decide(token, landing, proven_before);
        if check.state == SessionState::SignedIn && check.user.is_none() {
            // Only a name to show: the session is already verified, so a failure here costs nothing.
            let named = self.user().await.ok();
            check.user = named.and_then(|info| info.user.get().map(str::to_owned));
            if check.user.is_none() {
                check.user = self.landing().await.ok().and_then(|page| page.username);
            }
        }
        check
    }

    /// An answer counts as the user's own only if a check started after it still succeeds: a session that died in
    /// between returns fewer rows without an error.
    pub async fn still_signed_in(&self) -> Result<(), Problem> {
        if !self.has_token() {
            return Ok(());
        }
        let check = self.check_session(true).await;
        match (check.state, check.problem) {
            (SessionState::SignedIn, _) => Ok(()),
            (_, Some(problem)) => Err(problem),
            (_, None) => Err(Problem::new(
                ErrorKind::Expired,
                "The server no longer says who you are",
            )),
        }
    }
}

/// Without a token, it only matters whether a Fragalysis server answers.
fn anonymous(landing: ApiResult<Landing>) -> SessionCheck {
    match landing {
        Ok(_) => SessionCheck {
            state: SessionState::Anonymous,
            user: None,
            problem: None,
        },
        Err(error) => failed(&error),
    }
}

/// Returns the session's state from the answers of `/api/token/` and, if that is missing, the landing page.
fn decide(
    token: ApiResult<()>,
    landing: Option<ApiResult<Landing>>,
    proven_before: bool,
) -> SessionCheck {
    let signed_in = |user| SessionCheck {
        state: SessionState::SignedIn,
        user,
        problem: None,
    };
    let rejected = || {
        let (state, kind, message) = if proven_before {
            (
                SessionState::Expired,
                ErrorKind::Expired,
                "Your session has ended",
            )
        } else {
            let message = "This token was not accepted: mistyped or expired";
            (SessionState::Refused, ErrorKind::Refused, message)
        };
        let problem = Some(Problem::new(kind, message.to_owned()));
        SessionCheck {
            state,
            user: None,
            problem,
        }
    };
    match (token, landing) {
        (Ok(()), _) => signed_in(None),
        (Err(_), Some(Ok(landing))) if landing.authenticated => signed_in(landing.username),
        (Err(_), Some(Ok(_) | Err(ApiError::SessionEnded)))
        | (Err(ApiError::SignInNeeded { .. } | ApiError::SessionEnded), None) => rejected(),
        (Err(_), Some(Err(error))) | (Err(error), None) => failed(&error),
    }
}

fn failed(error: &ApiError) -> SessionCheck {
    let state = match error.kind() {
        ErrorKind::Ageing => SessionState::Ageing,
        ErrorKind::Unreachable | ErrorKind::Timeout | ErrorKind::Tls => SessionState::Unreachable,
        _ => SessionState::Unknown,
    };
    SessionCheck {
        state,
        user: None,
        problem: Some(error.problem()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "the form that `decide` takes")]
    fn landing(authenticated: bool) -> Option<ApiResult<Landing>> {
        let username = authenticated.then(|| "alice".to_owned());
        Some(Ok(Landing {
            authenticated,
            username,
        }))
    }

    fn sign_in_needed() -> ApiResult<()> {
        Err(ApiError::SignInNeeded { message: None })
    }

    type Answer = fn() -> ApiResult<()>;

    /// Every combination of answers of `/api/token/` and the landing page, with the expected state.
    #[test]
    fn every_pair_of_answers_has_its_state() {
        use SessionState as S;
        let silent = || ApiError::ServerError { message: None };
        // Answer, and the state for a token that was proven before; `None` where the landing page decides.
        let tokens: [(Answer, Option<S>); 11] = [
            (|| Ok(()), Some(S::SignedIn)),
            (sign_in_needed, Some(S::Expired)),
            (|| Err(ApiError::SessionEnded), Some(S::Expired)),
            (|| Err(ApiError::Ageing), Some(S::Ageing)),
            (|| Err(ApiError::NotOffered), None),
            (|| Err(ApiError::NotFound { message: None }), None),
            (|| Err(ApiError::NotFragalysis), Some(S::Unknown)),
            (|| Err(ApiError::CutShort), Some(S::Unknown)),
            (
                || {
                    Err(ApiError::Busy {
                        message: None,
                        after: None,
                    })
                },
                Some(S::Unknown),
            ),
            (
                || Err(ApiError::ServerError { message: None }),
                Some(S::Unknown),
            ),
            (
                || Err(ApiError::TooSlow { message: None }),
                Some(S::Unreachable),
            ),
        ];
        let mut cells = 0;
        for was_proven in [true, false] {
            for (token, state) in tokens {
                let pages = [
                    (landing(true), S::SignedIn),
                    (landing(false), S::Expired),
                    (Some(Err(ApiError::SessionEnded)), S::Expired),
                    (Some(Err(ApiError::Ageing)), S::Ageing),
                    (Some(Err(silent())), S::Unknown),
                ];
                let cases: Vec<_> = match state {
                    Some(state) => vec![(None, state)],
                    None => pages.into_iter().collect(),
                };
                for (page, state) in cases {
                    cells += 1;
                    let expected = match (state, was_proven) {
                        (S::Expired, false) => S::Refused,
                        (state, _) => state,
                    };
                    let text = format!("{:?} {page:?} {was_proven}", token());
                    let check = decide(token(), page, was_proven);
                    assert_eq!(check.state, expected, "{text}");
                    assert_eq!(check.problem.is_none(), expected == S::SignedIn, "{text}");
                }
            }
        }
        assert_eq!(cells, 38);
    }

    #[test]
    fn a_token_never_accepted_is_refused_and_one_accepted_before_has_expired() {
        assert_eq!(
            decide(sign_in_needed(), None, false).state,
            SessionState::Refused
        );
        assert_eq!(
            decide(sign_in_needed(), None, true).state,
            SessionState::Expired
        );
    }

    #[test]
    fn old_servers_are_asked_through_their_landing_page() {
        let old = || Err(ApiError::NotOffered);
        let check = decide(old(), landing(true), false);
        assert_eq!(
            (check.state, check.user.as_deref()),
            (SessionState::SignedIn, Some("alice"))
        );
        assert_eq!(
            decide(old(), landing(false), false).state,
            SessionState::Refused
        );
        assert_eq!(
            decide(old(), Some(Err(ApiError::Ageing)), true).state,
            SessionState::Ageing
        );
    }

    #[test]
    fn an_inconclusive_answer_proves_nothing() {
        let broken = Err(ApiError::ServerError { message: None });
        assert_eq!(decide(broken, None, true).state, SessionState::Unknown);
        assert_eq!(
            decide(Err(ApiError::Ageing), None, true).state,
            SessionState::Ageing
        );
        assert_eq!(
            anonymous(Err(ApiError::NotFragalysis)).state,
            SessionState::Unknown
        );
    }
}
