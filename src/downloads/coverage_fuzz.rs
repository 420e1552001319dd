//! Archives as the servers make them, a few of whose members are then damaged. "Complete" must be
//! reported exactly if nothing that was requested is missing.

use std::collections::BTreeSet;

use super::archive::unpack::Unpacker;
use crate::{
    dataset::{FileRecord, Found, ObservationRecord, Outcome, Report, Tables},
    disk::SafePath,
    model::{DownloadRequest, FileKind as K, FileSelection, TargetKey, Tas},
};

/// Archives in an ordinary run; the environment variable `COVERAGE_RUNS` overrides it.
const RUNS: u64 = 400;

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    G2024,
    G2025,
    G2026,
}

/// One member, and what it proves to be there.
#[derive(Clone)]
struct Member {
    path: String,
    bytes: Vec<u8>,
    proves: Vec<(String, K)>,
}

/// An intact archive, and what the server lists.
struct World {
    layout: Layout,
    listed: Vec<ObservationRecord>,
    chosen: FileSelection,
    members: Vec<Member>,
    /// What the server says that it lacks.
    lacking: BTreeSet<(String, K)>,
    lines: String,
}

fn map() -> Vec<u8> {
    let mut bytes = vec![1; 208];
    bytes.extend(b"MAP \x44\x41\0\0");
    bytes.resize(300, 2);
    bytes
}

impl World {
    fn invent(rng: &mut fastrand::Rng) -> Self {
        let layout = [Layout::G2024, Layout::G2025, Layout::G2026][rng.usize(0..3)];
        let mut chosen = FileSelection::default();
        chosen.set(K::AllAlignedStructures, rng.u8(0..3) > 0);
        for kind in [
            K::EventFile,
            K::SigmaaFile,
            K::DiffFile,
            K::PdbInfo,
            K::MtzInfo,
            K::CifInfo,
            K::MapInfo,
            K::SingleSdfFile,
            K::MetadataInfo,
        ] {
            chosen.set(kind, rng.bool());
        }
        if layout == Layout::G2026 {
            for kind in K::ALIGNED {
                chosen.set(kind, chosen.has(kind) ^ (rng.u8(0..6) == 0));
            }
        }
        let mut world = Self {
            layout,
            listed: Vec::new(),
            chosen,
            members: Vec::new(),
            lacking: BTreeSet::new(),
            lines: "Param,Code,File not found when assembling download\n".to_owned(),
        };
        for number in 0..rng.usize(1..8) {
            let crystal = format!("Mpro-x{:04}", 45 + number / 2);
            let code = match rng.u8(0..4) {
                0 => format!("{crystal}_fake_P{number}-a"),
                _ => format!("m{:04}{}", 45 + number / 2, ["a", "b"][number % 2]),
            };
            world.add(rng, &code, &crystal);
        }
        world.tables();
        world
    }

    fn add(&mut self, rng: &mut fastrand::Rng, code: &str, crystal: &str) {
        let mut lacks = Vec::new();
        for kind in [K::EventFile, K::ApoSolvFile, K::CifInfo] {
            if rng.u8(0..8) == 0 {
                lacks.push(kind);
            }
        }
        let apo = ["apo", "delig"][rng.usize(0..2)];
        let ligand = if self.layout == Layout::G2024 {
            "mol"
        } else {
            "sdf"
        };
        let sdf = &[K::LigandSdf, K::SdfInfo][..];
        let text = || b"HEADER x\n".to_vec();
        let aligned: [(&[K], String, Vec<u8>); 11] = [
            (&[K::BoundFile], ".pdb".to_owned(), text()),
            (&[K::ApoFile], format!("_{apo}.pdb"), text()),
            (&[K::ApoSolvFile], format!("_{apo}-solv.pdb"), text()),
            (&[K::ApoDesolvFile], format!("_{apo}-desolv.pdb"), text()),
            (&[K::LigandPdb], "_ligand.pdb".to_owned(), text()),
            (sdf, format!("_ligand.{ligand}"), text()),
            (sdf, ".sdf".to_owned(), text()),
            (&[K::LigandSmiles], "_ligand.smi".to_owned(), b"CC".to_vec()),
            (&[K::EventFile], "_event.ccp4".to_owned(), map()),
            (&[K::SigmaaFile], "_sigmaa.ccp4".to_owned(), map()),
            (&[K::DiffFile], "_diff.ccp4".to_owned(), map()),
        ];
        for (kinds, ending, bytes) in aligned {
            if kinds.iter().any(|kind| self.chosen.has(*kind)) {
                let path = format!("aligned_files/{code}/{code}{ending}");
                self.put(code, kinds, &path, bytes, &lacks);
            }
        }
        let (folder, stem) = match self.layout {
            Layout::G2024 => (crystal.rsplit_once("-x").unwrap().1, code),
            _ => (crystal, crystal),
        };
        for (kind, ending, bytes) in [
            (K::PdbInfo, ".pdb", text()),
            (K::CifInfo, ".cif", b"data_x\n".to_vec()),
            (K::MtzInfo, ".mtz", b"MTZ \x01".to_vec()),
            (K::MapInfo, "_1_A_1.ccp4", map()),
        ] {
            if self.chosen.has(kind) {
                let path = format!("crystallographic_files/{folder}/{stem}{ending}");
                self.put(code, &[kind], &path, bytes, &lacks);
            }
        }
        self.listed.push(ObservationRecord {
            code: code.to_owned(),
            crystal: Some(crystal.to_owned()),
            mark: String::new(),
            version: Some(1),
            longcode: Some(format!("{crystal}_A_1_v1")),
            compound: None,
            lacks: if rng.bool() { lacks } else { Vec::new() },
            media: Vec::new(),
        });
    }

    fn put(&mut self, code: &str, kinds: &[K], path: &str, bytes: Vec<u8>, lacks: &[K]) {
        let proves: Vec<_> = kinds.iter().map(|kind| (code.to_owned(), *kind)).collect();
        let (folder, _) = path.rsplit_once('/').unwrap();
        if kinds.iter().any(|kind| lacks.contains(kind)) {
            let name = kinds[0].parameter();
            self.lines += &format!("{name},{code},{folder}/{name}\n");
            self.members.push(Member {
                path: format!("{folder}/{name}_FILE_NOT_IN_UPLOAD"),
                bytes: Vec::new(),
                proves: Vec::new(),
            });
            self.lacking.extend(proves);
            return;
        }
        match self.members.iter_mut().find(|member| member.path == path) {
            // Two observations of one crystal share its files.
            Some(member) => member.proves.extend(proves),
            None => self.members.push(Member {
                path: path.to_owned(),
                bytes,
                proves,
            }),
        }
    }

    fn tables(&mut self) {
        let own = |path: &str, text: String| Member {
            path: path.to_owned(),
            bytes: text.into_bytes(),
            proves: Vec::new(),
        };
        if self.chosen.has(K::MetadataInfo) {
            let rows = self.listed.iter().map(|row| {
                let longcode = row.longcode.as_deref().unwrap();
                format!("{},{longcode},one, two,True\n", row.code)
            });
            let table: String = rows.collect();
            self.members.push(own(
                "metadata.csv",
                format!("Code,Long code,Comment,Downloaded\n{table}"),
            ));
        }
        if self.chosen.has(K::SingleSdfFile) {
            let text = "a\n\nM  END\n".repeat(self.listed.len());
            self.members.push(own("Mpro_combined.sdf", text));
        }
        if self.layout == Layout::G2026 || self.lines.lines().count() > 1 {
            self.members.push(own("errors.csv", self.lines.clone()));
        }
    }

    /// Damages a member, adds a harmless copy or does nothing. Returns the damage for a failing test; else nothing.
    fn harm(&mut self, rng: &mut fastrand::Rng) -> String {
        let at = rng.usize(0..self.members.len());
        let path = self.members[at].path.clone();
        // The server's own words are no data; without them it would be silent, which is another case.
        if path == "errors.csv" || path.ends_with("_NOT_IN_UPLOAD") {
            return String::new();
        }
        match rng.u8(0..6) {
            0 => {
                self.members.remove(at);
                format!("{path} left out")
            }
            1 => {
                self.members[at].bytes.clear();
                self.members[at].proves.clear();
                format!("{path} emptied")
            }
            2 => {
                self.members[at].path = format!("{path}.old");
                self.members[at].proves.clear();
                format!("{path} renamed")
            }
            3 if path.contains('/') => {
                // Into the folder of another observation, or of none.
                self.members[at].path = path.replacen("/m", "/z", 2).replacen("/Mpro", "/Zpro", 2);
                if self.members[at].path != path {
                    self.members[at].proves.clear();
                }
                format!("{path} of another target")
            }
            4 if path.contains('/') => {
                self.members[at].bytes = b"<html>sorry</html>".to_vec();
                self.members[at].proves.clear();
                format!("{path} is a page")
            }
            5 => {
                let mut copy = self.members[at].clone();
                copy.path += " copy";
                copy.proves.clear();
                self.members.push(copy);
                String::new()
            }
            _ => String::new(),
        }
    }

    /// Returns `true` for kinds whose absence servers never report, and that are checked by other means.
    fn is_silent(kind: K) -> bool {
        kind == K::MapInfo
    }

    /// Returns `true` if a file is a web page: that must not pass, even if another file has the contents.
    fn has_page(&self) -> bool {
        const ENDINGS: [&str; 7] = [".pdb", ".sdf", ".mol", ".smi", ".cif", ".mtz", ".ccp4"];
        self.members.iter().any(|member| {
            member.bytes.starts_with(b"<html")
                && ENDINGS.iter().any(|ending| member.path.ends_with(ending))
        })
    }

    /// Returns `true` if everything requested is present, according to what each member proves.
    fn is_whole(&self) -> bool {
        let proven: BTreeSet<(String, K)> = self
            .members
            .iter()
            .flat_map(|member| member.proves.clone())
            .collect();
        let kinds: Vec<K> = self.chosen.kinds().collect();
        let cells = self.listed.iter().all(|row| {
            kinds.iter().all(|kind| {
                let is_of_each = crate::dataset::OF_AN_OBSERVATION.contains(kind)
                    || crate::dataset::OF_A_CRYSTAL.contains(kind);
                let cell = (row.code.clone(), *kind);
                !is_of_each
                    || Self::is_silent(*kind)
                    || row.lacks.contains(kind)
                    || self.lacking.contains(&cell)
                    || proven.contains(&cell)
            })
        });
        let maps = self
            .members
            .iter()
            .any(|member| member.proves.iter().any(|(_, kind)| *kind == K::MapInfo));
        let whole = |path: &str| {
            self.members
                .iter()
                .any(|member| member.path == path && !member.bytes.is_empty())
        };
        cells
            && !self.has_page()
            && (maps || !self.chosen.has(K::MapInfo))
            && (whole("metadata.csv") || !self.chosen.has(K::MetadataInfo))
            && (whole("Mpro_combined.sdf") || !self.chosen.has(K::SingleSdfFile))
    }

    fn judge(&self) -> Report {
        let (files, tables) = self.unpack();
        let request = DownloadRequest {
            target: TargetKey {
                title: "Mpro".to_owned(),
                tas: Tas::new("lb18145-1"),
            },
            codes: Vec::new(),
            files: self.chosen.clone(),
            static_link: false,
        };
        let found = Found {
            listed: Some(&self.listed),
            unknown: &[],
            is_unchecked: false,
            lost: None,
        };
        Report::judge(&request, &files, &tables, found)
    }

    fn unpack(&self) -> (Vec<FileRecord>, Tables) {
        let on_file = |_| {};
        let mut unpacker = Unpacker::new(None, &on_file);
        for member in &self.members {
            let name = SafePath::parse(member.path.as_bytes()).unwrap().unwrap();
            unpacker.take(&name, &mut &member.bytes[..]).unwrap();
        }
        let none = std::sync::atomic::AtomicBool::new(false);
        unpacker
            .finish(
                crate::downloads::archive::Walked::default(),
                u64::MAX,
                &none,
            )
            .unwrap()
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed repeats a failure")]
fn complete_is_reported_exactly_when_nothing_is_missing() {
    let seed = std::env::var("COVERAGE_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    let runs = std::env::var("COVERAGE_RUNS")
        .ok()
        .and_then(|text| text.parse().ok());
    let runs = runs.unwrap_or(RUNS);
    println!("{runs} archives from seed {seed}");
    let mut rng = fastrand::Rng::with_seed(seed);
    let (mut complete, mut incomplete) = (0, 0);
    for run in 0..runs {
        let mut world = World::invent(&mut rng);
        if world.chosen.is_empty() || world.members.is_empty() {
            continue;
        }
        let mut done = Vec::new();
        for _ in 0..rng.usize(0..4) {
            if world.members.is_empty() {
                break;
            }
            done.push(world.harm(&mut rng));
        }
        let expected = if world.is_whole() {
            Outcome::Complete
        } else {
            Outcome::Incomplete
        };
        let report = world.judge();
        let kinds: Vec<K> = world.chosen.kinds().collect();
        assert_eq!(
            report.outcome,
            expected,
            "run {run} of seed {seed}: {done:?}; asked {kinds:?}; {}",
            report.summary()
        );
        match expected {
            Outcome::Complete => complete += 1,
            Outcome::Incomplete => incomplete += 1,
        }
    }
    // Neither answer may be the only one that is ever tried.
    assert!(
        complete * 20 > runs && incomplete * 20 > runs,
        "{complete} {incomplete}"
    );
}
