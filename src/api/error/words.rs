//! The parts of sentences that several errors share.

use std::time::Duration;

use crate::model::{time_text, two_sentences};

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
