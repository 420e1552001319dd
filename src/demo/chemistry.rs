//! Invented fragments: six-membered aromatic rings with substituents, as SMILES and as atoms and bonds
//! that agree with each other.

use std::f64::consts::PI;

/// An atom that is no hydrogen.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) element: &'static str,
    /// Å.
    pub(super) at: [f64; 3],
}

/// Two atoms by their place in the list, and the order of the bond.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bond(pub(super) usize, pub(super) usize, pub(super) u8);

/// One small molecule.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    pub(super) smiles: String,
    pub(super) atoms: Vec<Atom>,
    pub(super) bonds: Vec<Bond>,
}

/// SMILES, then each atom with the index of its neighbour (0 is the ring atom, then in order) and the bond.
struct Substituent {
    smiles: &'static str,
    atoms: &'static [(&'static str, usize, u8)],
}

const SUBSTITUENTS: [Substituent; 10] = [
    Substituent {
        smiles: "F",
        atoms: &[("F", 0, 1)],
    },
    Substituent {
        smiles: "Cl",
        atoms: &[("Cl", 0, 1)],
    },
    Substituent {
        smiles: "O",
        atoms: &[("O", 0, 1)],
    },
    Substituent {
        smiles: "N",
        atoms: &[("N", 0, 1)],
    },
    Substituent {
        smiles: "C",
        atoms: &[("C", 0, 1)],
    },
    Substituent {
        smiles: "OC",
        atoms: &[("O", 0, 1), ("C", 1, 1)],
    },
    Substituent {
        smiles: "C#N",
        atoms: &[("C", 0, 1), ("N", 1, 3)],
    },
    Substituent {
        smiles: "C(N)=O",
        atoms: &[("C", 0, 1), ("N", 1, 1), ("O", 1, 2)],
    },
    Substituent {
        smiles: "NC(C)=O",
        atoms: &[("N", 0, 1), ("C", 1, 1), ("C", 2, 1), ("O", 2, 2)],
    },
    Substituent {
        smiles: "S(N)(=O)=O",
        atoms: &[("S", 0, 1), ("N", 1, 1), ("O", 1, 2), ("O", 1, 2)],
    },
];

const RING_RADIUS: f64 = 1.39;
const BOND_LENGTH: f64 = 1.45;

impl Fragment {
    /// Invents a fragment around `centre`.
    pub(super) fn invent(rng: &mut fastrand::Rng, centre: [f64; 3]) -> Self {
        let nitrogen = rng.bool().then(|| rng.usize(0..6));
        let mut substituents: [Option<&Substituent>; 6] = [None; 6];
        for _ in 0..rng.usize(1..=3) {
            let place = rng.usize(0..6);
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
            fragment.push(element, turned(angle, RING_RADIUS, 0.0, tilt, centre));
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
        let mut children = vec![0_u32; substituent.atoms.len() + 1];
        let mut depth = vec![0_u32; substituent.atoms.len() + 1];
        for (index, &(element, parent, order)) in substituent.atoms.iter().enumerate() {
            let sibling = f64::from(children[parent]);
            children[parent] += 1;
            depth[index + 1] = depth[parent] + 1;
            let radius = RING_RADIUS + BOND_LENGTH * f64::from(depth[index + 1]);
            // Branches fan out so that no two atoms share a place.
            let aside = if depth[index + 1] > 1 {
                0.9 * (sibling - 0.5) + 0.3
            } else {
                0.0
            };
            self.push(
                element,
                turned(place_angle(place), radius, aside, tilt, centre),
            );
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

    /// A MOL block in the old, widely read form (V2000).
    pub(super) fn mol_block(&self, name: &str) -> String {
        let mut text = format!("{name}\n  Fragalysis Desktop demo\n\n");
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

/// A point at `angle` and `radius` in a plane that is tilted a little, moved to `centre`.
fn turned(angle: f64, radius: f64, aside: f64, tilt: f64, centre: [f64; 3]) -> [f64; 3] {
    let (x, y) = (
        radius * angle.cos() - aside * angle.sin(),
        radius * angle.sin() + aside * angle.cos(),
    );
    [
        centre[0] + x,
        centre[1] + y * tilt.cos(),
        centre[2] + y * tilt.sin(),
    ]
}
