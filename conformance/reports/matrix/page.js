// The matrix of a page: everything that is shown is made of text nodes, as it comes from traces.
(() => {
  const text = place => place < 0 ? null : data.strings[place];
  const texts = places => places.map(text);

  const SIGNS = {conforms: "✓", departs: "✗", faults: "△", undecided: "?", unsupported: "–"};

  // What the data says, unpacked.
  const columns = data.columns;
  const recordings = data.recordings.map(([program, observations, undecided, folder, name, after]) => ({
    program: text(program), observations, undecided: texts(undecided), after: text(after),
    before: text(folder) + text(name),
  }));
  const sightings = data.sightings.map(([evidence, recording, column, line, peer, known, after]) => ({
    evidence, recording: recordings[recording], column, line, peer: text(peer),
    known: known < 0 ? null : data.known[known], after: after || null, id: text(data.evidence[evidence][0]),
  }));
  const programs = data.programs.map(({name, area, about, cells}) => ({
    kind: "program", key: `program ${name}`, name, area, about,
    cells: cells.map(([status, judged, seen, made, lacks, hidden]) => ({
      status: data.statuses[status], judged, lacks, hidden: data.hidden[hidden], sightings: seen.map(one => sightings[one]),
      recordings: made.map(one => recordings[one]),
    })),
  }));
  const programNamed = new Map(programs.map(one => [one.name, one]));
  const rules = data.rules.map(({sightings: seen, ...rule}) => ({
    ...rule, kind: "rule", key: `rule ${rule.id} ${rule.anchor}`, sightings: seen.map(one => sightings[one]),
  }));
  const command = (name, recording, line) =>
    `negotiation ${name} ${recording.before}${line === null ? "" : `:${line}`}${recording.after}`;

  function evidence(place) {
    const [id, url, message, observed, read, lines, states, expected, refusedBy, alternative, restsOn] =
      data.evidence[place];
    const near = [];
    for (let at = 0; at < lines.length; at += 3) {
      near.push({at: lines[at], peer: text(lines[at + 1]), observed: text(lines[at + 2])});
    }
    return {
      id: text(id), url: text(url), message: text(message), observed: text(observed), read: text(read), lines: near,
      states: texts(states), expected: texts(expected), refusedBy: text(refusedBy), alternative: text(alternative),
      restsOn: texts(restsOn),
    };
  }

  // What is shown: the filters, which are the fragment of the address.
  const EMPTY = {q: "", id: "", area: "", rows: "all", differ: "", columns: "", cell: ""};
  let shown = {...EMPTY};
  const title = column => `${column.stack} ${column.version}`.trim();

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    shown = {...EMPTY};
    for (const name of Object.keys(EMPTY)) shown[name] = given.get(name) ?? EMPTY[name];
  }

  function write(changes) {
    Object.assign(shown, changes);
    const told = new URLSearchParams();
    for (const [name, value] of Object.entries(shown)) if (value !== EMPTY[name]) told.set(name, value);
    const hash = told.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  function chosenColumns() {
    const named = new Set(shown.columns ? shown.columns.split(",") : columns.map(title));
    const chosen = columns.map((_, place) => place).filter(place => named.has(title(columns[place])));
    return chosen.length ? chosen : columns.map((_, place) => place);
  }

  // The cells.
  const inArea = program => !shown.area || programNamed.get(program).area === shown.area;

  // As surveying.py: it conforms only if a program that shows the departure elsewhere was judged, where it can be seen.
  function ruleCell(rule, place) {
    const all = rule.sightings.filter(one => inArea(one.recording.program));
    const seen = all.filter(one => one.column === place);
    const count = list => new Set(list.map(one => one.recording.program)).size;
    const tried = [...new Set(all.map(one => one.recording.program))]
      .map(name => programNamed.get(name).cells[place]).filter(cell => cell.status !== "unsupported" && !cell.hidden.includes(rule.id));
    const judged = tried.filter(cell => cell.judged).length;
    const otherwise = judged ? "conforms" : tried.length ? "undecided" : "unsupported";
    return {
      status: seen.length ? rule.status : otherwise, count: count(seen), judged,
      unknown: count(seen.filter(one => one.known === null)), ids: seen.length ? [rule.id] : [], sightings: seen,
    };
  }

  function programCell(program, place) {
    const cell = program.cells[place];
    const departures = cell.sightings.filter(one => data.kinds[one.id].class === "departure");
    const unknown = cell.sightings.filter(one => one.known === null);
    return {
      ...cell, count: new Set(departures.map(one => one.id)).size, unknown: unknown.length,
      ids: [...new Set(departures.map(one => one.id))],
    };
  }

  const cellOf = (row, place) => (row.kind === "rule" ? ruleCell : programCell)(row, place);
  const says = cell => JSON.stringify([cell.status, [...cell.ids].sort(), cell.count, cell.unknown > 0]);

  function inWords(row, cell) {
    const found = cell.status === "departs" || cell.status === "faults";
    const known = !cell.unknown ? "all known" : `${cell.unknown} not expected`;
    if (row.kind === "rule" && found) {
      return `${cell.status} in ${cell.count} program${cell.count === 1 ? "" : "s"} of ${cell.judged} judged, ${known}`;
    }
    if (row.kind === "rule" && cell.status === "conforms") {
      return `conforms in the ${cell.judged} programs that show it elsewhere`;
    }
    return found ? `departs (${cell.ids.join(", ")}), ${known}` : `${cell.status}: ${data.meanings[cell.status]}`;
  }

  const haystacks = new Map();
  function haystack(row) {
    if (!haystacks.has(row)) {
      const seen = row.kind === "rule" ? row.sightings : row.cells.flatMap(cell => cell.sightings);
      const told = seen.flatMap(one =>
        [one.id, one.recording.program, text(data.evidence[one.evidence][2]), one.known ? one.known.reason : ""]);
      const own = row.kind === "rule" ? [row.id, row.title, row.anchor] : [row.name, row.area, row.about];
      haystacks.set(row, [...own, ...new Set(told)].join("\n").toLowerCase());
    }
    return haystacks.get(row);
  }

  function isShown(row, cells) {
    if (shown.rows !== "all" && shown.rows !== `${row.kind}s`) return false;
    if (row.kind === "program" && !inArea(row.name)) return false;
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
      const told = rows.map(row => [row, chosen.map(place => cellOf(row, place))])
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
  function described(pairs) {
    const list = make("dl");
    for (const [name, value] of pairs) {
      const empty = value === null || value === "" || (Array.isArray(value) && !value.length);
      if (empty) continue;
      const told = Array.isArray(value) && value.length > 1
        ? make("ul", {}, ...value.map(one => make("li", {}, one))) : Array.isArray(value) ? value[0] : value;
      list.append(make("dt", {}, name), make("dd", {}, told));
    }
    return list;
  }

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
    const message = text(data.evidence[one.evidence][2]);
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
    const cell = cellOf(row, place);
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
    read();
    showFilters();
    draw();
    openNamed();
  }

  fillFilters();
  fillRest();
  window.addEventListener("hashchange", begin);
  begin();
})();
