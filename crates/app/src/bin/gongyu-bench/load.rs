//! A load generator on the same machine: many connections, each sending its next request when the
//! answer to the last is in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a run measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Answers a second.
    pub rate: f64,
    /// Milliseconds in which half of the answers came.
    pub p50: f64,
    /// Milliseconds in which 99 of 100 came.
    pub p99: f64,
    /// Answers with a status of 400 or more.
    pub refused: u64,
    /// Microseconds of processor time of this process for each answer, the load's own share included.
    pub cpu: f64,
}

impl Measured {
    /// As the report shows it.
    pub fn text(&self) -> String {
        format!("{:.0}/s, p99 {:.1} ms, {:.0} µs of processor", self.rate, self.p99, self.cpu)
    }
}

/// Processor time of this process so far, in microseconds; 0 where the system does not say.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    // User and system time in ticks of 10 ms, counted after the name in brackets.
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum();
    ticks * 10_000.0
}

/// The bytes of a connection's nth request.
pub type Requests = Arc<dyn Fn(usize, u64) -> Vec<u8> + Send + Sync>;

/// Sends requests over so many connections for so long, after a second of warming up.
pub fn run(to: SocketAddr, connections: usize, length: Duration, requests: &Requests) -> anyhow::Result<Measured> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let warm = Duration::from_secs(1);
    let spent = processor();
    let runs = runtime.block_on(async {
        let begin = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|n| tokio::spawn(one(to, n, requests.clone(), begin + warm, begin + warm + length)))
            .collect();
        let mut runs = Vec::new();
        for task in tasks {
            runs.push(task.await??);
        }
        anyhow::Ok(runs)
    })?;
    let all: u64 = runs.iter().map(|r| r.2).sum();
    let cpu = (processor() - spent) / all.max(1) as f64;
    let refused = runs.iter().map(|r| r.1).sum();
    let mut times: Vec<u32> = runs.into_iter().flat_map(|r| r.0).collect();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0.0, |us| f64::from(*us) / 1000.0);
    Ok(Measured { rate: times.len() as f64 / length.as_secs_f64(), p50: at(50), p99: at(99), refused, cpu })
}

async fn one(
    to: SocketAddr,
    connection: usize,
    requests: Requests,
    from: Instant,
    until: Instant,
) -> anyhow::Result<(Vec<u32>, u64, u64)> {
    let mut stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0u8; 256 * 1024];
    let (mut times, mut refused, mut n) = (Vec::new(), 0, 0);
    loop {
        let began = Instant::now();
        if began >= until {
            return Ok((times, refused, n));
        }
        stream.write_all(&requests(connection, n)).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        n += 1;
        if began >= from {
            times.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
            refused += u64::from(status >= 400);
        }
    }
}

/// Reads one answer whole and returns its status.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> anyhow::Result<u16> {
    let mut have = 0;
    loop {
        let got = stream.read(&mut buffer[have..]).await?;
        anyhow::ensure!(got > 0, "the server closed the connection");
        have += got;
        let Some(head) = buffer[..have].windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
        let status = text.get(9..12).and_then(|s| s.parse().ok()).unwrap_or(0);
        let length = text
            .lines()
            .find_map(|l| l.strip_prefix("content-length:"))
            .and_then(|v| v.trim().parse::<usize>().ok())
            .unwrap_or(0);
        let mut left = (head + 4 + length).saturating_sub(have);
        while left > 0 {
            let most = left.min(buffer.len());
            let got = stream.read(&mut buffer[..most]).await?;
            anyhow::ensure!(got > 0, "the server closed the connection");
            left -= got;
        }
        return Ok(status);
    }
}

/// A GET with a cookie.
pub fn get(path: &str, cookie: &str) -> Vec<u8> {
    let agent = "Mozilla/5.0 (Linux; Android 14) Chrome/150.0 Mobile";
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\nuser-agent: {agent}\r\ncookie: {cookie}\r\n\r\n").into_bytes()
}

/// A posted form with a cookie.
pub fn post(path: &str, cookie: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\norigin: http://bench\r\ncookie: {cookie}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
