//! What the server thinks of the person who asks: the answer of `/api/user/`.

use serde::Deserialize;

use super::{Tas, Text};

/// The answer of `/api/user/`, in the documented form and in that of the 2026 servers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct UserInfo {
    /// The user's name. For somebody not signed in this is the name of *some* account: it proves nothing.
    pub user: Text,
    /// The server's number for the user: a number or a text.
    pub user_id: Text,
    /// The service that knows who may see what. Documented as `version`, sent as `authenticator`.
    #[serde(alias = "version")]
    pub authenticator: Option<Authenticator>,
    /// Whether that service reaches its database.
    pub ping: Option<Ping>,
    /// The target access strings the user is a member of; open ones are not in it.
    #[serde(deserialize_with = "sorted")]
    pub target_access: Vec<Tas>,
}

fn sorted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Tas>, D::Error> {
    let mut list = Option::<Vec<Tas>>::deserialize(deserializer)?.unwrap_or_default();
    list.sort();
    list.dedup();
    Ok(list)
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

/// Whether the authenticator reaches its database.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Text")]
pub enum Ping {
    /// It does.
    Ok,
    /// It does not, or nobody could find out: the server's own word for it.
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
    /// The server's word.
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
    fn every_spelling_of_not_ok_is_not_ok() {
        for word in [
            "NOT OK",
            "Not OK",
            "AUTH_SERVICE_NOT_DEFINED",
            "PING response was null",
        ] {
            let info: UserInfo = serde_json::from_str(&format!(r#"{{"ping":"{word}"}}"#)).unwrap();
            assert_eq!(info.ping, Some(Ping::NotOk(word.to_owned())));
        }
        assert_eq!(serde_json::from_str::<UserInfo>("{}").unwrap().ping, None);
    }
}
