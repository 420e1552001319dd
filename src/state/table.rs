//! Carries out the commands that concern the table.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use super::{
    ExperimentsCommand, PictureFile, Remote, State, TableCommand, Worker,
    export::{apostrophe_note, crashed},
};
use crate::{
    chemistry::Structure,
    downloads::Job,
    model::{DownloadRequest, ErrorKind, FileSelection, MediaFile, Problem, TargetKey, plural},
    picture::{Pixels, pixels, scaled},
    table::{Extract, Layout, Subject, TableView, clipboard_text},
};

/// Exports of the table that are prepared in the background.
#[derive(Default)]
pub(super) struct PendingExports {
    /// What goes into the clipboard, and the message about it.
    pub(super) copying: Remote<(Copied, String)>,
    pub(super) ready: Option<Copied>,
    /// The files that are being saved; each ends with a sentence. One does not take the place of another, whose failure
    /// would go unsaid.
    saving: Vec<(PathBuf, Remote<String>)>,
}

impl PendingExports {
    /// Starts to save a file.
    pub(super) fn save(
        &mut self,
        worker: &Worker,
        file: PathBuf,
        work: impl Future<Output = Result<String, Problem>> + Send + 'static,
    ) {
        let mut saving = Remote::NotRequested;
        saving.start(worker, work);
        self.saving.push((file, saving));
    }
}

/// What goes into the clipboard.
#[derive(Clone, Debug, PartialEq)]
pub enum Copied {
    /// Text.
    Text(String),
    /// A picture.
    Picture(Pixels),
}

/// The server's drawings of structures, by their SMILES.
pub type Pictures = BTreeMap<String, Remote<Arc<Pixels>>>;

/// Width and height of the server's drawings in pixels: sharp at 200 % on a screen with two pixels per point.
const DRAWN_SIZE: [u16; 2] = [960, 640];
/// Pixels of a copied structure for each unit of its drawing: sharp in print.
const COPIED_SCALE: f32 = 6.0;

/// More drawings than anyone looks at in one session; beyond that, cached ones are dropped.
const MOST_PICTURES: usize = 200;

impl State {
    /// Shows experiments or hits; hits are requested if they have not been loaded yet.
    fn show_rows(&mut self, subject: Subject) {
        self.experiments.show_rows(subject);
        if subject == Subject::Hits {
            self.request_hits();
        }
    }

    fn show_target(&mut self, target: Option<TargetKey>) {
        let shown = target.clone();
        self.experiments
            .change_view(|view, sheet| view.set_target(sheet, target));
        self.remember_target(shown.as_ref());
    }

    /// Changes how the table is shown, and what is selected in it.
    pub(super) fn apply_to_table(&mut self, command: TableCommand) {
        let experiments = &mut self.experiments;
        let was_undone = experiments.end_search(&command);
        match command {
            TableCommand::ShowRows(subject) => self.show_rows(subject),
            TableCommand::ShowTarget(target) => self.show_target(target),
            TableCommand::Search(text) => {
                experiments.change_view(|view, sheet| view.set_search(sheet, text));
            }
            TableCommand::SortBy { field, is_further } => {
                experiments.change_view(|view, sheet| view.sort_by(sheet, &field, is_further));
            }
            TableCommand::SortIn { field, direction } => {
                experiments.change_view(|view, sheet| view.sort_in(sheet, &field, direction));
            }
            TableCommand::Filter { field, condition } => {
                experiments.filter(&self.environment.worker, &field, condition);
            }
            TableCommand::OnlyWithLigand => {
                self.request_hits();
                self.experiments.show_with_ligand();
            }
            TableCommand::ClearFilters => experiments.change_view(TableView::clear_filters),
            TableCommand::FilterAll { filters, without } => {
                experiments.change_view(|view, sheet| view.set_filters(sheet, filters, &without));
            }
            TableCommand::Undo if was_undone => {}
            TableCommand::Undo => experiments.change_view(TableView::undo),
            TableCommand::Redo => experiments.change_view(TableView::redo),
            TableCommand::ShowColumn { field, is_shown } => {
                experiments.change_view(|view, sheet| view.show_column(sheet, &field, is_shown));
            }
            TableCommand::MoveColumn { field, to } => experiments.view.move_column(&field, to),
            TableCommand::RememberWidth { field, width } => {
                experiments.view.set_width(&field, width);
            }
            TableCommand::SetWidth { field, width } => {
                experiments.view.set_width_from_outside(&field, width);
            }
            TableCommand::Freeze(columns) => experiments.view.set_frozen(columns),
            TableCommand::UseBuiltIn(name) => experiments.use_built_in(name),
            TableCommand::UseView(layout) => self.use_view(layout),
            TableCommand::SaveView(name) => self.save_view(name),
            TableCommand::DeleteView(name) => self.delete_view(&name),
            TableCommand::Select(id, how) => experiments.select(id, how),
            TableCommand::SelectAll => experiments.change_view(TableView::toggle_all),
            TableCommand::ClearSelection => {
                experiments.change_view(|view, sheet| view.select(sheet, BTreeSet::new()));
            }
            TableCommand::Invert => experiments.change_view(TableView::invert_selection),
            TableCommand::SelectThese(ids) => {
                experiments.change_view(|view, sheet| view.select(sheet, ids));
            }
            TableCommand::SetAnchor(id) => experiments.view.set_anchor(id),
        }
        self.save_layout();
    }

    /// Applies a view, and shows the table that it belongs to.
    fn use_view(&mut self, layout: Layout) {
        if let Some(rows) = layout.rows {
            self.show_rows(rows);
        }
        self.experiments
            .change_view(|view, sheet| view.set_layout(sheet, layout));
    }

    /// Carries out the commands that concern the experiments.
    pub(super) fn apply_to_experiments(&mut self, command: ExperimentsCommand) {
        match command {
            ExperimentsCommand::Refresh => self.refresh_experiments(),
            ExperimentsCommand::LoadHits => self.request_hits(),
            ExperimentsCommand::LoadObservations(target) => {
                if let Some(client) = self.client() {
                    let worker = &self.environment.worker;
                    self.experiments
                        .request_observations(worker, client, &target);
                }
            }
            ExperimentsCommand::CopyMolfile(smiles) => self.copy_molfile(smiles),
            ExperimentsCommand::CopyStructure { smiles, form } => {
                self.copy_structure_picture(smiles, form);
            }
            ExperimentsCommand::CopyRows {
                extract,
                has_headings,
            } => self.copy(extract, has_headings),
            ExperimentsCommand::SaveTable {
                extract,
                path,
                form,
            } => self.save_table(extract, &path, form),
            ExperimentsCommand::SavePlot { chart, path, form } => {
                self.save_picture(*chart, path, form);
            }
            ExperimentsCommand::CopyPlot(chart) => self.copy_plot(*chart),
            ExperimentsCommand::Draw(smiles) => {
                self.drawings.request(&self.environment.worker, smiles);
            }
            ExperimentsCommand::LoadPicture(smiles) => self.request_picture(smiles),
            ExperimentsCommand::FetchFile { target, file, what } => {
                self.fetch_file(target, file, what);
            }
            ExperimentsCommand::Star { keys, is_starred } => self.star(keys, is_starred),
            ExperimentsCommand::WriteNote { key, before, text } => {
                self.write_note(key, before, text);
            }
            ExperimentsCommand::SaveViewFile { path, name } => self.save_view_file(path, &name),
            ExperimentsCommand::OpenViewFile(path) => self.open_view_file(path),
            ExperimentsCommand::DismissNews => self.experiments.news.is_dismissed = true,
            ExperimentsCommand::OpenWebViewer(target) => self.open_viewer(&target),
        }
    }

    /// Loads the hits, unless they are loaded already.
    fn request_hits(&mut self) {
        if let Some(client) = self.client() {
            self.experiments
                .load_hits_if_needed(&self.environment.worker, client);
        }
    }

    /// Returns the current layout of the table, to be saved as a view.
    pub(super) fn current_layout(&self) -> Layout {
        Layout {
            rows: Some(self.experiments.subject),
            revision: 0,
            ..self.experiments.view.layout().clone()
        }
    }

    fn save_view(&mut self, name: String) {
        let layout = self.current_layout();
        self.notices
            .info(format!("The view “{name}” has been saved."));
        self.settings.views.insert(name, layout);
        self.save_settings();
    }

    /// Saves the layout of the table for the next start. It is written a moment later: dragging changes it in every
    /// frame.
    pub(super) fn save_layout(&mut self) {
        let layout = self.experiments.view.layout_to_save();
        let kept = match self.experiments.subject {
            Subject::Experiments => &mut self.settings.view,
            Subject::Hits => &mut self.settings.hits_view,
        };
        if layout.is_some() && *kept != layout {
            *kept = layout;
            self.save_soon();
        }
    }

    fn copy(&mut self, extract: Extract, has_headings: bool) {
        let rows = plural(extract.rows.len(), "row", "rows");
        let worker = &self.environment.worker;
        self.taken.copying.start(worker, async move {
            let work = tokio::task::spawn_blocking(move || clipboard_text(&extract, has_headings));
            let (text, marked) = work.await.map_err(|error| crashed(&error))?;
            let told = format!("Copied {rows}.{}", apostrophe_note(marked));
            Ok((Copied::Text(text), told))
        });
    }

    /// Copies what `make` returns for a structure; reports a problem if it is `None`.
    fn copy_structure(
        &mut self,
        smiles: String,
        told: &'static str,
        make: impl FnOnce(&Structure, &str) -> Option<Copied> + Send + 'static,
    ) {
        let worker = &self.environment.worker;
        self.taken.copying.start(worker, async move {
            let work = tokio::task::spawn_blocking(move || {
                let structure = Structure::read(&smiles).ok()?;
                make(&structure, &smiles)
            });
            let made = work.await.map_err(|error| crashed(&error))?;
            let made = made.ok_or_else(|| {
                Problem::new(
                    ErrorKind::NotFound,
                    "This structure cannot be laid out, so there is no drawing of it here.",
                )
            })?;
            Ok((made, told.to_owned()))
        });
    }

    /// Lays a structure out and copies its molfile.
    fn copy_molfile(&mut self, smiles: String) {
        self.copy_structure(smiles, "Copied the molfile.", |structure, _| {
            structure.molfile().map(Copied::Text)
        });
    }

    /// Draws a structure and copies the picture.
    fn copy_structure_picture(&mut self, smiles: String, form: PictureFile) {
        let told = match form {
            PictureFile::Png => "Copied the picture.",
            PictureFile::Svg => "Copied the picture as SVG.",
        };
        self.copy_structure(smiles, told, move |structure, smiles| {
            let svg = structure.drawing()?.svg(smiles, &[]);
            match form {
                PictureFile::Svg => Some(Copied::Text(svg)),
                PictureFile::Png => scaled(&svg, COPIED_SCALE).map(Copied::Picture),
            }
        });
    }

    /// Collects the exports that are ready.
    pub(super) fn poll_exports(&mut self) {
        if self.taken.copying.poll() {
            if let Remote::Failed { problem, .. } = &self.taken.copying {
                self.notices.warn(problem.message.clone());
            }
            if let Some((text, sentence)) = self.taken.copying.take_value() {
                self.taken.ready = Some(text);
                self.notices.info(sentence);
            }
        }
        let has_ended = |(_, saving): &mut (PathBuf, Remote<String>)| saving.poll();
        for (file, ended) in self.taken.saving.extract_if(.., has_ended) {
            match ended {
                Remote::Ready(sentence) => self.notices.saved(sentence, file),
                Remote::Failed { problem, .. } => self.notices.warn(problem.to_string()),
                Remote::NotRequested | Remote::Loading { .. } => {}
            }
        }
        for picture in self.pictures.values_mut() {
            picture.poll();
        }
    }

    /// Takes what is to be put on the clipboard.
    pub fn take_copied(&mut self) -> Option<Copied> {
        self.taken.ready.take()
    }

    fn request_picture(&mut self, smiles: String) {
        let Some(client) = self.client() else { return };
        if self.pictures.len() >= MOST_PICTURES && !self.pictures.contains_key(&smiles) {
            self.pictures.pop_first();
        }
        let load = self.pictures.entry(smiles.clone()).or_default();
        // A drawing that failed for lack of a connection may load now.
        if !load.is_loading() && load.value().is_none() {
            load.start(&self.environment.worker, async move {
                let svg = client.picture(&smiles).await;
                let svg = svg.map_err(|error| error.problem())?;
                // A server decides how much there is to draw, so it is drawn in the background.
                let drawn = tokio::task::spawn_blocking(move || pixels(&svg, DRAWN_SIZE)).await;
                let drawn = drawn.map_err(|error| crashed(&error))?;
                drawn.map(Arc::new).ok_or_else(|| {
                    Problem::new(ErrorKind::NotFound, "The server's drawing cannot be read")
                })
            });
        }
    }

    fn fetch_file(&mut self, target: TargetKey, file: MediaFile, what: String) {
        let Some(session) = &self.sessions.current else {
            return;
        };
        let request = DownloadRequest {
            target,
            codes: Vec::new(),
            files: FileSelection::default(),
            static_link: false,
        };
        let job = Job {
            unpack: false,
            file: Some(file),
            ..Job::new(request, self.download_folder().to_owned())
        };
        self.notices
            .info(format!("{what}: see the Downloads page."));
        self.downloads.start(session, job, what);
    }

    fn open_viewer(&mut self, target: &TargetKey) {
        if let Some(session) = &self.sessions.current {
            let page = session
                .server
                .viewer_page(&target.title, target.tas.as_str());
            self.open(page.as_ref(), "The browser");
        }
    }
}
