// The officer's side in one run: a type is chosen and its terms decide; the recipient is away, so the substitute is asked; the
// letter leads to the desk, the desk to a key, the key to the case; a question to the resident, the answer, and what the
// departments' page makes of it. The officer has no JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

let demo, browser, context, page, officer;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  context = await browser.newContext({ locale: "sv-SE", viewport: DESK });
  page = await signIn(context, demo, "anna");
  officer = await browser.newContext({ locale: "sv-SE", viewport: PHONE, javaScriptEnabled: false });
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The newest message in the outbox whose text holds every one of `parts`. */
function message(...parts) {
  return eventually(`a message with ${parts}`, async () => {
    const outbox = await context.newPage();
    try {
      await outbox.goto(`${demo.web}/outbox`);
      let found = outbox.locator("li", { has: outbox.locator(".message-body") });
      for (const part of parts) found = found.filter({ hasText: part });
      if (!(await found.count())) return null;
      const newest = found.first();
      return { text: await newest.innerText(), links: await newest.locator(".message-body a").allInnerTexts() };
    } finally {
      await outbox.close();
    }
  });
}

/** Where a link of a letter leads in this demo. */
const here = (link) => demo.web + new URL(link).pathname;

/** Looks at a page at both widths, with axe. */
async function look(shown, name) {
  for (const size of [DESK, PHONE]) {
    await shown.setViewportSize(size);
    await assertFits(shown, `${name} at ${size.width} px`);
    await picture(shown, `${name}-${size.width}`);
  }
  await shown.setViewportSize(DESK);
}

/** Looks at a page of the officer's in a browser that can run axe, which one without script cannot. */
async function check(url, name) {
  const shown = await context.newPage();
  await shown.goto(url);
  await assertAccessible(shown, name);
  await look(shown, name);
  await shown.close();
}

let number, casePath;

test("the officer who is away is stood in for, and the letter says what the department wants to know", async () => {
  await page.goto(`${demo.web}/officers`);
  await page.selectOption("select[name=officer]", { label: "Kent Wallin, driftledare gata och park" });
  await page.fill("input[name=first_day]", "2026-11-02");
  await page.fill("input[name=last_day]", "2026-11-06");
  await page.getByRole("button", { name: "Lägg till", exact: true }).click();
  await page.getByText("Borta i dag").waitFor();
  await assertAccessible(page, "the officers");
  await look(page, "officers");

  await page.goto(`${demo.web}/cases/new`);
  const box = page.locator("main form[action='/cases'] [role=combobox]").first();
  await box.fill("snöröj");
  await page.locator("main form[action='/cases'] [role=option]").first().waitFor();
  await box.press("Enter");
  await page.fill("input[name=title]", "Vändplanen är inte plogad");
  await page.fill("input[name=name]", "Sigrid Strand");
  await page.fill("input[name=email]", "sigrid.strand@invanare.example");
  await Promise.all([page.waitForURL(/\/cases\/[0-9a-f-]{36}/), page.locator("main form[action='/cases'] button.primary").click()]);
  casePath = new URL(page.url()).pathname;
  number = (await page.locator("main").innerText()).match(/KC-\d{8}/)[0];
  const terms = page.locator("form[action$='/forward'] .terms");
  const said = await terms.innerText();
  assert.match(said, /Driften/);
  assert.match(said, /Ersättare, mottagaren är borta/);
  assert.match(said, /skolskjuts/);
  await picture(page, "case-terms");
  await page.locator("form[action$='/forward'] button.primary").click();
  const letter = await message(number, "driften@vikhamn.example");
  assert.match(letter.text, /- Ligger snövallen kvar/);
});

test("the desk shows numbers and days, and the key goes to the officer's own address", async () => {
  const letter = await message(number, "driften@vikhamn.example");
  const desk = await officer.newPage();
  await desk.goto(here(letter.links.find((link) => link.includes("/d/"))));
  const shown = await desk.locator("main").innerText();
  assert.match(shown, new RegExp(number));
  assert.doesNotMatch(shown, /Vändplanen|Sigrid|Snöröjning/, "a letter is passed on");
  await check(desk.url(), "officer-desk");
  await desk.getByRole("button", { name: "Mejla mig länken" }).click();
  await desk.getByText("Vi har skickat en länk").waitFor();
  const key = await message("Din sida hos kontaktcenter");
  assert.match(key.text, /driften@vikhamn\.example/);
  await desk.goto(here(key.links[0]));
  assert.match(await desk.locator("main").innerText(), /Vändplanen är inte plogad/);
  await check(desk.url(), "officer-work");
  await desk.getByRole("link", { name: `Öppna och svara ${number}` }).click();
  await desk.locator("form:has(input[value=ask_resident]) textarea").fill("Gäller det vändplanen vid skolan?");
  await check(desk.url(), "officer-answer");
  await desk.getByRole("button", { name: "Fråga invånaren" }).click();
  await desk.getByText("Du har frågat invånaren. Du får svaret").waitFor();
  await page.goto(demo.web + casePath);
  assert.match(await page.locator("main").innerText(), /Väntar på invånaren/);
  const told = await message(number, "sigrid.strand@invanare.example", "Vi väntar på dig");
  assert.doesNotMatch(told.text, /skolan/, "the question stands on the page, not in the letter");
  await desk.locator("form:has(input[value=done]) textarea").fill("Vändplanen är plogad nu.");
  await desk.getByRole("button", { name: "Skicka svaret" }).click();
  await desk.getByText("Tack, svaret är mottaget").waitFor();
  await page.goto(demo.web + casePath);
  assert.match(await page.locator("main").innerText(), /Avslutat/);
  await desk.close();
});

test("the manager changes an assignment's terms, and what cannot be is said at its field", async () => {
  const manager = await browser.newContext({ locale: "sv-SE", viewport: DESK });
  const chef = await signIn(manager, demo, "chef");
  await chef.goto(`${demo.web}/admin/terms`);
  await assertAccessible(chef, "the assignments");
  await look(chef, "terms");
  await chef.getByRole("link", { name: "Snöröjning och halka" }).click();
  await chef.waitForURL(/\/admin\/terms\//);
  await assertAccessible(chef, "an assignment's terms");
  await look(chef, "terms-one");
  // A picture leaves empty style attributes on fields, which a renewed form would take over and the CSP refuse.
  await chef.reload();
  const save = () => chef.getByRole("button", { name: "Spara villkoren" }).click();
  await chef.fill("input[name=call_task]", "1");
  await save();
  await chef.getByText("Tiderna ska komma i ordning").first().waitFor();
  await chef.fill("input[name=call_task]", "4");
  await save();
  await chef.waitForURL(/\/admin\/terms$/);
  assert.match(await chef.locator("tr", { hasText: "Snöröjning och halka" }).innerText(), /vi ringer dag 4/);
  await chef.goto(`${demo.web}/departments`);
  await assertAccessible(chef, "the departments");
  await look(chef, "departments");
  assert.match(await chef.locator("main").innerText(), /Så räknas det/);
  assert.deepEqual(chef.faults.filter((fault) => !/422/.test(fault)), []);
  await manager.close();
});
