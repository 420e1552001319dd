//! Which target was shown last on each server, and those before it.

use super::State;
use crate::{model::TargetKey, store::RecentTargets};

/// Number of targets remembered per server.
const MAX_RECENT: usize = 5;

impl State {
    /// Remembers the target that is shown now; `None` stands for all.
    pub(super) fn remember_target(&mut self, target: Option<&TargetKey>) {
        let Some(server) = self.session().map(|session| session.server.to_string()) else {
            return;
        };
        let recent = self.settings.recent.entry(server).or_default();
        recent.shown = target.cloned();
        if let Some(target) = target {
            recent.targets.retain(|known| known != target);
            recent.targets.insert(0, target.clone());
            recent.targets.truncate(MAX_RECENT);
        }
        self.save_soon();
    }

    /// Shows the target of the last session again, once the first list has arrived and contains it.
    pub(super) fn show_last_target(&mut self) {
        if self.experiments.is_partial() || std::mem::replace(&mut self.experiments.has_begun, true)
        {
            return;
        }
        let last = self.recent().and_then(|recent| recent.shown.clone());
        let view = &self.experiments.view;
        let is_untouched = view.target().is_none() && view.selected().is_empty();
        let is_there = |target: &TargetKey| {
            let mut targets = self.experiments.targets().iter();
            targets.any(|own| own.key == *target)
        };
        if let Some(target) = last.filter(|target| is_untouched && is_there(target)) {
            self.experiments
                .change_view(|view, sheet| view.set_target(sheet, Some(target)));
        }
    }

    /// Returns the targets shown last on this server that the user can see now, the newest first.
    pub fn recent_targets(&self) -> Vec<&TargetKey> {
        let known = self.recent().map(|recent| recent.targets.as_slice());
        let is_there = |target: &&TargetKey| {
            let mut targets = self.experiments.targets().iter();
            targets.any(|own| own.key == **target)
        };
        known.unwrap_or_default().iter().filter(is_there).collect()
    }

    fn recent(&self) -> Option<&RecentTargets> {
        let server = self.session()?.server.to_string();
        self.settings.recent.get(&server)
    }
}
