//! What an archive holds, in the layout of each generation, and how it is packed (server-api 2.3).

use std::io::{Cursor, Write as _};

use super::{
    Faults, Generation, HostileMember,
    chemistry::Fragment,
    files::{self, Parts},
    maps,
    world::{Experiment, Observation, Target, World},
};
use crate::model::FileKind;

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path, with slashes, no `./` in front.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What an order asked for, after it was found acceptable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) target: i64,
    /// Ids of observations.
    pub(super) observations: Vec<i64>,
    pub(super) kinds: Vec<FileKind>,
}

/// Ending of the empty files that stand for what the server lacks.
const MARKER: &str = "_FILE_NOT_IN_UPLOAD";
/// A fixed point in time for all members, so that archives are the same every time.
const MEMBER_TIME: u64 = 1_760_000_000;

/// Collects members and the list of what is missing.
struct Builder<'a> {
    world: &'a World,
    target: &'a Target,
    generation: Generation,
    wanted: &'a Wanted,
    members: Vec<Member>,
    errors: String,
}

/// The members of an archive, sorted by path, without repeats.
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
    builder.members.dedup_by(|a, b| a.path == b.path);
    builder.members
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
        self.extras(&chosen);
        let has_errors = self.errors.lines().count() > 1;
        if has_errors || self.generation == Generation::G2026 {
            let errors = std::mem::take(&mut self.errors);
            self.add("errors.csv", errors.into_bytes());
        }
    }

    fn has(&self, kind: FileKind) -> bool {
        self.wanted.kinds.contains(&kind)
    }

    /// Single file types exist since 2026; before that there is only all or nothing.
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
                let bytes = files::pdb(self.target, code, fragment, parts);
                self.add(&format!("{base}{ending}.pdb"), bytes);
            }
        }
        let mol = fragment.mol_block(code).into_bytes();
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
            let map = maps::ccp4(fragment, sharpness);
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
        // 2024: the number is the folder and the observation names the file; later: the crystal names both.
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
            let bytes = files::pdb(self.target, &experiment.code, fragment, all);
            self.add(&format!("{base}.pdb"), bytes);
        }
        if self.has(FileKind::CifInfo) {
            self.add(&format!("{base}.cif"), files::restraints(fragment));
        }
        if self.has(FileKind::MtzInfo) {
            self.add(
                &format!("{base}.mtz"),
                maps::mtz(self.target, experiment.id.unsigned_abs()),
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
            // One line, a comma behind every entry: the servers' own form.
            let smiles: String = fragments
                .iter()
                .map(|(_, fragment)| format!("{},", fragment.smiles))
                .collect();
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
                self.add(
                    &format!("{name}_transforms.yaml"),
                    files::transforms(chosen),
                );
            }
        }
    }

    fn extras(&mut self, chosen: &[&Observation]) {
        let title = self.target.title;
        // Before 2026 these came whether they were asked for or not.
        let has = |kind| self.generation < Generation::G2026 || self.has(kind);
        let (has_extra, has_yaml, has_readme) = (
            has(FileKind::ExtraFiles),
            has(FileKind::YamlFiles),
            has(FileKind::Readme),
        );
        if has_extra {
            self.add(
                "extra_files_1/readme.txt",
                b"Invented by the demo.\n".to_vec(),
            );
            if self.has(FileKind::SoakdbFiles) && self.generation > Generation::G2024 {
                self.add(
                    "extra_files_1/soakdb_mainTable.csv",
                    b"ID,CrystalName\n1,x0010\n".to_vec(),
                );
            }
        }
        if has_yaml {
            self.add(
                "yaml_files/upload_1/config.yaml",
                format!("target_name: {title}\n").into_bytes(),
            );
            self.add(
                "yaml_files/upload_1/assemblies.yaml",
                b"assemblies: {}\n".to_vec(),
            );
        }
        if self.generation > Generation::G2024 && self.has(FileKind::PymolScripts) {
            self.add(
                "scripts/pymol/load_all.pml",
                b"# invented by the demo\nload aligned_files\n".to_vec(),
            );
        }
        if self.generation > Generation::G2024 && self.has(FileKind::CompoundSets) {
            let poses: String = chosen
                .iter()
                .take(3)
                .filter_map(|row| {
                    Some(
                        self.world
                            .compound(row.compound)?
                            .fragment
                            .mol_block(&row.code),
                    )
                })
                .collect();
            self.add("virtual_hits/demo_poses.sdf", poses.into_bytes());
        }
        if has_readme {
            self.add(
                "README.pdf",
                files::pdf(&format!("Data of {title}, invented by the demo")),
            );
            if self.generation == Generation::G2026 {
                self.add(
                    "README.md",
                    format!("# {title}\n\nInvented by the demo.\n").into_bytes(),
                );
            }
        }
    }
}

/// Packs the members as the generation does: 2024 zip, later tar.gz with `./` in front of the names.
pub(super) fn pack(
    members: &[Member],
    generation: Generation,
    faults: Faults,
) -> std::io::Result<Vec<u8>> {
    let mut bytes = match generation {
        Generation::G2024 => pack_zip(members, faults.hostile_member)?,
        Generation::G2025 | Generation::G2026 => pack_tar(members, faults.hostile_member)?,
    };
    if faults.flipped_bit {
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 0b0000_1000;
        }
    }
    if faults.short_archive {
        bytes.truncate(bytes.len() * 2 / 3);
    }
    Ok(bytes)
}

fn hostile_name(hostile: HostileMember, first: &str) -> String {
    match hostile {
        HostileMember::ParentFolder => "../../evil.txt".to_owned(),
        HostileMember::Absolute => "/tmp/evil-fragalysis.txt".to_owned(),
        HostileMember::DriveLetter => "C:\\evil.txt".to_owned(),
        HostileMember::LinkOut => "aligned_files/link".to_owned(),
        HostileMember::CaseCollision => first.to_uppercase(),
        HostileMember::ReservedName => "aligned_files/NUL.txt".to_owned(),
    }
}

fn pack_zip(members: &[Member], hostile: Option<HostileMember>) -> std::io::Result<Vec<u8>> {
    use zip::write::SimpleFileOptions;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().unix_permissions(0o755);
    for member in members {
        zip.start_file(&member.path, options)?;
        zip.write_all(&member.bytes)?;
    }
    if let Some(hostile) = hostile {
        let name = hostile_name(hostile, members.first().map_or("a", |member| &member.path));
        if hostile == HostileMember::LinkOut {
            zip.add_symlink(name, "/etc/passwd", options)?;
        } else {
            zip.start_file(name, options)?;
            zip.write_all(b"evil")?;
        }
    }
    Ok(zip.finish()?.into_inner())
}

fn pack_tar(members: &[Member], hostile: Option<HostileMember>) -> std::io::Result<Vec<u8>> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    let mut tar = tar::Builder::new(gzip);
    let header = |size: usize| {
        let mut header = tar::Header::new_gnu();
        header.set_size(size as u64);
        header.set_mode(0o644);
        header.set_mtime(MEMBER_TIME);
        header
    };
    for member in members {
        tar.append_data(
            &mut header(member.bytes.len()),
            format!("./{}", member.path),
            member.bytes.as_slice(),
        )?;
    }
    if let Some(hostile) = hostile {
        let name = hostile_name(hostile, members.first().map_or("a", |member| &member.path));
        let mut header = header(if hostile == HostileMember::LinkOut {
            0
        } else {
            4
        });
        // The crate refuses to write such names, so they are put into the header by hand.
        let field = &mut header.as_old_mut().name;
        for (to, from) in field.iter_mut().zip(name.as_bytes()) {
            *to = *from;
        }
        if hostile == HostileMember::LinkOut {
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_link_name_literal("../../../etc/passwd")?;
        }
        header.set_cksum();
        let body: &[u8] = if hostile == HostileMember::LinkOut {
            b""
        } else {
            b"evil"
        };
        tar.append(&header, body)?;
    }
    tar.into_inner()?.finish()
}
