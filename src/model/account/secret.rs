//! Values that must never be shown: their types have no way to print them.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::model::without_invisible;

/// A string that never appears in logs, errors, panics or state files.
///
/// There is no `Display` and no `Serialize`; `Debug` prints an ellipsis; the memory is wiped on drop.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a text that a user typed or pasted: without spaces around it, and without invisible characters.
    pub fn typed(text: &str) -> Self {
        Self::new(without_invisible(text))
    }

    /// Wraps a text as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Returns the secret itself, for the request that sends it.
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

/// Why a pasted text is not a session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The text is empty.
    #[error("Paste your session token here")]
    Empty,
    /// It is the token page of a user who is not signed in.
    #[error(
        "This is the token page of a user who is not signed in. Sign in to Fragalysis in your browser first, reload the page, and copy it again"
    )]
    NotSignedIn,
    /// No part of the text can be a token.
    #[error("No token was found in this text. Copy the whole token page, or the token alone")]
    NotFound,
}

impl SessionToken {
    /// Finds the token in whatever users paste: the bare value, `sessionid=…`, quoted, the browser's list of cookies,
    /// or the token page's text or source with `"sessionid": "…"` in it.
    pub fn from_pasted(text: &str) -> Result<Self, TokenError> {
        let text = without_invisible(text);
        let text = without_entities(&text);
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        let named = text
            .rmatch_indices("sessionid")
            .find_map(|(at, name)| after_name(text.get(at + name.len()..)?));
        let is_page_of_nobody = ["need to be logged in", "are you logged in"]
            .iter()
            .any(|words| text.contains(words));
        let candidate = match named {
            None if text.contains("sessionid") => None,
            None => bare(&text),
            found => found,
        };
        match candidate {
            Some(token) => Ok(Self(Secret::new(token))),
            None if is_page_of_nobody => Err(TokenError::NotSignedIn),
            None => Err(TokenError::NotFound),
        }
    }

    /// Returns the secret itself, for the request that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Returns `true` for characters that are allowed in a cookie and have been seen in tokens.
fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’')
}

/// Decodes the quotes in the source of a page.
fn without_entities(text: &str) -> String {
    [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, sign)| {
        text.replace(entity, sign)
    })
}

/// Returns the value after `sessionid` and its `=`, `:` or tab: a quoted text or a single word.
fn after_name(rest: &str) -> Option<String> {
    let rest = rest.trim_start_matches(|c: char| is_quote(c) || c == ' ');
    let value = rest
        .strip_prefix(['=', ':', '\t', '\n', '\r'])?
        .trim_start();
    let token: String = match value.strip_prefix(is_quote) {
        // A long value may have been broken over several lines.
        Some(quoted) => quoted
            .split(is_quote)
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect(),
        None => value.chars().take_while(|c| is_token_char(*c)).collect(),
    };
    is_token(&token).then_some(token)
}

/// Returns the token if the text contains nothing else; it may be quoted or broken over lines.
fn bare(text: &str) -> Option<String> {
    let token: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_quote(*c) && !matches!(c, ';' | ','))
        .collect();
    is_token(&token).then_some(token)
}

fn is_token(text: &str) -> bool {
    let is_nothing = matches!(text, "null" | "None" | "undefined" | "true" | "false");
    !text.is_empty() && !is_nothing && text.chars().all(is_token_char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pasted_form_yields_the_token() {
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
            "sessionid\tabc123\tfragalysis.example.org\t/",
            "{&quot;sessionid&quot;: &quot;abc123&quot;}",
            "{\"sessionid\": \"abc\n  123\"}",
            "sessionid=zzz; sessionid=abc123",
            "“abc123”",
            // Web pages and chat programs insert invisible characters.
            "\u{200b}abc\u{feff}123",
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
    fn text_without_a_token_is_rejected_with_a_reason() {
        assert_eq!(
            SessionToken::from_pasted(" \n").unwrap_err(),
            TokenError::Empty
        );
        for text in [
            "sessionid=",
            "{\"sessionid\": null}",
            "my sessionid is secret",
            "null",
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
    fn the_token_page_of_a_signed_out_user_says_what_to_do() {
        let page =
            "HTTP 403 Forbidden\n{\n \"error\": \"You need to be logged in to get a token\"\n}";
        let error = SessionToken::from_pasted(page).unwrap_err();
        assert_eq!(error, TokenError::NotSignedIn);
        assert!(
            error
                .to_string()
                .contains("Sign in to Fragalysis in your browser")
        );
    }

    #[test]
    fn a_secret_cannot_be_printed() {
        let token = SessionToken::from_pasted("hunter2").unwrap();
        assert!(!format!("{token:?} {token:#?}").contains("hunter2"));
    }
}
