//! Conditions as text, for the chips above the table.

use std::collections::BTreeSet;

use super::{
    Column, ColumnFilter, ColumnKind, Compare, Condition, OBSERVATIONS, STAR, Sheet,
    condition::{pattern, search, similarities},
};

impl ColumnFilter {
    /// Returns the condition in words, for its chip: `Resolution 1.20 to 1.80 Å`.
    pub fn words(&self, sheet: &Sheet) -> String {
        let Some(column) = sheet
            .place(&self.field)
            .and_then(|place| sheet.column(place))
        else {
            return format!("{}: not in this table", self.field);
        };
        let name = column.heading.as_ref();
        match &self.condition {
            // In the words of the buttons that set these.
            Condition::Present if self.field == STAR => "Starred".to_owned(),
            Condition::Range {
                from: Some(1.0),
                to: None,
            } if self.field == OBSERVATIONS => "With a ligand".to_owned(),
            Condition::OneOf(texts) if self.field == "pose_role" && is_main_only(texts) => {
                "One hit of each pose".to_owned()
            }
            Condition::Empty => format!("{name} is empty"),
            Condition::Present => format!("{name} is not empty"),
            Condition::Range { from, to } => range_words(column, *from, *to),
            Condition::OneOf(texts) => match texts.iter().next() {
                Some(one) if texts.len() == 1 => format!("{name}: {}", or_empty(one)),
                Some(_) => format!("{name}: {} values", texts.len()),
                None => format!("{name}: none"),
            },
            Condition::AllOf(texts) => match texts.iter().next() {
                Some(one) if texts.len() == 1 => format!("{name}: {}", or_empty(one)),
                _ => format!("{name}: all of {} values", texts.len()),
            },
            Condition::Similar { smiles, least } => {
                let place = sheet.place(&self.field);
                match place.and_then(|place| similarities(sheet, place, smiles)) {
                    Some(_) => format!("Similarity to {smiles} at least {least:.2}"),
                    None => format!("“{smiles}” is not a SMILES, so it is not applied"),
                }
            }
            Condition::Text { how, text } => match how {
                Compare::Contains => format!("{name} contains “{text}”"),
                Compare::Is => format!("{name} is “{text}”"),
                Compare::Part => part_words(sheet, &self.field, text),
                Compare::Pattern => match pattern(text) {
                    Ok(_) => format!("{name} matches “{text}”"),
                    Err(_) => format!(
                        "{name}: “{text}” is not a valid regular expression, so it is not applied"
                    ),
                },
            },
        }
    }
}

/// Returns `true` if these are the roles of hits that stand for their pose: main ones, and those without a pose.
fn is_main_only(roles: &BTreeSet<String>) -> bool {
    roles.len() == 2 && roles.contains("Main") && roles.contains("")
}

fn part_words(sheet: &Sheet, field: &str, text: &str) -> String {
    let place = sheet.place(field);
    match place.and_then(|place| search(sheet, place, text)) {
        Some(found) if found.undecided > 0 => {
            format!("With {text}; {} could not be decided", found.undecided)
        }
        Some(_) => format!("With {text}"),
        None => format!("“{text}” is not a SMILES or SMARTS, so it is not applied"),
    }
}

fn range_words(column: &Column, from: Option<f64>, to: Option<f64>) -> String {
    let name = column.heading.as_ref();
    let text = |number: f64| column.number_text(number);
    let unit = column
        .unit
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    let is_time = column.kind == ColumnKind::Moment;
    match (from, to) {
        (Some(from), Some(to)) => format!("{name} {} to {}{unit}", text(from), text(to)),
        (Some(from), None) if is_time => format!("{name} since {}", text(from)),
        (None, Some(to)) if is_time => format!("{name} until {}", text(to)),
        (Some(from), None) => format!("{name} at least {}{unit}", text(from)),
        (None, Some(to)) => format!("{name} at most {}{unit}", text(to)),
        (None, None) => format!("{name}: any number"),
    }
}

/// Returns the text, or a word for an empty one.
pub fn or_empty(text: &str) -> &str {
    if text.is_empty() { "empty" } else { text }
}
