//! One request: headers, cookies, redirects, and what each kind of refusal means.

use reqwest::{
    Method, Response, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue,
        LOCATION, REFERER,
    },
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::{ApiError, ApiResult, Client, landing};

/// Most redirects followed within the server itself.
const MAX_REDIRECTS: usize = 5;
/// Longest part of an error answer that is read for the server's sentence.
const MAX_ERROR_BYTES: usize = 64 * 1024;
/// Longest sentence of a server that is shown.
const MAX_MESSAGE_CHARS: usize = 300;

/// Whether the session cookie goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Session {
    /// With the session, if there is one.
    Yes,
    /// Without, whatever there is.
    No,
}

/// What is asked for: decides the `Accept` header, which these servers take literally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Data,
    Page,
    /// The bytes as they lie on the server's disk: a compressed transfer would hide their true length.
    File,
}

/// Notes what was asked and what came: only the endpoint, because what follows it may be a secret.
fn log(method: &str, response: &Response) {
    let segments = response.url().path_segments().into_iter().flatten();
    let endpoint: Vec<&str> = segments.take(2).collect();
    tracing::debug!(
        method,
        endpoint = endpoint.join("/"),
        status = response.status().as_u16(),
        "asked"
    );
}

impl Client {
    /// GET `path` with `query` and decode the JSON answer.
    pub(super) async fn get_json<T: DeserializeOwned>(
        &self,
        what: &'static str,
        path: &str,
        query: &[(&str, &str)],
    ) -> ApiResult<T> {
        let response = self.get(path, query, Session::Yes, Want::Data).await?;
        decode(what, response).await
    }

    /// GET with the redirects that stay on this server followed; any refusal is an error.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
        session: Session,
        want: Want,
    ) -> ApiResult<Response> {
        let mut url = self.url(path, query)?;
        for _ in 0..=MAX_REDIRECTS {
            let request = self
                .http()
                .get(url.clone())
                .headers(self.headers(session, want));
            let response = request.send().await.map_err(ApiError::from_transport)?;
            log("GET", &response);
            match redirect(self, &response, &url)? {
                Some(next) => url = next,
                None => return refuse(response).await,
            }
        }
        Err(ApiError::NotFragalysis)
    }

    /// HEAD: only the headers of the answer.
    pub(super) async fn head(&self, path: &str, query: &[(&str, &str)]) -> ApiResult<HeaderMap> {
        let response = self
            .http()
            .request(Method::HEAD, self.url(path, query)?)
            .headers(self.headers(Session::Yes, Want::File))
            .timeout(self.options().read_timeout)
            .send()
            .await
            .map_err(ApiError::from_transport)?;
        log("HEAD", &response);
        Ok(refuse(response).await?.headers().clone())
    }

    /// POST JSON. With a session the request's own secret is fetched first, and once more if refused.
    pub(super) async fn post_json(
        &self,
        path: &str,
        body: &Value,
    ) -> ApiResult<(StatusCode, Value)> {
        if self.has_token() && self.csrf().is_none() {
            self.fetch_csrf().await;
        }
        match self.post_once(path, body).await {
            Err(ApiError::Csrf { .. }) => {
                self.set_csrf(None);
                self.fetch_csrf().await;
                self.post_once(path, body).await
            }
            answer => answer,
        }
    }

    async fn post_once(&self, path: &str, body: &Value) -> ApiResult<(StatusCode, Value)> {
        let response = self
            .orders()
            .post(self.url(path, &[])?)
            .headers(self.headers(Session::Yes, Want::Data))
            .json(body)
            .send()
            .await
            .map_err(ApiError::from_transport)?;
        log("POST", &response);
        // A redirected POST would lose its body, so none is followed.
        if response.status().is_redirection() {
            return Err(ApiError::Ageing);
        }
        let response = refuse(response).await?;
        let status = response.status();
        Ok((status, decode("download order", response).await?))
    }

    /// The landing page sets the cookie that POSTs must repeat. It is asked without the session, as the
    /// documentation does: an ageing session would be sent away to be renewed (server-api 1.1).
    async fn fetch_csrf(&self) {
        let page = match self.get(landing::PATH, &[], Session::No, Want::Page).await {
            Ok(page) => page,
            Err(error) => {
                // Reading works without it; the POST will be refused with the server's own words.
                tracing::warn!(error = %error, "no request secret could be had");
                return;
            }
        };
        self.set_csrf(landing::csrf_cookie(page.headers()));
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> ApiResult<Url> {
        let mut url = self
            .server()
            .on_this_origin(path)
            .ok_or(ApiError::InvalidRequest { message: None })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    fn headers(&self, session: Session, want: Want) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            ACCEPT,
            HeaderValue::from_static(match want {
                Want::Data => "application/json",
                Want::Page => "text/html",
                // Anything more exact is refused with 406 (server-api 7).
                Want::File => "*/*",
            }),
        );
        if want == Want::File {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        // Makes an ageing session a plain answer instead of a redirect that would end it.
        headers.insert(
            "x-requested-with",
            HeaderValue::from_static("XMLHttpRequest"),
        );
        headers.insert("referrer-policy", HeaderValue::from_static("same-origin"));
        let referer = format!("{}{}", self.server().as_str(), landing::PATH);
        insert(&mut headers, REFERER, &referer, false);
        let token = self.session_token().filter(|_| session == Session::Yes);
        let csrf = self.csrf();
        let cookies = [
            csrf.as_ref()
                .map(|csrf| format!("csrftoken={}", csrf.expose())),
            token.map(|token| format!("sessionid={}", token.expose())),
        ];
        let cookies: Vec<String> = cookies.into_iter().flatten().collect();
        if !cookies.is_empty() {
            insert(&mut headers, COOKIE, &cookies.join("; "), true);
        }
        if let Some(csrf) = csrf {
            insert(
                &mut headers,
                HeaderName::from_static("x-csrftoken"),
                csrf.expose(),
                true,
            );
        }
        headers
    }
}

/// Adds a header; a value that is no header text is left out, and the server will say what it misses.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str, is_secret: bool) {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(is_secret);
        headers.insert(name, value);
    }
}

/// Where to go next, if the answer is a redirect that may be followed.
fn redirect(client: &Client, response: &Response, from: &Url) -> ApiResult<Option<Url>> {
    if !response.status().is_redirection() {
        return Ok(None);
    }
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| from.join(text).ok())
        .ok_or(ApiError::NotFragalysis)?;
    // Away from the server, or to its sign-in pages, means "renew the session". Following it would end
    // the session for the browser too (server-api 1.2).
    let is_sign_in = ["/oidc/", "/accounts/login", "/auth/realms/"]
        .iter()
        .any(|part| target.path().contains(part));
    if !client.server().is_origin_of(&target) || is_sign_in {
        return Err(ApiError::Ageing);
    }
    Ok(Some(target))
}

/// Turns every answer but a success into the error it stands for.
async fn refuse(mut response: Response) -> ApiResult<Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let is_json = is_json(response.headers());
    let must_renew = response.headers().contains_key("refresh_url");
    let mut body = Vec::new();
    while body.len() < MAX_ERROR_BYTES {
        match response.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            // The status says enough; the sentence would only have been a help.
            Ok(None) | Err(_) => break,
        }
    }
    let json = if is_json {
        serde_json::from_slice(&body).ok()
    } else {
        None
    };
    Err(sort_refusal(status, json.as_ref(), must_renew))
}

/// What a refusal means, from its status and the server's own words (server-api 1.0, 1.11, 1.12).
pub(super) fn sort_refusal(status: StatusCode, json: Option<&Value>, must_renew: bool) -> ApiError {
    let message = json.and_then(server_sentence);
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
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => ApiError::NoAccess { message },
        StatusCode::NOT_FOUND if says("is not a member of") => ApiError::NoAccess { message },
        StatusCode::NOT_FOUND if says("list of valid protein codes") => {
            ApiError::UnknownCodes { message }
        }
        StatusCode::NOT_FOUND if says("file_url is not found") => ApiError::LinkExpired { message },
        // A web page instead of a sentence: the address itself is unknown here.
        StatusCode::NOT_FOUND if json.is_none() => ApiError::NotOffered,
        StatusCode::NOT_FOUND => ApiError::NotFound { message },
        StatusCode::METHOD_NOT_ALLOWED => ApiError::NotOffered,
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE => ApiError::Busy { message },
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => ApiError::TooSlow { message },
        other if other.is_server_error() => ApiError::ServerError { message },
        _ => ApiError::InvalidRequest { message },
    }
}

/// The sentence in an error answer: `detail`, `message`, `error`, or the first field's complaint.
fn server_sentence(json: &Value) -> Option<String> {
    let map = json.as_object()?;
    let named = ["message", "detail", "error"]
        .iter()
        .find_map(|key| map.get(*key)?.as_str());
    let text = match named {
        Some(text) => text.to_owned(),
        None => {
            let (field, complaint) = map.iter().find(|(key, _)| *key != "refresh_url")?;
            let words = complaint.as_str().or_else(|| complaint.get(0)?.as_str())?;
            format!("{field}: {words}")
        }
    };
    // Error answers must not bring back what was sent in confidence.
    let text = if text.contains("/code/media/") {
        return None;
    } else {
        text
    };
    Some(text.chars().take(MAX_MESSAGE_CHARS).collect())
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.contains("json"))
}

/// Reads the whole answer, then decodes it.
async fn decode<T: DeserializeOwned>(what: &'static str, mut response: Response) -> ApiResult<T> {
    if !is_json(response.headers()) {
        return Err(ApiError::NotFragalysis);
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(ApiError::from_transport)? {
        body.extend_from_slice(&piece);
    }
    super::rows::parse_tolerant(&body).map_err(|source| ApiError::Malformed { what, source })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ErrorKind;

    #[test]
    fn each_refusal_is_named_by_what_can_be_done_about_it() {
        let cases = [
            (
                403,
                json!({"refresh_url": "https://k.example"}),
                ErrorKind::Ageing,
            ),
            (
                403,
                json!({"detail": "CSRF Failed: CSRF cookie not set."}),
                ErrorKind::InvalidRequest,
            ),
            (
                403,
                json!({"detail": "Authentication credentials were not provided."}),
                ErrorKind::NoAccess,
            ),
            (
                403,
                json!({"error": "You are not a member of the proposal x"}),
                ErrorKind::NoAccess,
            ),
            (
                404,
                json!({"message": "User \"bob\" is not a member of lb1-1"}),
                ErrorKind::NoAccess,
            ),
            (
                404,
                json!({"message": "Project \"x\" does not exist"}),
                ErrorKind::NotFound,
            ),
            (
                404,
                json!({"message": "Please enter list of valid protein codes for target: A, proteins: ['z']"}),
                ErrorKind::UnknownCodes,
            ),
            (
                404,
                json!({"message": "file_url is not found"}),
                ErrorKind::LinkExpired,
            ),
            (404, json!({"detail": "Not found."}), ErrorKind::NotFound),
            (
                400,
                json!({"proteins": ["Ensure this field has no more than 5000 characters."]}),
                ErrorKind::InvalidRequest,
            ),
            (429, json!({"message": "too many"}), ErrorKind::Busy),
            (503, Value::Null, ErrorKind::Busy),
            (504, Value::Null, ErrorKind::Timeout),
            (500, Value::Null, ErrorKind::ServerError),
        ];
        for (status, json, kind) in cases {
            let status = StatusCode::from_u16(status).unwrap();
            let error = sort_refusal(status, Some(&json).filter(|json| !json.is_null()), false);
            assert_eq!(error.kind(), kind, "{status} {json}");
        }
    }

    #[test]
    fn the_servers_own_sentence_is_kept_and_no_handle_in_it() {
        let error = sort_refusal(
            StatusCode::BAD_REQUEST,
            Some(&json!({"proteins": ["Too long."]})),
            false,
        );
        assert!(error.to_string().contains("proteins: Too long."), "{error}");
        let leak = json!({"message": "no /code/media/downloads/1234/x.zip"});
        let error = sort_refusal(StatusCode::NOT_FOUND, Some(&leak), false);
        assert!(!error.to_string().contains("1234"), "{error}");
    }
}
