// What a guide does at the page, for tests.
import { eventually } from "./lots.mjs";

/** Waits until the telephone of `page` is in this state. */
export function telephone(page, state) {
  return page.locator(`#telephone[data-state=${state}]`).waitFor({ timeout: 15_000 });
}

/** Presses what must be pressed to be offered calls: begin, ready, done with the after-work. */
export async function makeReady(page) {
  const stuck = async (error) => {
    const shown = await page.locator(".pane-queue, #telephone").allInnerTexts();
    throw new Error(`${error.message}; ${page.url()} shows ${JSON.stringify(shown)}`);
  };
  return eventually(
    "the guide is ready",
    async () => {
      if (await page.locator(".own-state.ready").count()) return true;
      for (const wish of ["begin", "ready", "wrap_up_done"]) {
        const button = page.locator(`button[name=do][value=${wish}]`);
        if (await button.count()) await button.first().click({ timeout: 1_000 }).catch(() => {});
      }
      return false;
    },
    20_000,
    300,
  ).catch(stuck);
}
