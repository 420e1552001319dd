//! What molecules are searched for.

use chematic::{
    smarts::{
        QueryMolecule, RdkitParityConfig, RdkitRingCountModel, find_matches_rdkit_parity,
        parse_smarts,
    },
    smiles::rdkit_smarts,
};

use super::{Structure, Unreadable, structure::shortened};

/// Longer queries are meant to explode.
const MAX_BYTES: usize = 500;
/// Deeper parentheses would need more stack than there is.
const MAX_DEPTH: usize = 100;
/// How many steps one molecule is searched for; a query can be exponential.
const MAX_STEPS: u64 = 500_000;

/// A part that molecules may have.
#[derive(Clone)]
pub struct Query {
    text: String,
    query: QueryMolecule,
}

/// Whether a molecule has the part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It does, with these atoms, counted from 0.
    Yes(Vec<usize>),
    /// It does not.
    No,
    /// The search would have taken too long. Shown as "not decided", never as "no".
    NotDecided,
}

/// Why a text is no query. `Display` is a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is nothing.
    #[error("Write a SMILES or a SMARTS")]
    Empty,
    /// It is too long or too deep.
    #[error(
        "The query is too long: at most {MAX_BYTES} characters and {MAX_DEPTH} parentheses inside each other"
    )]
    TooLarge,
    /// It is no SMARTS.
    #[error("“{text}” is not a valid SMARTS: {reason}")]
    Smarts {
        /// What was written.
        text: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// It is no SMILES.
    #[error(transparent)]
    Smiles(#[from] Unreadable),
}

impl Query {
    /// Reads what a chemist types or pastes: a SMILES means this very part, anything else is a SMARTS.
    ///
    /// # Errors
    /// [`QueryError`] says what is wrong with it as a SMARTS.
    pub fn read(text: &str) -> Result<Self, QueryError> {
        match Self::smiles(text) {
            Ok(query) => Ok(query),
            Err(QueryError::Empty) => Err(QueryError::Empty),
            Err(_) => Self::smarts(text),
        }
    }

    /// Reads a SMARTS.
    ///
    /// # Errors
    /// [`QueryError`] says what is wrong, and where.
    pub fn smarts(text: &str) -> Result<Self, QueryError> {
        let text = text.trim();
        checked(text)?;
        let wrong = |reason: String| QueryError::Smarts {
            text: shortened(text),
            reason,
        };
        // The crate reads it as "aromatic sulfur" and means another thing by it.
        if text.contains("[as]") {
            return Err(wrong("write [s] for an aromatic sulfur".to_owned()));
        }
        let query = parse_smarts(text).map_err(|error| wrong(error.to_string()))?;
        if query.atoms.is_empty() {
            return Err(QueryError::Empty);
        }
        Ok(Self {
            text: text.to_owned(),
            query,
        })
    }

    /// Reads a SMILES as the part that it draws: its aromatic rings match aromatic rings, its chains anything that
    /// goes on from them.
    ///
    /// # Errors
    /// [`QueryError`] where it is no molecule.
    pub fn smiles(text: &str) -> Result<Self, QueryError> {
        let text = text.trim();
        checked(text)?;
        let structure = Structure::read(text)?;
        let smarts = rdkit_smarts(&structure.molecule, false, None)
            .map_err(|_no_smarts| Unreadable::Invalid(shortened(text)))?;
        let query =
            parse_smarts(&smarts).map_err(|_no_smarts| Unreadable::Invalid(shortened(text)))?;
        Ok(Self {
            text: text.to_owned(),
            query,
        })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Looks for the part in a molecule.
    pub fn find(&self, structure: &Structure) -> Found {
        let mut config = RdkitParityConfig::default();
        config.base.max_matches = Some(1);
        config.base.max_visit_budget = Some(MAX_STEPS);
        config.use_rdkit_parity_aromaticity = true;
        config.ring_count_model = RdkitRingCountModel::RelevantCycles;
        match find_matches_rdkit_parity(&self.query, &structure.molecule, &config) {
            Ok((matches, _)) if !matches.is_empty() => {
                let mut atoms: Vec<usize> = matches
                    .iter()
                    .take(1)
                    .flat_map(|found| found.values().map(|atom| atom.0 as usize))
                    .collect();
                atoms.sort_unstable();
                Found::Yes(atoms)
            }
            Ok((_, true)) | Err(_) => Found::NotDecided,
            Ok((_, false)) => Found::No,
        }
    }
}

/// Refuses what could take the program down before it is read.
fn checked(text: &str) -> Result<(), QueryError> {
    if text.is_empty() {
        return Err(QueryError::Empty);
    }
    let mut depth = 0_usize;
    let mut deepest = 0;
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if text.len() > MAX_BYTES || deepest > MAX_DEPTH {
        return Err(QueryError::TooLarge);
    }
    Ok(())
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Query").field(&self.text).finish()
    }
}
