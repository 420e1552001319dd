//! The table while it is being read.

use std::{collections::HashSet, sync::Arc};

use super::{Sheet, joins, read::Reader, subject::Subject, values::Values};
use crate::model::{Lookups, RowSink, Target};

/// Receives rows as they arrive and returns tables of what has arrived so far.
#[derive(Debug)]
pub struct SheetBuilder {
    subject: Subject,
    reader: Reader,
    targets: Arc<[Target]>,
    of_target: Vec<u32>,
    current: u32,
    /// The first row of the current target.
    start: usize,
    id: usize,
    /// Ids of the experiments of the current target, and of those received in the current attempt.
    known: HashSet<i64>,
    in_this_try: HashSet<i64>,
}

impl SheetBuilder {
    /// Creates an empty table of the experiments of these targets.
    pub fn new(targets: Vec<Target>) -> Self {
        Self::of(Subject::Experiments, targets)
    }

    /// Creates an empty table of these targets.
    pub fn of(subject: Subject, targets: Vec<Target>) -> Self {
        let reader = Reader::of(subject);
        Self {
            subject,
            id: reader.place("id").unwrap_or(usize::MAX),
            reader,
            targets: targets.into(),
            of_target: Vec::new(),
            current: 0,
            start: 0,
            known: HashSet::new(),
            in_this_try: HashSet::new(),
        }
    }

    /// Assigns the following rows to the target at this index of the list.
    pub fn begin_target(&mut self, place: usize) {
        self.current = u32::try_from(place).unwrap_or(u32::MAX);
        self.start = self.reader.len;
        self.known.clear();
        self.in_this_try.clear();
    }

    /// Returns the table of what has arrived so far.
    pub fn snapshot(&self, lookups: &Lookups) -> Sheet {
        let mut reader = self.reader.copy();
        reader.pad_to_length();
        let mut sheet = Sheet::assemble(
            self.subject,
            reader,
            Arc::clone(&self.targets),
            self.of_target.clone(),
        );
        joins::join(&mut sheet, lookups);
        sheet
    }

    /// Returns the whole table.
    pub fn finish(mut self, lookups: &Lookups) -> Sheet {
        self.reader.pad_to_length();
        self.reader.values.iter_mut().for_each(Values::shrink);
        self.of_target.shrink_to_fit();
        let mut sheet = Sheet::assemble(self.subject, self.reader, self.targets, self.of_target);
        joins::join(&mut sheet, lookups);
        sheet
    }
}

impl RowSink for SheetBuilder {
    fn start_attempt(&mut self) {
        self.in_this_try.clear();
    }

    /// A row whose id is already there is dropped: overlapping pages send rows twice.
    fn take(&mut self, json: &[u8]) -> Result<(), serde_json::Error> {
        self.reader.push(json)?;
        let row = self.reader.len - 1;
        let Some(id) = self.reader.number(self.id, row) else {
            self.reader.undo(row);
            return Err(serde::de::Error::custom("a row without an id"));
        };
        self.in_this_try.insert(id);
        if self.known.insert(id) {
            self.of_target.push(self.current);
        } else {
            self.reader.undo(row);
        }
        Ok(())
    }

    fn distinct(&self) -> u64 {
        self.in_this_try.len() as u64
    }

    fn rows(&self) -> usize {
        self.reader.len
    }

    /// Rows that only an earlier, incomplete answer contained are no longer on the server.
    fn commit_attempt(&mut self) {
        if self.in_this_try.len() == self.known.len() {
            return;
        }
        self.reader.pad_to_length();
        let keeps: Vec<bool> = (0..self.reader.len)
            .map(|row| {
                let id = self.reader.number(self.id, row);
                row < self.start || id.is_some_and(|id| self.in_this_try.contains(&id))
            })
            .collect();
        self.reader.retain(&keeps);
        let mut row = 0;
        self.of_target.retain(|_| {
            row += 1;
            keeps.get(row - 1).copied().unwrap_or(false)
        });
        self.known.clone_from(&self.in_this_try);
    }
}
