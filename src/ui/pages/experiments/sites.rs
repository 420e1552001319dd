//! The pane of sites and tags, each with its count; several can be selected.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Align, Label, Layout, ScrollArea, Ui, Vec2};

use super::counts::{Counted, counted_values};
use crate::{
    model::count_text,
    state::{Command, SettingsCommand, State, TableCommand},
    table::{CameFrom, ColumnFilter, Condition, HitsLook, HitsShape, or_empty},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, Segment, Tick, hairline_ui, segments_ui},
    },
};

/// Number of values of a section that are listed without a search.
const LISTED: usize = 60;
/// With more values than this, there is a search field.
const MANY: usize = 12;
/// Upper bound on the number of values in a column of sites or tags.
const MOST: usize = 10_000;

/// The columns of sites. All but the first are collapsed until the user opens them.
const SITES: [(&str, &str); 3] = [
    ("Sites", "site"),
    ("Conformer sites", "conformer_site"),
    ("Crystal form sites", "crystal_form_site"),
];
/// The order of the kinds of tags; others come after.
const KINDS: [&str; 6] = [
    "Series",
    "Forum",
    "Other tags",
    "Assemblies",
    "Crystal forms",
    "Poses",
];

/// Values that are listed together.
struct Section {
    title: String,
    field: &'static str,
    values: Vec<(String, usize)>,
}

/// What the pane remembers between frames.
#[derive(Default)]
pub(super) struct SitesPane {
    find: String,
    /// The rows for which the values were counted.
    counted: Option<Counted>,
    sections: Vec<Section>,
    /// Sections that the user has opened or closed.
    turned: BTreeSet<String>,
}

/// Returns `true` if there is anything to choose from.
pub(super) fn has_any(state: &State) -> bool {
    let sheet = state.experiments.sheet();
    let fields = SITES.iter().map(|(_, field)| *field).chain(["tags"]);
    let mut places = fields.filter_map(|field| sheet.place(field));
    places.any(|place| !sheet.is_column_empty(place))
}

impl SitesPane {
    pub(super) fn sites_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        self.count(state);
        header_ui(ui, state, commands);
        let values = self.sections.iter().map(|section| section.values.len());
        if values.sum::<usize>() > MANY {
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                ui.add_space(12.0);
                let width = ui.available_width() - 12.0;
                Field::new("Find a site or tag", &mut self.find)
                    .hint("Find a site or tag")
                    .icon(Icon::SEARCH)
                    .size(width, size::CONTROL)
                    .show(ui);
            });
        } else {
            self.find.clear();
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            egui::Frame::new()
                .inner_margin(egui::Margin::symmetric(12, 6))
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    main_only_ui(ui, state, commands);
                    let mut has_asked = false;
                    for section in &self.sections {
                        if section.field == "tags" && !has_asked {
                            has_asked = true;
                            any_or_all_ui(ui, state, commands);
                        }
                        section_ui(ui, section, &self.find, &mut self.turned, state, commands);
                    }
                    if self.sections.is_empty() {
                        let text = "None of these hits has a site or a tag.";
                        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
                    }
                });
        });
    }

    /// Counts again when other rows are shown. The condition on a column is ignored when its own values are counted.
    fn count(&mut self, state: &State) {
        let now = Counted::of(state, None);
        if self.counted.as_ref() == Some(&now) {
            return;
        }
        self.counted = Some(now);
        self.sections.clear();
        let sheet = state.experiments.sheet();
        let values_of = |field: &str| {
            let values = sheet
                .place(field)
                .and_then(|place| counted_values(state, place, MOST));
            let values = values.unwrap_or_default().into_iter();
            values.filter(|(text, _)| !text.is_empty())
        };
        for (title, field) in SITES {
            self.add(title, field, values_of(field).collect());
        }
        let kinds = state.experiments.hits.table.value();
        let mut tags: BTreeMap<&str, Vec<(String, usize)>> = BTreeMap::new();
        for (tag, count) in values_of("tags") {
            let kind = kinds.and_then(|hits| hits.tag_kinds.get(&tag));
            let kind = kind.copied().unwrap_or("Other tags");
            tags.entry(kind).or_default().push((tag, count));
        }
        for kind in KINDS {
            let values = tags.remove(kind).unwrap_or_default();
            self.add(kind, "tags", values);
        }
        for (kind, values) in tags {
            self.add(kind, "tags", values);
        }
    }

    fn add(&mut self, title: &str, field: &'static str, values: Vec<(String, usize)>) {
        if !values.is_empty() {
            self.sections.push(Section {
                title: title.to_owned(),
                field,
                values,
            });
        }
    }
}

fn header_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.allocate_ui(Vec2::new(ui.available_width(), size::TOP_BAR), |ui| {
        ui.horizontal_centered(|ui| {
            ui.set_min_height(size::TOP_BAR - 1.0);
            ui.add_space(12.0);
            ui.label(Type::Pane.text("Sites and tags", tokens.text));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(8.0);
                let close = Button::quiet_icon(Icon::CROSS, "Close the sites and tags");
                if ui.add(close).clicked() {
                    commands.push(look(state, |look| look.has_sites = Some(false)));
                }
            });
        });
    });
    hairline_ui(ui);
}

/// Returns the command that changes how the hits are shown.
pub(super) fn look(state: &State, change: impl FnOnce(&mut HitsLook)) -> Command {
    let mut look = state.settings.hits_look.clone();
    change(&mut look);
    Command::Settings(SettingsCommand::SetHitsLook(look))
}

/// Shows in the table what passes these conditions, with a way back to the layout that is shown now.
pub(super) fn show_in_table(
    state: &State,
    filters: Vec<ColumnFilter>,
    commands: &mut Vec<Command>,
) {
    let set = filters.clone();
    let before = filters.iter();
    let before = before
        .filter_map(|filter| state.experiments.wanted_filter(&filter.field).cloned())
        .collect();
    commands.push(Command::Table(TableCommand::FilterAll {
        filters,
        without: Vec::new(),
    }));
    commands.push(look(state, |look| {
        let shape = std::mem::replace(&mut look.shape, HitsShape::Table);
        look.came_from = Some(CameFrom { shape, set, before });
    }));
}

/// Draws the way back to the groups, or the comparison, from which a click has led to the table.
pub(super) fn way_back_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let shown = &state.settings.hits_look;
    let Some(from) = shown.came_from.as_ref() else {
        return;
    };
    let text = match from.shape {
        HitsShape::Groups => "Back to the groups",
        HitsShape::Compare => "Back to the comparison",
        HitsShape::Table | HitsShape::Cards => return,
    };
    // What has been changed since is not undone by going back.
    let view = &state.experiments.view;
    let is_as_set = |filter: &ColumnFilter| view.filter(&filter.field) == Some(filter);
    let is_there = shown.shape == HitsShape::Table && from.set.iter().all(is_as_set);
    if is_there && ui.add(Button::plain(text)).clicked() {
        let without = from.set.iter().map(|filter| filter.field.clone());
        commands.push(Command::Table(TableCommand::FilterAll {
            filters: from.before.clone(),
            without: without.collect(),
        }));
        commands.push(look(state, |look| {
            look.shape = from.shape;
            look.came_from = None;
        }));
    }
}

/// Draws the tick box for one observation per pose, if the server reports the main ones.
fn main_only_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let place = sheet.place("pose_role");
    if place.is_none_or(|place| sheet.is_column_empty(place)) {
        return;
    }
    // A hit without a pose counts as a main one.
    let wanted = Condition::OneOf(["Main", ""].map(str::to_owned).into());
    let filter = view.filter("pose_role");
    let is_on = filter.is_some_and(|filter| filter.condition == wanted);
    let tick = Tick::new("One hit of each pose", is_on);
    if ui.add(tick).clicked() {
        commands.push(Command::Table(TableCommand::Filter {
            field: "pose_role".to_owned(),
            condition: (!is_on).then_some(wanted),
        }));
    }
}

/// Returns the chosen values of a column, and whether a row must have all of them.
fn chosen(state: &State, field: &str) -> (BTreeSet<String>, bool) {
    let filter = state.experiments.view.filter(field);
    match filter.map(|filter| &filter.condition) {
        Some(Condition::OneOf(chosen)) => (chosen.clone(), false),
        Some(Condition::AllOf(chosen)) => (chosen.clone(), true),
        _ => (BTreeSet::new(), false),
    }
}

fn choose(field: &str, chosen: BTreeSet<String>, is_all: bool) -> Command {
    let is_any = !chosen.is_empty();
    let condition = is_any.then_some(if is_all {
        Condition::AllOf(chosen)
    } else {
        Condition::OneOf(chosen)
    });
    Command::Table(TableCommand::Filter {
        field: field.to_owned(),
        condition,
    })
}

/// Draws whether a hit must have any of the chosen tags, or all of them.
fn any_or_all_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let (tags, is_all) = chosen(state, "tags");
    if tags.len() < 2 {
        return;
    }
    ui.add_space(8.0);
    let choices = [
        Segment::new(false, "Any of the tags"),
        Segment::new(true, "All of them"),
    ];
    if let Some(all) = segments_ui(ui, Some(is_all), &choices, None) {
        commands.push(choose("tags", tags, all));
    }
}

fn section_ui(
    ui: &mut Ui,
    section: &Section,
    find: &str,
    turned: &mut BTreeSet<String>,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    let (chosen, is_all) = chosen(state, section.field);
    let needle = find.trim().to_lowercase();
    let found: Vec<&(String, usize)> = section
        .values
        .iter()
        .filter(|(text, _)| needle.is_empty() || text.to_lowercase().contains(&needle))
        .collect();
    if found.is_empty() {
        return;
    }
    ui.add_space(8.0);
    let is_closed_at_first = matches!(
        section.title.as_str(),
        "Conformer sites" | "Crystal form sites"
    );
    let is_open = !needle.is_empty() || is_closed_at_first == turned.contains(&section.title);
    let icon = if is_open {
        Icon::CHEVRON_DOWN
    } else {
        Icon::CHEVRON_RIGHT
    };
    // The arrow is above the tick boxes.
    let title = Button::heading(&section.title).with_icon(icon).flush();
    if ui.add(title.height(24.0)).clicked() && !turned.remove(&section.title) {
        turned.insert(section.title.clone());
    }
    if !is_open {
        return;
    }
    for (text, count) in found.iter().take(LISTED) {
        let note = count_text(*count);
        let tick = Tick::new(or_empty(text), chosen.contains(text)).note(&note, false);
        if ui.add(tick).clicked() {
            let mut chosen = chosen.clone();
            if !chosen.remove(text) {
                chosen.insert(text.clone());
            }
            commands.push(choose(section.field, chosen, is_all));
        }
    }
    if found.len() > LISTED {
        let more = count_text(found.len() - LISTED);
        let text = format!("… and {more} more; use the search to find them");
        ui.add(Label::new(Type::Small.text(text, tokens.muted)).wrap());
    }
}
