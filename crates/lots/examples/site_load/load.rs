//! Many at once, each asking again as soon as it has its answer.

use crate::Fault;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

pub const CONNECTIONS: usize = 8;
pub const REQUESTS_PER_CONNECTION: usize = 500;
const WARM_UP: usize = 20;

/// Tells the rate and the times, and gives the rate.
pub fn measure(name: &str, web: SocketAddr, asked: impl Fn(usize) -> String + Sync) -> Result<f64, Fault> {
    let mut first = Client::new(web)?;
    for n in 0..WARM_UP {
        first.ask(&asked(n))?;
    }
    let bytes = first.ask(&asked(0))?;
    let from = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let asked = &asked;
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| {
                scope.spawn(move || -> io::Result<Vec<Duration>> {
                    let mut connection = Client::new(web)?;
                    let mut times = Vec::with_capacity(REQUESTS_PER_CONNECTION);
                    for n in 0..REQUESTS_PER_CONNECTION {
                        let request = asked(client * REQUESTS_PER_CONNECTION + n);
                        let begun = Instant::now();
                        connection.ask(&request)?;
                        times.push(begun.elapsed());
                    }
                    Ok(times)
                })
            })
            .collect();
        let mut all = Vec::new();
        for client in clients {
            all.extend(client.join().map_err(|_| io::Error::other("a client panicked"))??);
        }
        Ok::<_, io::Error>(all)
    })?;
    let took = from.elapsed();
    times.sort_unstable();
    let rate = times.len() as f64 / took.as_secs_f64();
    let ms = |at: usize| times[at.min(times.len() - 1)].as_secs_f64() * 1_000.0;
    println!(
        "  {name:<34} {rate:>8.0} requests/s   p50 {:>6.2} ms   p95 {:>6.2} ms   {:>4} KiB",
        ms(times.len() / 2),
        ms(times.len() * 95 / 100),
        bytes / 1_024
    );
    Ok(rate)
}

struct Client(BufReader<TcpStream>);

impl Client {
    fn new(web: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(web)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Gives how many bytes the answer holds; what is not 200 OK is an error, since a refusal is fast.
    fn ask(&mut self, request: &str) -> io::Result<usize> {
        self.0.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200") {
            return Err(io::Error::other(format!("{}: {line}", request.lines().next().unwrap_or_default())));
        }
        let mut length = None;
        loop {
            line.clear();
            self.0.read_line(&mut line)?;
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
        }
        let length: usize = length.ok_or_else(|| io::Error::other("an answer without a length"))?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(length)
    }
}
