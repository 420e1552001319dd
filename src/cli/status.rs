//! `status`: session, user and access, as the server reports them.

use serde_json::{Value, json};

use super::{
    args::{Cli, StatusArgs},
    connect::{TokenSource, connect_unchecked, patience},
    console::{Console, Exit, Failure, exit_for},
    outcome::as_error,
};
use crate::{
    access::{Evidence, Explanation, Known, explain},
    api::{Client, SessionCheck, SessionState},
    model::{Memberships, Ping, Problem, ServerVersion, Target, UserInfo},
};

/// All answers, each as far as it could be obtained.
struct Answers {
    session: SessionCheck,
    user: Result<Option<UserInfo>, Problem>,
    memberships: Memberships,
    /// Whether the answer about the user is about this user, and not about some other account.
    is_own: bool,
    targets: Result<Vec<Target>, Problem>,
    why: Option<Explanation>,
}

pub(super) async fn run(
    cli: &Cli,
    args: &StatusArgs,
    token: TokenSource,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let connection = connect_unchecked(cli, token, None, Some(patience()), console).await?;
    let client = &connection.client;
    let mut answers = ask(client, connection.session, args.why.as_deref()).await;
    // If the session has expired in the meantime, these are the answers for a visitor.
    if answers.session.state == SessionState::SignedIn {
        let again = client.check_session(true).await;
        if again.state != SessionState::SignedIn {
            answers = ask(client, again, args.why.as_deref()).await;
        }
    }
    let is_reached = answers.session.state != SessionState::Unreachable;
    let version = if is_reached {
        client.version().await.ok()
    } else {
        None
    };
    let of_user = answers.user.as_ref().err();
    let problems = [
        answers.session.problem.as_ref(),
        of_user.filter(|problem| answers.session.problem.as_ref() != Some(*problem)),
    ];
    if args.json {
        let problem = problems.into_iter().flatten().next();
        console.json(&as_json(client, &answers, version.as_ref(), problem))?;
    } else {
        print(console, client, &answers, version.as_ref()).await?;
    }
    for problem in problems.into_iter().flatten() {
        console.note(&problem.to_string());
    }
    Ok(match problems.into_iter().flatten().next() {
        Some(problem) => exit_for(problem.kind),
        None => Exit::Complete,
    })
}

async fn ask(client: &Client, session: SessionCheck, why: Option<&str>) -> Answers {
    if let (SessionState::Unreachable, Some(problem)) = (session.state, &session.problem) {
        // A server that does not answer one request does not answer five.
        return Answers {
            user: Err(problem.clone()),
            is_own: false,
            targets: Err(problem.clone()),
            memberships: Memberships::NotKnown,
            why: why.map(|subject| {
                let evidence = Evidence {
                    session: session.state,
                    user: Known::Failed,
                    targets: Known::Failed,
                    tas: None,
                };
                explain(subject, &evidence)
            }),
            session,
        };
    }
    let is_own = !client.has_token() || session.state == SessionState::SignedIn;
    let (user, memberships) = match user(client, is_own).await {
        Ok((user, memberships)) => (Ok(user), memberships),
        Err(problem) => (Err(problem), Memberships::NotKnown),
    };
    let targets = client.targets().await.map_err(|error| error.problem());
    let targets = targets.map(|answer| (answer.rows, answer.complete));
    let evidence = Evidence {
        session: match session.state {
            // Without a token there is no user.
            SessionState::Unknown if !client.has_token() => SessionState::Anonymous,
            state => state,
        },
        user: match &user {
            Ok(Some(info)) if is_own => Known::Yes(info),
            Ok(None) if is_own => Known::NotOffered,
            Ok(_) | Err(_) => Known::Failed,
        },
        targets: match &targets {
            Ok((list, is_complete)) if *is_complete || is_named(list, why) => {
                Known::Yes(list.as_slice())
            }
            // What is missing from an incomplete list may still be on the server.
            Ok(_) | Err(_) => Known::Failed,
        },
        tas: None,
    };
    let why = match why {
        Some(subject) => Some(why_not_seen(client, subject, evidence).await),
        None => None,
    };
    Answers {
        session,
        user,
        memberships,
        is_own,
        targets: targets.map(|(list, _)| list),
        why,
    }
}

/// Returns `true` if the question names one of these targets, by its whole title.
fn is_named(list: &[Target], why: Option<&str>) -> bool {
    let asked = why.unwrap_or_default().trim();
    list.iter().any(|target| {
        let rest = asked.strip_prefix(&target.key.title);
        // What may follow is a target access string.
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ',', ':']))
    })
}

/// Explains why something is not visible, and asks the server what only it knows.
async fn why_not_seen(client: &Client, subject: &str, mut evidence: Evidence<'_>) -> Explanation {
    let why = explain(subject, &evidence);
    let Some(tas) = &why.open_question else {
        return why;
    };
    match client.tas_status(tas).await {
        Ok(status) => {
            evidence.tas = Some(status);
            explain(subject, &evidence)
        }
        // What is known without it is still valid.
        Err(_) => why,
    }
}

/// Returns what the server says about the user. With a token that was not verified, the answer would be about someone
/// else: then only what applies to everyone is requested, as a visitor.
async fn user(client: &Client, is_own: bool) -> Result<(Option<UserInfo>, Memberships), Problem> {
    let answer = if is_own {
        client.user_and_memberships().await
    } else {
        match client.as_visitor() {
            Ok(stranger) => stranger.user_and_memberships().await,
            Err(error) => Err(error),
        }
    };
    answer.map_err(|error| error.problem())
}

fn as_json(
    client: &Client,
    answers: &Answers,
    version: Option<&ServerVersion>,
    problem: Option<&Problem>,
) -> Value {
    let info = answers.user.as_ref().ok().and_then(Option::as_ref);
    let authenticator = info.and_then(|info| info.authenticator.as_ref());
    json!({
        "server": client.server().as_str(),
        "version": version.and_then(ServerVersion::short),
        "session": { "state": answers.session.state, "user": answers.session.user },
        "authenticator": authenticator.map(|authenticator| json!({
            "kind": authenticator.kind, "name": authenticator.name,
            "version": authenticator.version, "location": authenticator.location,
        })),
        "ping": info.and_then(|info| info.ping.as_ref()).map(Ping::word),
        "target_access": info.filter(|_| answers.is_own).map(|info| &info.target_access),
        // Older servers list no memberships, but show their members private ones.
        "private_access": match &answers.memberships {
            Memberships::Private(strings) => Some(strings),
            Memberships::NotKnown | Memberships::Listed(_) => None,
        },
        "why": answers.why.as_ref().map(|why| &why.sentence),
        "error": problem.map(as_error),
    })
}

async fn print(
    console: &mut Console,
    client: &Client,
    answers: &Answers,
    version: Option<&ServerVersion>,
) -> Result<(), Failure> {
    let session = &answers.session;
    let mut lines: Vec<Vec<String>> = Vec::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            lines.push(vec![name.to_owned(), value.to_owned()]);
        }
    };
    add("Server", client.server().as_str());
    let is_reached = session.state != SessionState::Unreachable;
    if is_reached {
        let version = version.and_then(ServerVersion::short);
        add("Version", version.unwrap_or("not reported by this server"));
    }
    add("Session", session.state.words());
    add("User", session.user.as_deref().unwrap_or("–"));
    match &answers.user {
        Ok(Some(info)) => {
            add_authenticator(&mut add, info, session.state == SessionState::SignedIn);
        }
        Ok(None) => add("Authenticator", "not reported by this server"),
        Err(_) => add("Authenticator", "not known: the server did not answer"),
    }
    if session.state == SessionState::SignedIn {
        let targets = answers.targets.as_deref().ok();
        add_access(&mut add, &answers.memberships, targets);
    }
    let services = if is_reached {
        client.services().await.unwrap_or_default()
    } else {
        Vec::new()
    };
    for service in services {
        let name = service.name.get().unwrap_or(&service.id);
        add("Service", &format!("{name}: {}", service.state.or_empty()));
    }
    console.table(&lines)?;
    if let Some(why) = &answers.why {
        let when = jiff::Zoned::now()
            .strftime("%-d %b %Y %H:%M %Z")
            .to_string();
        console.line("")?;
        let server = client.server().as_str();
        console.line(
            why.evidence(server, session.user.as_deref(), &when)
                .trim_end(),
        )?;
    }
    Ok(())
}

fn add_authenticator(add: &mut impl FnMut(&str, &str), info: &UserInfo, is_signed_in: bool) {
    if let Some(authenticator) = &info.authenticator {
        let (kind, remark) = authenticator.kind_text();
        let parts = [
            kind,
            authenticator.name.or_empty(),
            authenticator.version.or_empty(),
        ];
        let text: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        add("Authenticator", &text.join(", "));
        add("", authenticator.location.or_empty());
        add("", remark.unwrap_or_default());
    }
    match &info.ping {
        Some(ping) => {
            add("Ping", ping.words());
            add("", &ping.meaning(is_signed_in));
        }
        None => add("Ping", "not reported by this server"),
    }
}

fn add_access(
    add: &mut impl FnMut(&str, &str),
    memberships: &Memberships,
    targets: Option<&[Target]>,
) {
    match memberships {
        Memberships::NotKnown => add("Target access", "not reported by this server"),
        Memberships::Listed(strings) if strings.is_empty() => {
            add("Target access", "member of none");
        }
        Memberships::Private(strings) if strings.is_empty() => add(
            "Target access",
            "this server lists no memberships, and shows you only public targets",
        ),
        Memberships::Listed(_) => {}
        Memberships::Private(_) => add(
            "Target access",
            "this server lists no memberships; as a member you see",
        ),
    }
    let is_first = matches!(memberships, Memberships::Listed(_));
    for (at, tas) in memberships.strings().iter().enumerate() {
        let count = targets.map(|targets| {
            targets
                .iter()
                .filter(|target| target.key.tas == *tas)
                .count()
        });
        let mut text = tas.to_string();
        if let Some(count) = count {
            text.push_str(&format!(
                ", {}",
                crate::model::plural(count, "target", "targets")
            ));
        }
        if !tas.is_usual() {
            text.push_str(", unusual form");
        }
        let name = if at == 0 && is_first {
            "Target access"
        } else {
            ""
        };
        add(name, &text);
    }
}
