//! Observations by site and tag.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Frame, ScrollArea, Stroke, Ui};

use super::DownloadDialog;
use crate::{
    model::{TargetKey, count_text, plural},
    state::{Command, ExperimentsCommand, Remote, State},
    table::{ColumnFilter, Condition, Sheet, matching, value_counts},
    ui::{
        theme::{Tokens, Type, size},
        widgets::{Button, Segment, Tick, segments_ui},
    },
};

/// Upper bound on the number of sites or tags of a target.
const MOST: usize = 10_000;

/// The chosen sites and tags.
#[derive(Default)]
pub(super) struct BySite {
    sites: BTreeSet<String>,
    tags: BTreeSet<String>,
    /// Whether an observation must have all of the tags.
    needs_all_tags: bool,
    /// Whether only the main observation of each pose is wanted.
    is_main_only: bool,
}

impl BySite {
    /// Returns the chosen conditions.
    pub(super) fn filters(&self) -> Vec<ColumnFilter> {
        let filter = |field: &str, condition| ColumnFilter {
            field: field.to_owned(),
            condition,
        };
        let mut filters = Vec::new();
        if !self.sites.is_empty() {
            filters.push(filter("site", Condition::OneOf(self.sites.clone())));
        }
        if !self.tags.is_empty() {
            let tags = self.tags.clone();
            let condition = if self.needs_all_tags {
                Condition::AllOf(tags)
            } else {
                Condition::OneOf(tags)
            };
            filters.push(filter("tags", condition));
        }
        if self.is_main_only {
            // An observation without a pose counts as a main one.
            let main = ["Main", ""].map(str::to_owned).into();
            filters.push(filter("pose_role", Condition::OneOf(main)));
        }
        filters
    }

    /// Returns the codes of the observations; `None` until the sites are known.
    pub(super) fn codes(&self, target: &TargetKey, state: &State) -> Option<Vec<String>> {
        let sheet = &state.experiments.hits.table.value()?.sheet;
        let filters = self.filters();
        if filters.is_empty() {
            return Some(Vec::new());
        }
        let rows = matching(sheet, target, &filters).into_iter();
        let codes: BTreeSet<String> = rows.map(|row| sheet.code(row).into_owned()).collect();
        Some(codes.into_iter().filter(|code| !code.is_empty()).collect())
    }

    fn choices_ui(
        &mut self,
        ui: &mut Ui,
        sheet: &Sheet,
        tag_kinds: &BTreeMap<String, &'static str>,
        target: &TargetKey,
    ) {
        let tokens = Tokens::of(ui);
        let values = |field: &str| {
            let rows = (0..sheet.len()).filter(|row| sheet.target(*row) == Some(target));
            let values = sheet
                .place(field)
                .and_then(|place| value_counts(sheet, place, rows, MOST));
            let values = values.unwrap_or_default().into_iter();
            values.filter(|(text, _)| !text.is_empty())
        };
        let mut groups: BTreeMap<&str, Vec<(String, usize)>> = BTreeMap::new();
        for (tag, count) in values("tags") {
            let kind = tag_kinds.get(&tag).copied().unwrap_or("Other tags");
            groups.entry(kind).or_default().push((tag, count));
        }
        if values("pose_role").next().is_some() {
            let tick = Tick::new("One observation of each pose", self.is_main_only);
            if ui.add(tick).clicked() {
                self.is_main_only = !self.is_main_only;
            }
        }
        let sites: Vec<_> = values("site").collect();
        if sites.is_empty() && groups.is_empty() {
            let text = "The server reports neither sites nor tags for this target.";
            ui.label(Type::Small.text(text, tokens.muted));
        }
        list_ui(ui, "Sites", &sites, &mut self.sites);
        for (kind, tags) in &groups {
            list_ui(ui, kind, tags, &mut self.tags);
        }
        if self.tags.len() > 1 {
            let choices = [
                Segment::new(false, "Any of the tags"),
                Segment::new(true, "All of them"),
            ];
            if let Some(all) = segments_ui(ui, Some(self.needs_all_tags), &choices, None) {
                self.needs_all_tags = all;
            }
        }
    }
}

/// Draws values with tick boxes, each with its count.
fn list_ui(ui: &mut Ui, title: &str, values: &[(String, usize)], chosen: &mut BTreeSet<String>) {
    if values.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.label(Type::SmallHeading.text(title, Tokens::of(ui).muted));
    for (text, count) in values {
        let note = count_text(*count);
        let tick = Tick::new(text, chosen.contains(text)).note(&note, false);
        if ui.add(tick).clicked() && !chosen.remove(text) {
            chosen.insert(text.clone());
        }
    }
}

impl DownloadDialog {
    /// Draws the sites and tags of the target, or the progress of loading them.
    pub(super) fn by_site_ui(&mut self, ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
        let tokens = Tokens::of(ui);
        let load = &state.experiments.hits.table;
        ui.horizontal_top(|ui| {
            Self::indent_ui(ui);
            ui.vertical(|ui| match (load.value(), load) {
                (Some(hits), _) => {
                    Frame::new()
                        .stroke(Stroke::new(1.0, tokens.line2))
                        .corner_radius(size::RADIUS)
                        .inner_margin(8)
                        .show(ui, |ui| {
                            let area = ScrollArea::vertical().max_height(180.0);
                            area.auto_shrink([false, true]).show(ui, |ui| {
                                ui.spacing_mut().item_spacing.y = 0.0;
                                // The counts are beside the scroll bar, not under it.
                                ui.set_width(ui.available_width() - 12.0);
                                let (sheet, kinds) = (&hits.sheet, &hits.tag_kinds);
                                self.by_site.choices_ui(ui, sheet, kinds, &self.target);
                            });
                        });
                    let count = self.by_site.codes(&self.target, state);
                    let count = count.map_or(0, |codes| codes.len());
                    let text = format!(
                        "{} will be downloaded",
                        plural(count, "observation", "observations")
                    );
                    ui.label(Type::Small.text(text, tokens.muted));
                }
                (None, Remote::Failed { problem, .. }) => {
                    ui.label(Type::Small.text(problem.to_string(), tokens.err));
                    if ui.add(Button::quiet("Try again")).clicked() {
                        commands.push(Command::Experiments(ExperimentsCommand::LoadHits));
                    }
                }
                (None, Remote::NotRequested) => {
                    commands.push(Command::Experiments(ExperimentsCommand::LoadHits));
                }
                (None, Remote::Loading { .. } | Remote::Ready(_)) => {
                    let text = "Loading the sites and tags…";
                    ui.label(Type::Small.text(text, tokens.muted));
                }
            });
        });
    }
}
