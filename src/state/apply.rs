//! Fulfils the user's wishes.

use std::{collections::BTreeSet, path::PathBuf};

use super::{
    Command, Route, SelectHow, State, Viewer, experiments::Keeping, signing::Origin, status,
};
use crate::{
    api::Client,
    model::{ErrorKind, Problem, plural},
    store::{KeptTables, LARGEST_TEXT, SMALLEST_TEXT, WindowPlace},
};

impl State {
    /// Fulfils one wish.
    pub fn apply(&mut self, command: Command) {
        match command {
            Command::Go(route) => self.go(route),
            Command::RefreshExperiments => self.refresh_experiments(),
            Command::RefreshStatus => self.refresh_status(),
            Command::AskWhy(subject) => self.ask_why(&subject),
            Command::OpenIn { viewer, place } => self.open_in(viewer, place),
            Command::ShowPlace(place) => {
                // A file is not opened, only shown in its folder: what is in it came from a server.
                let folder = place.parent().filter(|_| !place.is_dir()).unwrap_or(&place);
                self.open(folder.as_os_str(), "The folder");
            }
            Command::OpenFolder(folder) => self.open(folder.as_os_str(), "The folder"),
            Command::OpenTokenPage(server) => {
                self.open(server.token_page().as_ref(), "The browser");
            }
            Command::OpenServer(server) => self.open(server.as_str().as_ref(), "The browser"),
            Command::SetTheme(theme) => {
                self.settings.theme = theme;
                self.save_settings();
            }
            Command::SetTextSize(size) => {
                self.settings.text_size = size.clamp(SMALLEST_TEXT, LARGEST_TEXT);
                self.save_settings();
            }
            Command::KeepPane { name, size } => {
                self.settings.panes.insert(name.to_owned(), size);
                self.save_settings();
            }
            Command::SetDownloadFolder(folder) => {
                self.settings.download_folder = Some(folder);
                self.save_settings();
            }
            Command::SetParallel(parallel) => {
                self.settings.parallel = parallel;
                self.downloads.set_parallel(parallel);
                self.save_settings();
            }
            Command::SetSpeedLimit(limit) => {
                self.settings.speed_limit = limit;
                self.downloads.set_speed_limit(limit);
                self.save_settings();
            }
            Command::SetProxy { proxy, password } => self.set_proxy(proxy, password),
            Command::SetAuthorities(path) => self.set_authorities(path),
            Command::SetPreset { name, files } => {
                match files {
                    Some(files) => self.settings.presets.insert(name, files),
                    None => self.settings.presets.remove(&name),
                };
                self.save_settings();
            }
            Command::RememberFiles(files) => {
                self.settings.files = Some(files);
                self.save_settings();
            }
            Command::AllowReleases(is_allowed) => self.allow_releases(is_allowed),
            Command::ForgetTraces => self.forget_traces(),
            Command::CopyReport => self.copy_report(),
            Command::CopyCrash => self.copy_crash(),
            Command::ForgetCrash => self.forget_crash(),
            Command::Tell(text) => self.notices.tell(text),
            Command::DismissNotice(id) => self.notices.dismiss(id),
            of_downloads => self.apply_to_downloads(of_downloads),
        }
    }

    /// The wishes that concern downloads.
    fn apply_to_downloads(&mut self, command: Command) {
        match command {
            Command::StartDownload { job, what } => {
                if let Some(session) = &self.session {
                    let files = job.request.files.clone();
                    let target = job.request.target.to_string();
                    self.settings.files_of.insert(target, files.clone());
                    self.settings.files = Some(files);
                    self.settings.unpack = job.unpack;
                    self.settings.download_folder = Some(job.parent.clone());
                    self.downloads.start(session, job, what);
                    self.save_settings();
                    self.route = Route::Downloads;
                }
            }
            Command::PauseDownload(id) => self.downloads.pause(id),
            Command::CancelDownload(id) => self.downloads.cancel(id),
            Command::MoveDownload { id, is_up } => self.downloads.move_by(id, is_up),
            Command::RetryDownload(id) => {
                if let Err(server) = self.downloads.go_on_with(self.session.as_ref(), id) {
                    self.notices.warn(format!(
                        "This download belongs to {}. Sign in there, then try again.",
                        server.host_text()
                    ));
                }
            }
            Command::ClearFinished => {
                if let Some(session) = &self.session {
                    self.downloads.clear_finished(session);
                }
            }
            Command::OfLibrary(wish) => self.apply_to_library(wish),
            Command::MeasureFolder(folder) => {
                self.downloads.measure(&self.surroundings.worker, &folder);
            }
            of_the_session => self.apply_to_session(of_the_session),
        }
    }

    /// The wishes that concern who one is, and where.
    fn apply_to_session(&mut self, command: Command) {
        match command {
            Command::SignIn {
                server,
                token,
                keeps,
            } => {
                let origin = if keeps {
                    Origin::GivenToKeep
                } else {
                    Origin::Given
                };
                self.sign_in(server, token, origin);
            }
            Command::SignInAsKept(server) => self.sign_in_as_kept(&server),
            Command::ForgetKept(server) => {
                self.forget_tables(&server);
                self.forget_kept(server);
            }
            Command::ForgetServer(server) => self.forget_server(server),
            Command::CancelSignIn => self.cancel_sign_in(),
            Command::RetrySession => self.retry_session(),
            Command::SwitchTo(server) => self.switch_to(&server),
            Command::SignInAgain => {
                self.cancel_sign_in();
                self.wants_sign_in = true;
            }
            Command::BackToWork => {
                self.wants_sign_in = false;
                self.cancel_sign_in();
            }
            Command::SignOut => self.sign_out(),
            Command::AskStatistics {
                address,
                key,
                keeps,
            } => self.ask_statistics(address, key, keeps),
            Command::AskStatisticsAsKept(address) => self.ask_statistics_as_kept(address),
            Command::ForgetStatisticsKey(address) => self.forget_statistics_key(address),
            of_the_table => self.apply_to_table(of_the_table),
        }
    }

    /// The wishes that concern the table alone.
    fn apply_to_table(&mut self, command: Command) {
        let client = self.client();
        let experiments = &mut self.experiments;
        match command {
            Command::ShowTarget(target) => {
                experiments.change_view(|view, rows| view.set_target(rows, target));
            }
            Command::Search(text) => {
                experiments.change_view(|view, rows| view.set_search(rows, text));
            }
            Command::SortBy { field, is_further } => {
                experiments.change_view(|view, rows| view.sort_by(rows, &field, is_further));
                self.keep_layout();
            }
            Command::ShowColumn { field, is_shown } => {
                experiments.change_view(|view, rows| view.show_column(rows, &field, is_shown));
                self.keep_layout();
            }
            Command::Select(id, how) => experiments.change_view(|view, rows| match how {
                SelectHow::Only => view.select_only(rows, id),
                SelectHow::Toggle => view.toggle(rows, id),
                SelectHow::Range => view.select_range(rows, id),
            }),
            Command::SelectAll => experiments.change_view(|view, rows| view.toggle_all(rows)),
            Command::ClearSelection => {
                experiments.change_view(|view, rows| view.select(rows, BTreeSet::new()));
            }
            Command::OfTable(wish) => self.apply_table_wish(wish),
            Command::NeedObservations(target) => {
                if let Some(client) = client {
                    experiments.need_observations(&self.surroundings.worker, client, &target);
                }
            }
            _ => {}
        }
    }

    fn go(&mut self, route: Route) {
        self.route = route;
        if route == Route::Downloads && self.session.is_some() {
            self.look_at_library_now_and_then();
        }
        if route == Route::Status && self.status.is_not_asked() {
            self.refresh_status();
        }
    }

    pub(super) fn refresh_experiments(&mut self) {
        if let Some(session) = &self.session {
            // Of somebody without a name nobody could say later whether it is the same person.
            let has_name = session.user.is_some() || !session.has_token();
            let keeping = has_name.then(|| Keeping {
                tables: KeptTables::in_folder(&self.surroundings.folders.data),
                server: session.server.to_string(),
                user: session.owner().map(str::to_owned),
            });
            let (client, clock) = (session.client.clone(), self.surroundings.clock);
            self.experiments
                .refresh(&self.surroundings.worker, client, clock, keeping);
        }
    }

    pub(super) fn refresh_status(&mut self) {
        if let Some(session) = &self.session {
            let (client, clock) = (session.client.clone(), self.surroundings.clock);
            status::refresh(&mut self.status, &self.surroundings.worker, client, clock);
        }
    }

    pub(super) fn let_downloads_go_on(&mut self) {
        if let Some(session) = self.session.as_ref().filter(|session| !session.has_ended()) {
            self.downloads.go_on(session);
        }
    }

    pub(super) fn client(&self) -> Option<Client> {
        self.session.as_ref().map(|session| session.client.clone())
    }

    /// A disk that is slow, full or locked must not be in the way of the work.
    pub(super) fn save_settings(&mut self) {
        self.kept_builds
            .use_keychain(!self.settings.kept.is_empty());
        self.saves += 1;
        self.save_due = None;
        let (file, settings, number) = (
            self.settings_file.clone(),
            self.settings.clone(),
            self.saves,
        );
        self.saving.start(&self.surroundings.worker, async move {
            let written = tokio::task::spawn_blocking(move || file.write(&settings, number));
            match written.await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(not_saved(&error.to_string())),
                Err(error) => Err(not_saved(&error.to_string())),
            }
        });
    }

    /// Keeps how the window is, and which page is open. Waits for the disk: the window is closing.
    pub fn keep_window(&mut self, place: Option<WindowPlace>) {
        self.settings.window = place;
        self.settings.page = Some(self.route.key().to_owned());
        self.saves += 1;
        if let Err(error) = self.settings_file.write(&self.settings, self.saves) {
            tracing::warn!(%error, "the settings could not be kept at the end");
        }
    }

    fn open_in(&mut self, viewer: Viewer, place: PathBuf) {
        self.opening.start(&self.surroundings.worker, async move {
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
            Err(Problem {
                kind: ErrorKind::NotFound,
                message: format!("{name} could not show the folder: {reason}."),
            })
        });
    }

    /// Opens a folder or a page with the system's own program. Never a file that came from a server.
    pub(super) fn open(&mut self, what: &std::ffi::OsStr, name: &str) {
        if let Err(error) = open::that_detached(what) {
            tracing::warn!(%error, "nothing opened");
            self.notices.warn(format!(
                "{name} could not be opened. You find it here: {}",
                what.display()
            ));
        }
    }
}

fn not_saved(reason: &str) -> Problem {
    Problem {
        kind: ErrorKind::NotWritable,
        message: format!(
            "Your settings could not be saved ({reason}). They hold until you close the window."
        ),
    }
}
