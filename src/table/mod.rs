//! The tables of experiments and of hits without a window: typed columns, sorting, filtering, selecting, exporting.
//! Pure and fast; nothing here draws, waits or does any input or output.
//!
//! ```text
//! rows of the answer ─ read ─► SheetBuilder ─► Sheet ─ TableView ─► which rows, in which order
//!                              values: numbers, or numbers of texts in a pool
//!                              computed when first needed: ranks (sorting), index (searching)
//! ```

mod build;
mod cell_text;
mod chart;
mod chosen;
mod column;
mod columns;
mod condition;
mod condition_words;
mod export;
mod filter;
mod find;
mod groups;
mod history;
mod hit_columns;
mod hits;
mod hits_layout;
mod joins;
mod json;
mod layout;
mod matching;
mod missing;
mod natural;
mod news;
mod notes;
mod pool;
mod ranks;
mod read;
mod selection;
mod sheet;
mod side_by_side;
mod sort;
mod structure_search;
mod subject;
mod summary;
#[cfg(test)]
mod tests;
mod typed;
mod undo;
mod values;
mod view;
mod workbook;

pub use build::SheetBuilder;
pub use chart::{Chart, ChartAxis, ChartError, ChartGroup, Marks, png, svg, tick_text};
pub use chosen::SelectionSummary;
pub use column::{CellValue, Column, ColumnGroup, ColumnKind};
pub use columns::{NEWS, OBSERVATIONS};
pub use condition::{ColumnFilter, Compare, Condition, PatternError, pattern};
pub use condition_words::or_empty;
pub use export::{ExportError, Extract, clipboard_text, export_csv, export_csv_for_spreadsheets};
pub use filter::{Filter, FilterError, server_name};
pub use find::matches;
pub use groups::{Group, groups};
pub use hit_columns::STRUCTURE;
pub use hits::{Hits, HitsBuilder};
pub use hits_layout::{CameFrom, CardSize, HitsLook, HitsShape};
pub use layout::{Layout, ShownColumn, built_in_views};
pub use matching::matching;
pub use natural::natural_cmp;
pub use news::{News, NewsCount};
pub use notes::{ExperimentKey, NOTE, Note, NoteChange, Notes, STAR};
pub use sheet::Sheet;
pub use side_by_side::{Pair, closest_targets, side_by_side};
pub use sort::{Direction, SortKey, sort_rows};
pub use subject::Subject;
pub use summary::{Histogram, Summary, histogram, histogram_like, summary, value_counts};
#[cfg(test)]
pub(crate) use tests::sheet_of;
pub use typed::{Bound, typed_bound};
pub use view::TableView;
pub use workbook::{Structures, export_xlsx};
