//! The network settings: proxy and certificates.

use reqwest::{Certificate, ClientBuilder, Proxy};

use crate::{
    api::{ApiError, ApiResult},
    model::{ProxyChoice, Secret, ServerAddress},
};

/// The network settings.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The proxy.
    pub proxy: ProxyChoice,
    /// The password for it.
    pub password: Option<Secret>,
    /// Certificate authorities that are trusted in addition to the system's.
    pub authorities: Authorities,
}

/// Certificate authorities, read from a PEM file.
#[derive(Clone, Default)]
pub struct Authorities(Vec<Certificate>);

impl Authorities {
    /// Reads them from the text of a file; `None` if there are none in it.
    pub fn read(pem: &[u8]) -> Option<Self> {
        let found = Certificate::from_pem_bundle(pem).ok()?;
        (!found.is_empty()).then_some(Self(found))
    }

    /// Returns the number of certificates.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if there are no certificates.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Authorities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authorities({})", self.0.len())
    }
}

impl Network {
    /// Applies the network settings to a client.
    pub(super) fn apply_to(
        &self,
        builder: ClientBuilder,
        server: &ServerAddress,
    ) -> ApiResult<ClientBuilder> {
        let builder = if self.authorities.is_empty() {
            builder
        } else {
            builder.tls_certs_merge(self.authorities.0.clone())
        };
        // An institute's proxy cannot reach this computer, and systems do not always know that.
        if server.is_this_computer() {
            return Ok(builder.no_proxy());
        }
        Ok(match &self.proxy {
            ProxyChoice::System => builder,
            ProxyChoice::None => builder.no_proxy(),
            ProxyChoice::Own { address, user } => {
                let proxy = Proxy::all(address.as_str()).map_err(ApiError::Unreachable)?;
                builder.proxy(match user {
                    Some(user) => {
                        let password = self.password.as_ref().map_or("", Secret::expose);
                        proxy.basic_auth(user, password)
                    }
                    None => proxy,
                })
            }
        })
    }
}
