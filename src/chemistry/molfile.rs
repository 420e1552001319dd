//! Reads molfiles: positions of atoms, and bonds.

use super::drawing::{DrawnBond, Lines, Stereo, neighbours};

/// Length of a bond in the layout, in Å.
const BOND: f32 = 1.5;

/// The contents of a molfile.
pub(super) struct Block {
    pub(super) points: Vec<[f32; 2]>,
    pub(super) symbols: Vec<String>,
    pub(super) bonds: Vec<DrawnBond>,
}

impl Block {
    pub(super) fn neighbours(&self, atom: usize) -> impl Iterator<Item = usize> {
        neighbours(&self.bonds, atom)
    }

    /// Returns `true` if an atom is on a straight line between its two neighbours, so that no corner would show it.
    pub(super) fn is_straight(&self, atom: usize, neighbours: &[usize]) -> bool {
        let [one, other] = neighbours else {
            return false;
        };
        let at = |place: usize| self.points.get(place).copied().unwrap_or_default();
        let (own, a, b) = (at(atom), at(*one), at(*other));
        let cross = (a[0] - own[0]) * (b[1] - own[1]) - (a[1] - own[1]) * (b[0] - own[0]);
        // The ends of a triple bond are visible by its lines.
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

/// Reads both formats, V2000 and V3000.
pub(super) fn read_molfile(text: &str) -> Option<Block> {
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
                // On a double bond this means unknown cis/trans geometry, which the lines do not show.
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
