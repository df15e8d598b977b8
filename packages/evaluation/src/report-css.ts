/** Style of report pages; colours follow the reader's light or dark setting. */
export const reportCss = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --line: #d9dee5; --paper: #ffffff; --panel: #f5f7fa; --pass: #1a7f4b; --warn: #9a6700; --hold: #9a6700; --fail: #c0362c; --accent: #2f6fde; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa7b6; --line: #323b47; --paper: #14181e; --panel: #1c222b; --pass: #4cc38a; --warn: #e0a93b; --hold: #e0a93b; --fail: #ff7b72; --accent: #7aa7ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
p { margin: .4rem 0; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: .15rem .8rem; border-radius: 999px; font-weight: 600; color: var(--paper); background: var(--soft); }
.badge.ship { background: var(--pass); } .badge.hold { background: var(--hold); } .badge.fail { background: var(--fail); }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { background: var(--panel); font-weight: 600; white-space: nowrap; }
td.number { text-align: right; }
td.outcome { font-weight: 600; } td.pass { color: var(--pass); } td.warn { color: var(--warn); } td.hold { color: var(--hold); } td.fail { color: var(--fail); }
figure { margin: 1.25rem 0; padding: 1rem; background: var(--panel); border-radius: .5rem; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .9em; }
`;
