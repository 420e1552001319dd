//! Starts the demo server, and holds what all its handlers share.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    Faults, Member, World, archive,
    builds::{Build, Wanted},
    history::UPLOADED_DAYS_AGO,
    options::DemoOptions,
    other_host,
    routes::router,
    shared::Shared,
};
use crate::model::{DownloadRequest, ServerAddress};

/// Number of random changes of the data, if requested.
const CHANGES: usize = 4;

/// A running demo server. Dropping it stops it.
#[must_use = "dropping the server ends it"]
#[derive(Debug)]
pub struct DemoServer {
    address: ServerAddress,
    statistics: ServerAddress,
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

impl DemoServer {
    /// Starts the server on this computer only, on the current tokio runtime.
    pub async fn start(options: DemoOptions) -> std::io::Result<Self> {
        let listener = listen(options.port).await?;
        let beside = listen(0).await?;
        let [own_origin, neighbour] = [origin_of(&listener)?, origin_of(&beside)?];
        let parse = |text: &str| ServerAddress::parse(text).map_err(std::io::Error::other);
        let (address, statistics) = (parse(&own_origin)?, parse(&neighbour)?);
        let origin = if options.faults.foreign_links {
            "http://internal.invalid".to_owned()
        } else {
            own_origin.clone()
        };
        let (earlier, last) = worlds(&options);
        let shared = Arc::new(Shared {
            earlier,
            last,
            day: AtomicUsize::new(0),
            generation: options.generation,
            faults: Mutex::new(options.faults),
            build_time: options.build_time,
            builds: Mutex::default(),
            ended: Mutex::default(),
            ageing: Mutex::default(),
            has_members: AtomicBool::new(true),
            csrf_told: AtomicBool::new(false),
            origin,
            own_origin,
            neighbour,
            secrets: options.secrets,
            stand_in: options.stand_in,
            requests: AtomicUsize::new(0),
            heard_beside: Mutex::default(),
        });
        let tasks = [
            serve(listener, router(&shared)),
            serve(beside, other_host::router(&shared)),
        ];
        Ok(Self {
            address,
            statistics,
            shared,
            tasks,
        })
    }

    /// Returns the address of the authenticator's statistics.
    pub fn statistics_address(&self) -> &ServerAddress {
        &self.statistics
    }

    /// Returns how many requests it has received.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// Returns the codes of every download request so far.
    pub fn ordered(&self) -> Vec<Vec<String>> {
        self.shared.builds().ordered.clone()
    }

    /// Returns the handles of all archives so far: a demo's handles are not secret.
    pub fn handles(&self) -> Vec<String> {
        let builds = self.shared.builds();
        builds.list.iter().map(Build::handle).collect()
    }

    /// Returns everything that the other origin has received, with all headers.
    pub fn other_origin_requests(&self) -> Vec<String> {
        self.shared
            .heard_beside
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Changes the faults, from now on.
    pub fn set_faults(&self, faults: Faults) {
        *self
            .shared
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// Returns `true` if the session of a token has been ended, by [`Self::set_session`] or by the sign-in service.
    pub fn has_ended(&self, token: &str) -> bool {
        self.shared.ended().contains(token)
    }

    /// Lets days pass: uploads made in the meantime are there now, and earlier archives are no longer offered
    /// (server-api 2.5).
    pub fn advance_days(&self) {
        self.shared.day.fetch_add(1, Ordering::Relaxed);
        self.shared.builds().list.clear();
    }

    /// Returns the address that the server listens on.
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// Makes the session of a token age, or renews it as reloading the page in the browser does.
    pub fn set_ageing(&self, token: &str, is_ageing: bool) {
        let mut ageing = self.shared.ageing();
        if is_ageing {
            ageing.insert(token.to_owned());
        } else {
            ageing.remove(token);
        }
    }

    /// Removes all memberships, or restores them: the authenticator works and says so.
    pub fn set_membership(&self, has_members: bool) {
        self.shared
            .has_members
            .store(has_members, Ordering::Relaxed);
    }

    /// Ends the session of a token, or restores it: from now on the token belongs to no one, or is valid.
    pub fn set_session(&self, token: &str, is_good: bool) {
        let mut ended = self.shared.ended();
        if is_good {
            ended.remove(token);
        } else {
            ended.insert(token.to_owned());
        }
    }

    /// Returns the data of the demo.
    pub fn world(&self) -> &World {
        self.shared.world()
    }

    /// Returns what the server would send for a request: the truth with which tests compare the disk.
    pub fn members(&self, request: &DownloadRequest) -> Vec<Member> {
        let world = self.shared.world();
        let target = world.targets.iter().find(|target| {
            target.title == request.target.title
                && world
                    .project(target.project)
                    .is_some_and(|project| project.tas == request.target.tas.as_str())
        });
        let Some(target) = target else {
            return Vec::new();
        };
        let observations = world
            .observations
            .iter()
            .filter(|row| {
                row.target == target.id
                    && (request.codes.is_empty() || request.codes.contains(&row.code))
            })
            .map(|row| row.id)
            .collect();
        let wanted = Wanted {
            target: target.id,
            observations,
            kinds: request.files.kinds().collect(),
        };
        archive::members(world, self.shared.generation, &wanted)
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Returns the data of all days, the last one separately.
fn worlds(options: &DemoOptions) -> (Vec<World>, World) {
    let mut now = World::invent(options.rows, options.modelled);
    if let Some((count, observations)) = options.more_targets {
        now.add_targets(count, observations);
    }
    if let Some(seed) = options.changes {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut worlds = vec![now];
        for _ in 0..CHANGES {
            let mut next = worlds.last().cloned().unwrap_or_default();
            next.change(&mut rng);
            worlds.push(next);
        }
        let last = worlds.pop().unwrap_or_default();
        return (worlds, last);
    }
    let mut earlier = Vec::new();
    if options.days_ago >= UPLOADED_DAYS_AGO {
        let mut then = now.clone();
        then.restore_earlier();
        earlier.push(then);
    }
    if options.comma_in_code {
        now.put_comma_in_code(0);
    }
    if options.faults.listed_twice {
        now.list_twice();
    }
    (earlier, now)
}

async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

fn origin_of(listener: &TcpListener) -> std::io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

fn serve(listener: TcpListener, router: Router) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the demo server has ended");
        }
    })
}
