// Several tabs, one telephone. The newest tab takes it, unless another is in a call; when the tab that has it goes
// away, one that is left takes over.

type Message = { from: string; say: "may-i" } | { from: string; say: "in-a-call" | "taken" | "gone" };

const ANSWER_WAIT_MILLIS = 150;
const TAKE_OVER_SPREAD_MILLIS = 400;

export class Tabs {
  private readonly channel: BroadcastChannel;
  private readonly me = crypto.getRandomValues(new Uint32Array(2)).join("-");
  private refused = false;
  private takeOver: number | undefined;

  constructor(
    user: string,
    private readonly hooks: {
      /** Whether this tab has the telephone, and whether it is in a call. */
      status(): "in-a-call" | "has-it" | "idle";
      /** Another tab has taken the telephone. */
      lostIt(): void;
      /** The tab that had the telephone is gone. */
      free(): void;
    },
  ) {
    this.channel = new BroadcastChannel(`lots.telephone.${user}`);
    this.channel.addEventListener("message", (event: MessageEvent<Message>) => this.heard(event.data));
    window.addEventListener("pagehide", () => {
      if (this.hooks.status() !== "idle") this.say("gone");
    });
  }

  /** Asks the other tabs; `false` if one of them is in a call. */
  async ask(): Promise<boolean> {
    this.refused = false;
    this.say("may-i");
    await new Promise((resolve) => window.setTimeout(resolve, ANSWER_WAIT_MILLIS));
    return !this.refused;
  }

  /** Tells the other tabs that the telephone is here now. */
  taken(): void {
    this.say("taken");
  }

  private say(say: Message["say"]): void {
    this.channel.postMessage({ from: this.me, say } satisfies Message);
  }

  private heard(message: Message): void {
    if (message.from === this.me) return;
    window.clearTimeout(this.takeOver);
    switch (message.say) {
      case "may-i":
        if (this.hooks.status() === "in-a-call") this.say("in-a-call");
        break;
      case "in-a-call":
        this.refused = true;
        break;
      case "taken":
        if (this.hooks.status() !== "idle") this.hooks.lostIt();
        break;
      case "gone":
        // Not all at once: the first to speak keeps the others quiet.
        this.takeOver = window.setTimeout(
          () => this.hooks.free(),
          (document.hidden ? TAKE_OVER_SPREAD_MILLIS : 0) + Math.random() * TAKE_OVER_SPREAD_MILLIS,
        );
        break;
    }
  }
}
