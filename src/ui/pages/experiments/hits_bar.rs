//! The bar above the hits: table, cards, groups or two targets side by side, sites and tags, and the structure search.

use egui::{Frame, Margin, Panel, Ui};

use super::{
    sites::{has_any, look},
    structure_search::{Edit, StructureDraft},
};
use crate::{
    state::{Command, State, TableCommand},
    table::{CardSize, HitsShape, STRUCTURE},
    ui::{
        theme::Tokens,
        widgets::{Button, Segment, segments_ui},
    },
};

/// At this window width or more, the sites and tags are shown until the user closes them.
const WIDE: f32 = 1180.0;

/// Returns `true` if the pane of sites and tags is shown.
pub(super) fn shows_sites(ui: &Ui, state: &State) -> bool {
    let has_room = ui.ctx().content_rect().width() >= WIDE;
    state.settings.hits_look.has_sites.unwrap_or(has_room) && has_any(state)
}

pub(super) fn hits_bar_ui(
    ui: &mut Ui,
    draft: &mut StructureDraft,
    is_sites_shown: bool,
    state: &State,
    commands: &mut Vec<Command>,
) {
    Panel::top("hits bar")
        .resizable(false)
        .frame(
            Frame::new()
                .fill(Tokens::of(ui).surface)
                .inner_margin(Margin {
                    left: 16,
                    right: 16,
                    top: 8,
                    bottom: 8,
                }),
        )
        .show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                layout_choice_ui(ui, state, commands);
                if has_any(state) && !is_sites_shown {
                    let name = "Show the sites and tags";
                    if ui
                        .add(Button::plain("Sites and tags").named(name))
                        .clicked()
                    {
                        commands.push(look(state, |look| look.has_sites = Some(true)));
                    }
                }
                let present = state.experiments.view.filter(STRUCTURE);
                draft.follow(present.map(|filter| &filter.condition));
                let mut edit: Edit = None;
                draft.line_ui(ui, state.experiments.is_searching(), &mut edit);
                if let Some(condition) = edit {
                    commands.push(Command::Table(TableCommand::Filter {
                        field: STRUCTURE.to_owned(),
                        condition,
                    }));
                }
            });
        });
}

fn layout_choice_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let shown = &state.settings.hits_look;
    let choices = [
        Segment::new(HitsShape::Table, "Table"),
        Segment::new(HitsShape::Cards, "Cards"),
        Segment::new(HitsShape::Groups, "Groups"),
        Segment::new(HitsShape::Compare, "Compare"),
    ];
    if let Some(shape) = segments_ui(ui, Some(shown.shape), &choices, None) {
        commands.push(look(state, |look| look.shape = shape));
    }
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
