//! Connections to servers: directly, or through a proxy.

use serde::{Deserialize, Serialize};
use url::Url;

/// The proxy through which servers are reached. Connections to this computer are always direct.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyChoice {
    /// The system's proxy settings.
    #[default]
    System,
    /// Without a proxy.
    None,
    /// Through this proxy.
    Own {
        /// Its address.
        address: ProxyAddress,
        /// The user name for the proxy; the password is in the keychain, never here.
        user: Option<String>,
    },
}

/// The address of a proxy: `http` or `https`, a host and a port, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProxyAddress(Url);

/// Why a text is not the address of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// It cannot be read.
    #[error("Not a valid proxy address. It should look like http://proxy.example.org:8080")]
    Unreadable,
    /// It contains a user name or a password; they have their own fields.
    #[error("Leave the user name and password out of the address: they have fields of their own")]
    Credentials,
}

impl ProxyAddress {
    /// Parses what a user typed.
    ///
    /// # Errors
    /// [`ProxyError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, ProxyError> {
        let text = text.trim();
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let mut url = Url::parse(&with_scheme)
            .ok()
            .ok_or(ProxyError::Unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ProxyError::Credentials);
        }
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(ProxyError::Unreadable);
        }
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// Returns the address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

impl TryFrom<String> for ProxyAddress {
    type Error = ProxyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ProxyAddress> for String {
    fn from(address: ProxyAddress) -> Self {
        address.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port_and_holds_no_secret() {
        let parse = |text: &str| ProxyAddress::parse(text).map(String::from);
        assert_eq!(
            parse(" proxy.example.org:8080 ").unwrap(),
            "http://proxy.example.org:8080"
        );
        assert_eq!(parse("https://p:1/path?x#y").unwrap(), "https://p:1");
        assert_eq!(parse("http://me:secret@p:1"), Err(ProxyError::Credentials));
        for wrong in ["", "http://", "ftp://p:1", "a b"] {
            assert_eq!(parse(wrong), Err(ProxyError::Unreadable), "{wrong}");
        }
    }

    #[test]
    fn a_choice_is_kept_without_its_password() {
        let own = ProxyChoice::Own {
            address: ProxyAddress::parse("p:1").unwrap(),
            user: Some("me".to_owned()),
        };
        let json = serde_json::to_string(&own).unwrap();
        assert_eq!(json, r#"{"own":{"address":"http://p:1","user":"me"}}"#);
        assert_eq!(serde_json::from_str::<ProxyChoice>(&json).unwrap(), own);
    }
}
