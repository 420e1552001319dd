//! The list of target access strings, or why there is none.

use egui::{Align, Label, Layout, Role, Sense, Ui, WidgetInfo};
use egui_extras::{Column, TableBuilder};

use crate::{
    model::{Memberships, Ping, Tas, count_text},
    state::{AppCommand, Command, Session, State, Status},
    ui::{
        theme::{Icon, Tokens, Type, icon_text, size},
        widgets::{Button, Field, badge_ui, card_ui},
        words::clock_time,
    },
};

const HEADINGS: [&str; 6] = ["TAS", "Code", "Proposal", "Visit", "Targets", "Access"];
/// The columns of numbers, which are right-aligned.
const NUMBERS: std::ops::Range<usize> = 2..5;
/// Between the edge of a card and its contents, in points, without the line around it.
const CARD_MARGIN: f32 = 15.5;
/// Widths as fractions of the whole; the last column takes the rest.
const WIDTHS: [f32; 5] = [0.3, 0.11, 0.15, 0.12, 0.14];

/// What the list remembers between frames.
#[derive(Default)]
pub(super) struct AccessList {
    find: String,
    sorted_by: usize,
    is_downwards: bool,
}

/// A row of the list.
struct Line<'a> {
    tas: &'a Tas,
    /// `None` until the targets have been loaded.
    targets: Option<usize>,
    is_open: bool,
    is_mine: bool,
}

impl AccessList {
    pub(super) fn access_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        session: &Session,
        status: &Status,
        commands: &mut Vec<Command>,
    ) {
        // The user's own list stays on screen when the session ends or the server is unreachable, with its time.
        let memberships = &status.memberships;
        let own = memberships.strings();
        let list = with_open_ones(own, state);
        let list = list.as_slice();
        let mut find = self.find.clone();
        let tools = |ui: &mut Ui| {
            if list.is_empty() {
                return;
            }
            let copy = Button::plain("Copy")
                .with_icon(Icon::COPY)
                .named("Copy the list");
            if ui.add(copy).clicked() {
                let text: Vec<&str> = list.iter().map(Tas::as_str).collect();
                ui.ctx().copy_text(text.join("\n"));
                commands.push(Command::App(AppCommand::Notify(
                    "The list has been copied.".to_owned(),
                )));
            }
            Field::new("Find an access string", &mut find)
                .hint("Find")
                .icon(Icon::SEARCH)
                .size(140.0, size::CONTROL)
                .show(ui);
            if let Some(text) = count(memberships) {
                // Beside the heading, not beside the buttons.
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    badge_ui(ui, &text, false);
                });
            }
        };
        card_ui(ui, Icon::KEY, "Your target access strings", tools, |ui| {
            let muted = Tokens::of(ui).muted;
            let note = match memberships {
                Memberships::Private(private) if !private.is_empty() => Some(
                    "This server does not list your memberships. The private ones are shown because you are a member.",
                ),
                _ if own.is_empty() => Some(empty_reason(session, status)),
                _ => None,
            };
            if let Some(text) = note {
                ui.add(Label::new(Type::Body.text(text, muted)).wrap());
            }
            age_ui(ui, state, session, status);
            if !list.is_empty() {
                self.table_ui(ui, state, list, own);
            }
        });
        self.find = find;
    }

    fn table_ui(&mut self, ui: &mut Ui, state: &State, list: &[Tas], own: &[Tas]) {
        let tokens = Tokens::of(ui);
        let lines = self.lines(state, list, own);
        if lines.is_empty() {
            ui.label(Type::Body.text("No access string matches this text.", tokens.muted));
            return;
        }
        ui.spacing_mut().item_spacing = egui::vec2(0.0, 0.0);
        let width = ui.available_width();
        let mut builder = TableBuilder::new(ui)
            .vscroll(false)
            .cell_layout(Layout::left_to_right(Align::Center));
        for part in WIDTHS {
            builder = builder.column(Column::exact((width * part).max(40.0)));
        }
        builder
            .column(Column::remainder())
            .header(size::ROW, |mut header| {
                for (at, heading) in HEADINGS.into_iter().enumerate() {
                    header.col(|ui| self.heading_ui(ui, at, heading));
                }
            })
            .body(|body| {
                body.rows(size::ROW, lines.len(), |mut row| {
                    let Some(line) = lines.get(row.index()) else {
                        return;
                    };
                    for (at, text) in line.texts().into_iter().enumerate() {
                        row.col(|ui| {
                            if at == HEADINGS.len() - 1 {
                                let icon = if line.is_open {
                                    Icon::GLOBE
                                } else {
                                    Icon::LOCK
                                };
                                ui.add_space(indent(at));
                                ui.label(icon_text(icon, 14.0, tokens.muted));
                                ui.add_space(6.0 - indent(at));
                            }
                            let step = if at == 0 { Type::Strong } else { Type::Body };
                            cell_ui(ui, at, step, &text, tokens.text);
                        });
                    }
                });
            });
    }

    /// Returns the lines to show, in order.
    fn lines<'a>(&self, state: &State, list: &'a [Tas], own: &[Tas]) -> Vec<Line<'a>> {
        let needle = self.find.trim().to_lowercase();
        let is_read = state.experiments.table.value().is_some();
        let targets = state.experiments.targets();
        let mut lines: Vec<Line<'_>> = list
            .iter()
            .filter(|tas| tas.as_str().to_lowercase().contains(&needle))
            .map(|tas| Line {
                tas,
                targets: is_read.then(|| {
                    targets
                        .iter()
                        .filter(|target| target.key.tas == *tas)
                        .count()
                }),
                is_mine: own.contains(tas),
                is_open: targets
                    .iter()
                    .any(|target| target.key.tas == *tas && target.open == Some(true)),
            })
            .collect();
        // The list is already sorted, and equal lines keep that order.
        lines.sort_by(|a, b| {
            let order = match self.sorted_by {
                1 => a.tas.code().cmp(b.tas.code()),
                2 => a.tas.proposal().cmp(&b.tas.proposal()),
                3 => a.tas.visit().cmp(&b.tas.visit()),
                4 => a.targets.cmp(&b.targets),
                5 => (a.is_open, a.is_mine).cmp(&(b.is_open, b.is_mine)),
                _ => a.tas.cmp(b.tas),
            };
            if self.is_downwards {
                order.reverse()
            } else {
                order
            }
        });
        lines
    }

    fn heading_ui(&mut self, ui: &mut Ui, at: usize, heading: &str) {
        let tokens = Tokens::of(ui);
        paint_band(ui, at);
        ui.spacing_mut().item_spacing.x = 4.0;
        let is_sorted = self.sorted_by == at;
        let response = ui.interact(ui.max_rect(), ui.scope_id().with(heading), Sense::click());
        let (name, arrow) = match (is_sorted, self.is_downwards) {
            (true, false) => (format!("{heading}, sorted ascending"), Some(Icon::ARROW_UP)),
            (true, true) => (
                format!("{heading}, sorted descending"),
                Some(Icon::ARROW_DOWN),
            ),
            (false, _) => (heading.to_owned(), None),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &name));
        let colour = if is_sorted || response.hovered() {
            tokens.text
        } else {
            tokens.muted
        };
        let mark = arrow.map(|icon| icon_text(icon, 12.0, tokens.accent_text));
        let text = Label::new(Type::SmallHeading.text(heading, colour)).sense(Sense::hover());
        if NUMBERS.contains(&at) {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(text);
                if let Some(mark) = mark {
                    ui.label(mark);
                }
            });
        } else {
            ui.add_space(indent(at));
            ui.add(text);
            if let Some(mark) = mark {
                ui.label(mark);
            }
        }
        if response.clicked() {
            self.is_downwards = is_sorted && !self.is_downwards;
            self.sorted_by = at;
        }
    }
}

/// Paints the background of a heading; those of the first and the last one reach to the edges of the card.
fn paint_band(ui: &Ui, at: usize) {
    let mut band = ui.max_rect();
    if at == 0 {
        band.min.x -= CARD_MARGIN;
    }
    if at == HEADINGS.len() - 1 {
        band.max.x += CARD_MARGIN;
    }
    let painter = ui.painter().with_clip_rect(band);
    painter.rect_filled(band, 0.0, Tokens::of(ui).panel);
}

impl Line<'_> {
    /// Returns the texts of the cells, in the order of [`HEADINGS`].
    fn texts(&self) -> [String; 6] {
        let number =
            |number: Option<u64>| number.map_or("–".to_owned(), |number| number.to_string());
        [
            // Servers may use other forms: these are marked, never refused.
            if self.tas.is_usual() {
                self.tas.to_string()
            } else {
                format!("{} (unusual form)", self.tas)
            },
            self.tas.code().to_owned(),
            number(self.tas.proposal()),
            number(self.tas.visit()),
            self.targets
                .map_or("–".to_owned(), |targets| targets.to_string()),
            match (self.is_open, self.is_mine) {
                (true, true) => "open, mine",
                (true, false) => "open",
                (false, _) => "mine",
            }
            .to_owned(),
        ]
    }
}

/// Returns the space between a column of numbers and the text after it.
fn indent(at: usize) -> f32 {
    if at >= NUMBERS.end { 24.0 } else { 0.0 }
}

fn cell_ui(ui: &mut Ui, at: usize, step: Type, text: &str, colour: egui::Color32) {
    let label = Label::new(step.text(text, colour)).truncate();
    if NUMBERS.contains(&at) {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(label));
    } else {
        ui.add_space(indent(at));
        ui.add(label);
    }
    let line = ui.max_rect();
    let stroke = egui::Stroke::new(1.0, Tokens::of(ui).line);
    ui.painter()
        .hline(line.x_range(), line.bottom() - 0.5, stroke);
}

/// Returns the user's own strings, followed by those with public targets.
fn with_open_ones(own: &[Tas], state: &State) -> Vec<Tas> {
    let open = state
        .experiments
        .targets()
        .iter()
        .filter(|target| target.open == Some(true))
        .map(|target| target.key.tas.clone());
    let mut list: Vec<Tas> = own.iter().cloned().chain(open).collect();
    list.sort();
    list.dedup();
    list
}

/// Returns how many proposals are the user's, or `None` if that is not known.
fn count(memberships: &Memberships) -> Option<String> {
    match memberships {
        Memberships::NotKnown => None,
        Memberships::Listed(own) => Some(format!("{} mine", count_text(own.len()))),
        // Whether the user is a member of open ones as well is not known here.
        Memberships::Private(own) => Some(format!("{} private", count_text(own.len()))),
    }
}

/// Returns why the list is empty. Of the possible reasons, only one is that the user is in none of the proposals.
fn empty_reason(session: &Session, status: &Status) -> &'static str {
    let Ok(info) = &status.user else {
        return "The server could not say which memberships you have. Try again in a few minutes.";
    };
    let ping = info.as_ref().and_then(|info| info.ping.as_ref());
    match (session.has_token(), info, ping) {
        (false, ..) => {
            "You are not signed in, so the server has no list for you. Public targets need none."
        }
        (true, None, _) if status.memberships == Memberships::NotKnown => {
            "This server does not list your memberships."
        }
        (true, None, _) => {
            "This server does not list your memberships, and shows you only public targets."
        }
        (true, Some(_), Some(Ping::NotOk(_))) => {
            "The server lists no access strings as yours, and the authenticator is not OK: that may be the reason. Try again later."
        }
        (true, Some(_), _) => {
            "According to the server, you have no target access strings. You see public targets only."
        }
    }
}

/// Draws how old the list is, if it cannot be refreshed.
fn age_ui(ui: &mut Ui, state: &State, session: &Session, status: &Status) {
    if !session.has_token() || session.is_signed_in() {
        return;
    }
    let now = (state.environment.clock)();
    let from = clock_time(&status.at, &now);
    let text = if session.has_ended() {
        format!("As of {from}, when your session was valid.")
    } else {
        format!("Offline. Showing data from {from}.")
    };
    let text = Type::Small.text(text, Tokens::of(ui).muted);
    ui.add(Label::new(text).wrap());
}
