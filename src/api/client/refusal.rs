//! What each kind of refusal means, and the server's own message in it.

use std::time::Duration;

use reqwest::{
    Response, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde_json::Value;

use super::{body::TextChunks, wire};
use crate::{
    api::{ApiError, ApiResult},
    model::visible,
};

/// Longest part of an error answer that is searched for the server's message.
const MAX_ERROR_BYTES: usize = 64 * 1024;
/// How long to wait for the rest of an error answer.
const SLOWEST_MESSAGE: Duration = Duration::from_secs(10);
/// A longer time to wait is not meant seriously, and would only be confusing.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// Longest message of a server that is shown.
const MAX_MESSAGE_CHARS: usize = 300;

/// Status 425 (Too Early), for which `http` has no constant yet.
const TOO_EARLY: StatusCode = match StatusCode::from_u16(425) {
    Ok(status) => status,
    Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
};

/// Turns every unsuccessful response into its error.
///
/// `secrets` are removed from the server's message: a server that echoes what it was sent must not leak a token to
/// the screen, a log or a file.
pub(super) async fn refuse(mut response: Response, secrets: &[&str]) -> ApiResult<Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let is_json = wire::is_json(response.headers());
    let must_renew = response.headers().contains_key("refresh_url");
    let after = retry_after(response.headers());
    let mut body = Vec::new();
    let mut chunks = TextChunks::of(&response);
    // The status is enough; the message only helps, so unreadable and very late parts of it are left out.
    let reading = tokio::time::timeout(SLOWEST_MESSAGE, async {
        while body.len() < MAX_ERROR_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
            && let Ok(text) = chunks.next(&chunk)
        {
            body.extend_from_slice(&text);
        }
    });
    reading.await.ok();
    let json: Option<Value> = match is_json {
        wire::IsJson::Yes | wire::IsJson::Unsaid => serde_json::from_slice(&body).ok(),
        wire::IsJson::No => None,
    };
    let text = String::from_utf8_lossy(&body);
    // Read again from what it means: in JSON, each letter can be written in another way as well.
    let says = |secret: &str| {
        text.contains(secret) || json.as_ref().is_some_and(|json| has_text(json, secret))
    };
    let is_told = secrets
        .iter()
        .any(|secret| !secret.is_empty() && says(secret));
    let json = json.filter(|_| !is_told || must_renew);
    let mut error = classify_refusal(status, json.as_ref(), must_renew);
    if let ApiError::Busy { after: slot, .. } | ApiError::Down { after: slot, .. } = &mut error {
        *slot = after;
    }
    Err(error)
}

/// Returns `true` if a text in this JSON contains another.
fn has_text(json: &Value, part: &str) -> bool {
    match json {
        Value::String(text) => text.contains(part),
        Value::Array(list) => list.iter().any(|value| has_text(value, part)),
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| key.contains(part) || has_text(value, part)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns how long the server asks clients to wait: a number of seconds, or a date (RFC 9110, 10.2.3).
pub(in crate::api) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_not_a_number) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?;
            Duration::try_from(at.timestamp() - jiff::Timestamp::now()).ok()?
        }
    };
    Some(wait).filter(|wait| *wait <= LONGEST_WAIT)
}

/// Returns what "not found" means: the servers use it for several things, and only the message distinguishes them.
fn not_found(json: Option<&Value>, message: Option<String>) -> ApiError {
    let says = |text: &str| {
        message
            .as_ref()
            .is_some_and(|message| message.contains(text))
    };
    match message {
        _ if says("is not a member of") => ApiError::NoAccess {
            message,
            is_signed_in: false,
        },
        _ if says("list of valid protein codes") => ApiError::UnknownCodes { message },
        _ if says("file_url is not found") => ApiError::LinkExpired { message },
        // A web page instead of a message: the address itself is unknown here.
        _ if json.is_none() => ApiError::NotOffered,
        _ => ApiError::NotFound { message },
    }
}

/// Returns why access was refused (status 401, 403 or 451).
fn refused_access(
    status: StatusCode,
    json: Option<&Value>,
    message: Option<String>,
    must_renew: bool,
) -> ApiError {
    let says = |text: &str| {
        message
            .as_ref()
            .is_some_and(|message| message.contains(text))
    };
    match status {
        StatusCode::FORBIDDEN
            if must_renew || json.is_some_and(|json| json.get("refresh_url").is_some()) =>
        {
            ApiError::Ageing
        }
        StatusCode::FORBIDDEN if says("CSRF Failed") => ApiError::Csrf { message },
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED
            if says("credentials were not provided")
                || says("need to be logged in")
                || says("Session could not be found")
                || says("Only authenticated users") =>
        {
            ApiError::SignInNeeded { message }
        }
        // A web page instead of a message comes from a proxy, or from another server.
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED if json.is_none() => {
            ApiError::NotFragalysis
        }
        _ => ApiError::NoAccess {
            message,
            is_signed_in: false,
        },
    }
}

/// Returns what a refusal means, from its status and the server's own words (server-api 1.0, 1.11, 1.12).
pub(super) fn classify_refusal(
    status: StatusCode,
    json: Option<&Value>,
    must_renew: bool,
) -> ApiError {
    let message = json.and_then(server_sentence);
    match status {
        StatusCode::NOT_FOUND => not_found(json, message),
        StatusCode::FORBIDDEN
        | StatusCode::UNAUTHORIZED
        | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => {
            refused_access(status, json, message, must_renew)
        }
        StatusCode::METHOD_NOT_ALLOWED => ApiError::NotOffered,
        StatusCode::TOO_MANY_REQUESTS => ApiError::Busy {
            message,
            after: None,
        },
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => ApiError::Down {
            message,
            after: None,
        },
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => ApiError::ProxyRefused,
        StatusCode::NETWORK_AUTHENTICATION_REQUIRED => ApiError::NetworkSignIn,
        // No range was asked for, or the answer to one has been given up; meant for another host; too early. A second
        // try on a fresh connection may help, and nothing that the user asked for is wrong.
        StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::MISDIRECTED_REQUEST | TOO_EARLY => {
            ApiError::Unexpected { message }
        }
        // Never "not offered": caches answer so too, and that says nothing about the server's version.
        StatusCode::GONE => ApiError::NotFound { message },
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => ApiError::TooLarge { message },
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => ApiError::HeadersTooLarge { message },
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => ApiError::TooSlow { message },
        StatusCode::INTERNAL_SERVER_ERROR => ApiError::ServerError { message },
        other if other.is_server_error() => ApiError::Unexpected { message },
        _ => ApiError::InvalidRequest { message },
    }
}

/// Returns the text of `message`, `detail` or `error`. Other texts of an answer may be secrets.
pub(in crate::api) fn named_sentence(json: &Value) -> Option<&str> {
    let map = json.as_object()?;
    ["message", "detail", "error"]
        .iter()
        .find_map(|key| map.get(*key)?.as_str())
}

/// Returns the message in an error answer: `detail`, `message`, `error`, or the error of the first field.
pub(in crate::api) fn server_sentence(json: &Value) -> Option<String> {
    let map = json.as_object()?;
    let text = if let Some(text) = named_sentence(json) {
        text.to_owned()
    } else {
        let (field, complaint) = map.iter().find(|(key, _)| *key != "refresh_url")?;
        let words = complaint.as_str().or_else(|| complaint.get(0)?.as_str())?;
        format!("{field}: {words}")
    };
    public_message(&text, &[])
}

/// Returns a text of the server as users may see it: it cannot control a terminal, and its length is limited. `None`
/// if it contains the handle of an archive or one of these secrets: answers must not repeat what was sent in
/// confidence.
pub(in crate::api) fn public_message(text: &str, secrets: &[&str]) -> Option<String> {
    let mut secrets = secrets.iter().filter(|secret| !secret.is_empty());
    let is_told = text.contains("/media/") || secrets.any(|secret| text.contains(secret));
    // In one line: a second one could be taken for a sentence of this program.
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!is_told).then(|| visible(&line).chars().take(MAX_MESSAGE_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::ErrorKind;

    use super::*;

    #[test]
    fn a_message_of_a_server_is_one_line_and_repeats_no_secret_however_it_is_written() {
        let told = public_message("no\nDownloaded to /data\t(ok)", &[]);
        assert_eq!(told.as_deref(), Some("no Downloaded to /data (ok)"));
        assert_eq!(public_message("token abc123", &["abc123"]), None);
    }

    #[test]
    fn each_refusal_is_classified_by_its_remedy() {
        let detail = |text: &str| json!({"detail": text});
        let message = |text: &str| json!({"message": text});
        let unknown = "Please enter list of valid protein codes for target: A, proteins: ['z']";
        let long = "Ensure this field has no more than 5000 characters.";
        let cases = [
            (
                403,
                json!({"refresh_url": "https://k.example"}),
                ErrorKind::Ageing,
            ),
            (
                403,
                detail("CSRF Failed: CSRF cookie not set."),
                ErrorKind::ServerError,
            ),
            (
                403,
                detail("Authentication credentials were not provided."),
                ErrorKind::NoAccess,
            ),
            (
                403,
                json!({"error": "You are not a member of the proposal x"}),
                ErrorKind::NoAccess,
            ),
            (
                404,
                message("User \"bob\" is not a member of lb1-1"),
                ErrorKind::NoAccess,
            ),
            (
                404,
                message("Project \"x\" does not exist"),
                ErrorKind::NotFound,
            ),
            (404, message(unknown), ErrorKind::UnknownCodes),
            (
                404,
                message("file_url is not found"),
                ErrorKind::LinkExpired,
            ),
            (404, detail("Not found."), ErrorKind::NotFound),
            (400, json!({"proteins": [long]}), ErrorKind::InvalidRequest),
            (429, message("too many"), ErrorKind::Busy),
            (451, detail("no"), ErrorKind::NoAccess),
        ];
        for (status, json, kind) in cases {
            let json = Some(&json).filter(|json| !json.is_null());
            let error = classify_refusal(StatusCode::from_u16(status).unwrap(), json, false);
            assert_eq!(error.kind(), kind, "{status} {json:?}");
        }
    }

    #[test]
    fn a_refusal_without_a_message_is_classified_by_its_status() {
        for (status, kind) in [
            (502, ErrorKind::ServerError),
            (503, ErrorKind::ServerError),
            (407, ErrorKind::Unreachable),
            (511, ErrorKind::Unreachable),
            (416, ErrorKind::ServerError),
            (421, ErrorKind::ServerError),
            (425, ErrorKind::ServerError),
            (501, ErrorKind::ServerError),
            (410, ErrorKind::NotFound),
            (413, ErrorKind::InvalidRequest),
            (431, ErrorKind::InvalidRequest),
            (504, ErrorKind::Timeout),
            (500, ErrorKind::ServerError),
        ] {
            let error = classify_refusal(StatusCode::from_u16(status).unwrap(), None, false);
            assert_eq!(error.kind(), kind, "{status}");
        }
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers).map(|after| after.as_secs())
        };
        assert_eq!((read("120"), read(" 0 ")), (Some(120), Some(0)));
        let date = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(90);
        let date = jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&date)
            .unwrap();
        assert!(
            read(&date).is_some_and(|seconds| (80..=90).contains(&seconds)),
            "{date}"
        );
        for odd in ["soon", "-5", "1e9", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_servers_own_sentence_is_kept_and_no_handle_in_it() {
        let error = classify_refusal(
            StatusCode::BAD_REQUEST,
            Some(&json!({"proteins": ["Too long."]})),
            false,
        );
        assert!(error.to_string().contains("proteins: Too long."), "{error}");
        let leak = json!({"message": "no /code/media/downloads/1234/x.zip"});
        let error = classify_refusal(StatusCode::NOT_FOUND, Some(&leak), false);
        assert!(!error.to_string().contains("1234"), "{error}");
    }
}
