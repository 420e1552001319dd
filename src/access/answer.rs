//! The answer to "Why can't I see it?": what was looked at, in order, and what it comes to.

use crate::model::Tas;

/// How one thing that was looked at turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the cause.
    Fine,
    /// Perhaps the cause, or part of it.
    Doubtful,
    /// The cause.
    Cause,
    /// Not looked at, because the cause was found before, or because the server does not say.
    Unknown,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyStep {
    /// What was looked at, and what was found, in a few words.
    pub finding: String,
    /// How it turned out.
    pub verdict: Verdict,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What was asked about.
    pub subject: String,
    /// What was looked at, in order.
    pub steps: Vec<WhyStep>,
    /// What it comes to, and what to do.
    pub sentence: String,
    /// The access string of which the server can still tell whether it exists; `None` if nothing is open.
    pub open_question: Option<Tas>,
}

impl Why {
    /// The answer as a text for an administrator: what was asked, by whom, of which server, and every finding.
    pub fn evidence(&self, server: &str, user: Option<&str>, when: &str) -> String {
        let mut text = format!(
            "Question: why can't I see {}?\nServer: {server}\nUser: {}\nTime: {when}\n",
            self.subject,
            user.unwrap_or("not signed in")
        );
        for step in &self.steps {
            let mark = match step.verdict {
                Verdict::Fine => "fine",
                Verdict::Doubtful => "doubtful",
                Verdict::Cause => "CAUSE",
                Verdict::Unknown => "not known",
            };
            text.push_str(&format!("- {} ({mark})\n", step.finding));
        }
        text.push_str(&format!("Answer: {}\n", self.sentence));
        text
    }
}
