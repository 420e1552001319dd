//! How alike two molecules are.

use chematic::fp::{BitVecN, RdkitMorganConfig, rdkit_morgan_bitvec};

use super::Structure;

/// The surroundings of all atoms of a molecule, as bits (Morgan, radius 2, 2048 bits, as RDKit makes them).
#[derive(Clone)]
pub struct Fingerprint(BitVecN);

impl Structure {
    /// What likeness is worked out from; `None` for the few molecules of which it cannot be.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        rdkit_morgan_bitvec(&self.molecule, &RdkitMorganConfig::default())
            .ok()
            .map(Fingerprint)
    }
}

impl Fingerprint {
    /// Tanimoto similarity: 1 for molecules with the same surroundings, 0 for those with none in common.
    pub fn similarity(&self, other: &Self) -> f64 {
        self.0.tanimoto(&other.0)
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fingerprint")
    }
}
