//! What is above the hits: table, cards, groups or two targets side by side, sites and tags, and the structure search.

use egui::Ui;

use super::{
    sites::{has_any, look, way_back_ui},
    structure_search::{Edit, StructureDraft},
};
use crate::{
    state::{Command, State, TableCommand},
    table::{CardSize, HitsShape, STRUCTURE, Subject},
    ui::widgets::{Button, Segment, segments_ui},
};

/// At this window width or more, the sites and tags are shown until the user closes them.
const WIDE: f32 = 1180.0;
/// Width of the choice between the layouts, in points.
pub(super) const LAYOUTS: f32 = 260.0;

/// Returns `true` if hits are shown, and not only their loading.
pub(super) fn shows_hits(state: &State) -> bool {
    let experiments = &state.experiments;
    experiments.subject == Subject::Hits && experiments.hits.table.value().is_some()
}

/// Returns `true` if the pane of sites and tags is shown.
pub(super) fn shows_sites(ui: &Ui, state: &State) -> bool {
    let has_room = ui.ctx().content_rect().width() >= WIDE;
    state.settings.hits_look.has_sites.unwrap_or(has_room) && has_any(state)
}

/// What the line of filters has above hits besides filters.
pub(super) struct HitsTools<'a> {
    pub(super) draft: &'a mut StructureDraft,
    /// Whether the sites and tags are shown already.
    pub(super) is_sites_shown: bool,
    /// Whether the toolbar has the choice of the layout.
    pub(super) is_layout_above: bool,
}

/// Draws the structure search, and the button that shows the sites and tags.
pub(super) fn hits_tools_ui(
    ui: &mut Ui,
    HitsTools {
        draft,
        is_sites_shown,
        ..
    }: HitsTools<'_>,
    state: &State,
    commands: &mut Vec<Command>,
) {
    if has_any(state) && !is_sites_shown {
        let button = Button::quiet("Sites and tags").named("Show the sites and tags");
        if ui.add(button).clicked() {
            commands.push(look(state, |look| look.has_sites = Some(true)));
        }
    }
    let present = state.experiments.wanted_filter(STRUCTURE);
    draft.follow(present.map(|filter| &filter.condition));
    let mut edit: Edit = None;
    draft.line_ui(ui, state.experiments.is_searching(), &mut edit);
    if let Some(condition) = edit {
        commands.push(Command::Table(TableCommand::Filter {
            field: STRUCTURE.to_owned(),
            condition,
        }));
    }
    // After the search, which stays in place when cards are chosen.
    size_choice_ui(ui, state, commands);
    way_back_ui(ui, state, commands);
}

/// Draws the choice between table, cards, groups and two targets side by side.
pub(super) fn layout_choice_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let shown = &state.settings.hits_look;
    let choices = [
        Segment::new(HitsShape::Table, "Table"),
        Segment::new(HitsShape::Cards, "Cards"),
        Segment::new(HitsShape::Groups, "Groups"),
        Segment::new(HitsShape::Compare, "Compare"),
    ];
    if let Some(shape) = segments_ui(ui, Some(shown.shape), &choices, None) {
        commands.push(look(state, |look| {
            look.shape = shape;
            look.came_from = None;
        }));
    }
}

/// Draws the choice between the sizes of cards.
fn size_choice_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let shown = &state.settings.hits_look;
    if shown.shape == HitsShape::Cards {
        let sizes = [
            Segment::new(CardSize::Small, "S"),
            Segment::new(CardSize::Medium, "M"),
            Segment::new(CardSize::Large, "L"),
        ];
        if let Some(size) = segments_ui(ui, Some(shown.card), &sizes, None) {
            commands.push(look(state, |look| look.card = size));
        }
    }
}
