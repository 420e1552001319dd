//! Value parsers of the arguments.

use crate::{
    demo::Generation,
    model::{FileKind, Preset, ServerAddress, without_invisible},
};

pub(super) fn generation(text: &str) -> Result<Generation, String> {
    Generation::from_name(text).ok_or_else(|| "enter 2024, 2025 or 2026".to_owned())
}

/// Strips invisible characters and surrounding white space, which come with text pasted from web pages. An empty text is
/// refused: it comes from a script whose variable is not set.
pub(super) fn text(text: &str) -> Result<String, String> {
    let visible = without_invisible(text);
    if visible.is_empty() {
        return Err("it is empty; enter a value, or leave the option out".to_owned());
    }
    Ok(visible)
}

/// Like [`text`] for one of several codes, of which the last may be empty: after a comma.
#[expect(clippy::unnecessary_wraps, reason = "clap requires this signature")]
pub(super) fn code(text: &str) -> Result<String, String> {
    Ok(without_invisible(text))
}

pub(super) fn server(text: &str) -> Result<ServerAddress, String> {
    ServerAddress::parse(text).map_err(|error| error.to_string())
}

pub(super) fn kind(text: &str) -> Result<FileKind, String> {
    FileKind::from_parameter(text.trim()).ok_or_else(|| {
        let names: Vec<&str> = FileKind::ALL.into_iter().map(FileKind::parameter).collect();
        format!("enter one or more of {}", names.join(" "))
    })
}

pub(super) fn preset(text: &str) -> Result<Preset, String> {
    Preset::ALL
        .into_iter()
        .find(|preset| preset.name() == text)
        .ok_or_else(|| "enter structures, coot, ligands or everything".to_owned())
}
