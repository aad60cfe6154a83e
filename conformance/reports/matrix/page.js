
// The matrix of a page: everything that is shown is made of text nodes, as it comes from traces.
(() => {
  const {columns, recordings, programs, rules, title, command, messageOf, evidence, isIn, cellOf, says, inWords, haystack} = matrix;
  const SIGNS = {conforms: "✓", departs: "✗", faults: "△", undecided: "?", unsupported: "–"};

  // What is shown: the filters, which are the fragment of the address.
  const EMPTY = {q: "", id: "", area: "", rows: "all", differ: "", columns: "", cell: ""};
  let shown = {...EMPTY};

  function write(changes) {
    Object.assign(shown, changes);
    keepInAddress(shown, EMPTY);
  }

  function chosenColumns() {
    const named = new Set(shown.columns ? shown.columns.split(",") : columns.map(title));
    const chosen = columns.map((_, place) => place).filter(place => named.has(title(columns[place])));
    return chosen.length ? chosen : columns.map((_, place) => place);
  }

  function isShown(row, cells) {
    if (shown.rows !== "all" && shown.rows !== `${row.kind}s`) return false;
    if (row.kind === "program" && !isIn(shown.area, row.name)) return false;
    if (row.kind === "rule" && shown.area && !cells.some(cell => cell.count)) return false;
    if (shown.id && !(row.kind === "rule" ? row.id === shown.id
      : cells.some(cell => cell.sightings.some(one => one.id === shown.id)))) return false;
    if (shown.differ && new Set(cells.map(says)).size < 2) return false;
    return shown.q.toLowerCase().split(/\s+/).every(word => haystack(row).includes(word));
  }

  // The table.
  const table = byId("matrix");

  function head(chosen) {
    const groups = [];
    for (const place of chosen) {
      const last = groups.at(-1);
      if (last && last.stack === columns[place].stack) last.size += 1;
      else groups.push({stack: columns[place].stack, size: 1});
    }
    const first = make("tr", {}, make("th", {class: "corner", rowspan: 2, scope: "col"}, "rule or program"));
    first.append(...groups.map(one => make("th", {colspan: one.size, scope: "colgroup"}, one.stack)));
    const second = make("tr");
    for (const place of chosen) {
      const column = columns[place];
      const counted = `${column.recorded} programs: ${column.conforms} conform, ${column.departs} depart, ` +
        `${column.undecided} undecided`;
      const where = column.platforms.length ? `; ${column.platforms.join("; ")}` : "";
      second.append(make("th", {scope: "col", title: `${title(column)}; ${counted}${where}`}, column.short || "?"));
    }
    table.tHead.replaceChildren(first, second);
  }

  function cellElement(row, cell, place) {
    const number = cell.count ? ` ${cell.count}` : "";
    const button = make("button", {
      type: "button", tabindex: -1, "data-row": row.key, "data-column": place,
      "aria-label": `${row.name ?? row.id}, ${title(columns[place])}: ${inWords(row, cell)}`,
      title: `${title(columns[place])}: ${inWords(row, cell)}`,
    }, `${SIGNS[cell.status]}${number}${cell.unknown ? " !" : ""}`);
    return make("td", {class: cell.status}, button);
  }

  function rowElement(row, cells, chosen) {
    const name = row.kind === "rule" ? row.id : row.name || "(no program)";
    const about = row.kind === "rule" ? row.title : row.about;
    const label = make("th", {scope: "row"}, make("span", {class: "name"}, name), make("span", {class: "faint"}, about));
    return make("tr", {}, label, ...chosen.map((place, at) => cellElement(row, cells[at], place)));
  }

  function* grouped() {
    yield ["Departures, by rule", rules.filter(one => one.status === "departs")];
    yield ["Faults: the doing of a program or of the network, not the stack's", rules.filter(one => one.status === "faults")];
    const areas = [...new Set(programs.map(one => one.area))].sort();
    for (const area of areas) yield [`Programs: ${area || "other"}`, programs.filter(one => one.area === area)];
  }

  function draw() {
    const chosen = chosenColumns();
    head(chosen);
    for (const body of [...table.tBodies]) body.remove();
    let count = 0;
    for (const [name, rows] of grouped()) {
      const told = rows.map(row => [row, chosen.map(place => cellOf(row, place, shown.area))])
        .filter(([row, cells]) => isShown(row, cells));
      if (!told.length) continue;
      count += told.length;
      const heading = make("th", {scope: "rowgroup", colspan: chosen.length + 1}, make("span", {}, name));
      table.append(make("tbody", {}, make("tr", {}, heading),
        ...told.map(([row, cells]) => rowElement(row, cells, chosen))));
    }
    table.querySelector("td button")?.setAttribute("tabindex", "0");
    byId("count").textContent =
      `${count} of ${rules.length + programs.length} rows, ${chosen.length} of ${columns.length} columns`;
    byId("chosen").textContent = `(${chosen.length} of ${columns.length})`;
  }

  // The evidence of a cell.
  function linesTable(lines, line) {
    const rows = lines.map(one => make("tr", {class: one.at === 0 ? "here" : null},
      make("th", {scope: "row"}, `${one.at === 0 ? "▶ " : ""}${line + one.at}`),
      make("td", {}, one.peer), make("td", {}, one.observed)));
    return make("table", {class: "lines", "aria-label": "lines of the trace; the arrow marks the finding"},
      make("tbody", {}, ...rows));
  }

  function knownElement(known) {
    if (known === null) return make("p", {}, "Nothing expects it.");
    const row = make("p", {class: "faint"}, `${known.file}, number ${known.number}`);
    if (known.confirmed) row.append(`; shown in the plain stack by confirmations/${known.confirmed}`);
    if (known.link) row.append("; reported: ", link(known.link));
    return make("div", {}, make("p", {}, `Known: ${known.reason}`), row);
  }

  function sightingBody(one) {
    const told = evidence(one.evidence);
    const kind = data.kinds[told.id];
    const rule = [told.refusedBy ? `${told.refusedBy}: ` : "", link(told.url)];
    return [
      linesTable(told.lines.length ? told.lines : [{at: 0, peer: one.peer, observed: told.observed ?? ""}], one.line),
      described([
        ["read with it", told.read],
        ["the model could be in", told.states],
        ["allowed instead", told.expected],
        ["refused by", make("span", {}, ...rule)],
        ["nearest that is accepted", told.alternative],
        ["rests on", told.restsOn],
        ["what it means", `${kind.title}. ${kind.means}`],
        ["what to do", kind.todo],
        ["follows from", one.after === null ? null : `the finding in line ${one.after}`],
      ]),
      make("code", {class: "command"}, command("replay", one.recording, one.line)),
      make("code", {class: "command"}, command("why", one.recording, one.line)),
    ];
  }

  function sightingElement(one, name, isOpen) {
    const message = messageOf(one);
    const summary = make("summary", {}, `${name}, line ${one.line}, peer ${one.peer}: ${message}`);
    const element = make("details", {class: "sighting"}, summary);
    const fill = () => { if (element.open && element.childElementCount === 1) element.append(...sightingBody(one)); };
    element.addEventListener("toggle", fill);
    if (isOpen) { element.open = true; fill(); }
    return element;
  }

  function* sightingsByReason(seen, nameOf) {
    const groups = new Map();
    for (const one of seen) groups.set(one.known, [...(groups.get(one.known) ?? []), one]);
    let first = true;
    for (const [known, members] of groups) {
      yield knownElement(known);
      for (const one of members) { yield sightingElement(one, nameOf(one), first); first = false; }
    }
  }

  function* ruleEvidence(rule, cell) {
    const kind = data.kinds[rule.id];
    yield make("p", {}, `${kind.title}.`);
    yield make("p", {}, "The rule: ", link(rule.url));
    yield* sightingsByReason(cell.sightings, one => one.recording.program || "(no program)");
  }

  function* programEvidence(program, cell) {
    if (program.about) yield make("p", {}, program.about);
    if (cell.lacks) yield make("p", {}, `The stack cannot run it, for want of ${cell.lacks}.`);
    for (const one of cell.recordings) {
      yield make("p", {}, `${one.observations} observations; step by step, the model beside it:`);
      yield make("code", {class: "command"}, command("replay", one, null));
      for (const reason of one.undecided) yield make("p", {}, `Undecided: ${reason}`);
    }
    yield* sightingsByReason(cell.sightings, one => one.id);
  }

  const dialog = byId("evidence");

  function open(row, place) {
    const cell = cellOf(row, place, shown.area);
    byId("evidence-title").textContent = `${row.name ?? row.id}, ${title(columns[place])}`;
    const told = (row.kind === "rule" ? ruleEvidence : programEvidence)(row, cell);
    const status = make("p", {}, make("span", {class: cell.status}, `\u00a0${SIGNS[cell.status]}\u00a0`), ` ${inWords(row, cell)}`);
    byId("evidence-body").replaceChildren(status, ...told);
    write({cell: cellName(row, place)});
    if (!dialog.open) dialog.showModal();
    byId("evidence-title").focus();
  }

  const cellName = (row, place) => `${title(columns[place])}|${row.key}`;

  function named(cell) {
    for (const place of columns.keys()) {
      const row = [...rules, ...programs].find(one => cellName(one, place) === cell);
      if (row) return [row, place];
    }
    return [null, -1];
  }

  function openNamed() {
    const [row, place] = named(shown.cell);
    if (row) open(row, place);
    else if (dialog.open) dialog.close();
  }

  dialog.addEventListener("close", () => {
    const [row, place] = named(shown.cell);
    write({cell: ""});
    const cells = [...table.querySelectorAll("td button")];
    cells.find(one => one.dataset.row === row?.key && Number(one.dataset.column) === place)?.focus();
  });
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  byId("close").addEventListener("click", () => dialog.close());

  table.addEventListener("click", event => {
    const button = event.target.closest("td button");
    if (!button) return;
    const row = [...rules, ...programs].find(one => one.key === button.dataset.row);
    open(row, Number(button.dataset.column));
  });

  // One cell is in the order of the tab key; the arrows move to the others.
  table.addEventListener("focusin", event => {
    const button = event.target.closest("td button");
    if (!button) return;
    for (const one of table.querySelectorAll('td button[tabindex="0"]')) one.setAttribute("tabindex", "-1");
    button.setAttribute("tabindex", "0");
  });
  table.addEventListener("keydown", event => {
    const button = event.target.closest("td button");
    if (!button) return;
    const row = button.closest("tr");
    const rows = [...table.querySelectorAll("tbody tr")].filter(one => one.querySelector("td"));
    const [down, across, last] = [rows.indexOf(row), button.closest("td").cellIndex, row.cells.length - 1];
    const moves = {
      ArrowUp: [down - 1, across], ArrowDown: [down + 1, across], ArrowLeft: [down, across - 1],
      ArrowRight: [down, across + 1], Home: [event.ctrlKey ? 0 : down, 1],
      End: [event.ctrlKey ? rows.length - 1 : down, last], PageUp: [Math.max(0, down - 15), across],
      PageDown: [Math.min(rows.length - 1, down + 15), across],
    };
    const [toRow, toCell] = moves[event.key] ?? [];
    const target = rows[toRow]?.cells[toCell]?.querySelector("button");
    if (event.key in moves) event.preventDefault();
    target?.focus();
    target?.scrollIntoView({block: "nearest", inline: "nearest"});
  });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !dialog.open) {
      event.preventDefault();
      byId("q").focus();
    }
  });

  // The filters.
  function fillFilters() {
    const ids = Object.keys(data.kinds).filter(id => rules.some(one => one.id === id));
    byId("id").append(...ids.map(id => make("option", {value: id}, `${id}: ${data.kinds[id].title}`)));
    const areas = [...new Set(programs.map(one => one.area))].filter(Boolean).sort();
    byId("area").append(...areas.map(area => make("option", {value: area}, area)));
    for (const stack of new Set(columns.map(one => one.stack))) {
      const ours = columns.filter(one => one.stack === stack);
      const all = make("input", {type: "checkbox", "data-stack": stack});
      const group = make("fieldset", {}, make("legend", {}, make("label", {class: "check"}, all, stack)));
      if (ours.length > 1) {
        group.append(...ours.map(one => make("label", {class: "check"},
          make("input", {type: "checkbox", "data-column": title(one)}), one.short || "?")));
      } else all.setAttribute("data-column", title(ours[0]));
      byId("columns").append(group);
    }
  }

  function showFilters() {
    for (const name of ["q", "id", "area", "rows"]) if (byId(name).value !== shown[name]) byId(name).value = shown[name];
    byId("differ").checked = shown.differ !== "";
    const chosen = new Set(chosenColumns().map(place => title(columns[place])));
    for (const box of byId("columns").querySelectorAll("input[data-column]")) box.checked = chosen.has(box.dataset.column);
    for (const box of byId("columns").querySelectorAll("input[data-stack]:not([data-column])")) {
      const ours = columns.filter(one => one.stack === box.dataset.stack).map(title);
      box.checked = ours.some(one => chosen.has(one));
      box.indeterminate = box.checked && !ours.every(one => chosen.has(one));
    }
    if (shown.columns) byId("stacks").open = true;
  }

  function filter(changes) {
    write(changes);
    showFilters();
    draw();
  }

  function toggled(box) {
    const chosen = new Set(chosenColumns().map(place => title(columns[place])));
    const names = box.dataset.column ? [box.dataset.column]
      : columns.filter(one => one.stack === box.dataset.stack).map(title);
    for (const name of names) if (box.checked) chosen.add(name); else chosen.delete(name);
    const all = columns.map(title).filter(name => chosen.has(name));
    filter({columns: all.length === columns.length ? "" : all.join(",")});
  }

  byId("filters").addEventListener("submit", event => event.preventDefault());
  byId("filters").addEventListener("reset", event => { event.preventDefault(); filter({...EMPTY}); });
  byId("q").addEventListener("input", event => filter({q: event.target.value}));
  for (const name of ["id", "area", "rows"]) {
    byId(name).addEventListener("change", event => filter({[name]: event.target.value}));
  }
  byId("differ").addEventListener("change", event => filter({differ: event.target.checked ? "1" : ""}));
  byId("columns").addEventListener("change", event => toggled(event.target));

  // What does not change.
  function fillRest() {
    byId("summary").textContent = `${recordings.length} recordings of ${columns.length} versions of stacks, ` +
      `judged against the model of webrtc-pc ${data.revision.slice(0, 12)}.`;
    const legend = document.querySelector("#legend dl");
    for (const [status, meaning] of Object.entries(data.meanings)) {
      legend.append(make("dt", {class: status}, SIGNS[status]), make("dd", {}, `${status}: ${meaning}`));
    }
    legend.append(make("dt", {}, "12"), make("dd", {}, "of a rule: in how many programs; of a program: how many kinds of departures"));
    legend.append(make("dt", {}, "!"), make("dd", {}, "some of it is not among the expectations"));
    byId("assumptions").append(...data.assumptions.map(one => make("li", {}, one)));
    byId("unreadable").hidden = !data.unreadable.length;
    byId("unreadable").querySelector("ul").append(...data.unreadable.map(one => make("li", {}, one)));
  }

  function begin() {
    shown = filtersInAddress(EMPTY);
    showFilters();
    draw();
    openNamed();
  }

  fillFilters();
  fillRest();
  window.addEventListener("hashchange", begin);
  begin();
})();
