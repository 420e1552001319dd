//! Molecular descriptors.

use chematic::{
    chem::{
        formal_charge_sum, hba_count, hbd_count, heavy_atom_count, molecular_weight, ring_count,
        rotatable_bond_count, tpsa_per_atom,
    },
    smiles::rdkit_crippen_logp_mr,
};
use chematic_core::Atom;

use super::Structure;

/// Descriptors of a fragment, as RDKit computes them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Properties {
    /// Number of non-hydrogen atoms.
    pub heavy_atoms: usize,
    /// Mean molecular weight, in g/mol.
    pub weight: f64,
    /// Calculated octanol–water partition coefficient (Crippen), as a decimal logarithm.
    pub clogp: Option<f64>,
    /// Topological polar surface area, in Å².
    pub tpsa: f64,
    /// Number of hydrogen-bond donors.
    pub donors: usize,
    /// Number of hydrogen-bond acceptors.
    pub acceptors: usize,
    /// Number of rotatable bonds.
    pub rotatable_bonds: usize,
    /// Number of rings.
    pub rings: usize,
    /// Sum of the formal charges.
    pub charge: i32,
}

impl Structure {
    /// Computes its descriptors.
    pub fn properties(&self) -> Properties {
        let molecule = &self.molecule;
        Properties {
            heavy_atoms: heavy_atom_count(molecule),
            weight: rounded(
                molecular_weight(molecule)
                    + molecule.atoms().map(|(_, atom)| shift(atom)).sum::<f64>(),
                3,
            ),
            clogp: rdkit_crippen_logp_mr(molecule).map(|(logp, _)| rounded(logp, 5)),
            // Without sulfur and phosphorus, as the method was published and as RDKit implements it.
            tpsa: rounded(
                molecule
                    .atoms()
                    .zip(tpsa_per_atom(molecule))
                    .filter(|((_, atom), _)| matches!(atom.element.symbol(), "N" | "O"))
                    .map(|(_, area)| area)
                    .sum(),
                2,
            ),
            donors: hbd_count(molecule),
            acceptors: hba_count(molecule),
            rotatable_bonds: rotatable_bond_count(molecule),
            rings: ring_count(molecule),
            charge: formal_charge_sum(molecule),
        }
    }
}

/// Returns a sum with as many decimals as its summands are known to: 123.155 and not 123.15499999999999.
fn rounded(sum: f64, decimals: i32) -> f64 {
    let unit = 10_f64.powi(decimals);
    (sum * unit).round() / unit
}

/// Isotopes that compounds are labelled with: element, mass number, mass.
const ISOTOPES: [(&str, u16, f64); 8] = [
    ("H", 2, 2.014_102),
    ("H", 3, 3.016_049),
    ("C", 11, 11.011_434),
    ("C", 13, 13.003_355),
    ("C", 14, 14.003_242),
    ("N", 15, 15.000_109),
    ("O", 18, 17.999_160),
    ("F", 18, 18.000_938),
];

/// Returns the difference between the mass of an atom and that of the natural mixture of its element.
fn shift(atom: &Atom) -> f64 {
    let Some(number) = atom.isotope else {
        return 0.0;
    };
    let symbol = atom.element.symbol();
    let known = ISOTOPES
        .iter()
        .find(|(element, mass, _)| *element == symbol && *mass == number);
    // The mass number of any other one is its mass to within a thousandth.
    let mass = known.map_or(f64::from(number), |(_, _, mass)| *mass);
    mass - atom.element.atomic_mass()
}
