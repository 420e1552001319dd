//! Every cause has its own sentence.

use super::*;
use crate::{
    api::{SessionState, TasStatus},
    model::{Target, TargetId, TargetKey, Tas, UserInfo},
};

/// Explains without having asked the server about the access string.
fn ask(
    subject: &str,
    session: SessionState,
    user: Known<&UserInfo>,
    targets: Known<&[Target]>,
) -> Explanation {
    let evidence = Evidence {
        session,
        user,
        targets,
        tas: None,
    };
    explain(subject, &evidence)
}

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

fn info(ping: &str) -> UserInfo {
    serde_json::from_str(&format!(
        r#"{{"ping":"{ping}","target_access":["lb70001-1"]}}"#
    ))
    .unwrap()
}

#[test]
fn each_cause_has_its_own_sentence() {
    use SessionState::{Ageing, Anonymous, Refused, SignedIn};
    let targets = targets();
    let (ok, down) = (info("OK"), info("NOT OK"));
    for (subject, session, info, part) in [
        ("lb18145-1", SignedIn, &ok, "You can see lb18145-1: Mpro"),
        ("lb9000-9", Anonymous, &ok, "not signed in"),
        ("lb70001-1", SignedIn, &ok, "no target under it"),
        ("lb9000-9", SignedIn, &down, "may be old"),
        ("lb9000-9", SignedIn, &ok, "9000-9. If you were added today"),
        // Spelling variants that users type.
        ("LB18145-1", SignedIn, &ok, "You can see lb18145-1"),
        ("lb 18145-1", Anonymous, &ok, "You can see lb18145-1"),
        ("lb18154-1", SignedIn, &ok, "but for lb18145-1"),
        ("nt9000-9", SignedIn, &ok, "begins with “nt”"),
        ("mpro", SignedIn, &ok, "there is Mpro"),
        ("Mrpo", SignedIn, &ok, "there is Mpro"),
        ("Main protease", SignedIn, &ok, "there is Mpro"),
        ("Nope", SignedIn, &ok, "does not exist, or"),
        ("NS3", SignedIn, &ok, "no target called NS3"),
        ("Nope", SignedIn, &down, "memberships may be old or missing"),
        ("Nope", Anonymous, &ok, "Sign in to see private ones"),
        ("Mpro", Refused, &ok, "Sign in with a new one"),
        ("Mpro", Ageing, &ok, "reload the page"),
        ("Mpro lb18145-1", SignedIn, &ok, "You can see Mpro under"),
        ("Mpro (lb9000-9)", SignedIn, &ok, "a Mpro under lb18145-1"),
        (
            "Nsp13 lb18145-1",
            SignedIn,
            &ok,
            "no Nsp13 in it: the server has Mpro",
        ),
        (
            "Mpro lb70001-1",
            SignedIn,
            &ok,
            "the server has no target at all",
        ),
        ("", SignedIn, &ok, "Enter a target's title"),
    ] {
        let (info, targets) = (Known::Yes(info), Known::Yes(targets.as_slice()));
        let said = ask(subject, session, info, targets).sentence;
        assert!(said.contains(part), "{said} should say {part}");
    }
}

#[test]
fn missing_answers_are_not_taken_as_evidence() {
    let targets = targets();
    let signed_in = SessionState::SignedIn;
    let listed = Known::Yes(targets.as_slice());
    for (info, targets, part) in [
        (Known::Loading, Known::Loading, "still loading"),
        (Known::Loading, Known::Failed, "could not be read"),
        (Known::Loading, listed, "memberships are still loading"),
        (Known::Failed, listed, "memberships could not be read"),
        (Known::NotOffered, listed, "does not say which memberships"),
    ] {
        let why = ask("lb9000-9", signed_in, info, targets);
        assert!(why.sentence.contains(part), "{}", why.sentence);
    }
}

#[test]
fn at_most_one_cause_is_named_and_a_malformed_string_is_doubtful() {
    let (info, targets) = (info("OK"), targets());
    let why = ask(
        "lb18145",
        SessionState::SignedIn,
        Known::Yes(&info),
        Known::Yes(targets.as_slice()),
    );
    assert_eq!(why.steps[0].verdict, Verdict::Doubtful);
    let causes = why
        .steps
        .iter()
        .filter(|step| step.verdict == Verdict::Cause);
    assert_eq!(causes.count(), 1);
    let text = why.evidence("fragalysis.example", Some("alice"), "23 Nov 2026");
    for part in [
        "lb18145?",
        "fragalysis.example",
        "alice",
        "23 Nov 2026",
        "CAUSE",
        "Answer:",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

/// The lists cannot distinguish a nonexistent string from someone else's; the server can.
#[test]
fn a_nonexistent_string_is_distinguished_from_another_users_string() {
    use SessionState::{Anonymous, SignedIn};
    use TasStatus::{Missing, NotAMember, Unknown, Visible};
    let (info, targets) = (info("OK"), targets());
    let listed = Known::Yes(&info);
    let says = |subject, session, user, status, part: &str| {
        let evidence = Evidence {
            session,
            user,
            targets: Known::Yes(targets.as_slice()),
            tas: Some(status),
        };
        let said = explain(subject, &evidence).sentence;
        assert!(said.contains(part), "{said} should say {part}");
    };
    let (other, hidden) = ("lb9000-9", Known::NotOffered);
    let part = "no access string lb9000-9: it is mistyped";
    says(other, SignedIn, listed, Missing, part);
    let part = "no access string lb9000-9";
    says(other, Anonymous, listed, Missing, part);
    let part = "has no lb18154-1, but you can see lb18145-1";
    says("lb18154-1", SignedIn, listed, Missing, part);
    let part = "You are not listed for lb9000-9";
    says(other, SignedIn, listed, NotAMember, part);
    let part = "lb9000-9 exists on this server, but you are not a member";
    says(other, SignedIn, hidden, NotAMember, part);
    let part = "does not say which memberships";
    says(other, SignedIn, hidden, Unknown, part);
    let part = "Sign in to see it";
    says(other, Anonymous, listed, NotAMember, part);
    let part = "the server has no target under it";
    says(other, SignedIn, listed, Visible, part);
}

#[test]
fn the_server_is_asked_only_about_a_string_under_which_nothing_is_seen() {
    let (info, targets) = (info("OK"), targets());
    for (subject, question) in [
        ("lb9000-9", Some(Tas::new("lb9000-9"))),
        ("lb18145-1", None),
    ] {
        let why = ask(
            subject,
            SessionState::SignedIn,
            Known::Yes(&info),
            Known::Yes(targets.as_slice()),
        );
        assert_eq!(why.open_question, question);
    }
}
