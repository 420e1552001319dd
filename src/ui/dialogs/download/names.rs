//! Pasted names, and the observations that they refer to.

use std::collections::{BTreeSet, HashMap};

use super::{DownloadDialog, Scope};
use crate::{
    model::{CodeNames, PastedCodes, ResolvedCodes, RowId, TargetKey},
    state::State,
};

/// Maximum number of names in a sentence.
pub(super) const MAX_LISTED: usize = 8;

/// What the pasted names refer to, and the list and observations from which this was worked out.
#[derive(Default)]
pub(super) struct ResolvedList {
    pub(super) resolved: ResolvedCodes,
    /// The first unknown names, each with a similar known one if there is any.
    pub(super) unknown: Vec<String>,
    of: Option<(usize, usize)>,
    /// The number of changes to the list so far.
    pub(super) revision: usize,
}

impl DownloadDialog {
    /// Reads the list that was pasted.
    pub(super) fn read_list(&mut self) {
        self.listed = PastedCodes::read(&self.list);
        self.meant.revision += 1;
    }

    /// Reads a list of codes as if it had been pasted.
    pub(crate) fn take_list(&mut self, text: &str, state: &State) {
        self.scope = Scope::Listed;
        text.clone_into(&mut self.list);
        self.read_list();
        self.resolve_names(state);
        if let Some(files) = &self.listed.files {
            self.files = files.clone();
        }
    }

    /// Resolves the names, if the list or the observations have changed.
    pub(super) fn resolve_names(&mut self, state: &State) {
        let known = self.observations(state).filter(|list| list.is_complete);
        let now = (self.meant.revision, known.map_or(0, |list| list.rows.len()));
        if self.meant.of == Some(now) {
            return;
        }
        self.meant.of = Some(now);
        if known.is_none() {
            // Until the observations are loaded, every name is accepted.
            self.meant.resolved = ResolvedCodes {
                codes: self.listed.codes.clone(),
                ..ResolvedCodes::default()
            };
            self.meant.unknown.clear();
            return;
        }
        let names = self.names(state);
        let resolved = names.resolve(&self.listed.codes);
        let with_similar = |name: &String| match names.nearest(name) {
            Some(similar) => format!("{name} (did you mean {similar}?)"),
            None => name.clone(),
        };
        self.meant.unknown = resolved
            .unknown
            .iter()
            .take(MAX_LISTED)
            .map(with_similar)
            .collect();
        self.meant.resolved = resolved;
    }

    /// Returns every name under which the program shows an observation of this target.
    fn names(&self, state: &State) -> CodeNames {
        let sheet = state.experiments.experiments_sheet();
        let places = ["code", "pdb_code", "compound"].map(|field| sheet.place(field));
        let rows: HashMap<RowId, usize> = (0..sheet.len())
            .filter(|row| sheet.target(*row) == Some(&self.target))
            .map(|row| (sheet.id(row), row))
            .collect();
        let mut names = CodeNames::default();
        let Some(list) = self.observations(state) else {
            return names;
        };
        for observation in &list.rows {
            let Some(code) = observation.code.get() else {
                continue;
            };
            let row = observation.experiment.and_then(|id| rows.get(&RowId(id.0)));
            let of_crystal: Vec<_> = row.map_or_else(Vec::new, |row| {
                let texts = places
                    .iter()
                    .flatten()
                    .map(|place| sheet.text(*place, *row));
                texts.filter(|text| !text.is_empty()).collect()
            });
            let own = [&observation.longcode, &observation.compound_code];
            let own = own.into_iter().filter_map(|text| text.get());
            names.add(code, own.chain(of_crystal.iter().map(AsRef::as_ref)));
        }
        names
    }

    /// Returns the short codes that the pasted names refer to.
    pub(super) fn listed_codes(&self) -> &[String] {
        &self.meant.resolved.codes
    }
}

/// Returns the experiments of a target that filters and search show; empty if they show all.
pub(super) fn visible_rows(target: &TargetKey, state: &State) -> BTreeSet<RowId> {
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    if view.filters().is_empty() && view.search().is_empty() {
        return BTreeSet::new();
    }
    let rows = view
        .shown()
        .filter(|row| sheet.target(*row) == Some(target));
    let shown: BTreeSet<RowId> = rows.map(|row| sheet.id(row)).collect();
    let all = (0..sheet.len()).filter(|row| sheet.target(*row) == Some(target));
    if shown.len() == all.count() {
        return BTreeSet::new();
    }
    shown
}
