//! Sites, poses and tags: where observations were seen, and how users label them.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::{Flag, Integer, ObservationId, Text};

/// A row of `/api/canon_sites/`: a site of the protein at which ligands bind, in all its crystal forms.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CanonSite {
    /// The server's number for it.
    pub id: Integer,
    /// Its number within the target, counted from 1.
    #[serde(default)]
    pub canon_site_num: Integer,
    /// The observation after which it is named.
    #[serde(default)]
    pub name: Text,
    /// The residues around it, as `A/145/CYS`.
    #[serde(default, deserialize_with = "texts")]
    pub residues: Vec<String>,
}

/// A row of `/api/canon_site_confs/`: one conformation of a site.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ConformerSite {
    /// The server's number for it: what an observation names as `canon_site_conf`.
    pub id: Integer,
    /// The observation after which it is named.
    #[serde(default)]
    pub name: Text,
    /// The site of which it is a conformation.
    #[serde(default)]
    pub canon_site: Integer,
}

/// A row of `/api/xtalform_sites/`: a site in one crystal form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CrystalFormSite {
    /// The server's number for it: what an observation names as `xtalform_site`.
    pub id: Integer,
    /// Its letter, or number, within the crystal form.
    #[serde(default)]
    pub xtalform_site_num: Text,
    /// The observation after which it is named.
    #[serde(default)]
    pub xtalform_site_id: Text,
}

/// A row of `/api/poses/`: observations in which one compound binds in the same way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pose {
    /// The server's number for it.
    pub id: Integer,
    /// The name that users see.
    #[serde(default)]
    pub display_name: Text,
    /// The main observation of the pose; a server may name none.
    #[serde(default)]
    pub main_site_observation: Integer,
    /// All of them.
    #[serde(default, deserialize_with = "observations")]
    pub site_observations: Vec<ObservationId>,
}

/// A row of `/api/siteobservation_tag/`: a label that users or the upload give to observations.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// The server's number for it.
    pub id: Integer,
    /// The label.
    #[serde(default)]
    pub tag: Text,
    /// The prefix, if it is one of a series: `1`, `F2b`.
    #[serde(default)]
    pub tag_prefix: Text,
    /// Which sort of tag it is, as `/api/tag_category/` numbers them.
    #[serde(default)]
    pub category: Integer,
    /// Whether the web interface hides it.
    #[serde(default)]
    pub hidden: Flag,
    /// The observations that have it; some of them may no longer exist.
    #[serde(default, deserialize_with = "observations")]
    pub site_observations: Vec<ObservationId>,
}

impl Tag {
    /// Returns the label with its prefix: `1 - active site`.
    pub fn label(&self) -> Option<String> {
        match (self.tag_prefix.get(), self.tag.get()) {
            (Some(prefix), Some(tag)) => Some(format!("{prefix} - {tag}")),
            (one, other) => one.or(other).map(str::to_owned),
        }
    }
}

/// A row of `/api/tag_category/`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TagCategory {
    /// The server's number for it.
    pub id: Integer,
    /// Its name, as `CanonSites`.
    #[serde(default)]
    pub category: Text,
}

/// Deserialises a list of numbers; invalid entries are left out.
fn observations<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<ObservationId>, D::Error> {
    let ids = entries(deserializer)?.into_iter().filter_map(|entry| {
        let id = Integer::deserialize(entry).ok()?;
        id.0.map(ObservationId)
    });
    Ok(ids.collect())
}

fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let texts = entries(deserializer)?.into_iter().filter_map(|entry| {
        let text = Text::deserialize(entry).ok()?;
        text.get().map(str::to_owned)
    });
    Ok(texts.collect())
}

/// Deserialises the entries of a list; empty if it is not a list.
fn entries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(entries) => entries,
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_value_costs_only_itself() {
        let tag: Tag = serde_json::from_str(
            r#"{"id":1,"tag":"cleft","tag_prefix":"","category":"2","hidden":null,"colour":"no colour","site_observations":[1,"2",null,{}]}"#,
        )
        .unwrap();
        assert_eq!(tag.site_observations, [ObservationId(1), ObservationId(2)]);
        assert_eq!(
            (tag.label().as_deref(), tag.hidden.0),
            (Some("cleft"), false)
        );
        let site: CanonSite =
            serde_json::from_str(r#"{"id":5,"canon_site_num":"1","residues":null}"#).unwrap();
        assert_eq!((site.canon_site_num.0, site.residues.len()), (Some(1), 0));
        let pose: Pose = serde_json::from_str(
            r#"{"id":1,"display_name":"m1a","main_site_observation":null,"site_observations":"none"}"#,
        )
        .unwrap();
        assert!(pose.site_observations.is_empty() && pose.main_site_observation.0.is_none());
    }
}
