// A crisis: a message is written by the communicator, approved by the traffic leader, and stands on all four places within
// five seconds; it ends everywhere. Hourly staff are called in. Nobody but the right people see numbers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { place } from "../lib/caller.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

const SOON_MS = 5_000;
const TITLE = "Stormen påverkar Norra Vikhamn";
const SAID_HZ = 610;

let demo, browser;
const people = {};
let caller;

/** A page of somebody's own. */
async function as(name) {
  if (!people[name]) {
    const context = await browser.newContext({ locale: "sv-SE", viewport: DESK });
    people[name] = await signIn(context, demo, name);
  }
  return people[name];
}

/** A WAV file as a recorder makes it: 44.1 kHz, two channels, a tone. */
function recording(hz, seconds) {
  const frames = Math.round(44_100 * seconds);
  const file = Buffer.alloc(44 + frames * 4);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + frames * 4, 4);
  file.write("WAVEfmt ", 8);
  [16, 1 | (2 << 16), 44_100, 44_100 * 4, 4 | (16 << 16)].forEach((value, n) => file.writeUInt32LE(value, 16 + n * 4));
  file.write("data", 36);
  file.writeUInt32LE(frames * 4, 40);
  for (let n = 0; n < frames; n++) {
    const sample = Math.round(14_000 * Math.sin((2 * Math.PI * hz * n) / 44_100));
    file.writeInt16LE(sample, 44 + n * 4);
    file.writeInt16LE(sample, 46 + n * 4);
  }
  return file;
}

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
});

after(async () => {
  caller?.hangUp();
  await browser?.close();
  await demo?.stop();
});

test("a message is written, approved by another, and live on all four places within five seconds", async () => {
  // Somebody waits in the queue, a guide and the manager have their pages open, a resident looks at the site.
  caller = await place(demo.sip, { from: "+46701740605" });
  await caller.hears("the queue's music");
  const guide = await as("anna");
  await guide.goto(`${demo.web}/guide`);
  const manager = await as("chef");
  await manager.goto(`${demo.web}/board`);
  const resident = await (await browser.newContext({ javaScriptEnabled: false, viewport: PHONE })).newPage();
  await resident.goto(`${demo.web}/questions`);
  assert.equal(await resident.getByText(TITLE).count(), 0);

  const writer = await as("krisen");
  assert.equal(new URL(writer.url()).pathname, "/situation");
  await writer.goto(`${demo.web}/crisis/new`);
  await assertAccessible(writer, "writing a crisis message");
  await writer.getByRole("link", { name: "Storm", exact: true }).click();
  await writer.waitForURL(/template=storm/);
  await writer.fill("[name=name]", "Stormen Berta");
  await writer.fill("[name=title]", TITLE);
  await writer.fill("[name=spoken_text]", "Just nu ringer många till oss om stormen. Är någon i fara, ring 112.");
  await writer.locator("main form[action='/crisis'] button.primary").click();
  await writer.waitForURL(/\/crisis\/[0-9a-f-]{36}$/);
  const crisis = writer.url();
  // The speech command has read it aloud.
  await writer.locator(".crisis-draft audio").waitFor();
  assert.match(await writer.locator(".crisis-draft").innerText(), /talsyntes/);
  assert.equal(await writer.getByRole("button", { name: /Godkänn/ }).count(), 0, "the writer's role does not approve");
  // Somebody records it instead.
  await writer.locator(".crisis-draft details summary").click();
  await writer.setInputFiles("[name=file]", { name: "storm.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("ID3 inget ljud") });
  await writer.getByRole("button", { name: "Använd filen" }).click();
  await writer.getByText("ingen WAV-fil").waitFor();
  await writer.locator(".crisis-draft details summary").click();
  await writer.setInputFiles("[name=file]", { name: "storm.wav", mimeType: "audio/wav", buffer: recording(SAID_HZ, 3) });
  await writer.getByRole("button", { name: "Använd filen" }).click();
  await writer.getByText("Inspelat.").waitFor();
  await picture(writer, "crisis-draft");

  const leader = await as("trafik1");
  await leader.goto(crisis);
  await assertAccessible(leader, "a crisis with a draft");
  await leader.setViewportSize(PHONE);
  await assertFits(leader, "a crisis at 320 px");
  await leader.setViewportSize(DESK);
  const pressed = Date.now();
  await leader.getByRole("button", { name: "Godkänn och publicera nu" }).click();
  await Promise.all([
    guide.locator("#crisis .crisis-live", { hasText: TITLE }).waitFor({ timeout: SOON_MS }),
    manager.locator("#board .crisis-live", { hasText: TITLE }).waitFor({ timeout: SOON_MS }),
    writer.goto(`${demo.web}/situation`).then(() => writer.locator(".crisis-live", { hasText: TITLE }).waitFor({ timeout: SOON_MS })),
    eventually("the public site says so", async () => {
      await resident.reload();
      return (await resident.getByText(TITLE).count()) > 0;
    }, SOON_MS, 300),
    caller.hearsTone(SAID_HZ, "whoever waits hears it", SOON_MS),
  ]);
  assert.ok(Date.now() - pressed < SOON_MS + 500, "all of it within five seconds");
  const standing = await manager.locator(".crisis-live").innerText();
  assert.match(standing, /Version 1 gäller sedan/);
  assert.match(standing, /Läses upp i telefonkön/);
  await assertAccessible(guide, "the guide's page in a crisis");
  await assertAccessible(manager, "the board in a crisis");
  await assertAccessible(writer, "the situation");
  await picture(writer, "situation");
  await writer.setViewportSize(PHONE);
  await assertFits(writer, "the situation at 320 px");
  await picture(writer, "situation-320");
  await writer.setViewportSize(DESK);
  await picture(guide, "crisis-guide");
  await picture(resident, "crisis-public");
});

test("who writes does not approve while somebody else is there, and a new version takes the old one's place", async () => {
  const leader = await as("trafik1");
  await leader.goto(`${demo.web}/crisis`);
  await leader.locator(".crisis-live a").first().click();
  await leader.waitForURL(/\/crisis\/[0-9a-f-]{36}$/);
  await leader.getByText("Skriv nästa version").click();
  await leader.fill("[name=title]", `${TITLE} till kvällen`);
  await leader.locator("[name=voice]").uncheck();
  await leader.fill("[name=spoken_text]", "");
  await leader.locator("main form[action$='/draft'] button[type=submit]").click();
  await leader.getByText("Du har skrivit meddelandet själv").waitFor();
  assert.equal(await leader.getByRole("button", { name: /Godkänn/ }).count(), 0);
  const manager = await as("chef");
  await manager.goto(leader.url());
  await manager.getByRole("button", { name: "Godkänn och publicera nu" }).click();
  const guide = await as("anna");
  const live = guide.locator("#crisis .crisis-live");
  await eventually("the new version", async () => (await live.innerText()).includes("till kvällen"), SOON_MS);
  assert.equal(await live.count(), 1);
  // What has been said is kept, with who said it.
  await manager.reload();
  assert.match(await manager.locator("[aria-labelledby=versions-heading]").first().innerText(), /Lovisa Brandt/);
  assert.deepEqual(manager.faults, []);
});

test("the crisis ends everywhere, and figures can be shown without it", async () => {
  const manager = await as("chef");
  await manager.goto(`${demo.web}/crisis`);
  await manager.locator(".crisis-live a").first().click();
  await manager.getByRole("button", { name: "Avsluta krisen" }).click();
  const guide = await as("anna");
  await guide.locator("#crisis .crisis-live").waitFor({ state: "detached", timeout: SOON_MS });
  await manager.goto(`${demo.web}/board`);
  assert.equal(await manager.locator(".crisis-live").count(), 0);
  assert.match(await manager.locator("#board").innerText(), /I tiden ligger: Stormen Berta/);
  await manager.getByRole("link", { name: "Visa utan kristid" }).click();
  await manager.getByText("Tid i kris är borttagen").waitFor();
  await manager.goto(`${demo.web}/departments`);
  await manager.getByRole("link", { name: "Visa utan kristid" }).waitFor();
  await manager.goto(`${demo.web}/questions`);
  assert.equal(await manager.getByText(TITLE).count(), 0);
  await manager.goto(`${demo.web}/crisis/log`);
  const log = await manager.locator("main table").innerText();
  for (const deed of ["Skrev in en kris", "Godkände och publicerade", "Hörs i telefonkön", "Avslutade krisen"]) assert.ok(log.includes(deed), `${deed} in ${log}`);
  await assertAccessible(manager, "the crisis log");
});

test("hourly staff are called in by text message, and answer by their link", async () => {
  const leader = await as("trafik1");
  for (const [name, number] of [["Ellen Prov", "070-174 06 11"], ["Nils Prov", "070-174 06 12"]]) {
    await leader.goto(`${demo.web}/crisis/call-in/people/new`);
    await leader.fill("[name=name]", name);
    await leader.fill("[name=telephone]", number);
    await leader.fill("[name=availability]", "kvällar");
    await leader.locator("main form button.primary").click();
    await leader.waitForURL(/\/crisis\/call-in$/);
  }
  await leader.getByRole("button", { name: "Börja ringa in" }).click();
  await leader.getByRole("button", { name: /Skicka sms till alla/ }).click();
  await leader.getByText("Har fått sms").first().waitFor();
  await assertAccessible(leader, "calling in");
  await leader.setViewportSize(PHONE);
  await assertFits(leader, "calling in at 320 px");
  await picture(leader, "call-in-320");
  await leader.setViewportSize(DESK);
  await picture(leader, "call-in");
  const link = await eventually("the text message", async () => {
    await leader.goto(`${demo.web}/outbox`);
    const text = await leader.locator("li", { hasText: "070-174 06 11" }).or(leader.locator("li", { hasText: "+46701740611" })).first().innerText();
    return text.match(/https?:\/\/\S+\/c\/[\w-]+/)?.[0];
  });
  const own = await (await browser.newContext({ javaScriptEnabled: false, viewport: PHONE })).newPage();
  await own.goto(link);
  assert.ok(!(await own.content()).includes("Ellen"), "the page names nobody");
  await own.getByRole("button", { name: "Ja, jag kommer" }).click();
  await own.getByText("Du har svarat att du kommer").waitFor();
  await leader.goto(`${demo.web}/crisis/call-in`);
  const line = leader.locator("tr", { hasText: "Ellen Prov" }).first();
  assert.match(await line.innerText(), /Kommer/);
  await leader.locator("tr", { hasText: "Nils Prov" }).first().getByRole("button", { name: /Inget svar/ }).click();
  await eventually("Nils did not answer", async () => (await leader.locator("tr", { hasText: "Nils Prov" }).first().innerText()).includes("Svarade inte"));
  await leader.getByRole("button", { name: "Sluta ringa in" }).click();
  assert.equal((await own.goto(link)).status(), 410, "the link holds no longer");
  // The communicator sees the situation, and neither numbers nor names.
  const writer = await as("krisen");
  assert.equal((await writer.goto(`${demo.web}/crisis/call-in`)).status(), 403);
  for (const path of ["/cases", "/guide", "/board", "/admin/users"]) {
    assert.equal((await writer.goto(demo.web + path)).status(), 403, path);
  }
  await writer.goto(`${demo.web}/crisis/log`);
  assert.ok(!(await writer.content()).includes("Ellen"));
});
