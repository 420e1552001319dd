//! Experiments: every field in the API's documentation, and those added since.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{ExperimentId, Integer, Link, Number, Text, TimestampText};

/// One crystal that was soaked and measured.
///
/// Names and meanings are those of `/api/experiments/` (server-api 3). Everything but the id may be
/// missing: crystals that were never modelled have no files, 2024 servers have only a third of the
/// fields. Fields that are not known here are kept in [`Self::unknown`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The server's number for it.
    pub id: ExperimentId,
    /// The crystal's code, such as `A71EV2A-x0310`.
    #[serde(default)]
    pub code: Text,
    /// Coordinates, not aligned.
    #[serde(default)]
    pub pdb_info: Link,
    /// Path of the coordinates in Diamond's file system.
    #[serde(default)]
    pub pdb_info_source_file: Text,
    /// Reflections.
    #[serde(default)]
    pub mtz_info: Link,
    /// Path of the reflections.
    #[serde(default)]
    pub mtz_info_source_file: Text,
    /// Ligand restraints.
    #[serde(default)]
    pub cif_info: Link,
    /// Path of the restraints.
    #[serde(default)]
    pub cif_info_source_file: Text,
    /// Map files; servers send a list of nulls, so only its length means something.
    #[serde(default, deserialize_with = "list")]
    pub map_info: Option<Vec<Value>>,
    /// Paths of the `PanDDA` event maps.
    #[serde(default, deserialize_with = "list")]
    pub map_info_source_files: Option<Vec<Text>>,
    /// How it was made: 0 model building, 1 manual, -1 unexpected.
    #[serde(default, rename = "type")]
    pub kind: Integer,
    /// Never filled by any server seen.
    #[serde(default)]
    pub pdb_sha256: Text,
    /// Explanation of the prefix.
    #[serde(default)]
    pub prefix_tooltip: Text,
    /// Prefix of the short codes of its observations (`A` in `A0310a`).
    #[serde(default)]
    pub code_prefix: Text,
    /// CC1/2 in the highest-resolution shell, a fraction from 0 to 1.
    #[serde(default)]
    pub cchalf_high_res_shell: Number,
    /// CC1/2 over all data, a fraction from 0 to 1.
    #[serde(default)]
    pub cchalf_overall: Number,
    /// Completeness in the highest-resolution shell, in per cent.
    #[serde(default)]
    pub completeness_high_res_shell: Number,
    /// Completeness over all data, in per cent.
    #[serde(default)]
    pub completeness_overall: Number,
    /// The outcome of mounting the crystal.
    #[serde(default)]
    pub crystal_mounting_result: Text,
    /// When the data were collected.
    #[serde(default)]
    pub data_collection_date: TimestampText,
    /// The outcome of data collection.
    #[serde(default)]
    pub data_collection_outcome: Text,
    /// When the model was last changed.
    #[serde(default)]
    pub date_model_last_updated: TimestampText,
    /// When the status was last changed.
    #[serde(default)]
    pub date_status_updated: TimestampText,
    /// When it was refined.
    #[serde(default)]
    pub date_refined: TimestampText,
    /// R-free of the initial DIMPLE refinement, a fraction.
    #[serde(default)]
    pub dimple_rfree: Number,
    /// R-work of the initial DIMPLE refinement, a fraction.
    #[serde(default)]
    pub dimple_rwork: Number,
    /// Free text.
    #[serde(default)]
    pub experiment_comments: Text,
    /// The progress of the analysis.
    #[serde(default)]
    pub experiment_status: Text,
    /// Soak or co-crystallisation.
    #[serde(default)]
    pub experiment_type: Text,
    /// When the soak began.
    #[serde(default)]
    pub experiment_start_date: TimestampText,
    /// Concentration of the compound in the soak, in mM.
    #[serde(default)]
    pub final_compound_concentration_mm: Number,
    /// High-resolution limit of the data, in Å.
    #[serde(default)]
    pub high_resolution: Number,
    /// Mean I/σ(I) over all data.
    #[serde(default)]
    pub isig_i_overall: Number,
    /// Mean I/σ(I) in the highest-resolution shell.
    #[serde(default)]
    pub isig_i_high_res_shell: Number,
    /// The compound library.
    #[serde(default)]
    pub library: Text,
    /// The plate of the library.
    #[serde(default)]
    pub library_plate: Text,
    /// The crystallographer's confidence in the ligand.
    #[serde(default)]
    pub ligand_confidence: Text,
    /// Correlation between ligand and electron density; a number that the server sends as text.
    #[serde(default)]
    pub ligand_correlation_coefficient: Text,
    /// Structure of the compound as modelled.
    #[serde(default)]
    pub modelled_smiles: Text,
    /// Path of the `PanDDA` analysis.
    #[serde(default)]
    pub panddarun: Text,
    /// Code in the Protein Data Bank.
    #[serde(default)]
    pub pdb_code: Text,
    /// Program that processed the data.
    #[serde(default)]
    pub processing_pipeline: Text,
    /// Free text.
    #[serde(default)]
    pub refinement_comment: Text,
    /// R-free, a fraction.
    #[serde(default)]
    pub refinement_rfree: Number,
    /// R-work, a fraction.
    #[serde(default)]
    pub refinement_rwork: Number,
    /// Entry in the laboratory's database.
    #[serde(default)]
    pub soakdb_entry: Text,
    /// The soaking time, `[days ]hours:minutes:seconds`.
    #[serde(default)]
    pub soaking_time: Text,
    /// Well of the plate.
    #[serde(default)]
    pub source_well: Text,
    /// Space group, without spaces.
    #[serde(default)]
    pub space_group: Text,
    /// a, b, c in Å and α, β, γ in °; usually six numbers.
    #[serde(default, deserialize_with = "list")]
    pub unit_cell_dimensions: Option<Vec<Number>>,
    /// High-resolution limit of the refinement, in Å. Not in the documentation.
    #[serde(default)]
    pub refinement_resolution: Number,
    /// The upload it belongs to.
    #[serde(default)]
    pub experiment_upload: Integer,
    /// What the upload did to it: 0 new, 1 deprecated, 2 superseded, 3 unchanged, -1 unexpected.
    #[serde(default)]
    pub status: Integer,
    /// Its crystal form.
    #[serde(default)]
    pub xtalform: Integer,
    /// Apparently never set.
    #[serde(default)]
    pub refinement_outcome: Integer,
    /// Number of the user who last changed the model.
    #[serde(default)]
    pub model_last_updated_by: Integer,
    /// The same value under its documented name.
    #[serde(default, skip_serializing)]
    pub model_last_updated: Integer,
    /// Number of the user who refined it.
    #[serde(default)]
    pub refined_by: Integer,
    /// The compounds connected to it.
    #[serde(default, deserialize_with = "list")]
    pub compounds: Option<Vec<Integer>>,
    /// Fields that this program does not know yet, as the server sent them.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// Deserialises a list; `None` if the server has none; unreadable entries are left out.
fn list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(items) => Some(
            items
                .into_iter()
                .filter_map(|item| serde_json::from_value(item).ok())
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experiments_of_2024_and_of_future_servers_are_read() {
        let old: Experiment = serde_json::from_str(
            r#"{"id":1,"code":"Mpro-x0045","status":0,"map_info":[null],"type":0,"compounds":[5]}"#,
        )
        .unwrap();
        assert_eq!(
            (
                old.id.0,
                old.map_info.as_ref().map(Vec::len),
                old.refinement_rfree.0
            ),
            (1, Some(1), None)
        );
        let json = serde_json::to_value(&old).unwrap();
        assert!(json["unit_cell_dimensions"].is_null() && json["map_info_source_files"].is_null());

        let new: Experiment = serde_json::from_str(
            r#"{"id":"7","code":"x","model_last_updated":3,"unit_cell_dimensions":null,
                "map_info":null,"pdb_info":"https://h.example/media/None","brightness":{"a":1}}"#,
        )
        .unwrap();
        assert_eq!(new.model_last_updated.0, Some(3));
        assert_eq!(new.pdb_info.get(), None);
        assert_eq!(new.unknown["brightness"]["a"], 1);
        let json = serde_json::to_value(&new).unwrap();
        assert_eq!(
            (&json["brightness"]["a"], &json["refined_by"]),
            (&Value::from(1), &Value::Null)
        );
    }
}
