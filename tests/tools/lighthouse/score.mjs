// Scores pages: node score.mjs RUNS ADDRESS… prints as JSON, by address, the scores in hundredths (performance of
// each run), and what kept accessibility, best practices or the last performance from 100.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [runs, ...addresses] = process.argv.slice(2);
const ONCE = ["accessibility", "best-practices"];
const chrome = await launch({
  chromeFlags: [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
const found = {};

// What Lighthouse says of one load. Where the browser lost the trace there is nothing to score, and Lighthouse asks to
// be run again: twice at most.
async function measured(address, onlyCategories) {
  for (let again = 2; ; again -= 1) {
    const { lhr } = await lighthouse(address, {
      port: chrome.port,
      output: "json",
      logLevel: "silent",
      onlyCategories,
    });
    if (!lhr.runtimeError) return lhr;
    console.error(`${address}: ${lhr.runtimeError.message}`);
    if (!again) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  }
}

try {
  for (const address of addresses) {
    const said = (found[address] = { performance: [], missed: [] });
    for (let run = 0; run < Number(runs); run += 1) {
      const lhr = await measured(address, run ? ["performance"] : ["performance", ...ONCE]);
      said.performance.push(Math.round(100 * lhr.categories.performance.score));
      if (!run) {
        for (const name of ONCE) said[name] = Math.round(100 * lhr.categories[name].score);
        for (const { auditRefs } of Object.values(lhr.categories))
          for (const { id, weight } of auditRefs)
            if (weight && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
              said.missed.push(`${id}: ${lhr.audits[id].displayValue ?? lhr.audits[id].title}`);
      }
    }
  }
} finally {
  chrome.kill();
}
console.log(JSON.stringify(found));
