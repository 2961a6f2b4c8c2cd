//! A line between a browser and the product that a test may cut, or on which it may lose answers: what a phone in a
//! village lives with.

use parking_lot::Mutex;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

struct State {
    to: SocketAddr,
    down: AtomicBool,
    /// The beginning of requests whose answer is lost after the product has given it.
    losing: Mutex<Vec<&'static str>>,
    lost: AtomicUsize,
    cut: watch::Sender<u64>,
}

/// A line to a served product; it ends when dropped.
pub struct Line {
    /// `http://127.0.0.1:PORT`, to be used in place of the product's own.
    pub origin: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Line {
    /// A line to the product at `origin`.
    ///
    /// # Panics
    /// When no port is free, or `origin` is no loopback address.
    pub async fn to(origin: &str) -> Self {
        let to = origin.trim_start_matches("http://").parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = format!("http://{}", listener.local_addr().expect("its address"));
        let (cut, _) = watch::channel(0);
        let (down, lost) = (AtomicBool::new(false), AtomicUsize::new(0));
        let state = Arc::new(State { to, down, losing: Mutex::new(Vec::new()), lost, cut });
        let on = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                tokio::spawn(carry(on.clone(), from));
            }
        });
        Self { origin: own, state, task }
    }

    /// No network: open connections break, new ones are refused.
    pub fn cut(&self) {
        self.state.down.store(true, Ordering::SeqCst);
        self.state.cut.send_modify(|n| *n += 1);
    }

    /// The network is back, and no answer is lost any more.
    pub fn mend(&self) {
        self.state.down.store(false, Ordering::SeqCst);
        self.state.losing.lock().clear();
    }

    /// From now on the product does what requests beginning like this ask (`POST /visits`), but nobody hears its answer.
    pub fn lose_answers_to(&self, beginning: &'static str) {
        self.state.losing.lock().push(beginning);
    }

    /// Answers lost so far.
    pub fn lost(&self) -> usize {
        self.state.lost.load(Ordering::SeqCst)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(state: Arc<State>, from: TcpStream) {
    if state.down.load(Ordering::SeqCst) {
        return;
    }
    let Ok(to) = TcpStream::connect(state.to).await else { return };
    let mut cut = state.cut.subscribe();
    let (mut from_read, mut from_write) = from.into_split();
    let (mut to_read, mut to_write) = to.into_split();
    let losing = AtomicBool::new(false);
    let up = async {
        let mut bytes = vec![0u8; 1 << 16];
        while let Ok(n @ 1..) = from_read.read(&mut bytes).await {
            let lost = state.losing.lock().iter().any(|begin| bytes[..n].starts_with(begin.as_bytes()));
            if lost {
                losing.store(true, Ordering::SeqCst);
            }
            if to_write.write_all(&bytes[..n]).await.is_err() {
                break;
            }
        }
    };
    let back = async {
        let mut bytes = vec![0u8; 1 << 16];
        while let Ok(n @ 1..) = to_read.read(&mut bytes).await {
            if losing.load(Ordering::SeqCst) {
                state.lost.fetch_add(1, Ordering::SeqCst);
                break;
            }
            if from_write.write_all(&bytes[..n]).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = up => {}
        () = back => {}
        _ = cut.changed() => {}
    }
}
