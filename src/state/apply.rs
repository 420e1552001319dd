//! Fulfils the user's wishes.

use super::{Command, Load, Route, SelectHow, State, signing::Origin, status};
use crate::{
    api::{Client, explain, statistics},
    model::{ErrorKind, Problem},
};

impl State {
    /// Fulfils one wish.
    pub fn apply(&mut self, command: Command) {
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
            Command::ForgetKept(server) => self.forget_kept(server),
            Command::CancelSignIn => self.signing_in = Load::NotAsked,
            Command::SignInAgain => self.wants_sign_in = true,
            Command::BackToWork => {
                self.wants_sign_in = false;
                self.signing_in = Load::NotAsked;
            }
            Command::SignOut => self.sign_out(),
            Command::Go(route) => self.go(route),
            Command::RefreshExperiments => self.refresh_experiments(),
            Command::RefreshStatus => self.refresh_status(),
            Command::AskStatistics { address, key } => {
                let options = self.surroundings.client.clone();
                self.statistics
                    .start(&self.surroundings.worker, async move {
                        statistics(&address, &key, &options).await
                    });
            }
            Command::AskWhy(subject) => self.ask_why(&subject),
            Command::StartDownload { job, what } => {
                if let Some(client) = self.client() {
                    self.settings.files = Some(job.request.files.clone());
                    self.settings.unpack = job.unpack;
                    self.settings.download_folder = Some(job.parent.clone());
                    self.save_settings();
                    self.downloads.start(client, job, what);
                    self.route = Route::Downloads;
                }
            }
            Command::CancelDownload(id) => self.downloads.cancel(id),
            Command::RetryDownload(id) => {
                if let Some(client) = self.client() {
                    self.downloads.retry(client, id);
                }
            }
            Command::ClearFinished => self.downloads.clear_finished(),
            Command::MeasureFolder(folder) => {
                self.downloads.measure(&self.surroundings.worker, &folder);
            }
            Command::OpenFolder(folder) => self.open(folder.as_os_str(), "The folder"),
            Command::OpenTokenPage(server) => {
                self.open(server.token_page().as_ref(), "The browser");
            }
            Command::SetTheme(theme) => {
                self.settings.theme = theme;
                self.save_settings();
            }
            Command::SetDownloadFolder(folder) => {
                self.settings.download_folder = Some(folder);
                self.save_settings();
            }
            Command::RememberFiles(files) => {
                self.settings.files = Some(files);
                self.save_settings();
            }
            Command::Tell(text) => self.notices.tell(text),
            Command::DismissNotice(id) => self.notices.dismiss(id),
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
            }
            Command::ShowColumn { field, is_shown } => {
                experiments.change_view(|view, rows| view.show_column(rows, &field, is_shown));
            }
            Command::Select(id, how) => experiments.change_view(|view, rows| match how {
                SelectHow::Only => view.select_only(id),
                SelectHow::Toggle => view.toggle(id),
                SelectHow::Range => view.select_range(rows, id),
            }),
            Command::SelectAll => experiments.change_view(|view, rows| view.toggle_all(rows)),
            Command::ClearSelection => experiments.view.clear_selection(),
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
        if route == Route::Status && self.status.is_not_asked() {
            self.refresh_status();
        }
    }

    pub(super) fn refresh_experiments(&mut self) {
        if let Some(client) = self.client() {
            let clock = self.surroundings.clock;
            self.experiments
                .refresh(&self.surroundings.worker, client, clock);
        }
    }

    pub(super) fn refresh_status(&mut self) {
        if let Some(session) = &self.session {
            let (client, state) = (session.client.clone(), session.state);
            let clock = self.surroundings.clock;
            status::refresh(
                &mut self.status,
                &self.surroundings.worker,
                client,
                state,
                clock,
            );
        }
    }

    fn ask_why(&mut self, subject: &str) {
        let Some(session) = &self.session else { return };
        let info = self.status.value().and_then(|status| status.user.as_ref());
        let targets = self
            .experiments
            .table
            .value()
            .map(|table| table.targets.as_slice());
        self.why = Some(explain(subject, session.state, info, targets));
    }

    pub(super) fn client(&self) -> Option<Client> {
        self.session.as_ref().map(|session| session.client.clone())
    }

    /// A disk that is slow, full or locked must not be in the way of the work.
    pub(super) fn save_settings(&mut self) {
        self.saves += 1;
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

    /// Opens a folder or a page with the system's own program. Never a file that came from a server.
    fn open(&mut self, what: &std::ffi::OsStr, name: &str) {
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
