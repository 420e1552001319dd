//! What the server says about the user: the answer of `/api/user/`.

use serde::Deserialize;
use serde_json::Value;

use crate::model::{Tas, Text};

/// The answer of `/api/user/`, in the documented form and in that of the 2026 servers. An unexpected
/// value is dropped; the rest of the answer is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Answer")]
pub struct UserInfo {
    /// The user's name. For a visitor this is the name of *some* account: it proves nothing.
    pub user: Text,
    /// The server's number for the user: a number or a text.
    pub user_id: Text,
    /// The service that knows who may see what. Documented as `version`, sent as `authenticator`.
    pub authenticator: Option<Authenticator>,
    /// Whether that service reaches its database.
    pub ping: Option<Ping>,
    /// The target access strings the user is a member of; open ones are not in it.
    pub target_access: Vec<Tas>,
}

/// The response as received.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Answer {
    user: Text,
    user_id: Text,
    version: Value,
    authenticator: Value,
    ping: Option<Ping>,
    target_access: Value,
}

impl From<Answer> for UserInfo {
    fn from(answer: Answer) -> Self {
        let texts = match answer.target_access {
            Value::Array(list) => list,
            single @ (Value::String(_) | Value::Number(_)) => vec![single],
            Value::Null | Value::Bool(_) | Value::Object(_) => Vec::new(),
        };
        let mut target_access: Vec<Tas> = texts
            .into_iter()
            .filter_map(|value| serde_json::from_value::<Text>(value).ok())
            .filter_map(|text| text.get().map(Tas::new))
            .collect();
        target_access.sort();
        target_access.dedup();
        Self {
            user: answer.user,
            user_id: answer.user_id,
            authenticator: Authenticator::read(answer.authenticator)
                .or_else(|| Authenticator::read(answer.version)),
            ping: answer.ping,
            target_access,
        }
    }
}

/// The service that tells the server who may see what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Authenticator {
    /// `ISPYB`, `MOCK`, or the reason why there is none.
    pub kind: Text,
    /// Its name.
    pub name: Text,
    /// Its version.
    pub version: Text,
    /// Its address, usually reachable only from within the server's cluster.
    pub location: Text,
}

impl Authenticator {
    /// Returns the kind in plain words, with a remark if it is not the one that a user would expect.
    pub fn kind_text(&self) -> (&str, Option<&'static str>) {
        match self.kind.or_empty() {
            "ISPYB" => ("ISPyB", None),
            "MOCK" => (
                "Stand-in (MOCK)",
                Some("Not the usual one: an administrator entered its memberships."),
            ),
            "AUTH_SERVICE_NOT_DEFINED" | "SERVICE_NOT_PRESENT" => ("Not configured", None),
            "SERVICE_QUERY_KEY_NOT_DEFINED" => ("Not configured completely", None),
            "ERROR_INTERNAL" => ("Not known", Some("The server could not reach it.")),
            "" => ("", None),
            other => (other, Some("Not the usual one, which is ISPyB.")),
        }
    }

    /// Reads the object, or the single word that some servers may write in its place.
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Object(_) => serde_json::from_value(value).ok(),
            Value::String(text) => Some(Self {
                kind: Text::from(text.as_str()),
                ..Self::default()
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
        }
    }
}

/// Whether the authenticator reaches its database.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Text")]
pub enum Ping {
    /// It does.
    Ok,
    /// It does not, or its state could not be determined; holds the server's own word for it.
    NotOk(String),
}

impl From<Text> for Ping {
    fn from(text: Text) -> Self {
        match text.get() {
            Some(word) if word.eq_ignore_ascii_case("ok") => Self::Ok,
            word => Self::NotOk(word.unwrap_or("no answer").to_owned()),
        }
    }
}

impl Ping {
    /// Returns the state as shown on screen.
    pub fn words(&self) -> &str {
        match self {
            Self::Ok => "OK",
            Self::NotOk(word) => match word.to_uppercase().as_str() {
                "NOT OK" => "Not OK",
                "AUTH_SERVICE_NOT_DEFINED" => "Not configured",
                "SERVICE_QUERY_KEY_NOT_DEFINED" => "Not configured completely",
                "PING RESPONSE WAS NULL" | "PING RESPONSE WAS EMPTY" => "No answer",
                "PING RESPONSE STATUS NOT 200" => "Failing",
                "PING RESPONSE HAS NO PING PROPERTY" => "Invalid answer",
                _ => word,
            },
        }
    }

    /// Returns what the state means, for a signed-in user or for a visitor.
    pub fn meaning(&self, is_signed_in: bool) -> String {
        let state = match self {
            Self::Ok => return "It reaches the database that controls access.".to_owned(),
            Self::NotOk(word) => match word.to_uppercase().as_str() {
                "AUTH_SERVICE_NOT_DEFINED" => {
                    return "This server has no authenticator, so it cannot know any memberships and shows open targets only.".to_owned();
                }
                "SERVICE_QUERY_KEY_NOT_DEFINED" => {
                    "The server has no API key for this service. Only an administrator can change that."
                }
                "NOT OK" => "It does not reach the database that controls access.",
                _ => "The server got no valid answer from it.",
            },
        };
        let for_me = if is_signed_in {
            "Your memberships may be out of date or missing below; they are not lost."
        } else {
            "Public data are not affected."
        };
        format!("{state} {for_me}")
    }

    /// Returns what is wrong and what to do, as the second half of a sentence; `None` if nothing is wrong.
    pub fn problem_and_step(&self) -> Option<&'static str> {
        let Self::NotOk(word) = self else { return None };
        Some(match word.to_uppercase().as_str() {
            "AUTH_SERVICE_NOT_DEFINED" => {
                "this server has no authenticator, so it cannot know any memberships. Use another server, or ask an administrator."
            }
            "SERVICE_QUERY_KEY_NOT_DEFINED" => {
                "this server has no API key for its authenticator. Only an administrator can change that."
            }
            "NOT OK" => {
                "the authenticator cannot reach its database, and memberships may be old or missing. Try again when it is OK."
            }
            _ => {
                "the authenticator gave no valid answer, and memberships may be old or missing. Try again when it is OK."
            }
        })
    }

    /// Returns the server's own word for the state.
    pub fn word(&self) -> &str {
        match self {
            Self::Ok => "OK",
            Self::NotOk(word) => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_answer_are_read() {
        let documented = r#"{"user":"abc12345","user_id":"2","version":{"kind":"ISPYB"},"ping":"OK","target_access":["lb9-1","lb10-1"]}"#;
        let current = r#"{"user":"abc12345","user_id":2,"authenticator":{"kind":"ISPYB"},"ping":"OK","target_access":["lb10-1","lb9-1"]}"#;
        let [documented, current] =
            [documented, current].map(|json| serde_json::from_str::<UserInfo>(json).unwrap());
        assert_eq!(documented, current);
        assert_eq!(current.ping, Some(Ping::Ok));
    }

    #[test]
    fn one_odd_value_costs_only_itself() {
        let odd = r#"{"user":7,"version":{"kind":"OLD"},"authenticator":{"kind":"ISPYB"},
            "ping":null,"target_access":["lb1-1",null,5,{"a":1}]}"#;
        let info: UserInfo = serde_json::from_str(odd).unwrap();
        assert_eq!(info.user.get(), Some("7"));
        assert_eq!(info.authenticator.unwrap().kind.get(), Some("ISPYB"));
        assert!(info.target_access.contains(&Tas::new("lb1-1")));
        for json in [
            r#"{"authenticator":"MOCK","target_access":null}"#,
            r#"{"authenticator":[]}"#,
        ] {
            assert!(serde_json::from_str::<UserInfo>(json).is_ok(), "{json}");
        }
    }

    #[test]
    fn every_spelling_of_not_ok_is_not_ok() {
        for word in [
            "NOT OK",
            "Not OK",
            "AUTH_SERVICE_NOT_DEFINED",
            "SERVICE_QUERY_KEY_NOT_DEFINED",
            "PING response was null",
            "PING response status not 200",
            "PING response was empty",
            "PING response has no ping property",
            "something new",
        ] {
            let info: UserInfo = serde_json::from_str(&format!(r#"{{"ping":"{word}"}}"#)).unwrap();
            let ping = info.ping.unwrap();
            assert_eq!(ping, Ping::NotOk(word.to_owned()));
            assert!(!ping.words().contains('_'), "{}", ping.words());
            assert!(ping.meaning(true).len() > 30);
        }
        assert_eq!(serde_json::from_str::<UserInfo>("{}").unwrap().ping, None);
    }
}
