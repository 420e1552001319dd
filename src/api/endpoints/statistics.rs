//! The authenticator's statistics service: a different address, secret and format.
//!
//! The key goes in a header to that address only; a redirect is never followed.

use std::{fmt, time::Duration};

use reqwest::{RequestBuilder, Response, StatusCode, header::HeaderValue};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use serde_saphyr::{DuplicateKeyPolicy, NonFiniteFloatPolicy};

use crate::{
    api::{
        ApiError, ApiResult, ClientOptions,
        client::{
            self,
            refusal::retry_after,
            request::{repeat_if_lost, send_with_retry},
        },
    },
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

/// Queries the statistics service at `address`.
///
/// It is asked again by the rules of every request that only reads: at once on a new connection if the connection was
/// lost, and after the time that a busy service asks for if [`ClientOptions::patience`] allows it.
///
/// # Errors
/// A key that no header can hold, an address without this service, a key that is not accepted, or a transport error.
pub async fn statistics(
    address: &ServerAddress,
    key: &Secret,
    options: &ClientOptions,
) -> Result<Statistics, Problem> {
    let key = header_of(key)?;
    let mut waited = Duration::ZERO;
    loop {
        let read = || async { ask(address, &key, options).await };
        let error = match repeat_if_lost("statistics", read).await {
            Ok(answer) => return answer,
            Err(error) => error,
        };
        let patience = options.patience.as_ref();
        let Some(pause) = patience.and_then(|it| it.pause(&error, &mut waited)) else {
            return Err(error.problem());
        };
        tokio::time::sleep(pause).await;
    }
}

/// Returns the header that holds the key, which is empty if no key is set up.
fn header_of(key: &Secret) -> Result<HeaderValue, Problem> {
    let mut value = HeaderValue::from_str(key.expose().trim()).map_err(|_invalid| {
        Problem::new(ErrorKind::InvalidRequest, "Not a valid key".to_owned())
            .with_next_step("Keys contain only letters and digits. Paste it again.")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Asks once. The outer error is one of the transport, the inner what the service refuses or fails to say.
async fn ask(
    address: &ServerAddress,
    key: &HeaderValue,
    options: &ClientOptions,
) -> ApiResult<Result<Statistics, Problem>> {
    let request = || -> ApiResult<RequestBuilder> {
        // A client for each request: the connection is a new one.
        let client = client::builder(address, options)?
            .timeout(options.read_timeout)
            .build()
            .map_err(ApiError::NoCertificates)?;
        let request = client.get(address.as_str());
        // If no key is set up, the service answers without one.
        Ok(if key.is_empty() {
            request
        } else {
            request.header(KEY_HEADER, key.clone())
        })
    };
    let mut response = send_with_retry(request).await?;
    match refusal(&response, !key.is_empty()) {
        Refusal::None => {}
        Refusal::Wait(error) => return Err(error),
        Refusal::Problem(problem) => return Ok(Err(problem)),
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(ApiError::from_transport)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > MAX_BYTES {
            return Ok(Err(not_the_service()));
        }
    }
    Ok(read(String::from_utf8_lossy(&bytes).into_owned()).ok_or_else(not_the_service))
}

/// What the status of an answer means for the user.
enum Refusal {
    /// Nothing is refused.
    None,
    /// Busy or down.
    Wait(ApiError),
    /// Asking again would not help.
    Problem(Problem),
}

/// Returns what the status of an answer means for the user.
fn refusal(response: &Response, has_key: bool) -> Refusal {
    let after = retry_after(response.headers());
    let message = None;
    let (kind, cause, step) = match response.status() {
        StatusCode::OK => return Refusal::None,
        StatusCode::TOO_MANY_REQUESTS => return Refusal::Wait(ApiError::Busy { message, after }),
        StatusCode::SERVICE_UNAVAILABLE if after.is_some() => {
            return Refusal::Wait(ApiError::Down { message, after });
        }
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED if !has_key => (
            ErrorKind::NoAccess,
            "This service needs a key",
            "Enter it, or ask the Fragalysis administrators for it.",
        ),
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => (
            ErrorKind::NoAccess,
            "The key was not accepted",
            "Ask the Fragalysis administrators for the current one.",
        ),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => (
            ErrorKind::NotFound,
            "There is no statistics service at this address",
            "Check the address; a mock authenticator has no such service.",
        ),
        status if status.is_server_error() => (
            ErrorKind::ServerError,
            "The statistics service failed",
            "Try again in a few minutes.",
        ),
        _ => return Refusal::Problem(not_the_service()),
    };
    Refusal::Problem(Problem::new(kind, cause.to_owned()).with_next_step(step))
}

fn not_the_service() -> Problem {
    let cause = "The server at this address is not the statistics service";
    Problem::new(ErrorKind::InvalidRequest, cause.to_owned()).with_next_step("Check the address.")
}

pub(in crate::api) fn read(text: String) -> Option<Statistics> {
    // One odd value costs at most that value.
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
    };
    let value: AnyYaml = serde_saphyr::from_str_with_options(&text, options).ok()?;
    Statistics::read(&value.0, text)
}

/// YAML as JSON. A key of any type becomes a text: in YAML it may be null, a number or even a list.
struct AnyYaml(Value);

impl<'de> Deserialize<'de> for AnyYaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyYamlVisitor).map(Self)
    }
}

struct AnyYamlVisitor;

impl<'de> Visitor<'de> for AnyYamlVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(AnyYaml(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = serde_json::Map::new();
        while let Some((AnyYaml(key), AnyYaml(value))) = entries.next_entry()? {
            let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            map.insert(key, value);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_values_cost_at_most_themselves() {
        for odd in [
            "age: .nan",
            "age: .inf",
            "status: a\n  status: b",
            "1: x",
            "~: x",
            ".nan: x",
            "[1, 2]: x",
            "true: x",
        ] {
            let text =
                format!("ping:\n  {odd}\n  word: OK\nusers:\n  user_stats:\n  - username: abc\n");
            let statistics = read(text).unwrap_or_else(|| panic!("{odd}"));
            assert_eq!(statistics.users.unwrap()[0].username, "abc", "{odd}");
            let ping = statistics.ping.unwrap();
            assert!(
                ping.contains(&("word".to_owned(), "OK".to_owned())),
                "{odd}: {ping:?}"
            );
        }
    }

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
