//! The authenticator's statistics, for users who have its key. Every part may be missing.

use serde_json::{Map, Value};

use crate::model::{Authenticator, Text};

/// A name and its value.
pub type Fact = (String, String);

/// The answer of the statistics service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Kind, name and version of the authenticator.
    pub auth: Option<Authenticator>,
    /// The proposal codes to which it is limited; an empty list means any. `None` if it does not report them.
    pub codes: Option<Vec<String>>,
    /// The health of its database connection, as the service states it.
    pub ping: Option<Vec<Fact>>,
    /// Sums over all users.
    pub totals: Vec<Fact>,
    /// The users whose proposals were collected. `None` if it does not report them.
    pub users: Option<Vec<UserStatistics>>,
    /// The memory cache behind it. An empty list means that the cache does not answer, `None` that the service does
    /// not report it.
    pub cache: Option<Vec<Fact>>,
    /// The whole answer, unchanged.
    pub raw: String,
    /// The same, decoded.
    sections: Option<Value>,
}

/// The entry of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserStatistics {
    /// The user's name.
    pub username: String,
    /// How many target access strings were found.
    pub tas_count: String,
    /// When they were collected from the database.
    pub collected: String,
}

impl Statistics {
    /// Returns the sections as the service sent them, if there are any.
    pub fn json(&self) -> Option<&Value> {
        self.sections.as_ref()
    }

    /// Returns `true` if users are listed, or could be, and this one is not among them.
    pub fn lacks(&self, username: &str) -> bool {
        let users = self.users.as_ref();
        users.is_some_and(|users| !users.iter().any(|user| user.username == username))
    }

    /// Extracts the sections that are present. `None` if this is not an answer of a statistics service.
    pub fn read(value: &Value, raw: String) -> Option<Self> {
        let map = value.as_object()?;
        let known = ["auth", "code_set", "ping", "users", "memcached"];
        if !known.iter().any(|key| map.contains_key(*key)) {
            return None;
        }
        let users = map.get("users").and_then(Value::as_object);
        Some(Self {
            auth: map
                .get("auth")
                .and_then(|auth| serde_json::from_value(auth.clone()).ok()),
            codes: map
                .get("code_set")
                .and_then(Value::as_array)
                .map(|list| list.iter().map(text).collect()),
            ping: map.get("ping").and_then(Value::as_object).map(facts),
            totals: users.map(facts).unwrap_or_default(),
            users: users
                .and_then(|users| users.get("user_stats")?.as_array())
                .map(|list| read_users(list)),
            cache: map.get("memcached").and_then(Value::as_object).map(facts),
            raw,
            sections: Some(value.clone()),
        })
    }
}

/// Reads both shapes: one mapping per user, as the service sends it, and one list item per fact, as the documentation
/// shows it. In the latter, a repeated fact begins the next user.
fn read_users(list: &[Value]) -> Vec<UserStatistics> {
    let mut users: Vec<UserStatistics> = Vec::new();
    let mut was_whole = true;
    for map in list.iter().filter_map(Value::as_object) {
        let is_whole = map.len() > 1;
        if is_whole {
            users.push(UserStatistics::default());
        }
        for (key, value) in map {
            let is_taken = was_whole
                || users
                    .last()
                    .is_none_or(|user| user.field(key).is_some_and(|old| !old.is_empty()));
            if !is_whole && is_taken {
                users.push(UserStatistics::default());
            }
            was_whole = is_whole;
            if let Some(slot) = users.last_mut().and_then(|user| user.field_mut(key)) {
                *slot = text(value);
            }
        }
    }
    users.sort_by(|a, b| a.username.cmp(&b.username));
    users
}

impl UserStatistics {
    fn field(&self, key: &str) -> Option<&String> {
        match key {
            "username" => Some(&self.username),
            "tas_count" => Some(&self.tas_count),
            "collected" => Some(&self.collected),
            _ => None,
        }
    }

    fn field_mut(&mut self, key: &str) -> Option<&mut String> {
        match key {
            "username" => Some(&mut self.username),
            "tas_count" => Some(&mut self.tas_count),
            "collected" => Some(&mut self.collected),
            _ => None,
        }
    }
}

/// Returns the simple entries of a section, with readable names.
fn facts(map: &Map<String, Value>) -> Vec<Fact> {
    let is_simple = |value: &Value| !value.is_array() && !value.is_object();
    map.iter()
        .filter(|(_, value)| is_simple(value))
        .map(|(key, value)| (key.replace('_', " "), text(value)))
        .collect()
}

fn text(value: &Value) -> String {
    serde_json::from_value::<Text>(value.clone())
        .ok()
        .and_then(|text| text.get().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_shapes_of_the_user_list_are_read() {
        let sent = json!({"users": {"user_stats": [
            {"collected": "2025-10-10", "tas_count": 12, "username": "b"},
            {"collected": "2025-10-11", "tas_count": 3, "username": "a"}]}});
        let documented = json!({"users": {"user_stats": [
            {"username": "b"}, {"tas_count": 12}, {"collected": "2025-10-10"},
            {"username": "a"}, {"tas_count": 3}, {"collected": "2025-10-11"}]}});
        let [sent, documented] =
            [sent, documented].map(|value| Statistics::read(&value, String::new()).unwrap());
        assert_eq!(sent.users, documented.users);
        assert_eq!(sent.users.unwrap()[1].tas_count, "12");
    }

    #[test]
    fn a_missing_fact_does_not_mix_two_users() {
        let sent = json!({"users": {"user_stats": [
            {"tas_count": 1, "username": "a"},
            {"collected": "2025-10-11", "tas_count": 2, "username": "b"}]}});
        let users = Statistics::read(&sent, String::new())
            .unwrap()
            .users
            .unwrap();
        let facts: Vec<_> = users
            .iter()
            .map(|user| (user.username.as_str(), user.collected.as_str()))
            .collect();
        assert_eq!(facts, [("a", ""), ("b", "2025-10-11")]);
    }

    #[test]
    fn missing_sections_do_not_affect_the_others() {
        let value =
            json!({"code_set": [], "ping": {"status": "No ping yet", "age": 5}, "memcached": {}});
        let read = Statistics::read(&value, String::new()).unwrap();
        assert_eq!(read.codes, Some(Vec::new()));
        assert_eq!(
            (read.users, read.cache, read.auth),
            (None, Some(Vec::new()), None)
        );
        let silent = Statistics::read(&json!({"code_set": []}), String::new()).unwrap();
        assert_eq!(silent.cache, None);
        assert!(
            read.ping
                .unwrap()
                .contains(&("age".to_owned(), "5".to_owned()))
        );
        assert_eq!(Statistics::read(&json!({"hello": 1}), String::new()), None);
        assert_eq!(Statistics::read(&json!("a page"), String::new()), None);
    }
}
