//! The client: one origin, one session, one connection pool.

pub(super) mod body;
pub(super) mod csrf;
pub(super) mod network;
pub(super) mod patience;
pub(super) mod refusal;
pub(super) mod request;
pub(super) mod resumable_body;
pub(super) mod token;
pub(super) mod tolerant_json;
pub(super) mod wire;

use std::{
    fmt,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use patience::Patience;

use super::{ApiError, ApiResult, Network};
use crate::model::{Secret, ServerAddress, SessionToken};

/// Servers require a browser-like name that is reasonably up to date.
pub(super) const USER_AGENT: &str = concat!(
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 FragalysisDesktop/",
    env!("CARGO_PKG_VERSION")
);

/// The timeouts and the network of the client.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait between two chunks of an answer.
    pub read_timeout: Duration,
    /// Longest wait for the answer to a download order: old servers build the archive first.
    pub order_timeout: Duration,
    /// Pause before an incomplete list is requested again.
    pub retry_pause: Duration,
    /// The network settings.
    pub network: Network,
    /// How long to wait for a busy server; `None` if the caller decides that itself.
    pub patience: Option<Patience>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(20),
            read_timeout: Duration::from_mins(1),
            order_timeout: Duration::from_mins(10),
            retry_pause: Duration::from_secs(3),
            network: Network::default(),
            patience: None,
        }
    }
}

/// A connection to one server as a user, or as a visitor. Cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    server: ServerAddress,
    token: Option<SessionToken>,
    options: ClientOptions,
    http: reqwest::Client,
    /// Does not reuse connections: for requests whose pooled connection was lost.
    fresh: reqwest::Client,
    orders: reqwest::Client,
    csrf: Mutex<Option<Secret>>,
    experiments_route: AtomicU8,
    single_types: OnceLock<Option<bool>>,
}

/// On which route a server offers its experiments: the documented one, or the real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExperimentsRoute {
    /// It has not been asked yet.
    Unknown,
    /// `/api/upload_target_experiments/`, as documented.
    Documented,
    /// `/api/experiments/`, as on every server seen.
    Actual,
}

impl Client {
    /// Creates a client for one server; with a token, as the user to whom it belongs.
    ///
    /// # Errors
    /// [`ApiError::NoCertificates`] if the system has no list of trusted certificates.
    pub fn new(
        server: ServerAddress,
        token: Option<SessionToken>,
        options: ClientOptions,
    ) -> ApiResult<Self> {
        // No limit on the total time: lists and archives may take as long as data keeps arriving.
        let http = builder(&server, &options)?
            .read_timeout(options.read_timeout)
            .build()
            .map_err(ApiError::NoCertificates)?;
        let fresh = builder(&server, &options)?
            .read_timeout(options.read_timeout)
            .pool_max_idle_per_host(0)
            .build()
            .map_err(ApiError::NoCertificates)?;
        let orders = builder(&server, &options)?
            .timeout(options.order_timeout)
            .build()
            .map_err(ApiError::NoCertificates)?;
        Ok(Self(Arc::new(Inner {
            server,
            token,
            options,
            http,
            fresh,
            orders,
            csrf: Mutex::new(None),
            experiments_route: AtomicU8::new(0),
            single_types: OnceLock::new(),
        })))
    }

    /// Returns the only server this client talks to.
    pub fn server(&self) -> &ServerAddress {
        &self.0.server
    }

    /// Returns `true` if a token was given. Whether it is valid is another question: [`Self::check_session`].
    pub fn has_token(&self) -> bool {
        self.0.token.is_some()
    }

    /// Returns a client for the same server as a visitor: public data needs no session.
    pub fn as_visitor(&self) -> ApiResult<Self> {
        Self::new(self.0.server.clone(), None, self.0.options.clone())
    }

    /// Returns a client for the same server as the same user, with other network settings.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_network(&self, network: Network) -> ApiResult<Self> {
        let options = ClientOptions {
            network,
            ..self.0.options.clone()
        };
        Self::new(self.0.server.clone(), self.0.token.clone(), options)
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// Returns how long to wait for a busy server, if that is decided here.
    pub(super) fn patience(&self) -> Option<&Patience> {
        self.0.options.patience.as_ref()
    }

    /// Returns the HTTP client that opens a new connection for each request.
    pub(super) fn fresh(&self) -> &reqwest::Client {
        &self.0.fresh
    }

    /// Returns the HTTP client for download requests, which have a longer timeout for the first byte.
    pub(super) fn orders(&self) -> &reqwest::Client {
        &self.0.orders
    }

    pub(super) fn session_token(&self) -> Option<&SessionToken> {
        self.0.token.as_ref()
    }

    pub(super) fn csrf(&self) -> Option<Secret> {
        self.0
            .csrf
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set_csrf(&self, csrf: Option<Secret>) {
        *self.0.csrf.lock().unwrap_or_else(PoisonError::into_inner) = csrf;
    }

    /// Returns the cell that remembers whether the server has a switch for each structure file.
    pub(super) fn single_types(&self) -> &OnceLock<Option<bool>> {
        &self.0.single_types
    }

    pub(super) fn experiments_route(&self) -> ExperimentsRoute {
        match self.0.experiments_route.load(Ordering::Relaxed) {
            1 => ExperimentsRoute::Documented,
            2 => ExperimentsRoute::Actual,
            _ => ExperimentsRoute::Unknown,
        }
    }

    pub(super) fn remember_experiments_route(&self, route: ExperimentsRoute) {
        let number = match route {
            ExperimentsRoute::Unknown => 0,
            ExperimentsRoute::Documented => 1,
            ExperimentsRoute::Actual => 2,
        };
        self.0.experiments_route.store(number, Ordering::Relaxed);
    }
}

pub(super) fn builder(
    server: &ServerAddress,
    options: &ClientOptions,
) -> ApiResult<reqwest::ClientBuilder> {
    // Once per process; a second call finds it installed, which is just as good.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(options.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        // Minor violations of HTTP that other programs tolerate.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        // Proxies add their own; hyper would give up at a hundred.
        .http1_max_headers(1_000)
        .referer(false);
    options.network.apply_to(builder, server)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.0.server.as_str())
            .field("token_set", &self.has_token())
            .finish_non_exhaustive()
    }
}
