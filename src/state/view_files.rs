//! Views of the table that are saved to files and opened from them.

use std::{io::Write as _, path::PathBuf};

use super::{
    Route, State, TableCommand,
    export::{crashed, make_folder},
};
use crate::{
    disk::write_file,
    model::{Problem, plural},
    store::ViewFile,
};

impl State {
    /// Saves the current view to a file.
    pub(super) fn save_view_file(&mut self, path: PathBuf, name: &str) {
        let layout = self.current_layout();
        let text = ViewFile::contents(name, &layout);
        let told = format!("Saved the view “{name}” to {}.", path.display());
        let worker = &self.environment.worker;
        self.taken.save(worker, path.clone(), async move {
            let work = tokio::task::spawn_blocking(move || {
                make_folder(&path);
                write_file(&path, |file| -> std::io::Result<()> {
                    file.write_all(text.as_bytes())
                })
                .map_err(|error| Problem::not_saved(&path, &error))
            });
            work.await.map_err(|error| crashed(&error))??;
            Ok(told)
        });
    }

    /// Reads a view from a file.
    pub(super) fn open_view_file(&mut self, path: PathBuf) {
        let worker = &self.environment.worker;
        self.opened_view.start(worker, async move {
            let work = tokio::task::spawn_blocking(move || ViewFile::read(&path));
            work.await.map_err(|error| crashed(&error))?
        });
    }

    /// Shows a view that was read, and adds it to the user's own.
    pub(super) fn poll_view_file(&mut self) {
        if !self.opened_view.poll() {
            return;
        }
        if let Some(problem) = self.opened_view.problem() {
            self.notices.warn(problem.to_string());
        }
        if let Some(file) = self.opened_view.take_value() {
            self.use_view_file(file);
        }
    }

    fn use_view_file(&mut self, file: ViewFile) {
        let ViewFile {
            name,
            layout,
            left_out,
        } = file;
        // A view of the user's own is not replaced by one of the same name.
        let mut numbered = (2..).map(|number| format!("{name} ({number})"));
        let views = &mut self.settings.views;
        let is_free = |name: &String| views.get(name).is_none_or(|known| *known == layout);
        let name = if is_free(&name) {
            Some(name)
        } else {
            numbered.find(is_free)
        };
        let Some(name) = name else { return };
        views.insert(name.clone(), layout.clone());
        self.save_settings();
        self.route = Route::Experiments;
        self.apply_to_table(TableCommand::UseView(layout));
        let sentence = format!("The view “{name}” is shown, and has been added to your views.");
        if left_out == 0 {
            self.notices.info(sentence);
        } else {
            let entries = plural(left_out, "entry", "entries");
            self.notices.warn(format!(
                "{sentence} {entries} of it could not be understood and {} left out.",
                if left_out == 1 { "is" } else { "are" }
            ));
        }
    }
}
