//! Computes the 2D layout of a molecule and the labels of its atoms.

use chematic::smiles::rdkit_mol_block_2d;
use chematic_core::{AtomIdx, implicit_hcount};

use super::{
    Structure,
    drawing::{Drawing, DrawnAtom, Label, Side},
    molfile::{Block, read_molfile},
};

impl Structure {
    /// Returns the molecule as a molfile with 2D coordinates.
    pub fn molfile(&self) -> Option<String> {
        rdkit_mol_block_2d(&self.molecule).ok()
    }

    /// Returns the molecule as it is drawn; `None` if it cannot be laid out well, so that the server's drawing is the
    /// better one.
    pub fn drawing(&self) -> Option<Drawing> {
        let block = read_molfile(&self.molfile()?)?;
        if block.points.len() != self.molecule.atom_count() {
            return None;
        }
        let labels = self.labels(&block);
        let atoms = block.points.iter().zip(labels);
        let mut drawing = Drawing {
            atoms: atoms
                .map(|(at, label)| DrawnAtom { at: *at, label })
                .collect(),
            bonds: block.bonds,
        };
        if !drawing.is_clear() {
            return None;
        }
        drawing.place_second_lines();
        Some(drawing)
    }

    fn labels(&self, block: &Block) -> Vec<Option<Label>> {
        let mut labels = Vec::with_capacity(block.points.len());
        for (place, symbol) in block.symbols.iter().enumerate() {
            let at = AtomIdx(u32::try_from(place).unwrap_or(u32::MAX));
            let Some(atom) = self.molecule.atom_opt(at) else {
                labels.push(None);
                continue;
            };
            let neighbours: Vec<usize> = block.neighbours(place).collect();
            let charge = i32::from(atom.charge);
            let is_corner = symbol == "C"
                && charge == 0
                && atom.isotope.is_none()
                && !neighbours.is_empty()
                && !block.is_straight(place, &neighbours);
            let own = block.points.get(place).copied().unwrap_or_default();
            let others = neighbours
                .iter()
                .filter_map(|other| block.points.get(*other));
            let pull = others.fold([0.0; 2], |pull, other| {
                [pull[0] + other[0] - own[0], pull[1] + other[1] - own[1]]
            });
            labels.push((!is_corner).then(|| Label {
                symbol: symbol.clone(),
                hydrogens: implicit_hcount(&self.molecule, at),
                charge,
                isotope: atom.isotope,
                side: free_side(pull, neighbours.len()),
            }));
        }
        labels
    }
}

/// Returns the side that the bonds to these neighbours leave free. `pull` is the sum of their directions.
fn free_side(pull: [f32; 2], count: usize) -> Side {
    const LITTLE: f32 = 0.3;
    match pull {
        _ if count == 0 => Side::Right,
        // At the end of a chain there is space beside it: NH₂ is read from left to right.
        [x, _] if count == 1 => {
            if x > LITTLE {
                Side::Left
            } else {
                Side::Right
            }
        }
        [x, _] if x > LITTLE => Side::Left,
        [x, _] if x < -LITTLE => Side::Right,
        [_, y] if y > LITTLE => Side::Below,
        [_, y] if y < -LITTLE => Side::Above,
        _ => Side::Right,
    }
}
