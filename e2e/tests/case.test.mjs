// The whole case from its page: files that are safe, stakeholders, details, links, a merge that is undone, and a split.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { startDemo } from "../lib/lots.mjs";

let demo, browser, anna;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  anna = await signIn(await browser.newContext({ viewport: DESK }), demo, "anna");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The addresses and numbers of two open cases that anna may open, from the list. */
async function twoCases() {
  await anna.goto(`${demo.web}/cases`);
  // Open ones: of two secret cases of different boards no one is made.
  const rows = anna.locator("main table tr", { hasNotText: /Begränsat|Strikt/ });
  const links = await rows.locator('a[href^="/cases/"]').evaluateAll((all) =>
    all.map((one) => ({ href: one.getAttribute("href"), text: one.textContent.trim() })),
  );
  const cases = links.filter((one) => /^\/cases\/[0-9a-f-]{36}$/.test(one.href) && /KC-\d+/.test(one.text));
  assert.ok(cases.length >= 2, `two cases among ${JSON.stringify(links.slice(0, 5))}`);
  const distinct = [...new Map(cases.map((one) => [one.href, one])).values()];
  return distinct.slice(0, 2).map((one) => ({ ...one, number: /KC-\d+/.exec(one.text)[0] }));
}

const unfold = (summary) => anna.locator("main details > summary", { hasText: summary }).first().click();
const send = async (form) => {
  const sent = anna.waitForResponse((response) => response.request().method() === "POST");
  await Promise.all([sent, anna.locator(form).locator("button[type=submit]").last().click()]);
};

test("a case gets files, stakeholders, details and neighbours, is merged, parted and split", async () => {
  const [one, other] = await twoCases();
  await anna.goto(demo.web + one.href);

  await unfold("Lägg till filer");
  await anna.setInputFiles('form[action$="/documents"] input[type=file]', [
    { name: "../../räkning.txt", mimeType: "text/plain", buffer: Buffer.from("Fakturan är betald.") },
  ]);
  await send('form[action$="/documents"]');
  const file = anna.locator('a[href*="/documents/"]', { hasText: "räkning.txt" }).first();
  await file.waitFor();
  const answer = await anna.request.get(demo.web + (await file.getAttribute("href")));
  assert.equal(await answer.text(), "Fakturan är betald.");
  assert.match(answer.headers()["content-disposition"], /^attachment; /);
  assert.match(answer.headers()["content-security-policy"], /sandbox/);
  assert.equal(answer.headers()["x-content-type-options"], "nosniff");

  await unfold("Lägg till filer");
  await anna.setInputFiles('form[action$="/documents"] input[type=file]', [
    { name: "bild.png", mimeType: "image/png", buffer: Buffer.from("<script>alert(1)</script>") },
  ]);
  await send('form[action$="/documents"]');
  await anna.locator("text=stämmer inte med vad den sägs vara").first().waitFor();

  await anna.goto(demo.web + one.href);
  await unfold("Lägg till intressent");
  await anna.fill('form[action$="/stakeholders"] [name=name]', "Kims syster");
  await anna.fill('form[action$="/stakeholders"] [name=telephone]', "070-765 43 21");
  await send('form[action$="/stakeholders"]');
  await anna.locator("main", { hasText: "Kims syster" }).waitFor();

  await unfold("Prioritet, ansvarig, plats och typ");
  await anna.selectOption('form[action$="/details"] [name=priority]', "urgent");
  await anna.fill('form[action$="/details"] [name=address]', "Ångbåtsgatan 7");
  await anna.fill('form[action$="/details"] [name=latitude]', "58,75");
  await anna.fill('form[action$="/details"] [name=longitude]', "17,01");
  await send('form[action$="/details"]');
  await anna.locator("main .badge", { hasText: "Akut" }).waitFor();
  await anna.locator("main dd", { hasText: "58.75000, 17.01000" }).waitFor();

  await unfold("Koppla till ett annat ärende");
  await anna.fill('form[action$="/links"] [name=number]', other.number);
  await send('form[action$="/links"]');
  await anna.locator("main a", { hasText: other.number }).first().waitFor();

  await unfold("Slå ihop");
  await anna.fill('form[action$="/merge"] [name=number]', other.number);
  await send('form[action$="/merge"]');
  await anna.locator("main .badge", { hasText: "Ingår här" }).waitFor();
  await anna.goto(demo.web + other.href);
  assert.ok(anna.url().endsWith(one.href), "a merged case leads to the one that goes on");

  await assertAccessible(anna, "a case with all its parts");
  await picture(anna, "case-parts");
  await anna.setViewportSize(PHONE);
  await assertFits(anna, "a case with all its parts at 320 px");
  await assertAccessible(anna, "a case with all its parts at 320 px");
  await picture(anna, "case-parts-320");
  await anna.setViewportSize(DESK);

  await send('form[action*="/merges/"]');
  await anna.locator("main .badge", { hasText: "Ingår här" }).waitFor({ state: "detached" });
  await anna.goto(demo.web + other.href);
  assert.ok(anna.url().endsWith(other.href), "and is itself again");

  await anna.goto(demo.web + one.href);
  await unfold("Dela upp");
  await anna.locator('form[action$="/split"] label', { hasText: "räkning.txt" }).click();
  await anna.fill('form[action$="/split"] [name=title]', "Bara fakturan");
  await send('form[action$="/split"]');
  await anna.waitForURL((url) => !url.pathname.endsWith(one.href));
  await anna.locator("h1", { hasText: "Bara fakturan" }).waitFor();
  await anna.locator('a[href*="/documents/"]', { hasText: "räkning.txt" }).first().waitFor();
  await anna.locator("main a", { hasText: one.number }).first().waitFor();
});
