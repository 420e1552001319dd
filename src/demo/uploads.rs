//! The list of uploads, in both of its shapes (server-api 1.9).

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    Generation,
    history::UPLOADED_DAYS_AGO,
    lists::{Lists, upload_id},
    records::Target,
};

impl Lists<'_> {
    pub(super) fn uploads(&self, target: Option<i64>) -> Vec<Value> {
        let targets = self.world.targets.iter();
        let seen =
            targets.filter(|row| target.is_none_or(|id| row.id == id) && self.sees_target(row.id));
        seen.flat_map(|row| {
            let last = if self.world.has_second_upload(row.id) {
                2
            } else {
                1
            };
            (1..=last).map(|number| self.upload(row, number))
        })
        .collect()
    }

    fn upload(&self, target: &Target, number: i64) -> Value {
        let tas = self
            .world
            .project(target.project)
            .map(|project| project.tas)
            .unwrap_or_default();
        let file = format!(
            "{}/media/target_loader_data/{}_{tas}/{}.tgz",
            self.origin, target.title, target.title
        );
        let matrix = |name: &str| self.media(target, number, &format!("{name}_transforms.yaml"));
        let (neighbourhood, conformer, reference) = (
            matrix("neighbourhood"),
            matrix("conformer_site"),
            matrix("reference_structure"),
        );
        let is_new = self.generation == Generation::G2026;
        let committed = match (number, is_new) {
            (1, true) => "2026-05-12T09:14:00.000000Z".to_owned(),
            (1, false) => "2024-10-12T09:14:00.000000Z".to_owned(),
            _ => days_ago(UPLOADED_DAYS_AGO),
        };
        let folder = format!("upload_{number}");
        if is_new {
            return json!({
                "neighbourhood_transforms": neighbourhood, "conformer_site_transforms": conformer,
                "reference_structure_transforms": reference,
                "target": target.id, "target_name": target.title, "project": target.project, "proposal_number": tas,
                "tarball": file, "commit_datetime": committed, "committer": 2, "committer_name": "abc12345",
                "task_id": null, "upload_data_dir": folder, "upload_version": number, "data_version_major": 2, "data_version_minor": 1,
            });
        }
        json!({
            "neighbourhood_transforms": neighbourhood, "conformer_site_transforms": conformer,
            "reference_structure_transforms": reference,
            "id": upload_id(target.id, number), "file": file, "commit_datetime": committed, "complete_datetime": null, "task_id": null,
            "status": "LOADING", "message": ["loaded"], "upload_data_dir": folder, "upload_version": number,
            "project": target.project, "target": target.id, "committer": 2,
        })
    }
}

/// Returns half past eight in the morning, this many days ago.
fn days_ago(days: u32) -> String {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let day = today.checked_sub(i64::from(days).days()).unwrap_or(today);
    format!("{day}T08:30:00.000000Z")
}
