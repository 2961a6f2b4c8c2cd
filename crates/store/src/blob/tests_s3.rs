//! The bucket against a server on loopback that knows nothing of our signing: it works the signature out by itself from
//! what came over the wire, with an HMAC of its own (RFC 2104), and refuses what does not fit.

use super::*;
use gongyu_kernel::clock::FixedClock;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};

const SECRET: &str = "secret-of-the-test";
const REGION: &str = "cn-test-1";

type Kept = Arc<Mutex<HashMap<String, Vec<u8>>>>;

struct Store {
    address: String,
    kept: Kept,
    asked: Arc<Mutex<Vec<String>>>,
}

fn store() -> Store {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (kept, asked) = (Kept::default(), Arc::new(Mutex::new(Vec::new())));
    let (theirs, log) = (kept.clone(), asked.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (kept, log) = (theirs.clone(), log.clone());
            std::thread::spawn(move || while serve(&stream, &kept, &log).is_some() {});
        }
    });
    Store { address, kept, asked }
}

fn serve(mut stream: &TcpStream, kept: &Kept, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.trim().to_owned()),
            None => break,
        };
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    log.lock().push(format!("{method} {path}"));
    let (status, content) = match refusal(&method, &path, &headers, &body) {
        Some(why) => (403, why.into_bytes()),
        None => answer(&method, &path, body, kept),
    };
    let shown = if method == "HEAD" { &[][..] } else { &content };
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", content.len());
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(shown).ok()
}

fn answer(method: &str, path: &str, body: Vec<u8>, kept: &Kept) -> (u16, Vec<u8>) {
    let mut kept = kept.lock();
    match (method, kept.get(path).cloned()) {
        ("PUT", _) => {
            kept.insert(path.to_owned(), body);
            (200, Vec::new())
        }
        ("DELETE", _) => {
            kept.remove(path);
            (204, Vec::new())
        }
        ("GET" | "HEAD", Some(content)) => (200, content),
        _ => (404, b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
    }
}

/// Why a request is refused, as the specification reads.
fn refusal(method: &str, path: &str, headers: &HashMap<String, String>, body: &[u8]) -> Option<String> {
    let sent = |name: &str| headers.get(name).cloned().unwrap_or_default();
    let (date, content) = (sent("x-amz-date"), sent("x-amz-content-sha256"));
    if content != hex(Sha256::digest(body)) {
        return Some("XAmzContentSHA256Mismatch".to_owned());
    }
    let authorization = sent("authorization");
    let part = |name: &str| {
        let at = authorization.find(name)? + name.len();
        authorization[at..].split([',', ' ']).next().map(str::to_owned)
    };
    let (signed, given) = (part("SignedHeaders=")?, part("Signature=")?);
    let mut request = format!("{method}\n{path}\n\n");
    for name in signed.split(';') {
        request += &format!("{name}:{}\n", sent(name));
    }
    request += &format!("\n{signed}\n{content}");
    let scope = format!("{}/{REGION}/s3/aws4_request", &date[..8]);
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(Sha256::digest(request)));
    let mut key = hmac_by_hand(format!("AWS4{SECRET}").as_bytes(), &date.as_bytes()[..8]);
    for step in [REGION, "s3", "aws4_request"] {
        key = hmac_by_hand(&key, step.as_bytes());
    }
    let fits = given == hex(hmac_by_hand(&key, text.as_bytes()))
        && part("Credential=")? == format!("KEY/{scope}")
        && ["host", "x-amz-content-sha256", "x-amz-date"].iter().all(|h| signed.split(';').any(|s| s == *h));
    (!fits).then(|| "SignatureDoesNotMatch".to_owned())
}

fn hmac_by_hand(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|b| b ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

fn of(store: &Store, secret: &str) -> S3 {
    S3 {
        endpoint: format!("http://{}", store.address),
        bucket: "files".to_owned(),
        region: REGION.to_owned(),
        prefix: "gongyu/".to_owned(),
        access_key: "KEY".to_owned(),
        secret_key: secret.to_owned(),
        bucket_in_host: false,
    }
}

fn opened(store: &Store, secret: &str, most: u64) -> (Blobs, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::from_source(Arc::new(FixedClock::new(Millis(1_795_000_000_000))));
    (Blobs::open_s3(folder.path(), &of(store, secret), most, clock).unwrap(), folder)
}

#[test]
fn what_one_node_keeps_another_node_reads() {
    let store = store();
    let ((here, _a), (there, _b)) = (opened(&store, SECRET, 1 << 20), opened(&store, SECRET, 1 << 20));
    let hash = here.keep("家访照片".as_bytes()).unwrap();
    assert_eq!(store.kept.lock().keys().next().unwrap(), &format!("/files/gongyu/{}/{hash}", &hash[..2]));
    assert_eq!(there.read(&hash).unwrap(), "家访照片".as_bytes());
    let asked = store.asked.lock().len();
    assert_eq!(there.read(&hash).unwrap().len(), 12);
    assert_eq!(store.asked.lock().len(), asked, "the second reading asks nobody");

    let mut upload = here.fresh().unwrap();
    upload.write_all(b"a longer file").unwrap();
    let (taken, size) = here.take(upload).unwrap();
    assert_eq!((there.read(&taken).unwrap(), size), (b"a longer file".to_vec(), 13));

    here.remove(&hash).unwrap();
    here.remove(&hash).unwrap();
    let (third, _c) = opened(&store, SECRET, 1 << 20);
    assert!(matches!(third.read(&hash), Err(Error::NotFound)));
}

#[test]
fn a_wrong_key_is_refused_and_nothing_counts_as_kept() {
    let store = store();
    let (blobs, folder) = opened(&store, "another secret", 1 << 20);
    let refused = blobs.keep(b"x").unwrap_err().to_string();
    assert!(refused.contains("SignatureDoesNotMatch"), "{refused}");
    assert!(store.kept.lock().is_empty());
    let hash = hex(Sha256::digest(b"x"));
    assert!(!Blobs::open(folder.path()).unwrap().path(&hash).exists());
}

#[test]
fn a_content_that_is_not_what_its_name_says_is_not_shown() {
    let store = store();
    let ((here, _a), (there, _b)) = (opened(&store, SECRET, 1 << 20), opened(&store, SECRET, 1 << 20));
    let hash = here.keep(b"true").unwrap();
    store.kept.lock().values_mut().for_each(|content| *content = b"fals".to_vec());
    assert!(there.read(&hash).is_err());
    assert!(!there.path(&hash).exists());
}

#[test]
fn the_folder_shrinks_to_its_size_and_loses_nothing() {
    let store = store();
    let (blobs, folder) = opened(&store, SECRET, 2_500);
    let kept: Vec<String> = (0..5u8).map(|n| blobs.keep(&[n; 1_000]).unwrap()).collect();
    // A file from the time before there was a bucket.
    let before = Blobs::open(folder.path()).unwrap().keep(&[9; 1_000]).unwrap();
    for (age, hash) in kept.iter().chain([&before]).enumerate() {
        let file = File::options().append(true).open(blobs.path(hash)).unwrap();
        let at = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000 - age as u64);
        file.set_modified(at).unwrap();
    }
    assert_eq!(blobs.shrink().unwrap(), 4);
    assert_eq!(blobs.shrink().unwrap(), 0);
    assert!(!blobs.path(&before).exists() && blobs.path(&kept[0]).exists());
    for (n, hash) in kept.iter().enumerate() {
        assert_eq!(blobs.read(hash).unwrap(), vec![n as u8; 1_000]);
    }
    assert_eq!(blobs.read(&before).unwrap(), [9; 1_000]);
}

#[test]
fn settings_that_cannot_be_are_refused_in_words() {
    let store = store();
    let refuse = |change: fn(&mut S3)| {
        let mut s3 = of(&store, SECRET);
        change(&mut s3);
        s3::S3Bucket::new(&s3, Clock::machine()).err().map(|e| e.to_string()).unwrap_or_default()
    };
    assert!(refuse(|s| s.endpoint = "s3.example.org".into()).contains("s3_endpoint"));
    assert!(refuse(|s| s.bucket = "two words".into()).contains("s3_bucket"));
}
