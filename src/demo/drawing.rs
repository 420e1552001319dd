//! `/viewer/img_from_smiles/`: structures drawn as the real servers draw them: lines, and letters made of lines.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::{
    chemistry::{Bond, Fragment},
    shared::Shared,
};

/// Characters as lines between points of a square from 0 to 1.
const LETTERS: [(char, &str); 8] = [
    ('N', "0,1 0,0 1,1 1,0"),
    (
        'O',
        "0.5,0 0.15,0.1 0,0.5 0.15,0.9 0.5,1 0.85,0.9 1,0.5 0.85,0.1 0.5,0",
    ),
    ('F', "1,0 0,0 0,0.5 0.8,0.5 0,0.5 0,1"),
    ('S', "1,0.1 0.5,0 0,0.2 0.2,0.45 0.8,0.55 1,0.8 0.5,1 0,0.9"),
    ('C', "1,0.15 0.5,0 0,0.3 0,0.7 0.5,1 1,0.85"),
    ('l', "0.2,0 0.2,1"),
    (
        'B',
        "0,0 0,1 0.8,0.95 1,0.75 0.7,0.5 0,0.5 0.7,0.5 0.9,0.25 0.7,0.05 0,0",
    ),
    ('r', "0,1 0,0.4 0,0.6 0.5,0.4"),
];

/// Returns the drawing of any structure that the demo knows.
pub(super) async fn of_smiles(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let number = |name: &str| query.get(name).and_then(|text| text.parse().ok());
    let size = (
        number("width").unwrap_or(128),
        number("height").unwrap_or(128),
    );
    let Some(smiles) = query.get("smiles") else {
        return page("Please insert SMILES".to_owned());
    };
    let compounds = &shared.world().compounds;
    let known = compounds.iter().find(|one| one.fragment.smiles == *smiles);
    page(known.map_or_else(|| "None Mol".to_owned(), |one| svg(&one.fragment, size)))
}

/// Returns a text labelled as a web page, as the real servers label every answer here.
fn page(text: String) -> Response {
    (
        StatusCode::OK,
        [("content-type", "text/html; charset=utf-8")],
        text,
    )
        .into_response()
}

fn colour(element: &str) -> &'static str {
    match element {
        "N" => "#4284F4",
        "O" => "#E84235",
        "S" => "#CCB000",
        "F" | "Cl" => "#33A84B",
        "Br" => "#7F4C19",
        _ => "#191919",
    }
}

fn svg(fragment: &Fragment, (width, height): (u32, u32)) -> String {
    let places = flat(fragment, f64::from(width), f64::from(height));
    let mut text = format!(
        "<?xml version='1.0' encoding='iso-8859-1'?>\n<svg version='1.1' baseProfile='full' xmlns='http://www.w3.org/2000/svg' width='{width}px' height='{height}px' viewBox='0 0 {width} {height}'>\n<!-- END OF HEADER -->\n"
    );
    let element = |index: usize| fragment.atoms.get(index).map_or("C", |atom| atom.element);
    for Bond(a, b, order) in &fragment.bonds {
        let (Some(from), Some(to)) = (places.get(*a), places.get(*b)) else {
            continue;
        };
        for line in 0..*order {
            let aside = (f64::from(line) - f64::from(order - 1) / 2.0) * 4.0;
            bond(&mut text, (*from, element(*a)), (*to, element(*b)), aside);
        }
    }
    for (atom, place) in fragment.atoms.iter().zip(&places) {
        if atom.element != "C" {
            letters(&mut text, *place, atom.element);
        }
    }
    text.push_str("</svg>\n");
    text
}

/// Returns the positions of the atoms in the drawing.
fn flat(fragment: &Fragment, width: f64, height: f64) -> Vec<[f64; 2]> {
    let atoms = fragment.atoms.iter().map(|atom| [atom.at[0], atom.at[1]]);
    let atoms: Vec<[f64; 2]> = atoms.collect();
    let range = |axis: usize| {
        let values = atoms.iter().map(|at| at[axis]);
        let least = values.clone().fold(f64::INFINITY, f64::min);
        (least, values.fold(f64::NEG_INFINITY, f64::max))
    };
    let ((left, right), (low, high)) = (range(0), range(1));
    let scale = ((width - 40.0) / (right - left).max(1.0))
        .min((height - 40.0) / (high - low).max(1.0))
        .min(28.0);
    atoms
        .iter()
        .map(|[x, y]| {
            [
                width / 2.0 + (x - f64::midpoint(left, right)) * scale,
                height / 2.0 - (y - f64::midpoint(low, high)) * scale,
            ]
        })
        .collect()
}

/// Draws a bond: each half has the colour of its atom, and none goes through a letter.
fn bond(text: &mut String, from: ([f64; 2], &str), to: ([f64; 2], &str), aside: f64) {
    let ([x1, y1], [x2, y2]) = (from.0, to.0);
    let length = (x2 - x1).hypot(y2 - y1).max(1.0);
    let (ux, uy) = ((x2 - x1) / length, (y2 - y1) / length);
    let (ax, ay) = (-uy * aside, ux * aside);
    let gap = |element: &str| if element == "C" { 0.0 } else { 9.0 };
    let start = [x1 + ux * gap(from.1) + ax, y1 + uy * gap(from.1) + ay];
    let end = [x2 - ux * gap(to.1) + ax, y2 - uy * gap(to.1) + ay];
    let middle = [
        f64::midpoint(start[0], end[0]),
        f64::midpoint(start[1], end[1]),
    ];
    for (a, b, element) in [(start, middle, from.1), (middle, end, to.1)] {
        let _infallible = writeln!(
            text,
            "<path d='M {:.1},{:.1} L {:.1},{:.1}' style='fill:none;fill-rule:evenodd;stroke:{};stroke-width:2.0px;stroke-linecap:round' />",
            a[0],
            a[1],
            b[0],
            b[1],
            colour(element)
        );
    }
}

fn letters(text: &mut String, [x, y]: [f64; 2], element: &str) {
    let mut left = x - 4.0;
    for letter in element.chars() {
        let Some((_, points)) = LETTERS.iter().find(|(known, _)| *known == letter) else {
            continue;
        };
        let width = if letter.is_lowercase() { 4.0 } else { 8.0 };
        let points: Vec<String> = points
            .split(' ')
            .filter_map(|point| {
                let (px, py) = point.split_once(',')?;
                let (px, py): (f64, f64) = (px.parse().ok()?, py.parse().ok()?);
                Some(format!(
                    "{:.1},{:.1}",
                    left + px * width,
                    y - 5.0 + py * 10.0
                ))
            })
            .collect();
        let _infallible = writeln!(
            text,
            "<path class='atom' d='M {}' style='fill:none;stroke:{};stroke-width:1.6px;stroke-linecap:round;stroke-linejoin:round' />",
            points.join(" L "),
            colour(element)
        );
        left += width + 2.0;
    }
}
