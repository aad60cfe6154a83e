// The report of a page: everything that is shown is made of text nodes, as it comes from traces.
(() => {
  const SIGNS = {failed: "✗", expected: "✓", note: "·", undecided: "?", unreadable: "!", passed: "✓", skipped: "–"};
  const WORDS = {failed: "not expected", note: "note"};
  const MOST_SHOWN = 500;

  const text = place => data.strings[place];
  const items = data.items.map((packed, number) => {
    const [id, outcome, file, message, stack, line, facts, flow, known, baseline] = packed;
    return {
      number, id, outcome, file: text(file), message: text(message), stack: text(stack), line, baseline,
      facts: facts.map(([label, kind, values]) => ({label: text(label), kind, values: values.map(text)})),
      flow: flow.map(([at, observed, read]) => ({at, observed: text(observed), read: text(read)})),
      known: known && known.map(text),
    };
  });
  for (const one of items) {
    one.place = one.file + (one.line ? `:${one.line}` : "");
    one.searched = [one.id, one.place, one.message, one.stack, ...(one.known ?? []),
      ...one.facts.flatMap(fact => fact.values)].join("\n").toLowerCase();
  }

  // What is shown: the filters, which are the fragment of the address.
  const EMPTY = {q: "", id: "", outcome: "", at: ""};
  let shown = {...EMPTY};
  let most = MOST_SHOWN;

  function filter(changes) {
    Object.assign(shown, {at: ""}, changes);
    most = MOST_SHOWN;
    keepInAddress(shown, EMPTY);
    draw();
  }

  function chosen() {
    const words = shown.q.toLowerCase().split(/\s+/).filter(Boolean);
    return items.filter(one =>
      (!shown.id || one.id === shown.id) && (!shown.outcome || one.outcome === shown.outcome) &&
      words.every(word => one.searched.includes(word)));
  }

  function chosenUnjudged() {
    if (shown.id || !["", "unjudged"].includes(shown.outcome)) return [];
    const words = shown.q.toLowerCase().split(/\s+/).filter(Boolean);
    return data.unjudged.filter(told => words.every(word => told.join("\n").toLowerCase().includes(word)));
  }

  // One finding: built when it is opened.
  const word = outcome =>
    make("span", {class: `word ${outcome}`}, `${SIGNS[outcome] ?? ""} ${WORDS[outcome] ?? outcome}`);

  function element(one) {
    const baseline = one.baseline ? ` (${one.baseline} since the baseline)` : "";
    const summary = make("summary", {}, word(one.outcome), " ", make("code", {}, one.place), one.place ? " " : "",
      one.message + baseline);
    const details = make("details", {class: `finding ${one.outcome}`, "data-number": one.number}, summary);
    details.addEventListener("toggle", () => fill(details, one));
    return details;
  }

  function fill(details, one) {
    if (details.childElementCount > 1) return;
    const list = make("dl", {});
    for (const fact of one.facts) list.append(make("dt", {}, fact.label), make("dd", {}, ...values(fact)));
    if (one.known) {
      const [reason, place, address] = one.known;
      list.append(make("dt", {}, "Expected, as"), make("dd", {}, reason, place ? `; ${place}` : "",
        ...(address ? [" ", link(address)] : [])));
    }
    const at = `#${fragmentOf({at: `${one.id} ${one.place}`}, EMPTY)}`;
    const here = make("p", {class: "here-link"}, make("a", {href: at}, "Link to this finding"));
    details.append(list, ...(one.flow.length ? [flow(one)] : []), here);
  }

  function values(fact) {
    if (fact.kind === "command") return fact.values.map(one => make("code", {class: "command"}, one));
    if (fact.kind === "url") return fact.values.map(one => link(one));
    if (fact.values.length === 1) return fact.values;
    return [make("ul", {class: "many"}, ...fact.values.map(one => make("li", {}, one)))];
  }

  function flow(one) {
    const rows = one.flow.map(line =>
      make("tr", line.at === one.line ? {class: "here"} : {},
        make("th", {scope: "row"}, line.at === one.line ? `▶ ${line.at}` : `${line.at}`),
        make("td", {}, line.observed), make("td", {}, line.read)));
    return make("table", {class: "flow"}, make("caption", {}, "What led to it (line, observed, what was read where it changed)"),
      make("tbody", {}, ...rows));
  }

  // All of them, by kind.
  function draw() {
    const found = chosen();
    const kinds = grouped(found.slice(0, most));
    const totals = new Map();
    for (const one of found) totals.set(one.id, (totals.get(one.id) ?? 0) + 1);
    const unjudged = chosenUnjudged();
    const sections = [...kinds].map(([id, those]) => kind(id, those, totals.get(id)));
    byId("found").replaceChildren(...sections, ...(unjudged.length ? [unjudgedSection(unjudged)] : []),
      ...(found.length > most ? [moreButton(found.length - most)] : []));
    const left = data.leftOut ? ` ${data.leftOut} more had no room in this page; ${data.more}.` : "";
    const judged = unjudged.length ? `, ${unjudged.length} reasons why something was not judged` : "";
    byId("count").textContent = `${found.length} of ${items.length} findings${judged}.${left}`;
    byId("open").textContent = "Open all";
  }

  function grouped(those) {
    const kinds = new Map();
    for (const one of those) kinds.set(one.id, [...(kinds.get(one.id) ?? []), one]);
    return kinds;
  }

  function kind(id, those, total) {
    const [title, means, todo] = data.kinds[id];
    return make("section", {class: "kind", "aria-label": id},
      make("h2", {}, `${id}: ${title} (${total})`),
      make("p", {}, means), make("p", {}, make("strong", {}, "What to do: "), todo), ...those.map(element));
  }

  function unjudgedSection(told) {
    const rows = told.map(([outcome, place, reason]) =>
      make("li", {}, word(outcome === "failed" ? "undecided" : outcome), " ", make("code", {}, place), " ", reason));
    const left = data.unjudgedLeftOut ? [make("p", {}, `${data.unjudgedLeftOut} more; ${data.more}.`)] : [];
    return make("section", {class: "kind unjudged", "aria-label": "Not judged"},
      make("h2", {}, `Not judged to the end (${told.length})`), make("ul", {class: "many"}, ...rows), ...left);
  }

  function moreButton(left) {
    const button = make("button", {type: "button", class: "more"}, `Show ${Math.min(left, MOST_SHOWN)} more of ${left}`);
    button.addEventListener("click", () => { most += MOST_SHOWN; draw(); });
    return button;
  }

  // What does not change.
  function fillRest() {
    document.title = `${data.title}: ${data.conclusion}`;
    byId("title").textContent = data.title;
    const outcome = data.passed ? "passed" : "failed";
    byId("conclusion").append(
      make("strong", {class: data.passed ? "conforms" : "departs"}, `${SIGNS[outcome]} ${data.conclusion}`),
      ` exit code ${data.exitCode}`);
    byId("summary").textContent = data.summary;
    byId("counts").append(table());
    for (const id of [...new Set(items.map(one => one.id))].sort()) byId("id").append(make("option", {value: id}, id));
    byId("sections").append(...data.sections.map(([title, told]) =>
      make("details", {}, make("summary", {}, `${title} (${told.length})`),
        make("ul", {class: "many"}, ...told.map(one => make("li", {}, one))))));
    byId("about").textContent = `negotiation ${data.version}, judged by the model of webrtc-pc ${data.revision.slice(0, 12)}. ` +
      "This page loads nothing.";
  }

  function table() {
    const columns = Object.keys(data.outcomes).filter(one => data.counted[one]);
    const cell = (counts, one) => make("td", counts[one] ? {class: "some"} : {}, String(counts[one] ?? 0));
    const head = columns.map(one => make("th", {scope: "col", title: data.outcomes[one]}, word(one)));
    const rows = data.groups.map(([group, counts]) =>
      make("tr", {}, make("th", {scope: "row"}, group), ...columns.map(one => cell(counts, one))));
    const all = make("tr", {}, make("th", {scope: "row"}, "all"), ...columns.map(one => cell(data.counted, one)));
    const many = rows.length > 12;
    const body = make("tbody", {}, ...(many ? [] : rows), ...(rows.length > 1 || many ? [all] : []));
    const whole = make("table", {}, make("thead", {}, make("tr", {}, make("th", {scope: "col"}, data.things), ...head)), body);
    if (!many) return whole;
    const rest = make("table", {}, make("tbody", {}, ...rows));
    return make("div", {}, whole, make("details", {}, make("summary", {}, `${rows.length} groups`), rest));
  }

  function begin() {
    shown = filtersInAddress(EMPTY);
    for (const name of ["q", "id", "outcome"]) byId(name).value = shown[name];
    if (shown.at) most = items.length;
    draw();
    const one = items.find(each => `${each.id} ${each.place}` === shown.at);
    if (!one) return;
    const details = document.querySelector(`[data-number="${one.number}"]`);
    if (!details) return;
    details.open = true;
    fill(details, one);
    details.querySelector("summary").focus();
    details.scrollIntoView({block: "center"});
  }

  const openAll = opened => {
    for (const one of document.querySelectorAll("details.finding")) {
      one.open = opened;
      if (opened) fill(one, items[Number(one.dataset.number)]);
    }
  };

  function move(step) {
    const all = [...document.querySelectorAll("details.finding > summary")];
    const now = all.indexOf(document.activeElement.closest("details.finding")?.querySelector("summary"));
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
    all[next]?.focus();
  }

  document.addEventListener("keydown", event => {
    const writing = event.target.closest?.("input, select");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (writing) {
      if (event.key === "Escape" && event.target === byId("q")) filter({q: event.target.value = ""});
      return;
    }
    if (event.key === "/") { event.preventDefault(); byId("q").focus(); }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });
  byId("filters").addEventListener("submit", event => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(() => filter({...EMPTY})));
  byId("q").addEventListener("input", event => filter({q: event.target.value}));
  for (const name of ["id", "outcome"]) byId(name).addEventListener("change", event => filter({[name]: event.target.value}));
  byId("open").addEventListener("click", event => {
    const opened = event.target.textContent === "Open all";
    openAll(opened);
    event.target.textContent = opened ? "Close all" : "Open all";
  });

  // Printed, everything that is shown is told in full.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    openAll(true);
    for (const one of closed) one.open = true;
  });
  window.addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  fillRest();
  window.addEventListener("hashchange", begin);
  begin();
})();
