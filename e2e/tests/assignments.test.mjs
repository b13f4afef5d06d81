// Assignments: a manager writes one, the department approves by the link in the letter, and then a guide asks "is this
// ours?"; a change is compared; what is outside is marked by one key and counted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

let demo, browser, context, manager;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  context = await browser.newContext({ locale: "sv-SE", viewport: DESK });
  manager = await signIn(context, demo, "chef");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The newest letter in the outbox with `part` in it: its text and the path of the link to `where`. */
const letter = (part, where) =>
  eventually(`a letter with ${part}`, async () => {
    const outbox = await context.newPage();
    try {
      await outbox.goto(`${demo.web}/outbox`);
      const found = outbox.locator("li", { has: outbox.locator(".message-body"), hasText: part }).first();
      if (!(await found.count())) return null;
      const links = await found.locator(".message-body a").allInnerTexts();
      return { text: await found.innerText(), path: links.find((link) => link.includes(where))?.replace(/^https?:\/\/[^/]+/, "") };
    } finally {
      await outbox.close();
    }
  });

/** Checks a page at both widths, by the eye of axe. */
async function looks(page, name) {
  await assertAccessible(page, name);
  await picture(page, name.replaceAll(" ", "-"));
  await page.setViewportSize(PHONE);
  await assertFits(page, `${name} at 320 px`);
  await assertAccessible(page, `${name} at 320 px`);
  await picture(page, `${name.replaceAll(" ", "-")}-320`);
  await page.setViewportSize(DESK);
}

const RULES = {
  does: "Tar emot bokningar av hoppborgar",
  partly: "Svarar om hyran för hoppborgar → fritidskontoret",
  does_not: "Besiktar privata hoppborgar → polisen-prov",
};
const STEPS = "invånare: Ringer\nkontaktcenter: Frågar vad det gäller\n- trasig: 4\n- annars: 3\nkontaktcenter: Bokar hoppborgen\n- slut\nhandläggare: Lagar den";

test("what others own is written down", async () => {
  await manager.goto(`${demo.web}/referrals/new`);
  await looks(manager, "a new referral");
  await manager.fill("[name=code]", "polisen-prov");
  await manager.fill("[name=owner]", "Polisen");
  await manager.fill("[name=text]", "Ger tillstånd för offentliga tillställningar.");
  await manager.fill("[name=telephone]", "114 14");
  await manager.fill("[name=url]", "polisen.se");
  await manager.locator("main button.primary").click();
  assert.match(await manager.locator("#referral-url-fault").innerText(), /https/);
  await manager.fill("[name=url]", "https://polisen.se");
  await manager.locator("main button.primary").click();
  await manager.waitForURL(/\/referrals$/);
  await looks(manager, "the referrals");
});

test("from draft over the department's approval into force", async () => {
  await manager.goto(`${demo.web}/assignments/new`);
  await manager.fill("[name=code]", "hoppborgar");
  await manager.locator("[name=department]").selectOption({ index: 1 });
  await manager.fill("[name=title]", "Hoppborgar");
  await manager.fill("[name=purpose]", "Den som vill hyra en hoppborg ska bara behöva ringa en gång.");
  await manager.fill("[name=keywords]", "uppblåsbart slott");
  for (const [name, text] of Object.entries(RULES)) await manager.fill(`[name=${name}]`, text);
  await manager.fill("[name=steps]", "invånare: Ringer\nkommunen: Svarar");
  await manager.locator("main form:has([name=title]) button.primary").click();
  await manager.waitForSelector("#basis-steps-fault");
  assert.match(await manager.locator("#basis-steps-fault").innerText(), /Rad 2.*kommunen/);
  assert.equal(await manager.inputValue("[name=does]"), RULES.does, "what was right is kept");
  await looks(manager, "an assignment with a fault");
  await manager.fill("[name=steps]", STEPS);
  await manager.locator("main form:has([name=title]) button.primary").click();
  await manager.waitForURL(/\/assignments\/hoppborgar$/);
  const said = await manager.locator("main").innerText();
  assert.match(said, /Innan utkastet kan skickas saknas/);
  assert.match(said, /minst en ärendetyp/);

  await manager.locator("a[href='/assignments/hoppborgar/edit']").click();
  await manager.waitForURL(/\/edit$/);
  await manager.locator("input[name^=type-]").first().check();
  await manager.fill("[name=contacts]", "Karin Lund, fritidschef, karin.lund@vikhamn.example, 0980-31 92 60");
  await manager.fill("[name=contacts_per_month]", "40");
  await manager.fill("[name=public_title]", "Hyra hoppborg");
  await manager.fill("[name=public_text]", "Vi bokar din hoppborg och säger vad den kostar.");
  await manager.locator("main form:has([name=title]) button.primary").click();
  await manager.waitForURL(/\/versions\/1$/);
  assert.equal(await manager.locator("svg.process-map .map-doer").count(), 3, "a lane for each who does something");
  await looks(manager, "a draft");

  // Nothing of it is ours before the department has said so.
  await manager.goto(`${demo.web}/what-we-do`);
  assert.doesNotMatch(await manager.locator("main").innerText(), /hoppborg/);
  await manager.goto(`${demo.web}/assignments/hoppborgar`);
  await manager.getByRole("button", { name: "Skicka för godkännande" }).click();
  await manager.waitForSelector("text=Väntar på förvaltningens svar");

  const sent = await letter("Hoppborgar", "/u/");
  assert.match(sent.text, /karin\.lund@vikhamn\.example/);
  const phone = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false, locale: "sv-SE" });
  const department = await phone.newPage();
  await department.goto(demo.web + sent.path);
  assert.match(await department.locator("main").innerText(), /Hej Karin Lund!/);
  await assertFits(department, "the approval at 320 px");
  await picture(department, "approval-320");
  await department.fill("#approve-name", "Karin Lund");
  await department.locator("button[value=approve]").click();
  await department.waitForSelector("text=Uppdraget är godkänt");
  assert.match(await department.locator(".notice.good").innerText(), /Karin Lund, 2026-11-03/);
  // The link is answered once.
  await department.goto(demo.web + sent.path);
  assert.equal(await department.locator("button[value=approve]").count(), 0);
  await phone.close();
  const seen = await context.newPage();
  await seen.goto(demo.web + sent.path);
  await looks(seen, "an approval");
  await seen.close();

  await manager.reload();
  assert.match(await manager.locator(".page-head").innerText(), /I kraft/);
  await manager.goto(`${demo.web}/what-we-do`);
  assert.match(await manager.locator("main").innerText(), /Hyra hoppborg/);
  await looks(manager, "what we do");
});

test("a guide asks whose it is, and says what is outside by one key", async () => {
  const own = await browser.newContext({ locale: "sv-SE", viewport: DESK });
  const guide = await signIn(own, demo, "anna");
  await guide.goto(`${demo.web}/ours`);
  const answers = guide.locator("#ours-answers");
  const asks = async (text) => {
    await guide.fill("#ours-query", text);
    const begun = Date.now();
    await guide.waitForFunction((asked) => document.querySelector("#ours-answers")?.textContent !== asked, await answers.textContent());
    return Date.now() - begun;
  };
  assert.ok((await asks("hyra hoppborgar")) < 2_000, "within two seconds");
  assert.match(await answers.innerText(), /Till en del[\s\S]*fritidskontoret/);
  await asks("boka hoppborg");
  assert.match(await answers.locator(".verdict").innerText(), /Ja, det är vårt/);
  await asks("besiktar privata hoppborgar");
  assert.match(await answers.locator(".verdict").innerText(), /Nej, inte vårt[\s\S]*Polisen, 114 14/);
  await looks(guide, "is this ours");
  await asks("kvasarer");
  assert.match(await answers.innerText(), /Hittar inget[\s\S]*Utanför uppdragen/);
  // The same on the guide's own page, and without script.
  await guide.goto(`${demo.web}/guide`);
  await asks("uppblåsbart slott");
  assert.match(await answers.locator(".verdict").innerText(), /Hoppborgar/);
  const plain = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false, locale: "sv-SE" });
  const scriptless = await signIn(plain, demo, "tove");
  await scriptless.goto(`${demo.web}/ours`);
  await scriptless.fill("#ours-query", "bokning av hoppborg");
  await scriptless.locator("#ours-query").press("Enter");
  await scriptless.waitForSelector(".verdict");
  assert.match(await scriptless.locator(".verdict").innerText(), /Ja, det är vårt/);
  await plain.close();

  await guide.goto(`${demo.web}/cases`);
  await guide.locator("main a", { hasText: /^KC-/ }).first().click();
  await guide.waitForURL(/\/cases\/[0-9a-f-]+/);
  await guide.locator("form.outside-mark button").click();
  await guide.waitForSelector("text=Märkt som utanför alla uppdrag");
  assert.equal((await guide.goto(`${demo.web}/assignments/hoppborgar/edit`)).status(), 403, "a guide reads, and does not write");
  await own.close();

  await manager.goto(`${demo.web}/assignments/outside`);
  await looks(manager, "outside the assignments");
  assert.ok((await manager.locator("svg.chart .bar-body").count()) === 12);
});

test("a change is a new version, compared with what holds", async () => {
  await manager.goto(`${demo.web}/assignments/hoppborgar`);
  await manager.getByRole("button", { name: "Skriv en ny version" }).click();
  await manager.waitForURL(/\/versions\/2$/);
  await manager.locator("a[href='/assignments/hoppborgar/edit']").click();
  await manager.waitForURL(/\/edit$/);
  await manager.fill("[name=does]", `${RULES.does}\nLånar ut pumpar`);
  await manager.locator("main form:has([name=title]) button.primary").click();
  await manager.waitForURL(/\/versions\/2$/);
  await manager.goto(`${demo.web}/assignments/hoppborgar/versions/2?against=1`);
  assert.match(await manager.locator(".diff ins").innerText(), /Lånar ut pumpar/);
  assert.equal(await manager.locator(".diff del").count(), 0);
  await looks(manager, "a comparison");
  await manager.getByRole("button", { name: "Skicka för godkännande" }).click();
  await manager.waitForSelector("text=Väntar på förvaltningens svar");
  const sent = await eventually("the second letter", async () => {
    const newest = await letter("(version 2)", "/u/");
    return newest?.text.includes("version 2") ? newest : null;
  });
  const department = await context.newPage();
  await department.goto(demo.web + sent.path);
  await department.fill("#refuse-reason", "Pumparna har vi själva.");
  await department.fill("#refuse-name", "Karin Lund");
  await department.locator("button[value=refuse]").click();
  await department.waitForSelector("text=Uppdraget är inte godkänt");
  await department.close();
  await manager.goto(`${demo.web}/assignments`);
  assert.match(await manager.locator("main").innerText(), /förvaltningen godkände inte: ”Pumparna har vi själva\.”/);
  await looks(manager, "the assignments");
  await manager.locator("main table a", { hasText: "Hoppborgar" }).click();
  await manager.waitForURL(/\/assignments\/hoppborgar$/);
  assert.match(await manager.locator("h1").innerText(), /version 1/, "the old one holds");

  await manager.goto(`${demo.web}/assignments/standard`);
  await looks(manager, "the checklist");
  const point = manager.locator("#point-crisis_plan_tried");
  await point.locator("summary").click();
  await point.locator("select").selectOption("in_place");
  await point.locator("textarea").fill("Övad i september.");
  await point.locator("button").click();
  await manager.waitForSelector("#point-crisis_plan_tried .badge.good");
  assert.match(await point.innerText(), /Övad i september/);
  assert.deepEqual(manager.faults.filter((fault) => !/422|inline style/.test(fault)), []);
});
