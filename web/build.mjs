// Bundles what the browser gets into web/dist, which the `web` crate embeds. Names are stable (main.js, telephone.js,
// main.css): the server adds the content's hash to the address, so a browser never keeps an old file.
import { context, build } from "esbuild";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");
const watch = process.argv.includes("--watch");

/** @type {import("esbuild").BuildOptions} */
const options = {
  absWorkingDir: here,
  entryPoints: [
    { in: "src/main.ts", out: "main" },
    { in: "src/telephone.ts", out: "telephone" },
    { in: "styles/main.css", out: "main" },
  ],
  outdir: out,
  bundle: true,
  format: "iife",
  target: ["es2022", "chrome115", "firefox115", "safari16.4"],
  minify: !watch,
  sourcemap: "linked",
  legalComments: "linked",
  loader: { ".svg": "file", ".woff2": "file", ".png": "file" },
  assetNames: "[name]-[hash]",
  metafile: true,
  logLevel: "info",
};
/** Removes what an earlier build left and this one did not make. */
async function sweep(outputs) {
  const made = new Set(outputs.map((path) => relative(out, join(here, path))));
  for (const name of await readdir(out)) {
    if (!made.has(name)) await rm(join(out, name), { recursive: true });
  }
}

await mkdir(out, { recursive: true });
if (watch) {
  await (await context(options)).watch();
} else {
  const result = await build(options);
  await sweep(Object.keys(result.metafile.outputs));
}
