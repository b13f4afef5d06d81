// A resident with a telephone: SIP over UDP and RTP in G.711 A-law, written out by hand, so that Lots is met by somebody
// else's idea of the protocols.
import dgram from "node:dgram";
import { randomBytes } from "node:crypto";
import { eventually } from "./lots.mjs";

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;
const PCMA = 8;
const EVENTS = 101;

/** G.711 A-law, one sample (ITU-T G.711, table 1a). */
function encode(sample) {
  const magnitude = Math.min(Math.abs(sample), 32635);
  let exponent = 7;
  for (let mask = 0x4000; exponent > 0 && !(magnitude & mask); mask >>= 1) exponent--;
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f;
  return (((exponent << 4) | mantissa) ^ (sample >= 0 ? 0xd5 : 0x55)) & 0xff;
}

function decode(byte) {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + (exponent === 0 ? 8 : 0x108);
  const magnitude = exponent > 1 ? step << (exponent - 1) : step;
  return bits & 0x80 ? magnitude : -magnitude;
}

const token = () => randomBytes(8).toString("hex");
const listen = () =>
  new Promise((ready) => {
    const socket = dgram.createSocket("udp4");
    socket.bind(0, "127.0.0.1", () => ready(socket));
  });

function parse(datagram) {
  const text = datagram.toString();
  const [head, body = ""] = text.split("\r\n\r\n", 2);
  const [start, ...lines] = head.split("\r\n");
  const all = (name) =>
    lines.filter((l) => l.toLowerCase().startsWith(`${name}:`)).map((l) => l.slice(name.length + 1).trim());
  const [first, second] = start.split(" ");
  return { start, code: first === "SIP/2.0" ? Number(second) : null, method: first, all, get: (n) => all(n)[0], body };
}

class Call {
  codes = [];
  state = "calling";
  frames = 0;
  loudFrames = 0;
  #tone = 0;
  #sent = 0;
  #keys = [];
  #last = [];

  constructor(sip, rtp, exchange, { to, from }) {
    Object.assign(this, { sip, rtp, exchange, to, from });
    this.local = sip.address().port;
    this.callId = token();
    this.tag = token();
    this.branch = `z9hG4bK${token()}`;
    this.remoteTo = `<sip:${to}@${exchange.host}>`;
    this.target = `sip:${to}@${exchange.host}:${exchange.port}`;
    this.answered = new Promise((yes, no) => Object.assign(this, { yes, no }));
    this.answered.catch(() => {}); // a test that does not wait for it need not care
    this.ended = new Promise((done) => (this.done = done));
    sip.on("message", (datagram) => this.#receive(parse(datagram)));
    rtp.on("message", (packet) => this.#hear(packet));
    this.#request("INVITE", 1, this.branch, this.#sdp());
  }

  #sdp() {
    return [
      "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
      `m=audio ${this.rtp.address().port} RTP/AVP ${PCMA} ${EVENTS}`,
      "a=rtpmap:8 PCMA/8000", `a=rtpmap:${EVENTS} telephone-event/8000`, `a=fmtp:${EVENTS} 0-15`, "a=sendrecv", "",
    ].join("\r\n");
  }

  #request(method, sequence, branch, body = "") {
    const who = this.from
      ? `<sip:${this.from}@127.0.0.1>`
      : '"Anonymous" <sip:anonymous@anonymous.invalid>';
    const lines = [
      `${method} ${this.target} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.local};rport;branch=${branch}`,
      "Max-Forwards: 70",
      `From: ${who};tag=${this.tag}`,
      `To: ${this.remoteTo}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:resident@127.0.0.1:${this.local}>`,
      ...(this.from ? [] : ["Privacy: id"]),
      ...(body ? ["Content-Type: application/sdp"] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.#send(`${lines.join("\r\n")}\r\n\r\n${body}`);
  }

  #send(text) {
    this.sip.send(text, this.exchange.port, this.exchange.host);
  }

  #receive(message) {
    if (message.get("call-id") !== this.callId) return;
    if (message.code === null) return this.#requested(message);
    const [, method] = message.get("cseq").split(" ");
    if (method !== "INVITE") return;
    if (this.codes.at(-1) !== message.code) this.codes.push(message.code);
    if (message.code < 200) return;
    this.remoteTo = message.get("to");
    if (message.code < 300) {
      this.target = message.get("contact")?.match(/<([^>]+)>/)?.[1] ?? this.target;
      this.#request("ACK", 1, `z9hG4bK${token()}`);
      if (this.state === "calling") this.#talk(message.body);
    } else {
      this.#request("ACK", 1, this.branch);
      this.#end(`refused ${message.code}`);
    }
  }

  #requested(message) {
    const ok = message.method === "BYE" || message.method === "INFO" || message.method === "OPTIONS";
    const echoed = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((n) =>
      message.all(n.toLowerCase()).map((value) => `${n}: ${value}`),
    );
    if (message.method !== "ACK") {
      this.#send([`SIP/2.0 ${ok ? "200 OK" : "488 Not Acceptable Here"}`, ...echoed, "Content-Length: 0", "", ""].join("\r\n"));
    }
    if (message.method === "BYE") this.#end("hung up by Lots");
  }

  #talk(sdp) {
    this.state = "talking";
    const host = sdp.match(/^c=IN IP4 (\S+)/m)[1];
    const port = Number(sdp.match(/^m=audio (\d+)/m)[1]);
    const ssrc = randomBytes(4);
    const begun = performance.now();
    // A timer runs late; what is due is sent, however late it runs.
    this.timer = setInterval(() => {
      for (const due = (performance.now() - begun) / FRAME_MS; this.#sent < due; this.#sent++) {
        const { type, marker, stamp, payload } = this.#next();
        const packet = Buffer.alloc(12 + payload.length);
        packet[0] = 0x80;
        packet[1] = (marker ? 0x80 : 0) | type;
        packet.writeUInt16BE(this.#sent & 0xffff, 2);
        packet.writeUInt32BE(stamp, 4);
        ssrc.copy(packet, 8);
        payload.copy(packet, 12);
        if (!this.silent) this.rtp.send(packet, port, host);
      }
    }, FRAME_MS / 2);
    this.yes();
  }

  #next() {
    const stamp = this.#sent * FRAME_SAMPLES;
    const key = this.#keys[0];
    if (key) {
      key.begin ??= stamp;
      const end = key.step >= 5;
      const payload = Buffer.from([key.event, end ? 0x8a : 0x0a, 0, 0]);
      payload.writeUInt16BE(Math.min(key.step + 1, 6) * FRAME_SAMPLES, 2);
      const marker = key.step === 0;
      if (++key.step === 8) this.#keys.shift(); // the end is sent three times (RFC 4733, 2.5.1.4)
      return { type: EVENTS, marker, stamp: key.begin, payload };
    }
    const samples = Array.from({ length: FRAME_SAMPLES }, (_, i) =>
      this.#tone ? Math.round(12_000 * Math.sin((2 * Math.PI * this.#tone * (stamp + i)) / 8000)) : 0,
    );
    return { type: PCMA, marker: this.#sent === 0, stamp, payload: Buffer.from(samples.map(encode)) };
  }

  #hear(packet) {
    if (packet.length < 13 || (packet[1] & 0x7f) !== PCMA) return;
    const samples = [...packet.subarray(12)].map(decode);
    this.lastLevel = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
    this.#last = [...this.#last, ...samples].slice(-4_000);
    this.frames++;
    if (this.lastLevel > 500) this.loudFrames++;
  }

  #end(how) {
    if (this.state === "over") return;
    this.state = "over";
    clearInterval(this.timer);
    // A little longer, for what is still on its way.
    setTimeout(() => [this.sip, this.rtp].forEach((socket) => socket.close()), 500).unref();
    this.no(new Error(`the call was not answered: ${how}`));
    this.done(how);
  }

  /** Speaks a tone of `hz`; 0 is silence. */
  tone(hz) {
    this.#tone = hz;
  }

  /** Presses keys, 160 ms each. */
  press(keys) {
    for (const key of keys) this.#keys.push({ event: "0123456789*#".indexOf(key), step: 0 });
  }

  /** Forgets what has been heard, so that only what comes now counts. */
  forget() {
    this.frames = this.loudFrames = 0;
  }

  /** Waits until sound (not silence) has come for half a second in all. */
  hears(what) {
    this.forget();
    return eventually(what, () => this.loudFrames > 25);
  }

  /** How much of the last half second is a tone of `hz`, 0 to 1 (Goertzel). */
  share(hz) {
    const w = (2 * Math.PI * hz) / 8000;
    let [re, im, power] = [0, 0, 0];
    this.#last.forEach((sample, n) => {
      re += sample * Math.cos(w * n);
      im += sample * Math.sin(w * n);
      power += sample * sample;
    });
    return power ? (2 * (re * re + im * im)) / (power * this.#last.length) : 0;
  }

  /** Waits until what comes is a tone of `hz`, and nothing else. */
  hearsTone(hz, what, max_ms) {
    this.#last = [];
    return eventually(what, () => this.#last.length >= 1_600 && this.share(hz) > 0.8, max_ms);
  }

  /** Hangs up, or gives up if there is no answer yet. */
  hangUp() {
    if (this.state === "talking") {
      this.#request("BYE", 2, `z9hG4bK${token()}`);
      this.#end("hung up by the resident");
    } else if (this.state === "calling") {
      this.#request("CANCEL", 1, this.branch);
    }
  }

  /** Is gone, without a word. */
  vanish() {
    this.#end("vanished");
  }
}

/** Rings `to` at Lots (`sip` is `host:port`), as `from` (a number; none withholds it). */
export async function place(sip, { to = "+46176100000", from } = {}) {
  const [host, port] = sip.replace(/^sip:/, "").split(":");
  return new Call(await listen(), await listen(), { host, port: Number(port) }, { to, from });
}
