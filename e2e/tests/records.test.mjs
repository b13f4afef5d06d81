// Secrecy between boards, a protected card and the log of openings, as guides and the manager meet them. gabriel has no
// access to the social board; anna has.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { startDemo } from "../lib/lots.mjs";

let demo, browser, anna, gabriel, chef, path;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  const page = async (name) => {
    const context = await browser.newContext({ permissions: ["microphone"], locale: "sv-SE", viewport: DESK, acceptDownloads: true });
    return signIn(context, demo, name);
  };
  anna = await page("anna");
  gabriel = await page("gabriel");
  chef = await page("chef");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** As it is at 1440 and 320 pixels, for axe and for whoever looks at the pictures. */
async function look(page, name) {
  await assertAccessible(page, name);
  await picture(page, name);
  await page.setViewportSize(PHONE);
  await assertFits(page, `${name} at 320 px`);
  await assertAccessible(page, `${name} at 320 px`);
  await picture(page, `${name}-320`);
  await page.setViewportSize(DESK);
}

test("a guide without access sees a stub and leaves a message, which those with access get", async () => {
  await anna.goto(`${demo.web}/cases/new`);
  await anna.locator("form [role=combobox]").first().click();
  await anna.keyboard.type("ekonomiskt");
  await anna.locator("[role=option]").first().waitFor();
  await anna.keyboard.press("Enter");
  await anna.locator("#new-title").fill("Kylskåpet är tomt");
  await anna.locator("#new-telephone").fill("070-174 07 98");
  await Promise.all([anna.waitForURL(/\/cases\/[0-9a-f-]{36}/), anna.locator("form.card button.primary").click()]);
  path = new URL(anna.url()).pathname;
  assert.match(await anna.locator("main").innerText(), /Kylskåpet är tomt/);

  await gabriel.goto(demo.web + path);
  const stub = await gabriel.locator("main").innerText();
  assert.match(stub, /Förseglat ärende/);
  assert.match(stub, /KC-\d+/);
  assert.doesNotMatch(stub, /Kylskåpet|070-174 07 98|Ekonomiskt/);
  await look(gabriel, "sealed-case");
  await gabriel.goto(`${demo.web}/cases?filter=all`);
  assert.doesNotMatch(await gabriel.locator("main").innerText(), /Kylskåpet/);

  await gabriel.goto(demo.web + path);
  await gabriel.locator("#sealed-message").fill("Har ringt igen, vill bli uppringd i dag.");
  await gabriel.locator("form[action$='/hand-over'] button.primary").click();
  await gabriel.getByText("Meddelandet är lämnat").waitFor();
  await anna.goto(demo.web + path);
  assert.match(await anna.locator("main").innerText(), /Har ringt igen, vill bli uppringd i dag/);
  await anna.goto(`${demo.web}/tasks`);
  assert.match(await anna.locator("main").innerText(), /Läs meddelandet/);
});

test("the manager grants a board, which opens the case and is written down", async () => {
  await chef.goto(`${demo.web}/records/access`);
  const row = chef.locator("details", { hasText: "Gabriel Okafor" });
  await row.locator("summary").click();
  await row.getByLabel("Socialnämnden").check();
  await row.locator("button[type=submit]").click();
  await chef.getByText("Fick behörighet till Socialnämnden").first().waitFor();
  await look(chef, "board-access");
  await gabriel.goto(demo.web + path);
  assert.match(await gabriel.locator("main").innerText(), /Kylskåpet är tomt/);
});

test("a protected card is closed until a reason is stated, and is found by nobody", async () => {
  await anna.goto(demo.web + path);
  await anna.locator("main a[href^='/residents/']").first().click();
  await anna.waitForURL(/\/residents\//);
  const card = new URL(anna.url()).pathname;
  const protect = anna.locator("form[action$='/protect']");
  await anna.locator("details", { has: protect }).locator("summary").click();
  await protect.locator("button").click();
  await anna.getByText("Varför öppnar du kortet?").waitFor();
  assert.doesNotMatch(await anna.locator("main").innerText(), /070-174 07 98/);
  await look(anna, "protected-card");
  await anna.locator("#protected-reason").fill("  ");
  await anna.locator("form[action$='/open'] button").click();
  await anna.locator("#protected-reason").fill("Ringer själv om sitt ärende");
  await anna.locator("form[action$='/open'] button").click();
  await anna.getByText("Kortet är öppet för dig en stund").waitFor();
  assert.equal(await anna.locator("#resident-telephone").inputValue(), "+46701740798");
  // Somebody else's reason opens nothing for others; nor does the case tell the number.
  await gabriel.goto(demo.web + card);
  await gabriel.getByText("Varför öppnar du kortet?").waitFor();
  await gabriel.goto(demo.web + path);
  assert.doesNotMatch(await gabriel.locator("main").innerText(), /174 07 98/);
});

test("the manager goes through who opened what; each sees their own", async () => {
  await chef.goto(`${demo.web}/records/openings`);
  const review = await chef.locator("main").innerText();
  assert.match(review, /Gabriel Okafor/);
  assert.match(review, /förseglat/);
  await look(chef, "openings");
  await gabriel.goto(`${demo.web}/account/openings`);
  const own = await gabriel.locator("main").innerText();
  assert.match(own, /Ärende KC-/);
  assert.doesNotMatch(own, /Anna Lindqvist/);
});

test("the diary is whole, masked and a file", async () => {
  await chef.goto(`${demo.web}/records/diary`);
  await chef.selectOption("#diary-board", "Socialnämnden");
  await chef.locator("form[action='/records/diary'] button.primary").click();
  await chef.waitForURL(/board=/);
  assert.match(await chef.locator("main").innerText(), /sekretess|KC-/);
  await look(chef, "diary");
  const [file] = await Promise.all([chef.waitForEvent("download"), chef.getByRole("button", { name: "CSV" }).click()]);
  assert.match(file.suggestedFilename(), /^diarium-2026-11-03\.csv$/);
});

test("what is kept about a resident is an archive to hand over", async () => {
  await chef.goto(demo.web + path);
  await chef.locator("main a[href^='/residents/']").first().click();
  await chef.locator("#protected-reason").fill("Begäran om registerutdrag, dnr 2026-118");
  await chef.locator("form[action$='/open'] button").click();
  await chef.getByText("Kortet är öppet för dig en stund").waitFor();
  const take = chef.locator("form[action$='/export']");
  await chef.locator("details", { has: take }).locator("summary").click();
  await look(chef, "resident-of-the-manager");
  const [archive] = await Promise.all([chef.waitForEvent("download"), take.locator("button").click()]);
  assert.match(archive.suggestedFilename(), /^registerutdrag-2026-11-03\.zip$/);
});

test("the rules of weeding are there to be read", async () => {
  await chef.goto(`${demo.web}/records/retention`);
  assert.match(await chef.locator("main").innerText(), /Gallras 2 år efter avslut/);
  await look(chef, "retention");
});
