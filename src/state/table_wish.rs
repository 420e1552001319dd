//! What the experiments page can ask for beyond choosing a target and a row.

use std::{collections::BTreeSet, path::PathBuf};

use crate::{
    model::{ExperimentId, MediaFile, TargetKey},
    table::{Chart, Condition, Extract, Layout},
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
            Self::Svg => "Drawing that can be edited",
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

/// A wish that concerns the table of experiments.
#[derive(Clone, Debug)]
pub enum TableWish {
    /// Put a condition on a column, or take it away.
    Filter {
        /// The column's field.
        field: String,
        /// What its cells must be.
        condition: Option<Condition>,
    },
    /// Take all conditions and the search away.
    ClearFilters,
    /// Take back the last change of conditions or search.
    Undo,
    /// Let a column stand at another place.
    MoveColumn {
        /// The column's field.
        field: String,
        /// Before the column that is at this place now.
        to: usize,
    },
    /// Remember how wide a column was made, in points.
    Width {
        /// The column's field.
        field: String,
        /// How wide.
        width: f32,
    },
    /// Make a column so wide, in points.
    GiveWidth {
        /// The column's field.
        field: String,
        /// How wide.
        width: f32,
    },
    /// Keep so many columns at the front in sight.
    Freeze(usize),
    /// Take over a view.
    UseView(Layout),
    /// Keep the present view under a name.
    KeepView(String),
    /// Forget a view of one's own.
    DropView(String),
    /// Select the shown rows that are not selected, and no other.
    Invert,
    /// A range of selected rows begins at this one.
    Anchor(ExperimentId),
    /// Select these and no other.
    SelectThese(BTreeSet<ExperimentId>),
    /// Put cells into the clipboard.
    Copy {
        /// Which.
        extract: Extract,
        /// Whether the headings come first.
        has_headings: bool,
    },
    /// Save rows to a file.
    Save {
        /// Which.
        extract: Extract,
        /// Where to; what is there is replaced, as the system's dialog has asked.
        path: PathBuf,
        /// In which form.
        form: TableFile,
    },
    /// Save a plot as a picture.
    SavePicture {
        /// What it shows.
        chart: Box<Chart>,
        /// Where to; what is there is replaced, as the system's dialog has asked.
        path: PathBuf,
        /// In which form.
        form: PictureFile,
        /// The typeface of its words, where they are drawn.
        font: &'static [u8],
    },
    /// Fetch the drawing of a structure, if nobody has yet.
    NeedPicture(String),
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
    OpenViewer(TargetKey),
}
