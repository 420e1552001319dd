//! `/api/targets/` and `/api/projects/`, joined: a target is a title under a target access string.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    api::{ApiResult, Client, ListAnswer},
    model::{Project, ProjectId, Target, TargetId, TargetKey, Tas, Text, or_none},
};

/// A row as the servers send it: 2024 ones name only the project's number.
#[derive(Debug, Deserialize)]
struct TargetRow {
    id: TargetId,
    #[serde(deserialize_with = "required_text")]
    title: String,
    #[serde(default)]
    display_name: Text,
    #[serde(default, deserialize_with = "or_none")]
    project: Option<ProjectId>,
    #[serde(default)]
    project_title: Text,
}

/// Reads a title; one that consists of digits may come as a number.
fn required_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = Text::deserialize(deserializer)?;
    let text = text.get().map(str::to_owned);
    text.ok_or_else(|| D::Error::custom("a target without a title"))
}

impl Client {
    /// Returns the projects that the user may see: public ones and their own.
    pub async fn projects(&self) -> ApiResult<ListAnswer<Project>> {
        self.list("/api/projects/", &[], None, |_| {}).await
    }

    /// Returns the targets that the user may see, sorted by title, each with its target access string.
    pub async fn targets(&self) -> ApiResult<ListAnswer<Target>> {
        let projects = self.projects().await?;
        let rows = self
            .list::<TargetRow>("/api/targets/", &[], None, |_| {})
            .await?;
        let mut targets = join(rows.rows, &projects.rows);
        targets.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(ListAnswer {
            rows: targets,
            complete: rows.complete && projects.complete,
            unreadable: rows.unreadable + projects.unreadable,
        })
    }
}

fn join(rows: Vec<TargetRow>, projects: &[Project]) -> Vec<Target> {
    let by_id: HashMap<ProjectId, &Project> = projects
        .iter()
        .map(|project| (project.id, project))
        .collect();
    rows.into_iter()
        .map(|row| {
            let project = row.project.and_then(|id| by_id.get(&id));
            let tas = row
                .project_title
                .get()
                .map(Tas::new)
                .or_else(|| project.map(|project| project.target_access_string.clone()))
                .unwrap_or_else(|| Tas::new(""));
            Target {
                id: row.id,
                display_name: row.display_name.get().unwrap_or(&row.title).to_owned(),
                key: TargetKey {
                    title: row.title,
                    tas,
                },
                open: project.and_then(|project| project.open_to_public),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_access_string_comes_from_the_row_or_from_the_project() {
        let projects: Vec<Project> = serde_json::from_str(
            r#"[{"id":1,"target_access_string":"lb18145-1","open_to_public":true}]"#,
        )
        .unwrap();
        let rows: Vec<TargetRow> = serde_json::from_str(
            r#"[{"id":1,"title":"Mpro","display_name":"","project":1},
                {"id":2,"title":"A","display_name":"A71","project":9,"project_title":"lb32627-66"}]"#,
        )
        .unwrap();
        let targets = join(rows, &projects);
        assert_eq!(targets[0].key.to_string(), "Mpro (lb18145-1)");
        assert_eq!(
            (targets[0].display_name.as_str(), targets[0].open),
            ("Mpro", Some(true))
        );
        assert_eq!(targets[1].key.to_string(), "A (lb32627-66)");
        assert_eq!(
            (targets[1].display_name.as_str(), targets[1].open),
            ("A71", None)
        );
    }
}
