// Starts Lots as its users start it, on free ports, in a folder of its own.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = process.env.BINARY ?? path.join(root, "target/debug/lots");
const START_MS_MAX = 60_000;

/** Waits until `look` gives something, looking every `every_ms`; fails with `what` after `max_ms`. */
export async function eventually(what, look, max_ms = 20_000, every_ms = 50) {
  const end = Date.now() + max_ms;
  let last;
  do {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((go) => setTimeout(go, every_ms));
  } while (Date.now() < end);
  throw new Error(`not within ${max_ms} ms: ${what}${last ? ` (${last.message})` : ""}`);
}

/** A running demo: { web, sip, password, signIns, folder, log(), stop() }. */
export async function startDemo(flags = [], environment = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "lots-e2e-"));
  const ready = path.join(folder, "ready.json");
  const child = spawn(
    binary,
    ["demo", "--folder", folder, "--ready-file", ready, "--web", "127.0.0.1:0", "--sip", "127.0.0.1:0", ...flags],
    { cwd: root, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  let ended = null;
  const exit = new Promise((done) => child.on("exit", (code, signal) => done((ended = { code, signal }))));
  const told = await eventually(
    "the demo is up",
    async () => {
      if (ended) throw new Error(`lots ended with ${JSON.stringify(ended)}:\n${said}`);
      return JSON.parse(await readFile(ready, "utf8"));
    },
    START_MS_MAX,
  ).catch((error) => {
    child.kill("SIGKILL");
    throw new Error(`${error.message}\n${said}`);
  });
  return {
    ...told,
    folder,
    pid: child.pid,
    log: () => said,
    async stop() {
      if (!ended) child.kill("SIGINT");
      const gone = await Promise.race([exit, new Promise((late) => setTimeout(late, 15_000, null))]);
      if (!gone) child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
      return gone;
    },
  };
}

/** Writes `text` to a file in the demo's folder and gives its path. */
export async function put(demo, name, text) {
  const file = path.join(demo.folder, name);
  await writeFile(file, text);
  return file;
}
