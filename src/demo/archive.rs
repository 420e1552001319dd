//! The contents of an archive, in the layout of each generation (server-api 2.3).

use super::{
    Generation,
    builds::Wanted,
    chemistry::Fragment,
    files::{self, Parts},
    maps,
    records::{Experiment, Observation, Target},
    world::World,
};
use crate::model::FileKind;

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path, with slashes, no `./` in front.
    pub path: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// Suffix of the empty marker files for files that the server lacks.
const MARKER: &str = "_FILE_NOT_IN_UPLOAD";

/// Collects members and the list of missing files.
struct Builder<'a> {
    world: &'a World,
    target: &'a Target,
    generation: Generation,
    wanted: &'a Wanted,
    members: Vec<Member>,
    errors: String,
}

/// Returns the members of an archive, sorted by path, without repeats.
pub(super) fn members(world: &World, generation: Generation, wanted: &Wanted) -> Vec<Member> {
    let Some(target) = world.target_by_id(wanted.target) else {
        return Vec::new();
    };
    let mut builder = Builder {
        world,
        target,
        generation,
        wanted,
        members: Vec::new(),
        errors: "Param,Code,File not found when assembling download\n".to_owned(),
    };
    builder.build();
    builder.members.sort_by(|a, b| a.path.cmp(&b.path));
    // For a code that is listed twice the old servers write both ligands under one name (server-api 9).
    let is_ligand = |path: &str| path.rsplit('.').next() == Some("sdf");
    let writes_both = |path: &str| generation == Generation::G2024 && is_ligand(path);
    builder
        .members
        .dedup_by(|a, b| a.path == b.path && (a.bytes == b.bytes || !writes_both(&a.path)));
    builder.members
}

/// Returns the title of a molecule: what was remodelled says so.
fn titled(code: &str, version: i64) -> String {
    if version > 1 {
        format!("{code} VERSION {version}")
    } else {
        code.to_owned()
    }
}

impl Builder<'_> {
    fn build(&mut self) {
        let chosen: Vec<&Observation> = self
            .world
            .observations
            .iter()
            .filter(|observation| self.wanted.observations.contains(&observation.id))
            .collect();
        for observation in &chosen {
            let (Some(experiment), Some(compound)) = (
                self.world.experiment(observation.experiment),
                self.world.compound(observation.compound),
            ) else {
                continue;
            };
            self.aligned(observation, &compound.fragment);
            self.aligned_maps(observation, experiment, &compound.fragment);
            self.crystallographic(observation, experiment, &compound.fragment);
        }
        self.tables(&chosen);
        self.extras();
        let has_errors = self.errors.lines().count() > 1;
        if has_errors || self.generation == Generation::G2026 {
            let errors = std::mem::take(&mut self.errors);
            self.add("errors.csv", errors.into_bytes());
        }
    }

    fn has(&self, kind: FileKind) -> bool {
        self.wanted.kinds.contains(&kind)
    }

    /// Single file types exist since 2026; before, there is only all or nothing.
    fn has_aligned(&self, kind: FileKind) -> bool {
        self.has(FileKind::AllAlignedStructures)
            || (self.generation == Generation::G2026 && self.has(kind))
    }

    fn add(&mut self, path: &str, bytes: Vec<u8>) {
        self.members.push(Member {
            path: path.to_owned(),
            bytes,
        });
    }

    fn lacks(&mut self, parameter: &str, code: &str, path: &str) {
        self.errors
            .push_str(&format!("{parameter},{code},{path}\n"));
        self.add(&format!("{path}{MARKER}"), Vec::new());
    }

    fn aligned(&mut self, observation: &Observation, fragment: &Fragment) {
        let code = &observation.code;
        let base = format!("aligned_files/{code}/{code}");
        let parts = |protein, solvent, ligand| Parts {
            protein,
            solvent,
            ligand,
        };
        for (kind, ending, parts) in [
            (FileKind::BoundFile, "", parts(true, true, true)),
            (FileKind::ApoFile, "_apo", parts(true, true, false)),
            (
                FileKind::ApoSolvFile,
                "_apo-solv",
                parts(false, true, false),
            ),
            (
                FileKind::ApoDesolvFile,
                "_apo-desolv",
                parts(true, false, false),
            ),
            (FileKind::LigandPdb, "_ligand", parts(false, false, true)),
        ] {
            if self.has_aligned(kind) {
                let title = titled(code, observation.version);
                let bytes = files::pdb(self.target, &title, fragment, parts);
                self.add(&format!("{base}{ending}.pdb"), bytes);
            }
        }
        let mol = fragment
            .mol_block(&titled(code, observation.version))
            .into_bytes();
        if self.has_aligned(FileKind::LigandSdf) {
            let ending = if self.generation == Generation::G2024 {
                "mol"
            } else {
                "sdf"
            };
            self.add(&format!("{base}_ligand.{ending}"), mol.clone());
        }
        if self.has_aligned(FileKind::SdfInfo) {
            self.add(&format!("{base}.sdf"), mol);
        }
        if self.has_aligned(FileKind::LigandSmiles) {
            self.add(
                &format!("{base}_ligand.smi"),
                fragment.smiles.clone().into_bytes(),
            );
        }
    }

    fn aligned_maps(
        &mut self,
        observation: &Observation,
        experiment: &Experiment,
        fragment: &Fragment,
    ) {
        let code = &observation.code;
        for (kind, name, sharpness) in [
            (FileKind::EventFile, "event", 0.9),
            (FileKind::SigmaaFile, "sigmaa", 0.6),
            (FileKind::DiffFile, "diff", 0.4),
        ] {
            if !self.has(kind) {
                continue;
            }
            if kind == FileKind::EventFile && !experiment.has_event_map {
                self.lacks(
                    "event_file",
                    code,
                    &format!("aligned_files/{code}/event_file"),
                );
                continue;
            }
            let map = maps::ccp4(
                fragment,
                sharpness + 0.01 * (observation.version - 1) as f64,
            );
            self.add(
                &format!("aligned_files/{code}/{code}_{name}.ccp4"),
                map.clone(),
            );
            self.add(
                &format!("aligned_files/{code}/{code}_{name}_crystallographic.ccp4"),
                map,
            );
        }
    }

    fn crystallographic(
        &mut self,
        observation: &Observation,
        experiment: &Experiment,
        fragment: &Fragment,
    ) {
        // 2024: the number is the folder and the observation names the file; later, the crystal names both.
        let (folder, stem) = match self.generation {
            Generation::G2024 => (experiment.number.as_str(), observation.code.as_str()),
            Generation::G2025 | Generation::G2026 => {
                (experiment.code.as_str(), experiment.code.as_str())
            }
        };
        let base = format!("crystallographic_files/{folder}/{stem}");
        let all = Parts {
            protein: true,
            solvent: true,
            ligand: true,
        };
        if self.has(FileKind::PdbInfo) {
            let title = titled(&experiment.code, experiment.version);
            let bytes = files::pdb(self.target, &title, fragment, all);
            self.add(&format!("{base}.pdb"), bytes);
        }
        if self.has(FileKind::CifInfo) {
            self.add(&format!("{base}.cif"), files::restraints(fragment));
        }
        if self.has(FileKind::MtzInfo) {
            self.add(
                &format!("{base}.mtz"),
                maps::mtz(
                    self.target,
                    (experiment.id * experiment.version).unsigned_abs(),
                ),
            );
        }
        if self.has(FileKind::MapInfo) {
            self.add(&format!("{base}_1_A_1101.ccp4"), maps::ccp4(fragment, 0.7));
        }
    }

    fn tables(&mut self, chosen: &[&Observation]) {
        let fragments: Vec<(&str, &Fragment)> = chosen
            .iter()
            .filter_map(|observation| {
                let compound = self.world.compound(observation.compound)?;
                Some((observation.code.as_str(), &compound.fragment))
            })
            .collect();
        if self.has_aligned(FileKind::SmilesInfo) {
            // One line, a comma after every entry: the servers' own format.
            let smiles = fragments.iter().fold(String::new(), |all, (_, fragment)| {
                all + &fragment.smiles + ","
            });
            self.add("smiles.smi", smiles.into_bytes());
        }
        if self.has(FileKind::SingleSdfFile) {
            let sdf: String = fragments
                .iter()
                .map(|(code, fragment)| fragment.mol_block(code))
                .collect();
            self.add(
                &format!("{}_combined.sdf", self.target.title),
                sdf.into_bytes(),
            );
        }
        if self.has(FileKind::MetadataInfo) {
            let is_quoted = self.generation == Generation::G2026;
            let table = files::metadata(self.world, self.target, chosen, is_quoted);
            self.add("metadata.csv", table);
        }
        if self.has(FileKind::TransMatrixInfo) {
            let mut names = vec!["neighbourhood", "conformer_site", "reference_structure"];
            if self.generation == Generation::G2026 {
                names.push("assembly");
            }
            for name in names {
                // These belong to the target, and contain all its observations whatever was chosen.
                let all = self.of_target();
                self.add(&format!("{name}_transforms.yaml"), files::transforms(&all));
            }
        }
    }

    /// Returns all observations of the target.
    fn of_target(&self) -> Vec<&Observation> {
        let rows = self.world.observations.iter();
        rows.filter(|row| row.target == self.target.id).collect()
    }

    fn extras(&mut self) {
        // Before 2026 these were sent whether or not they were requested.
        let has = |kind| self.generation < Generation::G2026 || self.has(kind);
        let (has_extra, has_yaml, has_readme) = (
            has(FileKind::ExtraFiles),
            has(FileKind::YamlFiles),
            has(FileKind::Readme),
        );
        let is_newer = self.generation > Generation::G2024;
        if has_extra {
            self.add_text("extra_files_1/readme.txt", "Invented by the demo.\n");
            if self.has(FileKind::SoakdbFiles) && is_newer {
                let path = "extra_files_1/soakdb_mainTable.csv";
                self.add_text(path, "ID,CrystalName\n1,x0010\n");
            }
        }
        let title = self.target.title.clone();
        if has_yaml {
            let text = format!("target_name: {title}\n");
            self.add_text("yaml_files/upload_1/config.yaml", &text);
            self.add_text("yaml_files/upload_1/assemblies.yaml", "assemblies: {}\n");
        }
        if is_newer && self.has(FileKind::PymolScripts) {
            let text = "# invented by the demo\nload aligned_files\n";
            self.add_text("scripts/pymol/load_all.pml", text);
        }
        if is_newer && self.has(FileKind::CompoundSets) {
            let rows = self.of_target();
            let poses = rows.iter().take(3).filter_map(|row| {
                let compound = self.world.compound(row.compound)?;
                Some(compound.fragment.mol_block(&row.code))
            });
            let poses: String = poses.collect();
            self.add_text("virtual_hits/demo_poses.sdf", &poses);
        }
        if has_readme {
            let pdf = files::pdf(&format!("Data of {title}, invented by the demo"));
            self.add("README.pdf", pdf);
            if self.generation == Generation::G2026 {
                let text = format!("# {title}\n\nInvented by the demo.\n");
                self.add_text("README.md", &text);
            }
        }
    }

    fn add_text(&mut self, path: &str, text: &str) {
        self.add(path, text.as_bytes().to_vec());
    }
}
