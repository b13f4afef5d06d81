// Every page, in both languages: axe finds nothing, nothing sticks out at 320 px, no script or style is refused.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { startDemo } from "../lib/lots.mjs";

const PAGES = {
  anna: ["/guide", "/ours", "/board", "/cases", "/cases/map", "/cases/new", "/keys", "/knowledge", "/knowledge/new", "/knowledge/tasks", "/tasks", "/mail", "/desk", "/account", "/outbox", "/ahead", "/today", "/ahead/calendars"],
  trafik1: ["/board", "/guide", "/departments", "/officers", "/crisis", "/crisis/new", "/crisis/call-in", "/crisis/call-in/people/new", "/crisis/log", "/ahead/events/new", "/ahead/meetings"],
  coach: ["/board", "/account", "/knowledge/gaps", "/knowledge/synonyms"],
  chef: ["/board", "/assignments", "/assignments/new", "/assignments/outside", "/assignments/standard", "/referrals", "/referrals/new", "/cases", "/admin/terms", "/departments", "/processes", "/processes/utryckning", "/processes/utryckning/edit"],
  krisen: ["/situation", "/crisis", "/crisis/templates", "/crisis/templates/storm"],
  admin: ["/admin/users", "/admin/api-keys", "/admin/webhooks", "/records/access", "/account"],
};

let demo, browser;

before(async () => {
  demo = await startDemo(["--at", "10:30", "--day", "2026-11-03", "--calls-per-day", "900"]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const language of ["sv", "en"]) {
  for (const [name, paths] of Object.entries(PAGES)) {
    test(`the pages of ${name} in ${language}`, async () => {
      const context = await browser.newContext({ viewport: DESK, permissions: ["microphone"] });
      const page = await signIn(context, demo, name);
      if ((await page.getAttribute("html", "lang")) !== language) {
        await page.locator("form[action='/language'] button").click();
        await page.waitForSelector(`html[lang=${language}]`);
      }
      for (const path of paths) {
        await page.goto(demo.web + path);
        assert.equal(new URL(page.url()).pathname, path);
        assert.equal(await page.getAttribute("html", "lang"), language);
        await assertAccessible(page, path);
        await picture(page, `${name}${path.replaceAll("/", "-")}-${language}`);
        await page.setViewportSize(PHONE);
        await assertFits(page, `${path} at 320 px`);
        await assertAccessible(page, `${path} at 320 px`);
        await picture(page, `${name}${path.replaceAll("/", "-")}-${language}-320`);
        await page.setViewportSize(DESK);
      }
      assert.deepEqual(page.faults, []);
      await context.close();
    });
  }
}

test("a case and its resident, as opened from the list", async () => {
  const context = await browser.newContext({ viewport: DESK });
  const page = await signIn(context, demo, "anna");
  await page.goto(`${demo.web}/cases`);
  await page.locator("main a", { hasText: /^KC-/ }).first().click();
  await page.waitForURL(/\/cases\/[0-9a-f-]+/);
  await assertAccessible(page, "a case");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1", "after navigation the heading has the focus");
  await picture(page, "case");
  await page.setViewportSize(PHONE);
  await assertFits(page, "a case at 320 px");
  await context.close();
});

test("the sign-in page without JavaScript, wrong password and right", async () => {
  const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${demo.web}/board`);
  assert.match(page.url(), /\/sign-in/);
  const attempt = async (name, password) => {
    await page.fill("input[name=sign_in]", name);
    await page.fill("input[type=password]", password);
    await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
    await page.waitForLoadState();
    return page.locator("main").innerText();
  };
  const wrong = await attempt("trafik1", "inte det här");
  const unknown = await attempt("ingen-alls", "inte det här");
  assert.equal(unknown, wrong, "an unknown name and a wrong password get the same answer");
  await attempt("trafik1", demo.password);
  assert.match(page.url(), /\/board/);
  assert.ok((await page.locator("main table tr").count()) > 3, "the board's figures are there without script");
  await assertFits(page, "the board without script");
  await context.close();
});
