//! `/viewer/img_from_smiles/`: drawings of structures, made by the server (server-api 1.13).

use super::{
    ApiError, ApiResult, Client,
    request::{Session, Want},
};

const PATH: &str = "/viewer/img_from_smiles/";
/// A drawing is a few kilobytes; more is none.
const LONGEST: usize = 1 << 20;
/// What no drawing of a molecule needs, and what may lead out of it.
const REFUSED: [&str; 7] = [
    "<image",
    "<script",
    "<use",
    "<foreignobject",
    "href",
    "<!doctype",
    "<!entity",
];

impl Client {
    /// The drawing of a structure as SVG. It refers to nothing outside itself.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] where the server cannot draw it.
    pub async fn picture(&self, smiles: &str) -> ApiResult<String> {
        let query = [("smiles", smiles), ("width", "240"), ("height", "160")];
        let mut response = self.get(PATH, &query, Session::No, Want::Page).await?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(ApiError::from_transport)? {
            body.extend_from_slice(&piece);
            if body.len() > LONGEST {
                return Err(ApiError::NotFragalysis);
            }
        }
        drawing(&String::from_utf8_lossy(&body)).ok_or(ApiError::NotFound { message: None })
    }
}

/// The SVG in an answer; servers call it a web page, and say in words what they cannot draw.
fn drawing(text: &str) -> Option<String> {
    let small = text.to_ascii_lowercase();
    let start = small.find("<svg")?;
    let end = small.rfind("</svg>")? + "</svg>".len();
    let drawing = text.get(start..end)?;
    let small = small.get(start..end)?;
    (!REFUSED.iter().any(|word| small.contains(word))).then(|| drawing.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_drawing_that_leads_nowhere_is_one() {
        let good = "<?xml version='1.0'?>\n<svg width='1px'><path d='M 0,0'/></svg>\n";
        assert_eq!(
            drawing(good).unwrap(),
            "<svg width='1px'><path d='M 0,0'/></svg>"
        );
        for bad in [
            "Please insert SMILES",
            "None Mol",
            "<html>no</html>",
            "<svg><image href='file:///etc/passwd'/></svg>",
            "<svg><a xlink:HREF='x'/></svg>",
            "<svg><Script/></svg>",
            "<svg>",
        ] {
            assert_eq!(drawing(bad), None, "{bad}");
        }
    }
}
