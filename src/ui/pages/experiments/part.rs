//! The filter of structures: a part that molecules must have.

use egui::{Align, Label, Layout, Ui};

use crate::{
    chemistry::Query,
    table::{Compare, Condition},
    ui::{
        theme::{Tokens, Type, size},
        widgets::Field,
    },
};

/// What was changed: the outer `None` means nothing, the inner one that no condition is left.
pub(super) type Edit = Option<Option<Condition>>;

/// The field for the part. `is_new` when the editor has just been opened.
pub(super) fn part(ui: &mut Ui, text: &mut String, is_new: bool, edit: &mut Edit) {
    let tokens = Tokens::of(ui);
    let is_nothing = text.trim().is_empty();
    let error = Query::read(text).err().filter(|_| !is_nothing);
    let field = Field::new("Part of the molecule", text)
        .hint("SMILES or SMARTS, such as c1ccncc1")
        .wrong(error.is_some())
        .limit(500)
        .size(ui.available_width() - 20.0, size::CONTROL)
        .show(ui);
    if is_new {
        field.request_focus();
    }
    let (about, colour) = match error {
        Some(error) => (format!("{error}."), tokens.err),
        None => (
            "Shows hits whose compound has this part. Everything is worked out on this computer."
                .to_owned(),
            tokens.muted,
        ),
    };
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.add(Label::new(Type::Small.text(about, colour)).wrap());
    });
    if field.changed() {
        let text = text.trim();
        // What cannot be read yet is still being written.
        if text.is_empty() {
            *edit = Some(None);
        } else if Query::read(text).is_ok() {
            *edit = Some(Some(Condition::Text {
                how: Compare::Part,
                text: text.to_owned(),
            }));
        }
    }
}
