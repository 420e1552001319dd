//! Why can't I see it? The causes in order, decided from answers that are already there.

use super::{SessionState, alike};
use crate::model::{Target, Tas, UserInfo, Verdict, Why, WhyStep};

/// A proposal number has at least so many digits; shorter ones belong to names of proteins (`NS3`, `CK2`).
const DIGITS: usize = 4;

/// What is known of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It is there.
    Yes(T),
    /// The server has no such answer.
    NotOffered,
    /// It is still awaited.
    Loading,
    /// It could not be had.
    Failed,
}

impl<T: Copy> Known<T> {
    fn get(&self) -> Option<T> {
        match self {
            Self::Yes(value) => Some(*value),
            Self::NotOffered | Self::Loading | Self::Failed => None,
        }
    }
}

/// The walk through the causes.
struct Walk<'a> {
    session: SessionState,
    info: &'a Known<&'a UserInfo>,
    targets: &'a [Target],
    steps: Vec<WhyStep>,
}

/// What is asked about.
enum Subject {
    Title(String),
    Tas(Tas),
    Both(String, Tas),
}

/// Explains why a target, a target access string, or a target under one (`Mpro lb18145-1`) is not seen, or
/// says that it is.
///
/// `targets` are those that the server shows to this user now.
pub fn explain(
    subject: &str,
    session: SessionState,
    info: &Known<&UserInfo>,
    targets: &Known<&[Target]>,
) -> Why {
    let subject = subject.trim();
    let mut walk = Walk {
        session,
        info,
        targets: targets.get().unwrap_or_default(),
        steps: Vec::new(),
    };
    let sentence = walk.answer(subject, targets);
    Why {
        subject: subject.to_owned(),
        steps: walk.steps,
        sentence,
    }
}

impl Walk<'_> {
    fn answer(&mut self, subject: &str, targets: &Known<&[Target]>) -> String {
        if subject.is_empty() {
            return "Write a target's title, or a target access string such as lb18145-1."
                .to_owned();
        }
        let subject = self.read(subject);
        if let Some(sentence) = self.session_is_no_cause() {
            return sentence;
        }
        match targets {
            Known::Yes(_) => {}
            Known::Loading => {
                self.found("The list of targets is still being read", Verdict::Unknown);
                return "The list of targets is still being read. Ask again in a moment."
                    .to_owned();
            }
            Known::NotOffered | Known::Failed => {
                self.found("The list of targets could not be read", Verdict::Cause);
                return "The list of targets could not be read, so nothing can be said. Read the experiments again first.".to_owned();
            }
        }
        match subject {
            Subject::Tas(tas) => self.explain_tas(&tas),
            Subject::Title(title) => self.explain_title(&title),
            Subject::Both(title, tas) => self.explain_both(&title, &tas),
        }
    }

    fn found(&mut self, finding: impl Into<String>, verdict: Verdict) {
        self.steps.push(WhyStep {
            finding: finding.into(),
            verdict,
        });
    }

    /// Reads what was written: `TITLE TAS`, `TITLE (TAS)`, or one of the two.
    fn read(&mut self, subject: &str) -> Subject {
        if let Some((title, last)) = subject.rsplit_once([' ', '\t']) {
            let tas = Tas::typed(last.trim_matches(['(', ')', ',']));
            let title = title.trim().trim_end_matches([',', ':']);
            if tas.is_usual() && !title.is_empty() && !self.is_title(subject) {
                self.found(
                    format!("Taken as the target {title} under {tas}"),
                    Verdict::Fine,
                );
                return Subject::Both(title.to_owned(), tas);
            }
        }
        let tas = Tas::typed(subject);
        if self.is_written_as_tas(&tas) {
            Subject::Tas(tas)
        } else {
            Subject::Title(subject.to_owned())
        }
    }

    fn is_title(&self, text: &str) -> bool {
        self.targets.iter().any(|target| target.key.title == text)
    }

    /// Target access strings are of many forms; only what is far from all of them is a title for sure.
    fn is_written_as_tas(&mut self, tas: &Tas) -> bool {
        let is_known = self.targets.iter().any(|target| target.key.tas == *tas)
            || self
                .info
                .get()
                .is_some_and(|info| info.target_access.contains(tas));
        if tas.is_usual() || is_known {
            self.found(
                "Written correctly, as a target access string",
                Verdict::Fine,
            );
            return true;
        }
        let has_number = tas
            .proposal()
            .is_some_and(|number| number.to_string().len() >= DIGITS);
        if tas.code().len() == 2 && has_number && !self.is_title(tas.as_str()) {
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
        let (finding, verdict, sentence) = match self.session {
            SessionState::SignedIn => ("You are signed in".to_owned(), Verdict::Fine, None),
            SessionState::Anonymous => {
                ("You are not signed in".to_owned(), Verdict::Doubtful, None)
            }
            SessionState::Ageing => (
                format!("Your session: {words}"),
                Verdict::Cause,
                Some(
                    "Your session must be renewed before the server answers: open Fragalysis in your browser, reload the page, come back and press Retry."
                        .to_owned(),
                ),
            ),
            SessionState::Expired => (
                format!("Your session: {words}"),
                Verdict::Cause,
                Some(
                    "Your session has expired, so the server shows only public data. Sign in again first."
                        .to_owned(),
                ),
            ),
            SessionState::Refused => (
                format!("Your session: {words}"),
                Verdict::Cause,
                Some(
                    "Your token was not accepted, so the server shows only public data. Sign in with a new one first."
                        .to_owned(),
                ),
            ),
            SessionState::Unknown => (
                format!("Your session: {words}"),
                Verdict::Unknown,
                Some(
                    "The server did not say who you are, so nothing can be said about what you may see. Try again in a few minutes."
                        .to_owned(),
                ),
            ),
            SessionState::Unreachable => {
                (format!("Your session: {words}"), Verdict::Unknown, None)
            }
        };
        self.found(finding, verdict);
        sentence
    }

    fn titles_under(&self, tas: &Tas) -> Vec<String> {
        let under = self.targets.iter().filter(|target| target.key.tas == *tas);
        under.map(|target| target.key.title.clone()).collect()
    }

    fn explain_tas(&mut self, tas: &Tas) -> String {
        let under = self.titles_under(tas);
        if !under.is_empty() {
            let list = under.join(", ");
            self.found(
                format!("The server shows you under it: {list}"),
                Verdict::Fine,
            );
            return format!("You can see {tas}: {list}.");
        }
        self.nothing_under(tas)
    }

    fn explain_both(&mut self, title: &str, tas: &Tas) -> String {
        let is_it = |target: &&Target| target.key.title == title && target.key.tas == *tas;
        if self.targets.iter().any(|target| is_it(&target)) {
            self.found("The server shows it to you", Verdict::Fine);
            return format!("You can see {title} under {tas}.");
        }
        let elsewhere: Vec<String> = self
            .targets
            .iter()
            .filter(|target| target.key.title == title)
            .map(|target| target.key.tas.to_string())
            .collect();
        if !elsewhere.is_empty() {
            let list = elsewhere.join(", ");
            self.found(
                format!("A target of this title lies under {list}"),
                Verdict::Doubtful,
            );
        }
        let under = self.titles_under(tas);
        let is_member = self
            .info
            .get()
            .is_some_and(|info| info.target_access.contains(tas));
        let also = if elsewhere.is_empty() {
            String::new()
        } else {
            format!(" There is a {title} under {}.", elsewhere.join(", "))
        };
        if under.is_empty() && !is_member {
            return format!("{}{also}", self.nothing_under(tas));
        }
        let list = if under.is_empty() {
            "no target at all".to_owned()
        } else {
            under.join(", ")
        };
        self.found(
            format!("You may see {tas}, and the server has under it: {list}"),
            Verdict::Cause,
        );
        format!("You may see {tas}, but there is no {title} in it: the server has {list}.{also}")
    }

    /// The server shows nothing under a string: why?
    fn nothing_under(&mut self, tas: &Tas) -> String {
        if self.session == SessionState::Anonymous {
            self.found("Nothing under it is open to everybody", Verdict::Cause);
            return format!(
                "You are not signed in, and {tas} is not open to everybody. Sign in to see it if you are a member."
            );
        }
        let info = match self.info {
            Known::Yes(info) => *info,
            Known::NotOffered => {
                self.found(
                    "This server does not say which memberships you have",
                    Verdict::Unknown,
                );
                return format!(
                    "The server shows nothing under {tas}, and does not say which memberships you have. Ask the proposal's principal investigator."
                );
            }
            Known::Loading => {
                self.found("Your memberships are still being read", Verdict::Unknown);
                return format!(
                    "The server shows nothing under {tas}. Your memberships are still being read: ask again in a moment."
                );
            }
            Known::Failed => {
                self.found("Your memberships could not be read", Verdict::Unknown);
                return format!(
                    "The server shows nothing under {tas}, and your memberships could not be read. Press Refresh, then ask again."
                );
            }
        };
        let trouble = self.authenticator(info);
        if info.target_access.contains(tas) {
            self.found("You are a member", Verdict::Fine);
            self.found("No target has been uploaded under it", Verdict::Cause);
            return format!("You are a member of {tas}, but the server has no target under it.");
        }
        self.not_a_member(tas, info, trouble)
    }

    /// What is wrong with the authenticator, if it is known that something is.
    fn authenticator(&mut self, info: &UserInfo) -> Option<&'static str> {
        let Some(ping) = &info.ping else {
            self.found("The authenticator's state is not known", Verdict::Unknown);
            return None;
        };
        let trouble = ping.trouble();
        if trouble.is_some() {
            let words = ping.words();
            self.found(format!("The authenticator: {words}"), Verdict::Doubtful);
        } else {
            self.found("The authenticator reaches its database", Verdict::Fine);
        }
        trouble
    }

    fn not_a_member(
        &mut self,
        tas: &Tas,
        info: &UserInfo,
        trouble: Option<&'static str>,
    ) -> String {
        if let Some(near) = alike::nearest_tas(tas, info, self.targets) {
            self.found(
                format!("There is one that is written alike: {near}"),
                Verdict::Cause,
            );
            return format!(
                "You are not listed for {tas}, but for {near}. Is that the one you mean?"
            );
        }
        if let Some(trouble) = trouble {
            self.found(
                "Not in your memberships, as far as they are known",
                Verdict::Cause,
            );
            return format!("You are not listed for {tas}, but that may not be true: {trouble}");
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
            return format!(
                "You can see {title}, under {list}. If you mean the one of another proposal, write its target access string behind the title."
            );
        }
        self.found(
            "The server shows you no target with this title",
            Verdict::Cause,
        );
        if let Some(near) = alike::nearest_title(title, self.targets) {
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
        let trouble = self.info.get().and_then(|info| self.authenticator(info));
        let trouble = trouble
            .map(|trouble| format!(" Or the server only does not know it: {trouble}"))
            .unwrap_or_default();
        format!(
            "The server shows you no target called {title}: it does not exist, or lies under a proposal that you are not a member of.{trouble} Ask for its target access string and try that here."
        )
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
            ("", SignedIn, &ok, "Write a target's title"),
        ] {
            let why = explain(
                subject,
                session,
                &Known::Yes(info),
                &Known::Yes(targets.as_slice()),
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
            (Known::Loading, Known::Loading, "still being read"),
            (Known::Loading, Known::Failed, "could not be read"),
            (Known::Loading, listed, "memberships are still being read"),
            (Known::Failed, listed, "memberships could not be read"),
            (Known::NotOffered, listed, "does not say which memberships"),
        ] {
            let why = explain("lb9000-9", signed_in, &info, &targets);
            assert!(why.sentence.contains(part), "{}", why.sentence);
        }
    }

    #[test]
    fn the_walk_names_at_most_one_cause_and_a_malformed_string_is_doubted() {
        let (info, targets) = (info("OK"), targets());
        let why = explain(
            "lb18145",
            SessionState::SignedIn,
            &Known::Yes(&info),
            &Known::Yes(targets.as_slice()),
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
