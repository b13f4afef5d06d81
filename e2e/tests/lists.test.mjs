// Lists that answer a question, and the keyboard: saved filters, many cases at once, files, the map, live renewal; the
// palette, "next", one's own keys. Without JavaScript the lists work as well.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

let demo, browser, context, page;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  context = await browser.newContext({ permissions: ["microphone"], locale: "sv-SE", viewport: DESK, acceptDownloads: true });
  page = await signIn(context, demo, "anna");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Registers a case by the form, and gives its number. */
async function register(title, place, type = "gatubel") {
  await page.goto(`${demo.web}/cases/new`);
  await page.locator("form [role=combobox]").first().click();
  await page.keyboard.type(type);
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator("#new-title").fill(title);
  await page.locator("#new-place").fill(place);
  await page.locator("#new-telephone").fill("070-174 07 99");
  await Promise.all([page.waitForURL(/\/cases\/[0-9a-f-]{36}/), page.locator("form.card button.primary").click()]);
  return (await page.locator("main").innerText()).match(/KC-\d+/)[0];
}

test("what is reported already is hinted at while it is typed in again", async () => {
  await register("Lampan vid bryggan", "Strandvägen 12");
  await page.goto(`${demo.web}/cases/new`);
  await page.locator("form [role=combobox]").first().click();
  await page.keyboard.type("gatubel");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator("#new-place").pressSequentially("strandv. 12");
  await page.locator("#new-hints a").first().waitFor();
  assert.match(await page.locator("#new-hints").innerText(), /Lampan vid bryggan/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "new-place", "a hint takes no focus");
  await assertAccessible(page, "the form with a hint");
  await picture(page, "register-hint");
});

test("a filter is narrowed, kept, and leads back to its list", async () => {
  await page.goto(`${demo.web}/cases?view=mine`);
  assert.match(await page.locator("#case-list").innerText(), /Lampan vid bryggan/);
  await page.locator(".narrow summary").click();
  await page.selectOption("#narrow-priority", "urgent");
  await page.locator(".narrow form").first().locator("button.primary").click();
  await page.waitForURL(/priority=urgent/);
  assert.doesNotMatch(await page.locator("#case-list").innerText(), /Lampan/);
  await page.locator("#keep-filter_name").fill("Akut hos mig");
  await page.locator(".keep button").click();
  await page.waitForURL(/saved=/);
  await assertAccessible(page, "a kept list");
  await page.goto(`${demo.web}/cases`);
  await page.locator(".kept a", { hasText: "Akut hos mig" }).click();
  await page.waitForURL(/priority=urgent/);
  assert.match(await page.locator("h1").innerText(), /Akut hos mig/);
});

test("many are changed at once by keyboard, each told, and the list stands still while boxes are ticked", async () => {
  const number = await register("Lampan vid torget", "Stora torget 1");
  await page.goto(`${demo.web}/cases?view=mine`);
  const row = page.locator("#case-list tr", { hasText: number });
  await row.locator("input[type=checkbox]").focus();
  await page.keyboard.press("Space");
  await page.locator(".bulk summary").click();
  assert.match(await page.locator("#bulk-count").innerText(), /1 val/);
  // Another changes something meanwhile: the tick stays.
  const other = await signIn(await browser.newContext({ viewport: DESK }), demo, "karim");
  await other.goto(`${demo.web}/cases?view=open`);
  await other.locator("#case-list tr", { hasText: "Lampan vid bryggan" }).locator("input[type=checkbox]").check();
  await other.locator(".bulk summary").click();
  await other.selectOption("#bulk-step", "priority");
  await other.selectOption("#bulk-priority", "urgent");
  await other.locator(".bulk button.primary").click();
  await other.getByText("1 av 1 ärenden ändrades").waitFor();
  await other.context().close();
  await new Promise((go) => setTimeout(go, 2_500));
  assert.ok(await row.locator("input[type=checkbox]").isChecked(), "the list stands still");
  assert.doesNotMatch(await page.locator("#case-list").innerText(), /Akut/);
  await page.selectOption("#bulk-step", "solve");
  await page.locator(".bulk button.primary").click();
  await page.getByText("1 av 1 ärenden ändrades").waitFor();
  await assertAccessible(page, "the report of a change of many");
  await picture(page, "bulk-report");
});

test("a live list renews itself, and not while it is paused", async () => {
  await page.goto(`${demo.web}/cases?view=open`);
  const shown = () => page.locator("#case-list").innerText();
  assert.match(await shown(), /Akut/);
  const pause = page.locator("[data-live-pause=case-list]");
  await pause.click();
  const other = await signIn(await browser.newContext({ viewport: DESK }), demo, "karim");
  const setPriority = async (priority) => {
    await other.goto(`${demo.web}/cases?view=open`);
    await other.locator("#case-list tr", { hasText: "Lampan vid bryggan" }).locator("input[type=checkbox]").check();
    await other.locator(".bulk summary").click();
    await other.selectOption("#bulk-step", "priority");
    await other.selectOption("#bulk-priority", priority);
    await other.locator(".bulk button.primary").click();
    await other.getByText("1 av 1 ärenden ändrades").waitFor();
  };
  await setPriority("low");
  await new Promise((go) => setTimeout(go, 2_500));
  assert.match(await shown(), /Akut/, "paused");
  await pause.click();
  const focused = await page.evaluate(() => document.activeElement.outerHTML);
  await setPriority("high");
  await eventually("the list shows the new priority", async () => /Hög/.test(await shown()));
  assert.equal(await page.evaluate(() => document.activeElement.outerHTML), focused, "no focus is moved");
  await other.context().close();
});

test("a list is taken along as CSV and Excel", async () => {
  await page.goto(`${demo.web}/cases?view=mine`);
  for (const [format, name] of [["csv-semicolon", /\.csv$/], ["excel", /\.xlsx$/]]) {
    await page.selectOption("#export-format", format);
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".export button").click()]);
    assert.match(file.suggestedFilename(), name);
    const bytes = await readFile(await file.path());
    if (format === "excel") assert.equal(bytes.subarray(0, 2).toString(), "PK");
    else assert.match(bytes.toString("utf8"), /^\uFEFFNummer;.*\r\nKC-\d+;/);
  }
});

test("the list and the map at 1440 and 320 pixels", async () => {
  for (const path of ["/cases?view=open", "/cases/map?view=open", "/keys"]) {
    await page.setViewportSize(DESK);
    await page.goto(demo.web + path);
    await assertAccessible(page, path);
    await picture(page, `lists${path.replace(/[/?=]/g, "-")}`);
    await page.setViewportSize(PHONE);
    await assertFits(page, `${path} at 320 px`);
    await assertAccessible(page, `${path} at 320 px`);
    await picture(page, `lists${path.replace(/[/?=]/g, "-")}-320`);
  }
  await page.setViewportSize(DESK);
});

test("the palette finds a case by its number, and keys never fire in fields", async () => {
  await page.goto(`${demo.web}/cases?view=open`);
  await page.locator("#palette").waitFor({ state: "attached" });
  const number = (await page.locator("#case-list a.code").first().innerText()).trim();
  await page.locator("h1").focus();
  await page.keyboard.press("Control+k");
  const input = page.locator("#palette-input");
  await eventually("the palette has the focus", () => input.evaluate((field) => field === document.activeElement));
  await assertAccessible(page, "the palette");
  await picture(page, "palette");
  await page.keyboard.type(number);
  await page.locator("#palette-list li[data-case]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}/);
  assert.match(await page.locator("main").innerText(), new RegExp(number));

  await page.goto(`${demo.web}/cases`);
  await page.locator("#palette").waitFor({ state: "attached" });
  await page.locator("#cases-search").focus();
  await page.keyboard.type("nmtr?/");
  assert.equal(await page.locator("#cases-search").inputValue(), "nmtr?/");
  assert.equal(new URL(page.url()).pathname, "/cases");
  await page.locator("h1").focus();
  await page.keyboard.press("?");
  await page.locator("#keys-help[open]").waitFor();
  await assertAccessible(page, "the list of keys");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

test("next is one key, and can be another", async () => {
  await page.goto(`${demo.web}/board`);
  await page.locator("#palette").waitFor({ state: "attached" });
  await page.locator("h1").focus();
  await page.keyboard.press("n");
  await page.waitForURL((url) => /\/(cases|tasks|guide|mail)/.test(url.pathname) && !url.pathname.endsWith("/board"));
  await page.goto(`${demo.web}/keys`);
  await page.locator("#key-next").fill("F2");
  await page.locator(".keys-form button.primary").click();
  await page.getByText("Samma tangent som").first().waitFor();
  await page.locator("#key-next").fill("F7");
  await page.locator(".keys-form button.primary").click();
  await eventually("the key is kept", async () => (await page.locator("#key-next").inputValue()) === "F7");
  await page.goto(`${demo.web}/board`);
  await page.locator("#shortcuts [data-key=F7]").waitFor({ state: "attached" });
  await page.locator("h1").focus();
  await page.keyboard.press("n");
  assert.equal(new URL(page.url()).pathname, "/board", "the old key does nothing");
  await page.keyboard.press("F7");
  await page.waitForURL((url) => url.pathname !== "/board");
  await page.goto(`${demo.web}/keys`);
  await page.locator("form[action='/keys/reset'] button").click();
  await eventually("the keys are reset", async () => (await page.locator("#key-next").inputValue()) === "N");
});

test("lists work without JavaScript", async () => {
  const plain = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
  const view = await signIn(plain, demo, "tove");
  await view.goto(`${demo.web}/cases?view=open&priority=high`);
  assert.match(await view.locator("main").innerText(), /Lampan vid bryggan/);
  await view.locator("input[type=checkbox][name=case]").first().check();
  await view.locator(".bulk summary").click();
  await view.selectOption("#bulk-step", "assign");
  await view.locator(".bulk button.primary").click();
  assert.match(await view.locator("main").innerText(), /1 av 1 ärenden ändrades/);
  await view.goto(`${demo.web}/cases?view=mine`);
  assert.match(await view.locator("main").innerText(), /Lampan vid bryggan/);
  await plain.close();
});

test("no script or style was refused", () => {
  // Keys that clash are answered with the form and 422, which the browser notes.
  assert.deepEqual(page.faults.filter((fault) => !/status of 422/.test(fault)), []);
});
