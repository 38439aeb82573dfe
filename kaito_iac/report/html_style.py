"""Style and script of the HTML page: light and dark, phone to paper."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--back:#fff;--card:#f6f8fa;--line:#d0d7de;--good:#116329;--bad:#a40e26;
--doubt:#7d4e00;--bar:#0969da}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--back:#0d1117;--card:#161b22;--line:#30363d;--good:#3fb950;
--bad:#ff7b72;--doubt:#d29922;--bar:#58a6ff}}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back)}
main{max-width:1100px;margin:0 auto;padding:16px}h1{font-size:1.5rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin-top:2rem;
border-bottom:1px solid var(--line);overflow-wrap:anywhere}h3{font-size:1rem;margin:1.2rem 0 .3rem}
.verdict{font-size:.8em;padding:2px 8px;border:1px solid currentColor;border-radius:12px}.fits{color:var(--good)}
.refused{color:var(--bad)}
.incomplete{color:var(--doubt)}.cards{display:flex;flex-wrap:wrap;gap:12px}.card{flex:1 1 220px;background:var(--card);
border:1px solid var(--line);border-radius:8px;padding:10px}.card span{display:block;color:var(--soft);font-size:.85em}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:4px 10px;
border-bottom:1px solid var(--line);overflow-wrap:anywhere;min-width:5rem}th{color:var(--soft);font-weight:600}
small{color:var(--soft)}
svg{width:100%;max-width:440px;font-size:12px}svg text{fill:var(--ink)}.bar{fill:var(--bar)}.bar.over{fill:var(--bad)}
svg line{stroke:var(--ink);stroke-dasharray:4 3}figure{margin:.5rem 0}figcaption,footer{color:var(--soft);font-size:.85em}
.filter{display:block;margin-top:12px}
.filter input{width:100%;max-width:320px;padding:6px;border:1px solid var(--line);border-radius:6px;
background:var(--back);color:var(--ink)}:focus-visible{outline:2px solid var(--bar);outline-offset:2px}
summary{cursor:pointer}
.skip{position:absolute;left:-9999px}.skip:focus{left:8px;top:8px;background:var(--back);padding:6px}
@media(max-width:600px){th,td{min-width:9rem}main{padding:12px}}
@media print{.filter,.skip{display:none}details>*{display:block}main{max-width:none}.wide{overflow:visible}
tr{break-inside:avoid}}
"""
SCRIPT: Final = """
const box=document.getElementById('filter');
box.addEventListener('input',()=>{const word=box.value.toLowerCase();
document.querySelectorAll('tbody tr').forEach(row=>{row.hidden=word!==''&&!row.textContent.toLowerCase().includes(word)});
if(word)document.querySelectorAll('details').forEach(one=>{one.open=true})});
addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(one=>{one.open=true}));
"""
