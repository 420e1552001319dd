//! Values that must never be shown: their types have no way to print them.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// A text that logs, errors, panics and state files never contain.
///
/// There is no `Display` and no `Serialize`; `Debug` prints an ellipsis; the memory is wiped on drop.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

/// The session token: the value of the server's `sessionid` cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionToken(Secret);

/// Why a pasted text is no session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing was pasted.
    #[error("Paste your session token here")]
    Empty,
    /// No word in it can be a token.
    #[error("No token was found in this text. Copy the whole token page, or the token alone")]
    NotFound,
}

impl SessionToken {
    /// Finds the token in whatever people paste: the bare value, `sessionid=…`, quoted, or the token
    /// page's text with `"sessionid": "…"` in it.
    pub fn from_pasted(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        let candidate = match text.rfind("sessionid") {
            Some(at) => after_name(text.get(at + "sessionid".len()..).unwrap_or_default()),
            None => bare(text),
        };
        candidate
            .map(|token| Self(Secret::new(token)))
            .ok_or(TokenError::NotFound)
    }

    /// The value, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What a cookie value may hold and a token has been seen to hold.
fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// The first word behind `sessionid` and its `=`, `:` and quotes.
fn after_name(rest: &str) -> Option<String> {
    let rest = rest.trim_start_matches(|c: char| !is_token_char(c));
    let token: String = rest.chars().take_while(|c| is_token_char(*c)).collect();
    (!token.is_empty()).then_some(token)
}

/// A text that is nothing but a token, perhaps quoted or broken over lines.
fn bare(text: &str) -> Option<String> {
    let token: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '`' | '“' | '”' | ';' | ','))
        .collect();
    (!token.is_empty() && token.chars().all(is_token_char)).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_people_paste_gives_the_token() {
        let web_page = "GET /api/token/\nHTTP 200 OK\nAllow: GET\nContent-Type: application/json\n\n{\n    \"sessionid\": \"abc123\"\n}";
        for text in [
            "abc123",
            "  abc123\r\n",
            "\"abc123\"",
            "abc\n123",
            "sessionid=abc123",
            "Cookie: csrftoken=zzz; sessionid=abc123; Path=/",
            "{\"sessionid\": \"abc123\"}",
            "{'sessionid' : 'abc123'}",
            web_page,
        ] {
            assert_eq!(
                SessionToken::from_pasted(text).unwrap().expose(),
                "abc123",
                "{text}"
            );
        }
    }

    #[test]
    fn what_holds_no_token_is_refused_with_a_reason() {
        assert_eq!(
            SessionToken::from_pasted(" \n").unwrap_err(),
            TokenError::Empty
        );
        for text in [
            "sessionid=",
            "{\"error\": \"You need to be logged in\"}",
            "a@b",
        ] {
            assert_eq!(
                SessionToken::from_pasted(text).unwrap_err(),
                TokenError::NotFound,
                "{text}"
            );
        }
    }

    #[test]
    fn a_secret_cannot_be_printed() {
        let token = SessionToken::from_pasted("hunter2").unwrap();
        assert!(!format!("{token:?} {token:#?}").contains("hunter2"));
    }
}
