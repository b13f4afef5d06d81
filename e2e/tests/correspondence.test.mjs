// Letters, the contact form and the desk: a question from the web is answered by two guides who write at the same time,
// becomes a case, and a visitor gets a number. The pages are accessible, fit a telephone, and do without JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

let demo, browser, anna, karim;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  anna = await signIn(await browser.newContext({ viewport: DESK }), demo, "anna");
  karim = await signIn(await browser.newContext({ viewport: DESK }), demo, "karim");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Axe at both widths, and nothing that sticks out. */
async function sound(page, what) {
  await assertAccessible(page, what);
  await picture(page, `mail-${what.replaceAll(/[^a-z0-9]+/gi, "-")}`);
  await page.setViewportSize(PHONE);
  await assertFits(page, `${what} at 320 px`);
  await assertAccessible(page, `${what} at 320 px`);
  await picture(page, `mail-${what.replaceAll(/[^a-z0-9]+/gi, "-")}-320`);
  await page.setViewportSize(DESK);
  // axe leaves empty style attributes behind, which htmx would carry over into the next page and the CSP refuse.
  await page.reload();
}

/** Fills the contact form in without script, in the time a person takes, and gives the page that answers. */
async function ask(fields, wait_ms = 2_500) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: PHONE, locale: "sv-SE" });
  const page = await context.newPage();
  await page.goto(`${demo.web}/contact`);
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name=${name}]`);
    if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption({ label: value });
    else await field.fill(value, { force: true });
  }
  await page.waitForTimeout(wait_ms);
  await page.locator("main button[type=submit]").click();
  // Answers that are there already are shown once before a question is sent.
  const anyway = page.getByRole("button", { name: "Skicka frågan ändå" });
  if (await anyway.count()) await anyway.click();
  return page;
}

async function open(page, subject) {
  await page.goto(`${demo.web}/mail`);
  await page.locator("main table a", { hasText: subject }).first().click();
  await page.waitForURL(/\/mail\/[0-9a-f-]{36}/);
}

test("the inbox lists what waits, over due first, with the mailboxes' measures", async () => {
  await anna.goto(`${demo.web}/mail`);
  const badges = await anna.locator("#mail-list .badge").allInnerTexts();
  assert.match(badges[0], /för sent|Försenat|i dag|kvar/);
  assert.match(await anna.locator("main").innerText(), /\(av 1\)/, "a share never stands without its number");
  await sound(anna, "inbox");
});

test("a question without script waits in the inbox, and two guides write the answer together", async () => {
  const receipt = await ask({ text: "När öppnar badet i Östervik?", name: "Sigrid Strand", email: "sigrid@invanare.example" });
  const text = await receipt.locator("main").innerText();
  assert.match(text, /FR-\d{8}/);
  assert.match(text, /5 november/, "two working days");
  await receipt.context().close();

  await open(anna, "När öppnar badet");
  await anna.getByRole("button", { name: "Ta brevet" }).click();
  await eventually("Anna has it", async () => /Lämna tillbaka/.test(await anna.locator("main").innerText()));
  await sound(anna, "conversation");
  const field = (page) => page.locator("#answer-text");
  await field(anna).fill("Hej!\n\nBadet öppnar i juni.\n\nHälsningar");
  await eventually("the draft is saved", async () => /sparat/.test(await anna.locator("#draft-state").innerText()));

  await karim.goto(anna.url());
  assert.match(await field(karim).inputValue(), /Badet öppnar i juni/);
  await field(karim).focus();
  await eventually("Anna sees that Karim writes", async () => {
    await field(anna).focus();
    return /Karim.* skriver/.test(await anna.locator("#draft-writers").innerText());
  }, 20_000, 500);
  // Both change something before either has seen the other's.
  await field(anna).fill("Hej Sigrid!\n\nBadet öppnar i juni.\n\nHälsningar");
  await field(karim).fill("Hej!\n\nBadet öppnar i juni.\n\nHälsningar\nKontaktcenter");
  await eventually("both texts are in both pages", async () => {
    const texts = [await field(anna).inputValue(), await field(karim).inputValue()];
    return texts.every((one) => one.includes("Hej Sigrid!") && one.includes("\nKontaktcenter"));
  }, 30_000, 500);

  await anna.getByRole("button", { name: "Skicka", exact: true }).click();
  await eventually("the answer is in the conversation", async () =>
    /Besvarat/.test(await anna.locator("main").innerText()) && (await anna.locator("article.letter.sent").count()) === 1);
  await anna.goto(`${demo.web}/outbox`);
  const sent = await anna.locator("li", { hasText: "sigrid@invanare.example" }).filter({ hasText: "Hej Sigrid!" }).first().innerText();
  assert.match(sent, /Kontaktcenter Vikhamn/, "signed by the mailbox");
  assert.deepEqual(anna.faults, []);
});

test("a template is filled in, and a letter becomes a case that is closed with an outcome", async () => {
  await open(anna, "Trasig lampa");
  await anna.getByLabel("Mall").selectOption({ label: "Tack, vi har åtgärdat felet" });
  await anna.getByRole("button", { name: "Infoga" }).click();
  await eventually("the template is in the field", async () => /Hej Ove Lind!/.test(await anna.locator("#answer-text").inputValue()));
  assert.doesNotMatch(await anna.locator("#answer-text").inputValue(), /[{}]/);
  await anna.locator("summary", { hasText: "Gör till ärende" }).click();
  await anna.locator("#case-case_type").evaluate((select) => {
    const wanted = [...select.options].find((option) => /lys|lampa|belysning/i.test(option.textContent));
    select.value = wanted.value;
  });
  await anna.locator("#case-forward").uncheck();
  await anna.getByRole("button", { name: "Registrera" }).click();
  await eventually("the case is there", async () => /KC-\d{8}/.test(await anna.locator("main").innerText()));
  await sound(anna, "joined to a case");
});

test("spam can be put away and taken back", async () => {
  await open(anna, "Lokalbidrag");
  const address = anna.url();
  await anna.getByRole("button", { name: "Skräppost", exact: true }).click();
  await eventually("put away", async () => /Inte skräppost/.test(await anna.locator("main").innerText()));
  await anna.getByRole("button", { name: "Inte skräppost" }).click();
  await eventually("taken back", async () => /Väntar på svar/.test(await anna.locator("main").innerText()));
  assert.equal(anna.url(), address);
});

test("machines that fill the form in learn nothing and leave nothing", async () => {
  for (const [fields, wait_ms] of [[{ text: "Köp nu", email: "bot@example.org", website: "http://x.example" }, 2_500], [{ text: "Köp nu", email: "bot@example.org" }, 0]]) {
    const page = await ask(fields, wait_ms);
    assert.match(await page.locator("main").innerText(), /Tack/);
    await page.context().close();
  }
  await anna.goto(`${demo.web}/mail`);
  assert.doesNotMatch(await anna.locator("main").innerText(), /Köp nu/);
});

test("the form says what is missing, and a chosen type gives a case and a link", async () => {
  const wrong = await ask({ text: "Hål i vägen" });
  assert.match(await wrong.locator("main").innerText(), /e-post/i);
  assert.equal(await wrong.locator("[name=text]").inputValue(), "Hål i vägen", "nothing typed is lost");
  await wrong.context().close();
  const receipt = await ask({ case_type: "Gatubelysning", text: "Släckt vid torget", email: "rut@invanare.example" });
  const text = await receipt.locator("main").innerText();
  assert.match(text, /KC-\d{8}/);
  await receipt.goto(await receipt.locator("main a[href*='/s/']").getAttribute("href"));
  assert.match(await receipt.locator("main").innerText(), /KC-\d{8}/);
  await receipt.context().close();
  const page = await (await browser.newContext({ viewport: DESK })).newPage();
  await page.goto(`${demo.web}/contact`);
  await sound(page, "contact form");
  await page.context().close();
});

test("a visitor gets a number, is called, and is logged like a call; the screen shows numbers only", async () => {
  await anna.goto(`${demo.web}/desk`);
  await anna.getByRole("button", { name: /^A · / }).click();
  await eventually("the ticket", async () => /A1/.test(await anna.locator("main").innerText()));
  await sound(anna, "ticket");
  await anna.goto(`${demo.web}/desk`);
  await anna.locator("#next-desk").fill("2");
  const screen = await (await browser.newContext({ viewport: DESK })).newPage();
  await screen.goto(`${demo.web}/desk/screen`);
  await anna.getByRole("button", { name: "Ropa upp nästa" }).click();
  await eventually("the screen shows it", async () => /A1\s+Disk 2/.test(await screen.locator("main").innerText()));
  await sound(screen, "screen");
  await sound(anna, "desk");
  await anna.locator("#visit-case_type").evaluate((select) => (select.value = select.options[1].value));
  await anna.locator("#visit-outcome").selectOption("solved");
  await anna.getByRole("button", { name: "Klar", exact: true }).click();
  await eventually("served", async () => /1 fick hjälp/.test(await anna.locator("main").innerText()));
  await screen.context().close();
  assert.deepEqual(anna.faults, []);
});

test("mailboxes and templates are set up by who leads the hour, and refused with words", async () => {
  const leader = await signIn(await browser.newContext({ viewport: DESK }), demo, "trafik1");
  await leader.goto(`${demo.web}/mail/settings`);
  await sound(leader, "settings");
  await leader.locator("summary", { hasText: "Ny mall" }).click();
  const form = leader.locator("form[action='/mail/settings/templates']").last();
  await form.locator("[name=name]").fill("Fel mall");
  await form.locator("[name=text]").fill("Hej {nam}!");
  await form.getByRole("button", { name: "Spara" }).click();
  await eventually("refused", async () => /\{nam\}/.test(await leader.locator(".field-error").innerText()));
  await leader.context().close();
});
