// SIP over the page's own WebSocket (RFC 7118, JsSIP), sound by WebRTC. The session's cookie says who we are: there is
// no password here.
import JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { DisconnectEvent, RTCSessionEvent } from "jssip/lib/UA";
import { AUDIO, allowedAlready, tryMicrophone } from "./microphone";
import { RingTone } from "./ring-tone";
import { type State, inCall } from "./state";
import { Tabs } from "./tabs";
import { Texts } from "./texts";
import { View } from "./view";

/** The server's close codes; the same as in crates/telephony/src/browser. */
const CLOSED_REPLACED = 4000;
const CLOSED_SIGNED_OUT = 4401;

const RETRY_MIN_MILLIS = 1000;
const RETRY_MAX_MILLIS = 30_000;
const REGISTER_EXPIRES_SECONDS = 120;
/** A name for the SIP messages only: the flow itself decides where they go (RFC 2606 keeps it from meaning anything). */
const SIP_DOMAIN = "telephone.invalid";

export class Telephone {
  private readonly texts: Texts;
  private readonly view: View;
  private readonly tabs: Tabs;
  private readonly ringTone = new RingTone();
  private readonly user: string;
  private state: State = { is: "off" };
  private agent: InstanceType<typeof JsSIP.UA> | undefined;
  private session: RTCSession | undefined;
  private retryMillis = RETRY_MIN_MILLIS;
  private retryTimer: number | undefined;
  /** Whether the telephone is to be up in this tab, and to come back when the network does. */
  private wanted = false;

  constructor(private readonly root: HTMLElement) {
    this.user = root.dataset["user"] ?? "";
    this.texts = new Texts(root);
    this.view = new View(root, this.texts, {
      turnOn: () => void this.turnOn(true),
      useHere: () => void this.turnOn(true),
      answer: () => this.answer(),
      decline: () => this.decline(),
      hangUp: () => this.hangUp(),
      toggleMute: () => this.toggleMute(),
    });
    this.tabs = new Tabs(this.user, {
      status: () => (inCall(this.state) || this.state.is === "ringing" ? "in-a-call" : this.agent ? "has-it" : "idle"),
      lostIt: () => this.giveUp({ is: "elsewhere" }),
      free: () => {
        if (this.state.is === "elsewhere") void this.turnOn(false);
      },
    });
    window.addEventListener("beforeunload", (event) => {
      if (inCall(this.state)) event.preventDefault();
    });
    window.addEventListener("pagehide", () => {
      // In a call nothing is said, so that it does not look like hanging up: the server sees the telephone vanish, and
      // the resident goes first in the queue.
      if (!inCall(this.state)) this.agent?.stop();
    });
    window.addEventListener("online", () => {
      if (this.state.is === "lost") this.connect();
    });
  }

  /** Shows itself, and turns on by itself where the microphone has been allowed before. */
  begin(): void {
    this.set({ is: "off" });
    void allowedAlready().then((allowed) => {
      if (allowed && this.state.is === "off") void this.turnOn(false);
    });
  }

  /** Takes the telephone to this tab. `asked` if the guide pressed a button for it. */
  private async turnOn(asked: boolean): Promise<void> {
    if (this.agent) return;
    if (asked) this.set({ is: "off", why: "microphone-ask" });
    const obstacle = await tryMicrophone();
    if (obstacle) {
      this.set({ is: "off", why: obstacle });
      return;
    }
    if (!(await this.tabs.ask())) {
      this.set({ is: "elsewhere" });
      return;
    }
    this.wanted = true;
    this.tabs.taken();
    this.connect();
  }

  private connect(): void {
    window.clearTimeout(this.retryTimer);
    if (!this.wanted) return;
    this.stopAgent();
    this.set({ is: "connecting" });
    const address = this.address();
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(address.href)],
      uri: `sip:${this.user}@${SIP_DOMAIN}`,
      register: true,
      register_expires: REGISTER_EXPIRES_SECONDS,
      session_timers: false,
      user_agent: "Lots telephone",
    });
    this.agent = agent;
    agent.on("registered", () => {
      this.retryMillis = RETRY_MIN_MILLIS;
      if (this.state.is === "connecting") this.set({ is: "ready" });
    });
    agent.on("registrationFailed", () => this.lost(agent, undefined));
    agent.on("disconnected", (event: DisconnectEvent) => this.lost(agent, event.code));
    agent.on("newRTCSession", (event: RTCSessionEvent) => {
      if (event.originator === "remote") this.rings(event.session);
    });
    agent.start();
  }

  /** The flow is gone. The call with it: the server puts the resident first in the queue. */
  private lost(agent: InstanceType<typeof JsSIP.UA>, code: number | undefined): void {
    if (this.agent !== agent) return;
    if (code === CLOSED_REPLACED) return this.giveUp({ is: "elsewhere" });
    if (code === CLOSED_SIGNED_OUT) return this.giveUp({ is: "signed-out" });
    this.stopAgent();
    // Spread out, so that not all guides come back in the same instant.
    const wait = this.retryMillis * (0.75 + Math.random() / 2);
    this.retryMillis = Math.min(this.retryMillis * 2, RETRY_MAX_MILLIS);
    this.set({ is: "lost", seconds: Math.ceil(wait / 1000) });
    this.retryTimer = window.setTimeout(() => this.connect(), wait);
    void this.signedOut().then((out) => {
      if (out && this.state.is === "lost") this.giveUp({ is: "signed-out" });
    });
  }

  /** Whether the session is over. A WebSocket that is refused does not tell why, so the same address is asked by HTTP. */
  private async signedOut(): Promise<boolean> {
    try {
      const answer = await fetch(this.address(), { redirect: "manual", cache: "no-store" });
      return answer.type === "opaqueredirect" || answer.status === 401;
    } catch {
      return false; // No network says nothing about the session.
    }
  }

  private address(): URL {
    return new URL(this.root.dataset["ws"] ?? "/telephone/ws", location.href);
  }

  private giveUp(state: State): void {
    this.wanted = false;
    window.clearTimeout(this.retryTimer);
    this.stopAgent();
    this.set(state);
  }

  private stopAgent(): void {
    const agent = this.agent;
    this.agent = undefined;
    const session = this.session;
    this.session = undefined;
    if (session && !session.isEnded()) session.terminate();
    agent?.stop();
    this.ringTone.stop();
  }

  private rings(session: RTCSession): void {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    const identity = session.remote_identity;
    const number = String(identity.uri.user ?? "");
    const caller = identity.display_name || (number && number !== "anonymous" ? number : this.texts.get("hidden-number"));
    session.on("accepted", () => {
      this.set({ is: "talking", caller, since: Date.now(), muted: false });
      this.tell("talking", caller);
    });
    // Lots connects to nobody (ICE lite): there is no reason to wait for all of our addresses before answering.
    session.on("icecandidate", ({ ready }) => ready());
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("ended", () => this.over(session, caller, "ended"));
    session.on("failed", () => this.over(session, caller, inCall(this.state) ? "call-failed" : undefined));
    session.on("getusermediafailed", () => this.over(session, caller, "microphone-denied"));
    this.set({ is: "ringing", caller });
    if (this.view.ringToneOn) this.ringTone.start();
    this.tell("ringing", caller);
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      this.view.audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      // Allowed, since the guide has just pressed a key to answer.
      void this.view.audio.play().catch(() => undefined);
    });
  }

  private over(session: RTCSession, caller: string, note: "ended" | "call-failed" | "microphone-denied" | undefined): void {
    if (this.session !== session) return;
    this.session = undefined;
    this.ringTone.stop();
    this.view.audio.srcObject = null;
    this.set(note ? { is: "ready", note } : { is: "ready" });
    this.tell("ended", caller);
  }

  private answer(): void {
    if (!this.session || this.state.is !== "ringing") return;
    this.ringTone.stop();
    this.set({ is: "answering", caller: this.state.caller });
    this.session.answer({
      mediaConstraints: { audio: AUDIO, video: false } as MediaStreamConstraints,
      pcConfig: { iceServers: [], bundlePolicy: "max-bundle" },
    });
  }

  private decline(): void {
    if (this.state.is === "ringing") this.session?.terminate({ status_code: 603 });
  }

  private hangUp(): void {
    if (inCall(this.state)) this.session?.terminate();
  }

  private toggleMute(): void {
    if (this.state.is !== "talking" || !this.session) return;
    const muted = !this.state.muted;
    if (muted) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.set({ ...this.state, muted });
  }

  private set(state: State): void {
    this.state = state;
    if (state.is !== "ringing") this.ringTone.stop();
    this.view.show(state);
  }

  /** Lets the page around the telephone know. */
  private tell(what: "ringing" | "talking" | "ended", caller: string): void {
    document.dispatchEvent(new CustomEvent(`telephone:${what}`, { detail: { caller } }));
  }
}
