//! What is missing from the lists of a server, in the words of the window and the command line.

use super::sizes::missing_rows;
use crate::model::{ErrorKind, Problem};

/// Number of lists that a sentence names.
const NAMED: usize = 3;

/// A list that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadList {
    /// What is in it: `experiments of Mpro lb18145-1`.
    pub name: String,
    /// Why it could not be read.
    pub problem: Problem,
}

/// What is missing from a table that was put together from several lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortfall {
    /// Lists that could not be read at all.
    pub unread: Vec<UnreadList>,
    /// Whether a list had fewer rows than the server had announced.
    pub has_missing_rows: bool,
    /// How many rows could not be read; they are not in the table.
    pub unreadable: usize,
}

impl Shortfall {
    /// Adds what is missing from one list that was read.
    pub fn add_read(&mut self, is_complete: bool, unreadable: usize) {
        self.has_missing_rows |= !is_complete;
        self.unreadable += unreadable;
    }

    /// Adds a list that could not be read. Without it, the rest of the table is still worth having.
    ///
    /// # Errors
    /// If the reason applies to all lists: the session, or the connection to the server.
    pub fn add_unread(&mut self, name: impl Into<String>, problem: Problem) -> Result<(), Problem> {
        if problem.kind.is_session_problem() || problem.kind.is_connection_problem() {
            return Err(problem);
        }
        tracing::warn!(%problem, "a list could not be read");
        self.unread.push(UnreadList {
            name: name.into(),
            problem,
        });
        Ok(())
    }

    /// Adds what is missing elsewhere.
    pub fn add(&mut self, other: Self) {
        self.unread.extend(other.unread);
        self.has_missing_rows |= other.has_missing_rows;
        self.unreadable += other.unreadable;
    }

    /// Adds what is missing from the lists of one target.
    pub fn add_of(&mut self, target: &str, other: &Self) {
        self.add(Self {
            unread: other
                .unread
                .iter()
                .map(|list| UnreadList {
                    name: format!("{} of {target}", list.name),
                    problem: list.problem.clone(),
                })
                .collect(),
            has_missing_rows: other.has_missing_rows,
            unreadable: other.unreadable,
        });
    }

    /// Returns `true` if nothing is missing.
    pub fn is_none(&self) -> bool {
        self.unread.is_empty() && !self.has_missing_rows && self.unreadable == 0
    }

    /// Returns a sentence for each thing that is missing. Lists with the same cause share one.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self
            .unread
            .iter()
            .enumerate()
            .filter(|(at, list)| {
                let mut before = self.unread.iter().take(*at);
                !before.any(|before| before.problem == list.problem)
            })
            .map(|(_, list)| self.unread_because_of(&list.problem))
            .collect();
        sentences.extend(missing_rows(!self.has_missing_rows, self.unreadable));
        sentences
    }

    /// Returns all sentences in one text; `None` if nothing is missing.
    pub fn text(&self) -> Option<String> {
        (!self.is_none()).then(|| self.sentences().join(" "))
    }

    /// Returns the problem if all `lists` lists are missing for a reason.
    pub fn problem_of_all(&self, lists: usize) -> Option<Problem> {
        let first = self.unread.first()?;
        (self.unread.len() >= lists).then(|| first.problem.clone())
    }

    fn unread_because_of(&self, problem: &Problem) -> String {
        let lists = self.unread.iter().filter(|list| list.problem == *problem);
        let names: Vec<&str> = lists.map(|list| list.name.as_str()).collect();
        let named = names.iter().take(NAMED).copied().collect::<Vec<_>>();
        let more = names.len() - named.len();
        let (word, rest) = match (names.len(), more) {
            (1, _) => ("list", String::new()),
            (_, 0) => ("lists", String::new()),
            (_, more) => ("lists", format!(" and {more} more")),
        };
        let of = named.join(", ");
        // What waiting does not help is said as it is; that of other kinds fits the whole table only.
        let step = match problem.kind {
            ErrorKind::ServerError | ErrorKind::Busy => problem.next_step(),
            _ => "Try again later.",
        };
        format!(
            "The server’s {word} of {of}{rest} could not be read: {}. {step}",
            problem.message.trim_end_matches('.')
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(name: &str, message: &str) -> UnreadList {
        UnreadList {
            name: name.to_owned(),
            problem: Problem::new(ErrorKind::ServerError, message),
        }
    }

    #[test]
    fn lists_with_one_cause_share_a_sentence_and_other_causes_have_their_own() {
        let mut shortfall = Shortfall {
            unread: vec![
                failed("experiments of A x1-1", "The server failed"),
                failed("experiments of B x1-1", "The server failed"),
                failed("names of compounds", "The server's answer was empty"),
            ],
            ..Shortfall::default()
        };
        shortfall.add_read(true, 2);
        let sentences = shortfall.sentences();
        assert_eq!(sentences.len(), 3, "{sentences:?}");
        assert!(sentences[0].starts_with(
            "The server’s lists of experiments of A x1-1, experiments of B x1-1 could not be read: The server failed. Try again"
        ), "{sentences:?}");
        assert!(sentences[1].starts_with("The server’s list of names of compounds could"));
        assert_eq!(
            sentences[2],
            "2 rows from the server could not be read and are missing here."
        );
    }

    #[test]
    fn what_concerns_every_list_is_not_the_shortfall_of_one() {
        let mut shortfall = Shortfall::default();
        for kind in [
            ErrorKind::Expired,
            ErrorKind::Unreachable,
            ErrorKind::Timeout,
        ] {
            assert!(
                shortfall
                    .add_unread("tags", Problem::new(kind, "x"))
                    .is_err()
            );
        }
        assert!(shortfall.is_none());
        assert_eq!(shortfall.text(), None);
    }
}
