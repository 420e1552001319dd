//! The settings: a small readable file. An invalid entry does not affect the others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::merge::merged;
use crate::{
    disk::{lock_when_free, read_own, stored_path, without_bom, write_private},
    model::{FileSelection, ProxyChoice, TargetKey},
    table::{HitsLook, Layout},
};

const FILE: &str = "settings.json";
/// The smallest text that can be chosen.
pub const SMALLEST_TEXT: f32 = 0.8;
/// The largest text that can be chosen: three times the usual size.
pub const LARGEST_TEXT: f32 = 3.0;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Follows the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Size and state of the window when it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowGeometry {
    /// Width and height in points.
    pub size: [f32; 2],
    /// Whether it was maximised.
    pub is_maximised: bool,
}

/// The targets that were shown on a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecentTargets {
    /// The one that was shown last; `None` means all.
    pub shown: Option<TargetKey>,
    /// The newest first.
    pub targets: Vec<TargetKey>,
}

/// The user's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light or dark.
    pub theme: Theme,
    /// How large the text is, between [`SMALLEST_TEXT`] and [`LARGEST_TEXT`]; 1 is the usual size.
    pub text_size: f32,
    /// Where downloads go; `None` means the usual folder.
    #[serde(with = "stored_path::optional")]
    pub download_folder: Option<PathBuf>,
    /// The server used last; contains no secret.
    pub server: Option<String>,
    /// The servers whose tokens are in the system's keychain.
    pub kept: BTreeSet<String>,
    /// Whose tokens these are, as far as the servers have said so.
    pub kept_users: BTreeMap<String, String>,
    /// The servers that were used, for the list on the sign-in page.
    pub servers: BTreeSet<String>,
    /// The targets that were shown last, by server.
    pub recent: BTreeMap<String, RecentTargets>,
    /// The addresses of statistics services whose keys are in the system's keychain.
    pub statistics_keys: BTreeSet<String>,
    /// The file types chosen last.
    pub files: Option<FileSelection>,
    /// The file types chosen last for each target, by its title and target access string.
    pub files_of: BTreeMap<String, FileSelection>,
    /// The user's own presets.
    pub presets: BTreeMap<String, FileSelection>,
    /// Whether downloads are unpacked.
    pub unpack: bool,
    /// How many downloads may run at the same time.
    pub parallel: usize,
    /// How fast downloads may be, in bytes per second.
    pub speed_limit: Option<u64>,
    /// The proxy through which servers are reached; its password is in the keychain.
    pub proxy: ProxyChoice,
    /// A file with certificate authorities that are trusted as well.
    #[serde(with = "stored_path::optional")]
    pub authorities: Option<PathBuf>,
    /// How the table was shown last.
    pub view: Option<Layout>,
    /// How the table of hits is shown.
    pub hits_view: Option<Layout>,
    /// Whether hits are a table, cards or groups, and how.
    pub hits_look: HitsLook,
    /// The user's own views of the table.
    pub views: BTreeMap<String, Layout>,
    /// Whether this program may look for newer releases of itself.
    pub looks_for_releases: bool,
    /// How large the window was.
    pub window: Option<WindowGeometry>,
    /// The page that was shown.
    pub page: Option<String>,
    /// How wide or high panes were made, in points.
    pub panes: BTreeMap<String, f32>,
    /// Entries written by a newer version of this program; kept as they are.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            text_size: 1.0,
            download_folder: None,
            server: None,
            kept: BTreeSet::new(),
            kept_users: BTreeMap::new(),
            servers: BTreeSet::new(),
            recent: BTreeMap::new(),
            statistics_keys: BTreeSet::new(),
            files: None,
            files_of: BTreeMap::new(),
            presets: BTreeMap::new(),
            unpack: true,
            parallel: 2,
            speed_limit: None,
            proxy: ProxyChoice::System,
            authorities: None,
            view: None,
            hits_view: None,
            hits_look: HitsLook::default(),
            views: BTreeMap::new(),
            looks_for_releases: false,
            window: None,
            page: None,
            panes: BTreeMap::new(),
            unknown: Map::new(),
        }
    }
}

/// The file of the settings. Two copies of the program may use it: each writes only what it has changed itself.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    path: PathBuf,
    newest: Arc<Mutex<Newest>>,
}

/// What this copy of the program last read or wrote.
#[derive(Debug, Default)]
struct Newest {
    /// The number of the newest settings that were written.
    number: u64,
    /// Those settings; `None` before anything was read or written.
    settings: Option<Value>,
}

impl SettingsFile {
    /// Creates the settings file of a configuration folder; neither needs to exist.
    pub fn in_folder(config: &Path) -> Self {
        Self {
            path: config.join(FILE),
            newest: Arc::default(),
        }
    }

    /// Returns the settings, and a sentence for the user if something in the file could not be used.
    pub fn read(&self) -> (Settings, Option<String>) {
        let (settings, broken, sentence) = self.read_file();
        let mut before = as_value(&settings).ok();
        // Invalid entries count as absent, so that the next write repairs them.
        if let Some(before) = before.as_mut().and_then(Value::as_object_mut) {
            before.retain(|key, _| !broken.contains(key));
        }
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.settings = before;
        (settings, sentence)
    }

    /// Returns the settings, the entries that could not be understood, and a sentence about them.
    fn read_file(&self) -> (Settings, Vec<String>, Option<String>) {
        let text = match read_own(&self.path) {
            Ok(bytes) => String::from_utf8_lossy(without_bom(&bytes)).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return (Settings::default(), Vec::new(), None);
            }
            Err(error) => {
                let sentence = format!(
                    "The settings in {} could not be read ({error}), so the defaults are used. Nothing is saved there until they can be.",
                    self.path.display()
                );
                return (Settings::default(), Vec::new(), Some(sentence));
            }
        };
        if let Ok(map) = serde_json::from_str::<Map<String, Value>>(&text) {
            from_map(map)
        } else {
            let aside = self.path.with_extension("json.unreadable");
            let kept = if fs::copy(&self.path, &aside).is_ok() {
                format!(" The old file is kept as {}.", aside.display())
            } else {
                String::new()
            };
            let sentence =
                format!("The settings could not be understood, so the defaults are used.{kept}");
            (Settings::default(), Vec::new(), Some(sentence))
        }
    }

    /// Writes the settings: the file is the old one or the new one, never half of each.
    ///
    /// Of several concurrent writers, the one with the highest `number` wins. Blocks on the disk, so it must not run on
    /// the UI thread.
    pub fn write(&self, settings: &Settings, number: u64) -> io::Result<()> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if number <= newest.number {
            return Ok(());
        }
        newest.number = number;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let lock = File::create(self.path.with_extension("lock"));
        // Without locks, only two simultaneous writes could collide.
        let _lock = lock
            .and_then(|lock| lock_when_free(&lock).map(|()| lock))
            .inspect_err(|error| tracing::debug!(%error, "the settings are written without a lock"))
            .ok();
        let own = as_value(settings)?;
        let there: Option<Value> = match read_own(&self.path) {
            Ok(bytes) => serde_json::from_slice(without_bom(&bytes)).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // Whatever is in a file that cannot be read, it is the user's.
            Err(error) => return Err(error),
        };
        let whole = match &there {
            Some(Value::Object(_)) => merged(newest.settings.as_ref(), Some(&own), there.as_ref()),
            Some(_) | None => None,
        };
        write_private(&self.path, |file| {
            Ok::<_, io::Error>(serde_json::to_writer_pretty(
                file,
                whole.as_ref().unwrap_or(&own),
            )?)
        })?;
        newest.settings = Some(own);
        Ok(())
    }
}

/// Returns settings as they are written. Numbers stay as short as they are in text.
fn as_value(settings: &Settings) -> io::Result<Value> {
    Ok(serde_json::from_str(&serde_json::to_string(settings)?)?)
}

/// Reads each valid entry, and names the invalid ones.
fn from_map(map: Map<String, Value>) -> (Settings, Vec<String>, Option<String>) {
    let mut good = Map::new();
    let mut broken = Vec::new();
    let is_good = |key: &str, value: &Value| {
        let single = Map::from_iter([(key.to_owned(), value.clone())]);
        serde_json::from_value::<Settings>(Value::Object(single)).is_ok()
    };
    for (key, mut value) in map {
        if is_good(&key, &value) {
            good.insert(key, value);
            continue;
        }
        // An invalid view does not affect the other views.
        if let Some(entries) = value.as_object_mut() {
            entries.retain(|name, entry| {
                let alone = Map::from_iter([(name.clone(), entry.clone())]);
                is_good(&key, &Value::Object(alone))
            });
            if is_good(&key, &value) {
                good.insert(key.clone(), value);
            }
        }
        broken.push(key);
    }
    let settings = serde_json::from_value(Value::Object(good)).unwrap_or_default();
    let sentence = (!broken.is_empty()).then(|| {
        format!(
            "Some settings were invalid and were reset to their defaults: {}.",
            broken.join(", ")
        )
    });
    (settings, broken, sentence)
}

#[cfg(test)]
mod tests;
