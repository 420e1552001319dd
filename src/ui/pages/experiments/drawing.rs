//! The drawing of a compound: drawn here, or by the server where that is not possible.

use std::{borrow::Cow, sync::Arc};

use egui::{
    Align, ColorImage, CornerRadius, Frame, Id, Image, Label, Layout, Rect, Response, Role, Sense,
    Stroke, TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo,
};

use super::structure_menu::structure_entries_ui;

use crate::{
    chemistry::Drawing,
    model::ErrorKind,
    picture::Pixels,
    state::{Command, DrawingState, ExperimentsCommand, Remote, State},
    table::{STRUCTURE, Sheet},
    ui::{
        theme::{Icon, Tokens, Type, size},
        widgets::{Button, paint_molecule},
    },
};

/// Draws the compound.
pub(super) fn drawing_ui(
    ui: &mut Ui,
    sheet: &Sheet,
    row: usize,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let Some(smiles) = smiles_of(sheet, row) else {
        return;
    };
    match state.drawings.get(&smiles) {
        DrawingState::Ready(drawing) => {
            let marked = marked(sheet, row, state);
            let marked = marked.as_deref().unwrap_or_default();
            let shown = local_drawing_ui(ui, &smiles, &drawing, marked);
            shown.context_menu(|ui| {
                ui.set_width(240.0);
                ui.spacing_mut().item_spacing.y = 0.0;
                structure_entries_ui(ui, &smiles, sheet.subject(), commands);
            });
        }
        DrawingState::NotPossible => server_drawing_ui(ui, &smiles, state, commands),
        DrawingState::OnItsWay => drawing_frame_ui(ui, |_, _| {}),
        DrawingState::NotAsked => {
            let command = ExperimentsCommand::Draw(smiles.clone());
            commands.push(Command::Experiments(command));
            drawing_frame_ui(ui, |_, _| {});
        }
    }
    smiles_ui(ui, &smiles);
}

/// Returns the structure of a row as SMILES.
pub(super) fn smiles_of(sheet: &Sheet, row: usize) -> Option<String> {
    sheet.smiles(row).map(Cow::into_owned)
}

/// Returns the atoms of the substructure that a filter asks for.
pub(super) fn marked(sheet: &Sheet, row: usize, state: &State) -> Option<Arc<[usize]>> {
    let filter = state.experiments.view.filter(STRUCTURE)?;
    sheet.filtered_part(sheet.place(STRUCTURE)?, row, filter)
}

/// Draws the local layout in the colours of the theme.
fn local_drawing_ui(ui: &mut Ui, smiles: &str, drawing: &Drawing, marked: &[usize]) -> Response {
    drawing_frame_ui(ui, |ui, rect| {
        paint_molecule(ui, rect.shrink(8.0), drawing, marked);
        // Only for its menu: there is nothing to activate from the keyboard, which has the menu of the row.
        let sense = Sense::CLICK - Sense::FOCUSABLE;
        let response = ui.interact(rect, ui.scope_id().with("structure"), sense);
        let name = format!("Structure {smiles}");
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        response
    })
}

fn drawing_frame_ui<T>(ui: &mut Ui, paint: impl FnOnce(&mut Ui, Rect) -> T) -> T {
    let tokens = Tokens::of(ui);
    Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CornerRadius::same(size::RADIUS_LARGE))
        .show(ui, |ui| {
            let room = Vec2::new(ui.available_width(), DRAWING.y);
            let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
            paint(ui, rect)
        })
        .inner
}

/// Draws the server's picture if the local layout fails; always on white, for which it is made.
fn server_drawing_ui(ui: &mut Ui, smiles: &str, state: &State, commands: &mut Vec<Command>) {
    let tokens = Tokens::of(ui);
    let smiles = smiles.to_owned();
    let picture = state.pictures.get(&smiles);
    if picture.is_none() {
        commands.push(Command::Experiments(ExperimentsCommand::LoadPicture(
            smiles.clone(),
        )));
    }
    let (fill, is_there) = match picture {
        Some(Remote::Ready(_)) => (tokens.paper, true),
        _ => (tokens.sunken, false),
    };
    Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CornerRadius::same(size::RADIUS_LARGE))
        .show(ui, |ui| {
            let room = Vec2::new(ui.available_width(), DRAWING.y);
            ui.allocate_ui_with_layout(
                room,
                Layout::centered_and_justified(egui::Direction::TopDown),
                |ui| match picture {
                    Some(Remote::Ready(pixels)) if is_there => {
                        let texture = texture_of(ui, &smiles, pixels);
                        ui.add(
                            Image::from_texture(&texture)
                                .max_size(DRAWING)
                                .alt_text(format!("Structure {smiles}")),
                        );
                    }
                    Some(Remote::Failed { problem, .. }) if problem.kind == ErrorKind::NotFound => {
                        let text = "The server has no drawing of this structure.";
                        ui.label(Type::Small.text(text, tokens.muted));
                    }
                    Some(Remote::Failed { .. }) => {
                        let name = "Load the drawing again";
                        let again = Button::quiet("No drawing received. Try again").named(name);
                        if ui.add(again).clicked() {
                            let command = ExperimentsCommand::LoadPicture(smiles.clone());
                            commands.push(Command::Experiments(command));
                        }
                    }
                    _ => {
                        ui.label(Type::Small.text("Loading the drawing…", tokens.muted));
                    }
                },
            );
        });
}

/// Draws the SMILES below the drawing.
fn smiles_ui(ui: &mut Ui, smiles: &str) {
    let tokens = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui
                .add(Button::quiet_icon(Icon::COPY, "Copy the SMILES"))
                .clicked()
            {
                ui.ctx().copy_text(smiles.to_owned());
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = Type::Small.text(smiles, tokens.muted);
                ui.add(Label::new(text).truncate().selectable(true));
            });
        });
    });
}

/// Returns the texture of the server's drawing; uploaded once for as long as it is the same.
fn texture_of(ui: &Ui, smiles: &str, pixels: &Arc<Pixels>) -> TextureHandle {
    let id = Id::unique("server drawing");
    let kept: Option<(Arc<Pixels>, TextureHandle)> = ui.data(|data| data.get_temp(id));
    if let Some((_, texture)) = kept.filter(|(of, _)| Arc::ptr_eq(of, pixels)) {
        return texture;
    }
    let image = ColorImage::from_rgba_premultiplied(pixels.size, &pixels.rgba);
    let texture = ui.ctx().load_texture(smiles, image, TextureOptions::LINEAR);
    ui.data_mut(|data| data.insert_temp(id, (Arc::clone(pixels), texture.clone())));
    texture
}

/// Size of the server's drawing, in points.
const DRAWING: Vec2 = Vec2::new(240.0, 160.0);
