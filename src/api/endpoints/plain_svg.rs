//! Drawings from a server, rewritten from a short list of what a drawing of a molecule needs. Everything else, such
//! as scripts, pictures, patterns, filters and links, is removed, and depth, number and size of the elements are
//! limited, to bound time and memory.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

/// Shapes that are drawn.
const SHAPES: [&str; 10] = [
    "g", "path", "rect", "line", "circle", "ellipse", "polygon", "polyline", "text", "tspan",
];
/// Attributes that a shape may have. Dashes are not among them: a long line of tiny dashes takes all memory. Nor is
/// `opacity`: every translucent shape would be a layer of its own; `fill-opacity` and `stroke-opacity` need none.
const ATTRIBUTES: [&str; 33] = [
    "d",
    "points",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "dx",
    "dy",
    "width",
    "height",
    "transform",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "font-size",
    "font-family",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
];
/// Deeper than any drawing of a molecule; rendering is recursive.
const DEPTH: usize = 16;
/// More shapes than any molecule has bonds and characters.
const ELEMENTS: usize = 4_000;
/// Longest rewritten drawing, in bytes.
const LONGEST: usize = 512 * 1024;
/// Largest side of a drawing, in its own units.
const SIDE: f32 = 4_000.0;

/// Returns the drawing rewritten from what is allowed; `None` if it is not one, or contains more than a molecule
/// needs.
pub(super) fn plain_svg(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    let mut plain = String::new();
    // Names of the open elements that are kept, and how many levels are being skipped.
    let (mut open, mut left_out, mut elements) = (Vec::new(), 0_usize, 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(start) if left_out > 0 || !is_kept(&start, open.len()) => {
                let _ = start;
                left_out += 1;
            }
            Event::Start(start) => {
                elements += 1;
                open.push(write_start(&mut plain, &start, open.is_empty(), ">")?);
            }
            Event::Empty(start) if left_out == 0 && is_kept(&start, open.len()) => {
                elements += 1;
                write_start(&mut plain, &start, open.is_empty(), "/>")?;
            }
            Event::End(_) if left_out > 0 => left_out -= 1,
            Event::End(_) => {
                let name = open.pop()?;
                plain.push_str(&format!("</{name}>"));
            }
            Event::Text(words)
                if left_out == 0 && open.last().is_some_and(|it| it.starts_with('t')) =>
            {
                let words = words.decode().ok()?;
                plain.push_str(&quick_xml::escape::escape(words.as_ref()));
            }
            _ => {}
        }
        if open.len() > DEPTH || left_out > DEPTH || elements > ELEMENTS || plain.len() > LONGEST {
            return None;
        }
    }
    (open.is_empty() && elements > 0).then_some(plain)
}

/// Returns `true` if an element is drawn; the drawing itself is the outermost one.
fn is_kept(start: &BytesStart<'_>, depth: usize) -> bool {
    let name = start.local_name();
    let name = std::str::from_utf8(name.as_ref()).unwrap_or_default();
    if depth == 0 {
        name == "svg"
    } else {
        SHAPES.contains(&name)
    }
}

/// Writes the start tag of an element. Returns its name.
fn write_start(
    plain: &mut String,
    start: &BytesStart<'_>,
    is_outermost: bool,
    end: &str,
) -> Option<String> {
    let name = std::str::from_utf8(start.local_name().as_ref())
        .ok()?
        .to_owned();
    plain.push_str(&format!("<{name}"));
    if is_outermost {
        plain.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
        plain.push_str(&size_of(start)?);
    } else {
        for (key, value) in attributes(start) {
            if key == "style" {
                for (key, value) in value.split(';').filter_map(|one| one.split_once(':')) {
                    write_attribute(plain, key.trim(), value.trim());
                }
            } else {
                write_attribute(plain, &key, &value);
            }
        }
    }
    plain.push_str(end);
    Some(name)
}

fn write_attribute(plain: &mut String, key: &str, value: &str) {
    let value = value.trim_end_matches("!important").trim();
    // A value that refers to something else is none of these.
    let is_plain = !value.contains("url(") && !value.contains(['<', '&']);
    if ATTRIBUTES.contains(&key) && is_plain {
        plain.push_str(&format!(" {key}=\"{}\"", value.replace('"', "'")));
    }
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let all = start.attributes().filter_map(Result::ok);
    all.filter_map(|attribute| {
        let key = std::str::from_utf8(attribute.key.as_ref()).ok()?.to_owned();
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .ok()?
            .into_owned();
        Some((key, value))
    })
    .collect()
}

/// Returns width, height and view box, if they are plausible for a drawing.
fn size_of(start: &BytesStart<'_>) -> Option<String> {
    let side = |text: &str| {
        let number: f32 = text.trim().trim_end_matches("px").parse().ok()?;
        (number > 0.0 && number <= SIDE).then_some(number)
    };
    let (mut size, mut view) = ([None, None], None);
    for (key, value) in attributes(start) {
        match key.as_str() {
            "width" => size[0] = side(&value),
            "height" => size[1] = side(&value),
            "viewBox" => {
                let numbers = value.split([' ', ',']).filter(|one| !one.is_empty());
                let numbers: Vec<f32> = numbers.filter_map(|one| one.parse().ok()).collect();
                let is_sane = |number: &f32| number.abs() <= SIDE;
                view = <[f32; 4]>::try_from(numbers)
                    .ok()
                    .filter(|view| view.iter().all(is_sane));
            }
            _ => {}
        }
    }
    match (size, view) {
        ([Some(width), Some(height)], None) => {
            Some(format!(" width=\"{width}\" height=\"{height}\""))
        }
        (_, Some([x, y, width, height])) if width > 0.0 && height > 0.0 => {
            let (w, h) = (size[0].unwrap_or(width), size[1].unwrap_or(height));
            Some(format!(
                " width=\"{w}\" height=\"{h}\" viewBox=\"{x} {y} {width} {height}\""
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_of_a_molecule_keeps_its_appearance() {
        let svg = "<svg version='1.1' xmlns='http://www.w3.org/2000/svg' width='240px' height='160px' viewBox='0 0 240 160'>\n<!-- END OF HEADER -->\n<rect style='opacity:1.0;fill:none;stroke:none' width='240' height='160' x='0' y='0'></rect><path class='bond-0' d='M 1,2 L 3,4' style='fill:none;fill-rule:evenodd;stroke:#000000;stroke-width:2.0px;stroke-linecap:butt'/><text x='1' y='2'>N<tspan>H</tspan></text></svg>";
        let plain = plain_svg(svg).unwrap();
        assert_eq!(
            plain,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"160\" viewBox=\"0 0 240 160\"><rect fill=\"none\" stroke=\"none\" width=\"240\" height=\"160\" x=\"0\" y=\"0\"></rect><path d=\"M 1,2 L 3,4\" fill=\"none\" fill-rule=\"evenodd\" stroke=\"#000000\" stroke-width=\"2.0px\" stroke-linecap=\"butt\"/><text x=\"1\" y=\"2\">N<tspan>H</tspan></text></svg>"
        );
    }

    #[test]
    fn everything_else_that_a_server_sends_is_removed() {
        let inside = |shape: &str| {
            plain_svg(&format!(
                "<svg width='10' height='10'>{shape}<path d='M 0,0'/></svg>"
            ))
            .unwrap()
        };
        for shape in [
            "<image href='file:///etc/passwd'/>",
            "<script>alert(1)</script>",
            "<defs><pattern id='p'><rect width='1' height='1'/></pattern></defs>",
            "<filter><feTurbulence baseFrequency='0.001'/></filter>",
            "<style>path { fill: url(#p) }</style>",
            "<use href='#x'/>",
            "<foreignObject><p>x</p></foreignObject>",
        ] {
            assert_eq!(inside(shape), inside(""), "{shape}");
        }
        let painted = inside(
            "<path d='M 1,1' fill='url(#p)' onclick='x' stroke-dasharray='0.0001' opacity='0.5'/>",
        );
        assert!(painted.contains("<path d=\"M 1,1\"/>"), "{painted}");
    }

    #[test]
    fn depth_number_and_size_are_bounded() {
        let deep = "<g>".repeat(100_000) + &"</g>".repeat(100_000);
        let patterns = "<pattern>".repeat(1_000) + &"</pattern>".repeat(1_000);
        let many = "<path d='M 0,0'/>".repeat(5_000);
        for shape in [deep, patterns, many] {
            assert_eq!(
                plain_svg(&format!("<svg width='9' height='9'>{shape}</svg>")),
                None
            );
        }
        assert_eq!(
            plain_svg("<svg width='9e9' height='9'><path d='M 0,0'/></svg>"),
            None
        );
        assert_eq!(
            plain_svg("<svg width='9' height='9'><path d='M 0,0'/>"),
            None
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[<>/a-z '=\"&;:()#0-9.]{0,200}") {
            plain_svg(&format!("<svg width='1' height='1'>{text}</svg>"));
        }
    }
}
