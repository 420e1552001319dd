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
/// A drawing is a few kilobytes; more is none.
const LONGEST: usize = 1 << 20;
impl Client {
    /// The drawing of a structure as SVG. It refers to nothing outside itself.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] where the server cannot draw it.
    pub async fn picture(&self, smiles: &str) -> ApiResult<String> {
        let query = [("smiles", smiles), ("width", "240"), ("height", "160")];
        let response = self.get(PATH, &query, Session::No, Want::Page).await?;
        let body = read_up_to(response, LONGEST).await?;
        drawing(&String::from_utf8_lossy(&body)).ok_or(ApiError::NotFound { message: None })
    }
}

/// The drawing in an answer; servers call it a web page, and say in words what they cannot draw. Rewritten from
/// what is allowed ([`super::plain_svg`]): what a list of forbidden words forgets would get through.
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
    fn only_a_drawing_is_one() {
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
