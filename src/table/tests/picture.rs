//! Plots as pictures.

use resvg::{
    tiny_skia::Pixmap,
    usvg::{Options, Tree},
};

use crate::{
    picture::TextRendering,
    table::{Chart, ChartAxis, ChartGroup, Marks, png, svg},
};

fn axis(title: &str, from: f64, to: f64) -> ChartAxis {
    ChartAxis {
        title: title.to_owned(),
        from,
        to,
        column: None,
    }
}

fn chart(marks: Marks) -> Chart {
    Chart {
        title: "Mpro <script>&\u{1} \"x\" Å, µm, β".to_owned(),
        source: "fragalysis.example.org".to_owned(),
        across: axis("Resolution (Å)", 0.0, 4.0),
        up: axis("R free", 0.0, 10.0),
        marks,
        selected: Vec::new(),
    }
}

fn group(name: &str, dots: Vec<[f64; 2]>) -> ChartGroup {
    ChartGroup {
        name: name.to_owned(),
        shape: 0,
        colour: [200, 30, 30],
        dots,
    }
}

/// Counts the pixels of nearly this colour.
fn count(pixels: &Pixmap, near: [u8; 3]) -> usize {
    let is_near = |pixel: &resvg::tiny_skia::PremultipliedColorU8| {
        [pixel.red(), pixel.green(), pixel.blue()]
            .iter()
            .zip(near)
            .all(|(one, other)| one.abs_diff(other) < 24)
    };
    pixels
        .pixels()
        .iter()
        .filter(|pixel| is_near(pixel))
        .count()
}

#[test]
fn a_picture_is_valid_refers_to_nothing_and_escapes_what_people_wrote() {
    let groups = (0..9).map(|at| group(&format!("<{at}>"), vec![[1.0, f64::from(at)]]));
    let chart = chart(Marks::Dots(groups.collect()));
    for lettering in [TextRendering::Words, TextRendering::Outlines] {
        let text = svg(&chart, lettering);
        Tree::from_str(&text, &Options::default()).unwrap();
        assert!(
            !text.contains("<script") && !text.contains("href"),
            "{text}"
        );
        assert_eq!(
            text.contains("<text"),
            matches!(lettering, TextRendering::Words)
        );
    }
}

#[test]
fn a_png_shows_every_dot_where_it_belongs_and_the_words() {
    let dots = vec![[1.0, 5.0], [2.0, 2.0], [3.0, 8.0]];
    let with = chart(Marks::Dots(vec![group("all", dots)]));
    let without = chart(Marks::Dots(Vec::new()));
    let picture = |chart: &Chart| Pixmap::decode_png(&png(chart).unwrap()).unwrap();
    let (with, without) = (picture(&with), picture(&without));
    assert_eq!((with.width(), with.height()), (2880, 1920));
    let red = |pixels: &Pixmap| count(pixels, [211, 75, 75]);
    assert_eq!(red(&without), 0);
    // Three circles with a radius of 3.5 units, three pixels each.
    assert!((700..1500).contains(&red(&with)), "{}", red(&with));
    // The words are there as outlines: without a typeface they would not be.
    assert!(count(&with, [29, 39, 51]) > 2_000);
}

#[test]
fn a_histogram_has_a_bar_for_each_bin_with_rows_and_shows_the_selected_ones_in_it() {
    let mut with = chart(Marks::Bars {
        all: vec![1, 5, 0, 10],
        selected: vec![0; 4],
    });
    let rectangles = |chart: &Chart| svg(chart, TextRendering::Words).matches("<rect").count();
    // Background, frame, and three bars.
    assert_eq!(rectangles(&with), 5);
    with.marks = Marks::Bars {
        all: vec![1, 5, 0, 10],
        selected: vec![0, 2, 0, 10],
    };
    assert_eq!(rectangles(&with), 7);
}

#[test]
fn the_names_of_the_groups_stay_within_the_picture_however_long_they_are() {
    for name in ["A", "Correct ligand, but weak density", &"W".repeat(300)] {
        let groups = vec![
            group(name, vec![[1.0, 5.0]]),
            group("other", vec![[2.0, 2.0]]),
        ];
        let with = chart(Marks::Dots(groups));
        let pixels = Pixmap::decode_png(&png(&with).unwrap()).unwrap();
        // The last column of pixels and the 20 before it are paper, from top to bottom.
        for x in pixels.width() - 20..pixels.width() {
            for y in 0..pixels.height() {
                let pixel = pixels.pixel(x, y).unwrap();
                assert_eq!(pixel.red(), 255, "{name} reaches the edge at {x}, {y}");
            }
        }
    }
}

#[test]
fn selected_dots_have_a_ring() {
    let mut with = chart(Marks::Dots(vec![group(
        "all",
        vec![[1.0, 5.0], [2.0, 2.0]],
    )]));
    let rings = |chart: &Chart| {
        let text = svg(chart, TextRendering::Words);
        text.matches("fill=\"none\" stroke=\"#1d2733\"").count()
    };
    assert_eq!(rings(&with), 0);
    with.selected = vec![[2.0, 2.0]];
    assert_eq!(rings(&with), 1);
}
