//! What an error of the transport means: reqwest says much of it only in words.

use std::{error::Error, io};

use super::ApiError;

impl ApiError {
    /// Classifies a transport error by its cause.
    pub(in crate::api) fn from_transport(error: reqwest::Error) -> Self {
        // The address may contain an archive handle, so it is removed before it can be logged.
        let error = error.without_url();
        if says(&error, PROXY_WORDS) {
            Self::ProxyRefused
        } else if says(&error, BAD_ANSWER_WORDS) {
            Self::BadAnswer(error)
        } else if error.is_builder() {
            // The server gave an address that cannot be requested, such as one of a megabyte.
            Self::BadAnswer(error)
        } else if says(&error, NOT_ENCRYPTED_WORDS) {
            Self::NotEncrypted(error)
        } else if is_about_trust(&error) {
            Self::Tls(error)
        } else if error.is_connect() {
            // Also if connecting took too long: no one answers there.
            Self::Unreachable(error)
        } else if error.is_timeout() {
            Self::Timeout(error)
        } else if error.is_body() || error.is_decode() {
            Self::Interrupted(error)
        } else {
            Self::NoAnswer(error)
        }
    }
}

/// How reqwest says that a proxy requires authentication. It offers no other way to tell.
const PROXY_WORDS: &[&str] = &[
    "proxy authorization required",
    "proxy authentication required",
];
/// How reqwest says that an answer violates HTTP, or that it is encrypted where it should not be.
const BAD_ANSWER_WORDS: &[&str] = &[
    "invalid http",
    "invalid content-length",
    "invalid transfer-encoding",
    "message head is too large",
    "invalid header",
    "invalid chunk size",
    // Said to be compressed, and it is not.
    "invalid gzip header",
];

/// How reqwest says that the other side answers an encrypted greeting with something else.
const NOT_ENCRYPTED_WORDS: &[&str] = &["invalidcontenttype"];

/// Returns `true` if a cause of an error contains one of these words, ignoring case.
fn says(error: &(dyn Error + 'static), words: &[&str]) -> bool {
    std::iter::successors(Some(error), |cause: &&(dyn Error + 'static)| {
        (*cause).source()
    })
    .any(|cause| {
        let text = cause.to_string().to_lowercase();
        words.iter().any(|word| text.contains(word))
    })
}

/// Returns `true` if the chain of causes ends in TLS, for which reqwest has no query. A lost connection does not
/// count, although its message mentions TLS.
pub(super) fn is_about_trust(error: &(dyn Error + 'static)) -> bool {
    let is_lost = |cause: &(dyn Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::TimedOut
            )
        })
    };
    let is_of_encryption = |cause: &(dyn Error + 'static)| {
        let text = cause.to_string().to_lowercase();
        text.contains("certificate") || text.contains("tls") || text.contains("handshake")
    };
    let causes = || {
        std::iter::successors(Some(error), |cause: &&(dyn Error + 'static)| {
            (*cause).source()
        })
    };
    !causes().any(is_lost) && causes().any(is_of_encryption)
}
