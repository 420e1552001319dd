//! Compares screenshots with approved reference images.

use std::path::Path;

use image::RgbaImage;

/// Largest difference of a colour channel that is not visible.
const FAINT: u8 = 24;

/// Fails if more than this fraction of the picture differs from the reference. With `UPDATE_SNAPSHOTS=1` it is
/// saved as the new reference instead.
pub(crate) fn assert_like(picture: &RgbaImage, name: &str, may_differ: f64) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/pictures");
    let kept = folder.join(format!("{name}.png"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        picture.save(&kept).unwrap();
        return;
    }
    let meant = image::open(&kept)
        .unwrap_or_else(|error| panic!("{name}: there is no picture to compare with: {error}"))
        .to_rgba8();
    assert_eq!(picture.dimensions(), meant.dimensions(), "{name}");
    let pairs = picture.pixels().zip(meant.pixels());
    let other = pairs
        .filter(|(is, was)| {
            is.0.iter()
                .zip(was.0)
                .any(|(is, was)| is.abs_diff(was) > FAINT)
        })
        .count();
    let part = other as f64 / f64::from(picture.width() * picture.height());
    if part > may_differ {
        let place = std::env::temp_dir().join(format!("{name}-is.png"));
        picture.save(&place).unwrap();
        panic!(
            "{name}: {:.2} % of the picture is other than in {}; how it is now: {}. Look at both; if the new one is \
             right, UPDATE_SNAPSHOTS=1 keeps it",
            part * 100.0,
            kept.display(),
            place.display()
        );
    }
}
