//! Whether there is a newer release of this program: checked only if the user has allowed it, and only reported.

use super::{Remote, State};
use crate::{
    api::Client,
    model::{ErrorKind, Problem, Release, ServerAddress},
};

const OWN: &str = env!("CARGO_PKG_VERSION");

impl State {
    /// Allows or forbids checks for newer releases.
    pub(super) fn allow_releases(&mut self, is_allowed: bool) {
        self.settings.looks_for_releases = is_allowed;
        self.save_settings();
        self.look_for_release();
    }

    /// Checks for a newer release, if that is allowed and an address is configured.
    pub(super) fn look_for_release(&mut self) {
        self.desktop.release = Remote::NotRequested;
        if !self.settings.looks_for_releases {
            return;
        }
        let Some(address) = self.environment.releases.clone() else {
            return;
        };
        let options = self.environment.client.clone();
        self.desktop
            .release
            .start(&self.environment.worker, async move {
                let (server, path) = parts(&address)?;
                let client = Client::new(server, None, options).map_err(|error| error.problem())?;
                let found = client.newest_release(&path).await;
                found.map_err(|error| error.problem())
            });
    }

    pub(super) fn poll_release(&mut self) {
        if self.desktop.release.poll()
            && let Some(release) = self.newer_release()
        {
            let version = release.version.clone();
            self.notices.info(format!(
                "Version {version} of this program is available; you have {OWN}. Ask the person who installed it for an update."
            ));
        }
    }

    /// Returns the latest release if it is newer than this program, otherwise `None`.
    pub fn newer_release(&self) -> Option<&Release> {
        let release = self.desktop.release.value();
        release.filter(|release| release.is_newer_than(OWN))
    }
}

fn parts(address: &str) -> Result<(ServerAddress, String), Problem> {
    let wrong = || {
        Problem::new(
            ErrorKind::InvalidRequest,
            "The address of the releases is not valid",
        )
    };
    let server = ServerAddress::parse(address).map_err(|_error| wrong())?;
    let path = address.splitn(4, '/').nth(3).ok_or_else(wrong)?;
    Ok((server, format!("/{path}")))
}
