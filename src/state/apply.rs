//! Carries out the user's commands.

use super::{
    AppCommand, Command, Copied, DownloadsCommand, LibraryCommand, Remote, Route, Session,
    SessionCommand, SettingsCommand, State, StatusCommand, Undo, news::CacheKey, signing::Origin,
    status,
};
use crate::{
    api::Client,
    store::{LARGEST_TEXT, SMALLEST_TEXT, TableStore},
};

impl State {
    /// Carries out one command.
    pub fn apply(&mut self, command: Command) {
        match command {
            Command::Session(command) => self.apply_to_session(command),
            Command::Status(command) => self.apply_to_status(command),
            Command::Experiments(command) => self.apply_to_experiments(command),
            Command::Table(command) => self.apply_to_table(command),
            Command::Downloads(command) => self.apply_to_downloads(command),
            Command::Library(command) => self.apply_to_library(command),
            Command::Settings(command) => self.apply_to_settings(command),
            Command::App(command) => self.apply_to_app(command),
        }
    }

    fn apply_to_app(&mut self, command: AppCommand) {
        match command {
            AppCommand::Go(route) => self.go(route),
            AppCommand::OpenIn { viewer, place } => self.open_in(viewer, place),
            AppCommand::ShowInFileManager(place) => {
                self.show_in_file_manager(place);
            }
            AppCommand::OpenFolder(folder) => self.open(folder.as_os_str(), "The folder"),
            AppCommand::OpenTokenPage(server) => {
                self.open(server.token_page().as_ref(), "The browser");
            }
            AppCommand::OpenServer(server) => self.open(server.as_str().as_ref(), "The browser"),
            AppCommand::NewWindow => self.open_new_window(),
            AppCommand::TakeDropped(path) => self.take_dropped(path),
            AppCommand::CopyReport => self.copy_report(),
            AppCommand::CopyCrash => self.copy_crash(),
            AppCommand::DismissCrash => self.forget_crash(),
            AppCommand::Copy { text, told } => {
                // What is copied last stays on the clipboard, however long an earlier copy takes.
                self.taken.copying = Remote::NotRequested;
                self.taken.ready = Some(Copied::Text(text));
                self.notices.info(told);
            }
            AppCommand::Notify(text) => self.notices.info(text),
            AppCommand::DismissNotice(id) => self.notices.dismiss(id),
            AppCommand::Undo(id) => self.undo(id),
        }
    }

    /// Undoes what a message offers to undo.
    fn undo(&mut self, notice: u64) {
        match self.notices.take_undo(notice) {
            None => {}
            Some(Undo::ClearedDownloads) => self.downloads.restore_cleared(),
            Some(Undo::ForgottenFolder(place)) => {
                self.apply_to_library(LibraryCommand::Add(place));
            }
            Some(Undo::RemovedStars(keys)) => self.star(keys, true),
            Some(Undo::DeletedView { name, view }) => {
                self.settings.views.entry(name).or_insert(*view);
                self.save_settings();
            }
            Some(Undo::DeletedPreset { name, files }) => {
                self.settings.presets.entry(name).or_insert(files);
                self.save_settings();
            }
        }
    }

    fn apply_to_settings(&mut self, command: SettingsCommand) {
        match command {
            SettingsCommand::SetTheme(theme) => self.settings.theme = theme,
            SettingsCommand::SetTextSize(size) => {
                self.settings.text_size = size.clamp(SMALLEST_TEXT, LARGEST_TEXT);
            }
            SettingsCommand::SetPaneSize { name, size } => {
                self.settings.panes.insert(name.to_owned(), size);
            }
            SettingsCommand::SetHitsLook(look) => self.settings.hits_look = look,
            SettingsCommand::SetDownloadFolder(folder) => {
                self.settings.download_folder = Some(folder);
            }
            SettingsCommand::SetParallel(parallel) => {
                self.settings.parallel = parallel;
                self.downloads.set_parallel(parallel);
            }
            SettingsCommand::SetSpeedLimit(limit) => {
                self.settings.speed_limit = limit;
                self.downloads.set_speed_limit(limit);
            }
            SettingsCommand::SetPreset {
                name,
                files: Some(files),
            } => {
                self.settings.presets.insert(name, files);
            }
            SettingsCommand::SetPreset { name, files: None } => self.delete_preset(name),
            // These save the settings themselves, once the values have been checked.
            SettingsCommand::SetProxy { proxy, password } => {
                return self.set_proxy(proxy, password);
            }
            SettingsCommand::SetAuthorities(path) => return self.set_authorities(path),
            SettingsCommand::AllowReleaseCheck(is_allowed) => {
                return self.allow_releases(is_allowed);
            }
            SettingsCommand::ForgetStoredData => return self.forget_stored_data(),
        }
        self.save_settings();
    }

    fn apply_to_downloads(&mut self, command: DownloadsCommand) {
        match command {
            DownloadsCommand::Start { job, what } => {
                if let Some(session) = &self.sessions.current {
                    let files = job.request.files.clone();
                    let target = job.request.target.to_string();
                    self.settings.files_of.insert(target, files.clone());
                    self.settings.files = Some(files);
                    self.settings.unpack = job.unpack;
                    self.settings.download_folder = Some(job.parent.clone());
                    self.downloads.start(session, *job, what);
                    self.save_settings();
                    self.route = Route::Downloads;
                }
            }
            DownloadsCommand::Pause(id) => self.downloads.pause(id),
            DownloadsCommand::Cancel(id) => self.downloads.cancel(id),
            DownloadsCommand::Move { id, is_up } => self.downloads.move_by(id, is_up),
            DownloadsCommand::Retry(id) => {
                if let Err(server) = self.downloads.resume(self.sessions.current.as_ref(), id) {
                    self.notices.warn(format!(
                        "This download belongs to {}. Sign in there, then try again.",
                        server.host_text()
                    ));
                }
            }
            DownloadsCommand::ClearFinished => self.clear_finished_downloads(),
            DownloadsCommand::MeasureFolder(folder) => {
                self.downloads.measure(&self.environment, &folder);
                // Earlier downloads are the basis for estimating the size of the next one.
                self.scan_library_if_stale();
            }
        }
    }

    fn apply_to_session(&mut self, command: SessionCommand) {
        match command {
            SessionCommand::SignIn {
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
            SessionCommand::SignInWithSavedToken(server) => self.sign_in_with_saved_token(&server),
            SessionCommand::ForgetServer(server) => self.forget_server(server),
            SessionCommand::WorkOffline(server) => self.work_offline(&server),
            SessionCommand::CancelSignIn => self.cancel_sign_in(),
            SessionCommand::Retry => self.retry_session(),
            SessionCommand::SwitchTo(server) => self.switch_to(&server),
            SessionCommand::SignInAgain => {
                self.cancel_sign_in();
                self.sign_in.is_wanted = true;
            }
            SessionCommand::BackToWork => {
                self.sign_in.is_wanted = false;
                self.cancel_sign_in();
            }
            SessionCommand::SignOut => self.sign_out(),
        }
    }

    fn apply_to_status(&mut self, command: StatusCommand) {
        match command {
            StatusCommand::Refresh => self.refresh_status(),
            StatusCommand::LoadStatistics {
                address,
                key,
                keeps,
            } => self.ask_statistics(address, key, keeps),
            StatusCommand::LoadStatisticsWithSavedKey(address) => {
                self.ask_statistics_as_kept(address);
            }
            StatusCommand::ForgetStatisticsKey(address) => self.forget_statistics_key(address),
            StatusCommand::Explain(subject) => self.ask_why(&subject),
            StatusCommand::Ask(subject) => {
                self.account.question = (self.account.question.0 + 1, subject);
                self.go(Route::Status);
            }
        }
    }

    fn go(&mut self, route: Route) {
        self.route = route;
        if route == Route::Downloads && self.sessions.current.is_some() {
            self.scan_library_if_stale();
        }
        if route == Route::Status && self.account.status.is_not_requested() {
            self.refresh_status();
        }
    }

    pub(super) fn refresh_experiments(&mut self) {
        if let Some(session) = &self.sessions.current {
            // Without a user name, a later session could not be recognised as the same user's.
            let has_name = session.user.is_some() || !session.has_token();
            let keeping = has_name.then(|| CacheKey {
                tables: TableStore::in_folder(&self.environment.folders.data),
                server: session.server.to_string(),
                user: session.owner().map(str::to_owned),
            });
            let (client, clock) = (session.client.clone(), self.environment.clock);
            self.experiments
                .refresh(&self.environment.worker, client, clock, keeping);
            self.read_notes();
        }
    }

    pub(super) fn refresh_status(&mut self) {
        if let Some(session) = &self.sessions.current {
            let (client, clock) = (session.client.clone(), self.environment.clock);
            status::refresh(
                &mut self.account.status,
                &self.environment.worker,
                client,
                clock,
            );
        }
    }

    pub(super) fn resume_waiting_downloads(&mut self) {
        if let Some(session) = self
            .sessions
            .current
            .as_ref()
            .filter(|session| !session.has_ended())
        {
            self.downloads.resume_after_sign_in(session);
        }
    }

    /// Returns the current session; `None` before the first sign-in.
    pub fn session(&self) -> Option<&Session> {
        self.sessions.current.as_ref()
    }

    /// Returns how often what is on screen has come to belong to another user, or another server.
    pub fn changes_of_owner(&self) -> u64 {
        self.sessions.changes_of_owner
    }

    /// Returns the sessions with other servers, to which the user can switch.
    pub fn other_sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.others.values()
    }

    pub(super) fn client(&self) -> Option<Client> {
        self.sessions
            .current
            .as_ref()
            .map(|session| session.client.clone())
    }
}
