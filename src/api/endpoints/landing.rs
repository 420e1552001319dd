//! The landing page: hands out the CSRF token and, on old servers, identifies the user.

use crate::api::{
    ApiError, ApiResult, Client,
    client::{
        body::read_up_to,
        csrf::PATH,
        request::repeat_if_lost,
        wire::{Session, Want},
    },
};

/// Longest page that is read; the real one has less than 1 KB.
const MAX_PAGE_BYTES: usize = 512 * 1024;

/// What the page's script says about the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// Whether the session is valid.
    pub authenticated: bool,
    /// The user's name, when signed in.
    pub username: Option<String>,
}

impl Client {
    /// Requests the landing page to find out to whom the session belongs. The only way on 2024 servers.
    pub async fn landing(&self) -> ApiResult<Landing> {
        let read = || async {
            let answer = self.get(PATH, &[], Session::Yes, Want::Page).await;
            let response = answer.map_err(|error| match error {
                // Every Fragalysis server has this page; a server without it is something else.
                ApiError::NotOffered | ApiError::NotFound { .. } => ApiError::NotFragalysis,
                other => other,
            })?;
            read_up_to(response, MAX_PAGE_BYTES).await
        };
        let page = repeat_if_lost("landing page", read).await?;
        if page.trim_ascii().is_empty() {
            return Err(ApiError::Empty);
        }
        read_context(&String::from_utf8_lossy(&page)).ok_or(ApiError::NotFragalysis)
    }
}

/// Reads `username` and `authenticated` from the page's `DJANGO_CONTEXT`. It is a JavaScript object, not JSON, so
/// only these two are searched for (server-api 1.1).
pub(in crate::api) fn read_context(page: &str) -> Option<Landing> {
    let context = page.split_once("DJANGO_CONTEXT")?.1;
    let authenticated = value_of(context, "authenticated")?.starts_with("true");
    let username = value_of(context, "username")
        .and_then(|value| {
            value
                .trim_start_matches(['\'', '"'])
                .split(['\'', '"'])
                .next()
        })
        .filter(|name| authenticated && !name.is_empty() && *name != "NOT_LOGGED_IN")
        .map(str::to_owned);
    Some(Landing {
        authenticated,
        username,
    })
}

/// Returns what follows `name:`, without spaces.
fn value_of<'a>(context: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = context;
    loop {
        let (before, after) = rest.split_once(name)?;
        let is_whole_word = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let value = after.trim_start_matches(['\'', '"']).trim_start();
        if let Some(value) = value.strip_prefix(':').filter(|_| is_whole_word) {
            return Some(value.trim_start());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_tells_who_is_signed_in() {
        let page = "<script>\n var DJANGO_CONTEXT ={\n legacy_url: '',\n username: 'alice',\n email: 'a@example.org',\n authenticated: true,\n user_present_on_discourse: false }</script>";
        assert_eq!(
            read_context(page),
            Some(Landing {
                authenticated: true,
                username: Some("alice".to_owned())
            })
        );
        let page = "DJANGO_CONTEXT = {username: 'NOT_LOGGED_IN', authenticated: false, pk: null}";
        assert_eq!(
            read_context(page),
            Some(Landing {
                authenticated: false,
                username: None
            })
        );
        let page = "DJANGO_CONTEXT = {\"username\":\"bob\",\"authenticated\":true}";
        assert_eq!(read_context(page).unwrap().username.as_deref(), Some("bob"));
    }

    #[test]
    fn another_page_is_not_taken_for_fragalysis() {
        assert_eq!(read_context("<html>Welcome to the hotel</html>"), None);
        assert_eq!(read_context("DJANGO_CONTEXT = {}"), None);
    }
}
