//! Panes at the edge of a page, resizable by the user.

use egui::{
    EventFilter, Frame, Id, IdSalt, Key, Panel, PanelState, Rangef, Rect, Stroke, Ui, Vec2,
};

use crate::{
    state::{Command, SettingsCommand, State},
    ui::theme::Tokens,
};

/// How much one press of an arrow key changes the size of a pane, in points.
const STEP: f32 = 16.0;

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

    /// Draws the pane, and remembers its size after the user changed it.
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
        let id = ui.scope_id().with_salt(IdSalt::new(self.name));
        let handle = id.with("__resize");
        let is_focused = ui.memory(|memory| memory.has_focus(handle));
        let by_keys = if is_focused {
            self.size_by_keys(ui, id, handle)
        } else {
            None
        };
        let shown = panel
            .resizable(true)
            .default_size(self.range.clamp(kept))
            // The panel keeps its size from frame to frame; a range of one size changes it.
            .size_range(by_keys.map_or(self.range, Rangef::point))
            .frame(frame)
            .show(ui, |ui| content(ui, commands));
        if is_focused {
            self.paint_focus(ui, shown.response.rect);
        }
        let size = self.length(shown.response.rect.size());
        ui.ctx().accesskit_node_builder(handle, |node| {
            node.set_label(format!("Size of the pane with {}", self.what));
        });
        // Only what the user changed: a window that has become smaller narrows panes, too.
        let is_dragged = ui
            .ctx()
            .read_response(handle)
            .is_some_and(|response| response.drag_stopped());
        if (is_dragged || by_keys.is_some()) && (size - kept).abs() >= 1.0 {
            commands.push(Command::Settings(SettingsCommand::SetPaneSize {
                name: self.name,
                size: size.round(),
            }));
        }
    }

    /// Returns the size in the direction in which it can be changed.
    fn length(&self, size: Vec2) -> f32 {
        match self.edge {
            Edge::Left | Edge::Right => size.x,
            Edge::Bottom => size.y,
        }
    }

    /// Returns the new size if an arrow key was pressed while the edge has the focus.
    fn size_by_keys(&self, ui: &Ui, id: Id, handle: Id) -> Option<f32> {
        let (smaller, larger) = match self.edge {
            Edge::Left => (Key::ArrowLeft, Key::ArrowRight),
            Edge::Right => (Key::ArrowRight, Key::ArrowLeft),
            Edge::Bottom => (Key::ArrowDown, Key::ArrowUp),
        };
        // Otherwise these keys would move the focus.
        let arrows = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(handle, arrows));
        let step = ui.input(|input| {
            if !input.modifiers.is_none() {
                return 0.0;
            }
            let is_pressed = |key| if input.key_pressed(key) { STEP } else { 0.0 };
            is_pressed(larger) - is_pressed(smaller)
        });
        let now = self.length(PanelState::load(ui.ctx(), id)?.size());
        (step != 0.0).then(|| self.range.clamp(now + step))
    }

    /// Shows on the edge that it has the focus.
    fn paint_focus(&self, ui: &Ui, rect: Rect) {
        let stroke = Stroke::new(2.0, Tokens::of(ui).accent);
        let painter = ui.painter();
        match self.edge {
            Edge::Left => painter.vline(rect.right() - 1.0, rect.y_range(), stroke),
            Edge::Right => painter.vline(rect.left() + 1.0, rect.y_range(), stroke),
            Edge::Bottom => painter.hline(rect.x_range(), rect.top() + 1.0, stroke),
        };
    }
}
