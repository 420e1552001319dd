//! The filter of a column with few distinct values: each with its count and a tick box.

use std::collections::BTreeSet;

use egui::{ScrollArea, Ui};

use super::{
    filter::{FilterDraft, WIDTH},
    structure_search::Edit,
};
use crate::{
    model::count_text,
    table::{Column, Condition, or_empty},
    ui::{
        theme::{Tokens, Type, size},
        widgets::{Field, Segment, Tick, segments_ui},
    },
};

/// Up to this many values are seen without a search.
const FEW: usize = 12;
/// Maximum number of values that are listed.
const LISTED: usize = 100;

/// Returns the chosen values, and whether all of them must be present.
fn values_of(present: Option<&Condition>) -> (BTreeSet<String>, bool) {
    match present {
        Some(Condition::OneOf(chosen)) => (chosen.clone(), false),
        Some(Condition::AllOf(chosen)) => (chosen.clone(), true),
        _ => (BTreeSet::new(), false),
    }
}

/// Returns the condition that lets these values pass, any or all of them; `None` if none is chosen.
fn values_condition(chosen: BTreeSet<String>, is_all: bool) -> Option<Condition> {
    let is_any = !chosen.is_empty();
    is_any.then_some(if is_all {
        Condition::AllOf(chosen)
    } else {
        Condition::OneOf(chosen)
    })
}

/// Draws the choice between any and all of the chosen values. Returns whether all of them must be present.
fn any_or_all_ui(ui: &mut Ui, chosen: &BTreeSet<String>, is_all: bool, edit: &mut Edit) -> bool {
    let choices = [
        Segment::new(false, "Any of them"),
        Segment::new(true, "All of them"),
    ];
    let Some(is_all) = segments_ui(ui, Some(is_all), &choices, None) else {
        return is_all;
    };
    *edit = Some(values_condition(chosen.clone(), is_all));
    is_all
}

impl FilterDraft {
    /// Draws the search for a value. A list that is pasted into it chooses its values.
    fn find_value_ui(&mut self, ui: &mut Ui, values: &[(String, usize)], edit: &mut Edit) {
        let field = Field::new("Find a value", &mut self.find)
            .hint("Find a value")
            .size(ui.available_width() - 20.0, size::CONTROL)
            .show(ui);
        if self.is_new {
            field.request_focus();
        }
        let values = || values.iter().map(|(value, _)| value.clone()).collect();
        if let Some(condition) = self.pasted.follow(ui, &field, values) {
            *edit = Some(Some(condition));
            self.find.clear();
        }
    }

    /// Draws the values, with a search if there are many.
    pub(super) fn values_ui(
        &mut self,
        ui: &mut Ui,
        column: &Column,
        present: Option<&Condition>,
        edit: &mut Edit,
    ) {
        let tokens = Tokens::of(ui);
        // Lent to the search, which changes the draft.
        let Some(values) = self.values.take() else {
            return;
        };
        if values.len() > FEW {
            self.find_value_ui(ui, &values, edit);
        }
        let (chosen, mut is_all) = values_of(present);
        if column.is_list() && chosen.len() > 1 {
            is_all = any_or_all_ui(ui, &chosen, is_all, edit);
        }
        let needle = self.find.trim().to_lowercase();
        let found = values.iter().filter(|(text, _)| {
            needle.is_empty() || or_empty(text).to_lowercase().contains(&needle)
        });
        let count = found.clone().count();
        let mut takes_focus = self.is_new && values.len() <= FEW;
        ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
            ui.set_width(WIDTH - 12.0);
            // Room for the ring around the first one.
            ui.add_space(2.0);
            for (text, count) in found.take(LISTED) {
                let note = count_text(*count);
                let tick = Tick::new(or_empty(text), chosen.contains(text)).note(&note, false);
                let tick = ui.add(tick);
                if std::mem::take(&mut takes_focus) {
                    tick.request_focus();
                }
                if tick.clicked() {
                    let mut chosen = chosen.clone();
                    if !chosen.remove(text) {
                        chosen.insert(text.clone());
                    }
                    *edit = Some(values_condition(chosen, is_all));
                }
            }
            if count > LISTED {
                let rest = count_text(count - LISTED);
                let rest = format!("… and {rest} more; use the search to find them");
                ui.label(Type::Small.text(rest, tokens.muted));
            }
            if count == 0 {
                ui.label(Type::Small.text("No value contains this text.", tokens.muted));
            }
        });
        self.values = Some(values);
    }
}
