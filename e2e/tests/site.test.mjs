// The public questions and answers as residents, search engines and the town's own web site meet them: without script and
// with it, by keyboard, on paper, in a frame on another origin.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, DESK, launch, PHONE, picture, signIn } from "../lib/browser.mjs";
import { eventually, startDemo } from "../lib/lots.mjs";

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5" fill="#fff"/></svg>';
let demo, browser, town, stranger;

/** A site of somebody else's: one page with the tag, as a town's own web site would have it. */
async function neighbour(tag) {
  const server = createServer((request, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end(`<!doctype html><html lang="sv"><head><title>Kommunen</title></head><body><main><h1>Kommunen</h1>${tag()}</main></body></html>`);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

before(async () => {
  const tag = () => `<script src="${demo.web}/questions/embed.js" data-title="Frågor till kommunen" data-height="300"></script>`;
  town = await neighbour(tag);
  stranger = await neighbour(tag);
  const { mkdtemp, writeFile } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const folder = await mkdtemp(`${tmpdir()}/lots-site-`);
  await writeFile(`${folder}/logo.svg`, LOGO);
  const quiet = ["--guides", "0", "--calls-per-day", "0", "--officers", "off", "--at", "09:00", "--day", "2026-11-03"];
  demo = await startDemo(quiet, {
    LOTS_SITE__NAME: "Fråga Vikhamn",
    LOTS_SITE__LOGO: `${folder}/logo.svg`,
    LOTS_SITE__EMBED_ON: `["${town.origin}"]`,
    LOTS_SITE__LIGHT__HEAD: "#3d0f2e",
  });
  browser = await launch();
});

after(async () => {
  town?.server.close();
  stranger?.server.close();
  await browser?.close();
  await demo?.stop();
});

/** A visitor nobody knows, whose console must stay quiet and whose addresses must tell nothing. */
async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: DESK, locale: "sv-SE", ...options });
  const page = await context.newPage();
  page.faults = [];
  page.addresses = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("request", (request) => page.addresses.push(request.url()));
  return page;
}

async function sound(page, what) {
  await assertAccessible(page, what);
  await assertFits(page, what);
  await picture(page, `site-${what.replaceAll(/[^a-zåäö0-9]+/gi, "-")}`);
  await page.setViewportSize(PHONE);
  await assertFits(page, `${what} at 320 px`);
  await assertAccessible(page, `${what} at 320 px`);
  await picture(page, `site-${what.replaceAll(/[^a-zåäö0-9]+/gi, "-")}-320`);
  await page.setViewportSize(DESK);
}

const linked = (page) => page.$$eval('script[type="application/ld+json"]', (all) => all.map((one) => JSON.parse(one.textContent)));

/** A question that is published, and the word of it that says most. */
async function some(page) {
  await page.goto(`${demo.web}/questions`);
  const link = page.locator("main .questions a").first();
  const title = await link.innerText();
  const word = title.match(/\p{L}+/gu).sort((a, b) => b.length - a.length)[0];
  return { title, word, path: new URL(await link.getAttribute("href"), demo.web).pathname };
}

test("without script: search, open, not helped, ask, and it waits in the inbox with its clock", async () => {
  const page = await visitor({ javaScriptEnabled: false });
  const { title, word } = await some(page);
  assert.equal(await page.locator("h1").innerText(), "Fråga Vikhamn");
  assert.ok((await page.locator("main .topics a").count()) > 2, "topics");
  await page.fill("#query", word);
  await page.keyboard.press("Enter");
  await page.locator(".found").waitFor();
  const hit = page.locator(".hits li").filter({ hasText: title });
  assert.equal(await hit.count(), 1, `${word} finds ${title}`);
  assert.ok((await hit.locator("p").innerText()).length > 10, "a sentence that answers");
  await hit.locator("button").click();
  assert.equal(await page.locator("h1").innerText(), title);
  assert.match(await page.locator("main").innerText(), /granskades senast/);

  await page.locator("summary", { hasText: "Nej" }).click();
  await page.getByLabel("Något i svaret är fel").check();
  await page.fill("#helpful-note", "Öppettiden stämmer inte, ring 070-123 45 67.");
  await page.getByRole("button", { name: "Skicka" }).click();
  assert.match(await page.locator("main").innerText(), /Tack/);

  await page.getByRole("button", { name: "Ställ frågan till oss" }).click();
  assert.equal(new URL(page.url()).pathname, "/contact/begin");
  await page.goto(`${demo.web}/questions`);
  await page.fill("#query", "flygande mattor");
  await page.keyboard.press("Enter");
  await page.locator(".found").waitFor();
  await page.getByRole("button", { name: "Ställ frågan till oss" }).click();
  assert.equal(await page.inputValue("#ask-text"), "flygande mattor", "nobody types the question twice");
  assert.notEqual(await page.locator("main form input[name=search]").getAttribute("value"), "");
  await page.fill("#ask-text", "Får man parkera flygande mattor vid torget?");
  await page.fill("#ask-email", "signe@invanare.example");
  await page.waitForTimeout(2_300);
  await page.locator("main button[type=submit]").click();
  const receipt = await page.locator("main").innerText();
  assert.match(receipt, /FR-\d{8}/);
  assert.match(receipt, /5 november/, "two working days");
  for (const address of page.addresses) assert.doesNotMatch(decodeURIComponent(address), /matt|signe|[0-9a-f]{8}-[0-9a-f]{4}-/i, address);
  assert.equal((await page.context().cookies()).length, 0, "no cookie");
  await page.context().close();

  const anna = await signIn(await browser.newContext({ viewport: DESK }), demo, "anna");
  await anna.goto(`${demo.web}/mail`);
  await anna.locator("main table a", { hasText: "flygande mattor" }).first().click();
  await anna.waitForURL(/\/mail\/[0-9a-f-]{36}/);
  assert.match(await anna.locator("main").innerText(), /5 nov|2026-11-05/);
  await anna.context().close();
});

test("a question that is answered already shows the answers once, then goes its way", async () => {
  const page = await visitor({ javaScriptEnabled: false });
  const { title } = await some(page);
  await page.goto(`${demo.web}/contact`);
  await page.fill("#ask-text", title);
  await page.fill("#ask-email", "sven@invanare.example");
  await page.waitForTimeout(2_300);
  await page.locator("main button[type=submit]").click();
  assert.match(await page.locator("#ask-suggestions").innerText(), new RegExp(title.slice(0, 12).replaceAll(/[.*+?^${}()|[\]\\]/g, ".")));
  assert.equal(await page.inputValue("#ask-email"), "sven@invanare.example");
  await page.getByRole("button", { name: "Skicka frågan ändå" }).click();
  assert.match(await page.locator("main").innerText(), /FR-\d{8}/);
  await page.context().close();
});

test("with script: answers while typing, by keyboard, and a real link to each", async () => {
  const page = await visitor();
  const { title, word } = await some(page);
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Hoppa/);
  await page.focus("#query");
  await page.keyboard.type(word.slice(0, -1));
  await page.keyboard.type(word.slice(-1));
  const hit = page.locator("#found .hits a").filter({ hasText: title });
  await hit.waitFor();
  await eventually("the settled search is written down", async () =>
    (await page.locator("#found [data-search]").getAttribute("data-search"))?.length === 36);
  await sound(page, "answers while typing");
  await hit.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/questions\/[a-z0-9-]+$/);
  assert.equal(await page.locator("h1").innerText(), title);
  assert.match(await page.locator(".ask-instead input[name=search]").inputValue(), /^[0-9a-f-]{36}$/, "the search is still known");
  await page.goBack();
  await page.goto(`${demo.web}/contact`);
  await page.locator("#ask-text").pressSequentially(title, { delay: 5 });
  await eventually("suggestions beside the form", async () => (await page.locator("#ask-suggestions a").count()) > 0);
  assert.equal(await page.locator("input[name=seen]").inputValue(), "yes");
  for (const address of page.addresses) assert.ok(!decodeURIComponent(address).toLowerCase().includes(`=${word.toLowerCase()}`), address);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("every page is accessible in both languages, fits a telephone, and its data can be read", async () => {
  const page = await visitor();
  const { path, title } = await some(page);
  const topic = new URL(await page.locator("main .topics a").first().getAttribute("href"), demo.web).pathname;
  for (const [what, address] of [["start", "/questions"], ["topic", topic], ["answer", path], ["form", "/contact"], ["what we do", "/what-we-do"], ["not found", "/questions/finns-inte"]]) {
    for (const lang of ["sv", "en"]) {
      const answer = await page.goto(demo.web + address + (lang === "en" ? "?lang=en" : ""));
      assert.equal(answer.status(), what === "not found" ? 404 : 200);
      assert.equal(await page.getAttribute("html", "lang"), lang);
      await sound(page, `${what} ${lang}`);
      for (const data of await linked(page)) assert.equal(data["@context"], "https://schema.org");
      if (what === "not found") continue;
      assert.equal(await page.getAttribute("link[rel=canonical]", "href"), demo.web + address + (lang === "en" ? "?lang=en" : ""));
      assert.equal(await page.locator("link[hreflang]").count() >= 3, true);
      assert.ok((await page.getAttribute("meta[name=description]", "content")).length > 20);
    }
  }
  await page.goto(demo.web + path);
  const [faq, trail] = await linked(page);
  assert.equal(faq["@type"], "FAQPage");
  assert.equal(faq.mainEntity[0].name, title);
  const said = await page.evaluate((text) => new DOMParser().parseFromString(text, "text/html").body.textContent, faq.mainEntity[0].acceptedAnswer.text);
  const shown = (await page.locator(".answer .lead").innerText()).trim();
  assert.ok(said.includes(shown.slice(0, 40)), "what engines are told is what people read");
  assert.equal(trail["@type"], "BreadcrumbList");
  await page.emulateMedia({ colorScheme: "dark" });
  await assertAccessible(page, "the answer in dark");
  await picture(page, "site-answer-dark");
  await page.emulateMedia({ colorScheme: "light" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".masthead")).backgroundColor), "rgb(61, 15, 46)");
  assert.ok(await page.evaluate(() => document.querySelector("img.logo").naturalWidth > 0), "the logo is there");
  const refused = page.faults.filter((fault) => !/404/.test(fault));
  assert.deepEqual(refused, [], "no script, style or data is refused");
  await page.context().close();
});

test("the results page and the printed answer", async () => {
  const page = await visitor();
  const { path, word } = await some(page);
  await page.fill("#query", word);
  await page.keyboard.press("Enter");
  await page.locator(".hits").waitFor();
  await sound(page, "results");
  await page.goto(demo.web + path);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".masthead").isVisible(), false);
  assert.equal(await page.locator(".helpful").isVisible(), false);
  assert.equal(await page.locator(".answer").isVisible(), true);
  await picture(page, "site-printed");
  await page.context().close();
});

test("the map of the site and the feed are well formed and lead to pages", async () => {
  const page = await visitor();
  await page.goto(`${demo.web}/questions`);
  const map = await page.evaluate(async () => {
    const read = async (path) => new DOMParser().parseFromString(await (await fetch(path)).text(), "application/xml");
    const [map, feed] = [await read("/sitemap.xml"), await read("/questions/feed.atom")];
    return {
      faults: map.querySelectorAll("parsererror").length + feed.querySelectorAll("parsererror").length,
      places: [...map.querySelectorAll("url > loc")].map((loc) => loc.textContent),
      changed: [...map.querySelectorAll("lastmod")].map((at) => at.textContent),
      entries: feed.querySelectorAll("entry").length,
    };
  });
  assert.equal(map.faults, 0);
  assert.ok(map.places.length > 5 && new Set(map.places).size === map.places.length);
  assert.ok(map.changed.every((at) => !Number.isNaN(Date.parse(at))));
  assert.ok(map.entries > 0);
  for (const place of [map.places[0], map.places[1], map.places.at(-1)]) assert.equal((await fetch(place)).status, 200, place);
  const robots = await (await fetch(`${demo.web}/robots.txt`)).text();
  assert.match(robots, /^Disallow: \/$/m);
  assert.match(robots, new RegExp(`^Sitemap: ${demo.web}/sitemap.xml$`, "m"));
  const inside = await fetch(`${demo.web}/sign-in`);
  assert.match(inside.headers.get("x-robots-tag"), /noindex/);
  const again = await fetch(`${demo.web}/questions`);
  const same = await fetch(`${demo.web}/questions`, { headers: { "if-none-match": again.headers.get("etag") } });
  assert.equal(same.status, 304);
  await page.context().close();
});

test("one tag on the town's own site: search and read in the frame, which grows; elsewhere a link", async () => {
  const page = await visitor();
  const { title, word } = await some(page);
  await page.goto(town.origin);
  const frame = page.frameLocator("iframe");
  await frame.locator("#query").fill(word);
  await frame.locator("#found .hits a", { hasText: title }).waitFor();
  const tall = await page.locator("iframe").evaluate((element) => element.clientHeight);
  await eventually("the frame is as tall as what is in it", async () => {
    const inside = page.frames()[1];
    const [outer, inner] = [await page.locator("iframe").evaluate((e) => e.clientHeight), await inside.evaluate(() => document.documentElement.scrollHeight)];
    return outer >= inner && outer > 300;
  });
  assert.ok(tall > 0);
  assert.equal(await page.locator("iframe").getAttribute("title"), "Frågor till kommunen");
  await assertAccessible(page, "the town's page with the frame");
  await picture(page, "site-embedded");
  await frame.locator("#found .hits a", { hasText: title }).click();
  await frame.locator("h1", { hasText: title }).waitFor();
  assert.equal(new URL(page.url()).origin, town.origin, "the page around stays");
  // What others say is not believed: neither from the page itself nor of another shape.
  const before = await page.locator("iframe").evaluate((element) => element.clientHeight);
  await page.evaluate(() => window.postMessage({ lots: "height", height: 9_999 }, "*"));
  await page.waitForTimeout(200);
  assert.equal(await page.locator("iframe").evaluate((element) => element.clientHeight), before);
  await page.context().close();

  const elsewhere = await visitor();
  await elsewhere.goto(stranger.origin);
  await elsewhere.locator("main p a", { hasText: "Frågor till kommunen" }).waitFor({ timeout: 15_000 });
  assert.equal(await elsewhere.locator("iframe").count(), 0);
  assert.ok(elsewhere.faults.some((fault) => /frame-ancestors/.test(fault)), "the browser refused the frame");
  await elsewhere.context().close();
});
