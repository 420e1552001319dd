//! The 2D layout of a molecule, following the conventions of chemical drawings.

/// A 2D layout of a molecule. Lengths are in bonds; y goes up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Its atoms, in the order of the molecule.
    pub atoms: Vec<DrawnAtom>,
    /// Its bonds.
    pub bonds: Vec<DrawnBond>,
}

/// An atom.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnAtom {
    /// Where it is.
    pub at: [f32; 2],
    /// Its label; `None` for a carbon that is only a corner.
    pub label: Option<Label>,
}

/// The text drawn for an atom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The element.
    pub symbol: String,
    /// Number of attached hydrogens.
    pub hydrogens: u8,
    /// Its charge.
    pub charge: i32,
    /// The mass number, if an isotope is specified.
    pub isotope: Option<u16>,
    /// The side on which its hydrogens are written: where there is no bond.
    pub side: Side,
}

impl Label {
    /// Returns how far the label extends from its element to the left and down, and to the right and up, in bond
    /// lengths.
    fn reach(&self) -> ([f32; 2], [f32; 2]) {
        /// Half the width of an element, a hydrogen, and a subscript.
        const HALF: f32 = 0.3;
        const HYDROGEN: f32 = 0.42;
        const FIGURE: f32 = 0.25;
        let (mut low, mut high) = ([HALF, HALF], [HALF, HALF]);
        if self.hydrogens > 0 {
            let figure = if self.hydrogens > 1 { FIGURE } else { 0.0 };
            match self.side {
                Side::Right => high[0] += HYDROGEN + figure,
                Side::Left => low[0] += HYDROGEN + figure,
                Side::Above => high[1] += HYDROGEN,
                Side::Below => low[1] += HYDROGEN,
            }
        }
        if self.charge != 0 {
            high[0] += FIGURE;
        }
        if let Some(isotope) = self.isotope {
            let figures = isotope.checked_ilog10().map_or(1, |tens| tens + 1);
            low[0] += FIGURE * figures as f32;
        }
        (low, high)
    }
}

/// A side of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// After the element, in reading order.
    Right,
    /// Before it.
    Left,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// How many lines a bond has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A single bond.
    One,
    /// A double bond, its second line on the left (1) or right (-1) of the axis from the first atom to the other, or
    /// both lines beside that axis (0).
    Two(i8),
    /// A triple bond.
    Three,
    /// A bond to a metal.
    Dative,
}

/// The stereochemistry of a single bond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stereo {
    /// No stereochemistry.
    Flat,
    /// The second atom is nearer.
    Wedge,
    /// The second atom is farther away.
    Hash,
    /// Unknown.
    Either,
}

/// A bond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawnBond {
    /// The first atom: the point of a wedge.
    pub from: usize,
    /// The other one.
    pub to: usize,
    /// Its lines.
    pub lines: Lines,
    /// Its stereochemistry.
    pub stereo: Stereo,
}

impl Drawing {
    /// Returns `true` if no two atoms overlap and all bonds are about equally long.
    pub(super) fn is_clear(&self) -> bool {
        let apart = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
        let at = |place: usize| self.atoms.get(place).map(|atom| atom.at);
        let has_good_bonds = self.bonds.iter().all(|bond| {
            let (Some(a), Some(b)) = (at(bond.from), at(bond.to)) else {
                return false;
            };
            (0.6..=1.6).contains(&apart(a, b))
        });
        let mut atoms = self.atoms.iter().enumerate();
        has_good_bonds
            && atoms.all(|(place, atom)| {
                let others = self.atoms.iter().skip(place + 1);
                others
                    .map(|other| apart(atom.at, other.at))
                    .all(|far| far >= 0.3)
            })
    }

    /// Returns the atoms that are bonded to an atom.
    fn neighbours(&self, atom: usize) -> impl Iterator<Item = usize> {
        neighbours(&self.bonds, atom)
    }

    /// Puts the second line of each double bond inside its ring, or on the side with more neighbours.
    pub(super) fn place_second_lines(&mut self) {
        let sides: Vec<Option<i8>> = self
            .bonds
            .iter()
            .map(|bond| matches!(bond.lines, Lines::Two(_)).then(|| self.side(*bond)))
            .collect();
        for (bond, side) in self.bonds.iter_mut().zip(sides) {
            if let Some(side) = side {
                bond.lines = Lines::Two(side);
            }
        }
    }

    fn side(&self, bond: DrawnBond) -> i8 {
        let at = |place: usize| self.atoms.get(place).map_or([0.0; 2], |atom| atom.at);
        let (from, to) = (at(bond.from), at(bond.to));
        let turn = |point: [f32; 2]| {
            let cross =
                (to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]);
            if cross.abs() < 1e-3 {
                0
            } else if cross > 0.0 {
                1_i8
            } else {
                -1
            }
        };
        if let Some(ring) = self.smallest_ring(bond) {
            let count = ring.len() as f32;
            let centre = ring
                .iter()
                .map(|place| at(*place))
                .fold([0.0; 2], |sum, point| {
                    [sum[0] + point[0] / count, sum[1] + point[1] / count]
                });
            return turn(centre);
        }
        let others = |atom: usize, not: usize| -> Vec<i8> {
            let others = self.neighbours(atom).filter(|other| *other != not);
            others.map(|other| turn(at(other))).collect()
        };
        let (first, second) = (others(bond.from, bond.to), others(bond.to, bond.from));
        // At the end of a chain both lines are equal.
        if first.is_empty() || second.is_empty() || first.len() + second.len() > 3 {
            let is_end = first.is_empty() || second.is_empty();
            let alone: i8 = first.iter().chain(&second).sum();
            return if is_end && (first.len() + second.len()) == 1 {
                alone
            } else {
                0
            };
        }
        first.iter().chain(&second).sum::<i8>().signum()
    }

    /// Returns the atoms of the smallest ring that contains a bond, or `None` if no ring does.
    fn smallest_ring(&self, bond: DrawnBond) -> Option<Vec<usize>> {
        /// Larger rings are drawn as chains.
        const LARGEST: usize = 8;
        let mut came_from = vec![None; self.atoms.len()];
        let mut row = vec![bond.from];
        for _ in 1..LARGEST {
            let mut next = Vec::new();
            for atom in row {
                for other in self.neighbours(atom) {
                    let is_the_bond = atom == bond.from && other == bond.to;
                    let is_new = other != bond.from && came_from.get(other) == Some(&None);
                    if is_the_bond || !is_new {
                        continue;
                    }
                    if let Some(slot) = came_from.get_mut(other) {
                        *slot = Some(atom);
                    }
                    if other == bond.to {
                        return Some(path_to(&came_from, bond.to));
                    }
                    next.push(other);
                }
            }
            row = next;
        }
        None
    }

    /// Returns the corners of the box around all atoms and their labels: the lowest and the highest x and y.
    pub fn extent(&self) -> ([f32; 2], [f32; 2]) {
        let mut extent = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for atom in &self.atoms {
            let (low, high) = atom
                .label
                .as_ref()
                .map_or_else(Default::default, Label::reach);
            for axis in 0..2 {
                extent.0[axis] = extent.0[axis].min(atom.at[axis] - low[axis]);
                extent.1[axis] = extent.1[axis].max(atom.at[axis] + high[axis]);
            }
        }
        extent
    }
}

/// Returns the path from an atom back to where the search began.
fn path_to(came_from: &[Option<usize>], end: usize) -> Vec<usize> {
    let mut ring = vec![end];
    let mut at = end;
    while let Some(Some(before)) = came_from.get(at) {
        ring.push(*before);
        at = *before;
    }
    ring
}

/// Returns the atoms that are bonded to an atom.
pub(super) fn neighbours(bonds: &[DrawnBond], atom: usize) -> impl Iterator<Item = usize> {
    bonds.iter().filter_map(move |bond| {
        if bond.from == atom {
            Some(bond.to)
        } else {
            (bond.to == atom).then_some(bond.from)
        }
    })
}
