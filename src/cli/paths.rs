//! Paths as users type them.

use std::path::{self, Path, PathBuf};

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
            std::io::ErrorKind::NotFound => {
                "the folder in which this command was started is no longer there".to_owned()
            }
            _ => error.to_string(),
        };
        Failure::Usage(format!(
            "“{}” cannot be used: {why}. Change to another folder, or give the full path.",
            path.display()
        ))
    })
}

/// Returns where a result goes: a file, or `-` for standard output.
pub(super) fn output(path: &Path) -> Result<PathBuf, Failure> {
    if path.as_os_str() == "-" {
        return Ok(path.to_owned());
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

/// Makes several paths absolute.
pub(super) fn absolute_all(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    paths.iter().map(|path| absolute(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_home_folder_only_where_a_shell_would_take_it_so() {
        let home = home_folder().unwrap();
        assert_eq!(with_home("~/data/x".into()), home.join("data/x"));
        assert_eq!(with_home("~".into()), home);
        for other in ["~alice/data", "data/~", "-", "/~/x", "a~"] {
            assert_eq!(with_home(other.into()), PathBuf::from(other));
        }
    }
}
