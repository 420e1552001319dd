//! Copies a plot as a picture.

use super::{
    Copied, State,
    export::{crashed, not_drawn},
};
use crate::{
    picture::{TextRendering, scaled},
    table::{Chart, svg},
};

/// Pixels of a copied plot per unit of its drawing.
const SCALE: f32 = 2.0;

impl State {
    /// Draws a plot and copies the picture.
    pub(super) fn copy_plot(&mut self, chart: Chart) {
        let worker = &self.environment.worker;
        self.taken.copying.start(worker, async move {
            let work = tokio::task::spawn_blocking(move || {
                scaled(&svg(&chart, TextRendering::Outlines), SCALE)
            });
            let drawn = work.await.map_err(|error| crashed(&error))?;
            let drawn = drawn.ok_or_else(not_drawn)?;
            let told = "Copied the plot as a picture.";
            Ok((Copied::Picture(drawn), told.to_owned()))
        });
    }
}
