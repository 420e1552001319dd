//! One request: headers, cookies, redirects, and what each kind of refusal means.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use reqwest::{
    RequestBuilder, Response, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION, REFERER,
        SET_COOKIE,
    },
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::{
    body::decode,
    csrf,
    refusal::{named_sentence, public_message, refuse},
    tolerant_json::parse_tolerant,
    wire::{Session, Want},
};
use crate::{
    api::{ApiError, ApiResult, Client},
    model::Secret,
};

/// Most redirects followed within the server itself.
const MAX_REDIRECTS: usize = 5;

/// Pauses before repeating a request whose connection was lost.
const LOST_PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(20),
    Duration::from_millis(100),
    Duration::from_millis(400),
];

/// Logs a request and its answer: only the endpoint, because what follows it may be a secret.
fn log(method: &str, response: &Response) {
    let segments = response.url().path_segments().into_iter().flatten();
    let endpoint: Vec<&str> = segments.take(2).collect();
    tracing::debug!(
        method,
        endpoint = endpoint.join("/"),
        status = response.status().as_u16(),
        "request"
    );
}

/// Sends a request and reads its answer, again if the connection is lost in the middle of the answer. One that is lost
/// before the answer has been retried already.
pub(in crate::api) async fn repeat_if_lost<T, F: Future<Output = ApiResult<T>>>(
    what: &'static str,
    read: impl Fn() -> F,
) -> ApiResult<T> {
    let mut pauses = LOST_PAUSES.into_iter();
    loop {
        match read().await {
            Err(error @ (ApiError::Interrupted(_) | ApiError::CutShort)) => {
                let Some(pause) = pauses.next() else {
                    return Err(error);
                };
                tracing::debug!(%error, what, "request repeated");
                tokio::time::sleep(pause).await;
            }
            answer => return answer,
        }
    }
}

/// Sends a request that only reads, again if the connection is lost before the answer: repeating it is harmless.
/// `request` is called for each attempt; only the first may use a connection that was kept.
pub(in crate::api) async fn send_with_retry(
    mut request: impl FnMut() -> ApiResult<RequestBuilder>,
) -> ApiResult<Response> {
    let mut pauses = LOST_PAUSES.into_iter();
    loop {
        let answer = request()?.send().await;
        let error = match answer.map_err(ApiError::from_transport) {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let Some(pause) = pauses.next().filter(|_| error.is_lost_connection()) else {
            return Err(error);
        };
        tracing::debug!(%error, "repeated on a fresh connection");
        tokio::time::sleep(pause).await;
    }
}

impl Client {
    /// Sends GET `path` with `query` and decodes the JSON response.
    pub(in crate::api) async fn get_json<T: DeserializeOwned>(
        &self,
        what: &'static str,
        path: &str,
        query: &[(&str, &str)],
    ) -> ApiResult<T> {
        let read = || async {
            let response = self.get(path, query, Session::Yes, Want::Data).await?;
            decode(what, response).await
        };
        repeat_if_lost(what, read).await
    }

    /// Sends GET and follows redirects that stay on this server; any refusal is an error.
    pub(in crate::api) async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
        session: Session,
        want: Want,
    ) -> ApiResult<Response> {
        self.get_with(path, query, self.headers(session, want))
            .await
    }

    /// Like [`Self::get`], with the caller's own headers.
    pub(super) async fn get_with(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: HeaderMap,
    ) -> ApiResult<Response> {
        let url = self.url(path, query)?;
        let mut waited = Duration::ZERO;
        loop {
            let error = match self.get_redirected(url.clone(), &headers).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            let patience = self.patience();
            let Some(pause) = patience.and_then(|it| it.pause(&error, &mut waited)) else {
                return Err(error);
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn get_redirected(&self, mut url: Url, headers: &HeaderMap) -> ApiResult<Response> {
        for _ in 0..=MAX_REDIRECTS {
            let response = self.get_with_retry(&url, headers).await?;
            log("GET", &response);
            check_session_alive(headers, &response)?;
            match redirect(self, headers, &response, &url)? {
                Some(next) => url = next,
                None => return self.refuse(response).await,
            }
        }
        Err(ApiError::NotFragalysis)
    }

    /// Sends GET once, or again on fresh connections if the kept one had been closed silently.
    async fn get_with_retry(&self, url: &Url, headers: &HeaderMap) -> ApiResult<Response> {
        let mut kept = Some(self.http());
        send_with_retry(|| {
            let client = kept.take().unwrap_or_else(|| self.fresh());
            Ok(client.get(url.clone()).headers(headers.clone()))
        })
        .await
    }

    /// Returns the secrets that are sent with every request.
    pub(in crate::api) fn secrets(&self) -> Vec<Secret> {
        let token = self.session_token();
        let token = token.map(|token| Secret::new(token.expose()));
        token.into_iter().chain(self.csrf()).collect()
    }

    /// Returns the message in an answer in which data belongs, unless it repeats what was sent in confidence.
    pub(in crate::api) fn message_in(&self, json: &Value) -> Option<String> {
        let secrets = self.secrets();
        let secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
        public_message(named_sentence(json)?, &secrets)
    }

    /// Returns the message in the JSON that arrived instead of a file, unless it repeats what was sent in confidence.
    pub(crate) fn message_of(&self, json: &[u8]) -> Option<String> {
        self.message_in(&parse_tolerant(json).ok()?)
    }

    /// Returns the error of a refusal, without any secret that the server's message may echo.
    async fn refuse(&self, response: Response) -> ApiResult<Response> {
        let secrets = self.secrets();
        let secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
        let mut answer = refuse(response, &secrets).await;
        if let Err(ApiError::NoAccess { is_signed_in, .. }) = &mut answer {
            *is_signed_in = self.has_token();
        }
        answer
    }

    /// Posts JSON. With a session, the CSRF token is fetched first, and once more if it is refused.
    pub(in crate::api) async fn post_json(
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
        let headers = self.headers(Session::Yes, Want::Data);
        let url = self.url(path, &[])?;
        let response = self
            .orders()
            .post(url.clone())
            .headers(headers.clone())
            .json(body)
            .send()
            .await
            .map_err(ApiError::from_transport)?;
        log("POST", &response);
        check_session_alive(&headers, &response)?;
        // A redirected POST would lose its body, so none is followed.
        if redirect(self, &headers, &response, &url)?.is_some() {
            return Err(ApiError::NotFragalysis);
        }
        let response = self.refuse(response).await?;
        let status = response.status();
        Ok((status, decode("download order", response).await?))
    }

    /// Fetches the landing page, which sets the cookie that POSTs must repeat. It is requested without the session,
    /// as the documentation does: an ageing session would be redirected to be renewed (server-api 1.1).
    async fn fetch_csrf(&self) {
        let page = match self.get(csrf::PATH, &[], Session::No, Want::Page).await {
            Ok(page) => page,
            Err(error) => {
                // Reading works without it; the POST will be refused with the server's own message.
                tracing::warn!(error = %error, "no CSRF token could be fetched");
                return;
            }
        };
        self.set_csrf(csrf::csrf_cookie(page.headers()));
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

    pub(super) fn headers(&self, session: Session, want: Want) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            ACCEPT,
            HeaderValue::from_static(match want {
                Want::Data => "application/json",
                Want::Page => "text/html",
                // Anything more specific is refused with 406 (server-api 7).
                Want::File => "*/*",
            }),
        );
        if want == Want::File {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        // Makes the server answer an ageing session plainly instead of with a redirect that would end it.
        headers.insert(
            "x-requested-with",
            HeaderValue::from_static("XMLHttpRequest"),
        );
        headers.insert("referrer-policy", HeaderValue::from_static("same-origin"));
        let referer = format!("{}{}", self.server().as_str(), csrf::PATH);
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

/// Adds a header; a value that is not valid in a header is left out, and the server will report what is missing.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str, is_secret: bool) {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(is_secret);
        headers.insert(name, value);
    }
}

/// Returns `true` if the request carried the session token.
fn has_session(headers: &HeaderMap) -> bool {
    headers
        .get(COOKIE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|cookies| cookies.contains("sessionid="))
}

/// Servers delete the cookie of a dead session with the first answer, which otherwise looks like any other: public
/// data, status 200 (server-api 7).
fn check_session_alive(sent: &HeaderMap, response: &Response) -> ApiResult<()> {
    let is_taken_away = response
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|cookie| cookie.trim().strip_prefix("sessionid="))
        .any(|rest| {
            let value = rest.split(';').next().unwrap_or_default();
            value.trim().trim_matches('"').is_empty()
        });
    if is_taken_away && has_session(sent) {
        return Err(ApiError::SessionEnded);
    }
    Ok(())
}

/// Returns the address of a redirect, if the response is one that may be followed.
fn redirect(
    client: &Client,
    sent: &HeaderMap,
    response: &Response,
    from: &Url,
) -> ApiResult<Option<Url>> {
    // 304 and the like are not redirects, and 300 offers a choice that cannot be made here.
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return if response.status().is_redirection() {
            Err(ApiError::NotFragalysis)
        } else {
            Ok(None)
        };
    }
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| from.join(text).ok())
        .ok_or(ApiError::NotFragalysis)?;
    let is_here = client.server().is_origin_of(&target) && target.username().is_empty();
    if is_here && !changes_the_session(target.path()) {
        return Ok(Some(target));
    }
    // A redirect to another server or to the sign-in pages means "renew the session". Following it would end
    // the session for the browser too (server-api 1.2).
    if has_session(sent) {
        return Err(ApiError::Ageing);
    }
    match target.host_str() {
        // With its scheme and port: they may be all that differs.
        Some(_) if !is_here => Err(ApiError::Redirected {
            address: target.origin().ascii_serialization(),
        }),
        _ => Err(ApiError::SignInNeeded { message: None }),
    }
}

/// Returns `true` for pages of the sign-in service: requesting one of them may end the session.
fn changes_the_session(path: &str) -> bool {
    // As the server will read it.
    let plain = percent_decode_str(path).decode_utf8_lossy().to_lowercase();
    ["/oidc/", "/accounts/", "/auth/realms/", "/logout"]
        .iter()
        .any(|part| plain.contains(part))
}
