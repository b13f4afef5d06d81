// Bundles what the browser gets into web/dist, which the `web` crate embeds. Names are stable (main.js, telephone.js,
// main.css, and site.js, site.css, embed.js for the public questions and answers): the server adds the content's hash to the address, so a browser never keeps an old file.
import { context, build } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");
const LICENCES = "licences.txt";
const watch = process.argv.includes("--watch");

/** @type {import("esbuild").BuildOptions} */
const options = {
  absWorkingDir: here,
  entryPoints: [
    { in: "src/main.ts", out: "main" },
    { in: "src/telephone.ts", out: "telephone" },
    { in: "styles/main.css", out: "main" },
    { in: "src/site.ts", out: "site" },
    { in: "src/embed.ts", out: "embed" },
    { in: "styles/site.css", out: "site" },
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

/** Writes out the licences of the packages that went into the bundles, as most of them ask for. */
async function writeLicences(inputs) {
  const packages = new Set(inputs.flatMap((path) => path.match(/^node_modules\/(@[^/]+\/[^/]+|[^/]+)/)?.[1] ?? []));
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : "";
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  await writeFile(join(out, LICENCES), texts.join(`\n${"-".repeat(80)}\n\n`));
}

await mkdir(out, { recursive: true });
if (watch) {
  await (await context(options)).watch();
} else {
  const result = await build(options);
  await sweep([...Object.keys(result.metafile.outputs), join("dist", LICENCES)]);
  await writeLicences(Object.keys(result.metafile.inputs));
}
