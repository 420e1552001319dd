//! The system's own notifications, for what ends while no one looks.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::TITLE;
use crate::state::Notifier;

/// Shows notifications. A system without them says so in the log only: everything is on screen anyway.
pub fn system_notifier(runtime: Handle) -> Notifier {
    Arc::new(move |sentence| {
        // The system may take its time to answer.
        runtime.spawn_blocking(move || {
            let shown = notify_rust::Notification::new()
                .appname(TITLE)
                .summary(TITLE)
                .body(&sentence)
                .show();
            if let Err(error) = shown {
                tracing::info!(%error, "no notification could be shown");
            }
        });
    })
}
