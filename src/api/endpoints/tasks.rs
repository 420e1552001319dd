//! `/viewer/task_status/<id>/`: the server's progress in building an archive.

use serde::Deserialize;
use serde_json::Value;

use super::handles::{ArchiveHandle, TaskHandle};
use crate::{
    api::{ApiResult, Client, client::refusal::public_message},
    model::{Flag, Secret, Text},
};

/// The state of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Queued; or unknown to the server, or crashed unnoticed: it gives the same answer for all.
    Queued,
    /// Being built.
    Running,
    /// Built; the handle is missing if the server does not name it.
    Done(Option<ArchiveHandle>),
    /// Finished without a result: requesting the archive again shows it.
    Over,
    /// The build failed.
    Failed,
}

/// The answer, with the server's own words.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskReport {
    /// The state of the build.
    pub state: TaskState,
    /// What the server says it is doing, or why it failed.
    pub message: Option<String>,
    /// The progress, from 0 to 1, if the words contain it.
    pub fraction: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StatusAnswer {
    finished: Flag,
    status: Text,
    messages: Value,
}

impl Client {
    /// Polls the progress of the build.
    pub async fn task_status(&self, task: &TaskHandle) -> ApiResult<TaskReport> {
        let answer: StatusAnswer = self.get_json("task status", task.0.expose(), &[]).await?;
        let secrets = self.secrets();
        let secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
        Ok(read(&answer, &secrets))
    }
}

/// Reads the answer of all generations: `messages` is a text, a list or null (server-api 1.12).
fn read(answer: &StatusAnswer, secrets: &[&str]) -> TaskReport {
    let words: Vec<&str> = match &answer.messages {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    let handle = words
        .last()
        .and_then(|text| ArchiveHandle::from_message(text.trim()));
    // The last message of a success is the handle itself, which must not be shown.
    let message: Vec<String> = words
        .into_iter()
        .filter(|text| ArchiveHandle::from_message(text.trim()).is_none())
        .filter_map(|text| public_message(text, secrets))
        .collect();
    let message = Some(message.join("; ")).filter(|text| !text.is_empty());
    let state = match answer.status.or_empty().to_uppercase().as_str() {
        "SUCCESS" => TaskState::Done(handle),
        "FAILED" | "FATAL" | "CANCELED" | "CANCELLED" => TaskState::Failed,
        _ if answer.finished.0 => TaskState::Over,
        "RUNNING" => TaskState::Running,
        _ => TaskState::Queued,
    };
    let fraction = message.as_deref().and_then(per_cent);
    TaskReport {
        state,
        message,
        fraction,
    }
}

/// Returns the number in front of `%`, as a fraction.
fn per_cent(text: &str) -> Option<f32> {
    let before = text.split_once('%')?.0;
    let start = before
        .rfind(|c: char| !c.is_ascii_digit() && c != '.')
        .map_or(0, |at| at + 1);
    let number: f32 = before.get(start..)?.parse().ok()?;
    Some((number / 100.0).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(json: &str) -> TaskReport {
        read(&serde_json::from_str(json).unwrap(), &["WRONG"])
    }

    #[test]
    fn every_form_of_the_answer_is_read() {
        let queued =
            report(r#"{"started":false,"finished":false,"status":"UNKNOWN","messages":null}"#);
        assert_eq!((queued.state, queued.message), (TaskState::Queued, None));

        let running = report(
            r#"{"started":true,"finished":false,"status":"RUNNING","messages":"Compressing tarball: 42.7%"}"#,
        );
        assert_eq!(running.state, TaskState::Running);
        assert!((running.fraction.unwrap() - 0.427).abs() < 1e-6);

        let failed = report(
            r#"{"finished":true,"status":"FAILED","messages":["The download task ended unexpectedly (FAILURE)"]}"#,
        );
        assert_eq!(failed.state, TaskState::Failed);
        assert!(failed.message.unwrap().contains("unexpectedly"));

        let over = report(
            r#"{"started":true,"finished":true,"status":"RUNNING","messages":"Compressing tarball"}"#,
        );
        assert_eq!(over.state, TaskState::Over);
        let in_words = report(r#"{"started":"True","finished":"true","status":"RUNNING"}"#);
        assert_eq!(in_words.state, TaskState::Over);
    }

    #[test]
    fn the_archive_s_handle_is_found_and_never_shown() {
        for messages in [
            r#""/code/media/downloads/u-u/A.tar.gz""#,
            r#"["x","/code/media/downloads/u-u/A.zip"]"#,
            r#""/code/media/downloads/u-u/A.zip\n""#,
        ] {
            let done = report(&format!(
                r#"{{"finished":true,"status":"SUCCESS","messages":{messages}}}"#
            ));
            assert!(matches!(done.state, TaskState::Done(Some(_))));
            assert!(!format!("{done:?}").contains("u-u"));
        }
        let told = report(
            r#"{"finished":true,"status":"FAILED","messages":["x","cannot read /code/media/downloads/u-u/A.zip now"]}"#,
        );
        assert!(!format!("{told:?}").contains("u-u"), "{told:?}");
        // Nor are the secrets that were sent, and no control character is left.
        let told = report(
            r#"{"finished":true,"status":"FAILED","messages":["sessionid WRONG is not known","no \u001b[2J room"]}"#,
        );
        assert_eq!(told.message.as_deref(), Some("no \u{fffd}[2J room"));
        // One odd value costs at most that value.
        let odd = report(r#"{"finished":"maybe","status":7,"messages":"Compressing"}"#);
        assert_eq!(
            (odd.state, odd.message.as_deref()),
            (TaskState::Queued, Some("Compressing"))
        );
        let odd = report(r#"{"finished":true,"status":"SUCCESS","messages":"File created"}"#);
        assert_eq!(odd.state, TaskState::Done(None));
    }
}
