//! The system's own notifications, for downloads that end while the user is elsewhere.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::TITLE;
use crate::state::Notifier;

/// The name by which Windows knows the program: the installers register it, with a display name and an icon.
#[cfg(windows)]
const WINDOWS_ID: &str = "uk.ac.diamond.xchem.fragalysis-desktop";

/// Returns `true` if an installer has registered that name. Windows shows nothing under an unknown name; under the
/// fallback it shows the sentence, though not under our name.
#[cfg(windows)]
fn is_installed() -> bool {
    windows_registry::CLASSES_ROOT
        .open(format!(r"AppUserModelId\{WINDOWS_ID}"))
        .is_ok()
}

/// Shows notifications. If that fails, it is only logged: everything is on screen anyway.
pub fn system_notifier(runtime: Handle) -> Notifier {
    Arc::new(move |sentence| {
        // The call may block for a while.
        runtime.spawn_blocking(move || {
            let mut notification = notify_rust::Notification::new();
            notification.appname(TITLE).summary(TITLE).body(&sentence);
            #[cfg(windows)]
            if is_installed() {
                notification.app_id(WINDOWS_ID);
            }
            let shown = notification.show();
            if let Err(error) = shown {
                tracing::info!(%error, "no notification could be shown");
            }
        });
    })
}
