//! The controls that all pages share. Each paints itself from the theme's tokens and says its name and
//! role to screen readers.

pub(super) mod bar;
pub(super) mod button;
mod card;
pub(super) mod field;
mod light;
mod molecule;
mod pane;
pub(super) mod segments;
#[cfg(test)]
mod sheet;
mod skeleton;
mod text;
mod tick;

pub(crate) use bar::{badge, banner, banner_of, hairline, progress, section};
pub(crate) use button::{Button, paint_icon};
pub(crate) use card::{card, empty_state, fact, fact_with, wide_fact_with};
pub(crate) use field::Field;
pub(crate) use light::{Light, light, paint_light};
pub(crate) use molecule::paint_molecule;
pub(crate) use pane::{Edge, Pane};
pub(crate) use segments::{Segment, segments};
pub(crate) use skeleton::{skeleton_lines, skeleton_table};
pub(crate) use text::{announce, cut, cut_label, width_of};
pub(crate) use tick::{Tick, Ticked};
