// A guide in a real browser takes real calls: sound both ways, and whatever may go wrong with a page.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { assertAccessible, launch, signIn } from "../lib/browser.mjs";
import { place } from "../lib/caller.mjs";
import { makeReady, telephone as telephoneOf } from "../lib/guide.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

const GUIDE = "anna";
const RESIDENT = "+46701740605";

let demo, browser, context, page;
let calls = [];

before(async () => {
  demo = await startDemo(["--guides", "0", "--calls-per-day", "0", "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

beforeEach(async () => {
  context = await browser.newContext({ permissions: ["microphone"], locale: "sv-SE" });
  page = await signIn(context, demo, GUIDE);
  await page.goto(`${demo.web}/guide`);
  await telephone("ready");
  await makeReady(page);
});

afterEach(async () => {
  // Whatever went wrong, the next test begins without this one's residents.
  for (const call of calls.splice(0)) call.hangUp();
  await context.close();
});

/** Waits until the telephone of `where` is in this state. */
function telephone(state, where = page) {
  return telephoneOf(where, state);
}

async function ring(options = {}) {
  const call = await place(demo.sip, { from: RESIDENT, ...options });
  calls.push(call);
  call.tone(600);
  await telephone("ringing");
  return call;
}

/** How loud the browser hears the other end: energy that has come in since the last look. */
async function soundInBrowser() {
  const energy = () =>
    page.evaluate(async () => {
      const audio = document.querySelector("#telephone audio");
      const track = audio.srcObject?.getAudioTracks()[0];
      if (!track) return 0;
      const context = new AudioContext();
      const meter = context.createAnalyser();
      context.createMediaStreamSource(audio.srcObject).connect(meter);
      await new Promise((go) => setTimeout(go, 300));
      const samples = new Float32Array(meter.fftSize);
      meter.getFloatTimeDomainData(samples);
      await context.close();
      return Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
    });
  return eventually("the guide hears the resident", async () => (await energy()) > 0.02);
}

test("a call rings without taking the focus, is answered by a key, and both hear each other", async () => {
  const search = page.locator("main input[type=search]").first();
  await search.focus();
  const call = await ring();
  assert.ok(await search.evaluate((input) => input === document.activeElement), "the guide goes on writing");
  assert.match(await page.locator(".telephone-state").innerText(), /701740605|70-174 06 05/);
  assert.equal(await page.locator(".telephone-state").getAttribute("aria-live"), "assertive");
  await assertAccessible(page, "the guide's page while it rings");
  await page.keyboard.press("F8");
  await telephone("talking");
  await call.hears("the resident hears the guide");
  await soundInBrowser();
  // Another page and back: the call goes on.
  await page.locator("nav a").nth(1).click();
  await eventually("another page", () => !page.url().endsWith("/guide"));
  await telephone("talking");
  await call.hears("the resident still hears the guide");
  // Muted is silent.
  await page.keyboard.press("F9");
  await new Promise((go) => setTimeout(go, 500));
  call.forget();
  await new Promise((go) => setTimeout(go, 2_500));
  assert.ok(call.frames > 60 && call.loudFrames === 0, `${call.loudFrames} of ${call.frames} frames were loud`);
  await page.keyboard.press("F8");
  assert.equal(await call.ended, "hung up by Lots");
  await telephone("ready");
  assert.deepEqual(page.faults, []);
});

test("the resident hangs up", async () => {
  const call = await ring();
  await page.locator(".telephone-answer").click();
  await telephone("talking");
  await call.hears("the resident hears the guide");
  call.hangUp();
  await telephone("ready");
});

test("the resident gives up while it rings", async () => {
  const call = await ring();
  call.hangUp();
  await telephone("ready");
});

test("a page that is closed in a call leaves the resident first in the queue", async () => {
  const call = await ring();
  await page.keyboard.press("F8");
  await telephone("talking");
  await call.hears("the resident hears the guide");
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  await call.hears("the resident hears music again");
  assert.equal(call.state, "talking", "the resident is still there");
  // The guide may have to say that the after-work of the lost talk is done; then it is the same resident again.
  await eventually("it rings again", async () => {
    if (await page.locator("#telephone[data-state=ringing]").count()) return true;
    for (const wish of ["ready", "wrap_up_done"]) {
      const button = page.locator(`button[name=do][value=${wish}]`);
      if (await button.count()) await button.first().click({ timeout: 1_000 }).catch(() => {});
    }
    return false;
  }, 20_000, 300);
  await page.keyboard.press("F8");
  await telephone("talking");
  await call.hears("the resident hears the guide again");
  call.hangUp();
  await telephone("ready");
});

test("one telephone for two tabs: not taken from a call, else the newest has it", async () => {
  const call = await ring();
  await page.keyboard.press("F8");
  await telephone("talking");
  const other = await context.newPage();
  await other.goto(`${demo.web}/guide`);
  await telephone("elsewhere", other);
  await telephone("talking");
  call.hangUp();
  await telephone("ready");
  await other.locator(".telephone-use-here").click();
  await telephone("ready", other);
  await telephone("elsewhere");
  await other.close();
  await telephone("ready");
});

test("a declined call is offered to nobody else here, and the guide is set away", async () => {
  const call = await ring();
  await page.keyboard.press("Shift+F8");
  await telephone("ready");
  await page.locator(".own-state.away").waitFor();
  assert.equal(call.state, "talking", "the resident waits on");
  call.hangUp();
});
