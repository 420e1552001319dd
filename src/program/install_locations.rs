//! Where programs that show structures are usually installed.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A folder in which programs have their own folders, how the name of such a folder begins (ignoring case: a version
/// follows), and where in it the executable is.
struct InstallLocation {
    root: PathBuf,
    begins: &'static str,
    inside: &'static str,
}

/// Returns where programs are: the folders of the search path, and the usual ones of each system. Blocks on the disk.
pub(super) fn program_folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual: &[&str] = if cfg!(windows) {
        &[]
    } else if cfg!(target_os = "macos") {
        &["/usr/local/bin", "/opt/homebrew/bin"]
    } else {
        &["/usr/local/bin", "/usr/bin"]
    };
    env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .chain(usual.iter().map(PathBuf::from))
        .chain(places().iter().flat_map(InstallLocation::folders))
        .collect()
}

/// Returns the folders where programs are installed on this system.
fn places() -> Vec<InstallLocation> {
    if cfg!(target_os = "macos") {
        mac_places(Path::new("/Applications"))
    } else if cfg!(windows) {
        windows_places(&|name| env::var_os(name).map(PathBuf::from))
    } else {
        Vec::new()
    }
}

fn mac_places(applications: &Path) -> Vec<InstallLocation> {
    ["PyMOL", "ChimeraX", "Coot"]
        .map(|begins| InstallLocation {
            root: applications.to_owned(),
            begins,
            inside: "Contents/MacOS",
        })
        .into()
}

/// `variable` returns a folder of Windows for the name of its environment variable. `ChimeraX` has its version in its
/// folder's name; `PyMOL` has one installer for everyone and another for one user; Coot has a folder of its own on
/// the system drive, or one inside CCP4's.
fn windows_places(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Vec<InstallLocation> {
    let system = variable("SystemDrive").map(|mut drive| {
        drive.push(std::path::MAIN_SEPARATOR_STR);
        drive
    });
    let local = variable("LOCALAPPDATA");
    let roots = [
        (variable("ProgramFiles"), "ChimeraX", "bin"),
        (
            local.as_ref().map(|folder| folder.join("Programs")),
            "ChimeraX",
            "bin",
        ),
        (variable("ProgramData"), "PyMOL", ""),
        (variable("ProgramFiles"), "PyMOL", ""),
        (
            local.as_ref().map(|folder| folder.join("Schrodinger")),
            "PyMOL",
            "",
        ),
        (
            variable("ProgramFiles").map(|folder| folder.join("Schrodinger")),
            "PyMOL",
            "",
        ),
        (local, "PyMOL", ""),
        (system.clone(), "WinCoot", ""),
        (system.clone(), "WinCoot", "bin"),
        (variable("ProgramFiles"), "WinCoot", ""),
        (system, "CCP4", "bin"),
    ];
    roots
        .into_iter()
        .filter_map(|(root, begins, inside)| {
            Some(InstallLocation {
                root: root?,
                begins,
                inside,
            })
        })
        .collect()
}

impl InstallLocation {
    /// Returns the folders that exist, the one with the highest version first.
    fn folders(&self) -> Vec<PathBuf> {
        let begins = self.begins.to_lowercase();
        let entries = fs::read_dir(&self.root).into_iter().flatten();
        let mut found: Vec<(Vec<u64>, PathBuf)> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| {
                let name = entry.file_name().to_string_lossy().to_lowercase();
                let rest = name.strip_prefix(&begins)?;
                Some((numbers(rest), entry.path().join(self.inside)))
            })
            .collect();
        found.sort_by(|a, b| b.cmp(a));
        found.into_iter().map(|(_, folder)| folder).collect()
    }
}

/// Returns the numbers in a text, so that `1.10` is more than `1.9`.
fn numbers(text: &str) -> Vec<u64> {
    text.split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versioned_folders_are_found_newest_first() {
        let home = tempfile::tempdir().unwrap();
        for folder in [
            "files/ChimeraX 1.9/bin",
            "files/ChimeraX 1.10/bin",
            "files/Chimera 1.17/bin",
            "data/pymol",
            "local/Schrodinger/PyMOL2",
        ] {
            fs::create_dir_all(home.path().join(folder)).unwrap();
        }
        let variable = |name: &str| match name {
            "ProgramFiles" => Some(home.path().join("files")),
            "ProgramData" => Some(home.path().join("data")),
            "LOCALAPPDATA" => Some(home.path().join("local")),
            _ => None,
        };
        let found: Vec<PathBuf> = windows_places(&variable)
            .iter()
            .flat_map(InstallLocation::folders)
            .map(|folder| folder.strip_prefix(home.path()).unwrap().to_owned())
            .collect();
        let expected = [
            "files/ChimeraX 1.10/bin",
            "files/ChimeraX 1.9/bin",
            "data/pymol",
            "local/Schrodinger/PyMOL2",
        ];
        assert_eq!(found, expected.map(PathBuf::from));
    }

    #[test]
    fn programs_of_a_mac_are_inside_their_bundles() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("ChimeraX-1.9.app/Contents/MacOS")).unwrap();
        let found: Vec<PathBuf> = mac_places(home.path())
            .iter()
            .flat_map(InstallLocation::folders)
            .collect();
        assert_eq!(found, [home.path().join("ChimeraX-1.9.app/Contents/MacOS")]);
    }
}
