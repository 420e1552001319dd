//! The experiments, and what is made of them: files, pictures, text for the clipboard.

use std::path::PathBuf;

use crate::{
    model::{MediaFile, TargetKey},
    table::{Chart, Extract},
};

/// The form of a saved table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFile {
    /// Text that a spreadsheet reads.
    Csv,
    /// A workbook.
    Xlsx,
}

impl TableFile {
    /// What kind of file it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Csv => "Text for spreadsheets",
            Self::Xlsx => "Excel workbook",
        }
    }

    /// What its name ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// The form of a saved plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFile {
    /// Pixels.
    Png,
    /// Lines and words.
    Svg,
}

impl PictureFile {
    /// What kind of file it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Png => "Picture",
            Self::Svg => "SVG, editable",
        }
    }

    /// What its name ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// Reads experiments, and makes something of them.
#[derive(Clone, Debug)]
pub enum ExperimentsCommand {
    /// Ask for the experiments again.
    Refresh,
    /// Read the hits, if no one has yet.
    LoadHits,
    /// Load the observations of a target, if no one has yet.
    LoadObservations(TargetKey),
    /// Put the molfile of a structure, laid out flat, into the clipboard.
    CopyMolfile(String),
    /// Put cells into the clipboard.
    CopyRows {
        /// Which.
        extract: Extract,
        /// Whether the headings come first.
        has_headings: bool,
    },
    /// Save rows to a file.
    SaveTable {
        /// Which.
        extract: Extract,
        /// Where to; what is there is replaced, as the system's dialog has asked.
        path: PathBuf,
        /// In which form.
        form: TableFile,
    },
    /// Save a plot as a picture.
    SavePlot {
        /// What it shows.
        chart: Box<Chart>,
        /// Where to; what is there is replaced, as the system's dialog has asked.
        path: PathBuf,
        /// In which form.
        form: PictureFile,
        /// The typeface of its words, where they are drawn.
        font: &'static [u8],
    },
    /// Lay a molecule out here, if no one has yet.
    Draw(String),
    /// Fetch the server's drawing of a structure, if no one has yet.
    LoadPicture(String),
    /// Fetch a single file.
    FetchFile {
        /// The target it belongs to.
        target: TargetKey,
        /// Which file.
        file: MediaFile,
        /// What it is, in words.
        what: String,
    },
    /// Show a target in the web viewer of the server.
    OpenWebViewer(TargetKey),
}
