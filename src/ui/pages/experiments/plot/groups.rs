//! Which dots of a plot have a colour in common: those of a category, or those with numbers in the same range.

use std::collections::BTreeSet;

use egui::Color32;

use crate::{
    table::{Sheet, or_empty, value_counts},
    ui::{
        pages::experiments::cell::{STATUS, status_light},
        theme::Tokens,
        widgets::Light,
    },
};

/// Number of categories with a colour of their own; all others share one.
const MOST_GROUPS: usize = 8;
/// Number of groups that numbers are divided into, with about the same number of dots in each.
const CLASSES: usize = 5;

/// The indices of two shapes.
const DIAMOND: usize = 1;
const SQUARE: usize = 2;

/// A row of the plot.
#[derive(Clone, Copy)]
pub(super) struct Dot {
    pub(super) row: usize,
    pub(super) at: [f64; 2],
}

/// The colour of a group.
#[derive(Clone, Copy)]
enum Colour {
    /// By its index among colours that can be told apart.
    Series(usize),
    /// By its index among colours from small to large.
    Ramp(usize),
    /// As the light beside a status.
    Status(Light),
    /// For dots without a value, or without a group of their own.
    Idle,
}

/// Dots of the same category.
pub(super) struct Group {
    pub(super) name: String,
    /// The index of its shape, in the order of the legend and of the saved picture.
    pub(super) shape: usize,
    colour: Colour,
    pub(super) dots: Vec<[f64; 2]>,
}

impl Group {
    fn new(name: String, colour: Colour) -> Self {
        Self {
            name,
            shape: 0,
            colour,
            dots: Vec::new(),
        }
    }

    pub(super) fn colour(&self, tokens: &Tokens) -> Color32 {
        let colour = match self.colour {
            Colour::Series(place) => tokens.series().get(place),
            Colour::Ramp(place) => tokens.ramp().get(place),
            Colour::Status(light) => return light.colour(tokens),
            Colour::Idle => None,
        };
        colour.copied().unwrap_or(tokens.idle)
    }
}

/// Groups the dots by a column: by category, the most frequent first, or by the size of its numbers.
pub(super) fn grouped(sheet: &Sheet, colour: Option<usize>, dots: &[Dot]) -> Vec<Group> {
    match colour {
        None => {
            let mut all = Group::new(sheet.subject().title().to_owned(), Colour::Series(0));
            all.dots = dots.iter().map(|dot| dot.at).collect();
            vec![all]
        }
        Some(column)
            if sheet
                .column(column)
                .is_some_and(|column| column.is_numeric()) =>
        {
            by_size(sheet, column, dots)
        }
        Some(column) => by_category(sheet, column, dots),
    }
}

fn by_category(sheet: &Sheet, column: usize, dots: &[Dot]) -> Vec<Group> {
    let is_status = sheet.place(STATUS) == Some(column);
    let rows = dots.iter().map(|dot| dot.row);
    let mut counts = value_counts(sheet, column, rows, usize::MAX).unwrap_or_default();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(MOST_GROUPS);
    let names = counts.iter().enumerate();
    let groups = names.map(|(place, (text, _))| {
        let name = or_empty(text).to_owned();
        let colour = if is_status {
            Colour::Status(status_light(text))
        } else {
            Colour::Series(place)
        };
        Group::new(name, colour)
    });
    distribute(groups.collect(), "Other", dots, |dot| {
        let text = sheet.text(column, dot.row);
        counts.iter().position(|(known, _)| *known == text)
    })
}

/// Groups the dots by ranges of numbers, the smallest first, with about the same number of dots in each.
fn by_size(sheet: &Sheet, column: usize, dots: &[Dot]) -> Vec<Group> {
    let number = |dot: &Dot| sheet.number(column, dot.row);
    let mut numbers: Vec<f64> = dots
        .iter()
        .map(number)
        .filter(|number| number.is_finite())
        .collect();
    numbers.sort_by(f64::total_cmp);
    // The last number of each class; equal numbers belong to one class.
    let mut ends: Vec<f64> = (1..=CLASSES)
        .filter_map(|class| numbers.get((numbers.len() * class / CLASSES).checked_sub(1)?))
        .copied()
        .collect();
    ends.dedup();
    let text = |number: f64| {
        let column = sheet.column(column);
        column.map_or_else(String::new, |column| column.number_text(number))
    };
    let class_of = |number: f64| ends.iter().position(|end| number <= *end);
    let mut groups: Vec<Group> = Vec::new();
    for (class, end) in ends.iter().enumerate() {
        let first = numbers
            .iter()
            .find(|number| class_of(**number) == Some(class));
        let from = text(first.copied().unwrap_or(*end));
        let to = text(*end);
        let name = if from == to {
            to
        } else {
            format!("{from} – {to}")
        };
        // A few classes span the whole range of colours, too.
        let steps = (CLASSES - 1) * class / ends.len().saturating_sub(1).max(1);
        groups.push(Group::new(name, Colour::Ramp(steps)));
    }
    distribute(groups, "No value", dots, |dot| {
        Some(number(dot))
            .filter(|number| number.is_finite())
            .and_then(class_of)
    })
}

/// Puts each dot into its group, or into one for the rest, which comes last.
fn distribute(
    mut groups: Vec<Group>,
    rest: &str,
    dots: &[Dot],
    place_of: impl Fn(&Dot) -> Option<usize>,
) -> Vec<Group> {
    let mut others = Group::new(rest.to_owned(), Colour::Idle);
    for dot in dots {
        let group = place_of(dot).and_then(|place| groups.get_mut(place));
        group.unwrap_or(&mut others).dots.push(dot.at);
    }
    if !others.dots.is_empty() {
        groups.push(others);
    }
    give_shapes(&mut groups);
    groups
}

/// Gives each group a shape of its own. Those of the lights that warn mean in the plot what they mean in the table.
fn give_shapes(groups: &mut [Group]) {
    let own_shape = |group: &Group| match group.colour {
        Colour::Status(Light::Warning) => Some(DIAMOND),
        Colour::Status(Light::Error) => Some(SQUARE),
        _ => None,
    };
    let is_status = groups
        .iter()
        .any(|group| matches!(group.colour, Colour::Status(_)));
    let is_kept = |shape: &usize| is_status && [DIAMOND, SQUARE].contains(shape);
    let mut others = (0..).filter(|shape| !is_kept(shape));
    let mut given = BTreeSet::new();
    for group in groups {
        let own = own_shape(group).filter(|shape| given.insert(*shape));
        group.shape = own.or_else(|| others.next()).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::sheet_of;

    fn groups_by(rows: &[String], field: &str) -> Vec<Group> {
        let texts: Vec<&str> = rows.iter().map(String::as_str).collect();
        let sheet = sheet_of(&texts);
        let dots: Vec<Dot> = (0..sheet.len())
            .map(|row| Dot { row, at: [0.0; 2] })
            .collect();
        grouped(&sheet, sheet.place(field), &dots)
    }

    /// Names and counts of the groups of these rows.
    fn groups_of(rows: &[String], field: &str) -> Vec<(String, usize)> {
        let of = |group: Group| (group.name, group.dots.len());
        groups_by(rows, field).into_iter().map(of).collect()
    }

    #[test]
    fn numbers_are_divided_into_ranges_with_equal_counts_and_none_is_lost() {
        let row = |id: usize, number: &str| {
            format!(r#"{{"id":{id},"code":"a{id}","refinement_resolution":{number}}}"#)
        };
        let mut rows: Vec<String> = (0..20)
            .map(|id| row(id, &format!("{:.2}", 1.0 + id as f64 / 10.0)))
            .collect();
        rows.push(row(20, "null"));
        let groups = groups_of(&rows, "refinement_resolution");
        let counts: Vec<usize> = groups.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [4, 4, 4, 4, 4, 1]);
        assert_eq!(groups[0].0, "1.00 – 1.30");
        assert_eq!(groups[5].0, "No value");
        // Equal numbers are one group, however many there are.
        let rows: Vec<String> = (0..9).map(|id| row(id, "2")).collect();
        let groups = groups_of(&rows, "refinement_resolution");
        assert_eq!(groups, [("2.00".to_owned(), 9)]);
    }

    #[test]
    fn a_status_has_the_shape_of_its_light_and_each_has_its_own() {
        let statuses = [
            "Structure deposited",
            "CompChem ready",
            "Refinement in progress",
            "Analysis in progress",
            "Data collection failed",
        ];
        let rows = statuses.iter().enumerate().map(|(id, status)| {
            format!(r#"{{"id":{id},"code":"a{id}","experiment_status":"{status}"}}"#)
        });
        let rows: Vec<String> = rows.collect();
        let groups = groups_by(&rows, STATUS);
        let name_of = |shape: usize| {
            let group = groups.iter().find(|group| group.shape == shape);
            group.map_or("", |group| group.name.as_str())
        };
        assert!(
            name_of(DIAMOND).contains("progress"),
            "{}",
            name_of(DIAMOND)
        );
        assert!(name_of(SQUARE).contains("failed"), "{}", name_of(SQUARE));
        let shapes: BTreeSet<usize> = groups.iter().map(|group| group.shape).collect();
        assert_eq!(shapes.len(), statuses.len());
    }

    #[test]
    fn the_most_frequent_categories_have_groups_and_the_others_share_one() {
        let rows: Vec<String> = (0..12)
            .map(|id| {
                format!(
                    r#"{{"id":{id},"code":"a","space_group":"P {}"}}"#,
                    id.min(9)
                )
            })
            .collect();
        let groups = groups_of(&rows, "space_group");
        assert_eq!(groups.len(), 9);
        assert_eq!(groups[0], ("P 9".to_owned(), 3));
        assert_eq!(groups[8], ("Other".to_owned(), 2));
        let all: usize = groups.iter().map(|(_, count)| count).sum();
        assert_eq!(all, 12);
    }
}
