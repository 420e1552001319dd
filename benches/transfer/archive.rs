//! Invents the archive that is sent.

use std::{fs, io::Write as _, path::Path};

/// Writes an archive like those of the servers: coordinates, and maps that hardly compress. Returns the length
/// unpacked.
pub(crate) fn invent(path: &Path, mib: usize) -> u64 {
    let gzip = flate2::write::GzEncoder::new(
        std::io::BufWriter::new(fs::File::create(path).unwrap()),
        flate2::Compression::new(6),
    );
    let mut tar = tar::Builder::new(gzip);
    let mut rng = fastrand::Rng::with_seed(1);
    let mut unpacked = 0;
    let mut add = |name: String, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, bytes).unwrap();
        bytes.len() as u64
    };
    let mut number = 0;
    while unpacked < (mib as u64) << 20 {
        number += 1;
        let code = format!("A{number:04}a");
        let mut pdb = String::new();
        for atom in 0..4000 {
            let [x, y, z] = [0; 3].map(|_: i32| rng.f32() * 80.0);
            pdb.push_str(&format!(
                "ATOM  {:5}  CA  ALA A{:4}    {x:8.3}{y:8.3}{z:8.3}  1.00{:6.2}           C\n",
                atom + 1,
                atom / 5,
                rng.f32() * 60.0
            ));
        }
        // Densities, rounded as crystallographic programs do.
        let map: Vec<u8> = (0..450_000)
            .flat_map(|_| {
                let sum: f32 = (0..4).map(|_| rng.f32() - 0.5).sum();
                ((sum * 256.0).round() / 256.0).to_le_bytes()
            })
            .collect();
        for (ending, bytes) in [
            ("_apo.pdb", pdb.as_bytes()),
            (".pdb", pdb.as_bytes()),
            ("_event.ccp4", &map),
        ] {
            unpacked += add(format!("./aligned_files/{code}/{code}{ending}"), bytes);
        }
    }
    unpacked += add("./metadata.csv".to_owned(), b"Code,Downloaded\n");
    tar.into_inner().unwrap().finish().unwrap().flush().unwrap();
    unpacked
}
