//! Invented fragments: six-membered aromatic rings with substituents, as SMILES and as atoms and bonds
//! that agree with each other.

use std::f64::consts::PI;

/// A non-hydrogen atom.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) element: &'static str,
    /// Coordinates in Å.
    pub(super) at: [f64; 3],
}

/// The indices of two atoms, and the order of the bond.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bond(pub(super) usize, pub(super) usize, pub(super) u8);

/// One small molecule.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    pub(super) smiles: String,
    pub(super) atoms: Vec<Atom>,
    pub(super) bonds: Vec<Bond>,
}

/// An atom of a substituent: element, index of its neighbour (0 is the ring atom, then in order), order of the bond,
/// and its position in Å: outwards from the ring atom, sideways in the plane of the ring, above it.
type Branch = (&'static str, usize, u8, [f64; 3]);

struct Substituent {
    smiles: &'static str,
    atoms: &'static [Branch],
}

const fn substituent(smiles: &'static str, atoms: &'static [Branch]) -> Substituent {
    Substituent { smiles, atoms }
}

#[rustfmt::skip]
const SUBSTITUENTS: [Substituent; 10] = [
    substituent("F", &[("F", 0, 1, [1.35, 0.0, 0.0])]),
    substituent("Cl", &[("Cl", 0, 1, [1.74, 0.0, 0.0])]),
    substituent("O", &[("O", 0, 1, [1.37, 0.0, 0.0])]),
    substituent("N", &[("N", 0, 1, [1.40, 0.0, 0.0])]),
    substituent("C", &[("C", 0, 1, [1.51, 0.0, 0.0])]),
    substituent("OC", &[("O", 0, 1, [1.37, 0.0, 0.0]), ("C", 1, 1, [2.08, 1.23, 0.0])]),
    substituent("C#N", &[("C", 0, 1, [1.44, 0.0, 0.0]), ("N", 1, 3, [2.59, 0.0, 0.0])]),
    substituent("C(N)=O", &[
        ("C", 0, 1, [1.50, 0.0, 0.0]), ("N", 1, 1, [2.17, 1.16, 0.0]), ("O", 1, 2, [2.115, -1.065, 0.0]),
    ]),
    substituent("NC(C)=O", &[
        ("N", 0, 1, [1.41, 0.0, 0.0]), ("C", 1, 1, [2.085, 1.169, 0.0]),
        ("C", 2, 1, [3.585, 1.169, 0.0]), ("O", 2, 2, [1.47, 2.234, 0.0]),
    ]),
    substituent("S(N)(=O)=O", &[
        ("S", 0, 1, [1.77, 0.0, 0.0]), ("N", 1, 1, [2.311, 1.528, 0.0]),
        ("O", 1, 2, [2.248, -0.674, 1.167]), ("O", 1, 2, [2.248, -0.674, -1.167]),
    ]),
];

const RING_RADIUS: f64 = 1.39;

impl Fragment {
    /// Generates a fragment around `centre`.
    pub(super) fn invent(rng: &mut fastrand::Rng, centre: [f64; 3]) -> Self {
        let nitrogen = rng.bool().then(|| rng.usize(0..6));
        let mut substituents: [Option<&Substituent>; 6] = [None; 6];
        for _ in 0..rng.usize(1..=3) {
            // Never on neighbours: their branches would clash.
            let place = rng.usize(0..6) / 2 * 2;
            if Some(place) != nitrogen {
                substituents[place] = rng.choice(SUBSTITUENTS.iter());
            }
        }
        let mut fragment = Self {
            smiles: String::new(),
            atoms: Vec::new(),
            bonds: Vec::new(),
        };
        let tilt = rng.f64() * 0.6;
        for place in 0..6 {
            let angle = place_angle(place);
            let element = if Some(place) == nitrogen { "N" } else { "C" };
            fragment.push(
                element,
                turned(angle, [RING_RADIUS, 0.0, 0.0], tilt, centre),
            );
            let order = if place % 2 == 0 { 2 } else { 1 };
            fragment.bonds.push(Bond(place, (place + 1) % 6, order));
        }
        for (place, substituent) in substituents.into_iter().enumerate() {
            let element = if Some(place) == nitrogen { "n" } else { "c" };
            fragment.smiles.push_str(element);
            if place == 0 || place == 5 {
                fragment.smiles.push('1');
            }
            if let Some(substituent) = substituent {
                fragment
                    .smiles
                    .push_str(&format!("({})", substituent.smiles));
                fragment.attach(substituent, place, tilt, centre);
            }
        }
        fragment
    }

    fn attach(&mut self, substituent: &Substituent, place: usize, tilt: f64, centre: [f64; 3]) {
        let first = self.atoms.len();
        for (index, &(element, parent, order, [out, aside, up])) in
            substituent.atoms.iter().enumerate()
        {
            let at = turned(
                place_angle(place),
                [RING_RADIUS + out, aside, up],
                tilt,
                centre,
            );
            self.push(element, at);
            let neighbour = if parent == 0 {
                place
            } else {
                first + parent - 1
            };
            self.bonds.push(Bond(neighbour, first + index, order));
        }
    }

    fn push(&mut self, element: &'static str, at: [f64; 3]) {
        self.atoms.push(Atom { element, at });
    }

    /// Returns a MOL block in the old, widely supported format (V2000).
    pub(super) fn mol_block(&self, name: &str) -> String {
        let mut text = format!("{name}\n  FragDemo01012600003D\n\n");
        text.push_str(&format!(
            "{:3}{:3}  0  0  0  0  0  0  0  0999 V2000\n",
            self.atoms.len(),
            self.bonds.len()
        ));
        for Atom {
            element,
            at: [x, y, z],
        } in &self.atoms
        {
            text.push_str(&format!(
                "{x:10.4}{y:10.4}{z:10.4} {element:<3} 0  0  0  0  0  0  0  0  0  0  0  0\n"
            ));
        }
        for Bond(a, b, order) in &self.bonds {
            text.push_str(&format!("{:3}{:3}{order:3}  0\n", a + 1, b + 1));
        }
        text.push_str("M  END\n");
        text
    }
}

fn place_angle(place: usize) -> f64 {
    PI / 3.0 * f64::from(u32::try_from(place).unwrap_or_default())
}

/// Returns a point given outwards, sideways and above at `angle` of a plane that is tilted a little, moved to
/// `centre`.
fn turned(angle: f64, [out, aside, up]: [f64; 3], tilt: f64, centre: [f64; 3]) -> [f64; 3] {
    let x = out * angle.cos() - aside * angle.sin();
    let y = out * angle.sin() + aside * angle.cos();
    [
        centre[0] + x,
        centre[1] + y * tilt.cos() - up * tilt.sin(),
        centre[2] + y * tilt.sin() + up * tilt.cos(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bonded_atoms_are_one_bond_length_apart_and_others_further() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..500 {
            let fragment = Fragment::invent(&mut rng, [9.0, 9.0, 13.0]);
            for (a, one) in fragment.atoms.iter().enumerate() {
                for (b, other) in fragment.atoms.iter().enumerate().skip(a + 1) {
                    let squares = one.at.iter().zip(other.at).map(|(p, q)| (p - q).powi(2));
                    let distance = squares.sum::<f64>().sqrt();
                    let is_bonded = fragment
                        .bonds
                        .iter()
                        .any(|Bond(p, q, _)| [(a, b), (b, a)].contains(&(*p, *q)));
                    let range = if is_bonded { 1.1..1.85 } else { 2.0..20.0 };
                    assert!(
                        range.contains(&distance),
                        "{}: {a} to {b}: {distance}",
                        fragment.smiles
                    );
                }
            }
        }
    }
}
