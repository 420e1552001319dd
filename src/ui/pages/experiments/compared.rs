//! Two targets side by side: the hits that share a compound, scaffold or site in each of them.

use egui::{
    Popup, PopupCloseBehavior, Pos2, Rect, Role, ScrollArea, Sense, Stroke, Ui, Vec2, WidgetInfo,
};

use super::{
    counts::Counted,
    groups::{across, clickable_row_ui, field_choice_ui, grouping},
    sites::{look, show_in_table},
    structure,
};
use crate::{
    model::TargetKey,
    state::{Command, State, TableCommand},
    table::{
        Column, ColumnFilter, ColumnKind, Condition, Group, Pair, STRUCTURE, closest_targets,
        groups, side_by_side,
    },
    ui::{
        theme::{Icon, Tokens, Type},
        widgets::{Button, Tick, cut, empty_state_ui},
    },
};

/// Height of a row, in points.
const ROW_HEIGHT: f32 = 84.0;
/// Height of the row with the names of the targets.
const HEADING: f32 = 28.0;
/// A pair is at least this wide where several are side by side.
const PAIR_WIDTH: f32 = 620.0;
/// Width of a structure.
const STRUCTURE_WIDTH: f32 = 132.0;
const MARGIN: f32 = 16.0;
const GAP: f32 = 12.0;

/// What the page remembers between frames.
#[derive(Default)]
pub(super) struct Compared {
    made_of: Option<(Counted, String, Option<[TargetKey; 2]>)>,
    groups: Vec<Group>,
    /// The two targets, by their indexes in the table's list.
    targets: Option<[usize; 2]>,
    pairs: Vec<Pair>,
}

impl Compared {
    pub(super) fn compared_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let Some((place, column)) = grouping(state) else {
            return;
        };
        self.refresh(place, column, state);
        let is_one = state.experiments.view.target().is_some();
        let Some(targets) = self.targets.filter(|_| !is_one) else {
            one_target_ui(ui, state, commands);
            return;
        };
        let in_both_only = state.settings.hits_look.is_in_both_only;
        let shown: Vec<&Pair> = self
            .pairs
            .iter()
            .filter(|pair| !in_both_only || pair.is_in_both())
            .collect();
        self.header_ui(ui, column, targets, state, commands);
        if shown.is_empty() {
            let text = "None of these hits has anything in common with a hit of the other target.";
            empty_state_ui(ui, Icon::TABLE, "Nothing in common", text, None);
            return;
        }
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let across = across(ui.available_width(), PAIR_WIDTH);
        let width = (ui.available_width() / across as f32).floor();
        ui.horizontal(|ui| {
            // Above an empty column, names would promise something.
            for _ in 0..across.min(shown.len()) {
                headings_ui(ui, width, column, targets, state);
            }
        });
        let rows: Vec<&[&Pair]> = shown.chunks(across).collect();
        ScrollArea::vertical()
            .id_salt("compared")
            .auto_shrink(false)
            .show_rows(ui, ROW_HEIGHT, rows.len(), |ui, in_sight| {
                for row in in_sight.filter_map(|place| rows.get(place)) {
                    ui.horizontal(|ui| {
                        for pair in *row {
                            pair_ui(ui, column, targets, (pair, width), state, commands);
                        }
                    });
                }
            });
    }

    /// Computes the pairs again if something that they depend on has changed.
    fn refresh(&mut self, place: usize, column: &Column, state: &State) {
        let sheet = state.experiments.sheet();
        let chosen = state.settings.hits_look.compared.clone();
        let made_of = (
            Counted::of(state, None),
            column.field.to_string(),
            chosen.clone(),
        );
        if self.made_of.as_ref() == Some(&made_of) {
            return;
        }
        self.groups = groups(sheet, place, state.experiments.view.shown());
        let position = |key: &TargetKey| {
            let mut targets = sheet.target_list().iter();
            targets.position(|target| target.key == *key)
        };
        self.targets = chosen
            .and_then(|[first, second]| Some([position(&first)?, position(&second)?]))
            .or_else(|| closest_targets(&self.groups));
        self.pairs = self.targets.map_or_else(Vec::new, |targets| {
            side_by_side(sheet, &self.groups, targets)
        });
        self.made_of = Some(made_of);
    }

    /// Draws what is compared, and in which targets.
    fn header_ui(
        &self,
        ui: &mut Ui,
        column: &Column,
        targets: [usize; 2],
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let margin = egui::Margin::symmetric(16, 6);
        egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                let name = format!("Compare by {}", column.heading.to_lowercase());
                let button = ui.add(Button::plain(&name).opens_menu());
                Popup::menu(&button)
                    .close_behavior(PopupCloseBehavior::CloseOnClick)
                    .show(|ui| field_choice_ui(ui, state, commands));
                self.target_choice_ui(ui, targets, 0, state, commands);
                self.target_choice_ui(ui, targets, 1, state, commands);
                let is_on = state.settings.hits_look.is_in_both_only;
                if ui.add(Tick::new("In both only", is_on)).clicked() {
                    commands.push(look(state, |look| look.is_in_both_only = !is_on));
                }
                let both = self.pairs.iter().filter(|pair| pair.is_in_both()).count();
                let text = format!("{both} of {} in both", self.pairs.len());
                let text = Type::Small.text(text, Tokens::of(ui).muted);
                ui.add(egui::Label::new(text).extend());
            });
        });
    }

    /// Draws the choice of one of the two targets.
    fn target_choice_ui(
        &self,
        ui: &mut Ui,
        targets: [usize; 2],
        side: usize,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let sheet = state.experiments.sheet();
        let label = sheet.target_label(targets[side]);
        let name = format!("{} target: {label}", ["First", "Second"][side]);
        let button = Button::plain(&label).opens_menu().named(&name);
        let button = ui.add(button);
        Popup::menu(&button)
            .close_behavior(PopupCloseBehavior::CloseOnClick)
            .show(|ui| {
                ui.set_width(220.0);
                ui.spacing_mut().item_spacing.y = 0.0;
                ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                    for place in self.with_hits() {
                        if ui
                            .add(Button::menu_entry(&sheet.target_label(place)))
                            .clicked()
                        {
                            let mut chosen = targets;
                            // Choosing the other one swaps the two.
                            if chosen[1 - side] == place {
                                chosen.swap(0, 1);
                            } else {
                                chosen[side] = place;
                            }
                            let keys = chosen.map(|place| sheet.target_list().get(place));
                            if let [Some(first), Some(second)] = keys {
                                let keys = [first.key.clone(), second.key.clone()];
                                commands.push(look(state, |look| look.compared = Some(keys)));
                            }
                        }
                    }
                });
            });
    }

    /// Returns the targets that have any of the hits shown.
    fn with_hits(&self) -> std::collections::BTreeSet<usize> {
        let all = self.groups.iter().flat_map(|group| &group.of_targets);
        all.map(|(place, _)| *place).collect()
    }
}

/// Says that there are not two targets to compare, and offers to show all of them.
fn one_target_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let has_one_chosen = state.experiments.view.target().is_some();
    let (cause, button) = if has_one_chosen {
        (
            "Only the hits of one target are shown.",
            Some("Show all targets"),
        )
    } else {
        ("All the hits shown belong to one target.", None)
    };
    if empty_state_ui(ui, Icon::TABLE, "Two targets are needed", cause, button) {
        commands.push(Command::Table(TableCommand::ShowTarget(None)));
    }
}

/// Returns the areas of a row: that of the structure, and one for each target.
fn places(row: Rect) -> (Rect, [Rect; 2]) {
    let corner = Pos2::new(row.left() + MARGIN, row.top());
    let structure = Rect::from_min_size(corner, Vec2::new(STRUCTURE_WIDTH, row.height()));
    let left = structure.right() + GAP;
    let width = ((row.right() - MARGIN - left - GAP) / 2.0).max(40.0);
    let side = |number: f32| {
        let corner = Pos2::new(left + number * (width + GAP), row.top());
        Rect::from_min_size(corner, Vec2::new(width, row.height()))
    };
    (structure, [side(0.0), side(1.0)])
}

/// Draws the names of the targets above their columns.
fn headings_ui(ui: &mut Ui, width: f32, column: &Column, targets: [usize; 2], state: &State) {
    let tokens = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(width, HEADING), Sense::hover());
    let (first, sides) = places(rect);
    let sheet = state.experiments.sheet();
    let names = targets.map(|place| sheet.target_label(place));
    let texts = [
        (first, column.heading.as_ref()),
        (sides[0], names[0].as_str()),
        (sides[1], names[1].as_str()),
    ];
    for (place, text) in texts {
        let galley = cut(ui, text, Type::Strong, tokens.muted, place.width());
        let at = Pos2::new(place.left(), place.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, tokens.muted);
    }
    let line = Stroke::new(1.0, tokens.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}

fn pair_ui(
    ui: &mut Ui,
    column: &Column,
    targets: [usize; 2],
    (pair, width): (&Pair, f32),
    state: &State,
    commands: &mut Vec<Command>,
) {
    let sheet = state.experiments.sheet();
    let (rect, response) = clickable_row_ui(ui, Vec2::new(width, ROW_HEIGHT));
    let sides = [0, 1].map(|side| side_lines(pair, side, state));
    response.widget_info(|| {
        let of = |side: usize| {
            let name = sheet.target_label(targets[side]);
            format!("{name}: {}", sides[side].join(", "))
        };
        let name = format!("{}: {}; {}", pair.value, of(0), of(1));
        WidgetInfo::labeled(Role::Button, true, name)
    });
    let (first, places) = places(rect);
    value_ui(ui, first, column, pair, state, commands);
    for (place, lines) in places.into_iter().zip(&sides) {
        paint_side(ui, place, lines);
    }
    if response
        .on_hover_text("Show these hits in the table")
        .clicked()
    {
        show_pair(column, targets, pair, state, commands);
    }
}

/// Draws the value that both have in common, and the structure of the best hit.
fn value_ui(
    ui: &Ui,
    rect: Rect,
    column: &Column,
    pair: &Pair,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    // A SMILES is shown as a drawing only.
    let is_drawn = column.kind == ColumnKind::Text;
    let line = if is_drawn { 0.0 } else { 18.0 };
    let room = Rect::from_min_max(
        rect.min,
        Pos2::new(rect.right(), rect.bottom() - line - 2.0),
    );
    if is_drawn {
        structure::paint(ui, room, (usize::MAX, &pair.value), state, commands);
        return;
    }
    let galley = cut(ui, &pair.value, Type::Small, tokens.text, rect.width());
    let at = Pos2::new(rect.left(), room.bottom() - 2.0);
    ui.painter().galley(at, galley, tokens.text);
    let sheet = state.experiments.sheet();
    let best = pair.best[0].or(pair.best[1]);
    let smiles = sheet
        .place(STRUCTURE)
        .zip(best)
        .map(|(place, row)| sheet.text(place, row))
        .unwrap_or_default();
    if !smiles.is_empty() {
        structure::paint(ui, room, (usize::MAX, &smiles), state, commands);
    }
}

/// Returns lines about the hits of one target that have the value.
fn side_lines(pair: &Pair, side: usize, state: &State) -> Vec<String> {
    let Some(best) = pair.best[side] else {
        return vec!["No hit".to_owned()];
    };
    let sheet = state.experiments.sheet();
    let text = |field: &str| {
        let text = sheet
            .place(field)
            .map(|place| sheet.text(place, best).into_owned())
            .unwrap_or_default();
        Some(text).filter(|text| !text.is_empty())
    };
    let code = sheet.code(best);
    let count = pair.rows[side].len();
    let first = if count == 1 {
        code.into_owned()
    } else {
        format!("{code} and {} more", count - 1)
    };
    let resolution = text("refinement_resolution").map(|text| format!("{text} Å"));
    let second: Vec<String> = [resolution, text("ligand_confidence")]
        .into_iter()
        .flatten()
        .collect();
    let lines = [Some(first), Some(second.join(" · ")), text("site")];
    let lines = lines.into_iter().flatten();
    lines.filter(|line| !line.is_empty()).collect()
}

fn paint_side(ui: &Ui, rect: Rect, lines: &[String]) {
    let tokens = Tokens::of(ui);
    let mut y = rect.center().y - 10.0 * lines.len() as f32;
    for (number, line) in lines.iter().enumerate() {
        let is_first = number == 0 && lines.len() > 1;
        let (step, colour) = if is_first {
            (Type::Body, tokens.text)
        } else {
            (Type::Small, tokens.muted)
        };
        let galley = cut(ui, line, step, colour, rect.width());
        ui.painter()
            .galley(Pos2::new(rect.left(), y), galley, colour);
        y += 20.0;
    }
}

/// Filters the table to the hits of a pair.
fn show_pair(
    column: &Column,
    targets: [usize; 2],
    pair: &Pair,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let list = state.experiments.sheet().target_list();
    let shown = targets.iter().filter_map(|place| list.get(*place));
    let shown: Vec<&TargetKey> = shown.map(|target| &target.key).collect();
    let mut filters = vec![
        one_of(&column.field, [pair.value.clone()]),
        one_of("target", shown.iter().map(|key| key.title.clone())),
    ];
    // Two targets may have one title.
    let has_double = |key: &&TargetKey| {
        let same = list.iter().filter(|target| target.key.title == key.title);
        same.count() > 1
    };
    if shown.iter().any(has_double) {
        let strings = shown.iter().map(|key| key.tas.as_str().to_owned());
        filters.push(one_of("tas", strings));
    }
    show_in_table(state, filters, commands);
}

fn one_of(field: &str, values: impl IntoIterator<Item = String>) -> ColumnFilter {
    ColumnFilter {
        field: field.to_owned(),
        condition: Condition::OneOf(values.into_iter().collect()),
    }
}
