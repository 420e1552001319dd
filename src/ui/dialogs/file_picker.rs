//! The system's own dialogs for folders and files, run beside the window.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    task::Poll,
    time::{Duration, Instant},
};

use egui::{Context, Ui};
use poll_promise::Promise;

use crate::ui::widgets::Button;

/// A person needs longer than this to close a dialog: a faster "no" means that none could open.
const TOO_FAST: Duration = Duration::from_millis(300);

/// What to tell the user where no dialog can open.
pub(crate) const UNAVAILABLE: &str =
    "This computer cannot show a folder window to this app. Type the folder here instead.";

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// The user chose this folder, or this file to save to.
    Folder(PathBuf),
    /// The user chose nothing.
    Nothing,
    /// This computer has no such dialog; the path must be typed.
    Unavailable,
}

/// The dialog, if it is open.
#[derive(Default)]
pub(crate) struct FilePicker {
    open: Option<(Instant, Promise<Option<PathBuf>>)>,
}

impl FilePicker {
    /// The button that opens it, beginning at a folder. A second one must not be open.
    pub(crate) fn button(&mut self, ui: &mut Ui, title: &str, folder: &Path) {
        let open = self
            .open
            .as_ref()
            .map(|_| "The folder window is open already");
        if ui.add(Button::plain("Choose…").refused(open)).clicked() {
            self.open_folder(ui.ctx(), title, folder);
        }
    }

    /// Asks for a folder that is there.
    pub(crate) fn open_folder(&mut self, ctx: &Context, title: &str, folder: &Path) {
        self.ask(ctx, title, folder, rfd::FileDialog::pick_folder);
    }

    /// Asks for a file that is there.
    pub(crate) fn open_to_read(&mut self, ctx: &Context, title: &str, folder: &Path) {
        self.ask(ctx, title, folder, rfd::FileDialog::pick_file);
    }

    /// Asks for a file to save to, and begins with a proposal. The dialog asks before it takes a file that is
    /// there.
    pub(crate) fn open_to_save(
        &mut self,
        ctx: &Context,
        title: &str,
        path: &Path,
        (kind, ending): (&'static str, &'static str),
    ) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.into_owned();
        let folder = path.parent().unwrap_or(path);
        self.ask(ctx, title, folder, move |dialog| {
            let dialog = dialog.add_filter(kind, &[ending]);
            dialog.set_file_name(name).save_file()
        });
    }

    fn ask(
        &mut self,
        ctx: &Context,
        title: &str,
        folder: &Path,
        show: impl FnOnce(rfd::FileDialog) -> Option<PathBuf> + Send + 'static,
    ) {
        let (title, folder, ctx) = (title.to_owned(), folder.to_owned(), ctx.clone());
        let promise = Promise::spawn_thread("file dialog", move || {
            let mut dialog = rfd::FileDialog::new().set_title(title);
            // Only a folder that exists, else some systems show nothing at all; a network disk may be asked long.
            if let Some(existing) = folder.ancestors().find(|path| path.is_dir()) {
                dialog = dialog.set_directory(existing);
            }
            // What the system's dialog does wrong must not end the program; a thread that dies would.
            let picked = catch_unwind(AssertUnwindSafe(|| show(dialog))).unwrap_or(None);
            ctx.request_repaint();
            picked
        });
        self.open = Some((Instant::now(), promise));
    }

    /// Whether it has been closed, and how.
    pub(crate) fn poll(&mut self) -> Option<Picked> {
        let (since, promise) = self.open.as_ref()?;
        let Poll::Ready(picked) = promise.poll() else {
            return None;
        };
        let picked = match picked {
            Some(folder) => Picked::Folder(folder.clone()),
            None if since.elapsed() < TOO_FAST => Picked::Unavailable,
            None => Picked::Nothing,
        };
        self.open = None;
        Some(picked)
    }
}
