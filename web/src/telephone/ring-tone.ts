// The ring tone, made in the browser: the Swedish cadence, one second on, five off, at 425 Hz.

const FREQUENCY_HZ = 425;
const CADENCE_MILLIS = 6000;
const ON_SECONDS = 1;
const VOLUME = 0.08;

export class RingTone {
  private context: AudioContext | undefined;
  private timer: number | undefined;

  start(): void {
    if (this.timer !== undefined) return;
    this.burst();
    this.timer = window.setInterval(() => this.burst(), CADENCE_MILLIS);
  }

  stop(): void {
    if (this.timer === undefined) return;
    window.clearInterval(this.timer);
    this.timer = undefined;
    void this.context?.close();
    this.context = undefined;
  }

  private burst(): void {
    this.context ??= new AudioContext();
    const context = this.context;
    // A page nobody has touched yet may not make sounds; the text and the live region still tell.
    void context.resume();
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = FREQUENCY_HZ;
    const now = context.currentTime;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(VOLUME, now + 0.02);
    gain.gain.setValueAtTime(VOLUME, now + ON_SECONDS - 0.02);
    gain.gain.linearRampToValueAtTime(0, now + ON_SECONDS);
    tone.connect(gain).connect(context.destination);
    tone.start(now);
    tone.stop(now + ON_SECONDS);
  }
}
