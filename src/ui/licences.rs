//! The licences of everything inside, as a window over the page.

use egui::{Align, Align2, Label, Layout, Margin, ScrollArea, Ui, Vec2};

use super::{
    theme::{Icon, Tokens, Type},
    widgets::{Button, Field, hairline},
};

/// Of what is compiled in, made by `cargo about`.
const TEXT: &str = include_str!("../../assets/licences.txt");
/// Of what is drawn with: what, and the text.
const DRAWN_WITH: [(&str, &str); 3] = [
    (
        "Inter, a typeface",
        include_str!("../../assets/fonts/Inter-LICENSE.txt"),
    ),
    (
        "JetBrains Mono, a typeface",
        include_str!("../../assets/fonts/JetBrainsMono-LICENSE.txt"),
    ),
    (
        "Lucide, icons",
        include_str!("../../assets/fonts/Lucide-LICENSE.txt"),
    ),
];
/// What begins a licence in that text.
const BEGINNING: &str = "\n=== ";
/// Letters in a line; the window is as wide.
const WIDE: usize = 88;

/// A licence, in lines that fit, and whose it is.
struct Licence {
    of: String,
    lines: Vec<String>,
}

/// What the window remembers while it is open.
pub(super) struct LicencesWindow {
    find: String,
    /// What `shown` was made for.
    found: Option<String>,
    all: Vec<Licence>,
    shown: Vec<String>,
}

impl Default for LicencesWindow {
    fn default() -> Self {
        let drawn_with = DRAWN_WITH.iter().map(|(of, text)| licence("", of, text));
        let compiled_in = TEXT.split(BEGINNING).skip(1).map(|section| {
            let (name, rest) = section.split_once('\n').unwrap_or((section, ""));
            let (of, text) = rest.split_once('\n').unwrap_or((rest, ""));
            licence(name, of.trim_start_matches("Of "), text)
        });
        Self {
            find: String::new(),
            found: None,
            all: drawn_with.chain(compiled_in).collect(),
            shown: Vec::new(),
        }
    }
}

impl LicencesWindow {
    /// Draws it. False when it is to be closed.
    pub(super) fn show(&mut self, ui: &Ui) -> bool {
        let tokens = Tokens::of(ui);
        let room = ui.ctx().content_rect().size() - Vec2::splat(48.0);
        let mut stays = true;
        let place = (Align2::CENTER_CENTER, Vec2::ZERO);
        let leaves = super::over_the_page(ui, "licences", place, Margin::symmetric(24, 16), |ui| {
            ui.set_width(720.0_f32.min(room.x - 48.0));
            ui.horizontal(|ui| {
                ui.label(Type::Title.text("Third-party licences", tokens.text));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let close = Button::quiet_icon(Icon::CROSS, "Close the licences");
                    if ui.add(close).clicked() {
                        stays = false;
                    }
                });
            });
            ui.horizontal(|ui| {
                Field::new("Find a part by its name", &mut self.find)
                    .hint("Find a part by its name")
                    .icon(Icon::SEARCH)
                    .show(ui);
                self.choose();
                if ui
                    .add(Button::plain("Copy").with_icon(Icon::COPY))
                    .clicked()
                {
                    ui.ctx().copy_text(self.shown.join("\n"));
                }
            });
            hairline(ui);
            self.lines(ui, (room.y - 150.0).clamp(120.0, 520.0));
        });
        stays && !leaves
    }

    /// The lines of those licences that belong to what is looked for.
    fn choose(&mut self) {
        if self.found.as_ref() == Some(&self.find) {
            return;
        }
        let needle = self.find.trim().to_lowercase();
        let found = self
            .all
            .iter()
            .filter(|licence| licence.of.to_lowercase().contains(&needle));
        self.shown = found.flat_map(|licence| licence.lines.clone()).collect();
        self.found = Some(self.find.clone());
    }

    fn lines(&self, ui: &mut Ui, height: f32) {
        let tokens = Tokens::of(ui);
        if self.shown.is_empty() {
            ui.label(Type::Body.text("Nothing inside has this name.", tokens.muted));
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .show_rows(ui, Type::Code.line(), self.shown.len(), |ui, rows| {
                for line in self.shown.get(rows).unwrap_or_default() {
                    ui.add(Label::new(Type::Code.text(line, tokens.text)).extend());
                }
            });
    }
}

fn licence(name: &str, of: &str, text: &str) -> Licence {
    let heading = match name {
        "" => of.to_owned(),
        name => format!("{of}: {name}"),
    };
    let mut lines = Vec::new();
    for line in [heading.as_str(), ""]
        .into_iter()
        .chain(text.trim_matches('\n').lines())
    {
        wrap(line, &mut lines);
    }
    lines.extend([String::new(), "─".repeat(WIDE), String::new()]);
    Licence {
        of: of.to_owned(),
        lines,
    }
}

/// Breaks a line between words where it is too long.
fn wrap(line: &str, lines: &mut Vec<String>) {
    let mut rest = line.trim_end();
    while rest.chars().count() > WIDE {
        let most = rest
            .char_indices()
            .nth(WIDE)
            .map_or(rest.len(), |(at, _)| at);
        let (head, _) = rest.split_at(most);
        let at = head.rfind(' ').filter(|at| *at > 0).unwrap_or(most);
        let (head, tail) = rest.split_at(at);
        lines.push(head.to_owned());
        rest = tail.trim_start();
    }
    lines.push(rest.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_stands_there_with_its_licence_and_nothing_that_is_not() {
        let lock = include_str!("../../Cargo.lock");
        let locked = |part: &str| {
            let (name, version) = part.rsplit_once(' ').unwrap();
            lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n"))
        };
        let window = LicencesWindow::default();
        let compiled_in = &window.all[DRAWN_WITH.len()..];
        assert!(compiled_in.len() > 100, "{}", compiled_in.len());
        let parts: Vec<&str> = compiled_in
            .iter()
            .flat_map(|one| one.of.split(", "))
            .collect();
        let strangers: Vec<_> = parts.iter().filter(|part| !locked(part)).collect();
        assert!(
            strangers.is_empty(),
            "update assets/licences.txt: {strangers:?}"
        );
        // Every crate that the program names itself.
        let manifest = include_str!("../../Cargo.toml");
        let (_, own) = manifest.split_once("\n[dependencies]\n").unwrap();
        let (own, _) = own.split_once("\n[target.").unwrap();
        let names = own.lines().filter(|line| !line.starts_with('#'));
        let missing: Vec<_> = names
            .filter_map(|line| line.split_once(" = "))
            .filter(|(name, _)| {
                !parts
                    .iter()
                    .any(|part| part.starts_with(&format!("{name} ")))
            })
            .collect();
        assert!(
            missing.is_empty(),
            "update assets/licences.txt: {missing:?}"
        );
        assert!(
            window.all.iter().all(|one| one.lines.len() > 8),
            "a licence without its text"
        );
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        let mut lines = Vec::new();
        let text = "word ".repeat(40);
        wrap(&text, &mut lines);
        assert!(
            lines
                .iter()
                .all(|line| line.len() <= WIDE && !line.starts_with(' '))
        );
        assert_eq!(lines.join(" "), text.trim_end());
        lines.clear();
        wrap(&"å".repeat(200), &mut lines);
        assert_eq!(lines.concat(), "å".repeat(200));
    }
}
