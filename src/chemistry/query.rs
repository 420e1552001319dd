//! Substructure queries.

use chematic::{
    smarts::{
        QueryMolecule, RdkitParityConfig, RdkitRingCountModel, find_matches_rdkit_parity,
        parse_smarts,
    },
    smiles::rdkit_smarts,
};

use super::{Structure, StructureError, structure::shortened};

/// Longer queries are likely to be malicious.
const MAX_BYTES: usize = 500;
/// Deeper nesting would need more stack than there is.
const MAX_DEPTH: usize = 100;
/// Maximum number of search steps per molecule; a query can take exponential time.
const MAX_STEPS: u64 = 500_000;

/// A substructure to search for.
#[derive(Clone)]
pub struct Query {
    text: String,
    query: QueryMolecule,
}

/// The result of a search in one molecule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchResult {
    /// It matches, with these atoms, counted from 0.
    Yes(Vec<usize>),
    /// It does not match.
    No,
    /// The search would have taken too long. Shown as "not decided", never as "no".
    NotDecided,
}

/// Why a text is not a query. `Display` is a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The text is empty.
    #[error("Enter a SMILES or a SMARTS")]
    Empty,
    /// It is too long or too deep.
    #[error(
        "The query is too long: at most {MAX_BYTES} characters and {MAX_DEPTH} nested parentheses"
    )]
    TooLarge,
    /// It is not a SMARTS.
    #[error("“{text}” is not a valid SMARTS: {reason}")]
    Smarts {
        /// What was written.
        text: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// It is not a SMILES.
    #[error(transparent)]
    Smiles(#[from] StructureError),
}

impl Query {
    /// Reads what a chemist types or pastes: a SMILES means exactly this substructure, anything else is a SMARTS.
    ///
    /// # Errors
    /// [`QueryError`] says what is wrong with it as a SMARTS.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        match Self::from_smiles(text) {
            Ok(query) => Ok(query),
            Err(QueryError::Empty) => Err(QueryError::Empty),
            Err(_) => Self::from_smarts(text),
        }
    }

    /// Reads a SMARTS.
    ///
    /// # Errors
    /// [`QueryError`] says what is wrong, and where.
    pub fn from_smarts(text: &str) -> Result<Self, QueryError> {
        let text = text.trim();
        check_limits(text)?;
        let wrong = |reason: String| QueryError::Smarts {
            text: shortened(text),
            reason,
        };
        // The crate reads it as "aromatic sulfur" and then misinterprets it.
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

    /// Reads a SMILES as the substructure that it draws: its aromatic rings match aromatic rings, its chains match
    /// anything that continues from them.
    ///
    /// # Errors
    /// [`QueryError`] if it is not a molecule.
    pub fn from_smiles(text: &str) -> Result<Self, QueryError> {
        let text = text.trim();
        check_limits(text)?;
        let structure = Structure::read(text)?;
        let smarts = rdkit_smarts(&structure.molecule, false, None)
            .map_err(|_no_smarts| StructureError::Invalid(shortened(text)))?;
        let query =
            parse_smarts(&smarts).map_err(|_no_smarts| StructureError::Invalid(shortened(text)))?;
        Ok(Self {
            text: text.to_owned(),
            query,
        })
    }

    /// Returns the query as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Searches for the substructure in a molecule.
    pub fn find(&self, structure: &Structure) -> SearchResult {
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
                SearchResult::Yes(atoms)
            }
            Ok((_, true)) | Err(_) => SearchResult::NotDecided,
            Ok((_, false)) => SearchResult::No,
        }
    }
}

/// Refuses, before parsing, input that could crash the program.
fn check_limits(text: &str) -> Result<(), QueryError> {
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
