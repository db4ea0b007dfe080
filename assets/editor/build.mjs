// Makes the bundle of the editor, with the licences of what is in it and a list that says what it is made of.
// `node build.mjs` writes, `node build.mjs --check` compares what is written with what would be.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "../vendor");
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The digest of all that the bundle is made of: the names and contents of the files, in order. */
function source() {
  const files = ["build.mjs", "package-lock.json", "package.json", ...readdirSync(join(here, "src")).map((f) => `src/${f}`)];
  const said = files.sort().map((file) => `${file} ${digest(readFileSync(join(here, file)))}\n`);
  return digest(said.join(""));
}

/** The packages that are in the bundle, or would be, with their licences. */
function packages() {
  const lock = JSON.parse(readFileSync(join(here, "package-lock.json")));
  const listed = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && !entry.dev);
  return listed.map(([path, entry]) => {
    const text = readFileSync(join(here, path, "LICENSE"), "utf8").trim().replaceAll("\r", "");
    return { name: path.replace("node_modules/", ""), version: entry.version, licence: entry.license, integrity: entry.integrity, text };
  });
}

/** Says each licence once, after the packages that come under it. */
function licences(all) {
  const texts = new Map();
  for (const one of all) texts.set(one.text, [...(texts.get(one.text) ?? []), `${one.name} ${one.version}`]);
  return [...texts].map(([text, names]) => `${names.join(", ")}:\n\n${text}\n`).join("\n---\n\n");
}

function manifest(all, bundle) {
  const { devDependencies } = JSON.parse(readFileSync(join(here, "package.json")));
  const head = [
    "# What editor.js is made of; written by assets/editor/build.mjs on Linux, x86-64.",
    `file = "editor.js"`,
    `sha256 = "${digest(bundle)}"`,
    `source_sha256 = "${source()}"`,
    `built_with = "esbuild ${devDependencies.esbuild}"`,
    "",
  ];
  const parts = all.flatMap((one) => [
    "[[package]]",
    `name = "${one.name}"`,
    `version = "${one.version}"`,
    `licence = "${one.licence}"`,
    `integrity = "${one.integrity}"`,
    "",
  ]);
  return [...head, ...parts].join("\n").trimEnd() + "\n";
}

const all = packages();
const said = licences(all);
const made = await build({
  entryPoints: [join(here, "src/main.js")],
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: `/*!\n${said.replaceAll("*/", "* /")}*/` },
  write: false,
});
const bundle = Buffer.from(made.outputFiles[0].contents);
const files = { "editor.js": bundle, "MANIFEST.toml": manifest(all, bundle), "LICENSES.txt": said };
mkdirSync(vendor, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  const path = join(vendor, name);
  if (!process.argv.includes("--check")) writeFileSync(path, content);
  else if (!readFileSync(path).equals(Buffer.from(content))) {
    console.error(`assets/vendor/${name} is not what assets/editor makes: node build.mjs`);
    process.exitCode = 1;
  }
}
console.log(`editor.js: ${bundle.length} bytes, gzip ${gzipSync(bundle, { level: 9 }).length}, brotli ${brotliCompressSync(bundle).length}`);
