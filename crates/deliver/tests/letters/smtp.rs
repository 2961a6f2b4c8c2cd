//! An SMTP server on this machine (RFC 5321, the few commands a client needs), which can fail.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Inside {
    /// Recipient and message identifier of what was taken.
    taken: Vec<(String, String)>,
    texts: Vec<String>,
    one_in: usize,
    asked: usize,
}

#[derive(Clone)]
pub struct Smtp {
    inside: Arc<Mutex<Inside>>,
    at: SocketAddr,
}

impl Smtp {
    pub fn start() -> Self {
        let inside = Arc::new(Mutex::new(Inside::default()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let shared = inside.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inside = shared.clone();
                std::thread::spawn(move || {
                    let _ = talk(&stream, &inside);
                });
            }
        });
        Self { inside, at }
    }

    pub fn port(&self) -> u16 {
        self.at.port()
    }

    pub fn taken(&self) -> Vec<(String, String)> {
        self.inside.lock().unwrap().taken.clone()
    }

    pub fn texts(&self) -> Vec<String> {
        self.inside.lock().unwrap().texts.clone()
    }

    /// Every so manieth message goes wrong: put off, refused, or taken with the answer lost.
    pub fn fail_one_in(&self, n: usize) {
        self.inside.lock().unwrap().one_in = n;
    }
}

fn talk(stream: &TcpStream, inside: &Mutex<Inside>) -> std::io::Result<()> {
    let (mut lines, mut out) = (BufReader::new(stream), stream);
    let (mut line, mut to) = (String::new(), String::new());
    out.write_all(b"220 test ESMTP\r\n")?;
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let word = command.get(..4).unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => out.write_all(b"250-test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN\r\n")?,
            "AUTH" => out.write_all(b"235 welcome\r\n")?,
            "RCPT" => {
                to = command.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                out.write_all(b"250 ok\r\n")?;
            }
            "DATA" => {
                let mishap = {
                    let mut inside = inside.lock().unwrap();
                    inside.asked += 1;
                    let wrong = inside.one_in > 0 && inside.asked.is_multiple_of(inside.one_in);
                    wrong.then(|| (inside.asked / inside.one_in) % 3)
                };
                if mishap == Some(0) {
                    out.write_all(b"451 try later\r\n")?;
                    continue;
                }
                if mishap == Some(1) {
                    out.write_all(b"550 no such box\r\n")?;
                    continue;
                }
                out.write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                loop {
                    line.clear();
                    lines.read_line(&mut line)?;
                    if line == ".\r\n" {
                        break;
                    }
                    text.push_str(&line);
                }
                let id = text.lines().find_map(|l| l.strip_prefix("Message-ID: ")).unwrap_or_default().to_owned();
                {
                    let mut inside = inside.lock().unwrap();
                    inside.taken.push((to.clone(), id));
                    inside.texts.push(text);
                }
                if mishap == Some(2) {
                    stream.shutdown(std::net::Shutdown::Both)?;
                    return Ok(());
                }
                out.write_all(b"250 taken\r\n")?;
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => out.write_all(b"250 ok\r\n")?,
        }
    }
}
