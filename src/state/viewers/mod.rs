//! Programs that show structures. They are given the absolute paths of structures, in scripts generated here if these
//! group them by site; a script that came from a server is never passed on.

mod scripts;

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::{Command as Process, Stdio},
};

use walkdir::DirEntry;

use self::scripts::NamedStructure;
use crate::{
    dataset::sites_in,
    disk::{plain_path, walk, write_temporary},
};

/// Maximum number of structures that are opened at once: more would overload the viewer.
const MAX_STRUCTURES: usize = 60;

/// A program that shows structures, and its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    name: &'static str,
    program: PathBuf,
}

/// Name, and the names of the executable.
const KNOWN: [(&str, &[&str]); 3] = [
    (
        "PyMOL",
        &["pymol", "PyMOLWin.exe", "pymol.exe", "pymol.bat", "PyMOL"],
    ),
    (
        "Coot",
        &[
            "coot",
            "coot.exe",
            "coot.bat",
            "wincoot.bat",
            "runwincoot.bat",
            "coot-1",
            "Coot",
        ],
    ),
    (
        "ChimeraX",
        &["chimerax", "ChimeraX", "ChimeraX.exe", "chimerax-daily"],
    ),
];

impl Viewer {
    /// Returns the name of the viewer.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the viewers that are installed in these folders. Blocks on the disk.
    pub(super) fn find(folders: &[PathBuf]) -> Vec<Self> {
        KNOWN
            .into_iter()
            .filter_map(|(name, files)| {
                let program = folders
                    .iter()
                    .flat_map(|folder| files.iter().map(move |file| folder.join(file)))
                    .find(|path| path.is_file())?;
                Some(Self { name, program })
            })
            .collect()
    }

    /// Opens the structures of a folder. Returns how many. Blocks on the disk.
    pub(super) fn open(&self, place: &Path) -> io::Result<usize> {
        let structures = structures(&plain_path(&fs::canonicalize(place)?));
        if structures.is_empty() {
            return Err(io::Error::other("the folder contains no structures"));
        }
        let count = structures.len();
        Process::new(&self.program)
            .args(self.arguments(place, structures)?)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(count)
    }
}

impl Viewer {
    /// Returns the arguments for the program: a script that names the structures and their sites or, for a program
    /// without such scripts, the structures themselves, sorted by site.
    fn arguments(&self, place: &Path, structures: Vec<PathBuf>) -> io::Result<Vec<OsString>> {
        let sites = sites_in(place);
        let mut shown: Vec<(NamedStructure, PathBuf)> = structures
            .into_iter()
            .map(|path| (shown(&path, &sites), path))
            .collect();
        shown.sort_by(|(a, _), (b, _)| (&a.site, &a.name).cmp(&(&b.site, &b.name)));
        let (named, paths): (Vec<NamedStructure>, Vec<PathBuf>) = shown.into_iter().unzip();
        let is_text = paths.iter().all(|path| path.to_str().is_some());
        let script = match self.name {
            _ if !is_text => None,
            "PyMOL" => scripts::pymol(&named).map(|text| (text, ".py")),
            "ChimeraX" => scripts::chimerax(&named).map(|text| (text, ".cxc")),
            _ => None,
        };
        match script {
            Some((text, ending)) => Ok(vec![write_temporary(ending, &text)?.into()]),
            None => Ok(paths.into_iter().map(OsString::from).collect()),
        }
    }
}

/// Returns a structure with its names. Its folder, or its own name, is the code of the observation.
fn shown(path: &Path, sites: &std::collections::BTreeMap<String, String>) -> NamedStructure {
    let name = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    NamedStructure {
        path: path.to_string_lossy().into_owned(),
        site: sites.get(&name).cloned().unwrap_or_default(),
        name,
    }
}

/// Returns the bound structures of a folder, the aligned ones if there are any.
fn structures(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for inner in ["aligned_files", "crystallographic_files"] {
        let entries = walk(&folder.join(inner)).filter_map(Result::ok);
        let paths = entries.map(DirEntry::into_path);
        found.extend(paths.filter(|path| is_bound_structure(path) && path.is_file()));
        if !found.is_empty() {
            break;
        }
    }
    found.sort();
    found.truncate(MAX_STRUCTURES);
    found
}

fn is_bound_structure(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let is_pdb = path.extension().is_some_and(|ending| ending == "pdb");
    let is_part = ["_apo", "_delig", "_ligand"]
        .iter()
        .any(|part| stem.contains(part));
    is_pdb && !is_part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bound_structures_are_passed_on_by_their_full_path() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("aligned_files/A1");
        fs::create_dir_all(&folder).unwrap();
        fs::create_dir_all(home.path().join("scripts")).unwrap();
        for name in [
            "A1.pdb",
            "A1_apo.pdb",
            "A1_ligand.pdb",
            "A1.py",
            "A1.pml",
            "A1.pdb.pml",
        ] {
            fs::write(folder.join(name), "x").unwrap();
        }
        fs::write(home.path().join("scripts/load.pml"), "x").unwrap();
        let found = structures(home.path());
        assert_eq!(found, [folder.join("A1.pdb")]);
        assert!(found[0].is_absolute());
    }

    #[cfg(unix)]
    #[test]
    fn installed_viewers_are_found_and_started_with_the_structures() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let (bin, heard) = (home.path().join("bin"), home.path().join("heard"));
        fs::create_dir_all(&bin).unwrap();
        let program = bin.join("pymol");
        fs::write(
            &program,
            format!(
                "#!/bin/sh\necho \"$@\" > {0}.new && mv {0}.new {0}\n",
                heard.display()
            ),
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let viewers = Viewer::find(&[bin]);
        assert_eq!(
            viewers.iter().map(Viewer::name).collect::<Vec<_>>(),
            ["PyMOL"]
        );
        let folder = home.path().join("data/aligned_files/A1");
        fs::create_dir_all(&folder).unwrap();
        assert!(
            viewers[0].open(&home.path().join("data")).is_err(),
            "nothing to show"
        );
        fs::write(folder.join("A1.pdb"), "x").unwrap();
        let table = "Code,CanonSites upload name,CanonSites alias\nA1,first,cleft\n";
        fs::write(home.path().join("data/metadata.csv"), table).unwrap();
        assert_eq!(viewers[0].open(&home.path().join("data")).unwrap(), 1);
        let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while !heard.exists() {
            assert!(
                std::time::Instant::now() < end,
                "the program was not started"
            );
            std::thread::yield_now();
        }
        let arguments = fs::read_to_string(heard).unwrap();
        let script = fs::read_to_string(arguments.trim()).unwrap();
        assert!(
            script.contains("aligned_files/A1/A1.pdb\",\"A1\",\"site_cleft\"]"),
            "{script}"
        );
        fs::remove_file(arguments.trim()).unwrap();
    }
}
