// SPDX-License-Identifier: Apache-2.0
// The table of SAs, kept up to date. Whatever comes from the service is shown as text, never as markup.
"use strict";

const intervalMs = 2000;
const mostRows = 500;
// Those that need looking at come first.
const order = ["down", "lost", "suspect", "init", "admin-down", "unwatched", "up"];

const byId = (id) => document.getElementById(id);
const stateOf = (sa) => (sa.liveness ? sa.liveness.state : "unwatched");
const hex = (spi) => "0x" + spi.toString(16).padStart(8, "0");
const nameOf = (sa) => (sa.card ? sa.card + ": " : "") + sa.name;
const counted = (value) => (value === undefined ? "-" : String(value));

function time(ns) {
  if (ns === undefined || ns === null) return "-";
  const [divisor, unit] = ns < 1e6 ? [1e3, "us"] : ns < 1e9 ? [1e6, "ms"] : [1e9, "s"];
  return (ns / divisor).toFixed(ns < 60e9 ? 1 : 0) + " " + unit;
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function row(sa) {
  const state = stateOf(sa);
  const live = sa.liveness || {};
  const probe = sa.probe || {};
  const because = live.fault ? live.reason + "; not probed: " + live.fault : live.reason || "";
  const made = document.createElement("tr");
  made.append(element("th", nameOf(sa)), element("td", hex(sa.spi_in)), element("td", sa.peer), element("td", state, state),
    element("td", because), element("td", time(probe.heard_ns), "number"), element("td", time(probe.rtt_ns), "number"),
    element("td", counted(probe.probes), "number"), element("td", counted(probe.replies), "number"),
    element("td", counted(live.changes), "number"));
  made.firstChild.scope = "row";
  return made;
}

function showCounts(sas) {
  const counts = new Map(order.map((state) => [state, 0]));
  for (const sa of sas) counts.set(stateOf(sa), counts.get(stateOf(sa)) + 1);
  const shown = [...counts].filter(([, count]) => count > 0);
  byId("counts").replaceChildren(...shown.map(([state, count]) => element("li", count + " " + state, state)));
  const bad = counts.get("down") + counts.get("lost");
  document.title = (bad > 0 ? bad + " down - " : "") + "sapulse";
}

let last = null;

function show() {
  if (last === null) return;
  const wanted = byId("filter").value.toLowerCase();
  const matches = (sa) => [nameOf(sa), hex(sa.spi_in), sa.peer, stateOf(sa)].some((text) => text.toLowerCase().includes(wanted));
  const rank = (sa) => order.indexOf(stateOf(sa));
  const found = last.sas.filter(matches).sort((a, b) => rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b)) || a.spi_in - b.spi_in);
  byId("card").textContent = last.cards.map((card) => (card.card ? card.card + ": " : "") + card.device).join(", ");
  showCounts(last.sas);
  byId("sas").replaceChildren(...found.slice(0, mostRows).map(row));
  byId("more").textContent = found.length > mostRows ? (found.length - mostRows) + " more: use the filter" : "";
}

async function refresh() {
  try {
    const answer = await fetch("sas.json", {signal: AbortSignal.timeout(10000)});
    if (!answer.ok) throw new Error("status " + answer.status);
    last = await answer.json();
    byId("trouble").textContent = "";
    show();
  } catch (error) {
    byId("trouble").textContent = "The service does not answer: " + error.message;
  }
  setTimeout(refresh, intervalMs);
}

byId("filter").addEventListener("input", show);
refresh();
