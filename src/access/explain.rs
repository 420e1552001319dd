//! Finds the cause, from answers that have already arrived.

use super::{
    Explanation, Known, Verdict,
    evidence::{Evidence, Inquiry},
    subject::Subject,
    suggest,
};
use crate::{
    api::{SessionState, TasStatus},
    model::{Target, Tas, UserInfo},
};

/// Explains why a target, a target access string, or a target under one (`Mpro lb18145-1`) is not seen, or
/// says that it is.
///
/// If [`Explanation::open_question`] is `Some`, the server can tell more: look up the status of that string with
/// [`Client::tas_status`](crate::api::Client::tas_status) and explain again with it as evidence.
pub fn explain(subject: &str, evidence: &Evidence<'_>) -> Explanation {
    let subject = subject.trim();
    let mut inquiry = Inquiry::new(evidence);
    let sentence = inquiry.answer(subject);
    Explanation {
        subject: subject.to_owned(),
        steps: inquiry.steps,
        sentence,
        open_question: inquiry.open_question,
    }
}

impl Inquiry<'_> {
    fn answer(&mut self, subject: &str) -> String {
        if subject.is_empty() {
            return "Enter a target's title, or a target access string such as lb18145-1."
                .to_owned();
        }
        let subject = self.read_subject(subject);
        if let Some(sentence) = self.check_session() {
            return sentence;
        }
        match self.evidence.targets {
            Known::Yes(_) => {}
            Known::Loading => {
                self.note("The list of targets is still loading", Verdict::Unknown);
                return "The list of targets is still loading. Try again in a moment.".to_owned();
            }
            Known::NotOffered | Known::Failed => {
                self.note("The list of targets could not be read", Verdict::Cause);
                return "The list of targets could not be read, so the cause cannot be determined. Reload the experiments first.".to_owned();
            }
        }
        match subject {
            Subject::Tas(tas) => self.explain_tas(&tas),
            Subject::Title(title) => self.explain_title(&title),
            Subject::Both(title, tas) => self.explain_both(&title, &tas),
        }
    }

    fn check_session(&mut self) -> Option<String> {
        let words = self.evidence.session.words();
        let (finding, verdict, sentence) = match self.evidence.session {
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
                    "The server did not say who you are, so your access cannot be determined. Try again in a few minutes."
                        .to_owned(),
                ),
            ),
            SessionState::Unreachable => {
                (format!("Your session: {words}"), Verdict::Unknown, None)
            }
        };
        self.note(finding, verdict);
        sentence
    }

    fn explain_tas(&mut self, tas: &Tas) -> String {
        let under = self.titles_under(tas);
        if !under.is_empty() {
            let list = under.join(", ");
            self.note(
                format!("The server shows you under it: {list}"),
                Verdict::Fine,
            );
            return format!("You can see {tas}: {list}.");
        }
        self.explain_hidden(tas)
    }

    fn explain_both(&mut self, title: &str, tas: &Tas) -> String {
        let is_it = |target: &&Target| target.key.title == title && target.key.tas == *tas;
        if self.targets().iter().any(|target| is_it(&target)) {
            self.note("The server shows it to you", Verdict::Fine);
            return format!("You can see {title} under {tas}.");
        }
        let elsewhere: Vec<String> = self
            .targets()
            .iter()
            .filter(|target| target.key.title == title)
            .map(|target| target.key.tas.to_string())
            .collect();
        if !elsewhere.is_empty() {
            let list = elsewhere.join(", ");
            self.note(
                format!("There is a target of this title under {list}"),
                Verdict::Doubtful,
            );
        }
        let under = self.titles_under(tas);
        let is_member = self
            .evidence
            .user
            .get()
            .is_some_and(|info| info.target_access.contains(tas));
        let also = if elsewhere.is_empty() {
            String::new()
        } else {
            format!(" There is a {title} under {}.", elsewhere.join(", "))
        };
        if under.is_empty() && !is_member {
            return format!("{}{also}", self.explain_hidden(tas));
        }
        let list = if under.is_empty() {
            "no target at all".to_owned()
        } else {
            under.join(", ")
        };
        self.note(
            format!("You have access to {tas}, and the server has these targets under it: {list}"),
            Verdict::Cause,
        );
        format!(
            "You have access to {tas}, but there is no {title} in it: the server has {list}.{also}"
        )
    }

    /// Explains what is unknown if the server does not report the user's memberships.
    fn unknown_memberships(&mut self, tas: &Tas) -> String {
        let (note, ending) = match self.evidence.user {
            Known::NotOffered if self.evidence.tas == Some(TasStatus::NotAMember) => {
                return format!(
                    "{tas} exists on this server, but you are not a member. Ask the proposal's principal investigator to add you."
                );
            }
            Known::Yes(_) | Known::NotOffered => (
                "This server does not say which memberships you have",
                ", and does not say which memberships you have. Ask the proposal's principal investigator.",
            ),
            Known::Loading => (
                "Your memberships are still loading",
                ". Your memberships are still loading: try again in a moment.",
            ),
            Known::Failed => (
                "Your memberships could not be read",
                ", and your memberships could not be read. Press Refresh, then ask again.",
            ),
        };
        self.note(note, Verdict::Unknown);
        format!("The server shows nothing under {tas}{ending}")
    }

    /// Explains why the server shows nothing under an access string.
    fn explain_hidden(&mut self, tas: &Tas) -> String {
        let is_anonymous = self.evidence.session == SessionState::Anonymous;
        match self.evidence.tas {
            None => self.open_question = Some(tas.clone()),
            Some(TasStatus::Unknown) => {}
            Some(TasStatus::Missing) => return self.explain_missing(tas),
            Some(TasStatus::Visible) => {
                self.note("The server lets you see it", Verdict::Fine);
                self.note("No target has been uploaded under it", Verdict::Cause);
                return format!("You have access to {tas}, but the server has no target under it.");
            }
            Some(TasStatus::NotAMember) if !is_anonymous => {
                self.note(
                    "The server knows it, and says that you are not a member",
                    Verdict::Doubtful,
                );
            }
            Some(TasStatus::NotAMember) => {
                self.note("The server knows it", Verdict::Fine);
            }
        }
        if is_anonymous {
            self.note("Nothing under it is public", Verdict::Cause);
            return format!(
                "You are not signed in, and {tas} is not public. Sign in to see it if you are a member."
            );
        }
        let Known::Yes(info) = self.evidence.user else {
            return self.unknown_memberships(tas);
        };
        let trouble = self.check_authenticator(info);
        if info.target_access.contains(tas) {
            self.note("You are a member", Verdict::Fine);
            self.note("No target has been uploaded under it", Verdict::Cause);
            return format!("You are a member of {tas}, but the server has no target under it.");
        }
        self.not_a_member(tas, info, trouble)
    }

    /// The server does not have this string: it is mistyped, or nothing was ever uploaded for it.
    fn explain_missing(&mut self, tas: &Tas) -> String {
        self.note("This server has no such access string", Verdict::Cause);
        let own = self.evidence.user.get();
        let own = own.map_or(&[][..], |info| &info.target_access);
        match suggest::nearest_tas(tas, own, self.targets()) {
            Some(near) => format!(
                "This server has no {tas}, but you can see {near}, which is spelt similarly. Did you mean that?"
            ),
            None => format!(
                "This server has no access string {tas}: it is mistyped, or nothing has been uploaded here for that visit yet. Check it, or ask the person who collected the data."
            ),
        }
    }

    /// Returns what is wrong with the authenticator, if anything is known to be.
    fn check_authenticator(&mut self, info: &UserInfo) -> Option<&'static str> {
        let Some(ping) = &info.ping else {
            self.note("The authenticator's state is not known", Verdict::Unknown);
            return None;
        };
        let trouble = ping.problem_and_step();
        if trouble.is_some() {
            let words = ping.words();
            self.note(format!("The authenticator: {words}"), Verdict::Doubtful);
        } else {
            self.note("The authenticator reaches its database", Verdict::Fine);
        }
        trouble
    }

    fn not_a_member(
        &mut self,
        tas: &Tas,
        info: &UserInfo,
        trouble: Option<&'static str>,
    ) -> String {
        if let Some(near) = suggest::nearest_tas(tas, &info.target_access, self.targets()) {
            self.note(
                format!("There is one that is spelt similarly: {near}"),
                Verdict::Cause,
            );
            return format!("You are not listed for {tas}, but for {near}. Did you mean that?");
        }
        if let Some(trouble) = trouble {
            self.note(
                "Not in your memberships, as far as they are known",
                Verdict::Cause,
            );
            return format!("You are not listed for {tas}, but that may not be true: {trouble}");
        }
        self.note("Not in your memberships", Verdict::Cause);
        let code = tas.code();
        let has_code = info.target_access.iter().any(|own| own.code() == code);
        if !has_code && !info.target_access.is_empty() {
            self.note(
                format!("None of your memberships begins with “{code}”"),
                Verdict::Doubtful,
            );
            return format!(
                "You are not listed for {tas}, and none of your memberships begins with “{code}”. This server may not support strings of that kind. Ask the proposal's principal investigator, or an administrator."
            );
        }
        format!(
            "You are not listed for {tas}. If you were added today, wait 15 minutes: memberships are cached. Otherwise ask the proposal's principal investigator to add you."
        )
    }

    fn explain_title(&mut self, title: &str) -> String {
        let under: Vec<String> = self
            .targets()
            .iter()
            .filter(|target| target.key.title == title)
            .map(|target| target.key.tas.to_string())
            .collect();
        if !under.is_empty() {
            let list = under.join(", ");
            self.note(
                format!("The server shows it to you, under {list}"),
                Verdict::Fine,
            );
            return format!(
                "You can see {title}, under {list}. If you mean the one from another proposal, add its target access string after the title."
            );
        }
        self.note(
            "The server shows you no target with this title",
            Verdict::Cause,
        );
        if let Some(near) = suggest::nearest_title(title, self.targets()) {
            self.note(
                format!("There is one that is spelt similarly: {near}"),
                Verdict::Doubtful,
            );
            return format!(
                "There is no {title}, but there is {near}. Titles must match exactly, including capitals."
            );
        }
        if self.evidence.session == SessionState::Anonymous {
            return format!("No public target is called {title}. Sign in to see private ones.");
        }
        let trouble = self
            .evidence
            .user
            .get()
            .and_then(|info| self.check_authenticator(info));
        let trouble = trouble
            .map(|trouble| format!(" Or the server cannot tell at the moment: {trouble}"))
            .unwrap_or_default();
        format!(
            "The server shows you no target called {title}: it does not exist, or is under a proposal that you are not a member of.{trouble} Find out its target access string and try that here."
        )
    }
}
