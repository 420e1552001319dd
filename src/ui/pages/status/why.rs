//! "Why can't I see …?": a question, what was checked, and the answer.

use egui::{Label, Sense, Ui, Vec2};

use crate::{
    access::{Explanation, Verdict},
    state::{AppCommand, Command, Route, Session, State, StatusCommand, TableCommand},
    ui::{
        input::{entered, select_all},
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, Field, card_ui, paint_icon},
    },
};

/// Minimum width for showing the answer next to the findings.
const WIDE: f32 = 560.0;
/// An answer offers at most this many targets.
const MOST_NAMED: usize = 3;

/// The question, as it is typed.
#[derive(Default)]
pub(super) struct Question {
    text: String,
    /// The number of the last one that was asked elsewhere.
    number: u64,
}

pub(super) fn why_ui(
    ui: &mut Ui,
    question: &mut Question,
    state: &State,
    session: &Session,
    commands: &mut Vec<Command>,
) {
    card_ui(
        ui,
        Icon::HELP,
        "Why can't I see …?",
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(8.0);
            question_ui(ui, question, state, commands);
            let Some(why) = &state.account.why else {
                return;
            };
            let width = ui.available_width();
            if width < WIDE {
                findings_ui(ui, why);
                answer_ui(ui, why, state, session, commands);
                return;
            }
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| {
                    ui.set_width(width * 0.42);
                    findings_ui(ui, why);
                });
                ui.vertical(|ui| {
                    ui.set_width(width * 0.55);
                    answer_ui(ui, why, state, session, commands);
                });
            });
        },
    );
}

/// Draws the field for the question, and its button.
fn question_ui(ui: &mut Ui, question: &mut Question, state: &State, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 98.0).max(120.0);
        let (number, asked) = &state.account.question;
        let is_new = question.number != *number;
        if is_new {
            question.number = *number;
            question.text.clone_from(asked);
        }
        let field = Field::new("A target or a target access string", &mut question.text)
            .hint("A target's title, or a target access string")
            .icon(Icon::SEARCH)
            .size(width, size::LARGE)
            .limit(200)
            .show(ui);
        let is_entered = entered(ui, &field);
        if is_entered || is_new {
            // The next question can be typed at once, over this one.
            field.request_focus();
            select_all(ui, &field, &question.text);
        }
        if ui.add(Button::primary("Find out").width(90.0)).clicked() || is_entered {
            commands.push(Command::Status(StatusCommand::Explain(
                question.text.clone(),
            )));
        }
    });
}

fn findings_ui(ui: &mut Ui, why: &Explanation) {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 4.0;
    for step in &why.steps {
        let (icon, colour) = match step.verdict {
            Verdict::Fine => (Icon::CHECKED, tokens.ok),
            Verdict::Doubtful => (Icon::WARNING, tokens.warn),
            Verdict::Cause => (Icon::FAILED, tokens.err),
            Verdict::Unknown => (Icon::HELP, tokens.idle),
        };
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(Vec2::new(16.0, 20.0), Sense::hover());
            paint_icon(ui, rect.center(), icon, 16.0, colour);
            ui.add(Label::new(Type::Body.text(&step.finding, tokens.text)).wrap());
        });
    }
}

/// Draws a button for each target that the answer names, such as the one that was meant.
fn named_targets_ui(ui: &mut Ui, why: &Explanation, state: &State, commands: &mut Vec<Command>) {
    let targets = state.experiments.targets().iter();
    let named = targets.filter(|target| {
        let name = target.key.to_string();
        // A whole word: `Mpro (…)` is also the end of `SubMpro (…)`.
        let begins = |at: usize| !why.sentence[..at].ends_with(char::is_alphanumeric);
        why.sentence.match_indices(&name).any(|(at, _)| begins(at))
    });
    for target in named.take(MOST_NAMED) {
        let text = format!("Show {}", target.key);
        if ui.add(Button::plain(&text)).clicked() {
            let show = TableCommand::ShowTarget(Some(target.key.clone()));
            commands.push(Command::Table(show));
            commands.push(Command::App(AppCommand::Go(Route::Experiments)));
        }
    }
}

fn answer_ui(
    ui: &mut Ui,
    why: &Explanation,
    state: &State,
    session: &Session,
    commands: &mut Vec<Command>,
) {
    let tokens = Tokens::of(ui);
    ui.add(
        Label::new(Type::Strong.text(&why.sentence, tokens.text))
            .wrap()
            .selectable(true),
    );
    named_targets_ui(ui, why, state, commands);
    let copy = Button::plain("Copy this for an administrator").with_icon(Icon::COPY);
    // About what can be seen there is nothing to ask.
    let is_open = why.steps.iter().any(|step| step.verdict != Verdict::Fine);
    if is_open && ui.add(copy).clicked() {
        let when = (state.environment.clock)()
            .strftime("%-d %b %Y %H:%M %Z")
            .to_string();
        let server = session.server.as_str();
        ui.ctx()
            .copy_text(why.evidence(server, session.user.as_deref(), &when));
        commands.push(Command::App(AppCommand::Notify(
            "The answer has been copied, with its evidence.".to_owned(),
        )));
    }
}
