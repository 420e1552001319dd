//! This computer: structure viewers, folders and pages opened with the system's default programs, the last crash,
//! newer releases of this program.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{Environment, Remote, State, Viewer};
use crate::{
    disk::plain_path,
    model::{ErrorKind, Problem, Release, plural},
    store::Crash,
};

/// Requests for a further window within this time count as one.
const ONE_REQUEST: Duration = Duration::from_secs(1);

/// What is known about this computer.
pub struct Desktop {
    /// Installed viewers of structures.
    pub viewers: Remote<Vec<Viewer>>,
    opening: Remote<String>,
    showing: Remote<()>,
    pub(super) crash: Remote<Option<Crash>>,
    /// The latest release of this program, if looking for it is allowed.
    pub release: Remote<Release>,
    /// Downloads that have ended and have not been reported yet.
    pub(super) finished: Vec<String>,
    /// When a further window was last asked for.
    window_opened: Option<Instant>,
}

impl Desktop {
    /// Starts to look for viewers.
    pub(super) fn looking_for_viewers(environment: &Environment) -> Self {
        let programs = environment.programs.clone();
        let mut viewers = Remote::NotRequested;
        viewers.start(&environment.worker, async move {
            let found = tokio::task::spawn_blocking(move || Viewer::find(&programs)).await;
            Ok(found.unwrap_or_default())
        });
        Self {
            viewers,
            opening: Remote::NotRequested,
            showing: Remote::NotRequested,
            crash: Remote::NotRequested,
            release: Remote::NotRequested,
            finished: Vec::new(),
            window_opened: None,
        }
    }
}

impl State {
    /// Collects which viewers were found, and whether one has opened.
    pub(super) fn poll_desktop(&mut self) {
        self.desktop.viewers.poll();
        if self.desktop.showing.poll()
            && let Some(problem) = self.desktop.showing.problem()
        {
            self.notices.warn(problem.message.clone());
        }
        if !self.desktop.opening.poll() {
            return;
        }
        match &self.desktop.opening {
            Remote::Ready(sentence) => self.notices.info(sentence.clone()),
            Remote::Failed { problem, .. } => self.notices.warn(problem.message.clone()),
            Remote::NotRequested | Remote::Loading { .. } => {}
        }
    }

    /// Shows the structures of a folder in a viewer.
    pub(super) fn open_in(&mut self, viewer: Viewer, place: PathBuf) {
        self.desktop
            .opening
            .start(&self.environment.worker, async move {
                let name = viewer.name();
                let opened = tokio::task::spawn_blocking(move || viewer.open(&place)).await;
                let reason = match opened {
                    Ok(Ok(count)) => {
                        let structures = plural(count, "structure", "structures");
                        return Ok(format!("{name} is starting with {structures}."));
                    }
                    Ok(Err(error)) => error.to_string(),
                    Err(error) => error.to_string(),
                };
                Err(Problem::new(
                    ErrorKind::NotFound,
                    format!("{name} could not show the folder: {reason}."),
                ))
            });
    }

    /// Shows a folder in the file manager. A file is not opened, only shown in its folder: its contents are from a server.
    pub(super) fn show_in_file_manager(&mut self, place: PathBuf) {
        let worker = &self.environment.worker;
        self.desktop.showing.start(worker, async move {
            // A disk of the network may take its time to say what this is.
            let opened = tokio::task::spawn_blocking(move || {
                let folder = place.parent().filter(|_| !place.is_dir());
                let folder = folder.unwrap_or(&place);
                open::that_detached(plain_path(folder)).map_err(|error| (folder.to_owned(), error))
            });
            match opened.await {
                Ok(Err((folder, error))) => {
                    tracing::warn!(%error, "the folder could not be opened");
                    let sentence = not_opened("The folder", &folder);
                    Err(Problem::new(ErrorKind::NotFound, sentence))
                }
                Ok(Ok(())) | Err(_) => Ok(()),
            }
        });
    }

    /// Opens a further window: another copy of the program, which signs in by itself.
    pub(super) fn open_new_window(&mut self) {
        // A key that is held down counts as one request.
        let now = Instant::now();
        let last = self.desktop.window_opened.replace(now);
        if last.is_some_and(|last| now.duration_since(last) < ONE_REQUEST) {
            return;
        }
        if let Err(error) = (self.environment.new_window)() {
            self.desktop.window_opened = None;
            self.notices.warn(format!(
                "A further window could not be opened ({error}). Start the program again instead."
            ));
        }
    }

    /// Opens a folder or a page with the system's default program. Never a file that came from a server.
    pub(super) fn open(&mut self, what: &std::ffi::OsStr, name: &str) {
        // File managers may not know the long form of a path.
        let plain = plain_path(Path::new(what));
        if let Err(error) = open::that_detached(plain) {
            tracing::warn!(%error, "the folder or page could not be opened");
            self.notices.warn(not_opened(name, Path::new(what)));
        }
    }
}

fn not_opened(name: &str, what: &Path) -> String {
    format!(
        "{name} could not be opened. Open this yourself: {}",
        what.display()
    )
}
