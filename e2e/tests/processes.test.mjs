// Processes: a wedding from registration over the booked time to the letter; and a manager's faulty definition, whose
// faults are named before it is mended, compared and published.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

const EMAIL = "par@invanare.example";

let demo, browser, context, page;

before(async () => {
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off"];
  demo = await startDemo([...quiet, "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  context = await browser.newContext({ locale: "sv-SE", viewport: DESK });
  page = await signIn(context, demo, "anna");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Presses the button that does an open step, with what it asks filled in. */
async function does(step, fill) {
  const section = page.locator(`section[aria-labelledby="process-step-${step}"]`);
  await fill?.(section);
  await section.locator("button.primary").click();
  await page.waitForSelector(`section[aria-labelledby="process-step-${step}"]`, { state: "detached" });
}

const field = (section, key) => section.locator(`[name=f_${key}]`);
const mail = (part) =>
  eventually(`a letter with ${part}`, async () => {
    const outbox = await context.newPage();
    try {
      await outbox.goto(`${demo.web}/outbox`);
      const found = outbox.locator("li", { has: outbox.locator(".message-body"), hasText: part }).first();
      return (await found.count()) ? { text: await found.innerText(), links: await found.locator(".message-body a").allInnerTexts() } : null;
    } finally {
      await outbox.close();
    }
  });

test("a wedding from registration to booked time and letter", async () => {
  await page.goto(`${demo.web}/cases/new`);
  const box = page.locator("main form[action='/cases'] [role=combobox]").first();
  await box.fill("borgerlig");
  await page.locator("main form[action='/cases'] [role=option]").first().waitFor();
  await box.press("Enter");
  await page.fill("[name=email]", EMAIL);
  await page.fill("[name=name]", "Kim Ek");
  await page.locator("main form[action='/cases'] button.primary").click();
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}/);
  const section = page.locator("#process");
  assert.match(await section.innerText(), /Borgerlig vigsel/);
  assert.match(await section.innerText(), /Ta emot anmälan/);
  await assertAccessible(page, "a case with a process");
  await picture(page, "process-case");

  await does("anmalan", async (step) => {
    await field(step, "namn_1").fill("Åsa Ek");
    await field(step, "namn_2").fill("Bo Ek");
    await field(step, "adress").fill("Storgatan 1");
    await field(step, "postort").fill("123 45 Vikhamn");
    await field(step, "ceremoni").selectOption("kort");
    await field(step, "plats").selectOption("stadshuset");
    await step.locator("[name=f_sprak][value=no]").check();
  });
  await does("hinder", (step) => field(step, "hindersprovning").selectOption("inget_hinder"));
  await does("boka_tid", async (step) => {
    const first = await step.locator("[name=starts_at] option:not([value=''])").first().getAttribute("value");
    await step.locator("[name=starts_at]").selectOption(first);
  });
  await picture(page, "process-side-by-side");
  const booked = await mail("Bokad tid");
  assert.match(booked.text, /fredag 6 november 2026 kl\. 13:00/);
  assert.match(booked.text, /Vigselrummet/);

  // The time can be seen and cancelled without an account or script; this couple keeps it.
  const phone = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false, locale: "sv-SE" });
  const own = await phone.newPage();
  await own.goto(booked.links.find((link) => link.includes("/s/booking/")).replace(/^https?:\/\/[^/]+/, demo.web));
  assert.match(await own.locator("main").innerText(), /6 november/);
  await assertFits(own, "the resident's booking at 320 px");
  await phone.close();

  // The letter has the address by itself, where the window is, and the time in its text.
  await page.locator("section[aria-labelledby=process-step-bekrafta] a.button").click();
  await page.waitForURL(/\/letters\/bekrafta/);
  assert.deepEqual((await page.locator(".letter-address").innerText()).trim().split(/\n+/), ["Åsa Ek och Bo Ek", "Storgatan 1", "123 45 Vikhamn"]);
  assert.match(await page.locator(".letter").innerText(), /fredag 6 november 2026 kl\. 13:00/);
  await assertAccessible(page, "a letter");
  await page.emulateMedia({ media: "print" });
  const window_ = await page.locator(".letter-address").boundingBox();
  const sheet = await page.locator(".letter").boundingBox();
  const mm = (px) => (px * 25.4) / 96;
  assert.ok(Math.abs(mm(window_.x - sheet.x) - 112) < 2 && Math.abs(mm(window_.y - sheet.y) - 48) < 2, "the address lies in the window");
  assert.equal(await page.locator(".masthead").isVisible(), false, "nothing but the letter is printed");
  await picture(page, "process-letter-print");
  await page.emulateMedia({ media: "screen" });
  await page.locator("main a[href*='#process']").first().click();
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}/);
  await does("bekrafta");

  // Undone by one press, and done again.
  await page.locator("form[action$='/process/undo'] button").click();
  await page.waitForSelector("section[aria-labelledby=process-step-bekrafta]");
  await does("bekrafta");
  await does("vittnen", async (step) => {
    await field(step, "vittne_kommer_fran").selectOption("egna");
    await step.locator("[name=f_vittnen_klara][value=yes]").check();
  });
  await page.waitForSelector("section[aria-labelledby=process-step-forbered]");
  await page.setViewportSize(PHONE);
  await assertFits(page, "a case with a process at 320 px");
  await assertAccessible(page, "a case with a process at 320 px");
  await picture(page, "process-case-320");
  await page.setViewportSize(DESK);
});

test("what is not filled in right is said at the field, by keyboard and without script", async () => {
  const plain = await browser.newContext({ viewport: DESK, javaScriptEnabled: false, locale: "sv-SE" });
  const guide = await signIn(plain, demo, "tove");
  await guide.goto(`${demo.web}/cases/new`);
  await guide.locator("select[name=case_type]").selectOption({ label: "Akut utryckning av entreprenör" });
  await guide.locator("main form[action='/cases'] button.primary").click();
  await guide.waitForURL(/\/cases\/[0-9a-f-]{36}/);
  const step = guide.locator("section[aria-labelledby=process-step-larm]");
  await step.locator("[name=f_akut_vad]").selectOption("oplogad");
  await step.locator("[name=f_akut][value=yes]").check();
  await step.locator("[name=f_akut_plats]").fill("   ");
  await step.locator("button.primary").press("Enter");
  await guide.waitForLoadState();
  const fault = guide.locator("#step-larm-akut_plats-fault");
  assert.match(await fault.innerText(), /Svara/);
  assert.equal(await guide.locator("[name=f_akut_plats]").getAttribute("aria-invalid"), "true");
  assert.equal(await guide.locator("[name=f_akut_vad]").inputValue(), "oplogad", "what was right is kept");
  await guide.locator("[name=f_akut_plats]").fill("Vändplanen vid skolan");
  await guide.locator("section[aria-labelledby=process-step-larm] button.primary").press("Enter");
  await guide.waitForSelector(".calls");
  assert.match(await guide.locator(".calls").innerText(), /Mark & Snö/);

  // The contractor acknowledges by the link in the text message.
  const call = await mail("AKUT");
  const contractor = await plain.newPage();
  await contractor.goto(call.links.find((link) => link.includes("/o/step/")).replace(/^https?:\/\/[^/]+/, demo.web));
  assert.match(await contractor.locator("main").innerText(), /Vändplanen vid skolan/);
  await contractor.fill("[name=f_framme_minuter]", "20");
  await contractor.locator("main button.primary").click();
  await contractor.waitForSelector("text=Tack");
  await guide.reload();
  assert.match(await guide.locator("#process").innerText(), /Kontrollera att det är gjort/);
  await plain.close();
});

test("a fault in a definition is named with its line, mended, compared and published", async () => {
  const managers = await browser.newContext({ viewport: DESK, locale: "sv-SE" });
  const manager = await signIn(managers, demo, "chef");
  await manager.goto(`${demo.web}/processes`);
  await assertAccessible(manager, "the processes");
  await picture(manager, "processes");
  await manager.setViewportSize(PHONE);
  await assertFits(manager, "the processes at 320 px");
  await manager.setViewportSize(DESK);
  await manager.locator("main a", { hasText: "Borgerlig vigsel" }).click();
  await manager.waitForURL(/\/processes\/vigsel$/);
  await assertAccessible(manager, "a process");
  await picture(manager, "process-map");
  await manager.setViewportSize(PHONE);
  await assertFits(manager, "a process at 320 px");
  await assertAccessible(manager, "a process at 320 px");
  await manager.setViewportSize(DESK);
  await manager.locator("a[href$='/edit']").click();
  await manager.waitForURL(/\/edit$/);
  const source = await manager.locator("#source").inputValue();
  const faulty = source.replace('to = "forbered"', 'to = "forberd"').replace('due = "2 arbetsdagar"', 'due = "snart"');
  await manager.locator("#source").fill(faulty);
  await manager.locator("button[value=publish]").click();
  const faults = manager.locator(".faults li");
  await faults.first().waitFor();
  const said = await faults.allInnerTexts();
  const line = (text) => 1 + faulty.slice(0, faulty.indexOf(text)).split("\n").length - 1;
  assert.ok(said.some((text) => text.startsWith(`Rad ${line('due = "snart"')}:`) && text.includes("tidsfrist")), said.join("\n"));
  assert.ok(said.some((text) => text.startsWith(`Rad ${line('to = "forberd"')}:`) && text.includes("Menade du ”forbered”")), said.join("\n"));
  await assertAccessible(manager, "the editor with faults");
  await picture(manager, "process-faults");

  const better = source.replace('name = "Ta emot anmälan"', 'name = "Ta emot och läs anmälan"');
  await manager.locator("#source").fill(better);
  await manager.locator("button[value=check]").click();
  await manager.locator(".diff ins").first().waitFor();
  assert.match(await manager.locator("main").innerText(), /Inget är publicerat än/);
  assert.match(await manager.locator(".diff ins").innerText(), /Ta emot och läs anmälan/);
  assert.ok((await manager.locator("svg.process-map rect").count()) > 10);
  await assertAccessible(manager, "the preview");
  await picture(manager, "process-preview");
  await manager.setViewportSize(PHONE);
  await assertFits(manager, "the editor at 320 px");
  await manager.setViewportSize(DESK);
  await manager.locator("button[value=publish]").click();
  await manager.waitForURL(/\/processes\/vigsel$/);
  assert.match(await manager.locator("h1").innerText(), /version 2/);

  // The case that is under way keeps its version, which can still be read.
  await page.reload();
  assert.match(await page.locator("#process a[href*='/versions/']").first().innerText(), /version 1/);
  await manager.goto(`${demo.web}/processes/vigsel/versions/1`);
  assert.match(await manager.locator("main").innerText(), /Ta emot anmälan/);
  // Refused forms are told of; and the pictures' own style is met again when htmx goes on from a pictured page. That no
  // page of ours has an inline style is held by pages.test.mjs.
  assert.deepEqual(manager.faults.filter((fault) => !/422|inline style/.test(fault)), []);

  // A guide reads, and does not edit.
  const guide = await page.goto(`${demo.web}/processes/vigsel/edit`);
  assert.equal(guide.status(), 403);
  await managers.close();
});
