//! Opens the window with whatever can draw it here.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use eframe::{NativeOptions, Renderer};
use egui::ViewportBuilder;

use super::{App, TITLE, libraries};
use crate::{
    model::SessionToken,
    state::{Surroundings, Waker},
};

/// The name by which desktops know the program.
const APP_ID: &str = "fragalysis-desktop";

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// Nothing to show a window on, or nothing that can draw it.
    #[error("No window could be opened: {reason}")]
    NoWindow {
        /// What each attempt said.
        reason: String,
    },
}

/// Opens the window and returns when it is closed.
///
/// `renderers` are tried in order. `surroundings` is asked once per attempt, with the waker of that window
/// and the name of what draws it.
pub fn open_window(
    renderers: &[Renderer],
    surroundings: impl Fn(Waker, &'static str) -> Surroundings,
    token: Option<&SessionToken>,
) -> Result<(), WindowError> {
    let mut reasons = Vec::new();
    for renderer in renderers {
        let name = name(*renderer);
        // Some remote desktops make the window library panic where others get an error (X2Go, no XInput 2).
        let attempt = AssertUnwindSafe(|| run(*renderer, name, &surroundings, token));
        // Its own report would only frighten: what is needed is said in words below.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(
            |panic| tracing::debug!(%panic, "opening a window"),
        ));
        let ended = catch_unwind(attempt);
        std::panic::set_hook(hook);
        match ended {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => reasons.push(format!("with {name}: {error}")),
            Err(_panic) => {
                reasons.push(format!("with {name}: this display lacks what windows need"));
            }
        }
        tracing::warn!(renderer = name, "the window could not be drawn with this");
    }
    // Where the first attempt found no display, the second only says that it may not try again.
    reasons.retain(|reason| reasons_of_its_own(reason));
    let missing = libraries::missing_packages();
    if !missing.is_empty() {
        reasons.push(format!(
            "this computer lacks the packages {}",
            missing.join(" ")
        ));
    }
    Err(WindowError::NoWindow {
        reason: reasons.join("; "),
    })
}

fn run(
    renderer: Renderer,
    name: &'static str,
    surroundings: &dyn Fn(Waker, &'static str) -> Surroundings,
    token: Option<&SessionToken>,
) -> eframe::Result {
    let mut viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title(TITLE)
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([800.0, 560.0]);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon-256.png"))
    {
        viewport = viewport.with_icon(icon);
    }
    let options = NativeOptions {
        viewport,
        renderer,
        ..NativeOptions::default()
    };
    eframe::run_native(
        APP_ID,
        options,
        Box::new(|cc| {
            let ctx = cc.egui_ctx.clone();
            let waker: Waker = Arc::new(move || ctx.request_repaint());
            Ok(Box::new(App::new(
                cc,
                surroundings(waker, name),
                token.cloned(),
            )))
        }),
    )
}

fn reasons_of_its_own(reason: &str) -> bool {
    !reason.contains("can't be recreated")
}

fn name(renderer: Renderer) -> &'static str {
    match renderer {
        Renderer::Glow => "OpenGL (glow)",
        Renderer::Wgpu => "Vulkan, Metal or Direct3D (wgpu)",
    }
}
