//! Why can't I see it? The causes in order, decided from answers that are already there.

use super::SessionState;
use crate::model::{Ping, Target, Tas, UserInfo};

/// Explains in one sentence why a target or target access string is not seen, or says that it is.
pub fn explain(
    subject: &str,
    session: SessionState,
    info: Option<&UserInfo>,
    targets: Option<&[Target]>,
) -> String {
    let subject = subject.trim();
    let Some(targets) = targets else {
        return "The list of targets could not be read, so nothing can be said.".to_owned();
    };
    if session.is_rejected() {
        return format!(
            "Your session is {}, so the server shows only public data. Sign in again first.",
            session.words()
        );
    }
    let tas = Tas::new(subject);
    if tas.is_usual() || targets.iter().any(|target| target.key.tas == tas) {
        explain_tas(&tas, session, info, targets)
    } else {
        explain_title(subject, session, targets)
    }
}

fn explain_tas(
    tas: &Tas,
    session: SessionState,
    info: Option<&UserInfo>,
    targets: &[Target],
) -> String {
    let under: Vec<&str> = targets
        .iter()
        .filter(|target| target.key.tas == *tas)
        .map(|target| target.key.title.as_str())
        .collect();
    if !under.is_empty() {
        return format!("You can see {tas}: {}.", under.join(", "));
    }
    match (session, info) {
        (SessionState::Anonymous, _) => {
            format!(
                "You are not signed in, and {tas} is not open to everybody. Sign in to see it if you are a member."
            )
        }
        (_, Some(info)) if info.target_access.contains(tas) => {
            format!("You are a member of {tas}, but the server has no target under it.")
        }
        (_, Some(info)) if matches!(info.ping, Some(Ping::NotOk(_))) => format!(
            "You are not listed for {tas}, but the authenticator does not reach its database: your memberships may be old. Try again when it is OK."
        ),
        (_, Some(_)) => format!(
            "You are not listed for {tas}. If you were added today, wait 15 minutes: memberships are cached. Otherwise ask the proposal's principal investigator to add you."
        ),
        (_, None) => format!(
            "The server shows nothing under {tas}, and does not say which memberships you have."
        ),
    }
}

fn explain_title(title: &str, session: SessionState, targets: &[Target]) -> String {
    let under: Vec<String> = targets
        .iter()
        .filter(|target| target.key.title == title)
        .map(|target| target.key.tas.to_string())
        .collect();
    if !under.is_empty() {
        return format!("You can see {title}, under {}.", under.join(", "));
    }
    let near = targets.iter().find(|target| {
        target.key.title.eq_ignore_ascii_case(title)
            || target.display_name.eq_ignore_ascii_case(title)
    });
    if let Some(near) = near {
        return format!(
            "There is no {title}, but there is {}: titles are case-sensitive.",
            near.key
        );
    }
    if session == SessionState::Anonymous {
        return format!("No public target is called {title}. Sign in to see private ones.");
    }
    format!(
        "The server shows you no target called {title}: it does not exist, or lies under a proposal that you are not a member of."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TargetId, TargetKey};

    fn targets() -> Vec<Target> {
        vec![Target {
            id: TargetId(1),
            key: TargetKey {
                title: "Mpro".to_owned(),
                tas: Tas::new("lb18145-1"),
            },
            display_name: "Main protease".to_owned(),
            open: Some(true),
        }]
    }

    #[test]
    fn each_cause_has_its_own_sentence() {
        let info = |ping: &str| -> UserInfo {
            serde_json::from_str(&format!(r#"{{"ping":"{ping}","target_access":["lb7-1"]}}"#))
                .unwrap()
        };
        let targets = targets();
        let ask = |subject: &str, session, info: &UserInfo| {
            explain(subject, session, Some(info), Some(&targets))
        };
        let (ok, down) = (info("OK"), info("NOT OK"));
        for (answer, part) in [
            (
                ask("lb18145-1", SessionState::SignedIn, &ok),
                "You can see lb18145-1: Mpro",
            ),
            (ask("lb9-9", SessionState::Anonymous, &ok), "not signed in"),
            (
                ask("lb7-1", SessionState::SignedIn, &ok),
                "no target under it",
            ),
            (ask("lb9-9", SessionState::SignedIn, &down), "may be old"),
            (ask("lb9-9", SessionState::SignedIn, &ok), "not listed"),
            (ask("mpro", SessionState::SignedIn, &ok), "case-sensitive"),
            (
                ask("Main protease", SessionState::SignedIn, &ok),
                "there is Mpro",
            ),
            (
                ask("Nope", SessionState::SignedIn, &ok),
                "does not exist, or",
            ),
            (ask("Mpro", SessionState::Refused, &ok), "Sign in again"),
            (
                explain("Mpro", SessionState::SignedIn, None, None),
                "could not be read",
            ),
        ] {
            assert!(answer.contains(part), "{answer} should say {part}");
        }
    }
}
