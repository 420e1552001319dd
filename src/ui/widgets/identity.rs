//! Identities of controls.
//!
//! egui counts: the seventh control of a `Ui` is number seven. When something appears before it, a click that is under
//! way is lost, and the keyboard focus goes over to what has the number now: Return would press another button. So
//! ours are named by the place in the source that makes them; only several of one place are counted.

use std::panic::Location;

use egui::{Id, IdMap, Rect, Response, Sense, Ui, Vec2};

/// Where in the source a control is made.
pub(super) type SourcePlace = &'static Location<'static>;

/// How many controls of each place this pass has had.
#[derive(Clone, Default)]
struct Counts {
    pass: u64,
    of: IdMap<u32>,
}

/// Allocates the room for a control. Returns where it is painted, which in a justified layout is less than what can be
/// clicked.
pub(super) fn allocate(
    ui: &mut Ui,
    size: Vec2,
    place: SourcePlace,
    sense: Sense,
) -> (Rect, Response) {
    let room = ui.allocate_space(size).1;
    let response = ui.interact(room, control_id(ui, place), sense);
    let rect = ui.layout().align_size_within_rect(size, response.rect);
    (rect, response)
}

/// Returns the identity of a control that is drawn now.
fn control_id(ui: &Ui, place: SourcePlace) -> Id {
    let base = ui
        .scope_id()
        .with((place.file(), place.line(), place.column()));
    let (pass, window) = (ui.ctx().cumulative_pass_nr(), ui.ctx().viewport_id());
    let before = ui.data_mut(|data| {
        let counts: &mut Counts = data.get_temp_mut_or_default(Id::unique(("controls", window)));
        if counts.pass != pass {
            counts.pass = pass;
            counts.of.clear();
        }
        let count = counts.of.entry(base).or_default();
        *count += 1;
        *count - 1
    });
    base.with(before)
}

#[cfg(test)]
mod tests {
    use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect};

    use crate::ui::widgets::{Button, Tick};

    /// A button, one below it that ends something, and sometimes others before them, all at fixed places.
    struct Page {
        ctx: Context,
        presses: u32,
        ends: u32,
    }

    impl Page {
        fn new() -> Self {
            let ctx = Context::default();
            crate::ui::theme::install(&ctx);
            Self {
                ctx,
                presses: 0,
                ends: 0,
            }
        }

        /// Returns where the button is.
        fn draw(&mut self, events: Vec<Event>, has_banner: bool) -> Rect {
            let input = RawInput {
                events,
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, egui::vec2(800.0, 600.0))),
                ..RawInput::default()
            };
            let mut place = Rect::NOTHING;
            let (mut pressed, mut ended) = (false, false);
            let mut output = self.ctx.run_ui(input, |ui| {
                let at = |y| Rect::from_min_size(egui::pos2(10.0, y), egui::vec2(90.0, 28.0));
                if has_banner {
                    ui.put(at(10.0), Button::plain("Retry"));
                    ui.put(at(50.0), Tick::new("Always", false));
                }
                let button = ui.put(at(90.0), Button::plain("Refresh"));
                pressed |= button.clicked();
                place = button.rect;
                ended |= ui.put(at(130.0), Button::danger("End")).clicked();
            });
            output.textures_delta.clear();
            self.presses += u32::from(pressed);
            self.ends += u32::from(ended);
            place
        }
    }

    #[test]
    fn the_focus_stays_with_its_button_when_something_appears_before_it() {
        let mut page = Page::new();
        page.draw(Vec::new(), false);
        let key = |key| Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        page.draw(vec![key(egui::Key::Tab)], false);
        page.draw(Vec::new(), true);
        page.draw(vec![key(egui::Key::Enter)], true);
        page.draw(Vec::new(), true);
        assert_eq!((page.presses, page.ends), (1, 0));
    }

    #[test]
    fn a_click_is_not_lost_when_something_appears_while_it_is_made() {
        let mut page = Page::new();
        page.draw(Vec::new(), false);
        let at = page.draw(Vec::new(), false).center();
        let click = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        page.draw(vec![Event::PointerMoved(at), click(true)], false);
        page.draw(Vec::new(), true);
        page.draw(vec![click(false)], true);
        page.draw(Vec::new(), true);
        assert_eq!((page.presses, page.ends), (1, 0));
    }
}
