// Open311 against a client that others have written: georeport, from the Python registry, in both formats.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, signIn } from "../lib/browser.mjs";
import { startDemo } from "../lib/lots.mjs";

const run = promisify(execFile);
const CLIENT = "georeport==0.3.1";
const JURISDICTION = "vikhamn.example";

// What the client reads, as one JSON document.
const SCRIPT = `
import json, sys
from georeport import GeoReport
root, jurisdiction, number = sys.argv[1:4]
seen = {}
for form in ("json", "xml"):
    client = GeoReport(root, jurisdiction=jurisdiction, output_format=form)
    services = client.get_service_list()
    seen[form] = {
        "services": services,
        "definition": client.get_service_definition(services[0]["service_code"]),
        "requests": client.get_service_requests(status="open"),
        "request": client.get_service_request(number),
    }
print(json.dumps(seen))
`;

let demo, browser, folder, key;

before(async () => {
  demo = await startDemo(["--guides", "0", "--calls-per-day", "0", "--officers", "off", "--at", "09:00", "--day", "2026-11-03"]);
  browser = await launch();
  folder = await mkdtemp(path.join(tmpdir(), "lots-open311-"));
  const admin = await signIn(await browser.newContext(), demo, "admin");
  await admin.goto(`${demo.web}/admin/api-keys`);
  const form = admin.locator('form[action="/admin/api-keys"]');
  await form.locator("[name=name]").fill("Felanmälan");
  await form.locator("[name=role]").selectOption("guide");
  await form.locator("button[type=submit]").click();
  key = (await admin.locator("code.secret").first().innerText()).trim();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function report(fields) {
  return fetch(`${demo.web}/open311/v2/requests.json`, { method: "POST", body: new URLSearchParams(fields) });
}

test("a client from a registry reads the services and a report that was made", async () => {
  const told = {
    jurisdiction_id: JURISDICTION, service_code: "lys", lat: "58.75", long: "17.01", address_string: "Ångbåtsgatan 7",
    description: "Rita Hemlig: lampan <blinkar> & surrar", first_name: "Rita", last_name: "Hemlig", email: "rita@example.se",
  };
  assert.equal((await report(told)).status, 403, "a report takes a key");
  const made = await report({ ...told, api_key: key });
  const said = await made.text();
  assert.equal(made.status, 201, said);
  const number = JSON.parse(said)[0].service_request_id;
  assert.match(number, /^KC-\d+$/);

  await run("python3", ["-m", "venv", path.join(folder, "venv")]);
  const python = path.join(folder, "venv/bin/python");
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", CLIENT]);
  const script = path.join(folder, "read.py");
  await writeFile(script, SCRIPT);
  const { stdout } = await run(python, [script, `${demo.web}/open311/v2`, JURISDICTION, number]);
  assert.doesNotMatch(stdout, /Rita|Hemlig|rita@example|surrar/, "nothing personal comes out");
  const { json, xml } = JSON.parse(stdout);

  const codes = json.services.map((one) => one.service_code);
  assert.deepEqual(xml.services.map((one) => one.service_code), codes, "both formats say the same");
  assert.ok(codes.includes("lys") && !codes.includes("oro") && !codes.includes("ekb"), `${codes}`);
  assert.equal(json.definition.service_code, codes[0]);
  assert.equal(xml.definition.service_code, codes[0]);
  const one = [json.request].flat()[0];
  assert.equal(one.service_request_id, number);
  assert.equal(one.status, "open");
  assert.equal(one.lat, 58.75);
  assert.equal(one.address, "Ångbåtsgatan 7");
  assert.match(one.requested_datetime, /^2026-11-03T\d\d:\d\d:\d\d\+01:00$/);
  assert.ok(json.requests.some((request) => request.service_request_id === number));
  const requests = [xml.requests].flat();
  assert.ok(requests.some((request) => request.service_request_id === number), "in XML as well");
});
