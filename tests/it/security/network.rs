//! Whom we call, with a real resolver: in a network of its own, where names are answered by a server of ours that
//! changes its mind, and inner addresses would answer.

use crate::support::{Builder, repository};
use redress::network::{Network, Reach, explain};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, UdpSocket};
use std::process::Command;
use std::sync::{Arc, Mutex};

const PUBLIC: Ipv4Addr = Ipv4Addr::new(93, 184, 216, 34);
const PUBLIC_V6: Ipv6Addr = Ipv6Addr::new(0x2606, 0x2800, 0x220, 1, 0, 0, 0, 0x1);
const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
const PRIVATE: Ipv4Addr = Ipv4Addr::new(10, 1, 2, 3);
const PORT: u16 = 8080;
/// Set inside the network that the test makes.
const INSIDE: &str = "REDRESS_TEST_INSIDE";

/// Makes a network that holds the public address, an inner one and the metadata address, and runs the test below there.
#[cfg(target_os = "linux")]
#[test]
fn no_name_leads_to_an_inner_address() {
    let folder = tempfile::tempdir().unwrap();
    let resolv = folder.path().join("resolv.conf");
    std::fs::write(&resolv, "nameserver 127.0.0.1\noptions attempts:1 timeout:2\n").unwrap();
    let setup = format!(
        "set -e; ip link set lo up; for a in {PUBLIC}/32 {METADATA}/32 {PRIVATE}/32; do ip addr add $a dev lo; done; \
         ip addr add {PUBLIC_V6}/128 dev lo nodad 2>/dev/null || true; mount --bind {} /etc/resolv.conf; \
         exec \"$0\" --exact security::network::inside_a_network_of_its_own --ignored --nocapture",
        resolv.display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "--mount", "--", "sh", "-c", &setup]);
    command.arg(std::env::current_exe().unwrap()).env(INSIDE, "1").current_dir(repository());
    let Ok(output) = command.output() else { return not_here("unshare is not installed") };
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !said.contains("running 1 test") {
        return not_here(&said);
    }
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// Where a network of its own cannot be made, nothing is shown; in CI it must be.
fn not_here(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "a network of its own cannot be made: {why}");
}

/// Addresses at which something answered, with the host that was asked for.
type Calls = Arc<Mutex<Vec<(IpAddr, String)>>>;

#[test]
#[ignore = "runs in the network that no_name_leads_to_an_inner_address makes"]
fn inside_a_network_of_its_own() {
    assert!(std::env::var_os(INSIDE).is_some(), "not alone");
    let questions = serve_names();
    let calls = serve_http();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        inner_addresses_would_answer(&calls).await;
        names_and_numbers(&calls).await;
        redirects(&calls).await;
        through_a_plugin(&calls, &questions).await;
    });
}

/// Without our check each of them is reached: the network is what it seems.
async fn inner_addresses_would_answer(calls: &Calls) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let bare = reqwest::Client::builder().no_proxy().build().unwrap();
    for host in ["inner.test", "169.254.169.254", "localhost", "public.test"] {
        let answer = bare.get(format!("http://{host}:{PORT}/")).send().await;
        assert!(answer.is_ok(), "{host}: {answer:?}");
    }
    assert!(calls.lock().unwrap().iter().any(|(ip, _)| *ip == IpAddr::from(METADATA)));
    calls.lock().unwrap().clear();
}

async fn call(url: &str) -> Result<u16, String> {
    let client = Network::new(Reach::World { allowed: Vec::new() })
        .client(redress::network::ClientTls::default())
        .unwrap();
    let url = reqwest::Url::parse(url).map_err(|e| e.to_string())?;
    let request = client.request(reqwest::Method::GET, url).map_err(|e| e.to_string())?;
    request.send().await.map(|answer| answer.status().as_u16()).map_err(|e| explain(&e))
}

fn inner_calls(calls: &Calls) -> Vec<(IpAddr, String)> {
    let outer = [IpAddr::from(PUBLIC), IpAddr::from(PUBLIC_V6)];
    calls.lock().unwrap().iter().filter(|(ip, _)| !outer.contains(ip)).cloned().collect()
}

async fn names_and_numbers(calls: &Calls) {
    assert_eq!(call(&format!("http://public.test:{PORT}/")).await, Ok(200));
    assert_eq!(call(&format!("http://bücher.public.test:{PORT}/")).await, Ok(200), "an international name");
    let refused = [
        // Names that lead inside, alone or by another name.
        "inner.test",
        "metadata.test",
        "loop.test",
        "zero.test",
        "mapped.test",
        "nat64.test",
        "six.test",
        "alias.test",
        "localhost",
        "localhost.",
        "LOCALHOST",
        // Numbers in every coat that a URL has for them.
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "127.1",
        "0",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "[fd00:ec2::254]",
        "10.1.2.3",
        "１２７.0.0.1",
        "①②⑦.⓪.⓪.①",
        "ⓛocalhost",
        "127。0。0。1",
    ];
    for host in refused {
        let answer = call(&format!("http://{host}:{PORT}/")).await;
        assert!(answer.is_err(), "{host}: {answer:?}");
    }
    // The second answer is another one: what was checked is what is called, each time anew.
    let mut outcomes = BTreeMap::new();
    for _ in 0..20 {
        *outcomes.entry(call(&format!("http://rebind.test:{PORT}/")).await.is_ok()).or_insert(0) += 1;
    }
    assert!(outcomes.len() == 2, "both answers were given: {outcomes:?}");
    // One answer with an outer and an inner address: only the outer one is tried.
    for _ in 0..5 {
        assert_eq!(call(&format!("http://both.test:{PORT}/")).await, Ok(200));
    }
    let dead = call("http://both.test:9/").await;
    assert!(dead.is_err(), "the outer one does not listen there, and the inner one is no second choice");
    assert_eq!(inner_calls(calls), []);
}

async fn redirects(calls: &Calls) {
    for status in [301, 302, 303, 307, 308] {
        for to in
            ["http://169.254.169.254:8080/latest", "http://inner.test:8080/", "//localhost:8080/", "/here"]
        {
            assert_eq!(call(&format!("http://public.test:{PORT}/redirect/{status}/{to}")).await, Ok(status));
        }
    }
    assert_eq!(inner_calls(calls), []);
    assert!(!calls.lock().unwrap().iter().any(|(_, path)| path == "/here"), "no redirect is followed");
}

/// The same through the product: a plugin whose name changes its address between check and call.
async fn through_a_plugin(calls: &Calls, questions: &Arc<Mutex<BTreeMap<String, usize>>>) {
    calls.lock().unwrap().clear();
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\n[webhook]\nurl = \"http://rebind.test:{PORT}/hook\"\n\
         signing = \"none\"\nallow_http = true\n"
    );
    let app = Builder::default().real().plugin("hook", manifest).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    for _ in 0..6 {
        app.next_attempt().await;
    }
    let asked = questions.lock().unwrap().get("rebind.test").copied().unwrap_or_default();
    assert!(asked > 21, "{asked}");
    assert_eq!(inner_calls(calls), []);
    assert!(calls.lock().unwrap().iter().any(|(_, path)| path == "/hook"), "the outer address was called");
}

/// Answers HTTP at every address of this network, and notes where it was called.
fn serve_http() -> Calls {
    let calls: Calls = Arc::default();
    let listener = TcpListener::bind(("::", PORT)).or_else(|_| TcpListener::bind(("0.0.0.0", PORT))).unwrap();
    let noted = calls.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let address = stream.local_addr().unwrap().ip().to_canonical();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            noted.lock().unwrap().push((address, path.clone()));
            let redirect = path.strip_prefix("/redirect/").and_then(|rest| rest.split_once('/'));
            let (status, location) = redirect.unwrap_or(("200", ""));
            let answer = format!(
                "HTTP/1.1 {status} x\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    calls
}

/// Answers names (RFC 1035), and counts the questions for an IPv4 address.
fn serve_names() -> Arc<Mutex<BTreeMap<String, usize>>> {
    let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
    let asked: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let noted = asked.clone();
    std::thread::spawn(move || {
        let mut packet = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut packet) {
            let question = &packet[..length];
            let (name, after) = question_name(question);
            let is_v6 = question[after..after + 2] == [0, 28];
            let mut asked = noted.lock().unwrap();
            let times = asked.entry(name.clone()).or_default();
            *times += usize::from(!is_v6);
            let found = addresses(&name, *times);
            let matching: Vec<IpAddr> = found.into_iter().filter(|a| a.is_ipv6() == is_v6).collect();
            let _ = socket.send_to(&answer(question, after, &matching), from);
        }
    });
    asked
}

/// Returns what a name means, at the n-th time of asking.
fn addresses(name: &str, times: usize) -> Vec<IpAddr> {
    let v6 = |text: &str| IpAddr::from(text.parse::<Ipv6Addr>().unwrap());
    match name {
        "public.test" | "xn--bcher-kva.public.test" => vec![PUBLIC.into()],
        "inner.test" | "metadata.test" | "alias.test" => vec![METADATA.into()],
        "loop.test" => vec![Ipv4Addr::LOCALHOST.into()],
        "zero.test" => vec![Ipv4Addr::UNSPECIFIED.into()],
        "mapped.test" => vec![v6("::ffff:169.254.169.254")],
        "nat64.test" => vec![v6("64:ff9b::a9fe:a9fe")],
        "six.test" => vec![v6("::1"), v6("fd00:ec2::254")],
        "rebind.test" if times.is_multiple_of(2) => vec![METADATA.into()],
        "rebind.test" => vec![PUBLIC.into()],
        "both.test" => vec![Ipv4Addr::LOCALHOST.into(), PRIVATE.into(), PUBLIC.into()],
        _ => Vec::new(),
    }
}

/// Reads the name asked for, and where its type stands.
fn question_name(question: &[u8]) -> (String, usize) {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    (labels.join("."), at + 1)
}

/// Writes the answer: addresses that are good for no time at all.
fn answer(question: &[u8], after: usize, addresses: &[IpAddr]) -> Vec<u8> {
    let mut out = question[..2].to_vec();
    out.extend([0x81, 0x80, 0, 1, 0, addresses.len() as u8, 0, 0, 0, 0]);
    out.extend(&question[12..after + 4]);
    for address in addresses {
        let bytes = match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        out.extend([0xc0, 12]);
        out.extend(&question[after..after + 4]);
        out.extend([0, 0, 0, 0, 0, bytes.len() as u8]);
        out.extend(bytes);
    }
    out
}
