//! The picture as SVG.

use super::{Chart, ChartAxis, Marks, SIZE, ticks::ticks};
use crate::picture::{Anchor, TextRendering, Word, escaped, width};

/// Space for the numbers and labels around the plot: left, top, right, bottom.
const ROOM: [f64; 4] = [88.0, 48.0, 24.0, 92.0];
/// Space beside the longest name of the groups, if there are several: for their marks, and to the edge.
const BESIDE_NAMES: f64 = 44.0;
/// The names of the groups take at most this much; longer ones are cut.
const LONGEST_NAME: f64 = 300.0;
/// Size of their letters.
const NAME: f32 = 13.0;
const INK: &str = "#1d2733";
const GREY: &str = "#56616e";
const LINE: &str = "#dfe4ea";
const FRAME: &str = "#8a94a1";
/// Colour of the bars: that of the app.
const BAR: &str = "#2467b3";
/// Width of the bars of selected rows, as a fraction of the others.
const SELECTED_WIDTH: f64 = 0.5;

/// The area of the marks.
#[derive(Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn x(&self, axis: &ChartAxis, number: f64) -> f64 {
        self.left + axis.share(number) * (self.right - self.left)
    }

    fn y(&self, axis: &ChartAxis, number: f64) -> f64 {
        self.bottom - axis.share(number) * (self.bottom - self.top)
    }
}

/// Returns the picture as the text of an SVG file. It refers to nothing outside itself.
pub fn svg(chart: &Chart, lettering: TextRendering) -> String {
    let [width, height] = SIZE.map(f64::from);
    let legend = legend_width(chart);
    let area = Area {
        left: ROOM[0],
        top: ROOM[1],
        right: width - ROOM[2] - legend,
        bottom: height - ROOM[3],
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"Inter, Helvetica, Arial, sans-serif\">\n<title>{}</title>\n<desc>{}</desc>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        escaped(&chart.title),
        escaped(&chart.source),
    );
    out += &axes(chart, area, lettering);
    match &chart.marks {
        Marks::Dots(groups) => {
            for group in groups {
                let colour = hex(group.colour);
                out += &format!("<g fill=\"{colour}\" fill-opacity=\"0.8\" stroke=\"{colour}\">\n");
                for [x, y] in &group.dots {
                    out += &mark(
                        group.shape,
                        area.x(&chart.across, *x),
                        area.y(&chart.up, *y),
                    );
                }
                out += "</g>\n";
            }
            for [x, y] in &chart.selected {
                let (x, y) = (area.x(&chart.across, *x), area.y(&chart.up, *y));
                out += &format!(
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6.5\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.5\"/>\n"
                );
            }
            if groups.len() > 1 {
                out += &names(chart, area, lettering);
            }
        }
        Marks::Bars { all, selected } => {
            out += &bars(chart, all, area, (BAR, 1.0));
            out += &bars(chart, selected, area, (INK, SELECTED_WIDTH));
        }
    }
    out += "</svg>\n";
    out
}

/// Returns the space that the names of the groups need; none where there is one group only.
fn legend_width(chart: &Chart) -> f64 {
    let Marks::Dots(groups) = &chart.marks else {
        return 0.0;
    };
    if groups.len() < 2 {
        return 0.0;
    }
    let names = groups.iter();
    let widths = names.map(|group| f64::from(width(&shortened(&group.name), NAME)));
    widths.fold(0.0, f64::max) + BESIDE_NAMES
}

/// Returns a name, cut where it is too long for the picture.
fn shortened(name: &str) -> String {
    if f64::from(width(name, NAME)) <= LONGEST_NAME {
        return name.to_owned();
    }
    let mut short: String = name.to_owned();
    while short.pop().is_some() && f64::from(width(&format!("{short}…"), NAME)) > LONGEST_NAME {}
    format!("{}…", short.trim_end())
}

/// Grid, numbers, titles.
fn axes(chart: &Chart, area: Area, lettering: TextRendering) -> String {
    let Area {
        left,
        top,
        right,
        bottom,
    } = area;
    let mut out = String::new();
    let word = |text: &str, at: [f64; 2], anchor, size, colour, is_turned| {
        lettering.element(Word {
            text,
            at,
            anchor,
            size,
            colour,
            is_turned,
        })
    };
    let line = |x1: f64, y1: f64, x2: f64, y2: f64| {
        format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{LINE}\"/>\n"
        )
    };
    for (number, text) in ticks(&chart.across) {
        let x = area.x(&chart.across, number);
        out += &line(x, top, x, bottom);
        out += &word(&text, [x, bottom + 20.0], Anchor::Middle, 13.0, GREY, false);
    }
    for (number, text) in ticks(&chart.up) {
        let y = area.y(&chart.up, number);
        out += &line(left, y, right, y);
        out += &word(&text, [left - 8.0, y + 4.5], Anchor::End, 13.0, GREY, false);
    }
    out += &format!(
        "<rect x=\"{left}\" y=\"{top}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"{FRAME}\"/>\n",
        right - left,
        bottom - top
    );
    let (middle, centre) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
    let (across, up) = (&chart.across.title, &chart.up.title);
    let (below, last) = ([middle, bottom + 46.0], [left, bottom + 76.0]);
    out += &word(&chart.title, [left, 30.0], Anchor::Start, 17.0, INK, false);
    out += &word(across, below, Anchor::Middle, 15.0, INK, false);
    out += &word(up, [26.0, centre], Anchor::Middle, 15.0, INK, true);
    out += &word(&chart.source, last, Anchor::Start, 11.0, GREY, false);
    out
}

/// Returns bars of a colour, each as wide as this share of its bin.
fn bars(chart: &Chart, counts: &[usize], area: Area, (colour, share): (&str, f64)) -> String {
    let bin = (chart.across.to - chart.across.from) / counts.len().max(1) as f64;
    let mut out = format!("<g fill=\"{colour}\">\n");
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let middle = chart.across.from + bin * (at as f64 + 0.5);
        let half = bin * share / 2.0;
        let from = area.x(&chart.across, middle - half);
        let to = area.x(&chart.across, middle + half);
        let y = area.y(&chart.up, *count as f64);
        out += &format!(
            "<rect x=\"{:.2}\" y=\"{y:.2}\" width=\"{:.2}\" height=\"{:.2}\"/>\n",
            from + 0.5,
            (to - from - 1.0).max(0.5),
            area.bottom - y
        );
    }
    out + "</g>\n"
}

/// Returns each group's mark and name, beside the drawing.
fn names(chart: &Chart, area: Area, lettering: TextRendering) -> String {
    let Marks::Dots(groups) = &chart.marks else {
        return String::new();
    };
    let mut out = String::new();
    for (at, group) in groups.iter().enumerate() {
        let (x, y) = (area.right + 22.0, area.top + 14.0 + 24.0 * at as f64);
        let colour = hex(group.colour);
        out += &format!(
            "<g fill=\"{colour}\" stroke=\"{colour}\">{}</g>\n",
            mark(group.shape, x, y)
        );
        out += &lettering.element(Word {
            text: &shortened(&group.name),
            at: [x + 14.0, y + 4.5],
            anchor: Anchor::Start,
            size: NAME,
            colour: INK,
            is_turned: false,
        });
    }
    out
}

/// Returns the mark of a group: each has another shape, so that colour is not the only difference.
fn mark(shape: usize, x: f64, y: f64) -> String {
    let points = |points: &[(f64, f64)]| {
        let text: Vec<String> = points
            .iter()
            .map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy))
            .collect();
        format!("<polygon points=\"{}\"/>\n", text.join(" "))
    };
    let strokes = |path: &str| {
        format!("<path transform=\"translate({x:.1} {y:.1})\" stroke-width=\"2\" d=\"{path}\"/>\n")
    };
    // In the order in which the window's plot gives them.
    match shape {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>\n"),
        1 => points(&[(0.0, -4.5), (4.5, 0.0), (0.0, 4.5), (-4.5, 0.0)]),
        2 => points(&[(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)]),
        3 => points(&[(0.0, -4.5), (4.0, 3.5), (-4.0, 3.5)]),
        4 => points(&[(0.0, 4.5), (4.0, -3.5), (-4.0, -3.5)]),
        5 => points(&[(-4.5, 0.0), (3.5, -4.0), (3.5, 4.0)]),
        6 => points(&[(4.5, 0.0), (-3.5, -4.0), (-3.5, 4.0)]),
        7 => strokes("M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5"),
        _ => strokes("M-4.5 0L4.5 0M0 -4.5L0 4.5"),
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
