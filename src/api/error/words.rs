//! The parts of sentences that several errors share.

use std::time::Duration;

use super::ApiError;
use crate::model::{time_text, two_sentences};

/// The sentence of [`ApiError::Busy`].
pub(super) const BUSY: &str = "The server is too busy";
/// The sentence of [`ApiError::Down`].
pub(super) const DOWN: &str = "The server is down at the moment";

/// Returns the server's words, as the end of our sentence.
pub(super) fn server_words(message: Option<&String>) -> String {
    message
        .map(|text| format!(". It said: “{text}”"))
        .unwrap_or_default()
}

/// A shorter wait is not worth mentioning.
pub(super) const WORTH_A_WORD: Duration = Duration::from_mins(1);

/// Returns our sentence, the server's, and when to try again, if the server says so and it is worth mentioning.
pub(super) fn with_retry_time(
    sentence: &str,
    message: Option<&String>,
    after: Option<Duration>,
) -> String {
    let text = format!("{sentence}{}", server_words(message));
    match after.filter(|after| *after >= WORTH_A_WORD) {
        Some(after) => {
            let later = format!("Try again in {}", time_text(after));
            two_sentences(&text, &later)
        }
        None => text,
    }
}

impl ApiError {
    /// Returns the sentence without advice about when to try again: for a caller that tries again itself.
    pub fn cause(&self) -> String {
        match self {
            Self::Busy { message, .. } => with_retry_time(BUSY, message.as_ref(), None),
            Self::Down { message, .. } => with_retry_time(DOWN, message.as_ref(), None),
            other => other.to_string(),
        }
    }
}
