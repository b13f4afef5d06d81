// One step ahead: an event is planned with an article and a notice, and goes live by itself when the time comes; what is
// important is confirmed before work begins; a calendar goes out, is read by an independent program, and another comes in;
// a meeting's note becomes an event in one step.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import ICAL from "ical.js";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

const TITLE = "Bron över Lillån stängs";
let demo, browser, leader, guide, folder;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "08:00", "--day", "2026-11-03"]);
  browser = await launch();
  folder = await mkdtemp(path.join(tmpdir(), "lots-ahead-"));
  leader = await signIn(await browser.newContext({ locale: "sv-SE", viewport: DESK }), demo, "trafik1");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Looks at a page as it stands: axe, and no sideways scrolling on a telephone. */
async function looksGood(page, name) {
  await assertAccessible(page, name);
  await picture(page, name);
  await page.setViewportSize(PHONE);
  await assertFits(page, `${name} at 320 px`);
  await assertAccessible(page, `${name} at 320 px`);
  await picture(page, `${name}-320`);
  await page.setViewportSize(DESK);
}

async function jumpAnHour(page) {
  await Promise.all([
    page.waitForResponse((r) => r.url().endsWith("/demo/clock")),
    page.locator("form[action='/demo/clock']:has([name=jump][value=hour]) button").click(),
  ]);
}

async function publicNotices() {
  const context = await browser.newContext({ locale: "sv-SE", javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${demo.web}/questions`);
  const text = await page.locator("body").innerText();
  await context.close();
  return text;
}

test("an event is planned, goes live by itself, and is confirmed before work begins", async () => {
  await leader.goto(`${demo.web}/ahead/events/new`);
  await looksGood(leader, "ahead-new");
  await leader.fill("[name=title]", TITLE);
  await leader.fill("[name=text]", "Ta vägen över Storbron.");
  await leader.selectOption("[name=kind]", "closure");
  await leader.fill("[name=begins]", "08:30");
  await leader.fill("[name=ends]", "07:30");
  await leader.fill("[name=place]", "Lillån");
  await leader.check("[name=important]");
  await leader.fill("[name=notice]", "Bron är stängd hela förmiddagen.");
  await leader.fill("[name=question_0]", "Hur kommer jag över?");
  await leader.selectOption("[name=article_0]", { index: 1 });
  await leader.check("[name=live_0]");
  await leader.locator("button[value=planned]").click();
  await leader.waitForSelector(".field-error");
  assert.equal(await leader.inputValue("[name=question_0]"), "Hur kommer jag över?", "what was written is kept");
  await leader.fill("[name=ends]", "12:00");
  await leader.locator("button[value=planned]").click();
  await leader.waitForURL(/\/ahead\/events\/[0-9a-f-]{36}$/);
  assert.match(await leader.locator("main").innerText(), /Planerat/);
  assert.ok(!(await publicNotices()).includes("Bron är stängd"), "it is not time");

  await jumpAnHour(leader);
  await eventually("the notice among the public's", async () => (await publicNotices()).includes("Bron är stängd"));

  guide = await signIn(await browser.newContext({ locale: "sv-SE", viewport: DESK, permissions: ["microphone"] }), demo, "anna");
  assert.equal(new URL(guide.url()).pathname, "/today", "what is important comes first");
  await looksGood(guide, "ahead-today");
  await guide.goto(`${demo.web}/guide`);
  assert.match(await guide.locator("#events").innerText(), new RegExp(TITLE));
  await guide.locator("form[action='/guide/state'] button[value=begin], form[action='/guide/state'] button[value=ready]").first().click();
  await guide.waitForURL(/\/today/);
  await guide.locator("article", { hasText: TITLE }).locator("button.primary").click();
  await guide.waitForURL(/\/guide/);
  assert.equal(await guide.locator("#events .notice").count(), 0);

  await leader.reload();
  const state = leader.locator("section[aria-labelledby=confirmed-heading]");
  assert.match(await state.innerText(), /Bekräftat av 1 av/);
  await looksGood(leader, "ahead-event");

  // What guides read is changed: it is asked again.
  await leader.locator("a[href$='/edit']").click();
  await leader.waitForSelector("[name=text]");
  await leader.fill("[name=text]", "Ta vägen över Norrbron.");
  await leader.locator("main form[action^='/ahead/events/'] button.primary").click();
  await leader.waitForURL(/\/ahead\/events\/[0-9a-f-]{36}$/);
  assert.match(await leader.locator("section[aria-labelledby=confirmed-heading]").innerText(), /Bekräftat av 0 av/);
  await guide.waitForSelector("#events .notice");
});

const CALENDAR = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//SV
BEGIN:VEVENT
UID:spolning
DTSTAMP:20261001T000000Z
DTSTART;TZID=W. Europe Standard Time:20261110T090000
DTEND;TZID=W. Europe Standard Time:20261110T120000
RRULE:FREQ=WEEKLY;COUNT=3
EXDATE;TZID=W. Europe Standard Time:20261117T090000
SUMMARY:Spolning av ledningar\\, Norra
  hamnen
END:VEVENT
BEGIN:VEVENT
UID:trasig
DTSTART:imorgon
END:VEVENT
END:VCALENDAR
`;

test("calendars go out to another program, and come in as drafts", async () => {
  await leader.goto(`${demo.web}/ahead/calendars`);
  await leader.locator("form[action='/ahead/feeds'] button").click();
  const address = await leader.locator("input[readonly]").first().inputValue();
  const fetched = await fetch(address);
  assert.equal(fetched.headers.get("content-type"), "text/calendar; charset=utf-8");
  const text = await fetched.text();
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75, line);
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((e) => new ICAL.Event(e));
  const bridge = events.find((event) => event.summary === TITLE);
  assert.equal(bridge.startDate.toJSDate().toISOString(), "2026-11-03T07:30:00.000Z");
  assert.equal(bridge.endDate.toJSDate().toISOString(), "2026-11-03T11:00:00.000Z");
  assert.equal(bridge.sequence, 1);
  assert.ok(events.every((event) => event.uid && event.startDate), "every event has a name and a beginning");

  await leader.fill("[name=name]", "Tekniska");
  await leader.locator("form[action='/ahead/calendars'] button").click();
  await leader.waitForSelector("input[type=file]");
  const file = path.join(folder, "tekniska.ics");
  const takeIn = async (content, answer) => {
    await writeFile(file, content);
    await leader.setInputFiles("input[type=file]", file);
    await Promise.all([leader.waitForEvent("framenavigated"), leader.locator("form[action$='/file'] button").click()]);
    await leader.waitForSelector(answer);
    return leader.locator("section[aria-labelledby=sources-heading]").innerText();
  };
  const first = await takeIn(CALENDAR, ".notice.good");
  assert.match(first, /2 nya utkast/);
  assert.match(first, /Rad 16: det är varken en dag eller ett klockslag/);
  await looksGood(leader, "ahead-calendars");
  assert.match(await takeIn(CALENDAR, ".notice.good"), /0 nya utkast.*2 oförändrade/);
  assert.match(await takeIn(CALENDAR.slice(0, 200), ".notice.bad"), /filen slutar mitt i/);

  await leader.goto(`${demo.web}/ahead`);
  await looksGood(leader, "ahead-list");
  await leader.locator("a", { hasText: "Spolning av ledningar, Norra hamnen" }).first().click();
  await leader.waitForURL(/\/ahead\/events\//);
  assert.match(await leader.locator("main").innerText(), /2026-11-10 09:00–12:00/);
  await leader.locator("form[action$='/approve'] button").click();
  await leader.waitForSelector("form[action$='/cancel']");
  await leader.goto(`${demo.web}/ahead/calendars`);
  await takeIn(CALENDAR.replace("20261110T120000", "20261110T130000"), ".notice.good");
  await leader.goto(`${demo.web}/ahead`);
  assert.match(await leader.locator("main").innerText(), /Kalendern säger något annat/);

  await leader.goto(`${demo.web}/ahead/calendars`);
  await leader.locator("form[action$='/revoke'] button").first().click();
  await leader.waitForSelector("form[action$='/revoke']", { state: "detached" });
  assert.equal((await fetch(address)).status, 410);
});

test("a meeting has an agenda, and a line of its notes becomes an event in one step", async () => {
  await leader.goto(`${demo.web}/ahead/meetings`);
  await leader.locator("summary", { hasText: "enstaka" }).click();
  await leader.selectOption("form[action='/ahead/meetings'] [name=department]", { index: 1 });
  await leader.locator("form[action='/ahead/meetings'] button.primary").click();
  await leader.waitForURL(/\/ahead\/meetings\/[0-9a-f-]{36}/);
  await leader.fill("form[action$='/items'] [name=title]", "Vintern");
  await leader.locator("form[action$='/items']:has([name=title]) button").click();
  const item = leader.locator("article", { hasText: "Vintern" });
  await item.waitFor();
  await item.locator("[name=notes]").fill("Sandupptagning 12-14 april kl 8-16");
  await item.locator("button[value=write]").click();
  await leader.locator("button", { hasText: "Gör till händelse" }).waitFor();
  await leader.fill("form[action$='/actions'] [name=what]", "Skriva om sandupptagning");
  await leader.locator("form[action$='/actions'] button").click();
  await leader.locator("li", { hasText: "Skriva om sandupptagning" }).waitFor();
  await looksGood(leader, "ahead-meeting");
  await leader.locator("button", { hasText: "Gör till händelse" }).click();
  await leader.waitForURL(/\/ahead\/events\/[0-9a-f-]{36}\/edit/);
  assert.equal(await leader.inputValue("[name=first_day]"), "2027-04-12");
  assert.equal(await leader.inputValue("[name=last_day]"), "2027-04-14");
  assert.equal(await leader.inputValue("[name=begins]"), "08:00");
  await leader.goto(`${demo.web}/tasks`);
  assert.match(await leader.locator("main").innerText(), /Skriva om sandupptagning/);
  assert.deepEqual(leader.faults.filter((fault) => !/422|410|^Applying inline style/.test(fault)), []);
});
