//! A list that is pasted into the filter of a column: which of its items are values there.

use std::collections::{BTreeSet, HashMap};

use egui::{Align, Event, Label, Response, Ui};

use crate::{
    model::without_invisible,
    table::Condition,
    ui::theme::{Tokens, Type},
};

/// A longer text is no list of values, in bytes.
const LONGEST: usize = 1 << 20;
/// How many of the unknown items are named.
const NAMED: usize = 5;

/// What a pasted list names.
#[derive(Debug, Default, PartialEq)]
pub(super) struct PastedValues {
    /// The values, as the table has them.
    chosen: BTreeSet<String>,
    /// Items that are no value of the column.
    unknown: Vec<String>,
}

impl PastedValues {
    /// Follows a field into which a list may be pasted, and names below it what of the list is unknown. Returns the
    /// condition of a list that has just been pasted: the text of the field is then to be cleared.
    pub(super) fn follow(
        &mut self,
        ui: &mut Ui,
        field: &Response,
        values: impl FnOnce() -> Vec<String>,
    ) -> Option<Condition> {
        let pasted = Self::of(ui, field, values);
        let condition = pasted
            .as_ref()
            .map(|list| Condition::OneOf(list.chosen.clone()));
        if let Some(pasted) = pasted {
            *self = pasted;
        } else if field.changed() {
            // It is no longer about what is typed now.
            *self = Self::default();
        }
        self.unknown_ui(ui);
        condition
    }

    /// Returns the list that is being pasted into a field, if it names several values and at least one is known.
    fn of(ui: &Ui, field: &Response, values: impl FnOnce() -> Vec<String>) -> Option<Self> {
        if !field.has_focus() {
            return None;
        }
        let pasted = ui.input(|input| {
            let pasted = input.events.iter().rev().find_map(|event| match event {
                Event::Paste(text) if text.len() <= LONGEST => Some(text.clone()),
                _ => None,
            });
            pasted.filter(|text| text.trim().contains(['\n', '\r', '\t', ';', ',']))
        })?;
        Self::read(&pasted, &values())
    }

    fn read(pasted: &str, values: &[String]) -> Option<Self> {
        let by_name: HashMap<String, &String> = values
            .iter()
            .map(|value| (value.to_lowercase(), value))
            .collect();
        let mut found = Self::default();
        let mut count = 0;
        for line in pasted.lines().map(clean) {
            // A value may itself contain a comma.
            let parts: Vec<String> = if by_name.contains_key(&line.to_lowercase()) {
                vec![line]
            } else {
                line.split(['\t', ';', ',']).map(clean).collect()
            };
            for part in parts.into_iter().filter(|part| !part.is_empty()) {
                count += 1;
                match by_name.get(&part.to_lowercase()) {
                    Some(value) => drop(found.chosen.insert((*value).clone())),
                    None => found.unknown.push(part),
                }
            }
        }
        (count > 1 && !found.chosen.is_empty()).then_some(found)
    }

    /// Names what of the list is no value of the column.
    fn unknown_ui(&self, ui: &mut Ui) {
        let text = self.unknown_text();
        if !text.is_empty() {
            let text = Type::Small.text(text, Tokens::of(ui).warn);
            // Menus are justified, which would pull the words of a line apart.
            ui.add(Label::new(text).wrap().halign(Align::LEFT));
        }
    }

    /// Returns a sentence about the items that are no value; empty if all are.
    fn unknown_text(&self) -> String {
        let named: Vec<&str> = self
            .unknown
            .iter()
            .take(NAMED)
            .map(String::as_str)
            .collect();
        match (named.join(", "), self.unknown.len().saturating_sub(NAMED)) {
            (_, _) if self.unknown.is_empty() => String::new(),
            (named, 0) => format!("Not in this column: {named}"),
            (named, more) => format!("Not in this column: {named} and {more} more"),
        }
    }
}

/// Strips what surrounds an item of a list: white space, quotation marks, invisible characters.
fn clean(item: &str) -> String {
    without_invisible(item)
        .trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\''))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_list_is_taken_by_its_values() {
        let values = ["A-x01", "A-x02", "High, but weak", "A-x03"].map(str::to_owned);
        let read = |text: &str| PastedValues::read(text, &values);
        let names = |text: &str| read(text).map(|found| found.chosen.into_iter().collect());
        let both: Option<Vec<String>> = Some(vec!["A-x01".into(), "A-x02".into()]);
        for text in [
            "A-x01\nA-x02",
            "a-x01; A-X02",
            "\u{feff}\"A-x01\",\"A-x02\"\r\n",
            "A-x01\t\tA-x02\n\nA-x01",
        ] {
            assert_eq!(names(text), both, "{text}");
        }
        assert_eq!(
            names("High, but weak\nA-x03").map(|found: Vec<String>| found.len()),
            Some(2)
        );
        for text in ["A-x01", "A-x01,", "nothing, known", ""] {
            assert_eq!(names(text), None, "{text}");
        }
        let with_errors = read("Code\nA-x01\nx9\nx8\nx7\nx6\nx5").unwrap();
        assert_eq!(
            with_errors.unknown_text(),
            "Not in this column: Code, x9, x8, x7, x6 and 1 more"
        );
    }
}
