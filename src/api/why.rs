//! Why can't I see it? The causes in order, decided from answers that are already there.

use super::SessionState;
use crate::model::{Ping, Target, Tas, UserInfo, Verdict, Why, WhyStep};

/// Titles that differ by so many letters may be meant.
const NEAR: usize = 2;

/// The walk through the causes.
struct Walk<'a> {
    session: SessionState,
    info: Option<&'a UserInfo>,
    targets: &'a [Target],
    steps: Vec<WhyStep>,
}

/// Explains why a target or target access string is not seen, or says that it is.
///
/// `targets` are those that the server shows to this user now; nothing where the list could not be read.
pub fn explain(
    subject: &str,
    session: SessionState,
    info: Option<&UserInfo>,
    targets: Option<&[Target]>,
) -> Why {
    let subject = subject.trim();
    let mut walk = Walk {
        session,
        info,
        targets: targets.unwrap_or_default(),
        steps: Vec::new(),
    };
    let sentence = walk.answer(subject, targets.is_some());
    Why {
        subject: subject.to_owned(),
        steps: walk.steps,
        sentence,
    }
}

impl Walk<'_> {
    fn answer(&mut self, subject: &str, has_targets: bool) -> String {
        if subject.is_empty() {
            return "Write a target's title, or a target access string such as lb18145-1."
                .to_owned();
        }
        let tas = Tas::new(subject);
        let is_tas = self.is_written_as_tas(&tas);
        if let Some(sentence) = self.session_is_no_cause() {
            return sentence;
        }
        if !has_targets {
            self.found("The list of targets could not be read", Verdict::Cause);
            return "The list of targets could not be read, so nothing can be said. Refresh it first.".to_owned();
        }
        if is_tas {
            self.explain_tas(&tas)
        } else {
            self.explain_title(subject)
        }
    }

    fn found(&mut self, finding: impl Into<String>, verdict: Verdict) {
        self.steps.push(WhyStep {
            finding: finding.into(),
            verdict,
        });
    }

    /// Target access strings are of many forms; only what holds no digit or no hyphen is a title for sure.
    fn is_written_as_tas(&mut self, tas: &Tas) -> bool {
        let is_known = self.targets.iter().any(|target| target.key.tas == *tas)
            || self
                .info
                .is_some_and(|info| info.target_access.contains(tas));
        if tas.is_usual() || is_known {
            self.found(
                "Written correctly, as a target access string",
                Verdict::Fine,
            );
            return true;
        }
        let looks_like_one = tas.code().len() == 2 && tas.proposal().is_some();
        let is_title = self
            .targets
            .iter()
            .any(|target| target.key.title == tas.as_str());
        if looks_like_one && !is_title {
            self.found(
                "Not of the usual form: two letters, a number, a hyphen and a visit, as in lb18145-1",
                Verdict::Doubtful,
            );
            return true;
        }
        self.found("Taken as the title of a target", Verdict::Fine);
        false
    }

    fn session_is_no_cause(&mut self) -> Option<String> {
        let words = self.session.words();
        match self.session {
            SessionState::SignedIn => {
                self.found("You are signed in", Verdict::Fine);
                None
            }
            SessionState::Anonymous => {
                self.found("You are not signed in", Verdict::Doubtful);
                None
            }
            SessionState::Ageing | SessionState::Expired | SessionState::Refused => {
                self.found(format!("Your session: {words}"), Verdict::Cause);
                Some(format!(
                    "Your session is {words}, so the server shows only public data. Sign in again first."
                ))
            }
            SessionState::Unreachable | SessionState::Unknown => {
                self.found(format!("Your session: {words}"), Verdict::Unknown);
                None
            }
        }
    }

    fn explain_tas(&mut self, tas: &Tas) -> String {
        let under: Vec<&str> = self
            .targets
            .iter()
            .filter(|target| target.key.tas == *tas)
            .map(|target| target.key.title.as_str())
            .collect();
        if !under.is_empty() {
            let list = under.join(", ");
            self.found(
                format!("The server shows you under it: {list}"),
                Verdict::Fine,
            );
            return format!("You can see {tas}: {list}.");
        }
        if self.session == SessionState::Anonymous {
            self.found("Nothing under it is open to everybody", Verdict::Cause);
            return format!(
                "You are not signed in, and {tas} is not open to everybody. Sign in to see it if you are a member."
            );
        }
        let Some(info) = self.info else {
            self.found(
                "This server does not say which memberships you have",
                Verdict::Unknown,
            );
            return format!(
                "The server shows nothing under {tas}, and does not say which memberships you have. Ask the proposal's principal investigator."
            );
        };
        let is_down = self.authenticator(info);
        if info.target_access.contains(tas) {
            self.found("You are a member", Verdict::Fine);
            self.found("No target has been uploaded under it", Verdict::Cause);
            return format!("You are a member of {tas}, but the server has no target under it.");
        }
        self.not_a_member(tas, info, is_down)
    }

    /// Whether the authenticator is known not to reach its database.
    fn authenticator(&mut self, info: &UserInfo) -> bool {
        match &info.ping {
            Some(Ping::Ok) => self.found("The authenticator reaches its database", Verdict::Fine),
            Some(Ping::NotOk(word)) => {
                self.found(
                    format!("The authenticator answers “{word}”"),
                    Verdict::Doubtful,
                );
                return true;
            }
            None => self.found("The authenticator's state is not known", Verdict::Unknown),
        }
        false
    }

    fn not_a_member(&mut self, tas: &Tas, info: &UserInfo, is_down: bool) -> String {
        if is_down {
            self.found(
                "Not in your memberships, as far as they are known",
                Verdict::Cause,
            );
            return format!(
                "You are not listed for {tas}, but the authenticator does not reach its database: your memberships may be old. Try again when it is OK."
            );
        }
        self.found("Not in your memberships", Verdict::Cause);
        let code = tas.code();
        let has_code = info.target_access.iter().any(|own| own.code() == code);
        if !has_code && !info.target_access.is_empty() {
            self.found(
                format!("None of your memberships begins with “{code}”"),
                Verdict::Doubtful,
            );
            return format!(
                "You are not listed for {tas}, and none of your memberships begins with “{code}”. Perhaps this server does not pass on strings of that kind. Ask the proposal's principal investigator, or an administrator."
            );
        }
        format!(
            "You are not listed for {tas}. If you were added today, wait 15 minutes: memberships are cached. Otherwise ask the proposal's principal investigator to add you."
        )
    }

    fn explain_title(&mut self, title: &str) -> String {
        let under: Vec<String> = self
            .targets
            .iter()
            .filter(|target| target.key.title == title)
            .map(|target| target.key.tas.to_string())
            .collect();
        if !under.is_empty() {
            let list = under.join(", ");
            self.found(
                format!("The server shows it to you, under {list}"),
                Verdict::Fine,
            );
            return format!("You can see {title}, under {list}.");
        }
        self.found(
            "The server shows you no target with this title",
            Verdict::Cause,
        );
        if let Some(near) = self.nearest(title) {
            self.found(
                format!("There is one that is written alike: {near}"),
                Verdict::Doubtful,
            );
            return format!(
                "There is no {title}, but there is {near}. Titles must be written exactly, capitals included."
            );
        }
        if self.session == SessionState::Anonymous {
            return format!("No public target is called {title}. Sign in to see private ones.");
        }
        if let Some(info) = self.info {
            self.authenticator(info);
        }
        format!(
            "The server shows you no target called {title}: it does not exist, or lies under a proposal that you are not a member of. Ask for its target access string and try that here."
        )
    }

    /// A target whose title or name is nearly the same.
    fn nearest(&self, title: &str) -> Option<String> {
        let wanted = title.to_lowercase();
        let distance = |target: &Target| {
            [&target.key.title, &target.display_name]
                .map(|name| strsim::damerau_levenshtein(&name.to_lowercase(), &wanted))
                .into_iter()
                .min()
                .unwrap_or(usize::MAX)
        };
        self.targets
            .iter()
            .map(|target| (distance(target), target))
            .filter(|(distance, _)| *distance <= NEAR && *distance < wanted.chars().count())
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, target)| target.key.to_string())
    }
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

    fn info(ping: &str) -> UserInfo {
        serde_json::from_str(&format!(r#"{{"ping":"{ping}","target_access":["lb7-1"]}}"#)).unwrap()
    }

    #[test]
    fn each_cause_has_its_own_sentence() {
        use SessionState::{Anonymous, Refused, SignedIn};
        let targets = targets();
        let (ok, down) = (info("OK"), info("NOT OK"));
        for (subject, session, info, part) in [
            ("lb18145-1", SignedIn, &ok, "You can see lb18145-1: Mpro"),
            ("lb9-9", Anonymous, &ok, "not signed in"),
            ("lb7-1", SignedIn, &ok, "no target under it"),
            ("lb9-9", SignedIn, &down, "may be old"),
            (
                "lb9-9",
                SignedIn,
                &ok,
                "not listed for lb9-9. If you were added today",
            ),
            ("nt9-9", SignedIn, &ok, "begins with “nt”"),
            ("mpro", SignedIn, &ok, "there is Mpro"),
            ("Mrpo", SignedIn, &ok, "there is Mpro"),
            ("Main protease", SignedIn, &ok, "there is Mpro"),
            ("Nope", SignedIn, &ok, "does not exist, or"),
            ("Nope", Anonymous, &ok, "Sign in to see private ones"),
            ("Mpro", Refused, &ok, "Sign in again"),
            ("", SignedIn, &ok, "Write a target's title"),
        ] {
            let why = explain(subject, session, Some(info), Some(&targets));
            assert!(
                why.sentence.contains(part),
                "{} should say {part}",
                why.sentence
            );
        }
        let why = explain("Mpro", SignedIn, None, None);
        assert!(why.sentence.contains("could not be read"));
    }

    #[test]
    fn the_walk_names_at_most_one_cause_and_a_malformed_string_is_doubted() {
        let why = explain(
            "lb18145",
            SessionState::SignedIn,
            Some(&info("OK")),
            Some(&targets()),
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
}
