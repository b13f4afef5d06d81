import { launch, signIn, DESK, PHONE } from "./lib/browser.mjs";
import axe from "axe-core";
import { readFileSync } from "node:fs";
const demo = JSON.parse(readFileSync("/tmp/w/ready.json"));
const only = process.argv.slice(2);
const browser = await launch();
const plan = [
  ["anna", ["/guide","/cases","/cases/new","/tasks","/outbox","/account"]],
  ["trafik1", ["/board"]],
  ["admin", ["/admin/users","/admin/api-keys"]],
];
async function check(page, name) {
  await page.evaluate(axe.source);
  const r = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","best-practice"] }));
  for (const v of r.violations) console.log("AXE", name, v.id, v.nodes.slice(0,3).map(n=>n.target+" "+n.html.slice(0,140)+" "+(n.any[0]?.message??"").slice(0,160)).join("\n     "));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over>0) console.log("WIDE", name, over, await page.evaluate(()=>[...document.querySelectorAll("body *")].filter(e=>e.getBoundingClientRect().right>document.documentElement.clientWidth+1).slice(0,6).map(e=>e.tagName+"."+e.className+"#"+e.id).join(" ")));
  if (page.faults?.length) { console.log("CONSOLE", name, [...new Set(page.faults)].slice(0,5)); page.faults.length=0; }
}
for (const [who, paths] of plan) {
  const context = await browser.newContext({ viewport: DESK, locale: "sv-SE" });
  const page = await signIn(context, demo, who);
  for (const p of paths) {
    if (only.length && !only.includes(p)) continue;
    for (const [vname, v] of [["desk",DESK],["phone",PHONE]]) {
      await page.setViewportSize(v);
      await page.goto(demo.web + p); await page.waitForTimeout(700);
      const name = `${who}${p.replaceAll("/","-")}-${vname}`;
      await page.screenshot({ path: `/tmp/w/shots/${name}.png`, fullPage: vname==="phone" });
      await check(page, name);
    }
  }
  await context.close();
}
const context = await browser.newContext({ viewport: DESK });
const page = await context.newPage();
for (const p of ["/sign-in","/o/forged"]) { await page.goto(demo.web+p); await page.screenshot({ path: `/tmp/w/shots/anon${p.replaceAll("/","-")}.png` }); await check(page,p); }
await browser.close();
