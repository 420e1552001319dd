//! Errors of the API: one variant per different reaction, each with the server's own message.

#[cfg(test)]
mod tests;
mod transport;
mod words;

use std::time::Duration;

use self::words::{BUSY, DOWN, WORTH_A_WORD, server_words, with_retry_time};
use crate::model::{ErrorKind, Problem};

/// What the functions of this module return.
pub type ApiResult<T> = Result<T, ApiError>;

/// Why a request did not yield a usable response.
///
/// `Display` is one sentence for the user; the technical cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No connection.
    #[error("The server could not be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The connection was closed before the first byte of an answer.
    #[error("The server closed the connection without an answer")]
    NoAnswer(#[source] reqwest::Error),
    /// The connection was established but no (complete) answer arrived in time.
    #[error("The server took too long to answer")]
    Timeout(#[source] reqwest::Error),
    /// The connection was lost in the middle of an answer.
    #[error("The connection was lost before the whole answer had arrived")]
    Interrupted(#[source] reqwest::Error),
    /// The response is complete, but its JSON ends in the middle of a list.
    #[error("The server's answer ended too early")]
    CutShort,
    /// No trusted encrypted connection.
    #[error("No trusted connection to the server could be made")]
    Tls(#[source] reqwest::Error),
    /// The other side does not encrypt at all: an address with https where only http is spoken.
    #[error("This address does not answer with encryption, as https requires")]
    NotEncrypted(#[source] reqwest::Error),
    /// The system's certificates cannot be read, so no connection can be trusted.
    #[error("This computer has no list of trusted certificates")]
    NoCertificates(#[source] reqwest::Error),
    /// The answer violates HTTP: two lengths, an endless header.
    #[error("The answer from this address does not come from a web server")]
    BadAnswer(#[source] reqwest::Error),
    /// The answer is empty where data belongs.
    #[error("The server's answer was empty")]
    Empty,
    /// Status 407: a proxy requires a name and a password.
    #[error("The proxy of this network requires a user name and a password")]
    ProxyRefused,
    /// Status 511: the network itself requires the user to sign in first.
    #[error("This network requires you to sign in on its own web page first")]
    NetworkSignIn,
    /// A web page or something else where data belongs.
    #[error(
        "This address answers, but not like Fragalysis: instead of data it sent something else, such as a web page"
    )]
    NotFragalysis,
    /// The answer is data, but not of the expected form.
    #[error("The server's answer could not be read ({what})")]
    Malformed {
        /// Name of the request.
        what: &'static str,
        /// Where it failed.
        #[source]
        source: serde_json::Error,
    },
    /// Status 500 and the like.
    #[error("The server failed{}", server_words(.message.as_ref()))]
    ServerError {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// An answer that makes no sense for what was asked: 416 without a range, 421, 425, 501 and the like, or a message
    /// where data belongs.
    #[error("The server, or a proxy in front of it, gave an answer that makes no sense here{}", server_words(.message.as_ref()))]
    Unexpected {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// Status 502 or 503: the proxy in front of the server answers, and the server itself does not.
    #[error("{}", with_retry_time(DOWN, .message.as_ref(), *.after))]
    Down {
        /// The server's sentence, when it gave one.
        message: Option<String>,
        /// How long the server asks clients to wait (`Retry-After`).
        after: Option<Duration>,
    },
    /// Status 429: too many requests, of all users together.
    #[error("{}", with_retry_time(BUSY, .message.as_ref(), *.after))]
    Busy {
        /// The server's sentence, when it gave one.
        message: Option<String>,
        /// How long the server asks clients to wait (`Retry-After`).
        after: Option<Duration>,
    },
    /// Status 408 or 504: it takes longer than a proxy in between would wait.
    #[error("The server did not finish in time{}", server_words(.message.as_ref()))]
    TooSlow {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// Anonymous where a session is needed.
    #[error("The server requires you to sign in{}", server_words(.message.as_ref()))]
    SignInNeeded {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// The session must be renewed in the browser.
    #[error("Your session must be renewed in the browser")]
    Ageing,
    /// The server deleted the session cookie: it no longer knows the session.
    #[error("Your session has ended")]
    SessionEnded,
    /// A visitor is redirected to another address.
    #[error("This address redirects to {address}")]
    Redirected {
        /// Where to: scheme, host and port.
        address: String,
    },
    /// The CSRF token is missing or outdated.
    #[error("The server refused the request, even after a second attempt")]
    Csrf {
        /// The server's message, for the log: it does not help users.
        message: Option<String>,
    },
    /// It exists, but this user has no access to it. Servers answer this with 403 or 404.
    #[error("You do not have access{}", server_words(.message.as_ref()))]
    NoAccess {
        /// The server's sentence, when it gave one.
        message: Option<String>,
        /// Whether the request was made with a session, so that signing in does not help.
        is_signed_in: bool,
    },
    /// The server has no such thing, or does not show it to this user.
    #[error("The server does not have this, or does not show it to you{}", server_words(.message.as_ref()))]
    NotFound {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// This generation of the server does not know the endpoint.
    #[error("This version of the server does not offer this")]
    NotOffered,
    /// None of the codes is known to the server.
    #[error("The server knows none of these codes{}", server_words(.message.as_ref()))]
    UnknownCodes {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// The server did not understand.
    #[error("The server did not accept the request{}", server_words(.message.as_ref()))]
    InvalidRequest {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// Status 431: the cookies of the request, which hold the token, are longer than the server accepts.
    #[error("The server, or a proxy in front of it, found the sign-in data of the request too long{}", server_words(.message.as_ref()))]
    HeadersTooLarge {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// Status 413 or 414: the request is longer than the server, or a proxy in front of it, accepts.
    #[error("The request is larger than the server, or a proxy in front of it, accepts{}", server_words(.message.as_ref()))]
    TooLarge {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// The archive no longer exists on the server.
    #[error("The archive that the server built is no longer there{}", server_words(.message.as_ref()))]
    LinkExpired {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// Status 500 instead of the archive: that is how servers answer for one that they have removed, or cannot read.
    #[error("The server failed to send the archive that it had built{}", server_words(.message.as_ref()))]
    ArchiveFailed {
        /// The server's sentence, when it gave one.
        message: Option<String>,
    },
    /// A fault in this program.
    #[error("Internal error in Fragalysis Desktop")]
    Crashed,
}

impl ApiError {
    /// Returns how long the server asks clients to wait (`Retry-After`), or `None` if it does not say.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { after, .. } | Self::Down { after, .. } => *after,
            _ => None,
        }
    }

    /// Returns the kind of error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Unreachable(_)
            | Self::NoAnswer(_)
            | Self::Interrupted(_)
            | Self::ProxyRefused
            | Self::NetworkSignIn => ErrorKind::Unreachable,
            Self::Timeout(_) | Self::TooSlow { .. } => ErrorKind::Timeout,
            Self::CutShort => ErrorKind::Truncated,
            Self::Tls(_) | Self::NotEncrypted(_) | Self::NoCertificates(_) => ErrorKind::Tls,
            Self::NotFragalysis
            | Self::BadAnswer(_)
            | Self::Malformed { .. }
            | Self::Redirected { .. } => ErrorKind::NotFragalysis,
            Self::SessionEnded => ErrorKind::Expired,
            // Not caused by the user: the server, or a proxy in front of it, loses the token that it handed out.
            Self::ServerError { .. }
            | Self::Unexpected { .. }
            | Self::ArchiveFailed { .. }
            | Self::Down { .. }
            | Self::Empty
            | Self::Csrf { .. } => ErrorKind::ServerError,
            Self::Busy { .. } => ErrorKind::Busy,
            Self::Ageing => ErrorKind::Ageing,
            Self::SignInNeeded { .. } | Self::NoAccess { .. } => ErrorKind::NoAccess,
            Self::NotFound { .. } | Self::NotOffered => ErrorKind::NotFound,
            Self::UnknownCodes { .. } => ErrorKind::UnknownCodes,
            Self::InvalidRequest { .. } | Self::TooLarge { .. } | Self::HeadersTooLarge { .. } => {
                ErrorKind::InvalidRequest
            }
            Self::LinkExpired { .. } => ErrorKind::LinkExpired,
            Self::Crashed => ErrorKind::Crashed,
        }
    }

    /// Returns `true` if the same request may succeed a moment later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::NoAnswer(_)
            | Self::Timeout(_)
            | Self::Interrupted(_)
            | Self::CutShort
            | Self::Down { .. }
            | Self::Empty
            | Self::Busy { .. }
            | Self::TooSlow { .. } => true,
            Self::Tls(_)
            | Self::NotEncrypted(_)
            | Self::BadAnswer(_)
            | Self::ProxyRefused
            | Self::NetworkSignIn
            | Self::NoCertificates(_)
            | Self::NotFragalysis
            | Self::Malformed { .. }
            | Self::ServerError { .. }
            | Self::Unexpected { .. }
            | Self::ArchiveFailed { .. }
            | Self::SignInNeeded { .. }
            | Self::Ageing
            | Self::SessionEnded
            | Self::Redirected { .. }
            | Self::Csrf { .. }
            | Self::NoAccess { .. }
            | Self::NotFound { .. }
            | Self::NotOffered
            | Self::UnknownCodes { .. }
            | Self::InvalidRequest { .. }
            | Self::TooLarge { .. }
            | Self::HeadersTooLarge { .. }
            | Self::LinkExpired { .. }
            | Self::Crashed => false,
        }
    }

    /// Returns the next step, if it differs from the usual one for this kind.
    fn next_step(&self) -> Option<&'static str> {
        match self {
            Self::NoCertificates(_) => Some("On Linux, install the package “ca-certificates”."),
            Self::NotEncrypted(_) => Some(
                "Check the address and the port in it, and those of your proxy. If the server is on this computer, write http:// instead of https://.",
            ),
            Self::ProxyRefused => Some("Enter them under Settings, Network."),
            Self::NetworkSignIn => {
                Some("Open any web page in the browser, sign in there, then try again.")
            }
            Self::Down { after, .. } | Self::Busy { after, .. }
                if after.is_some_and(|after| after >= WORTH_A_WORD) =>
            {
                Some("If the problem persists, contact the Fragalysis team.")
            }
            Self::Malformed { .. } => Some(
                "If the address is right, the server may be newer than this program: look for a newer version.",
            ),
            Self::SignInNeeded { .. } => Some("Sign in with a session token."),
            Self::NoAccess { is_signed_in, .. } if *is_signed_in => {
                Some("Ask the principal investigator of the proposal to add you.")
            }
            Self::Redirected { .. } => Some("Use that address if it is your Fragalysis server."),
            Self::TooLarge { .. } => Some(
                "Choose fewer experiments at once. If that does not help, contact the Fragalysis team.",
            ),
            Self::HeadersTooLarge { .. } => Some(
                "Sign in again with a new token. If that does not help, contact the Fragalysis team.",
            ),
            Self::NotOffered => Some("Choose something else, or ask the Fragalysis team."),
            _ => None,
        }
    }

    /// Returns the error as users see it.
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.kind(), self.to_string());
        problem.retry_after = self.retry_after();
        let is_server_trouble = matches!(self, Self::ServerError { .. } | Self::Unexpected { .. });
        problem.is_lasting = !self.is_transient() && !is_server_trouble;
        match self.next_step() {
            Some(sentence) => problem.with_next_step(sentence),
            None => problem,
        }
    }

    /// Returns `true` if an existing connection was lost before the whole answer had arrived: the other side may have
    /// closed a kept connection silently, and the same request on a fresh one may well succeed.
    pub(super) fn is_lost_connection(&self) -> bool {
        matches!(
            self,
            Self::NoAnswer(_) | Self::Interrupted(_) | Self::CutShort
        )
    }
}
