//! Virtual observations, which were computed and not measured, as servers of 2026 list them among the others: without
//! experiment, site and chain. Their molecules have features that the invented fragments lack: stereo centres,
//! charges, salts.

use serde_json::{Value, json};

/// The target that has them.
pub(super) const TARGET: i64 = 1;

/// Code, name and SMILES of each.
const ROWS: [(&str, &str, &str); 4] = [
    ("v1a", "docked pose 1", "C[C@H](N)C(=O)N1CCC[C@@H]1C#N"),
    ("v2a", "docked pose 2", "C[N+](C)(C)CC([O-])=O"),
    ("v3a", "enumerated 17", "O=C(Nc1cccnc1)c1ccccc1.Cl"),
    ("v4a", "not a molecule", "C1CC"),
];

/// Returns their rows.
pub(super) fn all() -> Vec<Value> {
    let rows = (9_000_001_i64..).zip(ROWS);
    rows.map(|(id, (code, name, smiles))| {
        json!({
            "id": id, "compound_code": null, "prefix_tooltip": "", "superseded": false, "version": 1,
            "code": code, "longcode": format!("virtual_{code}"), "smiles": smiles, "altloc": "",
            "bound_file": null, "apo_file": null, "apo_solv_file": null, "apo_desolv_file": null,
            "sigmaa_file": null, "diff_file": null, "event_file": null, "artefacts_file": null,
            "pdb_header_file": null, "seq_id": null, "chain_id": null, "ligand_mol": null, "ligand_sdf": null,
            "ligand_smiles": null, "ligand_pdb": null, "experiment": null, "cmpd": null, "xtalform_site": null,
            "canon_site_conf": null, "pose": null, "virtual_name": name, "virtual_molecule_name": name,
            "virtual_identifier": code, "virtual_ref_url": null, "virtual_rationale": "docking",
            "virtual_pdb_info": null, "virtual_ligand_mol": null, "virtual_ref_observation": null,
            "computed_molecules": [], "computed_observations": [], "computed_inspirations": [],
        })
    })
    .collect()
}
