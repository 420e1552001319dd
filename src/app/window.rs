//! Opens the window with the first renderer that works here.

use std::{
    panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use eframe::{EventLoopBuilderHook, NativeOptions, Renderer};
use egui::ViewportBuilder;

use super::{App, TITLE, linux_packages};
use crate::{
    model::SessionToken,
    state::{Environment, Waker, WindowGeometry},
};

/// The name by which desktops know the program.
const APP_ID: &str = "fragalysis-desktop";
/// At smaller sizes nothing can be read.
const MIN_SIZE: [f32; 2] = [800.0, 560.0];

/// Why the window could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// There is no display, or no renderer that works on it.
    #[error("No window could be opened: {reason}")]
    NoWindow {
        /// The error of each attempt.
        reason: String,
    },
    /// A bug made the program panic, and its window could not continue.
    #[error(
        "Internal error in Fragalysis Desktop; its window had to close. Start it again: downloads will resume"
    )]
    Crashed,
}

/// Returns the saved geometry of the window if it is plausible: a window off the screen helps no one.
fn plausible(place: WindowGeometry) -> Option<WindowGeometry> {
    let is_sane = |length: f32| (MIN_SIZE[1]..=20_000.0).contains(&length);
    place.size.into_iter().all(is_sane).then_some(place)
}

/// Opens the window and returns when it is closed.
///
/// `renderers` are tried in order. `environment` is called once per attempt, with the waker of that window and the
/// name of the renderer.
/// `uses_x11` is for a session that names a Wayland display which no longer exists: winit would try only that one.
pub fn open_window(
    (renderers, uses_x11): (&[Renderer], bool),
    place: Option<WindowGeometry>,
    environment: impl Fn(Waker, &'static str) -> Environment,
    token: Option<&SessionToken>,
) -> Result<(), WindowError> {
    let mut reasons = Vec::new();
    for renderer in renderers {
        let name = name(*renderer);
        // Some remote desktops make the window library panic where others get an error (X2Go, no XInput 2).
        let has_begun = Arc::new(AtomicBool::new(false));
        let start = Start {
            renderer: *renderer,
            name,
            place: place.and_then(plausible),
            uses_x11,
            has_begun: Arc::clone(&has_begun),
        };
        let attempt = AssertUnwindSafe(|| run(&start, &environment, token));
        // The panic message would only alarm the user: the reason is given in plain words below. Once there is a
        // window, a panic is our own fault, and is reported.
        let hook: Arc<PanicHook> = Arc::from(std::panic::take_hook());
        let (usual, begun) = (Arc::clone(&hook), Arc::clone(&has_begun));
        std::panic::set_hook(Box::new(move |panic| {
            if begun.load(Ordering::Relaxed) {
                usual(panic);
            } else {
                tracing::debug!(%panic, "opening a window");
            }
        }));
        let ended = catch_unwind(attempt);
        std::panic::set_hook(Box::new(move |panic| hook(panic)));
        match ended {
            Ok(Ok(())) => return Ok(()),
            Err(_panic) if has_begun.load(Ordering::Relaxed) => return Err(WindowError::Crashed),
            Ok(Err(error)) => {
                let said = without_source_locations(&error.to_string());
                reasons.push(format!("with {name}: {said}"));
            }
            Err(_panic) => {
                reasons.push(format!(
                    "with {name}: this display lacks a feature that the window needs"
                ));
            }
        }
        tracing::warn!(renderer = name, "this renderer cannot draw the window");
    }
    // If the first attempt found no display, the error of the second only says that it may not retry.
    reasons.retain(|reason| is_own_reason(reason));
    let missing = linux_packages::missing_packages();
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

type PanicHook = dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static;

/// How a window is to be opened.
struct Start {
    renderer: Renderer,
    name: &'static str,
    place: Option<WindowGeometry>,
    uses_x11: bool,
    /// Set when the window is open.
    has_begun: Arc<AtomicBool>,
}

fn run(
    start: &Start,
    environment: &dyn Fn(Waker, &'static str) -> Environment,
    token: Option<&SessionToken>,
) -> eframe::Result {
    let mut viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title(TITLE)
        .with_inner_size(start.place.map_or([1280.0, 800.0], |place| place.size))
        .with_maximized(start.place.is_some_and(|place| place.is_maximised))
        .with_min_inner_size(MIN_SIZE);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon-256.png"))
    {
        viewport = viewport.with_icon(icon);
    }
    let options = NativeOptions {
        viewport,
        renderer: start.renderer,
        event_loop_builder: start.uses_x11.then(force_x11),
        ..NativeOptions::default()
    };
    eframe::run_native(
        APP_ID,
        options,
        Box::new(|cc| {
            start.has_begun.store(true, Ordering::Relaxed);
            let ctx = cc.egui_ctx.clone();
            let waker: Waker = Arc::new(move || ctx.request_repaint());
            Ok(Box::new(App::new(
                cc,
                environment(waker, start.name),
                token.cloned(),
            )))
        }),
    )
}

/// Makes `winit` use X11 where an X server is available.
fn force_x11() -> EventLoopBuilderHook {
    Box::new(|builder| {
        #[cfg(target_os = "linux")]
        {
            use winit::platform::x11::EventLoopBuilderExtX11 as _;
            builder.with_x11();
        }
        #[cfg(not(target_os = "linux"))]
        let _ = builder;
    })
}

/// Removes the source files that a library names in its messages: they help no one.
fn without_source_locations(said: &str) -> String {
    let pieces = said.split(": ").filter(|piece| !piece.contains(" at /"));
    let kept: Vec<&str> = pieces.collect();
    if kept.is_empty() {
        return said.to_owned();
    }
    kept.join(": ")
}

fn is_own_reason(reason: &str) -> bool {
    !reason.contains("can't be recreated")
}

fn name(renderer: Renderer) -> &'static str {
    match renderer {
        Renderer::Glow => "OpenGL (glow)",
        Renderer::Wgpu => "Vulkan, Metal or Direct3D (wgpu)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_locations_are_removed() {
        let said = "winit EventLoopError: os error at /root/winit-0.30/src/linux/mod.rs:788: Failed to open connection to X server";
        assert_eq!(
            without_source_locations(said),
            "winit EventLoopError: Failed to open connection to X server"
        );
        assert_eq!(without_source_locations("no display"), "no display");
        assert_eq!(
            without_source_locations("broken at /dev/dri"),
            "broken at /dev/dri"
        );
    }
}
