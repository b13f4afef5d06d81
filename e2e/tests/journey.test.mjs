// The main job from ring to receipt: a resident calls, a guide answers, logs, forwards; an officer answers; the resident
// sees it. And when the officer does not answer: reminders, and on day 7 a call task.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { place } from "../lib/caller.mjs";
import { makeReady, telephone } from "../lib/guide.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

const RESIDENT = "+46701740777";
const ADDRESS = "sigrid.strand@invanare.example";
const KEY_STROKES_MAX = 6;

let demo, browser, context, page;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  context = await browser.newContext({ permissions: ["microphone"], locale: "sv-SE", viewport: DESK });
  page = await signIn(context, demo, "anna");
  await page.goto(`${demo.web}/guide`);
  await telephone(page, "ready");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function answerNext() {
  await makeReady(page);
  const call = await place(demo.sip, { from: RESIDENT });
  call.tone(600);
  await telephone(page, "ringing");
  return call;
}

/** The newest message in the outbox whose text holds `part`. */
function message(part) {
  return eventually(`a message with ${part}`, async () => {
    const outbox = await context.newPage();
    try {
      await outbox.goto(`${demo.web}/outbox`);
      const found = outbox.locator("li", { has: outbox.locator(".message-body"), hasText: part }).first();
      if (!(await found.count())) return null;
      return { text: await found.innerText(), links: await found.locator(".message-body a").allInnerTexts() };
    } finally {
      await outbox.close();
    }
  });
}

/** What the resident's card says, as the next call shows it. */
async function logged() {
  const call = await answerNext();
  await eventually("the card shows earlier contacts", async () => /Soph|Grov/.test(await page.locator("#resident-card").innerText()));
  const text = await page.locator("#resident-card").innerText();
  call.hangUp();
  await telephone(page, "ready");
  return text;
}

/** Picks a choice of the type-ahead that stands for select `name` in `form`, by typing. */
async function choose(form, label, typed) {
  const box = page.locator(`${form} [role=combobox]`).first();
  await box.click();
  await box.fill("");
  await page.keyboard.type(typed);
  await page.locator(`${form} [role=option]`).first().waitFor();
  await page.keyboard.press("Enter");
}

test("a simple question is logged with at most six key strokes after hang-up", async () => {
  const call = await answerNext();
  await eventually("who calls shows before the answer", async () =>
    /174 ?07 ?77/.test(await page.locator(".pane-contact").innerText()),
  );
  await picture(page, "guide-ringing");
  await page.keyboard.press("F8");
  await telephone(page, "talking");
  await call.hears("the resident hears the guide");
  await assertAccessible(page, "the guide's page in a call");
  call.hangUp();
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest("#log-form") !== null && document.activeElement?.getAttribute("role"));
  await eventually("the log form has the focus", async () => (await focused()) === "combobox");
  await assertAccessible(page, "the guide's page after a call");
  const keys = ["g", "r", "o", "Enter", "1", "Enter"];
  for (const key of keys) await page.keyboard.press(key);
  assert.ok(keys.length <= KEY_STROKES_MAX);
  await page.locator(".own-state.ready").waitFor();
});

test("type and outcome in one: six key strokes and the contact is logged", async () => {
  const call = await answerNext();
  await page.keyboard.press("F8");
  await telephone(page, "talking");
  call.hangUp();
  await eventually("the log form has the focus", () =>
    page.evaluate(() => document.activeElement?.closest("#log-form") !== null && document.activeElement?.getAttribute("role") === "combobox"),
  );
  const keys = ["s", "o", "p", " ", "l", "Enter"];
  for (const key of keys) await page.keyboard.press(key);
  assert.ok(keys.length <= KEY_STROKES_MAX);
  await page.locator(".own-state.ready").waitFor();
  const card = await logged();
  assert.match(card, /Sophämtning/);
});

test("a contact is logged during the call, and one press is left after it", async () => {
  const call = await answerNext();
  await page.keyboard.press("F8");
  await telephone(page, "talking");
  await page.locator("#log-form [role=combobox]").waitFor();
  await page.keyboard.press("F2");
  for (const key of ["g", "r", "o", "Enter", "1", "Enter"]) await page.keyboard.press(key);
  await page.locator("#log-form[data-logged]").waitFor();
  await telephone(page, "talking");
  await assertAccessible(page, "a contact logged during the call");
  call.hangUp();
  await eventually("the way on has the focus", () =>
    page.evaluate(() => document.activeElement?.getAttribute("value") === "wrap_up_done"),
  );
  await page.keyboard.press("Enter");
  await page.locator(".own-state.ready").waitFor();
});

test("a case is registered, forwarded, answered by the officer, and the resident sees it", async () => {
  const call = await answerNext();
  await page.keyboard.press("F8");
  await telephone(page, "talking");
  const card = page.locator("#resident-card");
  await eventually("the earlier contact is on the card", async () => /Grov/i.test(await card.innerText()));
  await picture(page, "guide-talking");

  // The resident's e-mail, so that they can be told.
  await card.locator("details summary").first().click();
  await card.locator("#resident-email").fill(ADDRESS);
  await card.locator("form[action^='/residents/'] button[type=submit]").click();
  await eventually("the address is on the card", async () => (await card.innerText()).includes(ADDRESS));
  await telephone(page, "talking");
  call.hangUp();

  await page.locator("#case-form-box summary").click();
  await choose("#case-form", "type", "gatubel");
  await page.locator("#case-form [name=title]").fill("Släckt lampa vid busshållplatsen");
  await page.locator("#case-form [name=description]").fill("Tre lyktor i rad är släckta på Strandvägen.");
  await page.locator("#case-form button.primary").click();

  const letter = await message("/o/");
  const link = letter.links.find((address) => address.includes("/o/"));
  assert.ok(link, `the officer's letter has a link: ${letter.text}`);
  const officer = await browser.newContext({ viewport: DESK });
  const desk = await officer.newPage();
  await desk.goto(link);
  await assertAccessible(desk, "the officer's page");
  assert.match(await desk.locator("main").innerText(), /Tre lyktor i rad/);
  // A mail scanner that follows the link answers nothing.
  await desk.reload();
  const done = desk.locator("form", { has: desk.locator("input[value=done]") });
  await done.locator("textarea[name=text]").fill("Lamporna är bytta i dag. <b>Tack</b> för att du sa till.");
  await done.locator("button").click();
  await assertAccessible(desk, "the officer's page after the answer");
  assert.match(await desk.locator("main").innerText(), /Tack/);
  await desk.goto(link);
  assert.equal(await desk.locator("input[value=done]").count(), 0, "what is answered is not asked again");
  await officer.close();

  const told = await message("/s/");
  assert.ok(told.text.includes(ADDRESS));
  const status = told.links.find((address) => address.includes("/s/"));
  const resident = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
  const view = await resident.newPage();
  await view.goto(status);
  const words = await view.locator("main").innerText();
  assert.match(words, /Du har fått ett svar/);
  for (const secret of [ADDRESS, RESIDENT, "Lamporna är bytta", "Tre lyktor i rad", "Släckt lampa"]) {
    assert.ok(!(await view.content()).includes(secret), `no ${secret} on the status page`);
  }
  await assertFits(view, "the status page");
  await picture(view, "status-320");
  // What has been written is read with a code sent to the address we know.
  await view.locator("main form button.primary").click();
  await view.locator("form", { has: view.locator("input[value=email]") }).locator("button").click();
  const proof = (await message("Din kod är")).text.match(/Din kod är (\d{6})/)[1];
  await view.locator("#proof-code").fill(proof);
  await view.locator("#proof button.primary").click();
  assert.match(await view.locator("main").innerText(), /Lamporna är bytta i dag\. <b>Tack<\/b>/);
  assert.ok(!(await view.content()).includes(ADDRESS), "not even here in full");
  await resident.close();
  const english = await browser.newContext({ locale: "en-GB" });
  const again = await english.newPage();
  await again.goto(status);
  await assertAccessible(again, "the status page");
  await again.goto(`${status.slice(0, -4)}AAAA`);
  assert.match(await again.locator("h1").innerText(), /.+/, "a forged link gets a page of its own");
  await assertAccessible(again, "the page of a forged link");
  await english.close();
});

test("an officer who does not answer is reminded, and on day 7 the contact centre has a call task", async () => {
  const call = await answerNext();
  await page.keyboard.press("F8");
  await telephone(page, "talking");
  call.hangUp();
  await page.locator("#case-form-box summary").click();
  await choose("#case-form", "type", "bygglov");
  await page.locator("#case-form [name=title]").fill("Bygglov för altan");
  await page.locator("#case-form button.primary").click();
  await eventually("the case is forwarded", async () => (await page.locator(".own-state.ready").count()) > 0);
  await page.goto(`${demo.web}/tasks`);
  const before = await page.locator("main").innerText();
  assert.ok(!before.includes("Bygglov för altan"));
  await page.locator("form[action='/demo/clock'] button").last().click();
  await message("Påminnelse");
  await eventually("the call task", async () => {
    await page.goto(`${demo.web}/tasks`);
    return (await page.locator("main").innerText()).includes("Bygglov för altan");
  });
  await assertAccessible(page, "the tasks");
  await picture(page, "tasks");
});
