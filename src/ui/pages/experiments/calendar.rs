//! A month from which the first or last day of a range of dates is chosen.

use egui::{Grid, Label, Ui, Vec2};
use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use crate::{
    table::Bound,
    ui::{
        theme::{Icon, Tokens, Type},
        widgets::Button,
    },
};

/// Width and height of a day, in points.
const DAY: Vec2 = Vec2::new(36.0, 24.0);
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The month that is shown, and for which end of the range.
#[derive(Default)]
pub(super) struct Calendar {
    open: Option<(Bound, Date)>,
}

/// Returns the day of a point in time (seconds since 1970) in this computer's zone.
fn day_of(seconds: f64) -> Option<Date> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number that is too large is refused"
    )]
    let at = Timestamp::from_second(seconds.floor() as i64).ok()?;
    Some(at.to_zoned(TimeZone::system()).date())
}

/// Returns when a day begins in this computer's zone, in seconds since 1970.
fn beginning(day: Date) -> Option<f64> {
    let begins = day.to_zoned(TimeZone::system()).ok()?;
    Some(begins.timestamp().as_duration().as_secs_f64())
}

impl Calendar {
    /// Draws the button that opens or closes the month beside one end of the range. `shown` is the moment whose month
    /// is shown first.
    pub(super) fn button_ui(&mut self, ui: &mut Ui, bound: Bound, shown: f64) {
        let is_open = self.open.is_some_and(|(open, _)| open == bound);
        let name = match (bound, is_open) {
            (Bound::From, false) => "Choose the first day from a calendar",
            (Bound::To, false) => "Choose the last day from a calendar",
            (_, true) => "Close the calendar",
        };
        let button = Button::quiet_icon(Icon::CALENDAR, name).on(is_open);
        if ui.add(button).clicked() {
            let day = day_of(shown).filter(|_| !is_open);
            self.open = day.map(|day| (bound, day.first_of_month()));
        }
    }

    /// Draws the open month. Returns the end of the range and its new time, once a day has been chosen.
    pub(super) fn month_ui(
        &mut self,
        ui: &mut Ui,
        chosen: [Option<f64>; 2],
    ) -> Option<(Bound, f64)> {
        let (bound, mut month) = self.open?;
        step_ui(ui, &mut month);
        let [from, to] = chosen.map(|seconds| seconds.and_then(day_of));
        let marked = match bound {
            Bound::From => from,
            Bound::To => to,
        };
        let day = days_ui(ui, month, marked);
        self.open = Some((bound, month));
        let day = day?;
        self.open = None;
        Some((bound, beginning(day)?))
    }
}

/// Draws the buttons that lead to other months and years.
fn step_ui(ui: &mut Ui, month: &mut Date) {
    let tokens = Tokens::of(ui);
    let mut step = jiff::Span::new();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (text, before, after, span) in [
            (
                month.strftime("%B").to_string(),
                "Previous month",
                "Next month",
                1.month(),
            ),
            (
                month.strftime("%Y").to_string(),
                "Previous year",
                "Next year",
                1.year(),
            ),
        ] {
            if ui
                .add(Button::quiet_icon(Icon::CHEVRON_LEFT, before))
                .clicked()
            {
                step = -span;
            }
            // A fixed width, so that the buttons stay where they are.
            let width = if before == "Previous month" {
                80.0
            } else {
                40.0
            };
            let text = Type::Strong.text(text, tokens.text);
            ui.add_sized([width, DAY.y], Label::new(text).selectable(false));
            if ui
                .add(Button::quiet_icon(Icon::CHEVRON_RIGHT, after))
                .clicked()
            {
                step = span;
            }
        }
    });
    // Beyond the first and the last supported year, the month stays unchanged.
    *month = month.checked_add(step).unwrap_or(*month);
}

/// Draws the days of a month. Returns the one that was clicked.
fn days_ui(ui: &mut Ui, month: Date, marked: Option<Date>) -> Option<Date> {
    let tokens = Tokens::of(ui);
    let mut clicked = None;
    Grid::new("days of a month")
        .spacing(Vec2::ZERO)
        .show(ui, |ui| {
            for name in WEEKDAYS {
                let text = Type::Small.text(name, tokens.muted);
                ui.add_sized(DAY, Label::new(text).selectable(false));
            }
            ui.end_row();
            let before = month.weekday().since(Weekday::Monday);
            for _ in 0..before {
                ui.allocate_exact_size(DAY, egui::Sense::hover());
            }
            for day in month
                .series(1.day())
                .take_while(|day| day.month() == month.month())
            {
                let name = day.strftime("%-d %B %Y").to_string();
                let text = day.day().to_string();
                let button = Button::quiet(&text)
                    .named(&name)
                    .height(DAY.y)
                    .width(DAY.x)
                    .on(marked == Some(day));
                if ui.add(button).clicked() {
                    clicked = Some(day);
                }
                if day.weekday() == Weekday::Sunday {
                    ui.end_row();
                }
            }
        });
    clicked
}
