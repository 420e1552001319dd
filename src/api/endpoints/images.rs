//! `/viewer/img_from_smiles/`: drawings of structures, made by the server (server-api 1.13).

use super::plain_svg::plain_svg;
use crate::api::{
    ApiError, ApiResult, Client,
    client::{
        body::read_up_to,
        wire::{Session, Want},
    },
};

const PATH: &str = "/viewer/img_from_smiles/";
/// A drawing has a few kilobytes; anything larger is not one.
const LONGEST: usize = 1 << 20;
impl Client {
    /// Returns the drawing of a structure as SVG. It refers to nothing outside itself.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] if the server cannot draw it.
    pub async fn picture(&self, smiles: &str) -> ApiResult<String> {
        let query = [("smiles", smiles), ("width", "240"), ("height", "160")];
        let response = self.get(PATH, &query, Session::No, Want::Page).await?;
        let body = read_up_to(response, LONGEST).await?;
        drawing(&String::from_utf8_lossy(&body)).ok_or(ApiError::NotFound { message: None })
    }
}

/// Returns the drawing in an answer; servers label it as a web page, and report in plain text what they cannot draw.
/// Rewritten from an allow list ([`super::plain_svg`]): a block list would let through what it forgets.
fn drawing(text: &str) -> Option<String> {
    let small = text.to_ascii_lowercase();
    let start = small.find("<svg")?;
    let end = small.rfind("</svg>")? + "</svg>".len();
    plain_svg(text.get(start..end)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_drawing_is_accepted() {
        let good = "<?xml version='1.0'?>\n<svg width='1px' height='2'><path d='M 0,0'/></svg>\n";
        let drawn = drawing(good).unwrap();
        assert!(
            drawn.contains("M 0,0") && drawn.starts_with("<svg"),
            "{drawn}"
        );
        for bad in [
            "Please insert SMILES",
            "None Mol",
            "<html>no</html>",
            "<svg>",
        ] {
            assert_eq!(drawing(bad), None, "{bad}");
        }
    }
}
