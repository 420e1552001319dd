//! The lists: what each generation sends for targets, projects, experiments and the rest, to which users, and in
//! which order (none: server-api 7).

use serde_json::{Value, json};

use super::{
    Faults, Generation,
    records::{Compound, Experiment, Observation, Project, Target},
    sessions::Visitor,
    sites, virtual_rows,
    world::{World, rounded},
};

/// Fields that only virtual observations have (2026).
const VIRTUAL_FIELDS: [&str; 9] = [
    "smiles_mol",
    "virtual_name",
    "virtual_molecule_name",
    "virtual_identifier",
    "virtual_ref_url",
    "virtual_rationale",
    "virtual_pdb_info",
    "virtual_ligand_mol",
    "virtual_ref_observation",
];

/// A row that is built when it is sent: most pages are a small part of a long list.
pub(super) type Row<'a> = Box<dyn Fn() -> Value + 'a>;

/// Builds rows for one user.
pub(super) struct Lists<'a> {
    pub(super) world: &'a World,
    pub(super) generation: Generation,
    pub(super) faults: Faults,
    /// Whether any user is a member of anything.
    pub(super) has_members: bool,
    pub(super) visitor: Visitor,
    /// Scheme and host as the server believes them to be.
    pub(super) origin: &'a str,
}

impl Lists<'_> {
    /// Returns `true` if the authenticator says that the user is a member; when its database is down, no one is.
    pub(super) fn is_member(&self, project: &Project) -> bool {
        self.has_members
            && !self.faults.authenticator_down
            && !self.faults.authenticator_undefined
            && self
                .visitor
                .name()
                .is_some_and(|name| project.members.contains(&name))
    }

    /// Returns `true` if the user may see what is under a project.
    pub(super) fn may_see(&self, project: &Project) -> bool {
        !self.faults.no_targets && (project.open || self.is_member(project))
    }

    pub(super) fn sees_target(&self, id: i64) -> bool {
        self.world
            .target_by_id(id)
            .and_then(|target| self.world.project(target.project))
            .is_some_and(|project| self.may_see(project))
    }

    pub(super) fn projects(&self) -> Vec<Value> {
        self.world
            .projects
            .iter()
            .filter(|project| self.may_see(project))
            .map(|project| self.project(project))
            .collect()
    }

    fn project(&self, project: &Project) -> Value {
        let mut row = json!({
            "id": project.id,
            "target_access_string": project.tas,
            "init_date": "2024-01-22T10:00:00.000000Z",
            "authority": "DIAMOND-ISPYB",
            "open_to_public": project.open,
            "user_can_use_squonk": true,
        });
        if self.generation == Generation::G2026 {
            row["alias"] = Value::Null;
        }
        row
    }

    pub(super) fn targets(&self) -> Vec<Value> {
        self.world
            .targets
            .iter()
            .filter(|target| self.sees_target(target.id))
            .map(|target| self.target(target))
            .collect()
    }

    fn target(&self, target: &Target) -> Value {
        let tas = self
            .world
            .project(target.project)
            .map(|project| project.tas)
            .unwrap_or_default();
        let mut row = json!({
            "id": target.id,
            "title": target.title,
            "display_name": target.title,
            "project": target.project,
            "default_squonk_project": null,
            "template_protein": self.media(target, 1, "template.pdb"),
            "metadata": null,
            "zip_archive": format!("{}/media/{}_{tas}", self.origin, target.title),
            "upload_status": null,
        });
        if self.generation == Generation::G2026 {
            row["project_title"] = json!(tas);
            row["long_name"] = json!(target.long_name);
            row["organism"] = json!(target.organism);
            for key in [
                "short_name",
                "external_url",
                "external_url_display_name",
                "settings",
            ] {
                row[key] = Value::Null;
            }
            row["alias_order"] = json!(["compound_code"]);
        }
        row
    }

    pub(super) fn experiments(&self, target: Option<i64>) -> Vec<Row<'_>> {
        self.world
            .experiments
            .iter()
            .filter(|row| target.is_none_or(|id| row.target == id) && self.sees_target(row.target))
            .map(|row| Box::new(|| self.experiment(row)) as Row<'_>)
            .collect()
    }

    pub(super) fn experiment_by_id(&self, id: i64) -> Option<Value> {
        self.world
            .experiment(id)
            .filter(|row| self.sees_target(row.target))
            .map(|row| self.experiment(row))
    }

    fn experiment(&self, row: &Experiment) -> Value {
        let file = |ending: &str| {
            let target = self
                .world
                .target_by_id(row.target)
                .filter(|_| row.is_modelled);
            target.map(|target| {
                self.media(
                    target,
                    row.upload,
                    &format!("crystallographic_files/{0}/{0}.{ending}", row.code),
                )
            })
        };
        let source = |ending: &str| {
            row.is_modelled.then(|| {
                format!(
                    "/dls/labxchem/data/demo/processing/analysis/model_building/{}/refine.{ending}",
                    row.code
                )
            })
        };
        // Occasionally a file was missing at upload.
        let cif = if row.id % 37 == 0 && row.is_modelled {
            Some(format!("{}/media/None", self.origin))
        } else {
            file("cif")
        };
        let mut value = json!({
            "id": row.id,
            "code": row.code,
            "pdb_info": file("pdb"),
            "pdb_info_source_file": source("pdb"),
            "mtz_info": file("mtz"),
            "mtz_info_source_file": source("mtz"),
            "cif_info": cif,
            "cif_info_source_file": source("cif"),
            "map_info": if row.is_modelled { json!([null]) } else { Value::Null },
            "map_info_source_files": if row.is_modelled && row.has_event_map { json!([format!("/dls/labxchem/data/demo/panddas/{}-event_1_1-BDC_0.23_map.native.ccp4", row.code)]) } else { json!([]) },
            "type": row.is_modelled.then_some(0),
            "pdb_sha256": null,
            "prefix_tooltip": "Crystallographic fragment screen",
            "code_prefix": self.world.target_by_id(row.target).map(|target| target.prefix),
            "experiment_upload": upload_id(row.target, row.upload),
            "status": row.is_modelled.then_some(0),
            "xtalform": row.is_modelled.then_some(row.target),
            "compounds": if row.is_modelled { json!([row.compound]) } else { json!([]) },
        });
        if self.generation > Generation::G2024 {
            self.add_soak_database(&mut value, row);
        }
        value
    }

    /// Adds the fields that were introduced after 2024.
    fn add_soak_database(&self, value: &mut Value, row: &Experiment) {
        let target = self.world.target_by_id(row.target);
        let compound = self.world.compound(row.compound);
        let is_collected = row.resolution.is_some();
        let data = |value: f64, decimals| is_collected.then(|| rounded(value, decimals));
        let wobble = (row.id % 17) as f64;
        let model = |value: Value| if row.is_modelled { value } else { Value::Null };
        let more = json!({
            "cchalf_high_res_shell": data(0.3 + wobble / 60.0, 3),
            "cchalf_overall": data(0.999 - wobble / 2000.0, 4),
            "completeness_high_res_shell": data(61.0 + wobble, 1),
            "completeness_overall": data(99.0 - wobble / 3.0, 1),
            "crystal_mounting_result": if is_collected { "OK: No comment:Mounted_Clear" } else { "FAIL: No comment:Mounted_Clear" },
            "data_collection_date": is_collected.then(|| row.time(7, 14)),
            "data_collection_outcome": row.outcome,
            "date_model_last_updated": row.is_modelled.then(|| row.time(60, 9)),
            "date_status_updated": is_collected.then(|| row.time(40, 16)),
            "date_refined": row.is_modelled.then(|| row.time(55, 11)),
            "dimple_rfree": row.resolution.map(|resolution| rounded(0.19 + resolution / 40.0, 4)),
            "dimple_rwork": row.resolution.map(|resolution| rounded(0.16 + resolution / 40.0, 4)),
            "experiment_comments": if row.id % 11 == 0 { json!("None") } else { Value::Null },
            "experiment_status": row.status,
            "experiment_type": "Soak",
            "experiment_start_date": row.time(0, 10),
            "final_compound_concentration_mm": 20.0,
            "high_resolution": row.resolution,
            "isig_i_overall": data(8.0 + wobble / 2.0, 1),
            "isig_i_high_res_shell": data(0.8 + wobble / 30.0, 2),
            "library": row.library,
            "library_plate": format!("{}-{}", row.library, 1 + row.id % 4),
            "ligand_confidence": row.confidence,
            "ligand_correlation_coefficient": model(json!(format!("{:.2}", 0.98 - wobble / 100.0))),
            "modelled_smiles": compound.map(|compound| compound.fragment.smiles.as_str()),
            "panddarun": is_collected.then_some("/dls/labxchem/data/demo/processing/analysis/panddas"),
            "pdb_code": row.pdb_code,
            "processing_pipeline": is_collected.then_some(["xia2-3dii", "autoPROC", "xia2-dials"][usize::try_from(row.id % 3).unwrap_or_default()]),
            "refinement_comment": null,
            "refinement_rfree": row.rfree,
            "refinement_rwork": row.rfree.map(|rfree| rounded(rfree - 0.025, 4)),
            "soakdb_entry": format!("{}_demo", row.id),
            "soaking_time": format!("{:02}:{:02}:00", 1 + row.id % 5, row.id % 60),
            "source_well": row.well,
            "space_group": target.filter(|_| is_collected).map(|target| target.space_group),
            "unit_cell_dimensions": target.filter(|_| is_collected).map(|target| target.cell),
            "refinement_resolution": row.resolution.filter(|_| row.is_modelled),
            "refinement_outcome": null,
            "model_last_updated_by": row.is_modelled.then_some(2),
            "refined_by": row.is_modelled.then_some(2),
        });
        if let (Value::Object(value), Value::Object(more)) = (value, more) {
            value.extend(more);
        }
    }

    pub(super) fn observations(&self, target: Option<i64>) -> Vec<Row<'_>> {
        let measured = self
            .world
            .observations
            .iter()
            .filter(|row| target.is_none_or(|id| row.target == id) && self.sees_target(row.target))
            .map(|row| Box::new(|| self.observation(row)) as Row<'_>);
        let has_virtual = self.faults.virtual_rows
            && self.generation >= Generation::G2026
            && target.is_none_or(|id| id == virtual_rows::TARGET)
            && self.sees_target(virtual_rows::TARGET);
        let computed = virtual_rows::all().into_iter().filter(|_| has_virtual);
        let computed = computed.map(|row| Box::new(move || row.clone()) as Row<'_>);
        measured.chain(computed).collect()
    }

    fn observation(&self, row: &Observation) -> Value {
        let compound = self.world.compound(row.compound);
        let experiment = self.world.experiment(row.experiment);
        let has_event_map = experiment.is_some_and(|experiment| experiment.has_event_map);
        let file = |ending: &str| {
            let path = format!("aligned_files/{0}/{0}{ending}", row.longcode);
            let target = self.world.target_by_id(row.target);
            target.map(|target| self.media(target, row.upload, &path))
        };
        let (conformer_site, crystal_form_site) = sites::numbers_of(row);
        let mut value = json!({
            "id": row.id,
            "compound_code": compound.map(|compound| compound.code.as_str()),
            "prefix_tooltip": "Crystallographic fragment screen",
            "superseded": false,
            "version": row.version,
            "code": row.code,
            "longcode": row.longcode,
            "bound_file": file(".pdb"),
            "apo_file": file("_apo.pdb"),
            "apo_solv_file": file("_apo-solv.pdb"),
            "apo_desolv_file": file("_apo-desolv.pdb"),
            "sigmaa_file": file("_sigmaa.ccp4"),
            "diff_file": file("_diff.ccp4"),
            "event_file": if has_event_map {
                json!(file("_event.ccp4"))
            } else {
                json!(format!("{}/media/None", self.origin))
            },
            "artefacts_file": null,
            "pdb_header_file": format!("{}/media/currently%20missing", self.origin),
            "smiles": compound.map(|compound| compound.fragment.smiles.as_str()),
            "seq_id": 1101,
            "chain_id": "A",
            "ligand_mol": file("_ligand.mol"),
            "ligand_smiles": file("_ligand.smi"),
            "ligand_pdb": file("_ligand.pdb"),
            "experiment": row.experiment,
            "cmpd": row.compound,
            "xtalform_site": crystal_form_site,
            "canon_site_conf": conformer_site,
            "pose": sites::pose_of(row),
        });
        match self.generation {
            Generation::G2024 => {
                value["ligand_mol_file"] =
                    json!(compound.map(|compound| compound.fragment.mol_block(&row.longcode)));
            }
            Generation::G2025 => {}
            Generation::G2026 => {
                value["ligand_sdf"] = json!(file("_ligand.sdf"));
                add_fields_of_2026(&mut value);
            }
        }
        value
    }

    pub(super) fn compounds(&self, target: Option<i64>) -> Vec<Value> {
        let mut seen = Vec::new();
        for row in &self.world.experiments {
            if row.is_modelled
                && target.is_none_or(|id| row.target == id)
                && self.sees_target(row.target)
                && let Some(compound) = self.world.compound(row.compound)
            {
                seen.push(Self::compound(compound));
            }
        }
        seen
    }

    fn compound(compound: &Compound) -> Value {
        json!({
            "id": compound.id,
            "smiles": compound.fragment.smiles,
            "inchi": "",
            "compound_code": compound.code,
            "current_identifier": compound.code,
        })
    }

    pub(super) fn media(&self, target: &Target, upload: i64, path: &str) -> String {
        let tas = self
            .world
            .project(target.project)
            .map(|project| project.tas)
            .unwrap_or_default();
        format!(
            "{}/media/target_loader_data/{}_{tas}/upload_{upload}/{}",
            self.origin,
            target.title,
            path.replace('+', "%2B")
        )
    }
}

/// Returns the id of an upload.
pub(super) fn upload_id(target: i64, upload: i64) -> i64 {
    target + 100 * (upload - 1)
}

/// Adds the fields that observations have had since 2026, empty as for those from crystals.
fn add_fields_of_2026(value: &mut Value) {
    value["altloc"] = json!("");
    for key in VIRTUAL_FIELDS {
        value[key] = Value::Null;
    }
    for key in [
        "computed_molecules",
        "computed_observations",
        "computed_inspirations",
    ] {
        value[key] = json!([]);
    }
}
