//! Server addresses: parsed once, so that code that has one can only talk to that origin.

use std::fmt;

use url::{Host, Url};

/// The origin of a Fragalysis server: `https`, or plain `http` to this computer only.
///
/// It consists only of a scheme, a host and a port; paths are joined to it, never taken from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServerAddress(Url);

/// Why a text is not a server address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text is empty.
    #[error("Type the address of a Fragalysis server")]
    Empty,
    /// It cannot be read as a web address.
    #[error("This is not a web address. It should look like https://fragalysis.example.org")]
    Unreadable,
    /// Plain http to another computer would expose the token to anyone on the network path.
    #[error("Use https. Plain http works only to this computer")]
    NotSecure,
    /// A user name or password in the address.
    #[error("Leave out the user name and password: only the address is needed")]
    Credentials,
}

impl ServerAddress {
    /// The server with the public data.
    pub const PRODUCTION: &'static str = "https://fragalysis.diamond.ac.uk";
    /// The staging server, on which new versions are tested; its data are wiped from time to time.
    pub const STAGING: &'static str = "https://fragalysis.xchem.diamond.ac.uk";

    /// Parses what a user typed or pasted; the address of a page is reduced to its origin.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let mut url = Url::parse(&with_scheme)
            .ok()
            .ok_or(AddressError::Unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        let host = url.host().ok_or(AddressError::Unreadable)?;
        match url.scheme() {
            "https" => {}
            "http" if is_this_computer(&host) => {}
            "http" => return Err(AddressError::NotSecure),
            _ => return Err(AddressError::Unreadable),
        }
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// Returns the path and query of `reference` on this origin, ignoring the origin that it names.
    ///
    /// Servers behind proxies send links with the wrong scheme or host; only the part after the host is used
    /// (server-api 1.0).
    pub fn on_this_origin(&self, reference: &str) -> Option<Url> {
        let there = self.0.join(reference).ok()?;
        let mut here = self.0.clone();
        here.set_path(there.path());
        here.set_query(there.query());
        Some(here)
    }

    /// Returns `true` if the server runs on this computer.
    pub fn is_this_computer(&self) -> bool {
        self.0.host().is_some_and(|host| is_this_computer(&host))
    }

    /// Returns `true` if `url` leads to exactly this origin.
    pub fn is_origin_of(&self, url: &Url) -> bool {
        url.origin() == self.0.origin()
    }

    /// Returns the host as users see it, with the port unless it is the default one.
    pub fn host_text(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Returns the origin as text, without a trailing slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Returns the page that shows signed-in users their session token (2025 and later).
    pub fn token_page(&self) -> String {
        format!("{}/api/token/", self.as_str())
    }

    /// Returns the page that shows a target's structures; the server's start page if no such address can be made.
    pub fn viewer_page(&self, title: &str, tas: &str) -> String {
        let page = Url::parse(self.as_str()).ok().and_then(|mut url| {
            url.path_segments_mut()
                .ok()?
                .clear()
                .extend(["viewer", "react", "preview", "target", title, "tas", tas]);
            Some(url.to_string())
        });
        page.unwrap_or_else(|| self.as_str().to_owned())
    }
}

/// Returns `true` for loopback addresses, by number or by the reserved name.
fn is_this_computer(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_page_address_is_reduced_to_its_origin() {
        for text in [
            "fragalysis.example.org",
            " https://fragalysis.example.org/ ",
            "https://fragalysis.example.org/viewer/react/landing/?x=1#y",
        ] {
            assert_eq!(
                ServerAddress::parse(text).unwrap().as_str(),
                "https://fragalysis.example.org"
            );
        }
    }

    #[test]
    fn the_token_is_never_sent_unencrypted_to_another_computer() {
        for text in [
            "http://fragalysis.example.org",
            "http://localhost.example.org",
            "http://10.0.0.1",
        ] {
            assert_eq!(
                ServerAddress::parse(text),
                Err(AddressError::NotSecure),
                "{text}"
            );
        }
        for text in [
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:5",
        ] {
            assert!(ServerAddress::parse(text).is_ok(), "{text}");
        }
        assert_eq!(
            ServerAddress::parse("ftp://x.org"),
            Err(AddressError::Unreadable)
        );
        assert_eq!(
            ServerAddress::parse("https://me:pw@x.org"),
            Err(AddressError::Credentials)
        );
        assert_eq!(ServerAddress::parse(" "), Err(AddressError::Empty));
    }

    #[test]
    fn addresses_from_the_server_are_rebuilt_on_our_own_origin() {
        let here = ServerAddress::parse("https://fragalysis.example.org").unwrap();
        let url = here
            .on_this_origin("http://elsewhere.example/api/x/?limit=5&offset=5")
            .unwrap();
        assert_eq!(
            url.as_str(),
            "https://fragalysis.example.org/api/x/?limit=5&offset=5"
        );
        let url = here.on_this_origin("/viewer/task_status/1/").unwrap();
        assert_eq!(
            url.as_str(),
            "https://fragalysis.example.org/viewer/task_status/1/"
        );
    }
}
