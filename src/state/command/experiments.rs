//! Commands for the experiments and their exports: files, pictures, text for the clipboard.

use std::path::PathBuf;

use crate::{
    model::{MediaFile, TargetKey},
    table::{Chart, ExperimentKey, Extract},
};

/// The format of a saved table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFile {
    /// Text that spreadsheets can read.
    Csv,
    /// A workbook.
    Xlsx,
    /// A workbook with a drawing in each row.
    XlsxWithStructures,
}

impl TableFile {
    /// Returns the name of the format on screen.
    pub fn words(self) -> &'static str {
        match self {
            Self::Csv => "CSV file",
            Self::Xlsx | Self::XlsxWithStructures => "Excel workbook",
        }
    }

    /// Returns the file name extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx | Self::XlsxWithStructures => "xlsx",
        }
    }
}

/// The format of a saved plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFile {
    /// Pixels.
    Png,
    /// Vector graphics.
    Svg,
}

impl PictureFile {
    /// Returns the name of the format on screen.
    pub fn words(self) -> &'static str {
        match self {
            Self::Png => "Picture",
            Self::Svg => "SVG, editable",
        }
    }

    /// Returns the file name extension.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// What the user can do with the experiments.
#[derive(Clone, Debug)]
pub enum ExperimentsCommand {
    /// Load the experiments again.
    Refresh,
    /// Dismiss the message about what is new since the last visit.
    DismissNews,
    /// Star experiments, or remove their stars.
    Star {
        /// Which.
        keys: Vec<ExperimentKey>,
        /// `true` stars them, `false` removes their stars.
        is_starred: bool,
    },
    /// Replace the user's note on an experiment; an empty text removes it.
    WriteNote {
        /// Which.
        key: ExperimentKey,
        /// What it was before the change.
        before: String,
        /// The whole text.
        text: String,
    },
    /// Load the hits, unless they are loaded already.
    LoadHits,
    /// Load the observations of a target, unless they are loaded already.
    LoadObservations(TargetKey),
    /// Copy the molfile of a structure, with 2D coordinates, to the clipboard.
    CopyMolfile(String),
    /// Copy the drawing of a structure to the clipboard: as a picture, or as the text of an SVG file.
    CopyStructure {
        /// The structure.
        smiles: String,
        /// The format.
        form: PictureFile,
    },
    /// Copy cells to the clipboard.
    CopyRows {
        /// Which.
        extract: Extract,
        /// Whether the first row has the headings.
        has_headings: bool,
    },
    /// Save rows to a file.
    SaveTable {
        /// Which.
        extract: Extract,
        /// The path; an existing file is replaced, as confirmed in the system's dialog.
        path: PathBuf,
        /// The format.
        form: TableFile,
    },
    /// Save a plot as a picture.
    SavePlot {
        /// What it shows.
        chart: Box<Chart>,
        /// The path; an existing file is replaced, as confirmed in the system's dialog.
        path: PathBuf,
        /// The format.
        form: PictureFile,
    },
    /// Save the current view of the table to a file.
    SaveViewFile {
        /// The path; an existing file is replaced, as confirmed in the system's dialog.
        path: PathBuf,
        /// The name of the view.
        name: String,
    },
    /// Show the view in a file, and add it to the user's own.
    OpenViewFile(PathBuf),
    /// Copy a plot to the clipboard as a picture.
    CopyPlot(Box<Chart>),
    /// Lay out a molecule locally, unless that has been done already.
    Draw(String),
    /// Load the server's drawing of a structure, unless it is loaded already.
    LoadPicture(String),
    /// Fetch a single file.
    FetchFile {
        /// The target it belongs to.
        target: TargetKey,
        /// Which file.
        file: MediaFile,
        /// A description of the file.
        what: String,
    },
    /// Show a target in the web viewer of the server.
    OpenWebViewer(TargetKey),
}
