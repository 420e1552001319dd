//! `/media/…`: the files to which the lists link, with ETag and ranges, as nginx sends them.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse as _, Response},
};

use super::{
    Generation, World, archive, builds::Wanted, pages::some_page, records::Target,
    sessions::Visitor, shared::Shared, transfer::Transfer,
};
use crate::model::FileKind;

/// The error page of the web server in front of the real one.
const NOT_THERE: &str = "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n</body>\r\n</html>\r\n";

/// GET and HEAD of one file.
pub(super) async fn file(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let Some((target, rest)) = target_of(shared.world(), &path) else {
        return not_there();
    };
    // The oldest servers give these files to everyone; later ones answer "not found" to visitors.
    let may_see = shared
        .world()
        .project(target.project)
        .is_some_and(|project| shared.lists(Visitor::of(&headers)).may_see(project));
    if !may_see && shared.generation > Generation::G2024 {
        return not_there();
    }
    let (world, target, wanted) = (Arc::clone(&shared), target.id, rest.to_owned());
    let found = tokio::task::spawn_blocking(move || contents(world.world(), target, &wanted));
    let Some(mut bytes) = found.await.ok().flatten() else {
        return not_there();
    };
    let faults = shared.faults();
    let is_ligand = [".mol", ".sdf"].iter().any(|ending| path.ends_with(ending));
    if faults.cut_ligands && is_ligand {
        bytes.truncate(bytes.len() / 2);
    }
    if faults.page_for_archive {
        return some_page();
    }
    let is_first = method == Method::HEAD || shared.builds().files.insert(path.clone());
    let transfer = Transfer {
        bytes: Bytes::from(bytes),
        // With slashes, as recorded; browsers take the last component.
        file_name: path.trim_start_matches("target_loader_data/").to_owned(),
        content_type: "application/x-pilot",
        has_mark: true,
        rate: None,
        is_first,
    };
    if method == Method::HEAD {
        return transfer.answer(Body::empty(), StatusCode::OK, 0);
    }
    transfer.send(faults, &headers)
}

fn not_there() -> Response {
    (
        StatusCode::NOT_FOUND,
        [("content-type", "text/html")],
        NOT_THERE,
    )
        .into_response()
}

/// Returns the target to which a path belongs, and the rest of the path after its upload.
fn target_of<'a>(world: &'a World, path: &'a str) -> Option<(&'a Target, &'a str)> {
    let (folder, rest) = path.strip_prefix("target_loader_data/")?.split_once('/')?;
    let (upload, rest) = rest.split_once('/')?;
    upload.strip_prefix("upload_")?;
    let target = world.targets.iter().find(|target| {
        let tas = world.project(target.project).map(|project| project.tas);
        folder == format!("{}_{}", target.title, tas.unwrap_or_default())
    })?;
    Some((target, rest))
}

/// Returns the file as it would be in an archive with everything. There, its name is the short code.
fn contents(world: &World, target: i64, path: &str) -> Option<Vec<u8>> {
    let mut pieces = path.split('/');
    let (folder, code, name) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let observation = world.observations.iter().find(|row| {
        let experiment = world.experiment(row.experiment);
        let is_meant = row.longcode == code || experiment.is_some_and(|one| one.code == code);
        row.target == target && is_meant
    })?;
    let wanted = Wanted {
        target,
        observations: vec![observation.id],
        kinds: FileKind::ALL.to_vec(),
    };
    let path = match folder {
        "aligned_files" => {
            let ending = name
                .strip_prefix(code)?
                .replace("_ligand.mol", "_ligand.sdf");
            format!("{folder}/{0}/{0}{ending}", observation.code)
        }
        _ => path.to_owned(),
    };
    let all = archive::members(world, Generation::G2026, &wanted);
    let member = all.into_iter().find(|member| member.path == path)?;
    Some(member.bytes)
}
