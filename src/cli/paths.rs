//! Paths as users type them.

use std::{
    fs, io,
    path::{self, Path, PathBuf},
};

use clap::builder::{PathBufValueParser, TypedValueParser};

use super::console::Failure;
use crate::store::home_folder;

/// Parses a path. Shells replace `~` only at the start of a word, and not in `--to=~/data` or in quotes.
pub(super) fn typed() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(with_home)
}

fn with_home(path: PathBuf) -> PathBuf {
    match (path.strip_prefix("~"), home_folder()) {
        // There may be a folder of this name.
        (Ok(rest), Some(home)) if !Path::new("~").exists() => home.join(rest),
        _ => path,
    }
}

/// Returns the absolute path: the next command, or the restarted program, may run in another folder.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    path::absolute(path).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => {
                "the folder in which this command was started no longer exists".to_owned()
            }
            _ => error.to_string(),
        };
        Failure::Usage(format!(
            "“{}” cannot be used: {why}. Change to another folder, or give the full path.",
            path.display()
        ))
    })
}

/// The names of standard output.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Returns where a result goes: a file, or `-` for standard output under any of its names.
pub(super) fn output(path: &Path) -> Result<PathBuf, Failure> {
    if STANDARD_OUTPUT.iter().any(|name| path.as_os_str() == *name) {
        return Ok(PathBuf::from("-"));
    }
    absolute(path)
}

/// Returns where a binary result goes: a file, never standard output, where it would only look like noise.
pub(super) fn output_file(path: &Path) -> Result<PathBuf, Failure> {
    if path.as_os_str() == "-" {
        let sentence =
            "“-” stands for standard output, which works only with --csv. Give a file name.";
        return Err(Failure::Usage(sentence.to_owned()));
    }
    absolute(path)
}

/// Returns why a folder cannot be searched; `None` if it can.
pub(super) fn why_unsearchable(folder: &Path) -> Option<String> {
    let error = fs::read_dir(folder).err()?;
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        io::ErrorKind::PermissionDenied => "you are not allowed to read it".to_owned(),
        _ => error.to_string(),
    };
    Some(format!("“{}” cannot be searched: {why}", folder.display()))
}

/// Makes the paths of the folders to search absolute, and checks that they can be searched.
pub(super) fn searchable_all(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let folders = absolute_all(paths)?;
    match folders.iter().find_map(|folder| why_unsearchable(folder)) {
        Some(why) => Err(Failure::Usage(format!("{why}."))),
        None => Ok(folders),
    }
}

/// Makes several paths absolute.
pub(super) fn absolute_all(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    paths.iter().map(|path| absolute(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_home_folder_only_where_a_shell_would_expand_it() {
        let home = home_folder().unwrap();
        assert_eq!(with_home("~/data/x".into()), home.join("data/x"));
        assert_eq!(with_home("~".into()), home);
        for other in ["~alice/data", "data/~", "-", "/~/x", "a~"] {
            assert_eq!(with_home(other.into()), PathBuf::from(other));
        }
    }
}
