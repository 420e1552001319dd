//! The list of target access strings, or why there is none.

use egui::{Align, Label, Layout, Ui};
use egui_extras::{Column, TableBuilder};

use crate::{
    model::{Ping, Tas, UserInfo, count_text},
    state::{Command, Session, State},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, badge, card},
    },
};

const HEADINGS: [&str; 5] = ["TAS", "Code", "Proposal", "Visit", "Targets"];
/// From this column on there are numbers, which stand at the right.
const NUMBERS: usize = 2;

pub(super) fn card_of(
    ui: &mut Ui,
    state: &State,
    session: &Session,
    info: Option<&UserInfo>,
    wishes: &mut Vec<Command>,
) {
    let list: &[Tas] = match info {
        Some(info) if session.is_signed_in() => &info.target_access,
        _ => &[],
    };
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
            wishes.push(Command::Tell("The list has been copied.".to_owned()));
        }
        badge(ui, &count_text(list.len()), false);
    };
    card(ui, Icon::KEY, "My target access strings", tools, |ui| {
        if list.is_empty() {
            let text = why_empty(session, info);
            ui.add(Label::new(Type::Body.text(text, Tokens::of(ui).muted)).wrap());
        } else {
            table(ui, state, list);
        }
    });
}

fn table(ui: &mut Ui, state: &State, list: &[Tas]) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    let width = ui.available_width();
    let parts = [0.3, 0.14, 0.18, 0.16];
    let mut builder = TableBuilder::new(ui)
        .vscroll(false)
        .cell_layout(Layout::left_to_right(Align::Center));
    for part in parts {
        builder = builder.column(Column::exact((width * part - 8.0).max(40.0)));
    }
    builder
        .column(Column::remainder())
        .header(size::ROW, |mut header| {
            for (at, heading) in HEADINGS.into_iter().enumerate() {
                header.col(|ui| cell(ui, at, Type::SmallHeading, heading, tokens.muted));
            }
        })
        .body(|body| {
            body.rows(size::ROW, list.len(), |mut row| {
                let Some(tas) = list.get(row.index()) else {
                    return;
                };
                for (at, text) in texts(state, tas).into_iter().enumerate() {
                    row.col(|ui| cell(ui, at, Type::Body, &text, tokens.text));
                }
            });
        });
}

/// The cells of a row, in the order of [`HEADINGS`].
fn texts(state: &State, tas: &Tas) -> [String; 5] {
    let number = |number: Option<u64>| number.map_or("–".to_owned(), |number| number.to_string());
    let targets = state
        .experiments
        .targets()
        .iter()
        .filter(|target| target.key.tas == *tas);
    [
        tas.to_string(),
        tas.code().to_owned(),
        number(tas.proposal()),
        number(tas.visit()),
        targets.count().to_string(),
    ]
}

fn cell(ui: &mut Ui, at: usize, step: Type, text: &str, colour: egui::Color32) {
    let label = Label::new(step.text(text, colour)).truncate();
    if at < NUMBERS {
        ui.add(label);
    } else {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(label));
    }
    let line = ui.max_rect();
    let stroke = egui::Stroke::new(1.0, Tokens::of(ui).line);
    ui.painter()
        .hline(line.x_range(), line.bottom() - 0.5, stroke);
}

/// An empty list has many causes; only one of them is "you are in no proposal".
fn why_empty(session: &Session, info: Option<&UserInfo>) -> &'static str {
    let ping = info.and_then(|info| info.ping.as_ref());
    match (session.is_signed_in(), info, ping) {
        (false, ..) => {
            "You are not signed in, so the server has no list for you. Public targets need none."
        }
        (true, None, _) => "This server is of an older generation and does not show the list.",
        (true, Some(_), Some(Ping::NotOk(_))) => {
            "The list is empty, and the authenticator is not OK: that may be the reason. Try again later."
        }
        (true, Some(_), _) => {
            "The server says that you are a member of no target access string. You see public targets only."
        }
    }
}
