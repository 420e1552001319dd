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
        (
            "lb9000-9",
            SignedIn,
            &ok,
            "not listed for lb9000-9. If you were added today",
        ),
        // Written as people write it.
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
        (
            "Mpro (lb9000-9)",
            SignedIn,
            &ok,
            "There is a Mpro under lb18145-1",
        ),
        (
            "Nsp13 lb18145-1",
            SignedIn,
            &ok,
            "there is no Nsp13 in it: the server has Mpro",
        ),
        (
            "Mpro lb70001-1",
            SignedIn,
            &ok,
            "no Mpro in it: the server has no target at all",
        ),
        ("", SignedIn, &ok, "Enter a target's title"),
    ] {
        let why = ask(
            subject,
            session,
            Known::Yes(info),
            Known::Yes(targets.as_slice()),
        );
        assert!(
            why.sentence.contains(part),
            "{} should say {part}",
            why.sentence
        );
    }
}

#[test]
fn what_is_not_known_is_not_taken_for_an_answer() {
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
fn the_walk_names_at_most_one_cause_and_a_malformed_string_is_doubted() {
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

/// The lists cannot tell a string that does not exist from someone else's; the server can.
#[test]
fn a_string_that_does_not_exist_is_told_from_one_of_other_people() {
    use SessionState::{Anonymous, SignedIn};
    use TasStatus::{Missing, NotAMember, Unknown, Visible};
    let (info, targets) = (info("OK"), targets());
    let listed = Known::Yes(&info);
    for (subject, session, user, status, part) in [
        (
            "lb9000-9",
            SignedIn,
            listed,
            Missing,
            "no access string lb9000-9: it is mistyped",
        ),
        (
            "lb9000-9",
            Anonymous,
            listed,
            Missing,
            "no access string lb9000-9",
        ),
        (
            "lb18154-1",
            SignedIn,
            listed,
            Missing,
            "has no lb18154-1, but you can see lb18145-1",
        ),
        (
            "lb9000-9",
            SignedIn,
            listed,
            NotAMember,
            "You are not listed for lb9000-9",
        ),
        (
            "lb9000-9",
            SignedIn,
            Known::NotOffered,
            NotAMember,
            "lb9000-9 exists on this server, but you are not a member",
        ),
        (
            "lb9000-9",
            SignedIn,
            Known::NotOffered,
            Unknown,
            "does not say which memberships",
        ),
        (
            "lb9000-9",
            Anonymous,
            listed,
            NotAMember,
            "Sign in to see it",
        ),
        (
            "lb9000-9",
            SignedIn,
            listed,
            Visible,
            "the server has no target under it",
        ),
    ] {
        let evidence = Evidence {
            session,
            user,
            targets: Known::Yes(targets.as_slice()),
            tas: Some(status),
        };
        let why = explain(subject, &evidence);
        assert!(
            why.sentence.contains(part),
            "{} should say {part}",
            why.sentence
        );
    }
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
