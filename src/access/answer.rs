//! The answer to "Why can't I see it?": what was checked, in order, and the conclusion.

use crate::model::Tas;

/// The result of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the cause.
    Fine,
    /// Perhaps the cause, or part of it.
    Doubtful,
    /// The cause.
    Cause,
    /// Not checked, because the cause was found before, or because the server does not say.
    Unknown,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked, and what was found, in a few words.
    pub finding: String,
    /// The result.
    pub verdict: Verdict,
}

/// The complete answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The subject of the question.
    pub subject: String,
    /// What was checked, in order.
    pub steps: Vec<Check>,
    /// The conclusion, and what to do.
    pub sentence: String,
    /// The access string about which the server can still be asked; `None` if there is none.
    pub open_question: Option<Tas>,
}

impl Explanation {
    /// Returns the answer as a text for an administrator: the question, the user, the server, and every finding.
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
