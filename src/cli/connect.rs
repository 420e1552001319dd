//! From the arguments to a client with a verified session.

use std::{
    io::Read as _,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{
    args::Cli,
    console::{Console, Failure},
};
use crate::{
    api::{Client, ClientOptions, Patience, SessionCheck},
    demo::{DemoOptions, DemoServer},
    downloads::Timeouts,
    model::{
        ErrorKind, Problem, Secret, ServerAddress, SessionToken, decoded, time_text, two_sentences,
    },
};

/// Pauses before an unreachable server is tried again.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
];
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// After this time, it is said again that the server is being tried: a log that stands still looks like a program that
/// does.
const SAY_AGAIN: Duration = Duration::from_mins(1);

/// Longest text that is read as a token.
const MAX_TOKEN_BYTES: u64 = 64 * 1024;

/// Where the token comes from: read by the caller, so that this library does not read the environment itself.
#[derive(Debug, Default)]
pub struct TokenSource {
    /// The value of `FRAGALYSIS_TOKEN`.
    pub environment: Option<crate::model::Secret>,
}

/// A client, and the demo server, which must live as long as it is used.
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) session: SessionCheck,
    demo: Option<DemoServer>,
}

impl Connection {
    /// Returns `true` if the server is the demo inside this process.
    pub(super) fn is_demo(&self) -> bool {
        self.demo.is_some()
    }
}

impl TokenSource {
    /// Reads the token from standard input if asked for, or else from the environment; `None` if there is none.
    pub fn read(self, from_stdin: bool) -> Result<Option<SessionToken>, Problem> {
        let refused = |message: &str| Problem::new(ErrorKind::Refused, message.to_owned());
        let text = if from_stdin {
            let mut bytes = Vec::new();
            let read = std::io::stdin()
                .take(MAX_TOKEN_BYTES)
                .read_to_end(&mut bytes);
            let text = read.ok().and_then(|_| decoded(&bytes));
            let text = text.ok_or_else(|| refused("No token could be read from standard input"))?;
            // A user who announces a token does not mean "public data".
            if text.trim().is_empty() {
                return Err(refused("There was no token on standard input"));
            }
            Some(text)
        } else {
            self.environment.map(|secret| secret.expose().to_owned())
        };
        let text = text.filter(|text| !text.trim().is_empty());
        text.map(|text| SessionToken::from_pasted(&text))
            .transpose()
            .map_err(|error| refused(&error.to_string()))
    }
}

/// Connects and verifies the session. A token that is not accepted is a failure, whatever public data the server
/// would show.
pub(super) async fn connect(
    cli: &Cli,
    token: TokenSource,
    rows: Option<usize>,
    console: &mut Console,
) -> Result<Connection, Failure> {
    let connection = connect_unchecked(cli, token, rows, Some(patience()), console).await?;
    match connection.session.obstacle(connection.client.has_token()) {
        Some(problem) => Err(problem.clone().into()),
        None => Ok(connection),
    }
}

/// Connects as [`connect`] does, but retries an unreachable server for as long as a download itself
/// would try, with or without a token.
pub(super) async fn connect_with_retries(
    cli: &Cli,
    token: TokenSource,
    console: &mut Console,
) -> Result<Connection, Failure> {
    let mut connection = connect_unchecked(cli, token, None, None, console).await?;
    let (begun, mut pauses, mut told) = (Instant::now(), PAUSES.into_iter(), None);
    loop {
        let has_token = connection.client.has_token();
        let Some(problem) = connection.session.obstacle(has_token).cloned() else {
            return Ok(connection);
        };
        let left = Timeouts::default().network.saturating_sub(begun.elapsed());
        if !problem.kind.is_transient() || problem.is_lasting {
            return Err(problem.into());
        }
        let asked = problem.retry_after.unwrap_or_default();
        if left.is_zero() || asked > left {
            return Err(match told {
                Some(_) => after_trying(problem, begun.elapsed()),
                None => problem,
            }
            .into());
        }
        if is_due(told, problem.kind, Instant::now()) {
            let trying = format!("Trying again for up to {}.", time_text(left));
            console.note(&two_sentences(&problem.message, &trying));
            told = Some((problem.kind, Instant::now()));
        }
        let pause = pauses.next().unwrap_or(LONGEST_PAUSE).max(asked);
        sleep(pause.min(left)).await;
        connection.session = connection.client.check_session(false).await;
    }
}

/// Returns `true` if it is to be said that the server is being tried: for the first time, for another reason, or again
/// after a while. `told` is what was said last, and when.
fn is_due(told: Option<(ErrorKind, Instant)>, kind: ErrorKind, now: Instant) -> bool {
    told.is_none_or(|(last, at)| last != kind || now.duration_since(at) >= SAY_AGAIN)
}

/// Adds how long the server was retried.
fn after_trying(mut problem: Problem, time: Duration) -> Problem {
    let tried = format!("Tried again for {}", time_text(time));
    problem.message = two_sentences(&problem.message, &tried);
    problem
}

/// Returns how long each request of a command that only reads waits for a server that says when to ask again. Downloads, which wait
/// longer and for more reasons, decide it themselves.
pub(super) fn patience() -> Patience {
    Patience {
        total: Duration::from_mins(2),
        report: Arc::new(|error, pause| {
            let waiting = format!("Trying again in {}.", time_text(pause));
            Console::standard().note(&two_sentences(&error.cause(), &waiting));
        }),
    }
}

/// Connects and checks the session, whatever the result.
pub(super) async fn connect_unchecked(
    cli: &Cli,
    token: TokenSource,
    rows: Option<usize>,
    patience: Option<Patience>,
    console: &mut Console,
) -> Result<Connection, Failure> {
    if cli.server.is_some() && cli.demo.is_some() {
        return Err(Failure::Usage(
            "Choose one server: --demo and --server cannot be used together.".to_owned(),
        ));
    }
    let rows = rows.or(cli.rows);
    if rows.is_some() && cli.demo.is_none() {
        return Err(Failure::Usage("--rows works with --demo only.".to_owned()));
    }
    if cli.days_ago > 0 && cli.demo.is_none() {
        let sentence = "--days-ago works with --demo only.";
        return Err(Failure::Usage(sentence.to_owned()));
    }
    let token = token.read(cli.token_stdin)?;
    if let Some(token) = &token {
        console.conceal(Secret::new(token.expose()));
    }
    let demo = match cli.demo {
        Some(generation) => {
            let options = DemoOptions {
                generation,
                rows,
                days_ago: cli.days_ago,
                ..DemoOptions::default()
            };
            Some(DemoServer::start(options).await.map_err(Failure::Demo)?)
        }
        None => None,
    };
    let server = match &demo {
        Some(demo) => demo.address().clone(),
        None => named_server(cli)?.map_or_else(production, Ok)?,
    };
    let options = ClientOptions {
        patience,
        ..ClientOptions::default()
    };
    let client = Client::new(server, token, options)?;
    let session = client.check_session(false).await;
    Ok(Connection {
        client,
        session,
        demo,
    })
}

/// Returns the server that the arguments name, or production; `None` for a demo, whose address is not known before it
/// runs.
pub(super) fn named_server(cli: &Cli) -> Result<Option<ServerAddress>, Failure> {
    match &cli.server {
        _ if cli.demo.is_some() => Ok(None),
        Some(server) => Ok(Some(server.clone())),
        None => production().map(Some),
    }
}

fn production() -> Result<ServerAddress, Failure> {
    ServerAddress::parse(ServerAddress::PRODUCTION)
        .map_err(|error| Failure::Usage(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_reported_once_a_minute_and_whenever_its_cause_changes() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let told = Some((ErrorKind::Unreachable, begun));
        assert!(is_due(None, ErrorKind::Unreachable, begun));
        assert!(!is_due(told, ErrorKind::Unreachable, after(59)));
        assert!(is_due(told, ErrorKind::Unreachable, after(60)));
        assert!(is_due(told, ErrorKind::Busy, after(1)));
    }
}
