//! Closing the window while downloads are under way: now, later, or when they are done.

use egui::{Context, ViewportCommand};

use crate::ui::CloseAnswer;

/// How far the window is on its way to be closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Closing {
    /// No one wants it closed.
    #[default]
    No,
    /// It is to be closed, and the user is asked about the downloads.
    Asked,
    /// It is to be closed when nothing is under way any more.
    WhenDone,
    /// It is being closed.
    Now,
}

impl Closing {
    /// Looks whether the window is to be closed. With downloads under way that is held up, and asked about.
    pub(super) fn look(&mut self, ctx: &Context, running: usize) {
        let is_requested = ctx.input(|input| input.viewport().close_requested());
        match self {
            // Asked to close again while the question is there: then it is meant.
            Self::Asked if is_requested => *self = Self::Now,
            Self::No | Self::WhenDone if is_requested && running > 0 => {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                *self = Self::Asked;
            }
            Self::Asked | Self::WhenDone if running == 0 => self.close(ctx),
            Self::Now | Self::No | Self::Asked | Self::WhenDone => {}
        }
    }

    /// Takes an answer in.
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
