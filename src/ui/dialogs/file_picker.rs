//! The system's own dialogs for folders and files, run beside the window.

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

/// A person needs longer than this to close a dialog: a faster "no" means that none could open.
const TOO_FAST: Duration = Duration::from_millis(300);

/// What to tell the user where no dialog can open.
pub(crate) const UNAVAILABLE: &str =
    "This computer cannot show a folder window to this app. Type the folder here instead.";

/// The dialogs of this window, where every page finds them.
#[derive(Clone)]
struct Installed(Dialogs);

/// Gives a window its dialogs.
pub(crate) fn install(ctx: &Context, dialogs: Dialogs) {
    ctx.data_mut(|data| data.insert_temp(Id::NULL, Installed(dialogs)));
}

/// The dialogs of the system.
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
        self.ask(ctx, title, folder, DialogKind::Folder);
    }

    /// Asks for a file that is there.
    pub(crate) fn open_to_read(&mut self, ctx: &Context, title: &str, folder: &Path) {
        self.ask(ctx, title, folder, DialogKind::Open);
    }

    /// Asks for a file to save to, and begins with a proposal.
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
            // Only a folder that exists, else some systems show nothing at all; a network disk may be asked long.
            let existing = folder.ancestors().find(|path| path.is_dir());
            let request = DialogRequest {
                title,
                folder: existing.map(Path::to_owned),
                kind,
            };
            // What the system's dialog does wrong must not end the program; a thread that dies would.
            let picked = dialogs.and_then(|Installed(show)| {
                catch_unwind(AssertUnwindSafe(|| show(request))).unwrap_or(None)
            });
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
