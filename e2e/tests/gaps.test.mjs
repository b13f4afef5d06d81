// What is searched and missed: a guide searches in vain, the coach finds it among the gaps, makes it a task, teaches the search
// a synonym, and then it is found. No personal data is left of what was typed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

let demo, browser, context, guide, coach;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  context = await browser.newContext({ locale: "sv-SE", viewport: DESK });
  guide = await signIn(context, demo, "anna");
  const other = await browser.newContext({ locale: "sv-SE", viewport: DESK });
  coach = await signIn(other, demo, "coach");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Types in the guide's search box and waits until what was typed has been kept. */
async function searches(query) {
  const box = guide.locator("#knowledge-search");
  const kept = guide.waitForResponse((response) => response.url().endsWith("/knowledge/searched"));
  await box.fill("");
  await box.pressSequentially(query, { delay: 5 });
  await kept;
}

const rows = (page) => page.locator("main table tbody tr");

test("a search miss becomes a task, then a synonym, and is found", async () => {
  await guide.goto(`${demo.web}/guide`);
  await searches("xylofonverkstad Anna Andersson 19850101-1234");
  await searches("xylofonverkstaden");
  await eventually("the gap", async () => {
    await coach.goto(`${demo.web}/knowledge/gaps`);
    return (await rows(coach).filter({ hasText: "xylofonverkstad" }).count()) === 1;
  });
  const row = rows(coach).filter({ hasText: "xylofonverkstad" });
  const text = await coach.locator("main").innerText();
  assert.doesNotMatch(text, /Anna|Andersson|1985|1234/);
  assert.match(await row.innerText(), /Ingen träff/);
  assert.match(await row.innerText(), /2/);
  await assertAccessible(coach, "the gaps");
  await picture(coach, "gaps");
  await coach.setViewportSize(PHONE);
  await assertFits(coach, "the gaps at 320 px");
  await assertAccessible(coach, "the gaps at 320 px");
  await picture(coach, "gaps-320");
  await coach.setViewportSize(DESK);

  // By keyboard: one press makes it the coach's own task.
  await row.locator("button").focus();
  await coach.keyboard.press("Enter");
  await coach.waitForURL(/\/knowledge\/gaps\/[0-9a-f-]{36}/);
  assert.match(await coach.locator("main").innerText(), /Någon har den/);
  await assertAccessible(coach, "a gap");
  await picture(coach, "gap");
  await coach.setViewportSize(PHONE);
  await assertFits(coach, "a gap at 320 px");
  await coach.setViewportSize(DESK);
  const own = coach.url();
  await coach.goto(`${demo.web}/knowledge/tasks`);
  assert.match(await coach.locator("main").innerText(), /xylofonverkstad/);

  // A synonym with a fault is named; then it is taught.
  await coach.goto(own);
  await coach.locator("summary", { hasText: "synonym" }).click();
  const form = coach.locator("form[action$='/synonym']");
  await form.locator("[name=words]").fill("xylofonverkstad");
  await form.locator("[name=means]").fill("xylofonverkstad");
  await form.locator("button").press("Enter");
  await coach.waitForSelector("#synonym-words-fault");
  assert.match(await coach.locator("#synonym-words-fault").innerText(), /två gånger/);
  await coach.locator("form[action$='/synonym'] [name=means]").fill("bygglov");
  await coach.locator("form[action$='/synonym'] button").press("Enter");
  await coach.waitForSelector("section[aria-labelledby=helped-heading] li >> nth=1");
  const helped = await coach.locator("section[aria-labelledby=helped-heading]").innerText();
  assert.match(helped, /Synonym: xylofonverkstad, bygglov/);
  assert.match(helped, /För tidigt att säga/);
  await assertAccessible(coach, "a gap that was acted upon");
  await picture(coach, "gap-acted");

  await eventually("the search has learnt it", async () => {
    await guide.goto(`${demo.web}/guide`);
    await searches("xylofonverkstad");
    await guide.waitForSelector("#knowledge-hits summary", { timeout: 3000 }).catch(() => {});
    return /bygglov/i.test(await guide.locator("#knowledge-hits").innerText());
  });
  // What is opened is kept, too.
  const opened = guide.waitForResponse((response) => response.url().endsWith("/knowledge/opened"));
  await guide.locator("#knowledge-hits summary").first().click();
  assert.equal((await opened).status(), 200);
  assert.match(await guide.locator("#search-mark").inputValue(), /^[0-9a-f-]{36}$/);
  assert.deepEqual(guide.faults, []);
  assert.deepEqual(coach.faults.filter((fault) => !/422/.test(fault)), [], "but for the fault that was meant");
});

test("a gap leads to an article prefilled with the question", async () => {
  await guide.goto(`${demo.web}/guide`);
  await searches("quaggaflock");
  await eventually("the gap", async () => {
    await coach.goto(`${demo.web}/knowledge/gaps`);
    return await rows(coach).filter({ hasText: "quaggaflock" }).count();
  });
  await rows(coach).filter({ hasText: "quaggaflock" }).locator("th a").click();
  await coach.waitForURL(/\/knowledge\/gaps\//);
  await coach.locator("form[action='/knowledge/new'] button").click();
  await coach.waitForSelector("main form [name=title]");
  const values = await coach.locator("main form input[type=text]").evaluateAll((inputs) => inputs.map((input) => input.value));
  assert.ok(values.some((value) => /quaggaflock/.test(value)), values.join(" | "));
  assert.match(await coach.locator("main form input[name=gap]").first().inputValue(), /^[0-9a-f-]{36}$/);
});

test("synonyms without script, and what nothing needs to be done about", async () => {
  const plain = await browser.newContext({ viewport: DESK, javaScriptEnabled: false, locale: "sv-SE" });
  const page = await signIn(plain, demo, "coach");
  await page.goto(`${demo.web}/knowledge/synonyms`);
  await assertFits(page, "the synonyms");
  await page.fill("[name=words]", "plåtbur");
  await page.fill("[name=means]", "bygglov");
  await page.check("[name=one_way]");
  await page.locator("button[value=try]").click();
  assert.match(await page.locator("main [role=status]").innerText(), /bygglov/i);
  await page.locator("button[value=save]").click();
  await page.waitForURL(/\/knowledge\/synonyms$/);
  const line = rows(page).filter({ hasText: "plåtbur" });
  assert.match(await line.innerText(), /Åt ena hållet/);
  await line.locator("form button").click();
  await page.waitForLoadState();
  assert.equal(await rows(page).filter({ hasText: "plåtbur" }).count(), 0);

  await page.goto(`${demo.web}/knowledge/gaps`);
  await rows(page).filter({ hasText: "quaggaflock" }).locator("th a").click();
  await page.locator("form[action$='/dismiss'] button").click();
  await page.waitForURL(/\/knowledge\/gaps$/);
  assert.equal(await rows(page).filter({ hasText: "quaggaflock" }).count(), 0);
  await page.goto(`${demo.web}/knowledge/gaps?view=dismissed`);
  assert.equal(await rows(page).filter({ hasText: "quaggaflock" }).count(), 1);
  await plain.close();

  // Guides see the gaps and take them on; synonyms are the editors'.
  await guide.goto(`${demo.web}/knowledge/synonyms`);
  assert.equal(await guide.locator("main form[action^='/knowledge/synonyms']").count(), 0);
  await assertAccessible(guide, "the synonyms as a guide sees them");
});
