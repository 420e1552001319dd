use std::{fs, time::Duration};

use crate::{
    api::ClientOptions,
    dataset::JobId,
    downloads::{Job, Timeouts, context::acquire_worker, plan::types::Plan},
    model::ServerAddress,
};

use super::*;

#[tokio::test]
async fn a_part_is_not_touched_while_an_earlier_worker_writes_there() {
    let home = tempfile::tempdir().unwrap();
    let server = ServerAddress::parse("http://127.0.0.1:9").unwrap();
    let client = Client::new(server, None, ClientOptions::default()).unwrap();
    let job = Job::sample(home.path());
    let id = JobId::random();
    let engine = Engine::new(id, client, job.clone(), Timeouts::default());
    let plan = Plan::new(vec![Vec::new()], Vec::new());
    let work = WorkDir::create(&job, id, plan).unwrap();
    // The earlier worker has its permit, and a file open.
    let permit = acquire_worker(&engine).await.unwrap();
    let written = work.new_tree(0).unwrap().join("a.pdb");
    fs::write(&written, "half").unwrap();
    let beginning = Beginning {
        offset: 0,
        etag: None,
        length: None,
    };
    let mut room = std::pin::pin!(empty_folder(&engine, &work, 0, &beginning));
    let early = timeout(Duration::from_millis(50), &mut room).await;
    assert!(early.is_err() && written.exists());
    drop(permit);
    assert!(room.await.is_ok() && !written.exists());
}
