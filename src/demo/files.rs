//! Text files of the archives: coordinates, ligands, restraints, tables. Invented, but in formats that `PyMOL` and
//! Coot can open.

use std::{f64::consts::PI, fmt::Write as _};

use super::{
    chemistry::Fragment,
    records::{Observation, Target},
    sites::site_name,
    world::World,
};

/// Residues of the invented protein: four helices of this length.
const HELIX_RESIDUES: u32 = 18;
const HELICES: u32 = 4;
const WATERS: u32 = 24;

/// Which parts of a structure a coordinate file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) protein: bool,
    pub(super) solvent: bool,
    pub(super) ligand: bool,
}

/// Returns a coordinate file in PDB format.
pub(super) fn pdb(target: &Target, code: &str, fragment: &Fragment, parts: Parts) -> Vec<u8> {
    let [a, b, c, alpha, beta, gamma] = target.cell;
    let mut text = format!(
        "HEADER    INVENTED STRUCTURE OF THE DEMO\nTITLE     {code}\nCRYST1{a:9.3}{b:9.3}{c:9.3}{alpha:7.2}{beta:7.2}{gamma:7.2} {:<11}   1\n",
        spaced_group(target.space_group)
    );
    let mut serial = 1;
    if parts.protein {
        for helix in 0..HELICES {
            for residue in 0..HELIX_RESIDUES {
                residue_lines(&mut text, &mut serial, helix, residue);
            }
            // The serial number of TER counts too.
            let last = (helix + 1) * HELIX_RESIDUES;
            let _infallible = writeln!(text, "TER   {serial:5}      ALA A{last:4}");
            serial += 1;
        }
    }
    if parts.ligand {
        for (index, atom) in fragment.atoms.iter().enumerate() {
            let name = format!("{}{}", atom.element, index + 1);
            atom_line(
                &mut text,
                &mut serial,
                "HETATM",
                (&name, atom.element),
                ("LIG", 'A', 1101),
                atom.at,
            );
        }
    }
    if parts.solvent {
        for water in 0..WATERS {
            // Beside the helices, far from everything else.
            let (column, row) = (f64::from(water % 3), f64::from(water / 3));
            let at = [-7.0 - 3.0 * column, 3.0 * row - 2.0, 4.0 + 3.0 * column];
            atom_line(
                &mut text,
                &mut serial,
                "HETATM",
                ("O", "O"),
                ("HOH", 'W', water + 1),
                at,
            );
        }
    }
    text.push_str("END\n");
    text.into_bytes()
}

/// The backbone and CB of one alanine in an ideal helix.
fn residue_lines(text: &mut String, serial: &mut u32, helix: u32, residue: u32) {
    // Name, element, radius, angle and height within the residue of an ideal alpha helix.
    const ATOMS: [(&str, &str, f64, f64, f64); 5] = [
        ("N", "N", 1.55, -27.7, -0.90),
        ("CA", "C", 2.29, 0.0, 0.0),
        ("C", "C", 1.68, 26.4, 1.09),
        ("O", "O", 2.03, 23.5, 2.30),
        ("CB", "C", 3.32, 17.5, -0.81),
    ];
    let number = helix * HELIX_RESIDUES + residue + 1;
    let axis = [18.0 * f64::from(helix % 2), 18.0 * f64::from(helix / 2)];
    for (name, element, radius, angle, height) in ATOMS {
        let turn = (angle + 100.0 * f64::from(residue)) * PI / 180.0;
        let at = [
            axis[0] + radius * turn.cos(),
            axis[1] + radius * turn.sin(),
            height + 1.5 * f64::from(residue),
        ];
        atom_line(
            text,
            serial,
            "ATOM  ",
            (name, element),
            ("ALA", 'A', number),
            at,
        );
    }
}

fn atom_line(
    text: &mut String,
    serial: &mut u32,
    record: &str,
    (name, element): (&str, &str),
    (residue, chain, number): (&str, char, u32),
    [x, y, z]: [f64; 3],
) {
    // One-letter elements begin in the second column of the name.
    let name = if element.len() == 1 {
        format!(" {name:<3}")
    } else {
        format!("{name:<4}")
    };
    let _infallible = writeln!(
        text,
        "{record}{serial:5} {name:4} {residue:>3} {chain}{number:4}    {x:8.3}{y:8.3}{z:8.3}  1.00 20.00          {:>2}",
        element.to_uppercase()
    );
    *serial += 1;
}

/// Returns `C121` as the format requires it: `C 1 2 1`.
fn spaced_group(name: &str) -> &str {
    match name {
        "C121" => "C 1 2 1",
        "P3121" => "P 31 2 1",
        "P212121" => "P 21 21 21",
        "C2221" => "C 2 2 21",
        other => other,
    }
}

/// Restraints for the ligand, as a monomer dictionary.
pub(super) fn restraints(fragment: &Fragment) -> Vec<u8> {
    let atoms = fragment.atoms.len();
    let mut text = format!(
        "data_comp_list\nloop_\n_chem_comp.id\n_chem_comp.three_letter_code\n_chem_comp.name\n_chem_comp.group\n_chem_comp.number_atoms_all\n_chem_comp.number_atoms_nh\nLIG LIG 'invented fragment' non-polymer {atoms} {atoms}\n\ndata_comp_LIG\nloop_\n_chem_comp_atom.comp_id\n_chem_comp_atom.atom_id\n_chem_comp_atom.type_symbol\n_chem_comp_atom.x\n_chem_comp_atom.y\n_chem_comp_atom.z\n"
    );
    let name = |index: usize| {
        fragment
            .atoms
            .get(index)
            .map(|atom| format!("{}{}", atom.element, index + 1))
            .unwrap_or_default()
    };
    for (index, atom) in fragment.atoms.iter().enumerate() {
        let [x, y, z] = atom.at;
        let _infallible = writeln!(
            text,
            "LIG {} {} {x:.3} {y:.3} {z:.3}",
            name(index),
            atom.element.to_uppercase()
        );
    }
    text.push_str("loop_\n_chem_comp_bond.comp_id\n_chem_comp_bond.atom_id_1\n_chem_comp_bond.atom_id_2\n_chem_comp_bond.type\n_chem_comp_bond.value_dist\n_chem_comp_bond.value_dist_esd\n");
    for bond in &fragment.bonds {
        let kind = match bond.2 {
            1 => "single",
            2 => "double",
            _ => "triple",
        };
        let _infallible = writeln!(
            text,
            "LIG {} {} {kind} 1.400 0.020",
            name(bond.0),
            name(bond.1)
        );
    }
    text.into_bytes()
}

/// The columns of the table of observations.
const HEADINGS: &str = "Code,Long code,Experiment code,Compound code,Smiles,Centroid res,Downloaded,\
    CanonSites upload name,CanonSites short tag,Pose,Main status,RefinementResolution";

/// Returns the table of all observations of a target; `chosen` are those in the archive. Old servers quote nothing,
/// new ones every text.
pub(super) fn metadata(
    world: &World,
    target: &Target,
    chosen: &[&Observation],
    is_quoted: bool,
) -> Vec<u8> {
    let quote = |text: &str| {
        if is_quoted {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let headings: Vec<String> = HEADINGS.split(',').map(&quote).collect();
    let mut text = headings.join(",");
    text.push('\n');
    for observation in world
        .observations
        .iter()
        .filter(|row| row.target == target.id)
    {
        let (Some(experiment), Some(compound)) = (
            world.experiment(observation.experiment),
            world.compound(observation.compound),
        ) else {
            continue;
        };
        let is_chosen = chosen.iter().any(|row| row.id == observation.id);
        let resolution = experiment
            .resolution
            .map(|value| value.to_string())
            .unwrap_or_default();
        let row = [
            quote(&observation.code),
            quote(&observation.longcode),
            quote(&experiment.code),
            quote(&compound.code),
            quote(&compound.fragment.smiles),
            quote("A/ALA 41"),
            if is_chosen { "True" } else { "False" }.to_owned(),
            quote(&site_name(observation)),
            quote("A"),
            quote(&observation.code),
            quote(experiment.status.unwrap_or_default()),
            resolution,
        ];
        text.push_str(&row.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// Returns an alignment record: the identity, once per observation.
pub(super) fn transforms(chosen: &[&Observation]) -> Vec<u8> {
    let mut text = String::new();
    for observation in chosen {
        let _infallible = writeln!(
            text,
            "{}:\n  vec: [0.0, 0.0, 0.0]\n  mat: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]",
            observation.longcode
        );
    }
    text.into_bytes()
}

/// Returns the smallest page that a PDF viewer opens, with one line of text.
pub(super) fn pdf(line: &str) -> Vec<u8> {
    let content = format!(
        "BT /F1 14 Tf 72 760 Td ({}) Tj ET",
        line.replace(['(', ')', '\\'], "")
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(text.len());
        let _infallible = write!(text, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let table = text.len();
    let _infallible = write!(text, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _infallible = writeln!(text, "{place:010} 00000 n ");
    }
    let _infallible = write!(
        text,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    text.into_bytes()
}
