//! The controls that all pages share. Each paints itself from the theme's tokens and says its name and
//! role to screen readers.

pub(super) mod bar;
pub(super) mod button;
mod card;
pub(super) mod field;
#[cfg(test)]
mod gallery;
mod identity;
mod light;
mod marks;
mod molecule;
mod pane;
pub(super) mod segments;
mod skeleton;
mod text;
mod tick;

pub(crate) use bar::{
    badge_ui, banner_ui, banner_with_buttons_ui, hairline_ui, menu_line_ui, progress_ui,
    section_ui, stopped_progress_ui,
};
pub(crate) use button::Button;
pub(crate) use card::{
    card_ui, empty_state_ui, fact_ui, fact_with_ui, labelled_value_ui, wide_fact_with_ui,
};
pub(crate) use field::Field;
pub(crate) use light::{Light, light_ui, paint_light};
pub(crate) use marks::{paint_icon, paint_set_star};
pub(crate) use molecule::paint_molecule;
pub(crate) use pane::{Edge, Pane};
pub(crate) use segments::{Segment, segments_ui};
pub(crate) use skeleton::{skeleton_lines_ui, skeleton_table_ui};
pub(crate) use text::{announce, between_lines_ui, cut, cut_label_ui, shortened, width_of};
pub(crate) use tick::{Tick, Ticked};
