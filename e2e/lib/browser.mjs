// A real Chromium with a microphone that beeps, and axe.
import axe from "axe-core";
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { root } from "./lots.mjs";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 320, height: 640 };

/** Starts Chromium; its fake microphone gives a beep every second, and asks nobody. */
export function launch() {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}

/** Signs in by the form, as a person does. */
export async function signIn(context, demo, name) {
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  await page.goto(`${demo.web}/sign-in`);
  await page.fill("input[name=name], input[name=sign_in]", name);
  await page.fill("input[type=password]", demo.password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/sign-in")), page.keyboard.press("Enter")]);
  return page;
}

/** Fails with every rule of WCAG 2.1 A and AA (and best practice) that the page breaks. */
export async function assertAccessible(page, what) {
  // Playwright evaluates in the page's own world but outside its CSP, so axe needs no exception there.
  await page.evaluate(axe.source);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }),
  );
  const faults = result.violations.map(
    (rule) => `${rule.id}: ${rule.help}\n    ${rule.nodes.map((node) => `${node.target} ${node.html}`).join("\n    ")}`,
  );
  assert.deepEqual(faults, [], `${what} (${page.url()}) is not accessible:\n${faults.join("\n")}`);
}

/** Nothing may stick out to the right: no sideways scrolling of the page itself. */
export async function assertFits(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over <= 0) return;
  const outside = await page.evaluate(() => {
    const right = document.documentElement.clientWidth;
    const all = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > right + 0.5);
    const leaves = all.filter((e) => !all.some((other) => other !== e && e.contains(other)));
    return leaves.slice(0, 8).map((e) => `${e.tagName.toLowerCase()}.${e.className} ${(e.textContent ?? "").trim().slice(0, 60)}`);
  });
  assert.fail(`${what} is ${over} px wider than the screen: ${outside.join("; ")}`);
}

/** Keeps a picture for whoever wants to look: e2e/out/NAME.png. */
export async function picture(page, name) {
  const folder = path.join(root, "e2e/out");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
