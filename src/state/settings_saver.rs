//! Writes the settings in the background: a disk that is slow, full or locked must not hold up the user.

use std::time::{Duration, Instant};

use super::{Remote, State};
use crate::{
    model::{ErrorKind, Problem},
    store::{SettingsFile, WindowGeometry},
};

/// How long changes are gathered before they are written.
const SAVE_LATER: Duration = Duration::from_millis(400);

/// The file of the settings, and what is being written to it.
pub(super) struct SettingsSaver {
    file: SettingsFile,
    saving: Remote<()>,
    /// How often the settings were written; an older write never replaces a newer one.
    saves: u64,
    /// When changed settings are to be written.
    due: Option<Instant>,
}

impl SettingsSaver {
    pub(super) fn new(file: SettingsFile) -> Self {
        Self {
            file,
            saving: Remote::NotRequested,
            saves: 0,
            due: None,
        }
    }
}

impl State {
    /// Saves in the background: a slow, full or locked disk must not hold up the user.
    pub(super) fn save_settings(&mut self) {
        self.kept_builds
            .use_keychain(!self.settings.kept.is_empty());
        self.saver.saves += 1;
        self.saver.due = None;
        let (file, settings, number) = (
            self.saver.file.clone(),
            self.settings.clone(),
            self.saver.saves,
        );
        self.saver
            .saving
            .start(&self.environment.worker, async move {
                let written = tokio::task::spawn_blocking(move || file.write(&settings, number));
                match written.await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(not_saved(&error.to_string())),
                    Err(error) => Err(not_saved(&error.to_string())),
                }
            });
    }

    /// Saves the geometry of the window, and the page that is shown. Blocks on the disk: the window is closing.
    pub fn save_window(&mut self, place: Option<WindowGeometry>) {
        self.settings.window = place;
        self.settings.page = Some(self.route.key().to_owned());
        self.saver.saves += 1;
        if let Err(error) = self.saver.file.write(&self.settings, self.saver.saves) {
            tracing::warn!(%error, "the settings could not be saved on exit");
        }
    }

    /// Writes pending settings when they are due. Returns the time until then.
    pub(super) fn save_when_due(&mut self) -> Option<Duration> {
        let wait = self.saver.due?.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            self.save_settings();
            return None;
        }
        Some(wait)
    }

    /// Writes the settings in a moment: several changes are gathered.
    pub(super) fn save_soon(&mut self) {
        self.saver
            .due
            .get_or_insert_with(|| Instant::now() + SAVE_LATER);
    }

    /// Tells the user if the settings could not be written, or what was remembered could not be removed.
    pub(super) fn poll_saver(&mut self) {
        self.poll_forgetting();
        if self.saver.saving.poll()
            && let Some(problem) = self.saver.saving.problem()
        {
            self.notices.warn(problem.message.clone());
        }
    }
}

fn not_saved(reason: &str) -> Problem {
    Problem::new(
        ErrorKind::NotWritable,
        format!(
            "Your settings could not be saved ({reason}). They apply until you close the window."
        ),
    )
}
