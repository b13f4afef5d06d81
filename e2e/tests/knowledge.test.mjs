// An article's whole life by keyboard alone: written, reviewed by another, published, found during a call, said to be
// wrong, which becomes a task; rewritten, compared, restored, archived. And two who write at once lose no word.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

let demo, browser;
const people = {};

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  for (const name of ["anna", "karim", "coach"]) {
    const context = await browser.newContext({ locale: "sv-SE", viewport: DESK });
    people[name] = await signIn(context, demo, name);
  }
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Moves the focus with Tab until it is on what is looked for, as somebody without a mouse does. */
async function tabTo(page, locator, presses_max = 150) {
  await locator.waitFor();
  for (let press = 0; press < presses_max; press += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return locator;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${locator} cannot be reached by keyboard`);
}

/** Presses Enter on what is looked for, and waits until the address is another or fits. */
async function enter(page, locator, address) {
  await tabTo(page, locator);
  await page.keyboard.press("Enter");
  if (address) await page.waitForURL(address);
}

async function write(page, locator, text) {
  await tabTo(page, locator);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** A day is typed in the order in which the browser asks for its parts. */
async function writeDay(page, locator, day) {
  const [year, month, date] = day.split("-");
  for (const typed of [`${year}\t${month}${date}`, `${year}${month}${date}`, `${month}${date}${year}`, `${date}${month}${year}`]) {
    await tabTo(page, locator);
    for (const sign of typed) await page.keyboard.press(sign === "\t" ? "Tab" : sign);
    if ((await locator.inputValue()) === day) return;
    // Back to the field's first part.
    await locator.evaluate((element) => element.blur());
    await page.locator("h1").focus();
  }
  throw new Error(`${day} could not be typed, the field holds ${await locator.inputValue()}`);
}

const main = (page) => page.locator("main");
const button = (page, name) => main(page).getByRole("button", { name, exact: true }).first();
const link = (page, name) => main(page).getByRole("link", { name }).first();

/** Accessible, and nothing sticks out on a telephone. */
async function sound(page, what) {
  await assertAccessible(page, what);
  await picture(page, `knowledge-${what.replaceAll(" ", "-")}`);
  await page.setViewportSize(PHONE);
  await assertFits(page, `${what} at 320 px`);
  await picture(page, `knowledge-${what.replaceAll(" ", "-")}-320`);
  await page.setViewportSize(DESK);
  // axe leaves empty style attributes behind; what is swapped in later would take them over, which the CSP refuses.
  await page.evaluate(() => document.querySelectorAll('[style=""]').forEach((element) => element.removeAttribute("style")));
}

test("an article's life by keyboard", async () => {
  const { anna, karim, coach } = people;
  const tag = "Kvarnhjulsdagen";

  // Written, looked at before it is saved, and sent to be reviewed.
  await anna.goto(`${demo.web}/knowledge`);
  await sound(anna, "the list");
  await enter(anna, link(anna, "Ny artikel"), /\/knowledge\/new$/);
  await write(anna, anna.locator("#article-title"), `När är ${tag}?`);
  await write(anna, anna.locator("#article-answer"), "Första lördagen i maj, klockan 10 till 16.");
  await write(anna, anna.locator("#article-body"), "1. Säg tiden.\n2. Berätta om bussen.\n\nParkering finns **inte** vid kvarnen.");
  await write(anna, anna.locator("#article-approach"), "Fråga om de kommer med bil: vägen är avstängd.");
  await writeDay(anna, anna.locator("#article-review_day"), "2027-04-01");
  await write(anna, anna.locator("#article-keywords"), "kvarn, kvarnen, marknad");
  await write(anna, anna.locator("#link_title_0"), "Programmet");
  await write(anna, anna.locator("#link_url_0"), "javascript:alert(1)");
  await enter(anna, button(anna, "Förhandsvisa"));
  await anna.locator("#preview ol li").first().waitFor();
  assert.match(await anna.locator("#preview").innerText(), /Berätta om bussen/);
  await enter(anna, button(anna, "Spara och be om granskning"));
  await anna.locator(".field-error").waitFor();
  assert.match(await anna.locator(".field-error").innerText(), /https:\/\//);
  assert.equal(await anna.locator("#article-answer").inputValue(), "Första lördagen i maj, klockan 10 till 16.");
  await sound(anna, "the form with a fault");
  await write(anna, anna.locator("#link_url_0"), "https://vikhamn.example/kvarnen");
  await enter(anna, button(anna, "Spara och be om granskning"), /\/versions\/1$/);
  assert.match(await main(anna).innerText(), /Väntar på granskning/);
  assert.equal(await button(anna, "Godkänn som granskad").count(), 0, "a guide does not review");
  await sound(anna, "a draft");
  const address = new URL(anna.url()).pathname.replace(/\/versions\/1$/, "");
  assert.equal(address, "/knowledge/nar-ar-kvarnhjulsdagen");

  // Nobody finds it until somebody else has reviewed it and it is published.
  await coach.goto(`${demo.web}/knowledge?view=waiting`);
  await enter(coach, link(coach, `När är ${tag}?`), /kvarnhjulsdagen$/);
  await enter(coach, button(coach, "Godkänn som granskad"));
  await enter(coach, button(coach, "Publicera"));
  await button(coach, "Stämmer fortfarande").waitFor();
  await sound(coach, "a published article");

  // Found during a call, read without leaving the page, and said to be wrong.
  await karim.goto(`${demo.web}/guide`);
  await karim.evaluate(() => (globalThis.here = true));
  await write(karim, karim.locator("#knowledge-search"), "kvarnhjulsdag");
  const hit = karim.locator(".search-results li", { hasText: tag }).first();
  await enter(karim, hit.locator("summary").first());
  assert.match(await hit.innerText(), /Fråga om de kommer med bil/);
  assert.match(await hit.innerText(), /Berätta om bussen/);
  assert.equal(await hit.locator(".article-links a").getAttribute("target"), "_blank");
  await sound(karim, "a found article");
  await enter(karim, hit.locator(".feedback summary"));
  await enter(karim, hit.getByRole("button", { name: "Skicka till ägaren" }));
  await hit.locator(".field-error").waitFor();
  await write(karim, hit.locator("textarea"), "Den börjar klockan 11.");
  await enter(karim, hit.getByRole("button", { name: "Skicka till ägaren" }));
  await hit.locator(".feedback-done").waitFor();
  assert.match(await hit.locator(".feedback-done").innerText(), /uppgift för artikelns ägare/);
  assert.equal(await karim.evaluate(() => globalThis.here), true, "no page was loaded: a call would have been dropped");

  // A task for its owner, who mends it.
  await anna.goto(`${demo.web}/knowledge`);
  await enter(anna, link(anna, /Mina uppgifter \(\d+\)/), /\/knowledge\/tasks$/);
  const task = main(anna).locator("li", { hasText: "Den börjar klockan 11." }).first();
  await task.waitFor();
  await sound(anna, "the tasks");
  await enter(anna, task.getByRole("link", { name: `När är ${tag}?` }), /kvarnhjulsdagen$/);
  await enter(anna, link(anna, "Redigera"), /\/edit$/);
  await write(anna, anna.locator("#article-answer"), "Första lördagen i maj, klockan 11 till 16.");
  await write(anna, anna.locator("#article-note"), "Ny tid");
  await enter(anna, button(anna, "Spara utkast"), /\/versions\/2$/);
  assert.match(await main(anna).innerText(), /Så länge läses version 1/);
  await enter(anna, main(anna).locator(".notice a", { hasText: "Jämför" }), /\/compare/);
  assert.match(await anna.locator(".word-diff del").innerText(), /10/);
  assert.match(await anna.locator(".word-diff ins").innerText(), /11/);
  await sound(anna, "the comparison");

  // What was said before comes back, and then the better text again.
  await enter(anna, button(anna, "Återställ version 1"));
  await eventually("version 1 is what is read, and nothing waits", async () => /Version 3/.test(await main(anna).innerText()));
  assert.match(await main(anna).innerText(), /klockan 10 till 16/);
  await enter(anna, main(anna).getByRole("button", { name: "Återställ Version 2" }), /\/versions\/4$/);
  assert.match(await main(anna).innerText(), /klockan 11 till 16/);
  await enter(anna, button(anna, "Be om granskning"));
  await main(anna).locator(".badge", { hasText: "Väntar på granskning" }).waitFor();
  await anna.goto(`${demo.web}/knowledge/tasks`);
  await enter(anna, task.getByRole("button", { name: "Klart" }));
  await task.waitFor({ state: "detached" });

  // Published anew it is found with its new words; a comment; archived it is not found.
  await coach.goto(`${demo.web}${address}/versions/4`);
  await write(coach, coach.locator("#comment-note"), "Bra att tiden är rättad.");
  await enter(coach, button(coach, "Kommentera"));
  await coach.locator("#comments", { hasText: "Bra att tiden är rättad." }).waitFor();
  await enter(coach, button(coach, "Godkänn som granskad"));
  await enter(coach, button(coach, "Publicera"));
  await button(coach, "Stämmer fortfarande").waitFor();
  const searched = async () => {
    await karim.reload();
    await karim.locator("#knowledge-search").fill("kvarnhjulsdag");
    await karim.locator("#knowledge-hits > *").first().waitFor();
    return karim.locator("#knowledge-hits").innerText();
  };
  await eventually("the new words are found", async () => /klockan 11/.test(await searched()));
  await enter(coach, button(coach, "Arkivera"));
  await main(coach).locator(".notice", { hasText: "arkiverad" }).waitFor();
  await eventually("an archived article is not found", async () => !/klockan 11/.test(await searched()));
  for (const page of Object.values(people)) assert.deepEqual(page.faults.filter((fault) => !/422|409/.test(fault)), []);
});

test("two who write at once lose no word", async () => {
  const { anna, coach } = people;
  await anna.goto(`${demo.web}/knowledge/new`);
  await anna.fill("#article-title", "Samtidigt skrivet");
  await anna.fill("#article-answer", "Ett svar.");
  await button(anna, "Spara utkast").click();
  await anna.waitForURL(/\/versions\/1$/);
  const edit = anna.url().replace(/\/versions\/1$/, "/edit");
  await coach.goto(edit);
  await anna.goto(edit);
  await anna.fill("#article-answer", "Ett svar som Anna har rättat.");
  await button(anna, "Spara utkast").click();
  await anna.waitForURL(/\/versions\/2$/);
  await coach.fill("#article-answer", "Ett svar som coachen har rättat.");
  await button(coach, "Spara utkast").click();
  await coach.locator("#overtaken-heading").waitFor();
  const told = await main(coach).innerText();
  assert.match(told, /sparade version 2 medan du skrev/);
  assert.match(told.replaceAll(/\s+/g, " "), /Ett svar som \[borttaget: Anna \] \[tillagt: coachen \] har rättat/);
  assert.equal(await coach.locator("#article-answer").inputValue(), "Ett svar som coachen har rättat.");
  await sound(coach, "two texts");
  await coach.fill("#article-answer", "Ett svar som Anna och coachen har rättat.");
  await button(coach, "Spara utkast").click();
  await coach.waitForURL(/\/versions\/3$/);
  assert.match(await main(coach).innerText(), /Anna och coachen/);
});

test("an article is begun from a case in one step, and names nobody", async () => {
  const { anna } = people;
  await anna.goto(`${demo.web}/cases`);
  await main(anna).locator("a", { hasText: /^KC-/ }).first().click();
  await anna.waitForURL(/\/cases\/[0-9a-f-]+/);
  await link(anna, "Skriv kunskapsartikel").click();
  await anna.waitForURL(/\/knowledge\/new\?from=KC-/);
  assert.notEqual(await anna.locator("#article-title").inputValue(), "");
  assert.notEqual(await anna.locator("#article-case_type").inputValue(), "");
  assert.equal(await anna.locator("#article-answer").inputValue(), "");
});
