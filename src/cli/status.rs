//! `status`: what the server thinks of the person who asks.

use serde_json::{Value, json};

use super::{
    args::{Cli, StatusArgs},
    connect::{TokenSource, connect_anyway},
    console::{Console, Exit, Failure, exit_for},
};
use crate::{
    api::{ApiError, SessionState, explain},
    model::UserInfo,
};

pub(super) async fn run(
    cli: &Cli,
    args: &StatusArgs,
    token: TokenSource,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let connection = connect_anyway(cli, token, None).await?;
    let (client, session) = (&connection.client, &connection.session);
    // An old server has no such answer, and a rejected token would bring somebody else's: then there is none.
    let info = match session.state {
        SessionState::SignedIn | SessionState::Anonymous => match client.user().await {
            Ok(info) => Some(info),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        },
        _ => None,
    };
    let why = match &args.why {
        Some(subject) => {
            let targets = client.targets().await.ok().map(|answer| answer.rows);
            Some(explain(subject, session.state, info.as_ref(), targets.as_deref()).sentence)
        }
        None => None,
    };
    if args.json {
        console.json(&json!({
            "server": client.server().as_str(),
            "session": { "state": session.state, "user": session.user },
            "authenticator": info.as_ref().and_then(|info| info.authenticator.as_ref()).map(|authenticator| json!({
                "kind": authenticator.kind, "name": authenticator.name,
                "version": authenticator.version, "location": authenticator.location,
            })),
            "ping": info.as_ref().and_then(|info| info.ping.as_ref()).map(crate::model::Ping::word),
            "target_access": access(info.as_ref(), session.state),
            "why": why,
        }))?;
    } else {
        print(
            console,
            client.server().as_str(),
            session.state,
            session.user.as_deref(),
            info.as_ref(),
        )?;
        if let Some(why) = &why {
            console.line(&format!("Why             {why}"))?;
        }
    }
    match &session.problem {
        Some(problem) => {
            console.note(&problem.to_string());
            Ok(exit_for(problem.kind))
        }
        None => Ok(Exit::Complete),
    }
}

/// The memberships; nothing where the server has no list, or where nobody is signed in to have one.
fn access(info: Option<&UserInfo>, state: SessionState) -> Value {
    match info.filter(|_| state == SessionState::SignedIn) {
        Some(info) => json!(info.target_access),
        None => Value::Null,
    }
}

fn print(
    console: &mut Console,
    server: &str,
    state: SessionState,
    user: Option<&str>,
    info: Option<&UserInfo>,
) -> Result<(), Failure> {
    let mut lines = vec![vec!["Server".to_owned(), server.to_owned()]];
    let mut add = |name: &str, value: &str| lines.push(vec![name.to_owned(), value.to_owned()]);
    add("Session", state.words());
    add("User", user.unwrap_or("–"));
    if let Some(info) = info {
        if let Some(authenticator) = &info.authenticator {
            let parts = [
                &authenticator.kind,
                &authenticator.name,
                &authenticator.version,
            ];
            let text: Vec<&str> = parts.into_iter().filter_map(|part| part.get()).collect();
            add("Authenticator", &text.join(", "));
        }
        add(
            "Ping",
            info.ping.as_ref().map_or("–", crate::model::Ping::word),
        );
        if state == SessionState::SignedIn {
            let list: Vec<&str> = info
                .target_access
                .iter()
                .map(crate::model::Tas::as_str)
                .collect();
            add("Target access", if list.is_empty() { "–" } else { "" });
            for tas in list {
                add("", tas);
            }
        }
    } else {
        add("Authenticator", "this server does not say");
    }
    console.table(&lines)?;
    Ok(())
}
