//! Binary files of the archives: electron density in CCP4 format and reflections in MTZ format.

#![expect(
    clippy::cast_possible_truncation,
    reason = "map and reflection files hold single precision"
)]

use super::{chemistry::Fragment, records::Target};

/// Grid points along each axis of an invented map.
const GRID: usize = 20;
/// Words of a CCP4 header.
const HEADER_WORDS: usize = 256;

/// Returns a map of the density around the ligand. `sharpness` makes the kinds of maps differ.
pub(super) fn ccp4(fragment: &Fragment, sharpness: f64) -> Vec<u8> {
    let step = 0.9;
    let centre = centre_of(fragment);
    let density = density(fragment, centre, step, sharpness);
    let count = density.len() as f64;
    let mean = density.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    let square = density
        .iter()
        .map(|value| (f64::from(*value) - mean).powi(2))
        .sum::<f64>()
        / count;
    let (low, high) = density
        .iter()
        .fold((f32::MAX, f32::MIN), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });

    let mut header = vec![[0_u8; 4]; HEADER_WORDS];
    let whole = |value: usize| i32::try_from(value).unwrap_or_default().to_le_bytes();
    let length = (step * GRID as f64) as f32;
    for axis in 0..3 {
        header[axis] = whole(GRID);
        let start = (centre[axis] / step) as i32 - i32::try_from(GRID / 2).unwrap_or_default();
        header[4 + axis] = start.to_le_bytes();
        header[7 + axis] = whole(GRID);
        header[10 + axis] = length.to_le_bytes();
        header[13 + axis] = 90_f32.to_le_bytes();
        header[16 + axis] = whole(axis + 1);
    }
    header[3] = whole(2);
    header[19] = low.to_le_bytes();
    header[20] = high.to_le_bytes();
    header[21] = (mean as f32).to_le_bytes();
    header[22] = whole(1);
    header[52] = *b"MAP ";
    header[53] = [0x44, 0x44, 0, 0];
    header[54] = (square.sqrt() as f32).to_le_bytes();
    header[55] = whole(1);
    let label = format!("{:<80}", "Invented density of the Fragalysis Desktop demo");
    for (word, text) in header
        .iter_mut()
        .skip(56)
        .zip(label.as_bytes().chunks_exact(4))
    {
        word.copy_from_slice(text);
    }
    header
        .concat()
        .into_iter()
        .chain(density.into_iter().flat_map(f32::to_le_bytes))
        .collect()
}

fn centre_of(fragment: &Fragment) -> [f64; 3] {
    let count = fragment.atoms.len().max(1) as f64;
    std::array::from_fn(|axis| fragment.atoms.iter().map(|atom| atom.at[axis]).sum::<f64>() / count)
}

/// Returns the density as a sum of Gaussians, one on every atom, sampled on the grid.
fn density(fragment: &Fragment, centre: [f64; 3], step: f64, sharpness: f64) -> Vec<f32> {
    let start = centre.map(|value| (value / step).trunc() - (GRID / 2) as f64);
    let mut values = vec![0.0; GRID * GRID * GRID];
    for atom in &fragment.atoms {
        // A Gaussian is a product over the axes: one exponential for each line of the grid, not one for each point.
        let [along_x, along_y, along_z]: [[f64; GRID]; 3] = std::array::from_fn(|axis| {
            std::array::from_fn(|place| {
                let here = (start[axis] + place as f64) * step;
                (-(atom.at[axis] - here).powi(2) * sharpness).exp()
            })
        });
        let mut points = values.iter_mut();
        for z in along_z {
            for y in along_y {
                let factor = y * z;
                for (x, point) in along_x.iter().zip(&mut points) {
                    *point += x * factor;
                }
            }
        }
    }
    values.into_iter().map(|value| value as f32).collect()
}

/// Columns of the reflection file and their types.
const COLUMNS: [(&str, char); 8] = [
    ("H", 'H'),
    ("K", 'H'),
    ("L", 'H'),
    ("F", 'F'),
    ("SIGF", 'Q'),
    ("FREE", 'I'),
    ("FWT", 'F'),
    ("PHWT", 'P'),
];

/// Reflections with amplitudes, errors and map coefficients.
pub(super) fn mtz(target: &Target, seed: u64) -> Vec<u8> {
    let rows = reflections(target, seed);
    let data: Vec<u8> = rows
        .iter()
        .flatten()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let header_word = 21 + rows.len() * COLUMNS.len();
    let mut bytes = b"MTZ ".to_vec();
    bytes.extend(i32::try_from(header_word).unwrap_or_default().to_le_bytes());
    bytes.extend([0x44, 0x41, 0, 0]);
    bytes.resize(80, 0);
    bytes.extend(data);
    for record in headers(target, &rows) {
        bytes.extend(format!("{record:<80}").into_bytes());
    }
    bytes
}

/// Invented reflections, in the order of [`COLUMNS`].
fn reflections(target: &Target, seed: u64) -> Vec<[f32; COLUMNS.len()]> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut rows: Vec<[f32; COLUMNS.len()]> = Vec::new();
    for h in 0_i16..10 {
        for k in 0_i16..10 {
            for l in 1_i16..8 {
                // C-centred cells have only reflections with even h + k.
                if (h + k) % 2 != 0 && target.space_group.starts_with('C') {
                    continue;
                }
                let amplitude = 20.0 + rng.f32() * 200.0;
                let free = f32::from(u8::from(rng.f32() < 0.05));
                rows.push([
                    f32::from(h),
                    f32::from(k),
                    f32::from(l),
                    amplitude,
                    amplitude * 0.03,
                    free,
                    amplitude,
                    rng.f32() * 360.0,
                ]);
            }
        }
    }
    rows
}

/// Returns the records that explain the reflections.
fn headers(target: &Target, rows: &[[f32; COLUMNS.len()]]) -> Vec<String> {
    let [a, b, c, alpha, beta, gamma] = target.cell;
    let cell = format!("{a:10.4}{b:10.4}{c:10.4}{alpha:10.4}{beta:10.4}{gamma:10.4}");
    let (number, name, point_group, operators) = symmetry(target.space_group);
    let mut records = vec![
        "VERS MTZ:V1.1".to_owned(),
        "TITLE Invented data of the Fragalysis Desktop demo".to_owned(),
        format!("NCOL {:8} {:12} {:8}", COLUMNS.len(), rows.len(), 0),
        format!("CELL  {cell}"),
        "SORT    1   2   3   0   0".to_owned(),
        format!(
            "SYMINF {:3} {:2} {} {number:5} {:>22} {:>5}",
            operators.len(),
            operators.len(),
            name.chars().next().unwrap_or('P'),
            format!("'{name}'"),
            point_group
        ),
    ];
    records.extend(operators.iter().map(|operator| format!("SYMM {operator}")));
    let squares = rows
        .iter()
        .map(|[h, k, l, ..]| inverse_square(target.cell, [*h, *k, *l]));
    let (least, most) = squares.fold((f64::MAX, 0.0_f64), |(least, most), square| {
        (least.min(square), most.max(square))
    });
    records.push(format!("RESO {least:.6} {most:.6}"));
    records.push("VALM NAN".to_owned());
    for (index, (label, kind)) in COLUMNS.iter().enumerate() {
        let (low, high) = rows
            .iter()
            .map(|row| row[index])
            .fold((f32::MAX, f32::MIN), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        records.push(format!(
            "COLUMN {label:<30} {kind} {low:17.4} {high:17.4} {:4}",
            1
        ));
    }
    records.extend([
        "NDIF        1".to_owned(),
        format!("PROJECT {:7} demo", 1),
        format!("CRYSTAL {:7} {}", 1, target.title),
        format!("DATASET {:7} native", 1),
        format!("DCELL   {:7} {cell}", 1),
        format!("DWAVEL  {:7}    0.91300", 1),
        "END".to_owned(),
        "MTZENDOFHEADERS".to_owned(),
    ]);
    records
}

/// 1/d² of a reflection in 1/Å², for any cell.
fn inverse_square([a, b, c, alpha, beta, gamma]: [f64; 6], indices: [f32; 3]) -> f64 {
    let [h, k, l] = indices.map(f64::from);
    let [(sin_a, cos_a), (sin_b, cos_b), (sin_c, cos_c)] =
        [alpha, beta, gamma].map(|angle| angle.to_radians().sin_cos());
    let volume = 1.0 - cos_a * cos_a - cos_b * cos_b - cos_c * cos_c + 2.0 * cos_a * cos_b * cos_c;
    let squares = (h * sin_a / a).powi(2) + (k * sin_b / b).powi(2) + (l * sin_c / c).powi(2);
    let products = k * l * (cos_b * cos_c - cos_a) / (b * c)
        + h * l * (cos_c * cos_a - cos_b) / (a * c)
        + h * k * (cos_a * cos_b - cos_c) / (a * b);
    (squares + 2.0 * products) / volume
}

/// Number, name, point group and operators of a space group. Enough for the demo's cells.
fn symmetry(name: &str) -> (u32, &'static str, &'static str, &'static [&'static str]) {
    match name {
        "C121" => (
            5,
            "C 1 2 1",
            "PG2",
            &[
                "X,  Y,  Z",
                "-X,  Y,  -Z",
                "X+1/2,  Y+1/2,  Z",
                "-X+1/2,  Y+1/2,  -Z",
            ],
        ),
        "P212121" => (
            19,
            "P 21 21 21",
            "PG222",
            &[
                "X,  Y,  Z",
                "-X+1/2,  -Y,  Z+1/2",
                "-X,  Y+1/2,  -Z+1/2",
                "X+1/2,  -Y+1/2,  -Z",
            ],
        ),
        "C2221" => (
            20,
            "C 2 2 21",
            "PG222",
            &[
                "X,  Y,  Z",
                "-X,  -Y,  Z+1/2",
                "-X,  Y,  -Z+1/2",
                "X,  -Y,  -Z",
                "X+1/2,  Y+1/2,  Z",
                "-X+1/2,  -Y+1/2,  Z+1/2",
                "-X+1/2,  Y+1/2,  -Z+1/2",
                "X+1/2,  -Y+1/2,  -Z",
            ],
        ),
        "P3121" => (
            152,
            "P 31 2 1",
            "PG321",
            &[
                "X,  Y,  Z",
                "-Y,  X-Y,  Z+1/3",
                "-X+Y,  -X,  Z+2/3",
                "Y,  X,  -Z",
                "X-Y,  -Y,  -Z+2/3",
                "-X,  -X+Y,  -Z+1/3",
            ],
        ),
        _ => (1, "P 1", "PG1", &["X,  Y,  Z"]),
    }
}
