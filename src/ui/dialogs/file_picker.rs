//! The system's own dialogs for folders and files, run in the background.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use egui::{Context, Id, Ui};
use poll_promise::Promise;

use crate::{
    state::{DialogKind, DialogRequest, Dialogs},
    ui::widgets::Button,
};

/// No one closes a dialog faster than this: a faster `None` means that it could not open.
const TOO_FAST: Duration = Duration::from_millis(300);

/// The message if no dialog can open.
pub(crate) const UNAVAILABLE: &str = "This program cannot open a folder dialog on this computer. Type the path of the folder here instead.";

/// The dialogs of this window, stored where every page finds them.
#[derive(Clone)]
struct Installed(Dialogs);

/// Installs the dialogs in a window.
pub(crate) fn install(ctx: &Context, dialogs: Dialogs) {
    ctx.data_mut(|data| data.insert_temp(Id::NULL, Installed(dialogs)));
}

/// Returns the system's file dialogs.
pub fn system_dialogs() -> Dialogs {
    Arc::new(|request| {
        let mut dialog = rfd::FileDialog::new().set_title(request.title);
        if let Some(folder) = request.folder {
            dialog = dialog.set_directory(folder);
        }
        match request.kind {
            DialogKind::Folder => dialog.pick_folder(),
            DialogKind::Open => dialog.pick_file(),
            DialogKind::Save { name, filter } => {
                let (kind, ending) = filter;
                let dialog = dialog.add_filter(kind, &[ending]);
                dialog.set_file_name(name).save_file()
            }
        }
    })
}

/// The result of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// The user chose this folder, or this file to save to.
    Path(PathBuf),
    /// The user cancelled the dialog.
    Cancelled,
    /// This computer cannot open such a dialog; the path must be typed.
    Unavailable,
}

/// The dialog, if it is open.
#[derive(Default)]
pub(crate) struct FilePicker {
    open: Option<(Instant, Promise<Option<PathBuf>>)>,
}

impl FilePicker {
    /// Draws the button that opens the dialog at a folder; disabled while a dialog is open.
    pub(crate) fn choose_button_ui(&mut self, ui: &mut Ui, title: &str, folder: &Path) {
        let open = self
            .open
            .as_ref()
            .map(|_| "The folder dialog is already open");
        if ui
            .add(Button::plain("Choose…").disabled_because(open))
            .clicked()
        {
            self.open_folder(ui.ctx(), title, folder);
        }
    }

    /// Opens the dialog for an existing folder.
    pub(crate) fn open_folder(&mut self, ctx: &Context, title: &str, folder: &Path) {
        self.ask(ctx, title, folder, DialogKind::Folder);
    }

    /// Opens the dialog for an existing file.
    pub(crate) fn open_to_read(&mut self, ctx: &Context, title: &str, folder: &Path) {
        self.ask(ctx, title, folder, DialogKind::Open);
    }

    /// Opens the dialog for saving a file, with a proposed name.
    pub(crate) fn open_to_save(
        &mut self,
        ctx: &Context,
        title: &str,
        path: &Path,
        filter: (&'static str, &'static str),
    ) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.into_owned();
        let folder = path.parent().unwrap_or(path);
        self.ask(ctx, title, folder, DialogKind::Save { name, filter });
    }

    fn ask(&mut self, ctx: &Context, title: &str, folder: &Path, kind: DialogKind) {
        let dialogs = ctx.data(|data| data.get_temp::<Installed>(Id::NULL));
        let (title, folder, ctx) = (title.to_owned(), folder.to_owned(), ctx.clone());
        let promise = Promise::spawn_thread("file dialog", move || {
            // The folder must exist, or some systems show nothing at all; a network drive may be slow to answer.
            let existing = folder.ancestors().find(|path| path.is_dir());
            let request = DialogRequest {
                title,
                folder: existing.map(Path::to_owned),
                kind,
            };
            // A fault in the system's dialog must not end the program, as a panicking thread would.
            let picked = dialogs.and_then(|Installed(show)| {
                catch_unwind(AssertUnwindSafe(|| show(request))).unwrap_or(None)
            });
            ctx.request_repaint();
            picked
        });
        self.open = Some((Instant::now(), promise));
    }

    /// Returns the result once the dialog is closed.
    pub(crate) fn poll(&mut self) -> Option<Picked> {
        let (since, promise) = self.open.as_ref()?;
        let Poll::Ready(picked) = promise.poll() else {
            return None;
        };
        let picked = match picked {
            Some(folder) => Picked::Path(folder.clone()),
            None if since.elapsed() < TOO_FAST => Picked::Unavailable,
            None => Picked::Cancelled,
        };
        self.open = None;
        Some(picked)
    }
}
