//! Draws every page in both themes at four sizes into PNG files: `cargo bench --bench shots -- DIR [NAME [SIZE]]`.
//!
//! No graphics card and no display are needed, so anybody can look at the whole program in a minute.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a picture that cannot be made should stop it all"
)]
#![expect(clippy::print_stdout, reason = "says where the pictures are")]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;
mod scenes;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fragalysis_desktop::demo::DemoOptions;
use harness::{Desk, Setup};
use scenes::{Scene, Start, scenes};

/// Width and height in pixels, and how many of them make a point.
const SIZES: [(f32, f32, f32); 4] = [
    (800.0, 600.0, 1.0),
    (1280.0, 800.0, 1.0),
    (1920.0, 1080.0, 1.0),
    (3840.0, 2160.0, 2.0),
];

/// The smallest window in points in which every scene can be played.
const LEAST: (f32, f32) = (800.0, 600.0);

fn main() {
    // cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let folder = arguments
        .first()
        .map_or_else(|| PathBuf::from("shots"), PathBuf::from);
    let only = arguments.get(1);
    let sizes = arguments
        .get(2)
        .map_or(SIZES.to_vec(), |size| vec![size_of(size)]);
    std::fs::create_dir_all(&folder).unwrap();
    let begin = Instant::now();
    let mut count = 0;
    for scene in scenes() {
        if only.is_some_and(|only| !scene.0.contains(only.as_str())) {
            continue;
        }
        for is_dark in [false, true] {
            for size in &sizes {
                shoot(&scene, is_dark, *size, &folder);
                count += 1;
            }
        }
    }
    println!(
        "{count} pictures in {}, {:.0} s",
        folder.display(),
        begin.elapsed().as_secs_f32()
    );
}

/// Reads `800x600`, or `800x600@2` for a window in which everything is twice as large.
fn size_of(text: &str) -> (f32, f32, f32) {
    let (size, scale) = text.split_once('@').unwrap_or((text, "1"));
    let (width, height) = size.split_once('x').unwrap();
    let number = |text: &str| text.parse().unwrap();
    (number(width), number(height), number(scale))
}

fn shoot(scene: &Scene, is_dark: bool, (width, height, scale): (f32, f32, f32), folder: &Path) {
    let Scene(name, start, play) = scene;
    // What these show lies below the fold of a small window, so the small window is a tall one.
    let is_long = matches!(*name, "status-why" | "status-statistics");
    let height = if is_long && height < 1000.0 {
        1700.0
    } else {
        height
    };
    let (wide, high) = (width / scale, height / scale);
    let setup = Setup {
        // In a very small window not everything that is clicked on the way is in sight.
        size: (wide.max(LEAST.0), high.max(LEAST.1)),
        scale,
        is_dark,
        build_time: Duration::from_millis(20),
        ..Setup::default()
    };
    let mut desk = match *start {
        Start::Usual => Desk::new(setup),
        Start::Faults(faults) => Desk::new(Setup { faults, ..setup }),
        Start::SlowBuild => Desk::new(Setup {
            build_time: Duration::from_mins(5),
            ..setup
        }),
        Start::MonthAgo => Desk::with_demo(
            setup,
            DemoOptions {
                days_ago: 30,
                rows: Some(300),
                build_time: setup.build_time,
                ..DemoOptions::default()
            },
        ),
    };
    play(&mut desk);
    if (wide, high) != setup.size {
        desk.window.set_size(egui::vec2(wide, high));
        desk.window.run();
    }
    for _ in 0..6 {
        desk.window.step();
    }
    let theme = if is_dark { "dark" } else { "light" };
    let path = folder.join(format!("{name}-{theme}-{width}x{height}.png"));
    desk.picture().save(path).unwrap();
}
