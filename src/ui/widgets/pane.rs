//! Panes at the edge of a page, resizable by the user.

use egui::{Frame, IdSalt, Panel, Rangef, Ui};

use crate::{
    state::{Command, SettingsCommand, State},
    ui::theme::Tokens,
};

/// The edge of the page at which a pane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Bottom.
    Bottom,
}

/// A pane whose size is remembered.
pub(crate) struct Pane {
    /// Its name in the settings.
    pub(crate) name: &'static str,
    /// What is in it, in words.
    pub(crate) what: &'static str,
    /// Where it is.
    pub(crate) edge: Edge,
    /// Its default width or height, in points.
    pub(crate) usual: f32,
    /// How small and how large it may be made.
    pub(crate) range: Rangef,
}

impl Pane {
    /// The pane of details of a row.
    pub(crate) const DETAILS: Self = Self {
        name: "details",
        what: "the details",
        edge: Edge::Right,
        usual: 300.0,
        range: Rangef {
            min: 240.0,
            max: 480.0,
        },
    };

    /// The pane of sites and tags.
    pub(crate) const SITES: Self = Self {
        name: "sites",
        what: "the sites and tags",
        edge: Edge::Left,
        usual: 216.0,
        range: Rangef {
            min: 170.0,
            max: 360.0,
        },
    };

    /// Returns the pane of the plot for this available height.
    pub(crate) fn plot(height: f32) -> Self {
        Self {
            name: "plot",
            what: "the plot",
            edge: Edge::Bottom,
            // Below its lines of text there must be room for the plot itself.
            usual: (height * 0.5).max(250.0),
            range: Rangef::new(200.0, (height - 120.0).max(200.0)),
        }
    }

    /// Draws the pane, and remembers its size after it was dragged.
    pub(crate) fn show(
        &self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
        content: impl FnOnce(&mut Ui, &mut Vec<Command>),
    ) {
        let tokens = Tokens::of(ui);
        let kept = state.settings.panes.get(self.name).copied();
        let kept = kept.filter(|size| size.is_finite()).unwrap_or(self.usual);
        let (panel, frame) = match self.edge {
            Edge::Left => (Panel::left(self.name), Frame::new().fill(tokens.panel)),
            Edge::Right => (Panel::right(self.name), Frame::new().fill(tokens.panel)),
            Edge::Bottom => {
                let frame = Frame::new().fill(tokens.surface).inner_margin(8);
                (Panel::bottom(self.name), frame)
            }
        };
        let shown = panel
            .resizable(true)
            .default_size(self.range.clamp(kept))
            .size_range(self.range)
            .frame(frame)
            .show(ui, |ui| content(ui, commands));
        let size = shown.response.rect.size();
        let size = match self.edge {
            Edge::Left | Edge::Right => size.x,
            Edge::Bottom => size.y,
        };
        let handle = ui
            .scope_id()
            .with_salt(IdSalt::new(self.name))
            .with("__resize");
        ui.ctx().accesskit_node_builder(handle, |node| {
            node.set_label(format!("Size of the pane with {}", self.what));
        });
        // Only what was dragged: a window that has become smaller narrows panes, too.
        let is_dragged = ui
            .ctx()
            .read_response(handle)
            .is_some_and(|response| response.drag_stopped());
        if is_dragged && (size - kept).abs() >= 1.0 {
            commands.push(Command::Settings(SettingsCommand::SetPaneSize {
                name: self.name,
                size: size.round(),
            }));
        }
    }
}
