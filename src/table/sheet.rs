//! All rows that were read, column by column.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use super::{
    Cell, Column,
    cell_text::{text_of, word_text},
    column::{self, Form},
    find::Index,
    parts::Molecules,
    ranks::{self, Ranks},
    read::Reader,
    subject::Subject,
    values::Values,
};
use crate::model::{RowId, Target, TargetKey};

/// The rows of the table with their columns. Never changes, so that it can be shared; copies are cheap.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    subject: Subject,
    columns: Arc<[Column]>,
    data: Vec<Arc<Data>>,
    len: usize,
    targets: Arc<[Target]>,
    /// The place of each row's target.
    of_target: Arc<[u32]>,
    /// Where the experiments' numbers and codes stand.
    id: usize,
    code: usize,
    /// All rows by their codes, worked out when it is first needed.
    pub(super) by_code: Arc<OnceLock<Vec<u32>>>,
}

/// One column's cells, with what is worked out of them when it is first needed.
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

    /// What the rows are.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All columns, known ones first, then one for each field that only these rows have.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The place of a field's column.
    pub fn place(&self, field: &str) -> Option<usize> {
        let place = place(&self.columns, field);
        (place < self.columns.len()).then_some(place)
    }

    /// The column at a place.
    pub fn column(&self, place: usize) -> Option<&Column> {
        self.columns.get(place)
    }

    /// The row's number: the server's for the experiment, in a table of hits the one for the observation.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole numbers below 2⁵³ only are stored as numbers"
    )]
    pub fn id(&self, row: usize) -> RowId {
        RowId(self.number(self.id, row) as i64)
    }

    /// The row's code, of the experiment or of the observation; empty where it has none.
    pub fn code(&self, row: usize) -> Cow<'_, str> {
        self.text(self.code, row)
    }

    /// The target of a row.
    pub fn target(&self, row: usize) -> Option<&TargetKey> {
        let place = *self.of_target.get(row)?;
        self.targets.get(place as usize).map(|target| &target.key)
    }

    /// The place of a row's target in the list of targets.
    pub(super) fn target_place(&self, row: usize) -> Option<u32> {
        self.of_target.get(row).copied()
    }

    pub(super) fn target_at(&self, place: u32) -> Option<&TargetKey> {
        self.targets.get(place as usize).map(|target| &target.key)
    }

    /// Tells tables apart: copies of one have the same, another one has another as long as both are there.
    pub fn mark(&self) -> usize {
        Arc::as_ptr(&self.of_target).addr()
    }

    /// For each row the place of its target in the list of targets.
    pub(super) fn target_places(&self) -> &[u32] {
        &self.of_target
    }

    pub(super) fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The row of an experiment.
    pub fn row_of(&self, id: RowId) -> Option<usize> {
        (0..self.len).find(|row| self.id(*row) == id)
    }

    /// How many rows each target has.
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

    /// What stands in a cell.
    pub fn cell(&self, place: usize, row: usize) -> Cell<'_> {
        let (Some(column), Some(data)) = (self.columns.get(place), self.data.get(place)) else {
            return Cell::Empty;
        };
        match &data.values {
            Values::Numbers(numbers) => match (numbers.get(row), numbers.odd(row)) {
                (_, Some(odd)) => Cell::Text(Cow::Borrowed(odd)),
                (number, None) if number.is_nan() => Cell::Empty,
                (number, None) => Cell::Number(number),
            },
            Values::Words(words) => {
                let Some(raw) = words.get(row) else {
                    return Cell::Empty;
                };
                let number = words.number(row);
                if number.is_nan() {
                    return match column.form {
                        // An empty list is nothing; what is no list at all is shown as it is.
                        Form::Count if raw.starts_with('[') => Cell::Empty,
                        form => Cell::Text(form.shown(raw)),
                    };
                }
                match column.form {
                    // With all its digits: a number of seconds would round them.
                    Form::Time => column::instant(raw).map_or(Cell::Empty, Cell::Moment),
                    _ => Cell::Number(number),
                }
            }
        }
    }

    /// The cell as people read it: fixed decimals, dates in the local zone, empty as nothing.
    pub fn text(&self, place: usize, row: usize) -> Cow<'_, str> {
        let (Some(column), Some(data)) = (self.columns.get(place), self.data.get(place)) else {
            return Cow::Borrowed("");
        };
        text_of(column, &data.values, row)
    }

    /// The cell as a number: seconds for times and lengths of time; not a number where it is none.
    pub fn number(&self, place: usize, row: usize) -> f64 {
        match self.data.get(place).map(|data| &data.values) {
            Some(Values::Numbers(numbers)) => numbers.get(row),
            Some(Values::Words(words)) => words.number(row),
            None => f64::NAN,
        }
    }

    /// The server's own text of a cell: what a link names, a date with all its digits.
    pub fn raw(&self, place: usize, row: usize) -> Option<&str> {
        match &self.data.get(place)?.values {
            Values::Numbers(numbers) => numbers.odd(row),
            Values::Words(words) => words.get(row),
        }
    }

    /// The longest text of a column of words, as people read it. Each different text is looked at once.
    pub fn longest(&self, place: usize) -> Option<Cow<'_, str>> {
        let (column, data) = (self.columns.get(place)?, self.data.get(place)?);
        let Values::Words(words) = &data.values else {
            return None;
        };
        let texts = words.pool.iter().enumerate();
        let texts = texts.filter(|(entry, _)| !words.means_nothing(*entry));
        let texts = texts.map(|(entry, raw)| {
            let number = words.numbers.get(entry).copied().unwrap_or(f64::NAN);
            word_text(column, raw, number)
        });
        texts.max_by_key(|text| text.chars().count())
    }

    /// Whether a cell is empty.
    pub fn is_empty_at(&self, place: usize, row: usize) -> bool {
        self.data
            .get(place)
            .is_none_or(|data| data.values.is_empty_at(row))
    }

    /// Whether a cell of a column of numbers or times holds something else.
    pub fn is_odd(&self, place: usize, row: usize) -> bool {
        let is_typed = self.data.get(place).is_some_and(|data| match &data.values {
            Values::Numbers(_) => true,
            Values::Words(words) => words.reader.is_some(),
        });
        is_typed && self.number(place, row).is_nan() && !self.cell(place, row).is_empty()
    }

    /// Whether a column has a value in no row at all.
    pub fn is_column_empty(&self, place: usize) -> bool {
        self.data
            .get(place)
            .is_none_or(|data| *data.is_empty.get_or_init(|| data.values.is_empty()))
    }

    /// The targets that the rows belong to.
    pub fn target_list(&self) -> &[Target] {
        &self.targets
    }

    /// The orders of the cells of a column, worked out when it is first needed.
    pub(super) fn ranks(&self, place: usize) -> Option<&Ranks> {
        let (column, data) = (self.columns.get(place)?, self.data.get(place)?);
        Some(
            data.ranks
                .get_or_init(|| ranks::of(column, &data.values, self.len)),
        )
    }

    /// The name of a target by its place in the list, with its target access string where another one has the same
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

    /// Whether two targets have one title, so that only their target access strings tell them apart.
    pub(super) fn has_titles_twice(&self) -> bool {
        let mut titles: Vec<&str> = self
            .targets
            .iter()
            .map(|own| own.key.title.as_str())
            .collect();
        titles.sort_unstable();
        titles.windows(2).any(|pair| pair.first() == pair.last())
    }

    /// What is needed to find texts in a column, worked out when it is first needed.
    pub(super) fn index(&self, place: usize) -> Option<&Index> {
        let (column, data) = (self.columns.get(place)?, self.data.get(place)?);
        Some(
            data.index
                .get_or_init(|| Index::new(column, &data.values, self.len)),
        )
    }

    /// The molecules of a column of SMILES, read when they are first needed.
    pub(super) fn molecules(&self, place: usize) -> Option<&Molecules> {
        let data = self.data.get(place)?;
        Some(data.molecules.get_or_init(|| Molecules::read(&data.values)))
    }

    pub(super) fn values(&self, place: usize) -> Option<&Values> {
        self.data.get(place).map(|data| &data.values)
    }

    /// Puts other cells into a column. What was worked out of the old ones is forgotten.
    pub(super) fn replace(&mut self, field: &str, values: Values) {
        let place = place(&self.columns, field);
        if let Some(slot) = self.data.get_mut(place) {
            *slot = Data::new(values);
        }
    }

    /// Works out what sorting by these fields needs. To be called beside the window.
    pub fn prepare_sorting(&self, fields: &[String]) {
        for place in fields.iter().filter_map(|field| self.place(field)) {
            self.ranks(place);
        }
    }

    /// Bytes of memory, without what [`Self::prepare`] works out.
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
