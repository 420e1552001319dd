//! A parsed molecule.

use std::collections::HashSet;

use chematic::smiles::{
    RdkitSmilesParams, SmilesParseLimits, parse_with_limits, rdkit_canonical_smiles,
    rdkit_murcko_scaffold, rdkit_parsed_molecule, rdkit_smiles,
};
use chematic_core::Molecule;

/// Longer texts are not molecules that anyone soaks into a crystal.
const MAX_BYTES: usize = 1000;
/// More atoms than any ligand has; the layout is tested up to this size.
const MAX_ATOMS: usize = 300;
const MAX_BONDS: usize = 350;

/// A molecule.
#[derive(Clone)]
pub struct Structure {
    pub(super) molecule: Molecule,
}

/// Why a text is not accepted as a molecule. `Display` is a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StructureError {
    /// The text is empty.
    #[error("The SMILES is empty")]
    Empty,
    /// It is too long, or has too many atoms.
    #[error(
        "The SMILES is too long: at most {MAX_BYTES} characters and {MAX_ATOMS} atoms can be read"
    )]
    TooLarge,
    /// It is not a SMILES, or not a molecule that can exist.
    #[error("“{0}” is not a valid SMILES")]
    Invalid(String),
}

impl Structure {
    /// Reads a SMILES. What follows it after a space (a name, the extensions of `CXSMILES`) is ignored.
    ///
    /// # Errors
    /// [`StructureError`] says why; RDKit refuses the same texts.
    pub fn read(smiles: &str) -> Result<Self, StructureError> {
        let smiles = smiles
            .split_whitespace()
            .next()
            .ok_or(StructureError::Empty)?;
        if smiles.len() > MAX_BYTES {
            return Err(StructureError::TooLarge);
        }
        let invalid = || StructureError::Invalid(shortened(smiles));
        // The crate accepts both, although they are meaningless.
        if smiles.split('.').any(str::is_empty) || smiles.contains("()") {
            return Err(invalid());
        }
        let limits = SmilesParseLimits {
            max_input_bytes: MAX_BYTES,
            max_atoms: MAX_ATOMS,
            max_bonds: MAX_BONDS,
        };
        let parsed = parse_with_limits(smiles, &limits).map_err(|error| {
            tracing::debug!(%error, "a SMILES cannot be read");
            invalid()
        })?;
        let molecule = rdkit_parsed_molecule(&parsed).ok_or_else(invalid)?;
        if has_impossible_bond(&molecule) {
            return Err(invalid());
        }
        Ok(Self { molecule })
    }

    /// Returns the canonical SMILES, which is the same for every way of writing the molecule.
    pub fn canonical(&self) -> Option<String> {
        rdkit_canonical_smiles(&self.molecule).ok()
    }

    /// Returns the Bemis–Murcko scaffold as SMILES; `None` for a molecule without rings.
    pub fn scaffold(&self) -> Option<String> {
        let scaffold = rdkit_murcko_scaffold(&self.molecule).ok()?;
        let scaffold = Self::read(&scaffold).ok()?;
        // Compounds of one series share it regardless of stereochemistry.
        let flat = RdkitSmilesParams {
            isomeric: false,
            ..RdkitSmilesParams::default()
        };
        rdkit_smiles(&scaffold.molecule, &flat).ok()
    }
}

/// Returns whether an atom is bonded to itself, or twice to another one, as in `C11` and `C12CC12`. The crate accepts
/// both, and RDKit refuses them.
fn has_impossible_bond(molecule: &Molecule) -> bool {
    let mut seen = HashSet::new();
    molecule.bonds().any(|(_, bond)| {
        let pair = (
            bond.atom1.0.min(bond.atom2.0),
            bond.atom1.0.max(bond.atom2.0),
        );
        pair.0 == pair.1 || !seen.insert(pair)
    })
}

/// Returns the beginning of a text, for use in sentences.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(MOST).collect();
    format!("{beginning}…")
}

impl std::fmt::Debug for Structure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Structure").field(&self.canonical()).finish()
    }
}
