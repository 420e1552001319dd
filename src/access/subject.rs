//! What the user asks about: a title, a target access string, or both.

use super::{Verdict, evidence::Inquiry};
use crate::model::Tas;

/// A proposal number has at least this many digits; shorter ones belong to names of proteins (`NS3`, `CK2`).
const DIGITS: usize = 4;

/// The subject of the question.
pub(super) enum Subject {
    Title(String),
    Tas(Tas),
    Both(String, Tas),
}

impl Inquiry<'_> {
    /// Reads what was written: `TITLE TAS`, `TITLE (TAS)`, or one of the two.
    pub(super) fn read_subject(&mut self, subject: &str) -> Subject {
        if let Some((title, last)) = subject.rsplit_once([' ', '\t']) {
            let tas = Tas::typed(last.trim_matches(['(', ')', ',']));
            let title = title.trim().trim_end_matches([',', ':']);
            if tas.is_usual() && !title.is_empty() && !self.is_title(subject) {
                self.note(
                    format!("Read as the target {title} under {tas}"),
                    Verdict::Fine,
                );
                return Subject::Both(title.to_owned(), tas);
            }
        }
        let tas = Tas::typed(subject);
        if self.looks_like_tas(&tas) {
            Subject::Tas(tas)
        } else {
            Subject::Title(subject.to_owned())
        }
    }

    fn is_title(&self, text: &str) -> bool {
        self.targets().iter().any(|target| target.key.title == text)
    }

    /// Target access strings come in many forms; only a text unlike all of them is certainly a title.
    fn looks_like_tas(&mut self, tas: &Tas) -> bool {
        let is_known = self.targets().iter().any(|target| target.key.tas == *tas)
            || self
                .evidence
                .user
                .get()
                .is_some_and(|info| info.target_access.contains(tas));
        if tas.is_usual() || is_known {
            self.note(
                "Written correctly, as a target access string",
                Verdict::Fine,
            );
            return true;
        }
        let has_number = tas
            .proposal()
            .is_some_and(|number| number.to_string().len() >= DIGITS);
        if tas.code().len() == 2 && has_number && !self.is_title(tas.as_str()) {
            self.note(
                "Not of the usual form: two letters, a number, a hyphen and a visit, as in lb18145-1",
                Verdict::Doubtful,
            );
            return true;
        }
        self.note("Read as a target name", Verdict::Fine);
        false
    }
}
