//! The plot as a picture: to the clipboard, or to a file through the system's own dialog.

use egui::{Popup, Ui};

use super::{
    data::{Dots, MOST_POINTS},
    spread::Distribution,
};
use crate::{
    model::count_text,
    state::{Command, ExperimentsCommand, PictureFile, State},
    table::{Chart, ChartAxis, ChartGroup, Column, Marks},
    ui::{
        dialogs::{FilePicker, Picked},
        pages::experiments::export_menu::free_name,
        theme::{Icon, Tokens},
        widgets::Button,
    },
};

/// What the button remembers.
#[derive(Default)]
pub(super) struct SavePlot {
    picker: FilePicker,
    /// What is to be saved once the dialog returns.
    waiting: Option<(Chart, PictureFile)>,
}

impl SavePlot {
    /// Draws the button with its menu; disabled if there is nothing to draw.
    pub(super) fn save_button_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        commands: &mut Vec<Command>,
        chart: impl FnOnce() -> Option<Chart>,
    ) {
        let reason = self
            .waiting
            .as_ref()
            .map(|_| "The save dialog is already open");
        let button = Button::quiet("Picture").opens_menu();
        let button = ui.add(button.named("Picture of the plot").disabled_because(reason));
        let (mut form, mut is_copied) = (None, false);
        Popup::menu(&button).show(|ui| {
            ui.set_width(250.0);
            let copy = Button::menu_entry("Copy picture").with_icon(Icon::COPY);
            is_copied = ui.add(copy).clicked();
            for (text, wanted) in [
                ("PNG image (.png)…", PictureFile::Png),
                ("SVG, editable (.svg)…", PictureFile::Svg),
            ] {
                if ui
                    .add(Button::menu_entry(text).with_icon(Icon::SCATTER))
                    .clicked()
                {
                    form = Some(wanted);
                }
            }
        });
        if form.is_none() && !is_copied {
            return;
        }
        let Some(chart) = chart() else { return };
        let Some(form) = form else {
            let copy = ExperimentsCommand::CopyPlot(Box::new(chart));
            commands.push(Command::Experiments(copy));
            return;
        };
        self.waiting = Some((chart, form));
        let path = free_name(state, "plot", form.ending());
        let kind = (form.words(), form.ending());
        self.picker
            .open_to_save(ui.ctx(), "Save the plot", &path, kind);
    }

    /// Polls the dialog.
    pub(super) fn poll(&mut self, state: &State, commands: &mut Vec<Command>) {
        let Some(picked) = self.picker.poll() else {
            return;
        };
        let Some((chart, form)) = self.waiting.take() else {
            return;
        };
        let path = match picked {
            Picked::Path(path) => path,
            // Without a dialog: in the download folder, under an unused name.
            Picked::Unavailable => free_name(state, "plot", form.ending()),
            Picked::Cancelled => return,
        };
        commands.push(Command::Experiments(ExperimentsCommand::SavePlot {
            chart: Box::new(chart),
            path,
            form,
        }));
    }
}

/// Returns the picture of two columns against each other.
pub(super) fn scatter_chart(state: &State, dots: &Dots, across: &Column, up: &Column) -> Chart {
    let numbers = |which: usize| {
        let all = dots.drawn().iter();
        all.filter_map(move |dot| dot.at.get(which).copied())
    };
    // On a white background, whatever the theme.
    let tokens = Tokens::for_dark(false);
    let groups = dots.groups.iter().map(|group| {
        let [red, green, blue, _] = group.colour(tokens).to_array();
        ChartGroup {
            name: group.name.clone(),
            shape: group.shape,
            colour: [red, green, blue],
            dots: group.dots.clone(),
        }
    });
    let title = format!("{} against {}", up.heading, across.heading);
    let mut left_out = String::new();
    if dots.all.len() > MOST_POINTS {
        left_out = format!(" · only {} are drawn", count_text(MOST_POINTS));
    }
    Chart {
        title: titled(state, &title),
        source: source(state, dots.all.len()) + &left_out,
        across: ChartAxis::around(across, numbers(0)),
        up: ChartAxis::around(up, numbers(1)),
        marks: Marks::Dots(groups.collect()),
        selected: dots.selected.clone(),
    }
}

/// Returns the picture of the distribution of a column.
pub(super) fn histogram_chart(state: &State, spread: &Distribution, column: &Column) -> Chart {
    let all = &spread.all;
    let most = all.counts.iter().max().copied().unwrap_or_default();
    let ends = [all.from, all.to];
    let mut across = ChartAxis::around(column, ends.into_iter());
    if all.from < all.to {
        [across.from, across.to] = ends;
    }
    let mut source = source(state, all.counts.iter().sum());
    let selected: usize = spread.selected.counts.iter().sum();
    if selected > 0 {
        source += &format!(" · narrow bars: {} selected", count_text(selected));
    }
    Chart {
        title: titled(state, &column.heading),
        source,
        across,
        up: ChartAxis {
            title: state.experiments.sheet().subject().title().to_owned(),
            from: 0.0,
            to: (most as f64 * 1.06).max(1.0),
            column: None,
        },
        marks: Marks::Bars {
            all: all.counts.clone(),
            selected: spread.selected.counts.clone(),
        },
        selected: Vec::new(),
    }
}

fn titled(state: &State, what: &str) -> String {
    match state.experiments.view.target() {
        Some(target) => format!("{target}: {what}"),
        None => what.to_owned(),
    }
}

fn source(state: &State, count: usize) -> String {
    let server = state.session();
    let server = server.map_or_else(String::new, |session| session.server.host_text());
    let at = state.experiments.table.value();
    let at = at.map_or_else(String::new, |table| {
        table.at.strftime(", read %Y-%m-%d").to_string()
    });
    let of = state.experiments.view.len();
    // A picture outlives the banner that says what is missing.
    let missing = state.experiments.why_incomplete();
    let missing = missing.map_or_else(String::new, |why| format!(" · {why}"));
    format!(
        "{server}{at} · {} of {} shown {} have these values{missing}",
        count_text(count),
        count_text(of),
        state.experiments.sheet().subject().plural()
    )
}
