//! The authenticator's statistics service: a different address, secret and format.
//!
//! The key goes in a header to that address only; a redirect is never followed.

use reqwest::{Response, StatusCode, header::HeaderValue};
use serde_json::Value;

use crate::{
    api::{ApiError, ClientOptions, client},
    model::{ErrorKind, Problem, Secret, ServerAddress, Statistics},
};

const KEY_HEADER: &str = "X-TAAStatsKey";
/// Longest answer that is read: a line for each user.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Queries the statistics service at `address`, and once more if its list of users lacks this one.
///
/// # Errors
/// Like [`statistics`].
pub async fn statistics_of(
    address: &ServerAddress,
    key: &Secret,
    options: &ClientOptions,
    user: Option<&str>,
) -> Result<Statistics, Problem> {
    let first = statistics(address, key, options).await?;
    let lacks_user = user.is_some_and(|user| first.lacks(user));
    if !lacks_user {
        return Ok(first);
    }
    // The list is incomplete for a moment whenever it is updated.
    tokio::time::sleep(options.retry_pause).await;
    Ok(statistics(address, key, options).await.unwrap_or(first))
}

/// Queries the statistics service at `address`. The message of a problem is complete: it also says what to do.
pub async fn statistics(
    address: &ServerAddress,
    key: &Secret,
    options: &ClientOptions,
) -> Result<Statistics, Problem> {
    let mut response = ask(address, key, options).await?;
    let has_key = !key.expose().trim().is_empty();
    if let Some(problem) = refusal(response.status(), has_key) {
        return Err(problem);
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(lost)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > MAX_BYTES {
            return Err(not_the_service());
        }
    }
    read(String::from_utf8_lossy(&bytes).into_owned()).ok_or_else(not_the_service)
}

async fn ask(
    address: &ServerAddress,
    key: &Secret,
    options: &ClientOptions,
) -> Result<Response, Problem> {
    let mut value = HeaderValue::from_str(key.expose().trim()).map_err(|_invalid| {
        problem(
            ErrorKind::InvalidRequest,
            "Not a valid key: keys contain only letters and digits. Paste it again.",
        )
    })?;
    value.set_sensitive(true);
    let http = client::builder(address, options)
        .map_err(|error| error.problem())?
        .timeout(options.read_timeout)
        .build()
        .map_err(|error| ApiError::NoCertificates(error).problem())?;
    let request = http.get(address.as_str());
    // If no key is set up, the service answers without one.
    let request = if value.is_empty() {
        request
    } else {
        request.header(KEY_HEADER, value)
    };
    request.send().await.map_err(lost)
}

/// Returns what an error status means for the user.
fn refusal(status: StatusCode, has_key: bool) -> Option<Problem> {
    let (kind, message) = match status {
        StatusCode::OK => return None,
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED if !has_key => (
            ErrorKind::NoAccess,
            "This service needs a key. Enter it, or ask the Fragalysis administrators for it.",
        ),
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => (
            ErrorKind::NoAccess,
            "The key was not accepted. Ask the Fragalysis administrators for the current one.",
        ),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => (
            ErrorKind::NotFound,
            "There is no statistics service at this address. Check the address; a mock authenticator has no such service.",
        ),
        status if status.is_server_error() => (
            ErrorKind::ServerError,
            "The statistics service failed. Try again in a few minutes.",
        ),
        _ => return Some(not_the_service()),
    };
    Some(problem(kind, message))
}

fn not_the_service() -> Problem {
    problem(
        ErrorKind::InvalidRequest,
        "The server at this address is not the statistics service. Check the address.",
    )
}

fn lost(error: reqwest::Error) -> Problem {
    let cause = ApiError::from_transport(error).problem();
    problem(cause.kind, &cause.to_string())
}

fn problem(kind: ErrorKind, message: &str) -> Problem {
    Problem::new(kind, message.to_owned())
}

pub(in crate::api) fn read(text: String) -> Option<Statistics> {
    let value: Value = serde_saphyr::from_str(&text).ok()?;
    Statistics::read(&value, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_format_is_read() {
        let text = "auth:\n  kind: ISPYB\n  name: XChem Python FastAPI TAS Authenticator\n  version: 1.4.0\ncode_set: []\nping:\n  age: 20 seconds\n  status: OK\n  status_change_timestamp: '2025-10-10T10:34:25.537069+00:00'\nusers:\n  user_stats:\n  - username: abc12345\n  - tas_count: 12\n  - collected: '2025-10-10T10:34:25.537069+00:00'\n";
        let statistics = read(text.to_owned()).unwrap();
        let users = statistics.users.unwrap();
        assert_eq!(
            (
                users.len(),
                users[0].username.as_str(),
                users[0].tas_count.as_str()
            ),
            (1, "abc12345", "12")
        );
        assert_eq!(statistics.auth.unwrap().version.get(), Some("1.4.0"));
    }
}
