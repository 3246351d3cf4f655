#!/usr/bin/env node
// Runs the binary of this platform's package. Nothing is downloaded: npm
// installs the one package in `optionalDependencies` whose `os` and `cpu` fit.
"use strict";
const { spawnSync } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "regate.exe" : "regate";
let binary;
try {
  binary = require.resolve(`@regate/${platform}/bin/${file}`);
} catch {
  console.error(`error: there is no @regate/${platform}; is it left out by --omit=optional?`);
  process.exit(2);
}
const run = spawnSync(binary, process.argv.slice(2), { stdio: "inherit" });
if (run.error) {
  console.error(`error: ${binary} can't be run: ${run.error.message}`);
  process.exit(2);
}
// Ended by a signal: no verdict, so neither pass nor fail.
process.exit(run.status === null ? 2 : run.status);
