//! Draws on the processor, so that looking at the window needs neither a graphics card nor a display.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "pixels: all numbers are small"
)]

use std::collections::HashMap;

use egui::{
    Color32, Context, FullOutput, TextureId, TexturesDelta,
    epaint::{
        ImageData, Mesh, Primitive, Vertex,
        textures::{TextureFilter, TextureOptions, TextureWrapMode},
    },
};
use egui_kittest::TestRenderer;
use image::RgbaImage;

/// Red, green, blue and alpha, each from 0 to 255; the colours are premultiplied.
type Pixel = [f32; 4];

/// Subpixel steps in which vertices are placed: edges that two triangles share are then drawn once.
const FINE: f32 = 256.0;

/// The renderer with the pictures it has been given.
#[derive(Default)]
pub(crate) struct CpuRenderer {
    textures: HashMap<TextureId, Texture>,
    /// Textures to be freed after the next frame.
    leaving: Vec<TextureId>,
}

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Pixel>,
    options: TextureOptions,
}

/// The part of the picture that may be drawn on: left, top, right, bottom.
#[derive(Clone, Copy)]
struct Clip([i64; 4]);

struct Canvas {
    width: usize,
    pixels: Vec<Pixel>,
    points_to_pixels: f32,
}

fn pixel(colour: Color32) -> Pixel {
    colour.to_array().map(f32::from)
}

impl Texture {
    fn at(&self, x: i64, y: i64) -> Pixel {
        let wrap = |place: i64, length: usize| {
            let length = length as i64;
            let place = match self.options.wrap_mode {
                TextureWrapMode::ClampToEdge => place.clamp(0, length - 1),
                TextureWrapMode::Repeat => place.rem_euclid(length),
                TextureWrapMode::MirroredRepeat => {
                    let twice = place.rem_euclid(2 * length);
                    if twice < length {
                        twice
                    } else {
                        2 * length - 1 - twice
                    }
                }
            };
            usize::try_from(place).unwrap()
        };
        self.pixels[wrap(y, self.height) * self.width + wrap(x, self.width)]
    }

    fn sample(&self, u: f32, v: f32) -> Pixel {
        let (x, y) = (u * self.width as f32 - 0.5, v * self.height as f32 - 0.5);
        if self.options.magnification == TextureFilter::Nearest {
            return self.at(x.round() as i64, y.round() as i64);
        }
        let (right, down) = (x - x.floor(), y - y.floor());
        let (x, y) = (x.floor() as i64, y.floor() as i64);
        let corners = [
            self.at(x, y),
            self.at(x + 1, y),
            self.at(x, y + 1),
            self.at(x + 1, y + 1),
        ];
        std::array::from_fn(|channel| {
            let [a, b, c, d] = corners.map(|corner| corner[channel]);
            (a * (1.0 - right) + b * right) * (1.0 - down) + (c * (1.0 - right) + d * right) * down
        })
    }
}

impl TestRenderer for CpuRenderer {
    #[expect(
        clippy::iter_over_hash_type,
        reason = "the pictures do not depend on each other"
    )]
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for id in self.leaving.drain(..) {
            self.textures.remove(&id);
        }
        for (id, images) in delta.set.drain() {
            for image in images {
                let ImageData::Color(colours) = &image.image;
                let [width, height] = colours.size;
                let pixels = colours.pixels.iter().copied().map(pixel).collect();
                match image.pos {
                    None => {
                        let texture = Texture {
                            width,
                            height,
                            pixels,
                            options: image.options,
                        };
                        self.textures.insert(id, texture);
                    }
                    Some([left, top]) => {
                        let texture = self
                            .textures
                            .get_mut(&id)
                            .expect("a part of a known picture");
                        for row in 0..height {
                            let to = (top + row) * texture.width + left;
                            texture.pixels[to..to + width]
                                .copy_from_slice(&pixels[row * width..(row + 1) * width]);
                        }
                    }
                }
            }
        }
        self.leaving.extend(delta.free.drain());
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let size = ctx.content_rect().size() * scale;
        let (width, height) = (size.x.round() as usize, size.y.round() as usize);
        let mut canvas = Canvas {
            width,
            pixels: vec![[0.0; 4]; width * height],
            points_to_pixels: scale,
        };
        for primitive in ctx.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = &primitive.primitive else {
                continue;
            };
            let texture = self
                .textures
                .get(&mesh.texture_id)
                .ok_or_else(|| format!("the picture {:?} was never given", mesh.texture_id))?;
            let edge = |place: f32, length: usize| {
                (place * scale).round().clamp(0.0, length as f32) as i64
            };
            let rect = primitive.clip_rect;
            let clip = Clip([
                edge(rect.min.x, width),
                edge(rect.min.y, height),
                edge(rect.max.x, width),
                edge(rect.max.y, height),
            ]);
            canvas.draw(mesh, texture, clip);
        }
        let bytes = canvas
            .pixels
            .iter()
            .flat_map(|pixel| pixel.map(|channel| channel.round().clamp(0.0, 255.0) as u8))
            .collect();
        RgbaImage::from_raw(width as u32, height as u32, bytes)
            .ok_or_else(|| "no picture".to_owned())
    }
}

impl Canvas {
    fn draw(&mut self, mesh: &Mesh, texture: &Texture, clip: Clip) {
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |place: usize| &mesh.vertices[corners[place] as usize];
            self.triangle([corner(0), corner(1), corner(2)], texture, clip);
        }
    }

    /// Blends a colour over the existing one.
    fn blend(&mut self, (x, y): (i64, i64), channel: impl FnMut(usize) -> f32) {
        let at = usize::try_from(y).unwrap() * self.width + usize::try_from(x).unwrap();
        let source: Pixel = std::array::from_fn(channel);
        let rest = 1.0 - source[3] / 255.0;
        for (old, new) in self.pixels[at].iter_mut().zip(source) {
            *old = new + *old * rest;
        }
    }

    fn triangle(&mut self, mut corners: [&Vertex; 3], texture: &Texture, Clip(clip): Clip) {
        let place = |vertex: &Vertex| {
            let fine = |points: f32| (points * self.points_to_pixels * FINE).round() as i64;
            (fine(vertex.pos.x), fine(vertex.pos.y))
        };
        let twice_area =
            |[a, b, c]: [(i64, i64); 3]| (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
        let mut places = corners.map(place);
        if twice_area(places) < 0 {
            corners.swap(1, 2);
            places.swap(1, 2);
        }
        let area = twice_area(places);
        if area == 0 {
            return;
        }
        let [a, b, c] = places;
        // A point on an edge belongs to the triangle below or right of it, and to no other.
        let bias = |p: (i64, i64), q: (i64, i64)| {
            let (x, y) = (q.0 - p.0, q.1 - p.1);
            if y < 0 || (y == 0 && x > 0) { 0 } else { -1 }
        };
        let biases = [bias(b, c), bias(c, a), bias(a, b)];
        let colours = corners.map(|corner| pixel(corner.color));
        let is_flat = corners[0].uv == corners[1].uv && corners[1].uv == corners[2].uv;
        let flat = is_flat.then(|| texture.sample(corners[0].uv.x, corners[0].uv.y));
        let least =
            |pick: fn((i64, i64)) -> i64| places.map(pick).into_iter().min().unwrap_or(0) >> 8;
        let most = |pick: fn((i64, i64)) -> i64| {
            (places.map(pick).into_iter().max().unwrap_or(0) >> 8) + 1
        };
        for y in least(|p| p.1).max(clip[1])..most(|p| p.1).min(clip[3]) {
            for x in least(|p| p.0).max(clip[0])..most(|p| p.0).min(clip[2]) {
                let point = ((x << 8) + 128, (y << 8) + 128);
                let parts = [
                    twice_area([b, c, point]),
                    twice_area([c, a, point]),
                    twice_area([a, b, point]),
                ];
                if parts.iter().zip(biases).any(|(part, bias)| part + bias < 0) {
                    continue;
                }
                let share = parts.map(|part| part as f32 / area as f32);
                let mix = |values: [f32; 3]| -> f32 {
                    values.iter().zip(share).map(|(v, s)| v * s).sum()
                };
                let ground = flat.unwrap_or_else(|| {
                    texture.sample(mix(corners.map(|v| v.uv.x)), mix(corners.map(|v| v.uv.y)))
                });
                self.blend((x, y), |channel| {
                    ground[channel] * mix(colours.map(|colour| colour[channel])) / 255.0
                });
            }
        }
    }
}
