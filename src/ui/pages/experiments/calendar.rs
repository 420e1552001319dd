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
        let days = Days {
            marked,
            range: [from, to],
            today: jiff::Zoned::now().date(),
        };
        let day = days.days_ui(ui, month);
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

/// The days that look different from others.
struct Days {
    /// The end of the range that is being chosen.
    marked: Option<Date>,
    range: [Option<Date>; 2],
    today: Date,
}

impl Days {
    /// Returns `true` if a day is within the range, which may have no end.
    fn is_in_range(&self, day: Date) -> bool {
        let [from, to] = self.range;
        let has_end = from.is_some() || to.is_some();
        has_end && from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
    }

    /// Draws a day. Returns `true` if it was clicked.
    fn day_ui(&self, ui: &mut Ui, day: Date) -> bool {
        let tokens = Tokens::of(ui);
        let mut name = day.strftime("%-d %B %Y").to_string();
        let is_marked = self.marked == Some(day);
        if self.is_in_range(day) && !is_marked {
            let around = egui::Rect::from_min_size(ui.cursor().min, DAY);
            ui.painter().rect_filled(around, 0.0, tokens.accent_soft);
        }
        if day == self.today {
            name.push_str(", today");
        }
        let text = day.day().to_string();
        let button = Button::quiet(&text)
            .named(&name)
            .height(DAY.y)
            .width(DAY.x)
            .on(is_marked);
        let response = ui.add(button);
        if day == self.today {
            let below = response.rect.center_bottom() - Vec2::new(0.0, 3.0);
            let line = [below - Vec2::new(6.0, 0.0), below + Vec2::new(6.0, 0.0)];
            ui.painter()
                .line_segment(line, egui::Stroke::new(2.0, tokens.accent));
        }
        response.clicked()
    }

    /// Draws the days of a month. Returns the one that was clicked.
    fn days_ui(&self, ui: &mut Ui, month: Date) -> Option<Date> {
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
                    if self.day_ui(ui, day) {
                        clicked = Some(day);
                    }
                    if day.weekday() == Weekday::Sunday {
                        ui.end_row();
                    }
                }
            });
        clicked
    }
}
