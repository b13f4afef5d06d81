// A resident's own page as residents meet it: a small telephone, no script, a letter in the outbox.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

const RITA = "rita.hemlig@invanare.example";
const PICTURE = Buffer.from(
  "ffd8ffe1001845786966000049492a0048454d4c494720504c415453ffdb00040001ffda00040102030405ffd9", "hex");
let demo, browser, anna, outbox;

before(async () => {
  demo = await startDemo(["--guides", "0", "--calls-per-day", "0", "--officers", "off", "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  const context = await browser.newContext({ viewport: DESK });
  anna = await signIn(context, demo, "anna");
  outbox = await context.newPage();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The newest message whose text fits, once it is there. */
function message(fits) {
  return eventually(`a message like ${fits}`, async () => {
    await outbox.goto(`${demo.web}/outbox`);
    for (const item of await outbox.locator("main .plain-list > li").all()) {
      const text = await item.innerText();
      if (fits.test(text)) return text;
    }
  });
}

/** A case that came in by the web form; its number and the link in the receipt. */
async function asked(text) {
  const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${demo.web}/contact`);
  await page.locator("[name=case_type]").selectOption({ label: "Gatubelysning" });
  await page.locator("[name=text]").fill(text);
  await page.locator("[name=email]").fill(RITA);
  // Whoever sends a form faster than anybody types is taken for a machine.
  await new Promise((go) => setTimeout(go, 2_500));
  await page.locator("main form button[type=submit]").last().click();
  const number = (await page.locator("main").innerText()).match(/KC-\d+/)[0];
  const link = await page.locator("main a[href*='/s/']").getAttribute("href");
  return { page, number, link: new URL(link, demo.web).href };
}

async function sound(page, what) {
  await assertFits(page, `${what} at 320 px`);
  await picture(page, `resident-${what.replaceAll(" ", "-")}-320`);
}

test("by link, a code by e-mail, then reading, adding a picture and choosing how to be told", async () => {
  const { page, number, link } = await asked("Lyktan utanför Storgatan 5 är släckt.");
  await page.goto(link);
  await sound(page, "status by link");
  for (const hidden of ["Storgatan", RITA, "rita"]) {
    assert.ok(!(await page.content()).includes(hidden), hidden);
  }
  await page.locator("main form button.primary").click();
  await page.waitForURL("**/status/mine");
  await sound(page, "before the code");
  assert.match(await page.locator("#proof").innerText(), /r•••@i•••\.example/);
  await page.locator("#proof form button.wide").first().click();
  await page.locator("#proof-code").fill("000000");
  await page.locator("#proof button.primary").click();
  assert.match(await page.locator("[role=alert]").innerText(), /Försök kvar: 4/);
  const code = (await message(/Din kod är \d{6}/)).match(/Din kod är (\d{6})/)[1];
  await page.locator("#proof-code").fill(code);
  await page.locator("#proof button.primary").click();
  assert.match(await page.locator("main").innerText(), /Lyktan utanför Storgatan 5 är släckt\./);
  await sound(page, "own case");
  await page.locator("[name=text]").fill("Nu är två släckta.");
  await page.locator("[name=files]").setInputFiles({ name: "lykta.jpg", mimeType: "image/jpeg", buffer: PICTURE });
  await page.locator("form[action='/status/mine/add'] button").click();
  const added = await page.locator("main").innerText();
  assert.match(added, /Tack!/);
  assert.match(added, /Nu är två släckta\./);
  const kept = await page.request.get(new URL(await page.locator("a[href*='/documents/']").getAttribute("href"), demo.web).href);
  assert.ok(kept.ok() && !(await kept.body()).includes("HEMLIG"), "the place is not in the picture");
  await page.locator("#told-none").check();
  await page.locator("form[action='/status/mine/told'] button").click();
  assert.match(await page.locator("main").innerText(), /Sparat/);
  await page.locator("form[action='/status/mine/leave'] button").click();
  await page.goto(`${demo.web}/status/mine`);
  assert.equal(new URL(page.url()).pathname, "/status", "gone from the browser");
  await page.context().close();
  // The guide reads what came in, and gives a code over the telephone.
  await anna.goto(`${demo.web}/cases`);
  await anna.locator("[name=text], [name=q], [type=search]").first().fill(number);
  await anna.keyboard.press("Enter");
  await anna.locator(`main a:has-text("${number}")`).first().click();
  await anna.waitForURL(/\/cases\/[0-9a-f-]+/);
  assert.match(await anna.locator("main").innerText(), /Nu är två släckta\./);
  await anna.locator("form[action$='/code'] button").click();
  const given = await anna.locator("code.secret").innerText();
  const phone = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
  const other = await phone.newPage();
  await other.goto(`${demo.web}/status`);
  await sound(other, "number and code");
  await other.locator("[name=number]").fill(number.toLowerCase());
  await other.locator("[name=code]").fill("AAAA-AAAA");
  await other.locator("main button.primary").click();
  assert.match(await other.locator("[role=alert]").innerText(), /hör inte ihop/);
  await other.locator("[name=code]").fill(given.toLowerCase().replace("-", " "));
  await other.locator("main button.primary").click();
  await other.waitForURL("**/status/mine");
  assert.ok(!(await other.content()).includes("Storgatan"));
  await phone.close();
});

test("every language, from either side, and nothing for axe to find", async () => {
  const context = await browser.newContext({ viewport: PHONE });
  const page = await context.newPage();
  await page.goto(`${demo.web}/status`);
  for (const [name, lang, dir] of [["English", "en", "ltr"], ["Suomi", "fi", "ltr"], ["العربية", "ar", "rtl"], ["Svenska", "sv", "ltr"]]) {
    await page.getByRole("button", { name, exact: true }).click();
    assert.equal(await page.getAttribute("html", "lang"), lang);
    assert.equal(await page.getAttribute("html", "dir"), dir);
    await assertAccessible(page, `residents' page in ${lang}`);
    await sound(page, `door in ${lang}`);
  }
  await context.close();
});

test("another system is told, signed; and an address inside is refused", async () => {
  const told = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part)).on("end", () => {
      told.push({ headers: request.headers, body });
      response.writeHead(204).end();
    });
  });
  await new Promise((listening) => receiver.listen(0, "127.0.0.1", listening));
  receiver.unref();
  const context = await browser.newContext({ viewport: DESK });
  const admin = await signIn(context, demo, "admin");
  await admin.goto(`${demo.web}/admin/webhooks`);
  await assertAccessible(admin, "webhooks");
  const fill = async (url) => {
    await admin.locator("[name=name]").fill("Kartan");
    await admin.locator("[name=url]").fill(url);
    await admin.locator("form[action='/admin/webhooks'] button.primary").click();
  };
  await fill("https://192.168.1.1/");
  await admin.locator(".field-error").first().waitFor();
  admin.faults.length = 0; // The browser reports the 422 that was asked for.
  await fill(`http://127.0.0.1:${receiver.address().port}/hook`);
  const secret = await admin.locator("code.secret").innerText();
  await admin.locator("main a:has-text('Kartan')").click();
  await admin.waitForURL(/\/admin\/webhooks\/[0-9a-f-]+/);
  await admin.getByRole("button", { name: "Skicka ett prov" }).click();
  await eventually("the test arrives", () => told.length > 0);
  const { headers, body } = told[0];
  const expected = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64");
  assert.equal(headers["webhook-signature"], `v1,${expected}`);
  assert.equal(JSON.parse(body).type, "ping");
  const before = told.length;
  const { page } = await asked("Ännu en lykta.");
  await page.context().close();
  await eventually("the case is told of", () => told.slice(before).some((one) => JSON.parse(one.body).type === "case_registered"));
  assert.ok(told.every((one) => !one.body.includes("lykta") && !one.body.includes("invanare")));
  await admin.reload();
  assert.match(await admin.locator("main table").innerText(), /Framme/);
  await assertAccessible(admin, "a webhook");
  await admin.setViewportSize(PHONE);
  await assertFits(admin, "a webhook at 320 px");
  await picture(admin, "webhook-320");
  assert.deepEqual(admin.faults, []);
  await context.close();
  receiver.close();
});
