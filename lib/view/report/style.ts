/** The style sheet of the report: one light theme, readable on paper too. */
export const reportStyle = `
:root { --text: #1f2933; --soft: #5f6c7b; --line: #e4e7eb; --face: #f7f8fa; --link: #0b5c94;
  --good: #0a6b4b; --bad: #b3400a; --good-face: #e6f4ee; --bad-face: #fdeee6; --open-face: #eef1f4; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0; color: var(--text); background: #fff; line-height: 1.55;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
a { color: var(--link); }
.layout { display: grid; grid-template-columns: 208px minmax(0, 1fr); max-width: 1480px; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; height: 100vh; padding: 28px 12px 28px 24px; overflow-y: auto;
  border-right: 1px solid var(--line); font-size: 14px; }
nav strong { display: block; margin-bottom: 14px; font-size: 15px; }
nav a { display: block; padding: 5px 10px; margin-left: -10px; border-radius: 5px; color: var(--soft); text-decoration: none; }
nav a:hover { background: var(--face); color: var(--text); }
main { padding: 36px 36px 80px; min-width: 0; }
header h1 { margin: 0 0 6px; font-size: 29px; line-height: 1.2; letter-spacing: -0.01em; }
header .claim { margin: 0 0 16px; color: var(--soft); font-size: 16px; max-width: 60em; }
.chips { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 8px; padding: 0; list-style: none; }
.chips li { padding: 2px 10px; border-radius: 20px; background: var(--face); border: 1px solid var(--line);
  font-size: 13px; color: var(--soft); }
.chips b { color: var(--text); font-weight: 600; }
section { margin-top: 52px; }
h2 { margin: 0 0 6px; font-size: 21px; letter-spacing: -0.005em; }
h3 { margin: 28px 0 4px; font-size: 16px; }
p { max-width: 62em; margin: 6px 0 12px; }
p.lead { color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px; margin: 18px 0 14px; }
.card { padding: 14px 18px; border-radius: 8px; background: var(--open-face); }
.card b { display: block; font-size: 30px; line-height: 1.15; font-variant-numeric: tabular-nums; }
.card.good { background: var(--good-face); color: var(--good); }
.card.bad { background: var(--bad-face); color: var(--bad); }
.note { padding: 10px 16px; border-left: 3px solid #e0a100; background: #fff8e6; border-radius: 0 6px 6px 0; max-width: 62em; }
.scroll { overflow-x: auto; margin: 16px 0; }
table { border-collapse: separate; border-spacing: 0; font-size: 13.5px; font-variant-numeric: tabular-nums; }
caption { padding: 0 4px 4px; text-align: left; font-size: 13.5px; color: var(--soft); }
th, td { padding: 5px 0 5px 14px; text-align: left; white-space: nowrap; vertical-align: baseline; }
th { border-bottom: 1.5px solid #9aa5b1; font-weight: 600; vertical-align: bottom; white-space: normal; }
td { border-bottom: 1px solid var(--line); }
tbody tr:hover td { background: var(--face); }
th.right, td.right { text-align: right; }
td:first-child, th:first-child { position: sticky; left: 0; z-index: 1; padding-left: 4px; background: #fff; }
td.wrap { white-space: normal; min-width: 16em; }
td small { font-size: 11.5px; font-weight: 400; color: var(--soft); }
.stacked td small { display: block; line-height: 1.25; }
tr.group td { padding-top: 14px; font-weight: 600; color: var(--soft); background: #fff; }
[title] { cursor: help; }
.good { color: var(--good); } .bad { color: var(--bad); } .muted { color: var(--soft); } .strong { font-weight: 650; }
.tablenotes { color: var(--soft); font-size: 13px; }
.gallery { margin: 18px 0; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 6px; margin-bottom: 10px; }
.legend button { display: inline-flex; align-items: center; gap: 6px; padding: 2px 9px 2px 6px; border: 1px solid transparent;
  border-radius: 14px; background: none; color: var(--text); font: inherit; font-size: 13px; cursor: pointer; }
.legend button:hover { border-color: var(--line); background: var(--face); }
.legend button[aria-pressed="false"] { opacity: 0.38; text-decoration: line-through; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 20px; }
.figures.lead > :first-child { grid-column: 1 / -1; }
figure { margin: 0; min-width: 0; }
figure.plot { border: 1px solid var(--line); border-radius: 8px; padding: 12px 12px 10px; background: #fff; }
figure h4 { margin: 0 4px; font-size: 14.5px; font-weight: 600; }
figure svg { max-width: 100%; height: auto; }
figcaption { padding: 4px 4px 2px; color: var(--soft); font-size: 13px; }
.strip { margin: 16px 0; } .strip div { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; padding: 6px; }
.strip img { display: block; max-width: none; image-rendering: pixelated; }
.slider { margin: 18px 0; width: max-content; max-width: 100%; }
.slider label { margin-right: 12px; font-size: 13.5px; } .slider select { font: inherit; max-width: 20em; }
.slider .pair { display: grid; width: 448px; max-width: 100%; border: 1px solid var(--line); }
.slider canvas { grid-area: 1 / 1; width: 100%; image-rendering: pixelated; }
.slider input { width: 448px; max-width: 100%; margin: 6px 0 0; }
details.run > summary { font-size: 18px; } details.run { padding: 0 20px; margin: 18px 0; }
details { margin: 12px 0; border: 1px solid var(--line); border-radius: 8px; padding: 0 16px; }
details[open] { padding-bottom: 12px; }
summary { padding: 10px 0; cursor: pointer; font-weight: 600; }
pre, code { font-family: ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; font-size: 13px; }
pre { padding: 12px 16px; border-radius: 8px; background: var(--face); border: 1px solid var(--line); overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 20px; margin: 14px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
li { margin: 4px 0; max-width: 62em; }
footer { margin-top: 60px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
@media (max-width: 900px) { .layout { display: block; } nav { position: static; height: auto; border: 0; padding: 20px 24px 0; }
  nav a { display: inline-block; margin: 0 4px 0 0; } main { padding: 20px 24px 60px; } }
@media print { nav { display: none; } .layout { display: block; } section { break-inside: auto; } figure { break-inside: avoid; } }
`;
