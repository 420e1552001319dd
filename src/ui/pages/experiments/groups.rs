//! Hits in groups that share a value, each with the targets in which they were seen.

use egui::{
    CornerRadius, Popup, PopupCloseBehavior, Pos2, Rect, Response, Role, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo,
};

use super::{
    counts::Counted,
    sites::{look, show_in_table},
    structure,
};
use crate::{
    model::{count_text, plural},
    state::{Command, State},
    table::{Column, ColumnFilter, ColumnKind, Condition, Group, STRUCTURE, groups, or_empty},
    ui::{
        theme::{Icon, Tokens, Type},
        widgets::{Button, Tick, cut, empty_state_ui},
    },
};

/// Maximum number of codes that a group of one target names.
const MOST_CODES: usize = 40;
/// Height of a group, in points.
const GROUP_HEIGHT: f32 = 84.0;
/// A group is at least this wide where several are side by side.
const GROUP_WIDTH: f32 = 440.0;
/// Width of a structure.
const STRUCTURE_WIDTH: f32 = 132.0;
/// Columns by which hits can be grouped, in the order of the menu.
const FIELDS: [&str; 9] = [
    "compound_code",
    "scaffold",
    "site",
    "pose",
    "tags",
    "target",
    "ligand_confidence",
    "conformer_site",
    "crystal_form_site",
];

/// What the page remembers between frames.
#[derive(Default)]
pub(super) struct Groups {
    made_of: Option<(Counted, String)>,
    groups: Vec<Group>,
}

impl Groups {
    pub(super) fn groups_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let Some((place, column)) = grouping(state) else {
            return;
        };
        let sheet = state.experiments.sheet();
        let made_of = (Counted::of(state, None), column.field.to_string());
        if self.made_of.as_ref() != Some(&made_of) {
            self.groups = groups(sheet, place, state.experiments.view.shown());
            self.made_of = Some(made_of);
        }
        let shared_only = state.settings.hits_look.is_shared_only;
        let shown: Vec<&Group> = self
            .groups
            .iter()
            .filter(|group| !shared_only || group.of_targets.len() > 1)
            .collect();
        header_ui(ui, column, shown.len(), state, commands);
        if shown.is_empty() {
            let text = "No group of these hits was seen in more than one target.";
            empty_state_ui(ui, Icon::TABLE, "No shared groups", text, None);
            return;
        }
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let across = across(ui.available_width(), GROUP_WIDTH);
        let rows: Vec<&[&Group]> = shown.chunks(across).collect();
        ScrollArea::vertical()
            .id_salt("groups")
            .auto_shrink(false)
            .show_rows(ui, GROUP_HEIGHT, rows.len(), |ui, in_sight| {
                let width = (ui.available_width() / across as f32).floor();
                for row in in_sight.filter_map(|place| rows.get(place)) {
                    ui.horizontal(|ui| {
                        for group in *row {
                            group_ui(ui, column, (group, width), state, commands);
                        }
                    });
                }
            });
    }
}

/// Returns how many items that are at least as wide as `least` fit side by side.
pub(super) fn across(width: f32, least: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least one, at most a window's width"
    )]
    let count = (width / least).floor().max(1.0) as usize;
    count
}

/// Returns the column by whose values hits are grouped, and its index.
pub(super) fn grouping(state: &State) -> Option<(usize, &Column)> {
    let sheet = state.experiments.sheet();
    let field = state.settings.hits_look.group_by.as_str();
    let place = sheet
        .place(field)
        .or_else(|| sheet.place("compound_code"))?;
    Some((place, sheet.column(place)?))
}

/// Draws what hits are grouped by, and how many groups there are.
fn header_ui(
    ui: &mut Ui,
    column: &Column,
    count: usize,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(16, 6))
        .show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                let name = format!("Group by {}", column.heading.to_lowercase());
                let button = Button::plain(&name).opens_menu();
                let button = ui.add(button);
                Popup::menu(&button)
                    .close_behavior(PopupCloseBehavior::CloseOnClick)
                    .show(|ui| field_choice_ui(ui, state, commands));
                let is_on = state.settings.hits_look.is_shared_only;
                // Of one target there is nothing to share, unless that is why there are no groups.
                let has_several = state.experiments.view.target().is_none();
                let shared = Tick::new("Seen in several targets", is_on);
                if (has_several || is_on) && ui.add(shared).clicked() {
                    commands.push(look(state, |look| look.is_shared_only = !is_on));
                }
                let text = plural(count, "group", "groups");
                ui.add(egui::Label::new(Type::Small.text(text, tokens.muted)).extend());
            });
        });
}

/// Draws the menu of columns by which hits can be grouped.
pub(super) fn field_choice_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let sheet = state.experiments.sheet();
    ui.set_width(200.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let columns = FIELDS.iter().filter_map(|field| {
        let place = sheet.place(field)?;
        sheet
            .column(place)
            .filter(|_| !sheet.is_column_empty(place))
    });
    for column in columns {
        if ui.add(Button::menu_entry(&column.heading)).clicked() {
            commands.push(look(state, |look| look.group_by = column.field.to_string()));
        }
    }
}

/// Returns the targets of a group, each with its count.
fn targets(group: &Group, state: &State) -> String {
    let sheet = state.experiments.sheet();
    let mut counts: Vec<(usize, String)> = group
        .of_targets
        .iter()
        .map(|(place, count)| (*count, sheet.target_label(*place)))
        .collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let texts = counts
        .iter()
        .map(|(count, name)| format!("{name}: {}", count_text(*count)));
    texts.collect::<Vec<_>>().join(" · ")
}

/// Draws the background of a clickable row, with a line below it.
pub(super) fn clickable_row_ui(ui: &mut Ui, size: Vec2) -> (Rect, Response) {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, CornerRadius::ZERO, tokens.hover);
    }
    if response.has_focus() {
        let ring = Stroke::new(2.0, tokens.accent);
        ui.painter()
            .rect_stroke(rect, CornerRadius::ZERO, ring, StrokeKind::Inside);
    }
    let line = Stroke::new(1.0, tokens.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    (rect, response)
}

fn group_ui(
    ui: &mut Ui,
    column: &Column,
    (group, width): (&Group, f32),
    state: &State,
    commands: &mut Vec<Command>,
) {
    let (rect, response) = clickable_row_ui(ui, Vec2::new(width, GROUP_HEIGHT));
    let hits = plural(group.rows.len(), "hit", "hits");
    let targets = targets(group, state);
    response.widget_info(|| {
        let name = format!("{}: {hits}, {targets}", or_empty(&group.value));
        WidgetInfo::labeled(Role::Button, true, name)
    });
    let left = structures_ui(ui, rect, column, group, state, commands);
    let title = if column.kind == ColumnKind::Text && !group.value.is_empty() {
        hits
    } else {
        format!("{} · {hits}", or_empty(&group.value))
    };
    let best = format!("Best: {}", representative(group, state));
    // Of one target, its name and the number of hits would be said twice.
    let about = match state.experiments.view.target() {
        Some(_) => codes(group, state),
        None => targets,
    };
    paint_texts(ui, rect, left, [&title, &about, &best]);
    if response
        .on_hover_text("Show these hits in the table")
        .clicked()
    {
        let filter = ColumnFilter {
            field: column.field.to_string(),
            condition: Condition::OneOf([group.value.clone()].into()),
        };
        show_in_table(state, vec![filter], commands);
    }
}

/// Draws the structures of a group. Returns where the texts beside them begin.
fn structures_ui(
    ui: &Ui,
    rect: Rect,
    column: &Column,
    group: &Group,
    state: &State,
    commands: &mut Vec<Command>,
) -> f32 {
    let sheet = state.experiments.sheet();
    let mut left = rect.left() + 16.0;
    let place = |left: f32| {
        let corner = Pos2::new(left, rect.top());
        Rect::from_min_size(corner, Vec2::new(STRUCTURE_WIDTH, GROUP_HEIGHT))
    };
    // A group of one scaffold shows the scaffold first, then the hit with the best resolution.
    if column.field == "scaffold" && !group.value.is_empty() {
        structure::paint(ui, place(left), (usize::MAX, &group.value), state, commands);
        left += STRUCTURE_WIDTH + 8.0;
    }
    let smiles = sheet
        .place(STRUCTURE)
        .map(|place| sheet.text(place, group.representative))
        .unwrap_or_default();
    if !smiles.is_empty() {
        structure::paint(
            ui,
            place(left),
            (group.representative, &smiles),
            state,
            commands,
        );
    }
    left + STRUCTURE_WIDTH + 12.0
}

/// Paints title, targets and representative below each other.
fn paint_texts(ui: &Ui, rect: Rect, left: f32, texts: [&str; 3]) {
    let tokens = Tokens::of(ui);
    let width = (rect.right() - 16.0 - left).max(40.0);
    let looks = [
        (Type::Strong, tokens.text),
        (Type::Body, tokens.text),
        (Type::Small, tokens.muted),
    ];
    let mut y = rect.center().y - 30.0;
    for (text, (step, colour)) in texts.into_iter().zip(looks) {
        let galley = cut(ui, text, step, colour, width);
        ui.painter().galley(Pos2::new(left, y), galley, colour);
        y += 20.0;
    }
}

/// Returns the codes of the first hits of a group.
fn codes(group: &Group, state: &State) -> String {
    let sheet = state.experiments.sheet();
    let rows = group.rows.iter().take(MOST_CODES);
    let codes: Vec<_> = rows.map(|row| sheet.code(*row)).collect();
    let more = if group.rows.len() > MOST_CODES {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", codes.join(", "))
}

/// Returns the hit that represents the group, which is the one with the best resolution.
fn representative(group: &Group, state: &State) -> String {
    let sheet = state.experiments.sheet();
    let code = sheet.code(group.representative);
    let resolution = sheet
        .place("refinement_resolution")
        .map(|place| sheet.text(place, group.representative))
        .unwrap_or_default();
    if resolution.is_empty() {
        code.into_owned()
    } else {
        format!("{code}, {resolution} Å")
    }
}
