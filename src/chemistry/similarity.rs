//! Similarity of two molecules.

use chematic::fp::{BitVecN, RdkitMorganConfig, rdkit_morgan_bitvec};

use super::Structure;

/// A Morgan fingerprint (radius 2, 2048 bits), as RDKit computes it.
#[derive(Clone)]
pub struct Fingerprint(BitVecN);

impl Structure {
    /// Returns the fingerprint for similarity; `None` for the few molecules for which it cannot be computed.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        rdkit_morgan_bitvec(&self.molecule, &RdkitMorganConfig::default())
            .ok()
            .map(Fingerprint)
    }
}

impl Fingerprint {
    /// Returns the Tanimoto similarity: 1 for equal fingerprints, 0 for those with nothing in common.
    pub fn similarity(&self, other: &Self) -> f64 {
        self.0.tanimoto(&other.0)
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fingerprint")
    }
}
