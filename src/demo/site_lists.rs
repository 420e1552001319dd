//! The lists of sites, poses and tags, in the form of a real server of 2024.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    lists::Lists,
    records::{Observation, Target},
    sites::{SITES, numbers_of, pose_of, site_id, site_of},
};

/// The lists that some servers do not have.
pub(super) const ROUTES: [&str; 6] = [
    "/api/canon_sites/",
    "/api/canon_site_confs/",
    "/api/xtalform_sites/",
    "/api/poses/",
    "/api/siteobservation_tag/",
    "/api/tag_category/",
];

/// The categories as the recorded server numbers them.
const CATEGORIES: [(&str, &str); 9] = [
    ("ConformerSites", "00CC00"),
    ("CanonSites", "ffcc00"),
    ("CrystalformSites", "ff9900"),
    ("Quatassemblies", "00cc99"),
    ("Crystalforms", "ffcc00"),
    ("Series", "0000CC"),
    ("Forum", "CC0000"),
    ("Other", "000000"),
    ("Pose", "ff0000"),
];

/// Tags that users added: name, category, and the remainder by which an experiment's number selects it.
const USER_TAGS: [(&str, &str, i64, i64); 4] = [
    ("hinge binders", "Series", 4, 1),
    ("covalent", "Series", 9, 2),
    ("worth a follow-up", "Forum", 6, 0),
    ("reviewed", "Other", 2, 0),
];

impl Lists<'_> {
    fn of_target(&self, target: Option<i64>) -> impl Iterator<Item = &Target> {
        self.world
            .targets
            .iter()
            .filter(move |row| target.is_none_or(|id| row.id == id) && self.sees_target(row.id))
    }

    fn seen_in(&self, target: i64) -> impl Iterator<Item = &Observation> {
        let rows = self.world.observations.iter();
        rows.filter(move |row| row.target == target)
    }

    /// Returns the first observation at each site of a target.
    fn first_at(&self, target: i64) -> impl Iterator<Item = (usize, &Observation)> {
        (0..SITES.len()).filter_map(move |place| {
            let first = self.seen_in(target).find(|row| site_of(row) == place)?;
            Some((place, first))
        })
    }

    pub(super) fn canon_sites(&self, target: Option<i64>) -> Vec<Value> {
        let mut rows = Vec::new();
        for target in self.of_target(target) {
            rows.extend(self.first_at(target.id).map(|(place, first)| {
                let residues = SITES.get(place).map(|(_, residues, _)| *residues);
                json!({
                    "id": site_id(target.id, place), "superseded": false, "version": 1,
                    "name": format!("{}+A+1101", self.code_of(first)), "residues": residues,
                    "canon_site_num": place + 1,
                    "centroid_res": format!("{}/A/145/A_v1", self.code_of(first)),
                    "ref_conf_site": site_id(target.id, place) * 10,
                })
            }));
        }
        rows
    }

    pub(super) fn conformer_sites(&self, target: Option<i64>) -> Vec<Value> {
        let mut rows = Vec::new();
        for target in self.of_target(target) {
            for (place, _) in self.first_at(target.id) {
                let site = site_id(target.id, place);
                for shape in 0..2 {
                    let mut of_shape = self
                        .seen_in(target.id)
                        .filter(|row| numbers_of(row).0 == site * 10 + shape);
                    rows.extend(of_shape.next().map(|first| {
                        json!({
                            "id": site * 10 + shape, "superseded": false, "version": 1,
                            "name": format!("{}+A+1101", self.code_of(first)),
                            "residues": [], "canon_site": site, "ref_site_observation": first.id,
                        })
                    }));
                }
            }
        }
        rows
    }

    pub(super) fn crystal_form_sites(&self, target: Option<i64>) -> Vec<Value> {
        let mut rows = Vec::new();
        for target in self.of_target(target) {
            rows.extend(self.first_at(target.id).zip('a'..).map(|((place, first), letter)| {
                json!({
                    "id": site_id(target.id, place), "superseded": false, "version": 1, "lig_chain": "A",
                    "residues": [], "xtalform_site_id": format!("{}/A/1101", self.code_of(first)),
                    "xtalform_site_num": letter.to_string(), "xtalform": target.id,
                    "canon_site": site_id(target.id, place),
                })
            }));
        }
        rows
    }

    /// Observations of one crystal at one site are one pose; the first one is the main one.
    pub(super) fn poses(&self, target: Option<i64>) -> Vec<Value> {
        let mut rows = Vec::new();
        for target in self.of_target(target) {
            let mut poses = BTreeMap::<i64, Vec<i64>>::new();
            for row in self.seen_in(target.id) {
                poses.entry(pose_of(row)).or_default().push(row.id);
            }
            for main in self.seen_in(target.id) {
                let Some(all) = poses.get(&main.id) else {
                    continue;
                };
                rows.push(json!({
                    "id": main.id, "display_name": main.code, "canon_site": site_id(target.id, site_of(main)),
                    "compound": main.compound, "main_site_observation": main.id,
                    "site_observations": all,
                    "main_site_observation_cmpd_code": self.world.compound(main.compound).map(|one| one.code.as_str()),
                }));
            }
        }
        rows
    }

    pub(super) fn tags(&self, target: Option<i64>) -> Vec<Value> {
        let mut rows = Vec::new();
        for target in self.of_target(target) {
            let at = |place: usize| -> Vec<i64> {
                let rows = self.seen_in(target.id).filter(|row| site_of(row) == place);
                rows.map(|row| row.id).collect()
            };
            let mut tag = |name: &str, prefix: &str, category, hidden, observations| {
                let (name, prefix) = (name.to_owned(), prefix.to_owned());
                rows.push((name, prefix, category, hidden, observations));
            };
            for (place, first) in self.first_at(target.id) {
                let name = SITES.get(place).map_or("", |(name, _, _)| name);
                let number = (place + 1).to_string();
                let (conformer, crystal_form) = (format!("{number}a"), format!("F1{number}"));
                let shape = format!("{}/A/1101", self.code_of(first));
                tag(name, &number, "CanonSites", false, at(place));
                tag(&shape, &conformer, "ConformerSites", true, at(place));
                tag(&shape, &crystal_form, "CrystalformSites", true, at(place));
            }
            let all: Vec<i64> = self.seen_in(target.id).map(|row| row.id).collect();
            tag("monomer", "A1", "Quatassemblies", false, all.clone());
            tag("xtalform1", "F1", "Crystalforms", false, all);
            for (word, category, every, from) in USER_TAGS {
                let mut tagged: Vec<i64> = self
                    .seen_in(target.id)
                    .filter(|row| (row.experiment / 3) % every == from)
                    .map(|row| row.id)
                    .collect();
                // One of them once existed, and no longer does.
                tagged.push(9_000_000 + target.id);
                tag(word, "", category, false, tagged);
            }
        }
        let numbered = rows.into_iter().zip(1_i64..);
        numbered
            .map(|((tag, prefix, category, hidden, observations), id)| {
                let target = observations
                    .first()
                    .and_then(|id| self.world.observations.iter().find(|row| row.id == *id));
                tag_row(
                    id,
                    &tag,
                    &prefix,
                    category,
                    hidden,
                    &observations,
                    target.map(|row| row.target),
                )
            })
            .collect()
    }

    pub(super) fn tag_categories() -> Vec<Value> {
        let rows = CATEGORIES.iter().zip(1..);
        rows.map(|((category, colour), id)| {
            json!({"id": id, "category": category, "colour": colour, "description": null})
        })
        .collect()
    }

    fn code_of(&self, row: &Observation) -> &str {
        let experiment = self.world.experiment(row.experiment);
        experiment.map_or("", |experiment| experiment.code.as_str())
    }
}

fn tag_row(
    id: i64,
    tag: &str,
    prefix: &str,
    category: &str,
    hidden: bool,
    observations: &[i64],
    target: Option<i64>,
) -> Value {
    let number = CATEGORIES.iter().position(|(name, _)| *name == category);
    let label = if prefix.is_empty() {
        tag.to_owned()
    } else {
        format!("{prefix} - {tag}")
    };
    json!({
        "id": id, "site_observations": observations, "tag": tag, "short_tag": label, "tag_prefix": prefix,
        "upload_name": label, "create_date": "2024-02-01T10:00:00.000000Z", "colour": null,
        "discourse_url": null, "help_text": null, "additional_info": null, "hidden": hidden,
        "category": number.map(|place| place + 1), "target": target, "user": null, "mol_group": id,
    })
}
