//! Closing the window while downloads are running: now, later, or when they have finished.

use egui::{Context, ViewportCommand};

use crate::ui::CloseAnswer;

/// How far closing the window has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Closing {
    /// The window stays open.
    #[default]
    No,
    /// A close was requested, and the user is being asked about the downloads.
    Asked,
    /// The window closes once no download is running.
    WhenDone,
    /// The window is closing.
    Now,
}

impl Closing {
    /// Handles a request to close the window. While downloads are running, it is deferred and the user is asked.
    pub(super) fn handle_close_request(&mut self, ctx: &Context, running: usize) {
        let is_requested = ctx.input(|input| input.viewport().close_requested());
        match self {
            // A second request to close while the question is open is final.
            Self::Asked if is_requested => *self = Self::Now,
            Self::No | Self::WhenDone if is_requested && running > 0 => {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                *self = Self::Asked;
            }
            Self::Asked | Self::WhenDone if running == 0 => self.close(ctx),
            Self::Now | Self::No | Self::Asked | Self::WhenDone => {}
        }
    }

    /// Applies the user's answer.
    pub(super) fn answer(&mut self, ctx: &Context, answer: CloseAnswer) {
        match answer {
            CloseAnswer::Now => self.close(ctx),
            CloseAnswer::WhenDone => *self = Self::WhenDone,
            CloseAnswer::Stay => *self = Self::No,
        }
    }

    fn close(&mut self, ctx: &Context) {
        *self = Self::Now;
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }
}
