//! Where atoms and bonds of a molecule are drawn, as chemists draw them.

use chematic::smiles::rdkit_mol_block_2d;
use chematic_core::{AtomIdx, implicit_hcount};

use super::Structure;

/// Length of a bond in the layout, in Å.
const BOND: f32 = 1.5;

/// A molecule laid out flat. Lengths are in bonds; y goes up.
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
    /// What is written there; `None` for a carbon that is only a corner.
    pub label: Option<Label>,
}

/// What is written for an atom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The element.
    pub symbol: String,
    /// Hydrogens at it.
    pub hydrogens: u8,
    /// Its charge.
    pub charge: i32,
    /// The isotope, where it is not the natural mixture.
    pub isotope: Option<u16>,
    /// Where its hydrogens stand: where no bond goes.
    pub side: Side,
}

/// A side of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Behind the element, as it is read.
    Right,
    /// Before it.
    Left,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// The side that the bonds to these neighbours leave free. `pull` is the sum of their directions.
fn free_side(pull: [f32; 2], count: usize) -> Side {
    const LITTLE: f32 = 0.3;
    match pull {
        _ if count == 0 => Side::Right,
        [x, _] if x > LITTLE => Side::Left,
        [x, _] if x < -LITTLE => Side::Right,
        [_, y] if y > LITTLE => Side::Below,
        [_, y] if y < -LITTLE => Side::Above,
        _ => Side::Right,
    }
}

/// How many lines a bond has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A single bond.
    One,
    /// A double bond, its second line at the left (1) or right (-1) of the way from the first atom to the other, or
    /// both lines beside that way (0).
    Two(i8),
    /// A triple bond.
    Three,
    /// A bond to a metal.
    Dative,
}

/// What a single bond says about depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stereo {
    /// Nothing.
    Flat,
    /// The second atom is nearer.
    Wedge,
    /// The second atom is farther away.
    Hash,
    /// No one knows.
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
    /// What it says about depth.
    pub stereo: Stereo,
}

impl Structure {
    /// The molecule as a molfile, laid out flat.
    pub fn molfile(&self) -> Option<String> {
        rdkit_mol_block_2d(&self.molecule).ok()
    }

    /// The molecule as it is drawn; `None` where it cannot be laid out well, and the server's drawing is the better
    /// one.
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

impl Drawing {
    /// Whether no two atoms lie on each other, and all bonds are about equally long.
    fn is_clear(&self) -> bool {
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

    /// The atoms at which other bonds of an atom end.
    fn neighbours(&self, atom: usize) -> impl Iterator<Item = usize> {
        neighbours(&self.bonds, atom)
    }

    /// Puts the second line of each double bond inside its ring, or at the side of more neighbours.
    fn place_second_lines(&mut self) {
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
        // At the end of a chain both lines are alike.
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

    /// The atoms of the smallest ring that a bond is in.
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
                        return Some(way(&came_from, bond.to));
                    }
                    next.push(other);
                }
            }
            row = next;
        }
        None
    }

    /// The corners of the box around all atoms: the lowest and the highest x and y.
    pub fn extent(&self) -> ([f32; 2], [f32; 2]) {
        let mut extent = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for atom in &self.atoms {
            for axis in 0..2 {
                extent.0[axis] = extent.0[axis].min(atom.at[axis]);
                extent.1[axis] = extent.1[axis].max(atom.at[axis]);
            }
        }
        extent
    }
}

/// Back from an atom to where the search began.
fn way(came_from: &[Option<usize>], end: usize) -> Vec<usize> {
    let mut ring = vec![end];
    let mut at = end;
    while let Some(Some(before)) = came_from.get(at) {
        ring.push(*before);
        at = *before;
    }
    ring
}

fn neighbours(bonds: &[DrawnBond], atom: usize) -> impl Iterator<Item = usize> {
    bonds.iter().filter_map(move |bond| {
        if bond.from == atom {
            Some(bond.to)
        } else {
            (bond.to == atom).then_some(bond.from)
        }
    })
}

/// What a molfile says.
struct Block {
    points: Vec<[f32; 2]>,
    symbols: Vec<String>,
    bonds: Vec<DrawnBond>,
}

impl Block {
    fn neighbours(&self, atom: usize) -> impl Iterator<Item = usize> {
        neighbours(&self.bonds, atom)
    }

    /// Whether an atom lies on a straight line between its two neighbours, so that no corner would show it.
    fn is_straight(&self, atom: usize, neighbours: &[usize]) -> bool {
        let [one, other] = neighbours else {
            return false;
        };
        let at = |place: usize| self.points.get(place).copied().unwrap_or_default();
        let (own, a, b) = (at(atom), at(*one), at(*other));
        let cross = (a[0] - own[0]) * (b[1] - own[1]) - (a[1] - own[1]) * (b[0] - own[0]);
        // A triple bond shows by its lines where it ends.
        let mut bonds = self
            .bonds
            .iter()
            .filter(|bond| bond.from == atom || bond.to == atom);
        cross.abs() < 0.05 && bonds.all(|bond| matches!(bond.lines, Lines::Two(_)))
    }
}

fn lines(order: &str) -> Lines {
    match order {
        "2" => Lines::Two(0),
        "3" => Lines::Three,
        "9" => Lines::Dative,
        _ => Lines::One,
    }
}

fn stereo(mark: &str) -> Stereo {
    match mark {
        "1" => Stereo::Wedge,
        "6" | "3" => Stereo::Hash,
        "4" | "2" => Stereo::Either,
        _ => Stereo::Flat,
    }
}

/// Reads both forms of the file.
fn read_molfile(text: &str) -> Option<Block> {
    if text.contains("V3000") {
        read_v3000(text)
    } else {
        read_v2000(text)
    }
}

fn read_v2000(text: &str) -> Option<Block> {
    let mut rows = text.lines().skip(3);
    let counts = rows.next()?;
    let atoms: usize = counts.get(0..3)?.trim().parse().ok()?;
    let bonds: usize = counts.get(3..6)?.trim().parse().ok()?;
    let mut block = Block {
        points: Vec::with_capacity(atoms),
        symbols: Vec::with_capacity(atoms),
        bonds: Vec::with_capacity(bonds),
    };
    for row in rows.by_ref().take(atoms) {
        let x: f32 = row.get(0..10)?.trim().parse().ok()?;
        let y: f32 = row.get(10..20)?.trim().parse().ok()?;
        block.points.push([x / BOND, y / BOND]);
        block.symbols.push(row.get(31..34)?.trim().to_owned());
    }
    for row in rows.take(bonds) {
        let field = |at: usize| row.get(at..at + 3).map(str::trim);
        block.bonds.push(DrawnBond {
            from: field(0)?.parse::<usize>().ok()?.checked_sub(1)?,
            to: field(3)?.parse::<usize>().ok()?.checked_sub(1)?,
            lines: lines(field(6)?),
            stereo: match (lines(field(6)?), field(9)?) {
                // At a double bond it means that either side is as likely, which the lines do not show.
                (Lines::One, "6") => Stereo::Hash,
                (Lines::One, mark) => stereo(mark),
                _ => Stereo::Flat,
            },
        });
    }
    Some(block)
}

fn read_v3000(text: &str) -> Option<Block> {
    let mut block = Block {
        points: Vec::new(),
        symbols: Vec::new(),
        bonds: Vec::new(),
    };
    let (mut is_atom, mut is_bond) = (false, false);
    for row in text.lines().filter_map(|row| row.strip_prefix("M  V30 ")) {
        let words: Vec<&str> = row.split_whitespace().collect();
        match (words.first().copied()?, words.get(1).copied()) {
            ("BEGIN", Some(what)) => (is_atom, is_bond) = (what == "ATOM", what == "BOND"),
            ("END", _) => (is_atom, is_bond) = (false, false),
            _ if is_atom => {
                let x: f32 = words.get(2)?.parse().ok()?;
                let y: f32 = words.get(3)?.parse().ok()?;
                block.points.push([x / BOND, y / BOND]);
                block.symbols.push((*words.get(1)?).to_owned());
            }
            _ if is_bond => {
                let mark = words.iter().find_map(|word| word.strip_prefix("CFG="));
                block.bonds.push(DrawnBond {
                    from: words.get(2)?.parse::<usize>().ok()?.checked_sub(1)?,
                    to: words.get(3)?.parse::<usize>().ok()?.checked_sub(1)?,
                    lines: lines(words.get(1)?),
                    stereo: stereo(mark.unwrap_or_default()),
                });
            }
            _ => {}
        }
    }
    Some(block)
}
