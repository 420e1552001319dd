//! All rows that were read, column by column.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use super::{
    CellValue, Column,
    cell_text::{text_of, word_text},
    column::{self, Encoding},
    find::Index,
    ranks::{self, Ranks},
    read::Reader,
    structure_search::Molecules,
    subject::Subject,
    values::Values,
};
use crate::model::{RowId, Target, TargetKey};

/// The rows of the table with their columns. Immutable, so that it can be shared; copies are cheap.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    subject: Subject,
    columns: Arc<[Column]>,
    data: Vec<Arc<Data>>,
    len: usize,
    targets: Arc<[Target]>,
    /// The index of each row's target.
    of_target: Arc<[u32]>,
    /// The columns of the rows' numbers and codes.
    id: usize,
    code: usize,
    /// All rows sorted by their codes, computed when first needed.
    pub(super) by_code: Arc<OnceLock<Vec<u32>>>,
}

/// The cells of one column, with data derived from them when first needed.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) values: Values,
    ranks: OnceLock<Ranks>,
    index: OnceLock<Index>,
    is_empty: OnceLock<bool>,
    molecules: OnceLock<Molecules>,
}

impl Data {
    pub(super) fn new(values: Values) -> Arc<Self> {
        Arc::new(Self {
            values,
            ranks: OnceLock::new(),
            index: OnceLock::new(),
            is_empty: OnceLock::new(),
            molecules: OnceLock::new(),
        })
    }
}

impl Sheet {
    /// Returns the structure of a row as SMILES: the modelled ligand, or else the soaked compound.
    pub fn smiles(&self, row: usize) -> Option<Cow<'_, str>> {
        ["modelled_smiles", "compound_smiles", "smiles"]
            .iter()
            .filter_map(|field| self.place(field))
            .map(|place| self.text(place, row))
            .find(|text| !text.is_empty())
    }

    pub(super) fn assemble(
        subject: Subject,
        reader: Reader,
        targets: Arc<[Target]>,
        of_target: Vec<u32>,
    ) -> Self {
        let Reader {
            columns,
            values,
            len,
            ..
        } = reader;
        Self {
            subject,
            id: place(&columns, "id"),
            code: place(&columns, "code"),
            columns: columns.into(),
            data: values.into_iter().map(Data::new).collect(),
            len,
            targets,
            of_target: of_target.into(),
            by_code: Arc::default(),
        }
    }

    /// Returns what the rows are: experiments or hits.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns `true` if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns all columns: known columns first, then one for each field that only these rows have.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the index of a field's column.
    pub fn place(&self, field: &str) -> Option<usize> {
        let place = place(&self.columns, field);
        (place < self.columns.len()).then_some(place)
    }

    /// Returns the column at an index.
    pub fn column(&self, place: usize) -> Option<&Column> {
        self.columns.get(place)
    }

    /// Returns the id of a row: the server's for the experiment or, in a table of hits, for the observation.
    pub fn id(&self, row: usize) -> RowId {
        let id = match self.data.get(self.id).map(|data| &data.values) {
            Some(Values::Numbers(numbers)) => numbers.whole(row),
            Some(Values::Words(_)) | None => None,
        };
        RowId(id.unwrap_or_default())
    }

    /// Returns the code of a row, of the experiment or of the observation; empty if it has none.
    pub fn code(&self, row: usize) -> Cow<'_, str> {
        self.text(self.code, row)
    }

    /// Returns the target of a row, or `None` if the row does not exist.
    pub fn target(&self, row: usize) -> Option<&TargetKey> {
        let place = *self.of_target.get(row)?;
        self.targets.get(place as usize).map(|target| &target.key)
    }

    /// Returns the index of a row's target in the list of targets.
    pub(super) fn target_place(&self, row: usize) -> Option<u32> {
        self.of_target.get(row).copied()
    }

    pub(super) fn target_at(&self, place: u32) -> Option<&TargetKey> {
        self.targets.get(place as usize).map(|target| &target.key)
    }

    /// Returns a copy that counts as another table: whatever was computed from this one is computed again.
    pub(super) fn with_new_identity(&self) -> Self {
        Self {
            of_target: self.of_target.iter().copied().collect(),
            ..self.clone()
        }
    }

    /// Identifies a table: copies share the same identity; two tables that exist at the same time have different ones.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.of_target).addr()
    }

    /// Returns the index of each row's target in the list of targets.
    pub(super) fn target_places(&self) -> &[u32] {
        &self.of_target
    }

    pub(super) fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Returns the row of an experiment, or `None` if it is not in the table.
    pub fn row_of(&self, id: RowId) -> Option<usize> {
        (0..self.len).find(|row| self.id(*row) == id)
    }

    /// Returns the number of rows of each target.
    pub fn counts(&self) -> HashMap<TargetKey, usize> {
        let mut counts = vec![0_usize; self.targets.len()];
        for place in self.of_target.iter() {
            if let Some(count) = counts.get_mut(*place as usize) {
                *count += 1;
            }
        }
        let keys = self.targets.iter().map(|target| target.key.clone());
        keys.zip(counts).collect()
    }

    /// Returns the contents of a cell.
    pub fn cell(&self, place: usize, row: usize) -> CellValue<'_> {
        let (Some(column), Some(data)) = (self.columns.get(place), self.data.get(place)) else {
            return CellValue::Empty;
        };
        match &data.values {
            Values::Numbers(numbers) => match (numbers.get(row), numbers.odd(row)) {
                (_, Some(odd)) => CellValue::Text(Cow::Borrowed(odd)),
                (number, None) if number.is_nan() => CellValue::Empty,
                (number, None) => CellValue::Number(number),
            },
            Values::Words(words) => {
                let Some(raw) = words.get(row) else {
                    return CellValue::Empty;
                };
                let number = words.number(row);
                if number.is_nan() {
                    return match column.form {
                        // An empty list means no value; anything that is not a list is shown as it is.
                        Encoding::Count if raw.starts_with('[') => CellValue::Empty,
                        form => CellValue::Text(form.shown(raw)),
                    };
                }
                match column.form {
                    // With all its digits: a number of seconds would round them.
                    Encoding::Time => {
                        column::instant(raw).map_or(CellValue::Empty, CellValue::Moment)
                    }
                    _ => CellValue::Number(number),
                }
            }
        }
    }

    /// Returns the cell as users read it: fixed decimals, dates in the local zone, empty if there is no value.
    pub fn text(&self, place: usize, row: usize) -> Cow<'_, str> {
        let (Some(column), Some(data)) = (self.columns.get(place), self.data.get(place)) else {
            return Cow::Borrowed("");
        };
        text_of(column, &data.values, row)
    }

    /// Returns the cell as a number: seconds for times and durations; NaN if it has none.
    pub fn number(&self, place: usize, row: usize) -> f64 {
        match self.data.get(place).map(|data| &data.values) {
            Some(Values::Numbers(numbers)) => numbers.get(row),
            Some(Values::Words(words)) => words.number(row),
            None => f64::NAN,
        }
    }

    /// Returns the server's own text of a cell: what a link names, a date with all its digits.
    pub fn raw(&self, place: usize, row: usize) -> Option<&str> {
        match &self.data.get(place)?.values {
            Values::Numbers(numbers) => numbers.odd(row),
            Values::Words(words) => words.get(row),
        }
    }

    /// Returns the longest text of a column, as users read it. Each distinct text is examined once.
    pub fn longest(&self, place: usize) -> Option<Cow<'_, str>> {
        let (column, data) = (self.columns.get(place)?, self.data.get(place)?);
        let Values::Words(words) = &data.values else {
            return None;
        };
        let texts = words.pool.iter().enumerate();
        let texts = texts.filter(|(entry, _)| !words.is_blank(*entry));
        let texts = texts.map(|(entry, raw)| {
            let number = words.numbers.get(entry).copied().unwrap_or(f64::NAN);
            word_text(column, raw, number)
        });
        texts.max_by_key(|text| text.chars().count())
    }

    /// Returns `true` if a cell is empty.
    pub fn is_empty_at(&self, place: usize, row: usize) -> bool {
        self.data
            .get(place)
            .is_none_or(|data| data.values.is_empty_at(row))
    }

    /// Returns `true` if a cell of a column of numbers or times contains something else.
    pub fn is_unexpected(&self, place: usize, row: usize) -> bool {
        let is_typed = self.data.get(place).is_some_and(|data| match &data.values {
            Values::Numbers(_) => true,
            Values::Words(words) => words.reader.is_some(),
        });
        is_typed && self.number(place, row).is_nan() && !self.cell(place, row).is_empty()
    }

    /// Returns `true` if a column has no value in any row.
    pub fn is_column_empty(&self, place: usize) -> bool {
        self.data
            .get(place)
            .is_none_or(|data| *data.is_empty.get_or_init(|| data.values.is_empty()))
    }

    /// Returns the targets of the rows.
    pub fn target_list(&self) -> &[Target] {
        &self.targets
    }

    /// Returns the ranks of the cells of a column, computed when first needed.
    pub(super) fn ranks(&self, place: usize) -> Option<&Ranks> {
        let (column, data) = (self.columns.get(place)?, self.data.get(place)?);
        Some(
            data.ranks
                .get_or_init(|| ranks::of(column, &data.values, self.len)),
        )
    }

    /// Returns the name of a target by its index, followed by its target access string if another target has the same
    /// name.
    pub fn target_label(&self, place: usize) -> String {
        let Some(target) = self.targets.get(place) else {
            return String::new();
        };
        let name = &target.display_name;
        let same = self.targets.iter().filter(|own| own.display_name == *name);
        if same.count() > 1 {
            format!("{name} {}", target.key.tas)
        } else {
            name.clone()
        }
    }

    /// Returns `true` if two targets have the same title, so that only their target access strings distinguish them.
    pub(super) fn has_duplicate_titles(&self) -> bool {
        let mut titles: Vec<&str> = self
            .targets
            .iter()
            .map(|own| own.key.title.as_str())
            .collect();
        titles.sort_unstable();
        titles.windows(2).any(|pair| pair.first() == pair.last())
    }

    /// Returns the search index of a column, built when first needed.
    pub(super) fn index(&self, place: usize) -> Option<&Index> {
        let (column, data) = (self.columns.get(place)?, self.data.get(place)?);
        Some(
            data.index
                .get_or_init(|| Index::new(column, &data.values, self.len)),
        )
    }

    /// Returns the molecules of a column of SMILES, parsed when first needed.
    pub(super) fn molecules(&self, place: usize) -> Option<&Molecules> {
        let data = self.data.get(place)?;
        Some(data.molecules.get_or_init(|| Molecules::read(&data.values)))
    }

    /// Returns the molecules of a column if that takes no time: they have been parsed, or there are few.
    pub(super) fn known_molecules(&self, place: usize) -> Option<&Molecules> {
        let data = self.data.get(place)?;
        if Molecules::are_few(self.len) {
            return self.molecules(place);
        }
        data.molecules.get()
    }

    pub(super) fn values(&self, place: usize) -> Option<&Values> {
        self.data.get(place).map(|data| &data.values)
    }

    /// Replaces the cells of a column. Data derived from the old ones is dropped.
    pub(super) fn replace(&mut self, field: &str, values: Values) {
        let place = place(&self.columns, field);
        if let Some(slot) = self.data.get_mut(place) {
            *slot = Data::new(values);
        }
    }

    /// Computes what sorting by these fields needs. Call it in the background.
    pub fn prepare_sorting(&self, fields: &[String]) {
        for place in fields.iter().filter_map(|field| self.place(field)) {
            self.ranks(place);
        }
    }

    /// Returns bytes of memory, without what [`Self::prepare`] computes.
    pub fn memory(&self) -> usize {
        let data = self.data.iter().map(|data| data.values.memory());
        data.sum::<usize>() + self.of_target.len() * size_of::<u32>()
    }
}

fn place(columns: &[Column], field: &str) -> usize {
    columns
        .iter()
        .position(|column| column.field == field)
        .unwrap_or(usize::MAX)
}
